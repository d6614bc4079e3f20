"""The ledger's ports on AWS: DynamoDB for records and traces, KMS for subject keys."""

from followthrough.ledger.dynamodb.agenda import DynamoAgenda
from followthrough.ledger.dynamodb.conversations import DynamoConversations
from followthrough.ledger.dynamodb.keys import KmsKeys
from followthrough.ledger.dynamodb.ledger import DynamoLedger
from followthrough.ledger.dynamodb.subjects import DynamoSubjects

__all__ = ["DynamoAgenda", "DynamoConversations", "DynamoLedger", "DynamoSubjects", "KmsKeys"]
