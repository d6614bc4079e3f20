"""What a CRM is asked and gives: people, and the notes on their timeline."""

from collections.abc import Iterator

from followthrough.contracts.call import Call
from followthrough.contracts.records import Given, OptionalPersonal, Question
from followthrough.personal import PersonalText


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


def as_changed(request: ChangePerson, person: Person, _call: Call) -> Iterator[str]:
    """Name what of a person is not as it was to be changed."""
    if person.id != request.person:
        yield "id"
    for name in ("status", "tier", "payments_id"):
        wanted = getattr(request, name)
        if wanted is not None and getattr(person, name) != wanted:
            yield name


class NewActivity(Question):
    """Put a note on a person's timeline; without a person it stands alone."""

    person: str | None = None
    text: PersonalText


class Activity(Given):
    """A note that exists."""

    id: str
