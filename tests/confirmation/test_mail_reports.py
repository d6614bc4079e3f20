"""What SES publishes about a mail is read, whatever else it publishes."""

import json
from typing import Any

import pytest

from followthrough.contracts.report import DELIVERED, FAILED, DeliveryReport
from followthrough.errors import Malformed
from followthrough.integration.ses.reports import SETTLED, read_mail_report

MAIL: dict[str, Any] = {
    "timestamp": "2017-08-05T00:40:02.012Z",
    "source": "Sender Name <sender@example.com>",
    "messageId": "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000",
    "destination": ["recipient@example.com"],
    "headersTruncated": False,
    "tags": {"ses:configuration-set": ["ConfigSet"], "tenant": ["brightsmile"]},
}
BOUNCE = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "recipient@example.com"}]}


def published(kind: str, **more: Any) -> str:
    return json.dumps({"eventType": kind, "mail": MAIL, **more})


def test_an_event_names_tenant_mail_and_what_happened() -> None:
    """By the tag that the adapter gave, and the id that SES answered."""
    read = read_mail_report(published("Bounce", bounce=BOUNCE))
    assert read == DeliveryReport("brightsmile", MAIL["messageId"], "bounced")


@pytest.mark.parametrize("kind", ["Send", "Open", "Click", "DeliveryDelay", "Subscription", "Something New"])
def test_what_settles_nothing(kind: str) -> None:
    """A delay is no failure: SES goes on by itself. What SES invents later is not ours to guess at."""
    assert read_mail_report(published(kind)) is None


@pytest.mark.parametrize("bounce", ["Permanent", "Transient", "Undetermined"])
def test_every_bounce_is_the_last_word(bounce: str) -> None:
    """SES bounces softly only when it has tried for long enough."""
    read = read_mail_report(published("Bounce", bounce={**BOUNCE, "bounceType": bounce}))
    assert read is not None
    assert read.status in FAILED


def test_who_complains_has_got_it() -> None:
    """A complaint says that the mail arrived."""
    assert SETTLED["Complaint"] in DELIVERED
    assert set(SETTLED.values()) <= DELIVERED | FAILED


def test_the_greeting_and_strangers_mails_are_none_of_ours() -> None:
    """SES greets a new topic in plain words, and anybody may send with the stage's configuration set by hand."""
    assert read_mail_report("Successfully validated SNS topic for Amazon SES event publishing.") is None
    untagged = {**MAIL, "tags": {"ses:configuration-set": ["ConfigSet"]}}
    assert read_mail_report(json.dumps({"eventType": "Bounce", "mail": untagged})) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("hello", "JSON"),
        ("[]", "JSON"),
        (json.dumps({"mail": MAIL}), "eventType"),
        (json.dumps({"eventType": "Bounce"}), "mail"),
        (json.dumps({"eventType": "Bounce", "mail": {**MAIL, "messageId": ""}}), "mail.messageId"),
        (json.dumps({"eventType": "Bounce", "mail": {**MAIL, "tags": {"tenant": "brightsmile"}}}), "mail.tags.tenant"),
    ],
)
def test_what_is_malformed_is_refused_by_place(text: str, place: str) -> None:
    """The complaint says where, and quotes nothing: events hold addresses."""
    with pytest.raises(Malformed, match=f"^not an event of SES: {place}$"):
        read_mail_report(text)
