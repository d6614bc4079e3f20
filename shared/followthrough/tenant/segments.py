"""How many parts a text message is sent in: a network carries it in segments of 140 bytes, and each is paid for.

Letters of the default alphabet take one septet, those of its extension table two; one letter of no part of either
makes every letter of the message take two bytes or four. Source: 3GPP TS 23.038, sections 6.2.1 and 6.2.3;
https://www.twilio.com/docs/glossary/what-sms-character-limit
"""

from dataclasses import dataclass
from typing import Final, Literal

_DEFAULT: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")

_SAME: Final = {
    "\u2018\u2019\u201a\u201b\u2032\u00b4`": "'",  # quotes and primes, single
    "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb": '"',  # and double
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2212": "-",  # hyphens, dashes, the minus
    "\u2026": "...",
    "\u2022\u00b7": "*",
    "\u2039": "<",
    "\u203a": ">",
    "\t\u00a0\u2002\u2003\u2009\u200a\u202f\u3000": " ",
    "\u200b\u200c\u200d\u2060\ufeff\u00ad": "",  # what cannot be seen
}
PLAIN: Final = {letter: instead for letters, instead in _SAME.items() for letter in letters}
"""What a word processor writes, and what says the same in the default alphabet."""

_ONE_UNIT: Final = "\uffff"
"""The last letter that takes two bytes; what comes after it takes four."""

Encoding = Literal["GSM-7", "UCS-2"]
_SIZES: Final[dict[Encoding, tuple[int, int]]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}
"""How much one message carries alone, and each part of a longer one."""


@dataclass(frozen=True)
class Segments:
    """How a text is sent: `units` are septets of GSM-7 or pairs of bytes of UCS-2."""

    encoding: Encoding
    units: int
    parts: int


def segments(text: str) -> Segments:
    """Say how a text is sent."""
    encoding: Encoding = "GSM-7" if strange(text) is None else "UCS-2"
    wide = _wide(text, encoding)
    units = len(text) + len(wide)
    alone, each = _SIZES[encoding]
    return Segments(encoding, units, 1 if units <= alone else _parts(len(text), wide, each))


def strange(text: str) -> str | None:
    """Return a letter of a text that GSM-7 has not; None where it has them all."""
    return min(set(text) - _DEFAULT - _EXTENDED, default=None)


def _wide(text: str, encoding: Encoding) -> list[int]:
    """Return the places of letters that take two units."""
    letters = set(text)
    wide = letters & _EXTENDED if encoding == "GSM-7" else {letter for letter in letters if letter > _ONE_UNIT}
    return [place for place, letter in enumerate(text) if letter in wide] if wide else []


def _parts(letters: int, wide: list[int], each: int) -> int:
    """Fill parts one after the other; what takes two is never divided between two parts."""
    parts, filled, two = 1, 0, set(wide)
    for place in range(letters):
        width = 2 if place in two else 1
        if filled + width > each:
            parts, filled = parts + 1, 0
        filled += width
    return parts


def plain(text: str) -> str:
    """Write what a word processor wrote in the default alphabet, where it says the same."""
    return "".join(PLAIN.get(letter, letter) for letter in text)
