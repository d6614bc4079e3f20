"""What all AWS services have in common: a client that repeats no call by itself, and what its errors mean for us."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field

from followthrough.errors import NotFound, OutcomeUnknown, Refused, SystemFailure, Throttled, Unreachable
from followthrough.integration.limits import CONNECT_SECONDS, READ_SECONDS
from followthrough.integration.reply import retry_after
from followthrough.integration.shapes import Id, Shape, malformed

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.exceptions import ClientError

BUSY: Final = frozenset(
    {
        "KMSThrottling",
        "RequestLimitExceeded",
        "Throttled",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
    }
)
"""The codes by which a service asks to come back later."""

MISSING: Final = frozenset({"NotFound", "NotFoundException"})


def once() -> "Config":
    """Return a client configuration with time limits and without botocore's own retries: a write goes out once."""
    from botocore.config import Config  # noqa: PLC0415  0.4 s that only a user pays

    return Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
    )


@contextmanager
def translated(system: str) -> Iterator[None]:
    """Raise the SystemFailure that stands for whatever a write through botocore raises inside."""
    from botocore import exceptions as aws  # noqa: PLC0415  as above
    from botocore.parsers import ResponseParserError  # noqa: PLC0415  as above

    # Raised before the first byte is sent; every other error of the HTTP client may come after it.
    before = (aws.ConnectTimeoutError, aws.EndpointConnectionError, aws.ProxyConnectionError, aws.SSLError)
    try:
        yield
    except aws.ClientError as error:
        # What a service says may quote an address, so it goes no further.
        raise failure(system, error) from None
    except before:
        raise Unreachable(system, "no_connection") from None
    except (aws.HTTPClientError, aws.IncompleteReadError):
        raise OutcomeUnknown(system, "connection_lost") from None
    except ResponseParserError:
        raise malformed(system, "answer: ResponseParserError", write=True) from None
    except aws.BotoCoreError as error:
        # No credentials, no region, a parameter that the service's own model forbids: nothing left this machine.
        raise Refused(system, _snake(type(error).__name__)) from None


def failure(system: str, error: "ClientError") -> SystemFailure:
    """Translate what a service answered."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in BUSY or status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(system, _snake(code), retry_after(headers(error.response)))
    if not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return OutcomeUnknown(system, f"http_{status}")
    return NotFound(system, "not_found") if code in MISSING else Refused(system, _snake(code))


class Accepted(Shape):
    """What a service answers that took on a message."""

    id: Id = Field(alias="MessageId")


def headers(response: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the headers of what a service answered; empty where there are none."""
    found: Mapping[str, str] = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return found


def _snake(code: str) -> str:
    """Write a code as the other adapters do: `MessageRejected` is `message_rejected`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", code.removesuffix("Exception")).lower()
