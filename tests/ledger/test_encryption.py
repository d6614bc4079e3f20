"""Personal fields are unreadable where they are stored, and readable only in their place with their key."""

import json
from typing import Annotated, Any

import pytest
from hypothesis import given, strategies as st
from pydantic import BaseModel

from followthrough.contracts.interaction import Interaction
from followthrough.ledger.encryption import Place, Unreadable, decrypt, encrypt
from followthrough.ledger.models import Effect, ExecutionContext, Message
from followthrough.personal import PERSONAL, PersonalText
from tests.ledger.samples import NOW, PERSONAL_WORDS, PHONE, WORDS, a_context, an_effect, an_interaction

KEY = b"k" * 32
HERE = Place("brightsmile", "subject-1", "record-1")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


class Line(BaseModel):
    """A part that stands in a list."""

    label: str
    note: PersonalText


class Page(BaseModel):
    """A model with every place where a personal field can stand."""

    lines: list[Line]
    last: Line | None = None
    words: Annotated[list[str], PERSONAL]
    count: Annotated[int | None, PERSONAL]


@given(facts=st.dictionaries(st.text(), JSON, max_size=4), result=JSON)
def test_unseal_returns_what_was_sealed(facts: dict[str, Any], result: Any) -> None:
    """Any JSON value survives, through real JSON text."""
    effect = an_effect("brightsmile", request=facts, result=result)
    stored = json.loads(json.dumps(encrypt(effect, KEY, HERE)))
    assert decrypt(stored, Effect, KEY, HERE) == effect


@given(text=st.text(min_size=8, alphabet=st.characters(categories=["L"])))
def test_sealed_form_hides_the_words(text: str) -> None:
    """No text of eight letters shows in the sealed form."""
    message = Message(interaction="sms-1", text=text, received_at=NOW)
    assert text not in json.dumps(encrypt(message, KEY, HERE), ensure_ascii=False)


def test_nested_fields_are_sealed() -> None:
    """The phone of an interaction's sender is sealed inside it; what is not personal stays readable."""
    stored = encrypt(an_interaction("brightsmile"), KEY, HERE)
    assert set(stored["sender"]["phone"]) == set(stored["text"]) == {"sealed"}
    assert stored["sender"]["subject"] == "subject-1"
    assert decrypt(stored, Interaction, KEY, HERE).sender.phone == PHONE
    assert [word for word in PERSONAL_WORDS if word in json.dumps(stored)] == []


def test_models_in_lists_and_options_are_sealed() -> None:
    """Wherever a model stands in another, its personal fields are sealed and come back, or are empty once erased."""
    page = Page(lines=[Line(label="a", note=WORDS), Line(label="b", note="x")], words=[WORDS], count=3)
    for one in (page, page.model_copy(update={"last": Line(label="c", note=WORDS)})):
        stored = encrypt(one, KEY, HERE)
        assert "my molar" not in json.dumps(stored)
        assert decrypt(stored, Page, KEY, HERE) == one
    erased = decrypt(encrypt(page, KEY, HERE), Page, None, HERE)
    assert erased == Page(lines=[Line(label="a", note=""), Line(label="b", note="")], words=[], count=None)


def test_without_a_key_fields_are_empty() -> None:
    """Erased before reading or before writing: the record loads with empty fields of the right type."""
    context = a_context("brightsmile")
    empty = context.model_copy(update={"inputs": {}, "variables": {}})
    assert decrypt(encrypt(context, KEY, HERE), ExecutionContext, None, HERE) == empty
    assert decrypt(encrypt(context, None, HERE), ExecutionContext, KEY, HERE) == empty
    assert decrypt(encrypt(an_interaction("t"), None, HERE), Interaction, None, HERE).text == ""


def test_required_field_without_an_empty_value_is_our_mistake() -> None:
    """A model that no erasure could leave loadable is refused loudly."""

    class Numbered(BaseModel):
        number: Annotated[int, PERSONAL]

    with pytest.raises(TypeError, match="no empty value"):
        decrypt(encrypt(Numbered(number=1), KEY, HERE), Numbered, None, HERE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("other", "subject-1", "record-1"),
        Place("brightsmile", "subject-2", "record-1"),
        Place("brightsmile", "subject-1", "record-2"),
    ],
)
def test_ciphertext_cannot_be_moved_to_another_place(elsewhere: Place) -> None:
    """What was sealed for one tenant, subject and record does not open for another, even under the same key."""
    stored = encrypt(an_effect("brightsmile"), KEY, HERE)
    with pytest.raises(Unreadable):
        decrypt(stored, Effect, KEY, elsewhere)


def test_ciphertext_cannot_be_moved_to_another_field() -> None:
    """Fields of one record cannot be exchanged."""
    stored = encrypt(a_context("brightsmile"), KEY, HERE)
    stored["inputs"], stored["variables"] = stored["variables"], stored["inputs"]
    with pytest.raises(Unreadable):
        decrypt(stored, ExecutionContext, KEY, HERE)


@pytest.mark.parametrize("damage", ["", "A", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_damage_is_noticed(damage: str) -> None:
    """Anything but what was sealed raises Unreadable; only nothing at all reads as erased."""
    stored = encrypt(an_effect("brightsmile"), KEY, HERE) | {"request": {"sealed": damage}}
    if damage == "":
        assert decrypt(stored, Effect, KEY, HERE).request == {}
    else:
        with pytest.raises(Unreadable):
            decrypt(stored, Effect, KEY, HERE)


def test_another_key_does_not_open() -> None:
    """A wrong key is noticed and never reads as empty."""
    with pytest.raises(Unreadable):
        decrypt(encrypt(an_effect("brightsmile"), KEY, HERE), Effect, b"x" * 32, HERE)


def test_equal_values_are_sealed_differently() -> None:
    """A store does not show who said the same."""
    first, second = (encrypt(an_effect("brightsmile"), KEY, HERE)["request"] for _ in range(2))
    assert first != second
