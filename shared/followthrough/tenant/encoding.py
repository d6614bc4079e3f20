"""From a file's bytes to its text: plain UTF-8, and nothing that was garbled on its way."""

import re
from typing import Final

from followthrough.errors import Misconfigured, Problem
from followthrough.tenant.positions import LARGEST, TOO_LARGE

_LOST: Final = "\ufffd"
"""What a reader writes where a letter could not be read."""

_ADVICE: Final = "save it as UTF-8, from a copy in which it still reads right"

_TWICE: Final = re.compile("[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac[\u2122\u02dc\u0153\u201c\u201d\u00a6]")
"""A letter of UTF-8 that was taken for two or three of another encoding, and saved so."""


def decoded(content: bytes) -> str:
    """Return the text of a tenant's file. Raises Misconfigured with the place of the first letter that is lost."""
    if len(content) > LARGEST:
        raise Misconfigured([Problem(1, 1, "(file)", TOO_LARGE)])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        said = f"the byte {content[error.start]:#04x} is no UTF-8, so the file is in another encoding"
        raise Misconfigured([_problem(before, said)]) from None
    if _LOST in text:
        said = "a letter was lost here when the file was saved in another encoding"
        raise Misconfigured([_problem(text[: text.index(_LOST)], said)])
    if twice := _TWICE.search(text):
        said = f"`{twice[0]}` was one letter before the file was read in another encoding"
        raise Misconfigured([_problem(text[: twice.start()], said)])
    return text


def _problem(before: str, said: str) -> Problem:
    lines = before.split("\n")
    return Problem(len(lines), len(lines[-1]) + 1, "(file)", f"{said}: {_ADVICE}")
