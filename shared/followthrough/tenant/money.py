"""Money as people write it, and as it is counted: whole minor units of the tenant's currency."""

import re
from decimal import Decimal
from typing import Final

from babel.numbers import get_currency_precision

_AMOUNT: Final = re.compile(r"-?\d{1,15}(\.\d{1,6})?")


def decimals(currency: str) -> int:
    """Return how many decimals people write in this currency (CLDR)."""
    return get_currency_precision(currency)


def to_minor(value: object, currency: str) -> int:
    """Turn 90, 90.00 or "90.00" into minor units (9000 for USD, 90 for JPY).

    Raises ValueError when it is no such amount.
    """
    if isinstance(value, bool | float) or not _AMOUNT.fullmatch(str(value)):
        raise ValueError("an amount of money is a number such as 90 or 90.00")
    amount = Decimal(str(value)).scaleb(decimals(currency))
    if amount != amount.to_integral_value():
        raise ValueError(f"{value} has more decimals than {currency} has")
    return int(amount)


def to_major(minor: int, currency: str) -> Decimal:
    """Turn minor units into the exact amount that people read."""
    return Decimal(minor).scaleb(-decimals(currency))
