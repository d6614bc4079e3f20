"""Who is told, and how."""

from typing import Annotated, Final

from pydantic import Field, Tag

from followthrough.tenant.parts import TAG, Expression, Name, OperationName, Part, Value, by_key


class Customer(Part):
    """Where a service knows its customer's mail address from; the phone number is the interaction's."""

    mail: Expression


class Tell(Part):
    """Tell a party: `customer` or the name of an operator, trying `by` these systems in order."""

    tell: Name
    by: Annotated[list[Name], Field(min_length=1, max_length=10)]
    say: Name


class Record(Part):
    """Tell the system of record; the message fills the operation's field for words."""

    record_in: OperationName = Field(alias="record in")
    with_: dict[str, Value] = Field(default_factory=dict, max_length=50, alias="with")
    say: Name


CONFIRMATIONS: Final = ("tell", "record in")

Confirmation = Annotated[
    Annotated[Tell, Tag(TAG + "tell")] | Annotated[Record, Tag(TAG + "record_in")],
    by_key("tell", "record in", "record_in"),
]


class Alerts(Part):
    """How operators hear of what a person has to see to: the message may use `problem.step` and `problem.code`."""

    by: Annotated[list[Name], Field(min_length=1, max_length=10)]
    say: Name
