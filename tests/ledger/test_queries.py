"""What may be asked of the ledger across executions."""

from datetime import datetime
from typing import Any

import pytest

from followthrough.ledger.queries import Query
from tests.ledger.samples import NOW


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "not by none"),
        ({"day": "2026-11-22", "status": "open"}, "not by day and status"),
        ({"service": ""}, "at least 1 character"),
        ({"status": "open", "since": NOW, "until": NOW}, "since comes before until"),
        ({"status": "open", "since": datetime(2026, 11, 22)}, "timezone"),  # noqa: DTZ001  # that is what is wrong
        ({"status": "open", "limit": 0}, "greater than or equal to 1"),
        ({"status": "open", "after": "last"}, "should match"),
        ({"status": "open", "after": "2026-11-21T00:00:00.000000Z#e", "since": NOW}, "another query"),
        ({"day": "2026-11-22", "after": "2026-11-21T00:00:00.000000Z#e"}, "another query"),
    ],
)
def test_query_that_makes_no_sense_is_refused(fields: dict[str, Any], wrong: str) -> None:
    """A query by none or two criteria, or whose parts contradict each other, is said to be wrong when it is made."""
    with pytest.raises(ValueError, match=wrong):
        Query(**fields)
