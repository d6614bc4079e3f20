"""A connected system, as the engine knows it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel

from followthrough.contracts.call import Answer, Call
from followthrough.contracts.manifest import Operation


class Adapter(Protocol):
    """A connected system. Failures are raised as `SystemFailure`s; nobody else sees the vendor's own errors."""

    name: ClassVar[str]
    Settings: ClassVar[type[BaseModel]]
    Secret: ClassVar[type[BaseModel]]
    operations: ClassVar[Mapping[str, Operation]]

    def __init__(self, settings: Any, secret: Any, endpoint: str | None) -> None:
        """Connect with the tenant's settings and secret; `endpoint` replaces the provider's public base URL."""

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Do it. Raises SystemFailure."""

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:
        """Look for what an earlier call of a `ByReadBack` operation did; None when it is not there.

        Raises Declined where it is there and failed; any other SystemFailure is about the look alone.
        """


@runtime_checkable
class Checking(Protocol):
    """An adapter that can ask its system, beforehand, whether it is set up to serve the tenant."""

    def check(self) -> list[str]:
        """Say what is not as it has to be, each in a sentence that says what to change; changes nothing.

        Raises SystemFailure where the system does not tell.
        """
