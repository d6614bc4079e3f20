"""The SNS adapter against moto."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from followthrough.contracts.manifest import Unsettled
from followthrough.contracts.messaging import NewNotice, Sent
from followthrough.errors import NotFound, OutcomeUnknown, Refused, SystemFailure, Throttled
from followthrough.integration.aws import failure
from followthrough.integration.sns.adapter import Sns
from followthrough.integration.sns.settings import SnsSecret, SnsSettings
from tests.integration.contract import CALL

PREFIX = f"arn:aws:sns:us-east-1:{DEFAULT_ACCOUNT_ID}:followthrough-dev-"
NOTICE = NewNotice(topic="front-desk", subject="New booking", body="Mary Moss, Tuesday at 3")


@pytest.fixture
def sns(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sns]:
    """The adapter in an account that has the topic."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        boto3.client("sns").create_topic(Name="followthrough-dev-brightsmile_front-desk")
        yield Sns(SnsSettings(topic_arn_prefix=PREFIX), SnsSecret())


def published() -> list[tuple[str, str, str | None]]:
    topic = sns_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].topics[f"{PREFIX}brightsmile_front-desk"]
    return [(id_, body, subject) for id_, body, subject, *_ in topic.sent_notifications]


def test_a_notice_goes_to_the_tenants_topic(sns: Sns) -> None:
    """Topic, subject and words; SNS's id is the evidence."""
    answer = sns.run("publish", NOTICE, CALL)
    assert isinstance(answer.result, Sent)
    assert published() == [(answer.result.id, NOTICE.body, "New booking")]
    assert answer.evidence is not None
    assert answer.evidence.id == answer.result.id


@pytest.mark.parametrize("subject", ["One\nline\tonly", "long " * 40])
def test_a_subject_is_one_short_line(subject: str, sns: Sns) -> None:
    """SNS takes less than a hundred characters and no line break."""
    sns.run("publish", NOTICE.model_copy(update={"subject": subject}), CALL)
    ((_, _, kept),) = published()
    assert kept is not None
    assert len(kept) < 100
    assert "\n" not in kept
    assert kept.startswith(subject.split(maxsplit=1)[0])


def test_a_topic_that_does_not_exist_is_named_so(sns: Sns) -> None:
    """A misspelt topic is found out."""
    with pytest.raises(NotFound, match=r"^sns: not_found$"):
        sns.run("publish", NOTICE.model_copy(update={"topic": "back-desk"}), CALL)


def test_a_notice_whose_sending_is_unknown_is_sent_again(sns: Sns) -> None:
    """Nothing can be looked up, and twice is better than never."""
    assert sns.operations["publish"].settle == Unsettled(repeat=True)
    with pytest.raises(ValueError, match="not settled by reading back"):
        sns.read_back("publish", NOTICE, CALL)


def test_an_unknown_operation_is_a_bug_of_ours(sns: Sns) -> None:
    """The compiler has checked every operation's name."""
    with pytest.raises(ValueError, match="nonsense"):
        sns.run("nonsense", NOTICE, CALL)


MEANINGS: dict[str, tuple[int, type[SystemFailure], str]] = {
    "InvalidParameter": (400, Refused, "invalid_parameter"),
    "ParameterValueInvalid": (400, Refused, "parameter_value_invalid"),
    "InternalError": (500, OutcomeUnknown, "http_500"),
    "NotFound": (404, NotFound, "not_found"),
    "EndpointDisabled": (400, Refused, "endpoint_disabled"),
    "PlatformApplicationDisabled": (400, Refused, "platform_application_disabled"),
    "AuthorizationError": (403, Refused, "authorization_error"),
    "KMSDisabled": (400, Refused, "kms_disabled"),
    "KMSInvalidState": (400, Refused, "kms_invalid_state"),
    "KMSNotFound": (400, Refused, "kms_not_found"),
    "KMSOptInRequired": (403, Refused, "kms_opt_in_required"),
    "KMSThrottling": (400, Throttled, "kms_throttling"),
    "KMSAccessDenied": (400, Refused, "kms_access_denied"),
    "InvalidSecurity": (403, Refused, "invalid_security"),
    "ValidationException": (400, Refused, "validation"),
    "Throttled": (429, Throttled, "throttled"),
}


@pytest.mark.parametrize("code", MEANINGS)
def test_each_of_sns_errors_has_its_meaning(code: str) -> None:
    """Every error that SNS documents is mapped, without its text."""
    status, kind, word = MEANINGS[code]
    said: dict[str, object] = {"Error": {"Code": code, "Message": "Mary Moss"}}
    said["ResponseMetadata"] = {"HTTPStatusCode": status, "HTTPHeaders": {}}
    meant = failure("sns", ClientError(said, "Publish"))  # type: ignore[arg-type]
    assert type(meant) is kind
    assert meant.code == word
    assert "Mary" not in str(meant)


def test_the_table_covers_all_errors_of_the_services_model(sns: Sns) -> None:
    """An error that SNS adds to its model is seen here."""
    model = sns._client.meta.service_model.operation_model("Publish")
    assert {error.metadata.get("error", {}).get("code", error.name) for error in model.error_shapes} <= set(MEANINGS)
