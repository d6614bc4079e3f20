"""Whatever is done to any entry of a trace, in its table or in an export, is named."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from followthrough.ledger.chain import Flaw, link
from followthrough.ledger.dynamodb import DynamoLedger
from followthrough.ledger.dynamodb.traces import Traces
from followthrough.ledger.memory import MemoryKeys
from followthrough.ledger.memory.seals import MemorySeals
from followthrough.ledger.seals import name, seal
from followthrough.ledger.verification import Sealed, read_seals, verify
from infra.cli import export, proof
from tests.ledger.samples import NOW, a_fact
from tests.ledger.tables import Aws
from tests.ledger.writing import append

LENGTH = 30
TENANT, EXECUTION = "tampering", "execution-1"
HOUR = {"hour_key": f"{TENANT}#{name(NOW)}"}
"""What lets a seal find an entry: whoever forges one well leaves it there."""

Rows = list[dict[str, Any]]
Named = tuple[int, Flaw]


def edit(rows: Rows, place: int) -> Rows:
    body = rows[place]["body"].replace("chosen", "denied")
    return [*rows[:place], {**rows[place], "body": body}, *rows[place + 1 :]]


def delete(rows: Rows, place: int) -> Rows:
    return [*rows[:place], *rows[place + 1 :]]


def truncate(rows: Rows, place: int) -> Rows:
    return rows[:place]


def recompute(rows: Rows, place: int) -> Rows:
    """Rewrite an entry, then every hash behind it, as whoever knows the rule can."""
    forged = edit(rows, place)
    forged[place] = {**forged[place], "outcome": "denied"}
    for number in range(place, LENGTH):
        previous = forged[number - 1]["hash"] if number > place else forged[number]["previous"]
        hashed = link(previous, forged[number]["body"])
        forged[number] = {**forged[number], "previous": previous, "hash": hashed}
    return forged


def reorder_lines(rows: Rows, place: int) -> Rows:
    other = (place + 7) % LENGTH
    mixed = list(rows)
    mixed[place], mixed[other] = mixed[other], mixed[place]
    return mixed


def reorder_items(rows: Rows, place: int) -> Rows:
    """Let two entries change places: each keeps its text and gets the other's number."""
    return [{**row, "sequence": number} for number, row in enumerate(reorder_lines(rows, place), 1)]


def duplicate_line(rows: Rows, place: int) -> Rows:
    return [*rows[: place + 1], rows[place], *rows[place + 1 :]]


def duplicate_item(rows: Rows, place: int) -> Rows:
    """Put the entry there once more: its own number is taken, so it gets the next free one."""
    return [*rows, {**rows[place], "sequence": LENGTH + 1}]


def first_of_two(place: int) -> int:
    return min(place, (place + 7) % LENGTH) + 1


EVERYWHERE: dict[str, tuple[Callable[[Rows, int], Rows], Callable[[int], Named]]] = {
    "edited": (edit, lambda place: (place + 1, Flaw.EDITED)),
    "deleted": (delete, lambda place: (place + 1, Flaw.TRUNCATED if place == LENGTH - 1 else Flaw.MISSING)),
    "truncated": (truncate, lambda place: (place + 1, Flaw.TRUNCATED)),
    "recomputed after the seal": (recompute, lambda place: (LENGTH, Flaw.RECOMPUTED)),
}
IN_THE_TABLE = {
    **EVERYWHERE,
    "reordered": (
        reorder_items,
        lambda place: (first_of_two(place), Flaw.RELINKED if first_of_two(place) > 1 else Flaw.WRONG_GENESIS),
    ),
    "duplicated": (duplicate_item, lambda place: (LENGTH + 1, Flaw.RELINKED)),
}
IN_THE_EXPORT = {
    **EVERYWHERE,
    "reordered": (reorder_lines, lambda place: (max(place, (place + 7) % LENGTH) + 1, Flaw.OUT_OF_ORDER)),
    "duplicated": (duplicate_line, lambda place: (place + 1, Flaw.DUPLICATED)),
    "misquoted": (
        lambda rows, place: [*rows[:place], {**rows[place], "reason": "because"}, *rows[place + 1 :]],
        lambda place: (place + 1, Flaw.EDITED),
    ),
}


class Kept:
    """A trace of thirty entries in the table, sealed once."""

    def __init__(self, aws: Aws) -> None:
        self.dynamodb = aws.dynamodb
        self.ledger = DynamoLedger(aws.dynamodb, "executions", "traces", MemoryKeys())
        self.there: dict[int, dict[str, Any]] = {}
        for number in range(LENGTH):
            append(self.ledger, TENANT, EXECUTION, "subject-1", NOW, [a_fact(str(number))])
        self.chains = Traces(aws.dynamodb, "traces")
        seals = MemorySeals()
        self.first = seal(self.chains, seals, TENANT, NOW + timedelta(hours=1))
        assert self.first is not None
        self.sealed: Sealed = read_seals(TENANT, seals.read(TENANT))
        self.rows: Rows = [json.loads(export.line(it)) for it in self.ledger.trace(TENANT, EXECUTION)]
        self.put(self.rows)

    def put(self, rows: Rows) -> None:
        """Let the table hold exactly these entries, which no function of the product may do."""
        wanted = {row["sequence"]: {field: row[field] for field in ("body", "previous", "hash")} for row in rows}
        for sequence in self.there.keys() - wanted.keys():
            self.dynamodb.delete_item(TableName="traces", Key=_key(sequence))
        for sequence, texts in wanted.items():
            if self.there.get(sequence) != texts:
                item = _key(sequence) | {field: {"S": text} for field, text in (texts | HOUR).items()}
                self.dynamodb.put_item(TableName="traces", Item=item)
        self.there = wanted

    def seal_again(self) -> Sealed:
        """Let the next hour's seal be made of the table as it is."""
        assert self.first is not None
        seals = MemorySeals()
        seals.keep(self.first)
        assert seal(self.chains, seals, TENANT, NOW + timedelta(hours=2)) is not None
        return read_seals(TENANT, seals.read(TENANT))

    def named(self, sealed: Sealed | None = None) -> Named | None:
        """What verification says of the table as it is."""
        fault = verify(EXECUTION, self.ledger.trace(TENANT, EXECUTION), sealed or self.sealed).fault
        return (fault.sequence, fault.flaw) if fault else None


def _key(sequence: int) -> dict[str, Any]:
    return {"pk": {"S": f"{TENANT}#{EXECUTION}"}, "sk": {"S": f"{sequence:06}"}}


@pytest.fixture(scope="module")
def kept(aws: Aws) -> Iterator[Kept]:
    made = Kept(aws)
    yield made
    made.put([])


def test_untouched_trace_verifies(kept: Kept) -> None:
    """The table and the export are sound before anything is done to them."""
    kept.put(kept.rows)
    assert kept.named() is None
    assert of_export(kept.rows, kept.sealed) is None


@pytest.mark.parametrize("deed", IN_THE_TABLE)
def test_whatever_is_done_in_the_table_is_named(kept: Kept, deed: str) -> None:
    """On every position the first bad entry is named, and what is wrong with it."""
    do, expected = IN_THE_TABLE[deed]
    for place in range(LENGTH):
        kept.put(do(kept.rows, place))
        assert kept.named() == expected(place), place


def cut_and_recompute(rows: Rows, place: int) -> Rows:
    """Rewrite an entry and what follows it, and take the last entries away."""
    return recompute(rows, place)[: LENGTH - 2]


@pytest.mark.parametrize("place", [0, 11, LENGTH - 3, LENGTH - 1])
@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        (recompute, lambda _: (LENGTH, Flaw.RECOMPUTED)),
        (truncate, lambda place: (place + 1, Flaw.TRUNCATED)),
        (cut_and_recompute, lambda _: (LENGTH - 1, Flaw.TRUNCATED)),
    ],
)
def test_a_later_seal_does_not_make_good_what_was_done(
    kept: Kept, deed: Callable[[Rows, int], Rows], expected: Callable[[int], Named], place: int
) -> None:
    """The hour after, the altered chain is sealed as it stands: the first seal still names it, and the two disagree."""
    kept.put(deed(kept.rows, place))
    again = kept.seal_again()
    assert kept.named(again) == expected(place)
    if kept.ledger.trace(TENANT, EXECUTION):
        [problem] = again.problems
        assert EXECUTION in problem


def of_export(rows: Rows, sealed: Sealed) -> Named | None:
    verdicts, unreadable = proof.of_file(map(json.dumps, rows), sealed)
    assert unreadable == []
    [verdict] = verdicts or [verify(EXECUTION, [], sealed)]
    return (verdict.fault.sequence, verdict.fault.flaw) if verdict.fault else None


@pytest.mark.parametrize("deed", IN_THE_EXPORT)
def test_whatever_is_done_in_the_export_is_named(kept: Kept, deed: str) -> None:
    """On every position, without any store at hand; readable columns are checked against the text that was hashed."""
    do, expected = IN_THE_EXPORT[deed]
    for place in range(LENGTH):
        assert of_export(do(kept.rows, place), kept.sealed) == expected(place), place


def test_lines_that_are_no_entries_are_named() -> None:
    """A line that cannot be read is no line to pass over."""
    _, unreadable = proof.of_file(['{"tenant": "t"}', "hello", "[]"], None)
    assert unreadable == [f"line {number} is no entry of a trace" for number in (1, 2, 3)]


def test_without_seals_the_end_may_be_missing(kept: Kept) -> None:
    """What seals are for: a chain by itself does not show that it was cut off or computed anew."""
    unsealed = Sealed({}, [], None)
    assert of_export(truncate(kept.rows, 9), unsealed) is None
    assert of_export(recompute(kept.rows, 9), unsealed) is None
