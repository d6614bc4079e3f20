"""What a way to people is asked and gives: texts, mails, notices, and what became of them."""

from followthrough.contracts.records import Given, Question
from followthrough.contracts.report import Settled
from followthrough.personal import PersonalText


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


def topic_name(tenant: str, topic: str) -> str:
    """Return a topic's name behind what its stage begins all names with. No tenant's name holds an underscore, and none
    of the stage's own topics does: so no two of them are one.
    """
    return f"{tenant}_{topic}"


class FindSent(Question):
    """Find out how words stand that were sent. `id` is the provider's."""

    id: str


class Sent(Given):
    """Words that a provider has accepted for delivery. `status` is its own word, `settled` ours, once certain."""

    id: str
    status: str
    settled: Settled | None = None
