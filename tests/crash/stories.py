"""What customers want in the crash tests, how they answer, and what must be there in the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.crash.deaths import Doom

OPENS, CLOSES = 8, 18
FIRST_DAY = datetime(2026, 11, 26, tzinfo=ZoneInfo("America/Chicago"))
"""A Thursday, far enough from the start of the clock that a day's delay makes nobody late."""

CANCEL = "I need to cancel my appointment"
REPLIES = {"Which one suits you": "1", "Shall we book it": "yes", "Shall we cancel": "yes"}


@dataclass(frozen=True, eq=False)
class Story:
    """One course of events.

    `known`: CRM and payments know the customer. `refused` is an operation that its system always refuses. `replies`
    says what the customer texts after hearing certain words. `leaves` counts what the systems must hold in the end.
    """

    leaves: Mapping[str, int]
    known: bool = True
    refused: str = ""
    replies: Mapping[str, str] = field(default_factory=dict)


BOOKS = Story({"contacts": 1, "payers": 1, "payments": 1, "refunds": 0, "bookings": 1, "cancelled": 0, "notes": 2})
STRANGER = Story(
    {"contacts": 1, "payers": 1, "payments": 0, "refunds": 0, "bookings": 0, "cancelled": 0, "notes": 1}, known=False
)
REFUSED = Story(
    {"contacts": 1, "payers": 1, "payments": 1, "refunds": 1, "bookings": 0, "cancelled": 0, "notes": 1}, refused="book"
)
CANCELS = Story(
    {"contacts": 1, "payers": 1, "payments": 1, "refunds": 1, "bookings": 1, "cancelled": 1, "notes": 4},
    replies={"Booked": CANCEL},
)


@dataclass
class Customer:
    """Somebody with a phone, their story, and the death that one of the processes at work for them will die.

    `late`: the machine dies with the process, and nobody looks after it for a day and an hour.
    """

    place: int
    story: Story
    doom: Doom | None = None
    late: bool = False
    deaths: int = 0
    read: int = 0
    texts: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        """The phone number, E.164."""
        return f"+1312555{2000 + self.place:04d}"

    @property
    def seen_as(self) -> str:
        """What the CRM calls them."""
        return f"Customer {self.place}"

    @property
    def opening(self) -> str:
        """The first text: every customer wants a slot of their own."""
        return f"I'd like a cleaning on {slot(self.place):%B %-d at %-I:%M %p}"

    def reply(self, words: str) -> str | None:
        """Return what the customer answers to a text, if anything."""
        answers = {**REPLIES, **self.story.replies}
        return next((answer for asked, answer in answers.items() if asked in words), None)


def slot(place: int) -> datetime:
    """Return the `place`th half hour of the opening days, weekends left out."""
    a_day = (CLOSES - OPENS) * 2
    days, half_hours = divmod(place, a_day)
    day = FIRST_DAY
    while days or day.weekday() > 4:
        days -= day.weekday() <= 4
        day += timedelta(days=1)
    return day.replace(hour=OPENS) + timedelta(minutes=30 * half_hours)
