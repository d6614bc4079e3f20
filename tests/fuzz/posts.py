"""What anybody may post to us, signed and unsigned: it is taken or refused with a status, and nothing else happens."""

import random
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote_plus, urlencode

from twilio.request_validator import RequestValidator

from followthrough.errors import Malformed, NotAccepted
from followthrough.handlers.delivery_reports import receive_mail_report, receive_report
from followthrough.interaction.post import Post
from followthrough.interaction.reception import MAX_BODY, receive
from followthrough.interaction.sms import SMS
from infra.local.accounts import SECRETS
from tests.fuzz.tally import Tally
from tests.workbench.bench import MAYA, PRACTICE, PUBLIC_URL, Bench
from tests.workbench.world import world

TOKEN = SECRETS["twilio"]["auth_token"]
MESSAGE = {"MessageSid": f"SM{1:032x}", "From": MAYA, "To": PRACTICE, "Body": "I'd like a cleaning"}
REPORT = {"MessageSid": f"SM{1:032x}", "MessageStatus": "delivered"}

VALUES = (
    *(
        "",
        " ",
        "\x00",
        "\ud7ff",
        "é" * 2000,
        "x" * 20_000,
        "👍" * 500,
        "+",
        "+1",
        "-1",
        "1e999",
        "null",
        "[]",
        "{{ 7 | times: 7 }}",
    ),
    *(
        "{% for i in (1..9999999) %}x{% endfor %}",
        "=1+1",
        "'; DROP TABLE",
        "<script>",
        "../../etc/passwd",
        "%00",
        "a\r\nb: c",
    ),
    *(
        "whatsapp:+13125550142",
        "SUPPORT",
        "68849",
        "+266696687",
        "+1312555014" + "2" * 50,
        "\u202eabc",
        "\uff14\uff12",
        "\u06f4\u06f2",
    ),
)
"""What stands in one field."""

BODIES = (
    *(b"", b"&", b"=", b"a", b"\xff\xfe", b"%ff%fe=%ff", b"a=%", b"&" * 1000, b"a=b&" * 500, b"x" * (MAX_BODY + 1)),
    *(b'{"Body": "x"}', b"[" * 100_000, b"Body=" + b"%F0%9F%91%8D" * 1000, b"--boundary\r\n\r\n"),
)
"""Whole bodies."""

EVENTS = (
    *("", "null", "[]", "{}", "7", "[" * 100_000, '{"eventType": "Bounce"}', '{"eventType": 7, "mail": 7}'),
    *(
        '{"eventType": "Bounce", "mail": {"messageId": "", "tags": {}}}',
        '{"eventType": "Bounce", "mail": {"messageId": "m"}}',
    ),
    *('{"eventType": "Bounce", "mail": {"messageId": "m", "tags": {"tenant": []}}}', "\ud800", "x" * 300_000),
    '{"eventType": "Delivery", "mail": {"messageId": "m", "tags": {"tenant": ["nobody", "' + "x" * 1000 + '"]}}}',
)
"""What SES might publish."""


def fuzz(share: float, seed: int) -> Tally:
    """Post this share of everything; return what came of it."""
    chance = random.Random(seed)
    tally = Tally("posts and reports")
    with world() as here:
        bench = Bench(here)
        for name, post in _posts():
            if chance.random() < share:
                tally.count(f"sms {name}", partial(_posted, bench, post))
                tally.count(f"report {name}", partial(_reported, bench, post))
        for number, event in enumerate(EVENTS):
            tally.count(f"mail report {number}", partial(_published, bench, event))
        tally.count("effects", partial(_nothing_done, bench))
    return tally


def _posts() -> Iterator[tuple[str, Post]]:
    for number, body in enumerate(BODIES):
        for tenant in ("brightsmile", "nobody", "../x", "BRIGHT", ""):
            yield f"body {number} to {tenant!r}", Post(tenant, f"{PUBLIC_URL}/v1/{tenant}/sms", {}, body)
    for name, form in {"message": MESSAGE, "report": REPORT}.items():
        for field in form:
            for number, value in enumerate(VALUES):
                spoiled = {**form, field: value}
                yield f"{name} with {field} {number}, signed", _signed(spoiled)
                yield f"{name} with {field} {number}, forged", _signed(spoiled, "another token")
            yield f"{name} without {field}", _signed({key: value for key, value in form.items() if key != field})


def _signed(form: dict[str, str], token: str = TOKEN) -> Post:
    url = f"{PUBLIC_URL}/v1/brightsmile/sms"
    signature = RequestValidator(token).compute_signature(url, form)
    body = urlencode(form, quote_via=quote_plus, errors="surrogatepass").encode()
    return Post("brightsmile", url, {"x-twilio-signature": signature}, body)


def _posted(bench: Bench, post: Post) -> str:
    try:
        receive(SMS, post, bench.ports, bench.secrets)
    except NotAccepted as refusal:
        return str(refusal.status)
    return "200"


def _reported(bench: Bench, post: Post) -> str:
    try:
        receive_report(SMS, post, bench.ports, bench.secrets)
    except NotAccepted as refusal:
        return str(refusal.status)
    return "200"


def _published(bench: Bench, event: str) -> str:
    try:
        receive_mail_report(event, bench.ports)
    except Malformed:
        return "refused"
    return "taken"


def _nothing_done(bench: Bench) -> str:
    """Nobody's machine ran yet, so whatever is there was done by a post itself."""
    for system, before in bench.before.items():
        assert bench.sandbox.snapshot(system) == before, f"a post changed {system}"
    return "none"
