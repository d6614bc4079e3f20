"""Random tenants: the practice of the sandbox's accounts, with services that nobody ever thought of."""

from typing import Any

import yaml
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.routing.publish import make_release
from followthrough.routing.releases import Release
from followthrough.tenant.load import load
from tests.workbench.chains import services
from tests.workbench.wordings import MESSAGES
from tests.workbench.world import FUNCTIONS, TENANT

SERVICES = ("polish", "scan")
_WAYS: list[list[dict[str, Any]]] = [
    [{"by": ["notices"]}],
    [{"by": ["mail"]}],
    [{"by": ["mail", "notices"]}],
    [{"by": ["notices"]}, {"by": ["mail"]}],
]


class _Plain(yaml.SafeDumper):
    """YAML as a person would write it: no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


@st.composite
def practices(draw: DrawFn) -> str:
    """Draw a tenant's file of one or two services."""
    messages = {name: {"en": words} for name, words in MESSAGES.items()}
    tables: dict[str, Any] = {}
    ways = draw(st.sampled_from(_WAYS))
    names = draw(st.sampled_from([SERVICES[:1], SERVICES]))
    file = {
        "tenant": TENANT,
        "name": "Drawn Practice",
        "locale": "en-US",
        "languages": ["en"],
        "time_zone": "America/Chicago",
        "currency": "USD",
        "channels": {"sms": {"provider": "twilio"}},
        "systems": {
            "crm": {"adapter": "hubspot"},
            "calendar": {"adapter": "cal_com", "settings": {"event_type": 1201}},
            "payments": {"adapter": "stripe"},
            "texts": {"adapter": "twilio", "settings": {"from": "+13125550100"}},
            "mail": {"adapter": "ses", "settings": {"from": "hello@drawn.example"}},
            "notices": {"adapter": "sns"},
        },
        "operators": {"desk": {"topic": "front-desk", "mail": "desk@drawn.example"}},
        "not understood": {"ask": "which", "tries": draw(st.integers(0, 2)), "give up": "give_up"},
        "services": {name: draw(services(name, messages, tables, ways)) for name in names},
        "otherwise": [
            {"tell": "customer", "by": ["texts"], "say": "not_done"},
            *({"tell": "desk", **way, "say": "not_done"} for way in ways),
            {"record in": "crm.log_outcome", "say": "not_done"},
        ],
        "alerts": {"by": draw(st.permutations(["notices", "mail"])), "say": "alert"},
        **({"tables": tables} if tables else {}),
        "messages": messages,
    }
    return yaml.dump(file, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=1000)


def published(file: str) -> Release:
    """Check and compile a file as publishing does. Raises Misconfigured."""
    return make_release(load(file, operations(), settings_of(), providers()).tenant, FUNCTIONS)
