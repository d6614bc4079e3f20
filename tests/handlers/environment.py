"""The environment of a function, with AWS in memory."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import boto3
import pytest
from moto import mock_aws

from followthrough import runtime

VARIABLES = {
    **{name: name.lower() for name, field in runtime.Settings.model_fields.items() if field.is_required()},
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "STAGE": "test",
    "EXECUTIONS_TABLE": "executions",
    "TRACES_TABLE": "traces",
    "TENANTS_TABLE": "tenants",
    "SUBJECTS_TABLE": "subjects",
    "KEYS_TABLE": "keys",
    "BUCKET": "bucket",
    "KEY_ID": "alias/key",
    "PEPPER_SECRET": "pepper",
    "OPERATORS_TOPIC": "arn:aws:sns:us-east-1:123456789012:followthrough-test-operators",
    "MACHINE_PREFIX": "arn:aws:states:us-east-1:123456789012:stateMachine:followthrough-test-",
    "MACHINE_ROLE": "arn:aws:iam::123456789012:role/machines",
    "PUBLIC_URL": "https://followthrough.example",
}
_CACHED = (
    runtime.settings,
    runtime.client,
    runtime.secrets,
    runtime.machines,
    runtime.releases,
    runtime.senders,
    runtime.agenda,
    runtime.ports,
)


@dataclass(frozen=True)
class Invoked:
    """Lambda's context of an invocation that ends in so many seconds."""

    seconds: float = 30.0

    def get_remaining_time_in_millis(self) -> int:
        """As Lambda says it."""
        return int(self.seconds * 1000)


@contextmanager
def lambda_environment(**more: str) -> Iterator[None]:
    """Set what a function finds in its environment, and forget what was wired before and after."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {**VARIABLES, **more}.items():
            environment.setenv(name, value)
        _forget()
        with mock_aws():
            boto3.client("secretsmanager").create_secret(Name="pepper", SecretString="pepper of tests")
            yield
        _forget()


def _forget() -> None:
    for cached in _CACHED:
        cached.cache_clear()


def written(caplog: pytest.LogCaptureFixture) -> str:
    """Return the log as a function writes it: a JSON object a line."""
    formatter = logging.getLogger("followthrough").handlers[0].formatter
    assert formatter is not None
    return "\n".join(formatter.format(record) for record in caplog.records)
