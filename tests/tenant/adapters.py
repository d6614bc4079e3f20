"""What the tests' adapters can do: the records' own questions and answers, whatever real adapters look like today."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from followthrough.contracts import calendar, crm, messaging, payments
from followthrough.contracts.address import Address
from followthrough.contracts.manifest import ByRepeating, Operation
from followthrough.contracts.settings import FromStage
from followthrough.errors import Problem
from followthrough.tenant.load import load
from followthrough.tenant.models import Tenant


def _read(takes: type[BaseModel], gives: type[BaseModel], **more: Any) -> Operation:
    return Operation("read", takes, gives, **more)


def _write(takes: type[BaseModel], gives: type[BaseModel], **more: Any) -> Operation:
    return Operation("write", takes, gives, settle=ByRepeating(), **more)


OPERATIONS: Final = {
    "hubspot": {
        "find_person": _read(crm.FindPerson, crm.Person, optional=True, creates="create_person"),
        "create_person": _write(crm.NewPerson, crm.Person),
        "log_activity": _write(crm.NewActivity, crm.Activity, harmless=True),
        "log_outcome": _write(crm.NewActivity, crm.Activity, harmless=True),
    },
    "cal_com": {
        "find_openings": _read(calendar.FindOpenings, calendar.Slot, many=True),
        "find_booking": _read(calendar.FindBooking, calendar.Booking, optional=True),
        "hold": _write(calendar.HoldSlot, calendar.Hold, undo="release"),
        "release": _write(calendar.ReleaseHold, calendar.Released),
        "book": _write(calendar.NewBooking, calendar.Booking, undo="cancel"),
        "cancel": _write(calendar.CancelBooking, calendar.Released),
    },
    "stripe": {
        "find_payer": _read(payments.FindPayer, payments.Payer, optional=True, creates="create_payer"),
        "create_payer": _write(payments.NewPayer, payments.Payer),
        "charge": _write(payments.NewCharge, payments.Payment, undo="refund"),
        "refund": _write(payments.NewRefund, payments.Refund),
    },
    "twilio": {"send": _write(messaging.NewText, messaging.Sent, longest=1600)},
    "ses": {"send": _write(messaging.NewMail, messaging.Sent)},
    "sns": {"publish": _write(messaging.NewNotice, messaging.Sent)},
}


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Calendar(_Settings):
    event_type: int


class _Sender(_Settings):
    sender: str = Field(alias="from")


class _Mail(_Settings):
    sender: Address = Field(alias="from")
    configuration_set: FromStage = ""


SETTINGS: Final[dict[str, type[BaseModel]]] = {
    "hubspot": _Settings,
    "cal_com": _Calendar,
    "stripe": _Settings,
    "twilio": _Sender,
    "ses": _Mail,
    "sns": _Settings,
}


PROVIDERS: Final = {"sms": {"twilio"}}


def loaded(text: str) -> Tenant:
    """Load a tenant's text against these adapters. Raises Misconfigured."""
    return load(text, OPERATIONS, SETTINGS, PROVIDERS).tenant


def warnings(text: str) -> list[Problem]:
    """Return what a tenant's text is warned of. Raises Misconfigured."""
    return load(text, OPERATIONS, SETTINGS, PROVIDERS).warnings
