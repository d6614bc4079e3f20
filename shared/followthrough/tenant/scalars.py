"""What one unquoted word of YAML means, where readers of YAML disagree: nothing is guessed."""

import re
from decimal import Decimal
from typing import Final

Scalar = str | int | bool | Decimal | None

_WHOLE: Final = re.compile(r"-?(0|[1-9]\d{0,17})")
_DECIMAL: Final = re.compile(r"-?(0|[1-9]\d{0,17})\.\d{1,18}")
_SURPRISES: Final = (
    (re.compile(r"(?i:y|n|yes|no|on|off)|True|TRUE|False|FALSE"), "some readers take it for true or false"),
    (re.compile(r"[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?"), "some readers take it for a number in base 60"),
    (re.compile(r"[-+]?0[\d_]+(\.\d*)?|0o[0-7]+"), "some readers take it for an octal number"),
    (re.compile(r"\d{4}-\d\d?-\d\d?([Tt ].*)?"), "some readers take it for a date"),
    (re.compile(r"[-+]?(0x[\da-fA-F_]+|0b[01_]+)"), "some readers take it for a number in another base"),
    (re.compile(r"[-+]?\.(?i:inf|nan)|\.(?i:nan)"), "it is no ordinary number"),
    (re.compile(r"[-+]?(\d[\d_]*\.?[\d_]*|\.[\d_]+)([eE][-+]?\d+)?"), "some readers take it for a number"),
    (re.compile(r"Null|NULL"), "some readers take it for nothing at all"),
    (re.compile(r"[=]|<<"), "it means something else to some readers"),
)


class Surprise(ValueError):  # noqa: N818  it is what the operator would get
    """An unquoted word that readers of YAML read differently; the message says what to write."""


def read_scalar(text: str) -> Scalar:
    """Return what an unquoted scalar means: true, false, a whole number, an exact decimal, nothing, or text.

    Raises Surprise.
    """
    if text in {"true", "false"}:
        return text == "true"
    if text in {"", "~", "null"}:
        return None
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    for pattern, why in _SURPRISES:
        if pattern.fullmatch(text):
            raise Surprise(f"`{text[:40]}` without quotes is not allowed, because {why}: {_advice(text)}")
    return text


def read_key(text: str) -> str:
    """Return an unquoted key. Words such as `no` are plain text here; numbers and nothing are not keys. Raises
    Surprise.
    """
    if text in {"true", "false", "~", "null", "", "<<"} or _WHOLE.fullmatch(text) or _DECIMAL.fullmatch(text):
        raise Surprise(f"`{text[:40]}` cannot be a key: a key is a word, so put it in quotes if you mean the text")
    return text


def _advice(text: str) -> str:
    meant = {"yes": "true", "on": "true", "y": "true", "true": "true"}.get(text.lower())
    if meant or text.lower() in {"no", "off", "n", "false"}:
        return f'write {meant or "false"}, or "{text}" in quotes for the text'
    return f'write "{text[:40]}" in quotes for the text, or a plain number such as 120 or 120.00'
