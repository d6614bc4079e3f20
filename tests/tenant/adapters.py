"""What the tests' adapters can do: the ports' own questions and answers, whatever the real adapters look like today."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from followthrough.integration import ports
from followthrough.integration.manifest import ByRepeating, Operation
from followthrough.tenant.load import load
from followthrough.tenant.models import Tenant


def _read(takes: type[BaseModel], gives: type[BaseModel], **more: Any) -> Operation:
    return Operation("read", takes, gives, **more)


def _write(takes: type[BaseModel], gives: type[BaseModel], **more: Any) -> Operation:
    return Operation("write", takes, gives, settle=ByRepeating(), **more)


OPERATIONS: Final = {
    "hubspot": {
        "find_person": _read(ports.FindPerson, ports.Person, optional=True, creates="create_person"),
        "create_person": _write(ports.NewPerson, ports.Person),
        "log_activity": _write(ports.NewActivity, ports.Activity, harmless=True),
        "log_outcome": _write(ports.NewActivity, ports.Activity, harmless=True),
    },
    "cal_com": {
        "find_openings": _read(ports.FindOpenings, ports.Slot, many=True),
        "find_booking": _read(ports.FindBooking, ports.Booking, optional=True),
        "hold": _write(ports.HoldSlot, ports.Hold, undo="release"),
        "release": _write(ports.ReleaseHold, ports.Released),
        "book": _write(ports.NewBooking, ports.Booking, undo="cancel"),
        "cancel": _write(ports.CancelBooking, ports.Released),
    },
    "stripe": {
        "find_payer": _read(ports.FindPayer, ports.Payer, optional=True, creates="create_payer"),
        "create_payer": _write(ports.NewPayer, ports.Payer),
        "charge": _write(ports.NewCharge, ports.Payment, undo="refund"),
        "refund": _write(ports.NewRefund, ports.Refund),
    },
    "twilio": {"send": _write(ports.NewText, ports.Sent)},
    "ses": {"send": _write(ports.NewMail, ports.Sent)},
    "sns": {"publish": _write(ports.NewNotice, ports.Sent)},
}


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Calendar(_Settings):
    event_type: int


class _Sender(_Settings):
    sender: str = Field(alias="from")


SETTINGS: Final[dict[str, type[BaseModel]]] = {
    "hubspot": _Settings,
    "cal_com": _Calendar,
    "stripe": _Settings,
    "twilio": _Sender,
    "ses": _Sender,
    "sns": _Settings,
}


def loaded(text: str) -> Tenant:
    """Load a tenant's text against these adapters. Raises Misconfigured."""
    return load(text, OPERATIONS, SETTINGS)
