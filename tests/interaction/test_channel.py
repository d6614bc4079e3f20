"""A channel is data: one that the core has never heard of comes in like any other."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from followthrough.contracts.interaction import Interaction, Sender
from followthrough.contracts.report import DeliveryReport
from followthrough.errors import Forged, Malformed, NotAccepted, UnknownTenant
from followthrough.interaction.reception import read_report, receive
from followthrough.tenant.models import ChannelConfig
from tests.interaction.pager import PAGER, SECRET, page, signature
from tests.workbench.bench import MAYA, PRACTICE, Bench
from tests.workbench.world import TENANT, World, release

WORDS = {"id": "P1", "caller": MAYA, "called": PRACTICE, "words": "a cleaning"}


class PagerSecrets:
    """The secret that pagers sign with, of whichever system."""

    def secret(self, tenant: str, system: str) -> Mapping[str, str]:
        """Return the secret."""
        return SECRET


@pytest.fixture
def paged(here: World) -> Bench:
    """A practice that can be paged as well as texted."""
    live = release()
    channels = {**live.tenant.channels, PAGER.name: ChannelConfig(provider="twilio")}
    tenant = live.tenant.model_copy(update={"channels": channels})
    return Bench(here, live=live.model_copy(update={"tenant": tenant}))


def test_an_invented_channel_becomes_an_interaction(paged: Bench) -> None:
    """A page is kept in the common form and starts an execution of its channel."""
    began = paged.clock()
    receive(PAGER, page(TENANT, **WORDS), paged.ports, PagerSecrets())
    kept = paged.conversations.interaction(TENANT, "pager-P1")
    assert kept == Interaction(
        id="pager-P1",
        tenant=TENANT,
        channel="pager",
        sender=Sender(subject=kept.sender.subject, phone=MAYA),
        recipient=PRACTICE,
        text="a cleaning",
        received_at=kept.received_at,
    )
    assert began <= kept.received_at <= paged.clock()
    (context,) = paged.contexts()
    assert (context.channel, context.interaction) == ("pager", "pager-P1")
    assert len(paged.machines.started) == 1


def test_who_pages_and_who_texts_is_one_customer(paged: Bench) -> None:
    """A number is one subject on whichever channel it speaks."""
    receive(PAGER, page(TENANT, **WORDS), paged.ports, PagerSecrets())
    paged.text(MAYA, "hello", settle=False)
    subjects = {paged.conversations.interaction(*key).sender.subject for key in paged.conversations.interactions}
    assert len(paged.conversations.interactions) == 2
    assert len(subjects) == 1


def test_same_page_twice(paged: Bench) -> None:
    """Redelivery is harmless on any channel."""
    for _ in range(2):
        receive(PAGER, page(TENANT, **WORDS), paged.ports, PagerSecrets())
    assert len(paged.conversations.interactions) == len(paged.contexts()) == 1


@pytest.mark.parametrize(("signed", "error"), [(b"{}", Forged), (b"[]", Malformed)])
def test_what_the_channel_refuses_is_not_kept(paged: Bench, signed: bytes, error: type[NotAccepted]) -> None:
    """The channel decides what is genuine and well-formed."""
    post = replace(page(TENANT), headers={"x-pager": signature(signed)}, body=b"[]")
    with pytest.raises(error):
        receive(PAGER, post, paged.ports, PagerSecrets())
    assert paged.conversations.interactions == {}


def test_a_tenant_without_the_channel_is_not_found(bench: Bench) -> None:
    """Who posts to a channel that the tenant does not have is told so, and nothing breaks."""
    with pytest.raises(UnknownTenant, match="no channel `pager`"):
        receive(PAGER, page(TENANT, **WORDS), bench.ports, PagerSecrets())
    assert bench.conversations.interactions == {}


def test_reports_are_in_our_words(paged: Bench) -> None:
    """A provider's report is normalised; one that settles nothing is none."""
    for beeped, said in ((True, DeliveryReport(TENANT, "P9", "read")), (False, None)):
        post = page(TENANT, id="P9", beeped=beeped)
        assert read_report(PAGER, post, paged.ports.releases, PagerSecrets()) == said
