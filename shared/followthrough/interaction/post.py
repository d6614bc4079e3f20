"""What somebody posted to us, and what they are answered: nothing in it is of one provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

_MOST_FIELDS = 200


@dataclass(frozen=True)
class Post:
    """A request to one tenant's webhook. `url` is the public one that the provider called, and may have signed; headers
    are lower-case.
    """

    tenant: str
    url: str
    headers: Mapping[str, str]
    body: bytes

    def form(self) -> dict[str, str] | None:
        """Return the fields of a form in UTF-8; None for anything else."""
        try:
            pairs = parse_qsl(
                self.body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS
            )
        except ValueError:
            return None
        return dict(pairs)


@dataclass(frozen=True)
class Response:
    """What whoever posted is answered when it was accepted."""

    content_type: str
    body: str
