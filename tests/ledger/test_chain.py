"""Whatever is done to a chain is named: which entry, and what is wrong with it."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st

from followthrough.ledger.chain import Fault, Flaw, Head, canonical, genesis, link, verify
from followthrough.ledger.memory import MemoryKeys, MemoryLedger
from followthrough.ledger.models import TraceEntry
from tests.ledger.samples import NOW, a_fact
from tests.ledger.writing import append

LENGTH = 30


def a_chain(execution: str = "execution-1", length: int = LENGTH) -> list[TraceEntry]:
    ledger = MemoryLedger(MemoryKeys())
    facts = [a_fact(str(number)) for number in range(length)]
    return append(ledger, "brightsmile", execution, "subject-1", NOW, facts)


CHAIN = a_chain()
HEAD = Head(LENGTH, CHAIN[-1].hash)
positions = st.integers(min_value=0, max_value=LENGTH - 1)


def changed(position: int, **changes: str | int) -> list[TraceEntry]:
    entry = CHAIN[position].model_copy(update=changes)
    return [*CHAIN[:position], entry, *CHAIN[position + 1 :]]


def rewritten(position: int) -> TraceEntry:
    body = CHAIN[position].body.replace("chosen", "refused")
    return CHAIN[position].model_copy(update={"body": body, "hash": link(CHAIN[position].previous, body)})


def named(entries: list[TraceEntry], head: Head | None = None) -> tuple[int, Flaw] | None:
    fault = verify(entries, *([head] if head else []))
    return (fault.sequence, fault.flaw) if fault else None


def test_untouched_chain_is_sound() -> None:
    """A chain verifies, also against its own head, an earlier one, and when there is nothing yet."""
    assert verify(CHAIN) is None
    assert verify(CHAIN, HEAD) is None
    assert verify(CHAIN, Head(7, CHAIN[6].hash)) is None
    assert verify([]) is None
    assert verify([], genesis("brightsmile", "execution-1")) is None


@given(positions, st.data())
def test_edit_of_any_character_is_named(position: int, data: st.DataObject) -> None:
    """One other character anywhere in a body is an edit of that entry."""
    body = CHAIN[position].body
    place = data.draw(st.integers(min_value=0, max_value=len(body) - 1))
    other = "x" if body[place] != "x" else "y"
    edited = body[:place] + other + body[place + 1 :]
    assert named(changed(position, body=edited)) == (position + 1, Flaw.EDITED)


@given(positions)
def test_changed_hash_is_named(position: int) -> None:
    """A hash that is not its entry's is found at that entry."""
    assert named(changed(position, hash="0" * 64)) == (position + 1, Flaw.EDITED)


@given(positions)
def test_changed_link_is_named(position: int) -> None:
    """An entry that names another predecessor is found; at the beginning it is a wrong genesis."""
    expected = Flaw.RELINKED if position else Flaw.WRONG_GENESIS
    assert named(changed(position, previous="0" * 64)) == (position + 1, expected)


@given(positions)
def test_deletion_is_named(position: int) -> None:
    """A missing entry is named by its sequence; the last one only against a head."""
    left = [*CHAIN[:position], *CHAIN[position + 1 :]]
    last = position == LENGTH - 1
    assert named(left) == (None if last else (position + 1, Flaw.MISSING))
    assert named(left, HEAD) == (position + 1, Flaw.TRUNCATED if last else Flaw.MISSING)


@given(positions)
def test_truncation_is_named(length: int) -> None:
    """Against a head, a chain that ends early names the first entry that is gone."""
    assert named(CHAIN[:length]) is None
    assert named(CHAIN[:length], HEAD) == (length + 1, Flaw.TRUNCATED)


@given(positions, positions)
def test_reordering_is_named(one: int, other: int) -> None:
    """Two entries that changed places are found at the first of the two places."""
    first, second = sorted((one, other))
    mixed = list(CHAIN)
    mixed[first], mixed[second] = mixed[second], mixed[first]
    assert named(mixed) == (None if first == second else (second + 1, Flaw.OUT_OF_ORDER))


@given(positions, positions)
def test_duplication_is_named(position: int, place: int) -> None:
    """A copy of an entry is found wherever it was put behind the original."""
    behind = max(position, place) + 1
    assert named([*CHAIN[:behind], CHAIN[position], *CHAIN[behind:]]) == (position + 1, Flaw.DUPLICATED)


@given(positions)
def test_rewritten_entry_breaks_the_next_link(position: int) -> None:
    """Who rewrites an entry and its hash is found at the entry behind it, or at the head."""
    forged = [*CHAIN[:position], rewritten(position), *CHAIN[position + 1 :]]
    last = position == LENGTH - 1
    assert named(forged) == (None if last else (position + 2, Flaw.RELINKED))
    assert named(forged, HEAD) == ((LENGTH, Flaw.RECOMPUTED) if last else (position + 2, Flaw.RELINKED))


@given(positions)
def test_recomputed_chain_is_named_by_the_head(position: int) -> None:
    """Who recomputes every later hash as well is found where the sealed head stands."""
    forged = [*CHAIN[:position], rewritten(position)]
    for entry in CHAIN[position + 1 :]:
        previous = forged[-1].hash
        forged.append(entry.model_copy(update={"previous": previous, "hash": link(previous, entry.body)}))
    assert named(forged) is None
    assert named(forged, HEAD) == (LENGTH, Flaw.RECOMPUTED)


@pytest.mark.parametrize("foreign", [0, 1, LENGTH - 1])
def test_entry_of_another_execution_is_named(foreign: int) -> None:
    """An entry of another chain is not taken for one of this."""
    other = a_chain("execution-2")
    mixed = [*CHAIN[:foreign], other[foreign], *CHAIN[foreign + 1 :]]
    expected = (2, Flaw.FOREIGN) if foreign == 0 else (foreign + 1, Flaw.FOREIGN)
    assert named(mixed) == expected


@pytest.mark.parametrize(
    "renamed",
    [
        lambda entry: entry.model_copy(update={"execution": "execution-2"}),
        lambda entry: entry.model_copy(update={"tenant": "other"}),
    ],
)
def test_chain_under_another_name_has_a_wrong_genesis(renamed: Callable[[TraceEntry], TraceEntry]) -> None:
    """A whole chain that was copied to another execution or tenant does not begin there."""
    assert named([renamed(entry) for entry in CHAIN]) == (1, Flaw.WRONG_GENESIS)


@pytest.mark.parametrize("said", ["not JSON", "[]", "{}", '{"tenant":"brightsmile","execution":"e","sequence":1}'])
def test_body_written_for_another_place_is_named(said: str) -> None:
    """A body whose hash is right but which says that it belongs elsewhere, or nothing, is found."""
    start = genesis("brightsmile", "execution-1").hash
    entry = CHAIN[0].model_copy(update={"body": said, "hash": link(start, said)})
    assert named([entry]) == (1, Flaw.MISPLACED)


def test_fault_explains_itself() -> None:
    """A fault carries a sentence for the auditor."""
    assert verify(changed(4, body="{}")) == Fault(5, Flaw.EDITED, "the text of entry 5 does not match its hash")


def test_canonical_json_has_one_form() -> None:
    """Equal values have equal text, whatever the order and script."""
    assert canonical({"b": [1, "ü"], "a": None}) == canonical(json.loads('{"a":null,"b":[1,"ü"]}'))
    assert canonical({"b": 1, "a": "ü"}) == '{"a":"\\u00fc","b":1}'
    with pytest.raises(ValueError, match="JSON"):
        canonical(float("nan"))


def test_damaged_entry_does_not_hide_the_others() -> None:
    """A trace with an altered body still reads, with that entry marked, so that it can be named."""
    ledger = MemoryLedger(MemoryKeys())
    append(ledger, "brightsmile", "execution-1", "subject-1", NOW, [a_fact("a"), a_fact("b")])
    stored = ledger.chains["brightsmile", "execution-1"]
    stored[0] = stored[0]._replace(body=stored[0].body.replace("sealed", "healed"))
    trace = ledger.trace("brightsmile", "execution-1")
    assert [entry.fact.kind for entry in trace] == ["unreadable", "decided"]
    assert named(trace) == (1, Flaw.EDITED)
