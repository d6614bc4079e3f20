"""A channel that nobody offers: signed JSON, and a provider that wants JSON back."""

import hashlib
import hmac
import json
from typing import Any

from followthrough.contracts.interaction import Sender
from followthrough.contracts.messaging import NewText
from followthrough.contracts.report import DeliveryReport
from followthrough.errors import Forged, Malformed
from followthrough.interaction.channel import Channel, Said, Secret
from followthrough.interaction.post import Post, Response

SECRET = {"auth_token": "token of the pager"}


class Pager:
    """What is true of pagers."""

    def read(self, post: Post, secret: Secret) -> Said:
        """Read what somebody said. Raises Forged, Malformed."""
        page = self._checked(post, secret)
        return Said(page["id"], page["caller"], page["caller"], page["called"], page["words"])

    def read_report(self, post: Post, secret: Secret) -> DeliveryReport | None:
        """Read what became of a page; its number says that it was read. Raises Forged, Malformed."""
        page = self._checked(post, secret)
        return DeliveryReport(post.tenant, page["id"], "read") if page["beeped"] else None

    def words(self, to: Sender, text: str, report_to: str | None) -> NewText | None:
        """Page somebody."""
        return NewText(to=to.phone, body=text, status_url=report_to) if to.phone else None

    def _checked(self, post: Post, secret: Secret) -> dict[str, Any]:
        if not hmac.compare_digest(signature(post.body, secret), post.headers.get("x-pager", "")):
            raise Forged("the pager's signature does not fit")
        page = post.json()
        if not isinstance(page, dict):
            raise Malformed("a page is an object")
        return page


def signature(body: bytes, secret: Secret = SECRET) -> str:
    """Sign a body as pagers do."""
    return hmac.new(secret["auth_token"].encode(), body, hashlib.sha256).hexdigest()


def page(tenant: str, **what: Any) -> Post:
    """Post a page, signed."""
    body = json.dumps(what).encode()
    return Post(tenant, f"https://followthrough.example{PAGER.path(tenant)}", {"x-pager": signature(body)}, body)


_PAGER = Pager()
PAGER = Channel(
    name="pager",
    providers=frozenset({"twilio"}),
    read=_PAGER.read,
    read_report=_PAGER.read_report,
    accepted=Response("application/json", '{"beep": true}'),
    words=_PAGER.words,
)
