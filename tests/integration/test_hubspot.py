"""The HubSpot adapter against the sandbox account."""

from dataclasses import replace
from datetime import timedelta

import pytest

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.crm import Activity, ChangePerson, FindPerson, NewActivity, NewPerson, Person
from followthrough.errors import NotFound, Refused, SystemFailure, Throttled
from followthrough.integration.hubspot.adapter import HubSpot
from followthrough.integration.hubspot.failures import CODES, REFUSALS, accepted
from followthrough.integration.hubspot.records import Record
from followthrough.integration.hubspot.settings import HubSpotSecret, HubSpotSettings
from simulation.exchange import Request
from simulation.hubspot.account import SEEDED
from simulation.hubspot.server import HubSpot as Sandbox
from tests.integration.contract import CALL, NOW, SOMEBODY_ELSES, AdapterContract, Trial, result
from tests.integration.served import Served, replied

MARY = {
    "id": "2001",
    "name": "Mary Ann Moss",
    "phone": "+13125550142",
    "email": "mary@moss.example",
    "status": "active",
    "tier": "gold",
    "payments_id": "cus_mary",
}


def sandbox() -> Sandbox:
    system = Sandbox(lambda: NOW)
    system.seed({"contacts": [MARY]})
    return system


def build(secret: str, endpoint: str) -> HubSpot:
    return HubSpot(HubSpotSettings(), HubSpotSecret.model_validate({"access_token": secret}), endpoint)


def note(_: Adapter) -> NewActivity:
    return NewActivity(person="2001", text="Cleaning booked <for Tuesday>\nat 3 & paid")


def is_write(request: Request) -> bool:
    return request.method != "GET" and not request.path.endswith("/search")


class TestHubSpotContract(AdapterContract):
    """What every adapter promises."""

    trial = Trial(
        kind=HubSpot,
        build=build,
        system=sandbox,
        secret="pat-na1-secret",
        prepare={
            "find_person": lambda _: FindPerson(phone="+13125550142"),
            "create_person": lambda _: NewPerson(phone="+13125550199", name="New Nora", language="es"),
            "change_person": lambda _: ChangePerson(person="2001", tier="silver"),
            "log_activity": note,
            "log_outcome": note,
        },
        writes=is_write,
    )

    def test_a_person_is_found_with_all_that_rules_ask_for(self, adapter: Adapter) -> None:
        """Status, tier and payments id come from the properties that the settings name."""
        found = adapter.run("find_person", FindPerson(phone="+13125550142"), CALL).result
        assert found == Person(**{name: MARY[name] for name in Person.model_fields})

    @pytest.mark.parametrize("written", ["(312) 555-0177", "312.555.0177", "+1 312 555 0177"])
    def test_a_person_is_found_however_the_number_was_typed(
        self, written: str, adapter: Adapter, server: Served
    ) -> None:
        """Receptionists type numbers in every shape."""
        server.system.seed({"contacts": [{"id": "7", "name": "Ty Ped", "phone": written}]})
        found = result(adapter.run("find_person", FindPerson(phone="+13125550177"), CALL))
        assert isinstance(found, Person)
        assert found.id == "7"

    def test_a_number_of_another_country_is_another_person(self, adapter: Adapter, server: Served) -> None:
        """HubSpot's calculated numbers drop the country, so the adapter looks again."""
        server.system.seed({"contacts": [{"name": "Swiss Sam", "phone": "+41446681800"}]})
        assert adapter.run("find_person", FindPerson(phone="+49446681800"), CALL).result is None

    @pytest.mark.parametrize("phone", ["+13125550100", "anonymous"])
    def test_an_unknown_number_is_nobody(self, phone: str, adapter: Adapter) -> None:
        """Nobody is an answer, not an error; a withheld number is nobody's."""
        assert adapter.run("find_person", FindPerson(phone=phone), CALL).result is None

    def test_of_two_with_the_same_number_the_older_one_is_taken(self, adapter: Adapter, server: Served) -> None:
        """Doubles exist in every CRM; taking the same one every time keeps history in one place."""
        adapter.run("create_person", NewPerson(phone="+13125550142"), CALL)
        found = result(adapter.run("find_person", FindPerson(phone="+13125550142"), CALL))
        assert isinstance(found, Person)
        assert found.id == "2001"

    def test_a_search_reads_every_page(self, adapter: Adapter, server: Served) -> None:
        """Two hundred people share an area code and local number with somebody abroad."""
        abroad = [{"name": f"Swiss {n}", "phone": "+41446681800"} for n in range(150)]
        server.system.seed({"contacts": [*abroad, {"id": "9", "name": "German", "phone": "+49446681800"}]})
        found = result(adapter.run("find_person", FindPerson(phone="+49446681800"), CALL))
        assert isinstance(found, Person)
        assert found.id == "9"

    def test_a_change_leaves_the_rest_alone_and_tells_all(self, adapter: Adapter, server: Served) -> None:
        """HubSpot answers a change with the changed fields only; the person given is whole."""
        changed = result(adapter.run("change_person", ChangePerson(person="2001", status="blocked"), CALL))
        assert changed == Person(**{**{name: MARY[name] for name in Person.model_fields}, "status": "blocked"})
        assert server.system.snapshot()["contacts"][0]["tier"] == "gold"

    def test_somebody_unknown_cannot_be_changed(self, adapter: Adapter) -> None:
        """An id that is not there is NotFound, also one that looks like a path."""
        for person in ("404", "../notes/1"):
            with pytest.raises(NotFound, match="OBJECT_NOT_FOUND"):
                adapter.run("change_person", ChangePerson(person=person, tier="gold"), CALL)

    def test_a_note_stands_on_the_timeline_as_it_was_written(self, adapter: Adapter, server: Served) -> None:
        """HTML signs in a text are text."""
        adapter.run("log_activity", note(adapter), CALL)
        body = server.requests[-1].json()["properties"]["hs_note_body"]
        assert body.startswith("<p>Cleaning booked &lt;for Tuesday&gt;<br>at 3 &amp; paid</p>")
        assert len(server.system.snapshot()["contacts"][0]["notes"]) == 1

    def test_a_note_without_a_person_stands_alone(self, adapter: Adapter, server: Served) -> None:
        """The outcome of a call from an unknown number is kept too."""
        adapter.run("log_outcome", NewActivity(text="Unknown request"), CALL)
        assert len(server.system.snapshot()["notes"]) == 1

    def test_a_note_that_quotes_our_reference_is_not_ours(self, adapter: Adapter) -> None:
        """Somebody may paste a reference into a note of their own."""
        quoting = NewActivity(person="2001", text=f"Called about {CALL.reference}")
        adapter.run("log_activity", quoting, SOMEBODY_ELSES)
        assert adapter.read_back("log_activity", note(adapter), CALL) is None
        ours = result(adapter.run("log_activity", note(adapter), CALL))
        assert result(adapter.read_back("log_activity", note(adapter), CALL)) == ours
        assert isinstance(ours, Activity)

    def test_not_found_yet_turns_into_found_within_the_declared_lag(self, server: Served, adapter: Adapter) -> None:
        """The declared lag covers a search that runs a minute behind."""
        system = server.system
        assert isinstance(system, Sandbox)
        system.lag = timedelta(seconds=60)
        made = result(adapter.run("log_activity", note(adapter), CALL))
        assert adapter.read_back("log_activity", note(adapter), CALL) is None
        settle = HubSpot.operations["log_activity"].settle
        assert settle is not None
        system.now = lambda: NOW + settle.lag  # type: ignore[union-attr]
        assert result(adapter.read_back("log_activity", note(adapter), replace(CALL, now=system.now()))) == made

    def test_an_account_without_our_property_refuses(self, server: Served) -> None:
        """A missing custom property is the account's to add; nothing was done."""
        settings = HubSpotSettings(reference="not_there")
        adapter = HubSpot(settings, HubSpotSecret.model_validate({"access_token": "pat-1"}), server.endpoint)
        with pytest.raises(Refused, match="VALIDATION_ERROR"):
            adapter.run("create_person", NewPerson(phone="+13125550199"), CALL)


@pytest.mark.parametrize("category", REFUSALS)
def test_every_category_of_refusal_is_translated(category: str) -> None:
    """Each category raises what the table says, with the category as its code where we have no word of our own."""
    body = {"status": "error", "message": "Mary Moss", "correlationId": "1", "category": category}
    with pytest.raises(SystemFailure) as failure:
        accepted(replied(400, body), Record)
    assert type(failure.value) is REFUSALS[category]
    assert str(failure.value) == f"hubspot: {CODES.get(category, category)}"


@pytest.mark.parametrize(
    ("status", "headers", "kind", "code"),
    [
        (404, {}, NotFound, "http_404"),
        (418, {}, Refused, "http_418"),
        (423, {}, Throttled, "http_423"),
        (477, {"retry-after": "60"}, Throttled, "http_477"),
    ],
)
def test_a_refusal_without_a_category_is_judged_by_its_status(
    status: int, headers: dict[str, str], kind: type[SystemFailure], code: str
) -> None:
    """Gateways in front of HubSpot answer without its error body."""
    with pytest.raises(kind) as failure:
        accepted(replied(status, None, headers), Record)
    assert failure.value.code == code


def test_locks_and_moves_say_how_long_to_wait() -> None:
    """A lock lasts two seconds; a move of the account says itself."""
    for status, headers, seconds in ((423, {}, 2), (477, {"retry-after": "60"}, 60), (477, {}, 3600)):
        with pytest.raises(Throttled) as throttled:
            accepted(replied(status, None, headers), Record)
        assert throttled.value.seconds == seconds


def test_the_sandbox_is_seeded_under_the_adapters_default_names() -> None:
    """The account and the adapter agree on the names of custom properties without any settings."""
    settings = HubSpotSettings()
    assert {word: getattr(settings, word) for word in ("status", "tier", "payments_id", "language")} == {
        word: SEEDED[word] for word in ("status", "tier", "payments_id", "language")
    }
