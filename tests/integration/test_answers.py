"""Answers that cannot be believed: nonsense, and sense that is not what was asked for."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from followthrough.errors import Differs, OutcomeUnknown, Unreachable
from followthrough.integration.registry import ADAPTERS, load
from tests.fuzz.answers import CONTRACTS, TRIALS, fuzz
from tests.integration.contract import CALL, AdapterContract
from tests.integration.served import served


def test_no_answer_breaks_an_adapter() -> None:
    """P3: whatever a provider answers, an operation gives its own answer or says what was wrong with the system's."""
    tally = fuzz(share=0.015, seed=7)
    assert not tally.broken
    assert {"answered", "Unreachable", "OutcomeUnknown"} <= set(tally.outcomes)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"7", b'{"status": "success"}'])
def test_openings_that_cannot_be_read_are_not_none(body: bytes) -> None:
    """P2: a calendar that answers nonsense was not asked in vain: nobody is told that there is nothing free."""
    trial = TRIALS["cal_com"]
    with served(trial.system()) as server:
        adapter = trial.build(trial.secret, server.endpoint)
        server.spoil = lambda _: body
        with pytest.raises(Unreachable, match="malformed_answer"):
            adapter.run("find_openings", trial.prepare["find_openings"](adapter), CALL)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.trial.kind.name)
def test_what_does_not_fit_is_named_and_nothing_is_quoted(contract: type[AdapterContract]) -> None:
    """P3: the failure says which field of the answer is not what was expected there, and no word of it."""
    trial = contract.trial
    for operation, declared in trial.kind.operations.items():
        with served(trial.system()) as server:
            adapter = trial.build(trial.secret, server.endpoint)
            request = trial.prepare[operation](adapter)
            server.spoil = lambda _: b'{"Mary Moss": 1, "data": 7, "results": 7, "id": 7, "sid": 7}'
            failure = Unreachable if declared.kind == "read" else OutcomeUnknown
            if operation == "release":
                continue  # nothing of its answer is read but its status
            with pytest.raises((Unreachable, failure)) as raised:
                adapter.run(operation, request, CALL)
            assert raised.value.code == "malformed_answer"
            assert raised.value.detail
            assert "Mary" not in str(raised.value)


def _changed(**fields: Any) -> Callable[[bytes], bytes]:
    return lambda body: json.dumps({**json.loads(body), **fields}).encode()


@pytest.mark.parametrize(
    ("fields", "differs"),
    [
        ({"amount_received": -18000}, "amount"),
        ({"amount_received": 100}, "amount"),
        ({"currency": "jpy"}, "currency"),
        ({"status": "requires_capture"}, "status"),
        ({"status": "weird"}, "status"),
        ({"metadata": {"followthrough_reference": "another"}}, "reference"),
    ],
)
def test_a_payment_that_is_not_the_one_asked_for_is_no_evidence(fields: dict[str, Any], differs: str) -> None:
    """M1: another sum, other money, another state or another's reference: none of them proves that this was paid."""
    trial = TRIALS["stripe"]
    with served(trial.system()) as server:
        adapter = trial.build(trial.secret, server.endpoint)
        request = trial.prepare["charge"](adapter)
        server.spoil, server.when = _changed(**fields), lambda request: request.method == "POST"
        declared = adapter.operations["charge"]
        answer = adapter.run("charge", request, CALL)
        with pytest.raises(Differs) as failure:
            declared.check(adapter.name, request, answer, CALL)
    assert differs in failure.value.detail.split(", ")


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_every_write_says_what_its_answer_has_to_repeat(name: str) -> None:
    """M1: a postcondition is declared for each, so that a new adapter cannot forget it."""
    for operation, declared in load(name).operations.items():
        if declared.kind == "write":
            assert declared.as_asked is not None, f"{name}.{operation} compares nothing with what was asked"
            assert declared.statuses, f"{name}.{operation} takes any status for a proof"
