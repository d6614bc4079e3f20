"""The Twilio adapter against the sandbox account."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.messaging import FindSent, NewText, Sent
from followthrough.errors import NotFound, OutcomeUnknown, Refused, Throttled
from followthrough.integration.twilio.adapter import Twilio
from followthrough.integration.twilio.failures import BUSY, REFUSALS, Refusal, failure
from followthrough.integration.twilio.settings import TwilioSecret, TwilioSettings
from simulation.exchange import Response
from simulation.twilio.server import ACCOUNTS, Twilio as Sandbox
from tests.integration.contract import CALL, NOW, AdapterContract, Trial, result
from tests.integration.served import Served

if TYPE_CHECKING:
    from followthrough.contracts.call import Answer

(SID,) = ACCOUNTS
OURS, THEIRS = "+13125550100", "+13125550142"
TEXT = NewText(to=THEIRS, body="Booked: Tuesday at 3. ¡Gracias!", status_url="https://texts.example/v1/receipts")


class MovingClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


def sandbox() -> Sandbox:
    return Sandbox(lambda: NOW)


def build(secret: str, endpoint: str) -> Twilio:
    settings = TwilioSettings.model_validate({"from": OURS})
    return Twilio(settings, TwilioSecret.model_validate({"account_sid": SID, "auth_token": secret}), endpoint)


def texts(server: Served) -> list[dict[str, str]]:
    messages: list[dict[str, str]] = server.system.snapshot()["messages"]
    return messages


def _send(adapter: Adapter) -> Sent:
    sent = result(adapter.run("send", TEXT, CALL))
    assert isinstance(sent, Sent)
    return sent


class TestTwilioContract(AdapterContract):
    """What every adapter promises."""

    trial = Trial(
        kind=Twilio,
        build=build,
        system=sandbox,
        secret=ACCOUNTS[SID],
        prepare={"send": lambda _: TEXT, "find_sent": lambda adapter: FindSent(id=_send(adapter).id)},
    )

    def test_a_read_back_finds_our_own_record_and_nobody_elses(
        self, read_back: str, adapter: Adapter, server: Served
    ) -> None:
        """Twilio keeps no reference of ours: a text is ours by its number, its very words and its time."""
        assert adapter.read_back(read_back, TEXT, CALL) is None
        server.fault = "drop"
        with pytest.raises(OutcomeUnknown):
            adapter.run(read_back, TEXT, CALL)
        server.fault = None
        for other in ({"body": "Booked: Tuesday at 4."}, {"to": "+13125550143"}):
            assert adapter.read_back(read_back, TEXT.model_copy(update=other), CALL) is None
        assert adapter.read_back(read_back, TEXT, replace(CALL, began=NOW + timedelta(seconds=3))) is None
        assert isinstance(result(adapter.read_back(read_back, TEXT, CALL)), Sent)

    def test_how_a_text_stands_can_be_asked(self, adapter: Adapter, server: Served) -> None:
        """In Twilio's own word for it, at the moment; a message that it does not know is not found."""
        asked = FindSent(id=_send(adapter).id)
        assert result(adapter.run("find_sent", asked, CALL)) == Sent(id=asked.id, status="queued")
        assert isinstance(server.system, Sandbox)
        server.system.messages[asked.id].status = "undelivered"
        assert result(adapter.run("find_sent", asked, CALL)) == Sent(
            id=asked.id, status="undelivered", settled="undelivered"
        )
        with pytest.raises(NotFound):
            adapter.run("find_sent", FindSent(id="SM" + "f" * 32), CALL)

    def test_a_text_goes_out_as_it_was_asked_for(self, adapter: Adapter, server: Served) -> None:
        """From the tenant's number, in the very words, with the address for receipts."""
        sent = result(adapter.run("send", TEXT, CALL))
        assert isinstance(sent, Sent)
        assert texts(server) == [{"id": sent.id, "from": OURS, "to": THEIRS, "body": TEXT.body, "status": "queued"}]
        assert isinstance(server.system, Sandbox)
        assert server.system.messages[sent.id].callback == TEXT.status_url

    def test_a_text_that_still_waits_in_the_queue_is_found(self, adapter: Adapter, server: Served) -> None:
        """A queued message has no date of sending yet, and is there all the same."""
        made = adapter.run("send", TEXT, CALL)
        assert {message["status"] for message in texts(server)} == {"queued"}
        assert adapter.read_back("send", TEXT, CALL) == made

    def test_of_two_equal_texts_the_first_since_then_is_taken(self, adapter: Adapter, server: Served) -> None:
        """A later effect with the same words does not become the evidence of this one."""
        assert isinstance(server.system, Sandbox)
        clock = MovingClock()
        server.system.now = clock
        first = adapter.run("send", TEXT, CALL)
        clock.at += timedelta(seconds=30)
        second = adapter.run("send", TEXT, CALL)
        assert adapter.read_back("send", TEXT, CALL) == first
        assert adapter.read_back("send", TEXT, replace(CALL, began=clock.at)) == second

    def test_twilios_whole_seconds_are_reckoned_with(self, adapter: Adapter) -> None:
        """A message of this very second seems to be older than an attempt that began within it."""
        made = adapter.run("send", TEXT, CALL)
        assert adapter.read_back("send", TEXT, replace(CALL, began=NOW + timedelta(seconds=0.9))) == made

    def test_many_texts_are_searched_through(self, adapter: Adapter) -> None:
        """The one sought may lie on a later page."""
        made = adapter.run("send", TEXT, CALL)
        for number in range(60):
            adapter.run("send", TEXT.model_copy(update={"body": f"{number}"}), CALL)
        assert adapter.read_back("send", TEXT, CALL) == made

    def test_the_words_of_a_trial_account_are_overlooked(self, adapter: Adapter, server: Served) -> None:
        """Twilio puts a sentence of its own before every text of a trial."""
        made = adapter.run("send", TEXT, CALL)
        assert isinstance(server.system, Sandbox)
        (message,) = server.system.messages.values()
        message.body = f"Sent from your Twilio trial account - {message.body}"
        assert adapter.read_back("send", TEXT, CALL) == made

    @pytest.mark.parametrize(
        ("seed", "to", "code"),
        [
            ({"opted_out": [THEIRS]}, THEIRS, "opted_out"),
            ({"landlines": [THEIRS]}, THEIRS, "not_a_mobile"),
            ({}, "13125550142", "invalid_recipient"),
            ({}, OURS, "recipient_is_sender"),
        ],
    )
    def test_a_number_that_cannot_be_texted_is_refused(
        self, seed: dict[str, list[str]], to: str, code: str, adapter: Adapter, server: Served
    ) -> None:
        """Opted out, no mobile, no number: for good, and under our own word."""
        server.system.seed(seed)
        with pytest.raises(Refused, match=f"twilio: {code}"):
            adapter.run("send", TEXT.model_copy(update={"to": to}), CALL)
        assert texts(server) == []

    def test_a_message_that_failed_at_once_is_refused(
        self, adapter: Adapter, server: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Accepted in form, failed in fact."""
        failed = {"sid": "SM1", "status": "failed", "error_code": 30034}
        monkeypatch.setattr(server.system, "handle", lambda _: Response(201, failed))
        with pytest.raises(Refused, match="30034"):
            adapter.run("send", TEXT, CALL)

    def test_a_refusal_that_is_not_twilios_still_is_one(
        self, adapter: Adapter, server: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A gateway that answers instead of Twilio has no code of Twilio's."""
        monkeypatch.setattr(server.system, "handle", lambda _: Response(418, {"said": "teapot"}))
        with pytest.raises(Refused, match="418"):
            adapter.run("send", TEXT, CALL)

    def test_nothing_personal_is_logged(self, adapter: Adapter, caplog: pytest.LogCaptureFixture) -> None:
        """Twilio's package would log the URL of a list, with the number in it."""
        with caplog.at_level(logging.DEBUG):
            adapter.run("send", TEXT, CALL)
            adapter.read_back("send", TEXT, CALL)
        assert "3125550142" not in caplog.text

    def test_the_machines_environment_is_not_the_tenants(self, server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        """A region or an edge in the environment would lead to another host."""
        monkeypatch.setenv("TWILIO_REGION", "au1")
        monkeypatch.setenv("TWILIO_EDGE", "sydney")
        answer: Answer = build(ACCOUNTS[SID], server.endpoint).run("send", TEXT, CALL)
        assert answer.evidence is not None


@pytest.mark.parametrize("code", [*REFUSALS, 21999])
def test_each_of_twilios_refusals_has_its_meaning(code: int) -> None:
    """Every code is refused for good, under our word where there is one, else under its number."""
    kind, word = REFUSALS.get(code, (Refused, str(code)))
    meant = failure(Refusal(404 if kind is NotFound else 400, code, {}))
    assert type(meant) is kind
    assert meant.code == word


@pytest.mark.parametrize("code", [*BUSY])
def test_each_of_twilios_limits_names_its_seconds(code: int) -> None:
    """Twilio's own delay counts, else the one that fits the limit."""
    own = BUSY[code][1]
    for headers, seconds in (({"Retry-After": "12"}, 12), ({}, own), ({"Retry-After": "soon"}, own)):
        meant = failure(Refusal(429, code, headers))
        assert isinstance(meant, Throttled)
        assert (meant.code, meant.seconds) == (BUSY[code][0], seconds)


def test_a_limit_without_a_code_is_one_too() -> None:
    """429 says it all."""
    assert isinstance(failure(Refusal(429, 429, {})), Throttled)


@pytest.mark.parametrize("number", ["3125550100", "whatsapp:+13125550100", "+1 312 555 0100", ""])
def test_a_sender_that_is_no_number_is_refused_at_once(number: str) -> None:
    """The operator learns it when publishing, not with the first text."""
    with pytest.raises(ValidationError):
        TwilioSettings.model_validate({"from": number})
