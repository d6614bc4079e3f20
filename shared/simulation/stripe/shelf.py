"""Where a small Stripe keeps its objects, and the ids it gives them."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from simulation.exchange import Response
from simulation.stripe.form import whole
from simulation.stripe.objects import Object, page

DEFAULT_PAGE = 10


class Shelf:
    """All objects of an account by id, in the order they were made."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Live by the clock `now`."""
        self.now = now
        self._objects: dict[str, Object] = {}
        self._made: Counter[str] = Counter()

    def identity(self, prefix: str, length: int = 24) -> str:
        """Return a new id in Stripe's manner, the same ones in the same order each time."""
        self._made[prefix] += 1
        digest = hashlib.sha256(f"{prefix}{self._made[prefix]}".encode()).hexdigest()
        return f"{prefix}_{digest[:length]}"

    def created(self) -> int:
        """Return the time as Stripe writes it: whole seconds since 1970."""
        return int(self.now().timestamp())

    def put(self, one: Object) -> Object:
        """Keep an object."""
        self._objects[one["id"]] = one
        return one

    def get(self, kind: str, identity: object) -> Object | None:
        """Return the object of this kind and id."""
        one = self._objects.get(str(identity))
        return one if one is not None and one["object"] == kind else None

    def all(self, kind: str) -> list[Object]:
        """Return all of a kind, the newest first."""
        return [one for one in reversed(self._objects.values()) if one["object"] == kind]

    def page(self, kind: str, url: str, query: Mapping[str, Any], *fields: str) -> Response:
        """One page of a kind, narrowed down by creation time and by equal `fields`."""
        since = int((query.get("created") or {}).get("gte", 0))
        fitting = [
            one
            for one in self.all(kind)
            if one["created"] >= since and all(one[name] == query[name] for name in fields if name in query)
        ]
        return page(url, fitting, whole(query, "limit", DEFAULT_PAGE), query.get("starting_after"))
