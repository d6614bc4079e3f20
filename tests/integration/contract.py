"""What every adapter promises, whichever system it speaks to. A test module inherits `AdapterContract` for its own."""

import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import BaseModel

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.call import Answer, Call
from followthrough.contracts.manifest import ByReadBack, ByRepeating, Operation
from followthrough.errors import OutcomeUnknown, Refused, SystemFailure, Throttled, Unreachable
from followthrough.personal import personal_fields
from simulation.exchange import Request, SandboxSystem
from tests.integration.served import Served, served

NOW = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)

CALL = Call(
    tenant="brightsmile",
    execution="01JBRIGHTSMILE0000000000001",
    reference="0f" * 16,
    key="key-1",
    began=NOW,
    now=NOW,
    time_zone="America/Chicago",
    currency="USD",
    language="en",
)
SOMEBODY_ELSES = replace(CALL, reference="ab" * 16, key="key-2")

Preparation = Callable[[Adapter], BaseModel]


@dataclass(frozen=True)
class Trial:
    """An adapter on trial.

    `build` makes one for a secret and an endpoint; `system` what it speaks to, newly seeded; `prepare` leads to a
    request for each operation, doing first whatever that operation needs.
    """

    kind: type[Adapter]
    build: Callable[[str, str], Adapter]
    system: Callable[[], SandboxSystem]
    secret: str
    prepare: Mapping[str, Preparation]
    writes: Callable[[Request], bool] = lambda request: request.method != "GET"


class AdapterContract:
    """The suite; a subclass sets `trial`."""

    trial: Trial

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Try every operation of the kind that a test asks for."""
        operations = self.trial.kind.operations
        for asked, picked in {
            "operation": list(operations),
            "write": [name for name, declared in operations.items() if declared.kind == "write"],
            "read": [name for name, declared in operations.items() if declared.kind == "read"],
            "read_back": [name for name, declared in operations.items() if isinstance(declared.settle, ByReadBack)],
            "repeatable": [name for name, declared in operations.items() if isinstance(declared.settle, ByRepeating)],
        }.items():
            if asked in metafunc.fixturenames:
                metafunc.parametrize(asked, picked)

    @pytest.fixture
    def server(self) -> Iterator[Served]:
        """The system, newly seeded, behind a socket."""
        with served(self.trial.system()) as serving:
            yield serving

    @pytest.fixture
    def adapter(self, server: Served) -> Adapter:
        """The adapter, connected to it."""
        return self.trial.build(self.trial.secret, server.endpoint)

    def asked(self, operation: str, adapter: Adapter) -> BaseModel:
        """A well-formed request for an operation."""
        return self.trial.prepare[operation](adapter)

    def declared(self, operation: str) -> Operation:
        """What the adapter declares of an operation."""
        return self.trial.kind.operations[operation]

    def test_every_write_says_how_an_unknown_outcome_is_settled(self, operation: str) -> None:
        """Without a settlement a lost answer could only be guessed at; a read has nothing to settle."""
        assert (self.declared(operation).settle is not None) == (self.declared(operation).kind == "write")

    def test_every_undo_can_be_asked_for_with_what_is_known(self, write: str) -> None:
        """An undo's question is filled by name from the answer, then from the request."""
        declared = self.declared(write)
        if declared.undo is None:
            return
        undo = self.declared(declared.undo)
        assert undo.kind == "write"
        needed = {name for name, field in undo.takes.model_fields.items() if field.is_required()}
        assert needed <= set(declared.gives.model_fields) | set(declared.takes.model_fields)

    def test_what_is_created_where_nothing_is_found_can_be_asked_for(self, read: str) -> None:
        """`if none: create` asks with what was looked for."""
        declared = self.declared(read)
        if declared.creates is None:
            return
        creates = self.declared(declared.creates)
        assert declared.optional
        assert creates.gives is declared.gives
        needed = {name for name, field in creates.takes.model_fields.items() if field.is_required()}
        assert needed <= set(declared.takes.model_fields)

    def test_an_operation_gives_what_it_declares(self, operation: str, adapter: Adapter) -> None:
        """The port's model, a list of it where it says many, and evidence of every write."""
        declared = self.declared(operation)
        answer = adapter.run(operation, self.asked(operation, adapter), CALL)
        results = answer.result if declared.many else [answer.result]
        assert isinstance(results, list)
        assert results
        assert all(isinstance(result, declared.gives) for result in results)
        assert (answer.evidence is not None) == (declared.kind == "write")
        assert answer.evidence is None or (answer.evidence.id and answer.evidence.status)

    def test_throttling_names_the_seconds(self, operation: str, adapter: Adapter, server: Served) -> None:
        """A 429 is passed on with the provider's own delay."""
        request = self.asked(operation, adapter)
        server.fault = "throttle"
        with pytest.raises(Throttled) as throttled:
            adapter.run(operation, request, CALL)
        assert throttled.value.seconds == 7

    def test_a_write_without_an_answer_is_unknown(self, write: str, adapter: Adapter, server: Served) -> None:
        """A hang-up after the deed and a server error both leave the outcome open."""
        for fault in ("crash", "drop"):
            request = self.asked(write, adapter)
            server.fault, server.when = fault, self.trial.writes
            with pytest.raises(OutcomeUnknown):
                adapter.run(write, request, CALL)
            server.fault = None

    def test_a_read_without_an_answer_may_be_repeated(self, read: str, adapter: Adapter, server: Served) -> None:
        """A read has no outcome, so a broken one is simply unreachable."""
        request = self.asked(read, adapter)
        for fault in ("crash", "drop"):
            server.fault = fault
            with pytest.raises(Unreachable):
                adapter.run(read, request, CALL)

    def test_without_a_connection_nothing_was_done(self, operation: str, adapter: Adapter) -> None:
        """A refused connection proves that the request never left."""
        request = self.asked(operation, adapter)
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            nowhere = self.trial.build(self.trial.secret, f"http://127.0.0.1:{unused.getsockname()[1]}")
            with pytest.raises(Unreachable):
                nowhere.run(operation, request, CALL)

    def test_a_wrong_secret_is_refused_for_good(self, write: str, adapter: Adapter, server: Served) -> None:
        """No waiting helps against a wrong secret."""
        request = self.asked(write, adapter)
        with pytest.raises(Refused):
            self.trial.build("wrong", server.endpoint).run(write, request, CALL)

    def test_a_read_back_finds_our_own_record_and_nobody_elses(
        self, read_back: str, adapter: Adapter, server: Served
    ) -> None:
        """What a lost answer leaves behind is found by its reference, and by that alone."""
        request = self.asked(read_back, adapter)
        assert adapter.read_back(read_back, request, CALL) is None
        server.fault, server.when = "drop", self.trial.writes
        with pytest.raises(OutcomeUnknown):
            adapter.run(read_back, request, CALL)
        server.fault = None
        assert adapter.read_back(read_back, request, SOMEBODY_ELSES) is None
        found = adapter.read_back(read_back, request, CALL)
        assert found is not None
        assert isinstance(found.result, self.declared(read_back).gives)
        assert found.evidence is not None

    def test_a_read_back_answers_as_the_call_did(self, read_back: str, adapter: Adapter) -> None:
        """Whoever settles an effect later must not see another result than whoever made it."""
        request = self.asked(read_back, adapter)
        made = adapter.run(read_back, request, CALL)
        assert adapter.read_back(read_back, request, CALL) == made

    def test_repeating_changes_nothing_more(self, repeatable: str, adapter: Adapter, server: Served) -> None:
        """Where an operation may simply be repeated, twice leaves the same state as once."""
        request = self.asked(repeatable, adapter)
        first = adapter.run(repeatable, request, CALL)
        before = server.system.snapshot()
        second = adapter.run(repeatable, request, CALL)
        assert server.system.snapshot() == before
        assert second.result == first.result

    def test_no_secret_shows(self, adapter: Adapter) -> None:
        """Whatever of an adapter may be logged does not hold its secret."""
        shown = [repr(adapter), *(repr(value) for value in vars(adapter).values())]
        assert self.trial.secret not in " ".join(shown)
        assert self.trial.secret not in repr(self.trial.kind.Secret.model_fields)

    def test_no_error_holds_personal_data(self, operation: str, adapter: Adapter, server: Served) -> None:
        """Errors are logged and kept by the state machine, so nothing of the customer's may be in them."""
        request = self.asked(operation, adapter)
        personal = [str(getattr(request, name)) for name in personal_fields(type(request)) if getattr(request, name)]
        for fault in ("throttle", "crash", "drop"):
            server.fault = fault
            with pytest.raises(SystemFailure) as failure:
                adapter.run(operation, request, CALL)
            shown = f"{failure.value} {failure.value!r} {failure.value.__cause__!r}"
            assert not any(words in shown for words in personal)

    def test_an_unknown_operation_is_a_bug_of_ours(self, adapter: Adapter, read: str) -> None:
        """The compiler has checked every operation's name, so a wrong one is no failure of the system."""
        with pytest.raises(ValueError, match="nonsense"):
            adapter.run("nonsense", self.asked(read, adapter), CALL)


def later(**by: float) -> Call:
    """The same call, some time later."""
    return replace(CALL, now=NOW + timedelta(**by))


def result(answer: Answer | None) -> BaseModel:
    """The one model that an answer holds."""
    assert answer is not None
    assert isinstance(answer.result, BaseModel)
    return answer.result
