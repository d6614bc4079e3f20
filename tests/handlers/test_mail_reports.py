"""The handler of SES's reports: each of a batch is taken, and what cannot be is named."""

import json
from collections.abc import Iterator

import pytest

from followthrough.agents.work import Ports
from followthrough.handlers.mail_reports import ReportsLeftError, mail_report_entry
from tests.confirmation.test_mail_reports import MAIL, published
from tests.handlers.environment import lambda_environment, written


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """The environment of a function, with AWS in memory."""
    with lambda_environment():
        yield


def about(message: str, kind: str = "Delivery") -> str:
    return json.dumps({**json.loads(published(kind)), "mail": {**MAIL, "messageId": message}})


def handed_over(*messages: str, broken: str = "") -> tuple[list[str], list[tuple[str, str, str]]]:
    """Hand a batch over as SNS does; return which notifications were left, and what was taken. `broken` breaks taking.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    """
    taken: list[tuple[str, str, str]] = []

    def take(ports: Ports, tenant: str, message: str, status: str) -> None:
        if message == broken:
            raise ConnectionError(f"no answer about {MAIL['destination']}")
        taken.append((tenant, message, status))

    records = [{"Sns": {"MessageId": f"n{number}", "Message": it}} for number, it in enumerate(messages)]
    try:
        mail_report_entry(take)({"Records": records}, None)
    except ReportsLeftError as left:
        return str(left).split(", "), taken
    return [], taken


def test_each_report_is_taken_in_our_words() -> None:
    """What settles nothing is not taken at all."""
    left, taken = handed_over(about("m1"), about("m2", "Bounce"), about("m3", "DeliveryDelay"), about("m4", "Reject"))
    assert left == []
    assert taken == [("brightsmile", *it) for it in (("m1", "delivered"), ("m2", "bounced"), ("m4", "rejected"))]


def test_a_malformed_report_does_not_take_others_with_it(caplog: pytest.LogCaptureFixture) -> None:
    """It is named by its notification and its fault; nothing of its text is logged."""
    left, taken = handed_over('{"eventType": "Bounce", "to": "a@b.example"}', about("m1"), "nonsense")
    assert (left, taken) == (["n0", "n2"], [("brightsmile", "m1", "delivered")])
    assert "not an event of SES: mail" in written(caplog)
    assert "a@b.example" not in written(caplog)


def test_what_breaks_does_not_take_others_with_it(caplog: pytest.LogCaptureFixture) -> None:
    """Lambda will hand the batch over again; the log names what broke, and no address."""
    left, taken = handed_over(about("m1"), about("m2"), broken="m1")
    assert (left, taken) == (["n0"], [("brightsmile", "m2", "delivered")])
    assert "ConnectionError" in written(caplog)
    assert "recipient" not in written(caplog)
