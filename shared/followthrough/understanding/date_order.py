"""Whether 3/12 is 3 December or March 12, where the customer is."""

from functools import cache

from babel import Locale


@cache
def month_first(locale: str) -> bool | None:
    """Tell whether a locale such as "en-GB" writes the month before the day, by CLDR's short date (through Babel).

    None where it writes the year first ("en-CA"): without a year people there use both orders.
    """
    parts = [letter for letter in Locale.parse(locale, sep="-").date_formats["short"].pattern if letter in "yMd"]
    return None if parts[0] == "y" else parts[0] == "M"
