"""What a tenant says of its Stripe account, and what it keeps secret."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from followthrough.integration.credentials import Credential

# The bank shows at most 22 characters, with a letter among them and none of <>\'"*. Source:
# https://docs.stripe.com/get-started/account/statement-descriptors
Statement = Annotated[str, StringConstraints(max_length=20, pattern=r"""^$|^[^<>\\'"*]*[A-Za-z][^<>\\'"*]*$""")]


class StripeSettings(BaseModel):
    """`statement` is what the payer's bank shows after the business's own name, empty for nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    statement: Statement = ""


class StripeSecret(BaseModel):
    """A secret key, or a restricted one that may write customers, payment intents and refunds, and read payment methods
    (`Payment Methods: read` is a permission of its own: each charge looks for the payer's card).

    Source: https://docs.stripe.com/keys/restricted-api-keys
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    api_key: Credential
