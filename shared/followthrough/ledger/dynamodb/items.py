"""JSON values as DynamoDB's typed attributes and back."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

from followthrough.ledger.codec import Stored


def to_item(stored: Stored) -> "dict[str, AttributeValueTypeDef]":
    """Type every attribute; None is left out, for a model reads a missing attribute as its default."""
    return {name: to_attribute(value) for name, value in stored.items() if value is not None}


def from_item(item: "Mapping[str, AttributeValueTypeDef]") -> Stored:
    """Return the JSON values of an item."""
    return {name: _value(attribute) for name, attribute in item.items()}


def to_attribute(value: Any) -> "AttributeValueTypeDef":
    """Type one value. Fractions are refused: money is in minor units, and what else may have them is sealed."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, bytes):
        return {"B": value}
    return _many(value)


def _many(value: Any) -> "AttributeValueTypeDef":
    """Type a value of many. A set is one of texts, to which several writers may add at once."""
    if isinstance(value, dict):
        return {"M": to_item(value)}
    if isinstance(value, list):
        return {"L": [to_attribute(part) for part in value]}
    if isinstance(value, frozenset):
        return {"SS": sorted(value)}
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _value(attribute: Any) -> Any:
    ((kind, value),) = attribute.items()
    if kind == "N":
        return int(value)
    if kind == "M":
        return from_item(value)
    if kind == "L":
        return [_value(part) for part in value]
    if kind == "SS":
        return frozenset(value)
    return value
