"""A customer's phone: it texts a tenant through Twilio, and hears what the tenant texts back."""

import secrets
from dataclasses import dataclass

import httpx
from twilio.request_validator import RequestValidator

from followthrough.interaction.sms import SMS
from infra.local.accounts import SECRETS


@dataclass(frozen=True)
class Phone:
    """One number, in a conversation with one tenant. `twilio` is the sandbox
    system's address, `to` the tenant's number.
    """

    api: str
    public_url: str
    twilio: str
    tenant: str
    number: str
    to: str

    def say(self, text: str, message: str | None = None) -> httpx.Response:
        """Text the tenant, as Twilio would deliver it: signed over the public URL. `message` repeats an earlier id.

        Form fields: https://www.twilio.com/docs/messaging/guides/webhook-request
        """
        form = {
            "MessageSid": message or f"SM{secrets.token_hex(16)}",
            "AccountSid": SECRETS["twilio"]["account_sid"],
            "From": self.number,
            "To": self.to,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
        }
        return self.post(form)

    def post(self, form: dict[str, str]) -> httpx.Response:
        """Post a form with a correct signature."""
        path = SMS.path(self.tenant)
        signature = RequestValidator(SECRETS["twilio"]["auth_token"]).compute_signature(
            f"{self.public_url}{path}", form
        )
        headers = {"X-Twilio-Signature": signature}
        return httpx.post(f"{self.api}{path}", data=form, headers=headers, timeout=20, trust_env=False)

    def heard(self) -> list[str]:
        """Return the texts that were sent to this number, oldest first."""
        state = httpx.get(f"{self.twilio}/_sandbox/state", timeout=5, trust_env=False).json()
        return [message["body"] for message in state["messages"] if message["to"] == self.number]
