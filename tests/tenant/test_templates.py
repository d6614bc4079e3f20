"""Messages: what they can say, what they refuse, and that no template can do harm."""

import time
from typing import Any

import pytest
from hypothesis import given, strategies as st

from followthrough.contracts.calendar import Slot
from followthrough.contracts.crm import Person
from followthrough.contracts.payments import Refund
from followthrough.tenant.complaints import Mistake
from followthrough.tenant.formats import Formats
from followthrough.tenant.templates import LONGEST_OUTPUT, NotWorded, check, render, variables
from followthrough.tenant.types import Many, Maybe, Plain, Type, of_model, record

SCOPE: dict[str, Type] = {
    "patient": of_model(Person),
    "slot": of_model(Slot),
    "offers": Many(of_model(Slot)),
    "undone": Many(Plain.TEXT),
    "price": record("price", {"amount": Plain.MONEY}),
    "refund": Maybe(of_model(Refund)),
    "count": Plain.WHOLE,
}
VALUES: dict[str, Any] = {
    "patient": {"name": "ana", "tier": "gold", "email": "", "phone": "+1312"},
    "slot": {"start": "2026-11-24T21:00:00Z", "weekend": False},
    "offers": [{"start": "2026-11-24T21:00:00Z"}, {"start": "2026-11-25T16:30:00Z"}],
    "undone": ["hold", "payment"],
    "price": {"amount": 9000},
    "count": 3,
}
REFUND = {"refund": {"id": "r1", "amount": 500}}


def formats(language: str = "en", currency: str = "USD", locale: str = "en-US") -> Formats:
    return Formats(language, "en", locale, currency, "America/Chicago")


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("Hi {{ patient.name | capitalize }}!", "Hi Ana!"),
        ("{{ slot.start | date_long }}", "Tuesday, November 24, 2026, 3:00 PM"),
        ("{{ slot.start | date }} / {{ slot.start | time }}", "Tuesday, November 24, 2026 / 3:00 PM"),
        ("{{ price.amount | money }}", "$90.00"),
        ("{% for slot in offers %}{{ forloop.index }}) {{ slot.start | time }} {% endfor %}", "1) 3:00 PM 2) 10:30 AM"),
        ("{{ undone | join: ', ' }}", "hold, payment"),
        ("{% if refund %}{{ refund.amount | money }}{% else %}nothing{% endif %}", "nothing"),
        ("{% if refund and refund.amount > 3 %}x{% endif %}{% unless refund %}none{% endunless %}", "none"),
        ("{{ refund.id | default: 'none' }}", "none"),
        ("{% if patient.email != '' %}mail{% elsif count > 2 %}many{% endif %}", "many"),
        ("{{ patient.email | default: patient.phone }}", "+1312"),
        ("{{ count }} {{ 'x' | upcase }} {{ undone | size }} {{ undone | first }}", "3 X 2 hold"),
    ],
)
def test_says(template: str, said: str) -> None:
    """What messages need to say is allowed, and is said as people write it."""
    check(template, SCOPE)
    assert render({"en": template}, formats(), VALUES) == said


def test_says_what_was_done() -> None:
    """What may be missing is said when it is there."""
    template = "{% if refund %}{{ refund.amount | money }} back{% endif %}"
    assert render({"en": template}, formats(), {**VALUES, **REFUND}) == "$5.00 back"


@pytest.mark.parametrize(
    ("language", "locale", "dialect"),
    [("en", "en-GB", "en-GB"), ("es", "en-US", "es-US"), ("es-MX", "en-US", "es-MX"), ("en", "en", "en")],
)
def test_the_dialect_is_the_language_where_the_tenant_is(language: str, locale: str, dialect: str) -> None:
    """D7: a language is spoken as in the tenant's region, unless it has a region of its own."""
    assert formats(language, locale=locale).dialect == dialect


def test_languages() -> None:
    """Dates and money follow the customer's language and the tenant's region, and wordings fall back to the first."""
    wording = {"en": "{{ slot.start | date_long }}", "es": "{{ slot.start | date_long }} {{ price.amount | money }}"}
    assert render(wording, formats("es"), VALUES) == "martes, 24 de noviembre de 2026, 3:00 p.m. $90.00"
    assert render(wording, formats("fr"), VALUES) == "Tuesday, November 24, 2026, 3:00 PM"
    assert render({"en": "{{ price.amount | money }}"}, formats("en", "JPY", "en-JP"), VALUES) == "¥9,000"


@pytest.mark.parametrize(
    ("template", "offset", "said"),
    [
        ("{{ patient.nam }}", 3, "did you mean `name`?"),
        ("Hi {{ nobody }}", 6, "`nobody` is not known here"),
        ("{{ refund.amount | money }}", 3, "say it inside `{% if refund %}`"),
        ("{% if refund.amount > 3 %}x{% endif %}", 6, "may be missing"),
        ("{% unless refund %}{{ refund.id }}{% endunless %}", 22, "may be missing"),
        ("{% if count %}{% else %}{{ refund.id }}{% endif %}", 27, "may be missing"),
        ("{{ price.amount }}", 3, "`| money`"),
        ("{{ slot.start }}", 3, "`| date_long`"),
        ("{{ slot }}", 3, "has several parts"),
        ("{{ offers }}", 3, "is a list"),
        ("{{ patient.name | money }}", 18, "`money` needs money"),
        ("{{ price.amount | date }}", 18, "`date` needs a time"),
        ("{{ patient.name | replace: 'a', 'aa' }}", 18, "no filter `replace`"),
        ("{% for one in patient %}{% endfor %}", 7, "goes through a list"),
        ("{% for a in offers %}{% for b in offers %}{% endfor %}{% endfor %}", 28, "inside another"),
        ("{{ patient[patient.name] }}", 3, "with dots"),
        ("{{ offers[0].start | date }}", 3, "with dots"),
        ("{{ offers.size }}", 3, "has no part `size`"),
        ("{{ _formats.language }}", 3, "not known here"),
        ("{{ patient.name", 0, "cannot be read"),
        ("{% if %}x{% endif %}", 3, "cannot be read"),
        ("{% endif %}", 3, "unexpected tag"),
        ("{{ patient.name if count else 3 }}", 16, "cannot be read"),
    ],
)
def test_mistakes(template: str, offset: int, said: str) -> None:
    """A message that mentions what is not there, or shows it raw, is refused at its place."""
    with pytest.raises(Mistake) as caught:
        check(template, SCOPE)
    assert said in caught.value.message
    assert caught.value.offset == offset


HOSTILE = [
    "{{ (1..100000000) | join }}",
    "{% for i in (1..100000000) %}x{% endfor %}",
    "{% assign x = 'aaaaaaaa' %}{{ x }}",
    "{% capture x %}{% endcapture %}",
    "{{ 'a' " + "| replace: 'a', 'aaaaaaaaaa' " * 20 + "}}",
    "{{ 'a' | append: 'b' }}",
    "{% case 1 %}" + "{% when 1, 1, 1, 1 %}" * 20 + "x{% endcase %}",
    "{% include 'secrets' %}",
    "{% render 'secrets' %}",
    "{% tablerow i in offers %}{% endtablerow %}",
    "{% cycle 'a', 'b' %}",
    "{% increment x %}",
    "{% liquid\necho 'a' %}",
    "{% if a %}" * 200,
    "{% if count %}" * 40 + "x" + "{% endif %}" * 40,
    "{{ " + "count | " * 300 + "size }}",
    "x" * 2001,
]


@pytest.mark.parametrize("template", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_templates_are_refused(template: str) -> None:
    """What could grow without bound is not part of the language, wherever it is rendered from."""
    with pytest.raises(Mistake):
        check(template, None)
    with pytest.raises(NotWorded):
        render({"en": template}, formats(), VALUES)


def test_output_is_capped() -> None:
    """A legal template over many long values ends with an error instead of a huge message, and soon."""
    values = {"offers": [{"start": "2026-11-24T21:00:00Z"}] * 1000, "patient": {"name": "n" * 1_000_000}}
    began = time.monotonic()
    with pytest.raises(NotWorded):
        render({"en": "{% for o in offers %}{{ patient.name }}{{ patient.name }}{% endfor %}"}, formats(), values)
    shown = render({"en": "{{ patient.name | upcase }}"}, formats(), values)
    assert len(shown) <= LONGEST_OUTPUT
    assert time.monotonic() - began < 2


def test_customers_cannot_write_templates() -> None:
    """What a customer says is shown as it is, also when it looks like Liquid."""
    assert render({"en": "{{ patient.name }}"}, formats(), {"patient": {"name": "{{ secret }}"}}) == "{{ secret }}"


@pytest.mark.parametrize("changes", [{"price": {}}, {"price": {"amount": "much"}}, {"price": {"amount": True}}])
def test_missing_or_wrong_values_are_errors(changes: dict[str, Any]) -> None:
    """A message is never sent with a hole in it, and the error does not quote the data."""
    with pytest.raises(NotWorded) as caught:
        render({"en": "{{ price.amount | money }}"}, formats(), {**VALUES, **changes})
    assert "much" not in str(caught.value)


def test_variables() -> None:
    """The variables that a template mentions are known without rendering it."""
    assert variables("{{ a.b }}{% for x in offers %}{{ x.y }}{% endfor %}") == {"a.b", "offers"}


@given(st.text(alphabet="{}%| .abifor'\"[]()0123:,\n", max_size=80))
def test_any_template(template: str) -> None:
    """Whatever is written is fine or a mistake within the text, never a crash."""
    try:
        check(template, SCOPE)
    except Mistake as mistake:
        assert 0 <= mistake.offset <= len(template)  # noqa: PT017  most texts raise nothing
