"""What every client needs around it, ours and the vendors' own: time limits, silence, and whether a request ever left.

Both the stripe and the twilio package speak through `requests` on `urllib3`; nothing of either is imported before a
connection has broken.
"""

import logging
from collections.abc import Iterator
from typing import Final

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 10.0
"""How long any client waits for a connection, and then for each part of an answer."""


def quiet(*loggers: str) -> None:
    """Let these loggers say nothing below a warning: they write out whole URLs, and customers' numbers in them."""
    for name in loggers:
        logging.getLogger(name).setLevel(logging.WARNING)


def never_left(broken: BaseException) -> bool:
    """Tell whether no byte of the request was sent: no name, no connection, no proxy, no trusted certificate."""
    from ssl import SSLCertVerificationError  # noqa: PLC0415  only a broken connection pays for it

    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError  # noqa: PLC0415  likewise

    before = (NewConnectionError, ConnectTimeoutError, ProxyError, SSLCertVerificationError)
    return any(isinstance(error, before) for error in _behind(broken, set()))


def _behind(error: BaseException, seen: set[int]) -> Iterator[BaseException]:
    """Yield an error and all that are wrapped in it: requests and urllib3 nest them in three different ways."""
    if id(error) in seen:
        return
    seen.add(id(error))
    yield error
    for inner in (error.__cause__, error.__context__, getattr(error, "reason", None), *error.args):
        if isinstance(inner, BaseException):
            yield from _behind(inner, seen)
