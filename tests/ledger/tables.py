"""The embedded AWS with the ledger's tables, as the stack makes them but for names and encryption."""

from dataclasses import dataclass
from typing import Any

from followthrough.ledger.dynamodb.indexes import BY_HOUR, INDEXES, Index

TABLES = ["executions", "traces", "tenants", "subjects", "keys"]


@dataclass(frozen=True)
class Aws:
    dynamodb: Any
    kms: Any
    s3: Any
    master: str


def schema(table: str, *, indexes: tuple[Index, ...] = ()) -> dict[str, Any]:
    """What `create_table` takes; the indexes are the product's own, which the stack is made from too."""
    names = dict.fromkeys(["pk", "sk", *(name for it in indexes for name in (it.partition, it.sort) if name)])
    made: dict[str, Any] = {
        "TableName": table,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _key("pk", "sk"),
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in names],
    }
    for kind, wanted in (("Global", True), ("Local", False)):
        described = [_index(it) for it in indexes if bool(it.partition) is wanted]
        if described:
            made[f"{kind}SecondaryIndexes"] = described
    return made


def create(dynamodb: Any, table: str, like: str) -> None:
    """Make a table as the product's table `like` is."""
    indexes = {"executions": INDEXES, "traces": (BY_HOUR,)}
    dynamodb.create_table(**schema(table, indexes=indexes.get(like, ())))


def _index(index: Index) -> dict[str, Any]:
    projection: dict[str, Any] = {"ProjectionType": "ALL"}
    if index.carries is not None:
        projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(index.carries)}
    keys = _key(index.partition or "pk", index.sort)
    return {"IndexName": index.name, "KeySchema": keys, "Projection": projection}


def _key(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]
