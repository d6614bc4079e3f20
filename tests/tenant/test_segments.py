"""Texts in the parts that a network carries them in."""

import pytest

from followthrough.tenant.segments import plain, segments


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("\u20ac" * 80, "GSM-7", 160, 1),
        ("\u20ac" * 81, "GSM-7", 162, 2),
        ("a" * 152 + "\u20ac" + "a" * 152, "GSM-7", 306, 3),
        ("{}[]~|^\\", "GSM-7", 16, 1),
        ("Qu\u00e9 \u00d1and\u00fa", "UCS-2", 9, 1),
        ("Qu\u00e9 \u00d1and\u00f2 \u00bf\u00a1", "GSM-7", 12, 1),
        ("\u2019" + "a" * 69, "UCS-2", 70, 1),
        ("\u2019" + "a" * 70, "UCS-2", 71, 2),
        ("\u2019" + "a" * 133, "UCS-2", 134, 2),
        ("\u2019" + "a" * 134, "UCS-2", 135, 3),
        ("\U0001f9b7" * 35, "UCS-2", 70, 1),
        ("a" * 66 + "\U0001f9b7" * 34, "UCS-2", 134, 3),
    ],
)
def test_parts(text: str, encoding: str, units: int, parts: int) -> None:
    """T9: septets, the extension table counting two, and pairs of bytes fill parts as networks do, undivided."""
    found = segments(text)
    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)


def test_plain() -> None:
    """T9: what a word processor wrote has its like in the default alphabet; other letters are left as they are."""
    assert plain("\u201cIt\u2019s\u00a0fine\u201d \u2013 \u00e1\u2026") == '"It\'s fine" - \u00e1...'
    assert segments(plain("\u201cIt\u2019s\u00a0fine\u201d \u2013 \u2026")).encoding == "GSM-7"
