"""Card numbers and security codes are masked before anything is written anywhere.

What counts as a card number: 13 to 19 digits, with spaces, dashes, dots, commas, slashes or line ends between groups,
that begin like a card of a network that issues that length *and* pass Luhn's check. Luhn alone passes every tenth
number; asking for a network's prefix too keeps what merely looks similar:

- Phone numbers have at most 15 digits (E.164). Behind a `+`, up to 15 digits are a phone number, never a card, and a
  card is not grouped like the 312-555-0100 of North America.
- Identifiers with letters (`pi_3Nk...`, `SM0f...`) are left alone: a card stands apart from letters, unless they are a
  word that people write before or behind one (`card4242...`, `...4242exp12/27`).
- Dates, prices and numbers in a list have commas, slashes or line ends between them, too: where such stand between
  groups, only groups as on a card are one.
- Milliseconds since 1970 begin with 1 and have 13 digits: no network issues those.
- In structured facts, a field whose name says that it holds an identifier or phone number is left alone: a provider's
  purely numeric id must stay the id that it is. Customers' words never first appear there: they are masked as an
  interaction before anybody reads a field out of them.

What remains is a purely numeric text of 13 to 19 digits with a card's prefix and a right check digit in free text;
losing such a number is better than keeping a card's.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

_Group = tuple[int, int, str]
"""Where a group of digits begins and ends, and its digits as ASCII."""

# Any white space, what no eye sees, and dashes: U+2010 to U+2015, the minus sign, and the wide one.
_BETWEEN = r"[\s.,/\u00ad\u200b-\u200f\u2060-\u2069\ufeff\u2010-\u2015\u2212\uff0d-]"
_SEPARATOR = rf"{_BETWEEN}{{1,3}}"
# Between numbers that have nothing to do with each other, too.
_LOOSE = re.compile(rf"[\t-\r,/]|{_BETWEEN}{{3}}")
_BEFORE = ("card", "visa", "amex", "discover", "number", "tarjeta")
_BEHIND = ("exp", "valid", "cv[vc]", "csc", "vence", "caduca")
_START = rf"(?:(?<![\w+])|{'|'.join(f'(?<=(?i:{word}))' for word in _BEFORE)})"
_END = rf"(?!\w)|(?=(?i:{'|'.join(_BEHIND)}))"
_RUN = re.compile(rf"{_START}(\+?)(\d+(?:{_SEPARATOR}\d+)*)(?:{_END})")
_GROUP = re.compile(r"\d+")
# What most texts have not: any digit, and as many in a row as the shortest card has.
_DIGIT = re.compile(r"\d")
_ENOUGH = re.compile(rf"\d(?:(?:{_SEPARATOR})?\d){{12}}")
# Words that people put between the name of the code and its digits.
_FILLERS = (
    "is|was|it['\u2019]?s|code|number|digits?|three|four|on|at|in|the|my|our|that|this|for|of|to|and|front|back|reverse|side|"
    "card|visa|mastercard|amex|please|here|es|son|el|la|de|del|mi|c[oó]digo|n[uú]mero|tarjeta|detr[aá]s|atr[aá]s|reverso"
)
_CODE = re.compile(
    r"\b(cvv2?|cvc2?|csc|security\s+code|c[oó]digo\s+de\s+seguridad)(?![^\W\d])"
    rf"((?:[\s:#=.,-]*\b(?:{_FILLERS})\b){{0,4}}[\s:#=.,-]*)"
    r"\d(?:[ -]?\d){2,3}(?![\w])",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"(?:^|_)(?:u?ids?|key|reference|phone|recipient)$")

# Networks' prefixes by the lengths they issue. Sixteen comes first: four more digits behind a card are its expiry.
_NETWORKS: dict[int, re.Pattern[str]] = {
    16: re.compile(r"4|5|6|2[2-7]|35|30[0-5]|3[689]|8[12]|9792"),
    15: re.compile(r"3[47]|30[0-5]|3[689]"),
    14: re.compile(r"30[0-5]|3[689]"),
    13: re.compile(r"4"),
    19: re.compile(r"4|5[06-9]|6|35|30[0-5]|3[689]"),
    18: re.compile(r"5[06-9]|6|35|30[0-5]|3[689]"),
    17: re.compile(r"5[06-9]|6|35|30[0-5]|3[689]"),
}
_FIRST_DIGITS = frozenset("2345689")
# Two American phone numbers in a row have enough digits for a card.
_PHONE = [3, 3, 4]
_PHONE_DIGITS = 15
_SHORTEST, _LONGEST = 10 ** (min(_NETWORKS) - 1), 10 ** max(_NETWORKS)
_ON_AMEX, _ON_DINERS = [4, 6, 5], [4, 6, 4]
_ON_OTHERS = 4
_AS_SAID = {1, 2, 8}  # digit by digit, in pairs, or by halves: nobody says a card in threes, as prices and rooms are


def mask(text: str) -> str:
    """Replace card numbers by `[card ending 4242]` and the digits of a security code by `[masked]`."""
    if not _DIGIT.search(text):
        return text
    if _ENOUGH.search(text):
        text = _RUN.sub(_mask_run, text)
    return _CODE.sub(r"\1\2[masked]", text)


def mask_facts(facts: Any, field: str = "") -> Any:
    """Mask every text and number of a JSON value, except where the field's name tells of an identifier or a phone."""
    if isinstance(facts, str):
        return facts if _IDENTIFIER.search(field) else mask(facts)
    if isinstance(facts, dict):
        return {mask(name): mask_facts(value, name) for name, value in facts.items()}
    if isinstance(facts, list):
        return [mask_facts(value, field) for value in facts]
    if isinstance(facts, int) and _SHORTEST <= facts < _LONGEST and not _IDENTIFIER.search(field):
        masked = mask(str(facts))
        return facts if masked == str(facts) else masked
    return facts


def passes_luhn(digits: str) -> bool:
    """Tell whether the last digit is the right check digit (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004  digits of a two-digit product are summed
    return total % 10 == 0


def _mask_run(run: re.Match[str]) -> str:
    sign, text = run[1], run[2]
    if sign and len(_digits(text)) <= _PHONE_DIGITS:
        return run[0]
    masked, kept_to = sign, 0
    for start, end in _cards(text):
        masked += f"{text[kept_to:start]}[card ending {_digits(text[start:end])[-4:]}]"
        kept_to = end
    return masked + text[kept_to:]


def _cards(text: str) -> Iterator[tuple[int, int]]:
    """Find cards from left to right; one begins and ends where a group of digits does."""
    groups = [(*group.span(), _digits(group[0])) for group in _GROUP.finditer(text)]
    first = 0
    while first < len(groups):
        last = _card_from(text, groups, first)
        if last is not None:
            yield groups[first][0], groups[last][1]
        first = first + 1 if last is None else last + 1


def _card_from(text: str, groups: list[_Group], first: int) -> int | None:
    """Return the last group of the card that begins with group `first`, None if no card does."""
    if groups[first][2][0] not in _FIRST_DIGITS or [len(group[2]) for group in groups[first : first + 3]] == _PHONE:
        return None
    by_length: dict[int, tuple[int, str]] = {}
    digits = ""
    for last in range(first, len(groups)):
        digits += groups[last][2]
        if len(digits) > max(_NETWORKS):
            break
        by_length[len(digits)] = last, digits
    for length, prefixes in _NETWORKS.items():
        if length in by_length and prefixes.match(by_length[length][1]) and passes_luhn(by_length[length][1]):
            last = by_length[length][0]
            if _is_one(text, groups[first : last + 1]):
                return last
    return None


def _is_one(text: str, groups: list[_Group]) -> bool:
    """Tell whether these groups are one number: where anything loose stands between them, only if they look like it."""
    between = {text[one[1] : other[0]] for one, other in pairwise(groups)}
    if not any(_LOOSE.search(it) for it in between):
        return True
    lengths = [len(group[2]) for group in groups]
    alike = len(between) == len(set(lengths)) == 1 and lengths[0] in _AS_SAID
    fours = set(lengths[:-1]) == {_ON_OTHERS} and lengths[-1] <= _ON_OTHERS
    return alike or fours or lengths in (_ON_AMEX, _ON_DINERS)


def _digits(text: str) -> str:
    """Only the digits, as ASCII: people type full-width and Arabic-Indic ones too."""
    return "".join(str(int(character)) for character in text if character.isdecimal())
