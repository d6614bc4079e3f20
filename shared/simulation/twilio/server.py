"""A small Twilio: messages of API 2010-04-01, with its error bodies, its pages and its status callbacks.

Sources: https://www.twilio.com/docs/messaging/api/message-resource and https://www.twilio.com/docs/api/errors
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from simulation.exchange import Callback, Request, Response
from simulation.twilio.messages import VERSION, Message, callback, resource
from simulation.twilio.numbers import Numbers, refusal
from simulation.twilio.pages import page

PATH = re.compile(rf"/{VERSION}/Accounts/(?P<account>AC[^/]*)/Messages(/(?P<sid>[^/]+))?\.json")

ACCOUNTS = {"AC" + "0" * 32: "sandbox-auth-token"}
"""The account of a sandbox that was given none: SID to auth token."""


class Twilio:
    """Some Twilio accounts."""

    name = "twilio"

    def __init__(
        self,
        now: Callable[[], datetime],
        lag: timedelta = timedelta(0),
        accounts: Mapping[str, str] = ACCOUNTS,
    ) -> None:
        """Live by the clock `now`; lists show what was created at least `lag` ago. `accounts`: SID to auth token."""
        self.now = now
        self.lag = lag
        self.accounts = dict(accounts)
        self.messages: dict[str, Message] = {}
        self.numbers = Numbers()

    def seed(self, data: dict[str, Any]) -> None:
        """Add accounts and say how numbers behave.

        `accounts`: SID to auth token. `opted_out`: numbers that texted STOP. `landlines`: numbers that are no mobiles.
        `unreachable`: numbers whose messages are accepted, then undelivered.
        """
        self.accounts.update(data.get("accounts", {}))
        self.numbers.opted_out |= set(data.get("opted_out", []))
        self.numbers.landlines |= set(data.get("landlines", []))
        self.numbers.unreachable |= set(data.get("unreachable", []))

    def snapshot(self) -> dict[str, Any]:
        """Every message, the oldest first."""
        return {
            "messages": [
                {"id": one.sid, "from": one.sender, "to": one.to, "body": one.body, "status": one.status}
                for one in self.messages.values()
            ]
        }

    def handle(self, request: Request) -> Response:
        """Answer as Twilio would."""
        place = PATH.fullmatch(request.path)
        if place is None:
            return refusal(404, 20404, f"The requested resource {request.path} was not found")
        account = place["account"]
        if account not in self.accounts or _credentials(request) != (account, self.accounts[account]):
            return refusal(401, 20003, "Authenticate")
        match request.method, place["sid"]:
            case "POST", None:
                return self._send(account, {name: values[-1] for name, values in request.form().items()})
            case "GET", None:
                return self._list(account, request)
            case "GET", sid if sid in self.messages and self.messages[sid].account == account:
                return Response(200, resource(self.messages[sid]))
        return refusal(404, 20404, f"The requested resource {request.path} was not found")

    def due_callbacks(self) -> list[Callback]:
        """Let one more thing happen to every message on its way, and return what is to be posted about it, in order."""
        return [
            callback(message, message.callback, self.accounts[message.account])
            for message in self.messages.values()
            if message.advance(self.now()) and message.callback
        ]

    def fault_body(self, status: int) -> object:
        """What Twilio says when it is too busy or broken."""
        return (
            refusal(status, 20429, "Too Many Requests")
            if status == 429  # noqa: PLR2004  Too Many Requests
            else refusal(status, 20500, "Internal Server Error")
        ).body

    def _send(self, account: str, form: Mapping[str, str]) -> Response:
        return self.numbers.refused(form) or self._accept(account, form)

    def _accept(self, account: str, form: Mapping[str, str]) -> Response:
        sid = "SM" + hashlib.sha256(str(len(self.messages)).encode()).hexdigest()[:32]
        message = Message(
            sid=sid,
            account=account,
            to=form["To"],
            sender=form["From"],
            body=form["Body"],
            created=self.now(),
            callback=form.get("StatusCallback"),
            reachable=form["To"] not in self.numbers.unreachable,
        )
        self.messages[sid] = message
        return Response(201, resource(message))

    def _list(self, account: str, request: Request) -> Response:
        visible = self.now() - self.lag
        newest = [one for one in reversed(self.messages.values()) if one.account == account and one.created <= visible]
        return page(newest, request)


def _credentials(request: Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (user, password) if scheme == "Basic" else ("", "")
