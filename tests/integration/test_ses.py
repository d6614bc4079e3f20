"""The SES adapter against moto."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from followthrough.contracts.manifest import Unsettled
from followthrough.contracts.messaging import NewMail, Sent
from followthrough.errors import NotFound, OutcomeUnknown, Refused, SystemFailure, Throttled, Unreachable
from followthrough.integration.aws import BUSY, failure, headers, once, translated
from followthrough.integration.reply import answered_at
from followthrough.integration.ses.adapter import Ses
from followthrough.integration.ses.records import mail_payload
from followthrough.integration.ses.settings import SesSecret, SesSettings
from tests.integration.contract import CALL, NOW

MAIL = NewMail(to="mary@moss.example", subject="Booked:\r\nTuesday", body="¡Hasta el martes!")


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ses]:
    """The adapter in an account whose sender is verified."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        boto3.client("sesv2").create_email_identity(EmailIdentity="hello@brightsmile.example")
        own = {"from": "hello@brightsmile.example", "senders": ("brightsmile.example",)}
        yield Ses(SesSettings.model_validate(own), SesSecret())


def test_a_mail_goes_out_as_it_was_asked_for(ses: Ses) -> None:
    """Sender, receiver, words; a line break in the subject cannot add a header."""
    answer = ses.run("send", MAIL, CALL)
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages
    assert (sent.source, sent.destinations["ToAddresses"]) == ("hello@brightsmile.example", ["mary@moss.example"])
    assert (sent.subject, sent.body) == ("Booked: Tuesday", "¡Hasta el martes!")
    assert isinstance(answer.result, Sent)
    assert answer.evidence is not None
    assert answer.evidence.id == answer.result.id == sent.id


def test_every_report_can_be_traced_to_its_effect(ses: Ses) -> None:
    """Our reference travels in SES's tags, in the letters that SES allows."""
    payload = mail_payload(ses._settings, MAIL, CALL)
    tags = {tag["Name"]: tag["Value"] for tag in payload["EmailTags"]}
    assert tags == {
        "followthrough_reference": CALL.reference,
        "tenant": CALL.tenant,
        "execution": CALL.execution,
    }
    assert "ConfigurationSetName" not in payload


def test_the_configuration_set_is_named_where_there_is_one() -> None:
    """It is what makes SES report deliveries and bounces."""
    reporting = SesSettings.model_validate({"from": "hello@brightsmile.example", "configuration_set": "reports"})
    assert mail_payload(reporting, MAIL, CALL)["ConfigurationSetName"] == "reports"


def test_an_unverified_sender_is_refused(ses: Ses) -> None:
    """SES's own code, in our spelling, without the address that its text quotes."""
    stranger = Ses(
        SesSettings.model_validate({"from": "stranger@elsewhere.example", "senders": ("elsewhere.example",)}),
        SesSecret(),
    )
    with pytest.raises(Refused, match=r"^ses: message_rejected$"):
        stranger.run("send", MAIL, CALL)


@pytest.mark.parametrize(
    ("sender", "senders"),
    [
        ("hello@brightsmile.example", ()),
        ("hello@brightsmile.example", ("other.example", "desk@brightsmile.example")),
        ("hello@sub.brightsmile.example", ("brightsmile.example",)),
        ("hello@notbrightsmile.example", ("brightsmile.example",)),
    ],
)
def test_who_was_not_given_an_address_sends_nothing_from_it(ses: Ses, sender: str, senders: tuple[str, ...]) -> None:
    """T16: an address that is verified for the account is not therefore every tenant's to send from."""
    boto3.client("sesv2").create_email_identity(EmailIdentity="brightsmile.example")
    other = Ses(SesSettings.model_validate({"from": sender, "senders": senders}), SesSecret())
    with pytest.raises(Refused, match=r"^ses: sender_not_given$"):
        other.run("send", MAIL, CALL)
    assert ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages == []


@pytest.mark.parametrize(
    "senders", [("brightsmile.example",), ("BrightSmile.example",), ("hello@brightsmile.example",)]
)
def test_an_address_or_its_domain_is_given(ses: Ses, senders: tuple[str, ...]) -> None:
    """T16: who was given an address, or all of its domain, sends from it."""
    own = Ses(SesSettings.model_validate({"from": "hello@brightsmile.example", "senders": senders}), SesSecret())
    assert own.run("send", MAIL, CALL).evidence is not None


@pytest.mark.parametrize(
    "to", ["a@x.example, evil@x.example", "a@x.example\r\nBcc: evil@x.example", "A <a@x.example>", ""]
)
def test_a_mail_goes_to_one_address(ses: Ses, to: str) -> None:
    """T16: what a system gave as a customer's address can neither add a receiver nor a header."""
    with pytest.raises(Refused, match=r"^ses: invalid_recipient$"):
        ses.run("send", MAIL.model_copy(update={"to": to}), CALL)
    assert ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages == []


def test_a_mail_whose_sending_is_unknown_is_sent_again(ses: Ses) -> None:
    """Nothing can be looked up, and twice is better than never."""
    assert ses.operations["send"].settle == Unsettled(repeat=True)
    with pytest.raises(ValueError, match="not settled by reading back"):
        ses.read_back("send", MAIL, CALL)


def test_an_unknown_operation_is_a_bug_of_ours(ses: Ses) -> None:
    """The compiler has checked every operation's name."""
    with pytest.raises(ValueError, match="nonsense"):
        ses.run("nonsense", MAIL, CALL)


def test_botocore_repeats_nothing_by_itself(ses: Ses) -> None:
    """A hidden repeat after a lost answer would be a second mail that nobody knows of."""
    assert vars(once())["retries"] == {"total_max_attempts": 1, "mode": "standard"}
    assert vars(ses._client.meta.config)["retries"]["total_max_attempts"] == 1


def test_an_endpoint_replaces_amazons(ses: Ses) -> None:
    """Without a listener there, nothing leaves."""
    nowhere = Ses(ses._settings, SesSecret(), "http://127.0.0.1:9")
    assert nowhere._client.meta.endpoint_url == "http://127.0.0.1:9"


def said(code: str, status: int, retry_after: str | None = None) -> ClientError:
    says = {"retry-after": retry_after} if retry_after else {}
    words = {"Code": code, "Message": "Address is on the suppression list: mary@moss.example"}
    return ClientError(
        {"Error": words, "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": says}},  # type: ignore[typeddict-item]
        "SendEmail",
    )


@pytest.mark.parametrize(
    ("code", "status", "kind", "word"),
    [
        ("TooManyRequestsException", 429, Throttled, "too_many_requests"),
        ("LimitExceededException", 400, Refused, "limit_exceeded"),
        ("AccountSuspendedException", 400, Refused, "account_suspended"),
        ("SendingPausedException", 400, Refused, "sending_paused"),
        ("MessageRejected", 400, Refused, "message_rejected"),
        ("MailFromDomainNotVerifiedException", 400, Refused, "mail_from_domain_not_verified"),
        ("NotFoundException", 404, NotFound, "not_found"),
        ("BadRequestException", 400, Refused, "bad_request"),
        ("AccessDeniedException", 403, Refused, "access_denied"),
        ("InternalFailure", 500, OutcomeUnknown, "http_500"),
        ("ServiceUnavailable", 503, OutcomeUnknown, "http_503"),
    ],
)
def test_each_of_ses_errors_has_its_meaning(code: str, status: int, kind: type[SystemFailure], word: str) -> None:
    """Every error that SES documents is mapped, without its text."""
    meant = failure("ses", said(code, status))
    assert type(meant) is kind
    assert meant.code == word
    assert "mary" not in str(meant)


def test_the_table_covers_all_errors_of_the_services_model(ses: Ses) -> None:
    """An error that SES adds to its model is seen here."""
    known = {
        error.metadata.get("error", {}).get("code", error.name)
        for error in ses._client.meta.service_model.operation_model("SendEmail").error_shapes
    }
    assert known == {
        "TooManyRequestsException",
        "LimitExceededException",
        "AccountSuspendedException",
        "SendingPausedException",
        "MessageRejected",
        "MailFromDomainNotVerifiedException",
        "NotFoundException",
        "BadRequestException",
    }


@pytest.mark.parametrize("code", sorted(BUSY))
def test_throttling_names_the_seconds(code: str) -> None:
    """Amazon's own delay, whatever status the code came with."""
    meant = failure("ses", said(code, 400, "7"))
    assert isinstance(meant, Throttled)
    assert meant.seconds == 7


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (EndpointConnectionError(endpoint_url="http://x"), Unreachable),
        (ConnectionClosedError(endpoint_url="http://x"), OutcomeUnknown),
        (ReadTimeoutError(endpoint_url="http://x"), OutcomeUnknown),
        (NoCredentialsError(), Refused),
    ],
)
def test_what_breaks_before_sending_was_not_done(broken: Exception, kind: type[SystemFailure]) -> None:
    """Only what may have reached Amazon is unknown."""
    with pytest.raises(kind) as meant, translated("ses"):
        raise broken
    assert type(meant.value) is kind


def test_the_time_of_the_evidence_is_amazons(ses: Ses) -> None:
    """The Date header counts where there is one."""
    dated = {"ResponseMetadata": {"HTTPHeaders": {"date": "Tue, 03 Nov 2026 15:00:07 GMT"}}}
    assert (answered_at(headers(dated), NOW) - NOW).total_seconds() == 7
    assert answered_at(headers({}), NOW) == NOW
