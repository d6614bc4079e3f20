"""Protocol buffers, as little of them as is needed to look into one: numbered fields of numbers and of bytes.

https://protobuf.dev/programming-guides/encoding/
"""

from typing import Final

_VARINT: Final = 0
_BYTES: Final = 2
_FIXED: Final = {1: 8, 5: 4}
"""How many bytes a fixed number has, by its wire type."""

_MORE: Final = 0x80
"""The bit of a byte of a number that says that another one follows."""


class Message:
    """A message: its fields by number."""

    def __init__(self, data: bytes) -> None:
        """Read all fields; what is a fixed number, such as a decimal, is kept as its bytes."""
        self.numbers: dict[int, int] = {}
        self.parts: dict[int, list[bytes]] = {}
        at = 0
        while at < len(data):
            tag, at = _varint(data, at)
            field, kind = tag >> 3, tag & 7
            if kind == _VARINT:
                self.numbers[field], at = _varint(data, at)
                continue
            size, at = _varint(data, at) if kind == _BYTES else (_FIXED[kind], at)
            self.parts.setdefault(field, []).append(data[at : at + size])
            at += size

    def number(self, field: int) -> int:
        """Return a number; 0 when it is not said."""
        return self.numbers.get(field, 0)

    def texts(self, field: int) -> tuple[str, ...]:
        """Return texts."""
        return tuple(each.decode() for each in self.parts.get(field, []))

    def messages(self, field: int) -> list["Message"]:
        """Return the messages of a field."""
        return [Message(each) for each in self.parts.get(field, [])]

    def message(self, field: int) -> "Message":
        """Return the one message of a field; an empty one when it is not said."""
        return next(iter(self.messages(field)), Message(b""))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & ~_MORE) << shift
        at, shift = at + 1, shift + 7
        if byte < _MORE:
            return value, at
