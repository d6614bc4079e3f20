"""The questions and answers of each kind of system: what every adapter of that kind understands.

Money is integer minor units, times are aware UTC, phone numbers E.164.
"""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from followthrough.personal import PERSONAL, PersonalText

OptionalPersonal = Annotated[str | None, PERSONAL]


class Question(BaseModel):
    """Base of what operations take: unknown fields are the operator's typo, so they are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Given(BaseModel):
    """Base of what operations give."""

    model_config = ConfigDict(frozen=True)


# crm ---------------------------------------------------------------------------------------------------------------


class FindPerson(Question):
    """Find the person who has this phone number."""

    phone: PersonalText


class NewPerson(Question):
    """Create a person."""

    phone: PersonalText
    name: OptionalPersonal = None
    language: str | None = None


class ChangePerson(Question):
    """Change what the CRM says of a person (`person` is their id there); what is None stays as it is."""

    person: str
    status: str | None = None
    tier: str | None = None
    payments_id: str | None = None


class Person(Given):
    """A person of the CRM. `status` and `tier` are the tenant's own words, empty when unset; `payments_id` is theirs
    in payments.
    """

    id: str
    name: PersonalText = ""
    phone: PersonalText = ""
    email: PersonalText = ""
    status: str = ""
    tier: str = ""
    payments_id: str = ""


class NewActivity(Question):
    """Put a note on a person's timeline; without a person it stands alone."""

    person: str | None = None
    text: PersonalText


class Activity(Given):
    """A note that exists."""

    id: str


# calendar ----------------------------------------------------------------------------------------------------------


class FindOpenings(Question):
    """Find free slots from the start of the day of `around` (in the tenant's time zone) over `days` days."""

    around: AwareDatetime
    days: int = Field(default=7, ge=1, le=31)


class Slot(Given):
    """A free slot."""

    start: AwareDatetime
    end: AwareDatetime
    weekend: bool
    """Saturday or Sunday in the tenant's time zone."""


class HoldSlot(Question):
    """Reserve a slot for a short while."""

    slot: Slot


class Hold(Given):
    """A slot reserved until `until`."""

    id: str
    start: AwareDatetime
    end: AwareDatetime
    until: AwareDatetime


class ReleaseHold(Question):
    """Give a reserved slot back."""

    id: str


class Released(Given):
    """What was given back or cancelled."""

    id: str


class NewBooking(Question):
    """Book the slot that is held. `payment` is the payment's id, kept with the booking."""

    start: AwareDatetime
    hold: str | None = None
    name: PersonalText
    phone: PersonalText
    email: OptionalPersonal = None
    payment: str | None = None


class FindBooking(Question):
    """Find the next booking to come of the person with this phone number."""

    phone: PersonalText


class Booking(Given):
    """An appointment. `payment` is the payment's id where one was kept with it, else empty; `staff` who will attend."""

    id: str
    start: AwareDatetime
    end: AwareDatetime
    status: str
    staff: str = ""
    staff_email: PersonalText = ""
    payment: str = ""


class CancelBooking(Question):
    """Cancel an appointment."""

    id: str


# payments ----------------------------------------------------------------------------------------------------------


class FindPayer(Question):
    """Find the payer with this phone number."""

    phone: PersonalText


class NewPayer(Question):
    """Create a payer."""

    phone: PersonalText
    name: OptionalPersonal = None


class Payer(Given):
    """Somebody who can pay; `has_card` tells whether a card is on file."""

    id: str
    has_card: bool


class NewCharge(Question):
    """Take `amount` (minor units of the tenant's currency) from the payer's card on file."""

    payer: str
    amount: int = Field(gt=0)
    purpose: str = ""


class Payment(Given):
    """Money that was taken."""

    id: str
    amount: int
    currency: str
    status: str


class NewRefund(Question):
    """Give a payment back in full. `id` is the payment's."""

    id: str


class Refund(Given):
    """Money on its way back."""

    id: str
    amount: int
    currency: str
    status: str


# words -------------------------------------------------------------------------------------------------------------


class NewText(Question):
    """Send a text message. `status_url` is where the provider reports on its delivery."""

    to: PersonalText
    body: PersonalText
    status_url: str | None = None


class NewMail(Question):
    """Send a mail in plain text."""

    to: PersonalText
    subject: PersonalText
    body: PersonalText


class NewNotice(Question):
    """Tell the subscribers of one of the tenant's operator topics."""

    topic: str
    subject: str
    body: PersonalText


class FindSent(Question):
    """Find out how words stand that were sent. `id` is the provider's."""

    id: str


class Sent(Given):
    """Words that a provider has accepted for delivery. `status` is its own word (see confirmation/statuses.py)."""

    id: str
    status: str
