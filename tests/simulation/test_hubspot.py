"""The sandbox HubSpot speaks HubSpot's dialect."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulation.hubspot.server import READ, WRITE, HubSpot
from tests.simulation.asking import ask

NOW = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
KNOWN = {"authorization": "Bearer pat-na1-1"}
CONTACTS = "/crm/objects/2026-03/contacts"
NOTES = "/crm/objects/2026-03/notes"


@pytest.fixture
def hubspot() -> HubSpot:
    system = HubSpot(lambda: NOW)
    system.seed({"contacts": [{"id": "1", "name": "Mary Moss", "phone": "+13125550142", "email": "mary@moss.example"}]})
    return system


def search(system: HubSpot, name: str, operator: str, value: str, path: str = CONTACTS, **further: Any) -> list[str]:
    condition = {"propertyName": name, "operator": operator, "value": value}
    body = {"filterGroups": [{"filters": [condition]}], **further}
    status, answer = ask(system, "POST", f"{path}/search", body, headers=KNOWN)
    assert status == 200
    return [found["id"] for found in answer["results"]]


def refused(answer: tuple[int, Any]) -> tuple[int, str]:
    status, body = answer
    assert body["status"] == "error"
    assert body["message"]
    assert body["correlationId"]
    return status, body["category"]


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer sk_1"}])
def test_who_is_not_known_is_refused(hubspot: HubSpot, headers: dict[str, str]) -> None:
    """Every path asks for a token first."""
    answer = ask(hubspot, "POST", f"{CONTACTS}/search", {}, headers=headers)
    assert refused(answer) == (401, "INVALID_AUTHENTICATION")


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", f"{CONTACTS}/404", None, (404, "OBJECT_NOT_FOUND")),
        ("PATCH", f"{CONTACTS}/404", {"properties": {}}, (404, "OBJECT_NOT_FOUND")),
        ("GET", "/crm/objects/2026-03/dragons/1", None, (404, "OBJECT_NOT_FOUND")),
        ("POST", CONTACTS, b"{", (400, "VALIDATION_ERROR")),
        ("POST", CONTACTS, [], (400, "VALIDATION_ERROR")),
        ("POST", CONTACTS, {"properties": {"shoe_size": "9"}}, (400, "VALIDATION_ERROR")),
        ("POST", CONTACTS, {"properties": {"email": "nonsense"}}, (400, "VALIDATION_ERROR")),
        ("POST", CONTACTS, {"properties": {"hs_language": "xx-YY"}}, (400, "VALIDATION_ERROR")),
        ("POST", CONTACTS, {"properties": {"hs_language": "pt-BR"}}, (400, "VALIDATION_ERROR")),
        ("POST", CONTACTS, {"properties": {"lastname": "x" * 70_000}}, (400, "VALIDATION_ERROR")),
        ("POST", NOTES, {"properties": {"hs_timestamp": "yesterday"}}, (400, "VALIDATION_ERROR")),
        ("POST", f"{CONTACTS}/batch/read", {"idProperty": "phone", "inputs": [{"id": "1"}]}, (400, "VALIDATION_ERROR")),
        ("GET", "/crm/v3/objects/contacts/1", None, (404, "OBJECT_NOT_FOUND")),
        ("POST", CONTACTS, {"properties": {"email": "mary@moss.example"}}, (409, "CONFLICT")),
        ("POST", NOTES, {"properties": {"hs_note_body": "no time"}}, (400, "VALIDATION_ERROR")),
        ("POST", NOTES, {"properties": {"hs_timestamp": "1", "hs_note_body": "x" * 70_000}}, (400, "VALIDATION_ERROR")),
        ("POST", f"{CONTACTS}/search", {"limit": 201}, (400, "VALIDATION_ERROR")),
        ("POST", f"{CONTACTS}/search", {"after": "x"}, (400, "VALIDATION_ERROR")),
        ("POST", f"{CONTACTS}/search", {"filterGroups": [{"filters": []}] * 6}, (400, "VALIDATION_ERROR")),
    ],
)
def test_mistakes_are_refused_in_hubspots_own_form(
    hubspot: HubSpot, method: str, path: str, body: Any, expected: tuple[int, str]
) -> None:
    """SB-4: each mistake has HubSpot's status and category, and changes nothing."""
    before = hubspot.snapshot()
    assert refused(ask(hubspot, method, path, body, headers=KNOWN)) == expected
    assert hubspot.snapshot() == before


@pytest.mark.parametrize(("to", "type_id", "status"), [("404", 202, 404), ("1", 203, 400)])
def test_a_note_on_nobody_is_refused(hubspot: HubSpot, to: str, type_id: int, status: int) -> None:
    """An association needs a contact that exists and the type of a note on a contact."""
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    note = {"properties": {"hs_timestamp": "1"}, "associations": [{"to": {"id": to}, "types": [kind]}]}
    assert refused(ask(hubspot, "POST", NOTES, note, headers=KNOWN))[0] == status
    assert hubspot.snapshot()["notes"] == []


def test_a_search_runs_behind_by_the_lag(hubspot: HubSpot) -> None:
    """A new contact, and a changed property, are found only after the lag, while a plain read shows them at once."""
    hubspot.lag = timedelta(seconds=10)
    new = {"properties": {"phone": "+13125550199"}}
    status, created = ask(hubspot, "POST", CONTACTS, new, headers=KNOWN)
    ask(hubspot, "PATCH", f"{CONTACTS}/1", {"properties": {"customer_tier": "gold"}}, headers=KNOWN)
    assert status == 201
    assert search(hubspot, "phone", "EQ", "+13125550199") == []
    assert search(hubspot, "customer_tier", "EQ", "gold") == []
    assert ask(hubspot, "GET", f"{CONTACTS}/{created['id']}", headers=KNOWN)[0] == 200
    hubspot.now = lambda: NOW + timedelta(seconds=10)
    assert search(hubspot, "phone", "EQ", "+13125550199") == [created["id"]]
    assert search(hubspot, "customer_tier", "EQ", "gold") == ["1"]


def test_a_token_is_a_whole_word(hubspot: HubSpot) -> None:
    """Half a word is no token unless a star stands for the rest."""
    note = {"properties": {"hs_timestamp": "1", "hs_note_body": "<p>Reference abcdef</p>"}}
    _, made = ask(hubspot, "POST", NOTES, note, headers=KNOWN)
    assert search(hubspot, "hs_note_body", "CONTAINS_TOKEN", "ABCDEF", NOTES) == [made["id"]]
    assert search(hubspot, "hs_note_body", "CONTAINS_TOKEN", "abc", NOTES) == []
    assert search(hubspot, "hs_note_body", "CONTAINS_TOKEN", "abc*", NOTES) == [made["id"]]


def test_a_search_is_paged_and_sorted(hubspot: HubSpot) -> None:
    """`after` names where the next page begins; the last page names none."""
    hubspot.seed({"contacts": [{"name": f"Person {n}", "phone": f"+1312555020{n}"} for n in range(4)]})
    order = [{"propertyName": "phone", "direction": "DESCENDING"}]
    pages = []
    after = "0"
    while after:
        body = {"sorts": order, "limit": 2, "after": after, "properties": ["phone"]}
        _, answer = ask(hubspot, "POST", f"{CONTACTS}/search", body, headers=KNOWN)
        assert answer["total"] == 5
        pages.append([found["properties"]["phone"][-1] for found in answer["results"]])
        after = answer.get("paging", {}).get("next", {}).get("after")
    assert pages == [["3", "2"], ["1", "0"], ["2"]]


def test_the_snapshot_reads_like_a_card(hubspot: HubSpot) -> None:
    """A person compares before and after by it."""
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}
    note = {"hs_timestamp": "1", "hs_note_body": "<p>Came&nbsp;in</p><p>twice</p>".replace("&nbsp;", " ")}
    body = {"properties": note, "associations": [{"to": {"id": "1"}, "types": [kind]}]}
    ask(hubspot, "POST", NOTES, body, headers=KNOWN)
    card = {"id": "1", "name": "Mary Moss", "phone": "+13125550142", "email": "mary@moss.example"}
    unset = {"status": "", "tier": "", "payments_id": ""}
    assert hubspot.snapshot() == {"contacts": [{**card, **unset, "notes": ["Came in twice"]}], "notes": []}


def test_a_seed_without_a_number_is_a_mistake(hubspot: HubSpot) -> None:
    """A contact that cannot be found by phone is of no use to a scenario."""
    with pytest.raises(KeyError, match="phone"):
        hubspot.seed({"contacts": [{"name": "Nobody"}]})


def test_there_is_one_contact_for_each_value_of_a_unique_property(hubspot: HubSpot) -> None:
    """HS-3: an upsert creates or changes, whatever the search knows; a plain creation is refused."""
    hubspot.lag = timedelta(minutes=1)
    path, number = f"{CONTACTS}/batch/upsert", "+13125550199"
    inputs = [{"idProperty": "followthrough_number", "id": number, "properties": {"phone": number}}]
    made = [ask(hubspot, "POST", path, {"inputs": inputs}, headers=KNOWN)[1]["results"][0] for _ in range(2)]
    assert [it["new"] for it in made] == [True, False]
    assert len({it["id"] for it in made}) == 1
    twice = ask(hubspot, "POST", CONTACTS, {"properties": {"followthrough_number": number}}, headers=KNOWN)
    assert refused(twice) == (400, "VALIDATION_ERROR")


def test_what_is_read_by_a_unique_property_is_there_at_once(hubspot: HubSpot) -> None:
    """HS-3: what is not there is told beside what is, with 207."""
    hubspot.lag = timedelta(minutes=1)
    ask(hubspot, "POST", CONTACTS, {"properties": {"followthrough_number": "+1"}}, headers=KNOWN)
    body = {"idProperty": "followthrough_number", "inputs": [{"id": "+1"}, {"id": "+2"}], "properties": ["phone"]}
    status, answer = ask(hubspot, "POST", f"{CONTACTS}/batch/read", body, headers=KNOWN)
    assert (status, len(answer["results"]), answer["numErrors"]) == (207, 1, 1)
    assert answer["errors"][0]["category"] == "OBJECT_NOT_FOUND"


@pytest.mark.parametrize(("scopes", "reads", "writes"), [(set(), 403, 403), ({READ}, 200, 403), ({WRITE}, 403, 404)])
def test_a_key_may_do_what_its_scopes_say(hubspot: HubSpot, scopes: set[str], reads: int, writes: int) -> None:
    """HS-1: what a key may do is looked at before whether there is such a contact."""
    hubspot.scopes = scopes
    assert ask(hubspot, "GET", "/crm/properties/2026-03/contacts", headers=KNOWN)[0] == reads
    assert ask(hubspot, "PATCH", f"{CONTACTS}/0", {"properties": {}}, headers=KNOWN)[0] == writes
