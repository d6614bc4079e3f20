"""The sandbox Twilio keeps Twilio's rules."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from twilio.request_validator import RequestValidator

from simulation.exchange import Request, Response
from simulation.twilio.server import ACCOUNTS, Twilio

NOW = datetime(2026, 11, 3, 15, 0, 0, 700_000, tzinfo=UTC)
((SID, TOKEN),) = ACCOUNTS.items()
OURS, THEIRS = "+13125550100", "+13125550142"
BASE = f"/2010-04-01/Accounts/{SID}/Messages"


class Phone:
    """Somebody who uses the account."""

    def __init__(self, lag: timedelta = timedelta(0)) -> None:
        self.at = NOW
        self.account = Twilio(lambda: self.at, lag)

    def ask(
        self, method: str, url: str, form: dict[str, str] | None = None, user: str = SID, token: str = TOKEN
    ) -> Response:
        credentials = base64.b64encode(f"{user}:{token}".encode()).decode()
        place = urlsplit(url)
        query = parse_qs(place.query, keep_blank_values=True)
        headers = {"authorization": f"Basic {credentials}"}
        return self.account.handle(Request(method, place.path, query, headers, urlencode(form or {}).encode()))

    def text(self, **changes: str) -> Response:
        return self.ask("POST", f"{BASE}.json", {"To": THEIRS, "From": OURS, "Body": "Booked", **changes})

    def list(self, **query: str) -> Any:
        return self.ask("GET", f"{BASE}.json?{urlencode(query)}").body


@pytest.fixture
def phone() -> Phone:
    """A phone of an account without messages."""
    return Phone()


def body(response: Response) -> Any:
    return response.body


def test_a_text_is_accepted_and_kept(phone: Phone) -> None:
    """201 with the whole resource: queued, with RFC 2822 times in whole seconds."""
    answer = phone.text(Body="¡Reservado!")
    assert answer.status == 201
    made = body(answer)
    assert (made["to"], made["from"], made["body"], made["status"]) == (THEIRS, OURS, "¡Reservado!", "queued")
    assert (made["date_created"], made["date_sent"]) == ("Tue, 03 Nov 2026 15:00:00 +0000", None)
    assert made["sid"].startswith("SM")
    assert len(made["sid"]) == 34
    assert body(phone.ask("GET", f"{BASE}/{made['sid']}.json")) == made
    assert phone.account.snapshot() == {
        "messages": [{"id": made["sid"], "from": OURS, "to": THEIRS, "body": "¡Reservado!", "status": "queued"}]
    }


@pytest.mark.parametrize(("user", "token"), [(SID, "wrong"), ("AC" + "9" * 32, TOKEN), ("", "")])
def test_wrong_credentials_are_401(user: str, token: str, phone: Phone) -> None:
    """The account's SID and token, as Basic authentication."""
    answer = phone.ask("POST", f"{BASE}.json", {"To": THEIRS, "From": OURS, "Body": "x"}, user, token)
    assert (answer.status, body(answer)["code"]) == (401, 20003)
    assert phone.account.snapshot() == {"messages": []}


def test_credentials_that_are_none_are_401(phone: Phone) -> None:
    """Neither a Bearer token nor bad base64 breaks anything."""
    for authorization in ("Bearer x", "Basic !!!", ""):
        request = Request("GET", f"{BASE}.json", headers={"authorization": authorization})
        assert phone.account.handle(request).status == 401


def test_every_account_sees_its_own_messages(phone: Phone) -> None:
    """A second tenant's account is another world."""
    other = "AC" + "1" * 32
    phone.account.seed({"accounts": {other: "theirs"}})
    made = body(phone.text())["sid"]
    place = f"/2010-04-01/Accounts/{other}/Messages"
    assert body(phone.ask("GET", f"{place}.json", user=other, token="theirs"))["messages"] == []
    assert phone.ask("GET", f"{place}/{made}.json", user=other, token="theirs").status == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": ""}, 21604),
        ({"From": ""}, 21603),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"To": "13125550142"}, 21211),
        ({"From": "Dentist"}, 21212),
        ({"To": OURS}, 21266),
        ({"To": "+13125550001"}, 21610),
        ({"To": "+13125550002"}, 21614),
    ],
)
def test_what_cannot_be_sent_is_refused_by_its_code(changes: dict[str, str], code: int, phone: Phone) -> None:
    """400 with Twilio's code and a link to it; nothing is kept."""
    phone.account.seed({"opted_out": ["+13125550001"], "landlines": ["+13125550002"]})
    answer = phone.text(**changes)
    assert answer.status == 400
    said = body(answer)
    assert (said["code"], said["status"]) == (code, 400)
    assert said["more_info"].endswith(f"/{code}")
    assert phone.account.snapshot() == {"messages": []}


@pytest.mark.parametrize(
    "place", ["/2010-04-01/Accounts/x/Messages.json", f"{BASE}/SM0.json", f"{BASE}/SM0/Media.json"]
)
def test_what_does_not_exist_is_404(place: str, phone: Phone) -> None:
    """Twilio's own body for it."""
    answer = phone.ask("GET", place)
    assert (answer.status, body(answer)["code"]) == (404, 20404)


def test_lists_are_narrowed_down(phone: Phone) -> None:
    """By either number; the newest first."""
    first, second = body(phone.text())["sid"], body(phone.text(To="+13125550143"))["sid"]
    assert [one["sid"] for one in phone.list()["messages"]] == [second, first]
    assert [one["sid"] for one in phone.list(To=THEIRS, From=OURS)["messages"]] == [first]
    assert phone.list(From="+13125550199")["messages"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"DateSent": "2026-11-03"}, True),
        ({"DateSent": "2026-11-04"}, False),
        ({"DateSent>": "2026-11-03"}, True),
        ({"DateSent>": "2026-11-04"}, False),
        ({"DateSent<": "2026-11-03"}, True),
        ({"DateSent<": "2026-11-02"}, False),
    ],
)
def test_lists_are_narrowed_down_by_the_day_of_sending(query: dict[str, str], phone: Phone, *, found: bool) -> None:
    """What still waits in the queue was sent on no day."""
    phone.text()
    assert phone.list(**query)["messages"] == []
    phone.account.due_callbacks()
    assert (phone.list(**query)["messages"] != []) is found


def test_lists_have_pages(phone: Phone) -> None:
    """`next_page_uri` leads on, with the filters kept, until it is null."""
    for number in range(5):
        phone.text(Body=f"{number}")
    phone.text(To="+13125550143")
    page, seen = phone.list(To=THEIRS, PageSize="2"), []
    while True:
        seen += [one["body"] for one in page["messages"]]
        if page["next_page_uri"] is None:
            break
        page = body(phone.ask("GET", page["next_page_uri"]))
    assert seen == ["4", "3", "2", "1", "0"]
    assert page["page"] == 2
    assert page["previous_page_uri"] is not None


def test_a_list_may_lag() -> None:
    """A message of this moment is not listed yet, though it can be fetched."""
    phone = Phone(timedelta(seconds=10))
    sid = body(phone.text())["sid"]
    assert phone.list()["messages"] == []
    assert phone.ask("GET", f"{BASE}/{sid}.json").status == 200
    phone.at += timedelta(seconds=10)
    assert [one["sid"] for one in phone.list()["messages"]] == [sid]


@pytest.mark.parametrize(("unreachable", "ending"), [([], "delivered"), ([THEIRS], "undelivered")])
def test_a_message_goes_its_way_and_reports_it(unreachable: list[str], ending: str, phone: Phone) -> None:
    """Sent, then delivered or not, each report once, in order, with a signature that Twilio's own validator accepts."""
    phone.account.seed({"unreachable": unreachable})
    url = "https://public.example/v1/receipts?way=texts"
    sid = body(phone.text(StatusCallback=url))["sid"]
    callbacks = [*phone.account.due_callbacks(), *phone.account.due_callbacks(), *phone.account.due_callbacks()]
    assert [callback.form["MessageStatus"] for callback in callbacks] == ["sent", ending]
    for callback in callbacks:
        assert (callback.url, callback.form["MessageSid"], callback.form["To"]) == (url, sid, THEIRS)
        assert RequestValidator(TOKEN).validate(url, dict(callback.form), callback.headers["X-Twilio-Signature"])
    assert callbacks[-1].form.get("ErrorCode") == ("30003" if unreachable else None)
    final = body(phone.ask("GET", f"{BASE}/{sid}.json"))
    assert (final["status"], final["error_code"]) == (ending, 30003 if unreachable else None)


def test_without_a_url_nothing_is_reported(phone: Phone) -> None:
    """The message goes its way all the same."""
    sid = body(phone.text())["sid"]
    assert [phone.account.due_callbacks() for _ in range(2)] == [[], []]
    assert body(phone.ask("GET", f"{BASE}/{sid}.json"))["status"] == "delivered"


def test_trouble_is_worded_as_twilio_does(phone: Phone) -> None:
    """Twilio's package reads these bodies."""
    assert [body(Response(0, phone.account.fault_body(status)))["code"] for status in (429, 500)] == [20429, 20500]
