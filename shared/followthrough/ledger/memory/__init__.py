"""The ledger's ports in memory: for tests, simulations and trying things out. What they hold is sealed all the same."""

from followthrough.ledger.memory.agenda import MemoryAgenda
from followthrough.ledger.memory.conversations import MemoryConversations
from followthrough.ledger.memory.keys import MemoryKeys
from followthrough.ledger.memory.ledger import MemoryLedger
from followthrough.ledger.memory.subjects import MemorySubjects

__all__ = ["MemoryAgenda", "MemoryConversations", "MemoryKeys", "MemoryLedger", "MemorySubjects"]
