"""A DynamoDB client that reads, and counts the items that DynamoDB looked at for it."""

from collections.abc import Iterator
from typing import Any


class Metered:
    """`read` counts items before any filter. There is nothing here that reads a whole table, and nothing that writes.

    What DynamoDB bills follows from the items that it looked at. The embedded one reports these (`ScannedCount`), but
    always half a unit as the capacity of a query.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self.read = 0

    def get_item(self, **request: Any) -> Any:
        self.read += 1
        return self._client.get_item(**request)

    def query(self, **request: Any) -> Any:
        answer = self._client.query(**request)
        self.read += answer["ScannedCount"]
        return answer

    def get_paginator(self, operation: str) -> "Metered":
        assert operation == "query"
        return self

    def paginate(self, **request: Any) -> Iterator[Any]:
        """Page as the SDK's paginator does."""
        more: dict[str, Any] = {}
        while True:
            answer = self.query(**request, **more)
            yield answer
            if "LastEvaluatedKey" not in answer:
                return
            more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
