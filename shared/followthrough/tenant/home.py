"""Where a tenant is at home: by its money and its clock expressions are read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Home:
    """`currency` is a code of ISO 4217, `time_zone` a name of the tz database, such as America/Chicago."""

    currency: str
    time_zone: str
