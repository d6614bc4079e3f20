"""Mail addresses: one, without a name beside it, and whose it is."""

import re
from collections.abc import Collection
from typing import Annotated, Final

from pydantic import AfterValidator

_WORD: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"(?=.{{3,254}}\Z){_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})+\Z")
"""A dot-atom of RFC 5322, 3.4.1, at a host's name: no comment, no quotes, nothing that could end a header or a list."""


def is_address(text: str) -> bool:
    """Whether a text is one mail address, and nothing else."""
    return _ADDRESS.match(text) is not None


def is_given(address: str, identities: Collection[str]) -> bool:
    """Whether an address, or its whole domain, is among the identities that somebody may send from."""
    own = {identity.lower() for identity in identities}
    return address.lower() in own or address.rpartition("@")[2].lower() in own


def _one(text: str) -> str:
    if not is_address(text):
        raise ValueError("write one mail address and nothing else, such as desk@practice.example")
    return text


Address = Annotated[str, AfterValidator(_one)]
"""One mail address, to send from or to."""
