"""One DynamoDB table with string keys `pk` and `sk`: keyed reads, and writes that each state what must hold."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from botocore.exceptions import ClientError

from followthrough.errors import Conflict
from followthrough.ledger.codec import Stored
from followthrough.ledger.dynamodb.indexes import Index
from followthrough.ledger.dynamodb.items import from_item, to_attribute, to_item
from followthrough.ledger.jitter import tries

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_Answer = TypeVar("_Answer")
_RACES = frozenset({"TransactionConflictException", "TransactionInProgressException"})
_NAME = re.compile(r"#(\w+)")

FREE = "attribute_not_exists(pk)"
"""The condition that nobody wrote this item yet."""


class Table:
    """Every read is strongly consistent. The SDK repeats a write whose answer was lost, and the repetition then fails
    on its own condition: so whoever finds exactly what it wrote counts as the writer.
    """

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self.client = client
        self.name = name

    def get(self, pk: str, sk: str, only: Sequence[str] = ()) -> Stored | None:
        """Return one item's values, or those of the attributes named; None when there is no such item."""
        request: dict[str, Any] = {"TableName": self.name, "Key": key(pk, sk), "ConsistentRead": True}
        if only:
            wanted = ", ".join(f"#{name}" for name in only)
            request |= {"ProjectionExpression": wanted, "ExpressionAttributeNames": _names(wanted)}
        answer = self.client.get_item(**request)
        return from_item(answer["Item"]) if "Item" in answer else None

    def query(self, pk: str, prefix: str = "", index: Index | None = None) -> Iterator[Stored]:
        """Yield the items under `pk` in the order of their `sk`, or of a local index; `prefix` is what it begins with.

        What is read is what is returned: there is no filter here that would read more, and there should be none.
        """
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": _values({"pk": pk}),
            "ConsistentRead": True,
        }
        if prefix:
            request["KeyConditionExpression"] += f" AND begins_with({index.sort if index else 'sk'}, :prefix)"
            request["ExpressionAttributeValues"] |= _values({"prefix": prefix})
        if index is not None:
            request["IndexName"] = index.name
        for page in self.client.get_paginator("query").paginate(**request):
            yield from map(from_item, page["Items"])

    def create(self, stored: Stored) -> Stored | None:
        """Write a new item; None when it was written, else the one that is there already."""
        found = self._put(stored, FREE)
        return None if found == _lean(stored) else found

    def replace(self, stored: Stored, **expected: Any) -> bool:
        """Replace an item whose attributes are as expected; False when they are not."""
        found = self._put(stored, expectation(expected), **expected)
        return found is None or found == _lean(stored)

    def update(self, pk: str, sk: str, change: str, condition: str, **values: Any) -> Stored | None:
        """Change some attributes; `#name` and `:value` need no declaration. Returns None when it was done, else the
        item that did not meet the condition.
        """
        return self._refused(
            lambda: self.client.update_item(
                TableName=self.name,
                Key=key(pk, sk),
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeNames=_names(f"{change} {condition}"),
                ExpressionAttributeValues=_values(values),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        )

    def put(self, stored: Stored) -> None:
        """Write an item, whatever is there."""
        racing(lambda: self.client.put_item(TableName=self.name, Item=to_item(stored)))

    def put_action(self, stored: Stored, condition: str = "", **values: Any) -> "TransactWriteItemTypeDef":
        """Return a put for `transact`; without a condition it has to be one that changes nothing when repeated."""
        put: dict[str, Any] = {"TableName": self.name, "Item": to_item(stored)}
        if condition:
            put["ConditionExpression"] = condition
        if names := _names(condition):
            put["ExpressionAttributeNames"] = names
        if values:
            put["ExpressionAttributeValues"] = _values(values)
        action: Any = {"Put": put}
        return cast("TransactWriteItemTypeDef", action)

    def update_action(self, pk: str, sk: str, change: str, condition: str, **values: Any) -> "TransactWriteItemTypeDef":
        """Return a change for `transact`."""
        update: Any = {"TableName": self.name, "Key": key(pk, sk), "UpdateExpression": change}
        update |= {
            "ConditionExpression": condition,
            "ExpressionAttributeNames": _names(f"{change} {condition}"),
            "ExpressionAttributeValues": _values(values),
        }
        action: Any = {"Update": update}
        return cast("TransactWriteItemTypeDef", action)

    def check_action(self, pk: str, sk: str, condition: str, **values: Any) -> "TransactWriteItemTypeDef":
        """Return what holds in `transact` only while an item meets a condition."""
        check: Any = {"TableName": self.name, "Key": key(pk, sk), "ConditionExpression": condition}
        check |= {"ExpressionAttributeNames": _names(condition), "ExpressionAttributeValues": _values(values)}
        action: Any = {"ConditionCheck": check}
        return cast("TransactWriteItemTypeDef", action)

    def transact(self, *actions: "TransactWriteItemTypeDef") -> list[bool]:
        """Do all or nothing; return for each action whether its condition failed. The SDK's token makes its own
        repetitions harmless. Raises Conflict when the race is lost for too long.
        """
        try:
            racing(lambda: self.client.transact_write_items(TransactItems=list(actions)))
        except ClientError as error:
            failed = [reason == "ConditionalCheckFailed" for reason in reasons(error)]
            if not any(failed):
                raise
            return failed
        return [False] * len(actions)

    def _put(self, stored: Stored, condition: str, **values: Any) -> Stored | None:
        put: Any = self.put_action(stored, condition, **values)["Put"]
        return self._refused(lambda: self.client.put_item(**put, ReturnValuesOnConditionCheckFailure="ALL_OLD"))

    @staticmethod
    def _refused(write: Callable[[], Any]) -> Stored | None:
        try:
            racing(write)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            item: Any = error.response.get("Item", {})
            return from_item(item)
        return None


def key(pk: str, sk: str) -> dict[str, Any]:
    """Return an item's typed key."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def expectation(expected: dict[str, Any]) -> str:
    """Return the condition that the stored attributes equal the values of the same names."""
    return " AND ".join(f"#{name} = :{name}" for name in expected)


def racing(call: Callable[[], _Answer]) -> _Answer:
    """Repeat a call that lost to a transaction at the same moment, with jitter: the SDK does not. Raises Conflict."""
    for _ in tries():
        try:
            return call()
        except ClientError as error:
            if error.response["Error"]["Code"] not in _RACES and "TransactionConflict" not in reasons(error):
                raise
    raise Conflict("others were writing all the time")


def reasons(error: ClientError) -> list[str]:
    """Return the code of each action of a cancelled transaction, [] for any other error."""
    cancelled: Any = error.response.get("CancellationReasons", [])
    return [reason.get("Code", "None") for reason in cancelled]


def _names(expression: str) -> dict[str, str]:
    return {f"#{name}": name for name in _NAME.findall(expression)}


def _values(values: dict[str, Any]) -> dict[str, Any]:
    return {f":{name}": to_attribute(value) for name, value in values.items()}


def _lean(stored: Stored) -> Stored:
    return from_item(to_item(stored))
