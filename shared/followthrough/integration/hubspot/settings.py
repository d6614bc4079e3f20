"""What a tenant says of its HubSpot account, and what it keeps secret."""

from pydantic import BaseModel, ConfigDict

from followthrough.integration.credentials import Credential


class HubSpotSettings(BaseModel):
    """How this account names the properties that HubSpot does not define: internal names, as in the account's settings.

    `reference` is a single-line text property of contacts that the account must have: it holds our reference.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: str = "customer_status"
    tier: str = "customer_tier"
    payments_id: str = "stripe_customer_id"
    language: str = "hs_language"
    reference: str = "followthrough_reference"

    @property
    def shown(self) -> list[str]:
        """The properties that a Person is made of, and our reference: HubSpot shows only a few unless asked."""
        theirs = ["firstname", "lastname", "email", "phone", "mobilephone"]
        return [*theirs, self.status, self.tier, self.payments_id, self.reference]


class HubSpotSecret(BaseModel):
    """The access token of a private app with the scopes crm.objects.contacts.read and crm.objects.contacts.write."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    access_token: Credential
