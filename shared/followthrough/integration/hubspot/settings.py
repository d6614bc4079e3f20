"""What a tenant says of its HubSpot account, and what it keeps secret."""

from pydantic import BaseModel, ConfigDict

from followthrough.integration.credentials import Credential

HUBSPOTS_LANGUAGE = "hs_language"
"""The contact property that HubSpot itself defines, with options of its own."""


class HubSpotSettings(BaseModel):
    """How this account names the properties that HubSpot does not define: internal names, as in the account's settings.

    Two single-line text properties of contacts are Followthrough's own, and the account must have them: `reference`
    holds our reference, and `number`, which must require unique values, the phone number in E.164 that a contact was
    created for. Publishing asks HubSpot for them all: see readiness.py.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: str = "customer_status"
    tier: str = "customer_tier"
    payments_id: str = "stripe_customer_id"
    language: str = HUBSPOTS_LANGUAGE
    reference: str = "followthrough_reference"
    number: str = "followthrough_number"

    @property
    def shown(self) -> list[str]:
        """The properties that a Person is made of, and our own: HubSpot shows only a few unless asked."""
        theirs = ["firstname", "lastname", "email", "phone", "mobilephone"]
        return [*theirs, self.status, self.tier, self.payments_id, self.reference, self.number]


class HubSpotSecret(BaseModel):
    """A Service Key with the scopes crm.objects.contacts.read and crm.objects.contacts.write.

    Service Keys are made in the account under Development > Keys > Service keys. The access token of a private app that
    is there already does as well; new ones can no longer be made since 26 October 2026.
    Source: https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/account-service-keys
    and https://developers.hubspot.com/changelog/legacy-private-app-creation-sunset.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    access_token: Credential
