"""A post is read as a form, as JSON or raw, and whatever is in it breaks nothing."""

import pytest

from followthrough.interaction.post import Post


def posted(body: bytes) -> Post:
    return Post("acme", "https://followthrough.example/v1/acme/any", {}, body)


def test_form() -> None:
    """A form's fields are decoded, empty ones too."""
    assert posted(b"Body=a%26b+c&Empty=").form() == {"Body": "a&b c", "Empty": ""}
    assert posted(b"").form() == {}


@pytest.mark.parametrize("body", [b"no form", b"\xff=1", b"&".join(b"a=1" for _ in range(300))])
def test_no_form(body: bytes) -> None:
    """What is no form in UTF-8, or has no end of fields, is none."""
    assert posted(body).form() is None


def test_json() -> None:
    """A JSON body is read as the value that it is."""
    assert posted(b'{"words": "\xc3\xa9", "of": [1]}').json() == {"words": "é", "of": [1]}


@pytest.mark.parametrize("body", [b"", b"a=1", b'{"cut": ', b'"\xff"', b"[" * 200_000], ids=range(5))
def test_no_json(body: bytes) -> None:
    """What is no JSON, or is nested beyond all reason, is none."""
    assert posted(body).json() is None
