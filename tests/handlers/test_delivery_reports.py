"""The handler of SES's reports: each of a batch is taken, and what cannot be is named."""

import json
from collections.abc import Iterator

import pytest

from followthrough.engine.ports import Ports
from followthrough.handlers.delivery_reports import ReportsLeftError, mail_report_entry
from followthrough.integration.ses.reports import read_mail_report
from tests.confirmation.test_mail_reports import MAIL, published
from tests.handlers.environment import Invoked, lambda_environment, written


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """The environment of a function, with AWS in memory."""
    with lambda_environment():
        yield


def about(message: str, kind: str = "Delivery") -> str:
    return json.dumps({**json.loads(published(kind)), "mail": {**MAIL, "messageId": message}})


def handed_over(*messages: str, broken: str = "") -> tuple[list[str], list[str]]:
    """Hand a batch over as SNS does; return which notifications were left, and what was received. `broken` breaks.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    """
    received: list[str] = []

    def receive(text: str, ports: Ports) -> None:
        if text == broken:
            raise ConnectionError(f"no answer about {MAIL['destination']}")
        read_mail_report(text)
        received.append(text)

    records = [{"Sns": {"MessageId": f"n{number}", "Message": it}} for number, it in enumerate(messages)]
    try:
        mail_report_entry(receive)({"Records": records}, Invoked())
    except ReportsLeftError as left:
        return str(left).split(", "), received
    return [], received


def test_each_report_is_received() -> None:
    """In the order of the batch, as SES wrote it."""
    assert handed_over(about("m1"), about("m2", "Bounce")) == ([], [about("m1"), about("m2", "Bounce")])


def test_a_malformed_report_does_not_take_others_with_it(caplog: pytest.LogCaptureFixture) -> None:
    """It is named by its notification and its fault; nothing of its text is logged."""
    left, received = handed_over('{"eventType": "Bounce", "to": "a@b.example"}', about("m1"), "nonsense")
    assert (left, received) == (["n0", "n2"], [about("m1")])
    assert "not an event of SES: mail" in written(caplog)
    assert "a@b.example" not in written(caplog)


def test_what_breaks_does_not_take_others_with_it(caplog: pytest.LogCaptureFixture) -> None:
    """Lambda will hand the batch over again; the log names what broke, and no address."""
    left, received = handed_over(about("m1"), about("m2"), broken=about("m1"))
    assert (left, received) == (["n0"], [about("m2")])
    assert "ConnectionError" in written(caplog)
    assert "recipient" not in written(caplog)
