"""The tables that are deployed are those that the ledger's own tests run on."""

from typing import Any

import pytest

from followthrough.ledger.dynamodb.indexes import BY_HOUR, INDEXES, Index
from tests.infra.rendering import of_type
from tests.ledger.tables import schema


@pytest.mark.parametrize(("table", "indexes"), [("executions", INDEXES), ("traces", (BY_HOUR,)), ("tenants", ())])
def test_deployed_tables_have_the_tested_indexes(
    template: dict[str, Any], table: str, indexes: tuple[Index, ...]
) -> None:
    """Keys, indexes and what each index carries are the same in the template and in the ledger's tests."""
    [deployed] = [
        found["Properties"]
        for name, found in of_type(template, "AWS::DynamoDB::Table").items()
        if name.startswith(f"Tables{table.capitalize()}")
    ]
    tested = schema(table, indexes=indexes)
    for part in ("KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        assert deployed.get(part) == tested.get(part)


def test_no_list_carries_whole_contexts(template: dict[str, Any]) -> None:
    """Contexts are large, and what is sealed in them stays there: every global index names what it carries."""
    for table in of_type(template, "AWS::DynamoDB::Table").values():
        for index in table["Properties"].get("GlobalSecondaryIndexes", []):
            assert index["Projection"]["ProjectionType"] == "INCLUDE"
