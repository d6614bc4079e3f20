"""The HubSpot adapter against the sandbox account."""

from dataclasses import replace
from datetime import timedelta
from json import dumps
from typing import Any

import pytest

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.crm import Activity, ChangePerson, FindPerson, NewActivity, NewPerson, Person
from followthrough.errors import NotFound, Refused, SystemFailure, Throttled, Unreachable
from followthrough.integration.hubspot.adapter import HubSpot
from followthrough.integration.hubspot.failures import CODES, REFUSALS, accepted, throttled
from followthrough.integration.hubspot.records import Record
from followthrough.integration.hubspot.settings import HubSpotSecret, HubSpotSettings
from simulation.exchange import Request
from simulation.hubspot.account import SEEDED
from simulation.hubspot.properties import Property
from simulation.hubspot.server import READ, WRITE, HubSpot as Sandbox
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
    return request.method != "GET" and not request.path.endswith(("/search", "/batch/read"))


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

    @pytest.mark.parametrize("written", ["(312) 555-0142", "312.555.0177", "+1 312 555 0177", "+13125550177"])
    def test_a_person_is_found_by_the_mobile_number_however_it_was_typed(
        self, written: str, adapter: Adapter, server: Served
    ) -> None:
        """HS-2: the blocked and the golden are known by their mobile numbers, too."""
        phone = "+13125550177" if "0177" in written else "+13125550142"
        mobile = {
            "id": "1",
            "name": "Mo Bile",
            "phone": "",
            "status": "blocked",
            "properties": {"mobilephone": written},
        }
        server.system = Sandbox(lambda: NOW)
        server.system.seed({"contacts": [mobile]})
        found = result(adapter.run("find_person", FindPerson(phone=phone), CALL))
        assert isinstance(found, Person)
        assert (found.id, found.status) == ("1", "blocked")

    def test_a_mobile_number_of_another_country_is_another_person(self, adapter: Adapter, server: Served) -> None:
        """HS-2: that calculated number drops the country as well."""
        abroad = {"name": "Swiss Sam", "phone": "", "properties": {"mobilephone": "+41446681800"}}
        server.system.seed({"contacts": [abroad]})
        assert adapter.run("find_person", FindPerson(phone="+49446681800"), CALL).result is None

    def test_who_was_created_moments_ago_is_found_and_not_created_again(self, adapter: Adapter, server: Served) -> None:
        """HS-3: no search knows the contact yet; it is found by its number, whole, and creating it again is it."""
        assert isinstance(server.system, Sandbox)
        server.system.lag = timedelta(minutes=2)
        new = NewPerson(phone="+13125550199", language="en")
        made = result(adapter.run("create_person", new, CALL))
        assert isinstance(made, Person)
        adapter.run("change_person", ChangePerson(person=made.id, status="blocked", tier="gold"), CALL)
        found = result(adapter.run("find_person", FindPerson(phone="+13125550199"), SOMEBODY_ELSES))
        assert isinstance(found, Person)
        assert (found.id, found.status, found.tier) == (made.id, "blocked", "gold")
        again = adapter.run("create_person", new, SOMEBODY_ELSES)
        assert result(again) == found
        assert again.evidence is not None
        assert again.evidence.status == "found"
        HubSpot.operations["create_person"].check("hubspot", new, again, SOMEBODY_ELSES)
        assert len(server.system.records["contacts"]) == 2

    def test_two_who_create_at_once_create_one(self, adapter: Adapter, server: Served) -> None:
        """HS-3: between the look and the creation somebody else creates it: the upsert takes theirs."""
        rival = build("pat-2", server.endpoint)
        new = NewPerson(phone="+13125550199")

        def meanwhile(request: Request) -> bool:
            if request.path.endswith("/batch/upsert"):
                server.when = lambda _: False
                body = {"inputs": [{"idProperty": "followthrough_number", "id": new.phone, "properties": {}}]}
                server.system.handle(replace(request, body=dumps(body).encode()))
            return False

        server.when = meanwhile
        made = rival.run("create_person", new, CALL)
        assert made.evidence is not None
        assert made.evidence.status == "found"
        assert sum(it["phone"] == new.phone for it in server.system.snapshot()["contacts"]) == 1

    def test_a_number_that_went_to_somebody_else_is_a_new_person(self, adapter: Adapter, server: Served) -> None:
        """HS-3: whom a contact was created for may have another number by now; their number is not them any more."""
        new = NewPerson(phone="+13125550199")
        first = result(adapter.run("create_person", new, CALL))
        assert isinstance(first, Person)
        assert isinstance(server.system, Sandbox)
        record = server.system.records["contacts"][first.id]
        record.versions.append((NOW, {**record.properties, "phone": "+13125550188"}))
        assert adapter.run("find_person", FindPerson(phone=new.phone), CALL).result is None
        second = result(adapter.run("create_person", new, SOMEBODY_ELSES))
        assert isinstance(second, Person)
        assert second.id != first.id
        assert result(adapter.run("find_person", FindPerson(phone=new.phone), CALL)) == second

    def test_a_withheld_number_is_a_person_of_its_own_each_time(self, adapter: Adapter) -> None:
        """HS-3: `anonymous` is not the number of one person."""
        made = [adapter.run("create_person", NewPerson(phone="anonymous"), call) for call in (CALL, SOMEBODY_ELSES)]
        assert len({str(result(it)) for it in made}) == 2

    @pytest.mark.parametrize(
        ("language", "written"),
        [("en", "en"), ("es-MX", "es-mx"), ("es-AR", "es"), ("pt-BR", "pt-br"), ("en-GB", "en"), ("tlh", None)],
    )
    def test_a_language_is_one_of_hubspots_options(
        self, language: str, written: str | None, adapter: Adapter, server: Served
    ) -> None:
        """HS-4: in HubSpot's spelling, or left out; the contact is created in any case."""
        made = result(adapter.run("create_person", NewPerson(phone="+13125550199", language=language), CALL))
        assert isinstance(made, Person)
        assert isinstance(server.system, Sandbox)
        assert server.system.records["contacts"][made.id].properties.get("hs_language") == written

    def test_an_accounts_own_property_takes_a_language_as_it_is(self, server: Served) -> None:
        """HS-4: only HubSpot's own property has options."""
        server.system.seed({"properties": ["speaks"]})
        settings = HubSpotSettings(language="speaks")
        adapter = HubSpot(settings, HubSpotSecret.model_validate({"access_token": "pat-1"}), server.endpoint)
        adapter.run("create_person", NewPerson(phone="+13125550199", language="pt-BR"), CALL)
        assert server.requests[-1].json()["inputs"][0]["properties"]["speaks"] == "pt-BR"

    def test_every_address_is_of_the_dated_api_and_holds_no_number(self, adapter: Adapter, server: Served) -> None:
        """HS-1: /crm/v3 ends in 2027; and addresses end up in logs."""
        assert isinstance(adapter, HubSpot)
        adapter.check()
        for operation, prepare in self.trial.prepare.items():
            adapter.run(operation, prepare(adapter), CALL)
        assert all(request.path.split("/")[3] == "2026-03" for request in server.requests)
        assert not any("5550" in f"{request.path} {request.query}" for request in server.requests)

    def test_an_account_that_has_everything_is_told_nothing(self, adapter: Adapter, server: Served) -> None:
        """HS-1: a check changes nothing."""
        before = server.system.snapshot()
        assert isinstance(adapter, HubSpot)
        assert adapter.check() == []
        assert server.system.snapshot() == before

    @pytest.mark.parametrize(
        ("name", "defined", "said"),
        [
            ("followthrough_number", None, "create a single-line text that requires unique values"),
            ("followthrough_number", Property(), "does not require unique values"),
            ("followthrough_reference", None, "there is no contact property `followthrough_reference`"),
            ("followthrough_reference", Property("number"), "is no single-line text"),
            ("customer_tier", None, "there is no contact property `customer_tier`"),
            ("customer_tier", Property("datetime"), "is no single-line text"),
            ("customer_tier", Property("enumeration", options=("gold",)), None),
            ("stripe_customer_id", Property("number"), "is no single-line text"),
        ],
    )
    def test_what_an_account_lacks_is_said(
        self, name: str, defined: Property | None, said: str | None, adapter: Adapter, server: Served
    ) -> None:
        """HS-1: each property that is missing or of another kind is one sentence, which says what to create."""
        assert isinstance(server.system, Sandbox)
        assert isinstance(adapter, HubSpot)
        known = server.system.defined["contacts"]
        server.system.defined["contacts"] = (
            {**known, name: defined} if defined else {k: v for k, v in known.items() if k != name}
        )
        found = adapter.check()
        assert len(found) == (said is not None)
        assert all(f"`{name}`" in it and str(said) in it for it in found)

    @pytest.mark.parametrize(
        ("scopes", "token", "said"),
        [
            ({READ}, "pat-1", WRITE),
            ({WRITE}, "pat-1", READ),
            ({READ, WRITE}, "wrong", "refuses the key"),
        ],
    )
    def test_what_a_key_lacks_is_said(self, scopes: set[str], token: str, said: str, server: Served) -> None:
        """HS-1: a scope that is missing is named, before the first customer meets it."""
        assert isinstance(server.system, Sandbox)
        server.system.scopes = scopes
        (sentence,) = build(token, server.endpoint).check()
        assert said in sentence
        assert "Service key" in sentence

    @pytest.mark.parametrize("fault", ["throttle", "crash", "drop"])
    def test_an_account_that_is_away_says_nothing_of_itself(self, fault: str, adapter: Adapter, server: Served) -> None:
        """HS-1: an outage is no sentence about the account."""
        server.fault = fault
        assert isinstance(adapter, HubSpot)
        with pytest.raises((Throttled, Unreachable)):
            adapter.check()

    @pytest.mark.parametrize("asked", ["find_person", "log_activity"])
    def test_a_used_up_day_ends_at_midnight(self, asked: str, adapter: Adapter, server: Served) -> None:
        """THR-1: it is nine in the morning in Chicago; HubSpot counts anew at midnight."""
        request = self.trial.prepare[asked](adapter)
        assert isinstance(server.system, Sandbox)
        answer = server.system.limited(Request("POST", "/"), 86_400)
        server.answers = lambda _: answer
        with pytest.raises(Throttled) as throttled:
            adapter.run(asked, request, CALL)
        assert (throttled.value.code, throttled.value.seconds) == ("daily_limit", 15 * 3600)

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


@pytest.mark.parametrize(
    ("body", "headers", "code", "seconds"),
    [
        ({"policyName": "SECONDLY"}, {}, "too_many_requests", 1),
        ({"policyName": "secondly"}, {"X-HubSpot-RateLimit-Interval-Milliseconds": "10000"}, "too_many_requests", 1),
        ({"policyName": "TEN_SECONDLY_ROLLING"}, {}, "too_many_requests", 10),
        ({"policyName": "DAILY"}, {"X-HubSpot-RateLimit-Interval-Milliseconds": "10000"}, "daily_limit", 86_400),
        ({"policyName": "ODD"}, {"X-HubSpot-RateLimit-Interval-Milliseconds": "5000"}, "too_many_requests", 5),
        ({"policyName": "TEN_SECONDLY_ROLLING"}, {"Retry-After": "7"}, "too_many_requests", 7),
        (None, {}, "too_many_requests", 10),
        (None, {"X-HubSpot-RateLimit-Interval-Milliseconds": "soon"}, "too_many_requests", 10),
    ],
)
def test_a_429_is_read_by_hubspots_own_rules(body: Any, headers: dict[str, str], code: str, seconds: float) -> None:
    """THR-1: by the limit's name, or the window's length, which searches do not tell; Retry-After before both."""
    read = throttled(replied(429, body, headers))
    assert (read.code, read.seconds) == (code, seconds)


@pytest.mark.parametrize("seconds", [1, 10])
def test_the_sandbox_words_a_limit_as_hubspot_does(seconds: int) -> None:
    """SB-4: the limit's name and no category, the window in headers that searches lack, and no Retry-After."""
    for path in ("/crm/objects/2026-03/contacts", "/crm/objects/2026-03/contacts/search"):
        limited = sandbox().limited(Request("POST", path), seconds)
        assert isinstance(limited.body, dict)
        assert limited.body["errorType"] == "RATE_LIMIT"
        assert "category" not in limited.body
        assert "Retry-After" not in limited.headers
        assert bool(limited.headers) != path.endswith("search")
        assert throttled(replied(429, limited.body, limited.headers)).seconds == seconds


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
