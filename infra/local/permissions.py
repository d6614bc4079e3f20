"""Have the emulator ask for the permissions that AWS asks for, so that every run proves the deployed roles.

It checks roles by itself (`AUTH=true`). Four of its questions differ from AWS's, and are put right here:

- a PartiQL statement is authorised as `dynamodb:PartiQLInsert` and the like on its table, not as `ExecuteStatement`;
- mail is authorised on the sender's identity, not on everything;
- a task token is authorised on the state machine that waits for it, not on everything. (The documentation lists no
  resource for it, but AWS's own refusals name the machine: https://github.com/aws/aws-cdk/pull/8486.)
- the loopback interface counts as secure transport, which the bucket and the topics insist on.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from ministack import app
from ministack.core import iam_actions
from ministack.services import stepfunctions

_PARTIQL: dict[str, Callable[[Any], list[dict[str, str]]]] = {
    "dynamodb:ExecuteStatement": lambda body: [body],
    "dynamodb:BatchExecuteStatement": lambda body: body.get("Statements", []),
    "dynamodb:ExecuteTransaction": lambda body: body.get("TransactStatements", []),
}
_VERBS = ("insert", "update", "delete", "select")
_STATEMENT = re.compile(
    r"\s*(?:(?P<insert>INSERT\s+INTO)|(?P<update>UPDATE)|(?P<delete>DELETE\s+FROM)|(?P<select>SELECT\s.*?\sFROM))"
    r'\s+"?(?P<table>[\w.-]+)',
    re.IGNORECASE | re.DOTALL,
)


def as_on_aws() -> None:
    """Correct the emulator in this process, before it serves."""
    of_transaction = iam_actions.dynamodb_transaction_checks
    of_mail = iam_actions._ses_v2_resource_arn  # noqa: SLF001  # the one place that names mail's resource
    pin_origin: Any = app.pin_request_origin

    def checks(action: str, body: bytes, region: str, account: str) -> list[tuple[str, str]]:
        if action in _PARTIQL:
            return list(_partiql_checks(_PARTIQL[action](json.loads(body)), region, account))
        return list(of_transaction(action, body, region, account))

    def mail(method: str, path: str, body: bytes, region: str, account: str) -> str:
        if path.rstrip("/").endswith("/outbound-emails"):
            return sender_identity(json.loads(body), region, account)
        return str(of_mail(method, path, body, region, account))

    of_request: Any = iam_actions.extract_resource_arn

    def resource(service: str, method: str, path: str, headers: dict[str, str], *more: Any) -> str:
        if service == "states" and ".SendTask" in headers.get("x-amz-target", ""):
            return _waiting_machine()
        return str(of_request(service, method, path, headers, *more))

    iam_actions.extract_resource_arn = resource
    iam_actions.dynamodb_transaction_checks = checks
    iam_actions._ses_v2_resource_arn = mail  # noqa: SLF001  # see above
    app.pin_request_origin = lambda address, _secure: pin_origin(address, True)  # noqa: FBT003  # its own signature


def _waiting_machine() -> str:
    """The ARN of a machine: the emulator does not know which one a token belongs to, and all here are one stage's."""
    return next(iter(stepfunctions._state_machines), "*")  # noqa: SLF001  # the one place that knows the machines


def _partiql_checks(statements: list[dict[str, str]], region: str, account: str) -> Iterator[tuple[str, str]]:
    """The permission that each statement needs, and the table; what cannot be read needs one that nobody has."""
    for statement in statements:
        found = _STATEMENT.match(statement.get("Statement", ""))
        if found is None:
            yield "dynamodb:PartiQLUnreadable", "*"
            continue
        verb = next(name for name in _VERBS if found[name])
        yield f"dynamodb:PartiQL{verb.capitalize()}", f"arn:aws:dynamodb:{region}:{account}:table/{found['table']}"


def sender_identity(request: dict[str, Any], region: str, account: str) -> str:
    """The ARN of the address that a SendEmail names as its sender, without the display name."""
    address = str(request.get("FromEmailAddress", "")).rpartition("<")[2].rstrip(">")
    return f"arn:aws:ses:{region}:{account}:identity/{address}"
