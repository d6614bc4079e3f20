"""Read what a service must know from a customer's words. Values are JSON: a time is ISO 8601 in UTC."""

from typing import Any, assert_never

from followthrough.engine.case import Case
from followthrough.tenant.formats import formats_for
from followthrough.tenant.models import Input, Service
from followthrough.understanding.answers import yes_or_no
from followthrough.understanding.choices import pick
from followthrough.understanding.dates import FoundTime, find_time


def time_of(case: Case, text: str, language: str) -> FoundTime | None:
    """Return the one moment that the text names, in the tenant's time zone."""
    dialect = formats_for(case.tenant, language).dialect
    return find_time(text, case.ports.clock(), case.tenant.time_zone, dialect, case.tenant.words.counted)


def understood(case: Case, service: Service, text: str, language: str) -> dict[str, Any]:
    """Return those of the service's inputs that the text says; a free text is never guessed from other words."""
    found = {
        name: value_of(case, wanted, text, language)
        for name, wanted in service.inputs.items()
        if wanted.type in {"datetime", "choice"}
    }
    return {name: value for name, value in found.items() if value is not None}


def value_of(case: Case, wanted: Input, text: str, language: str) -> Any:
    """Return the answer to a question for this input; None when the text does not say."""
    match wanted.type:
        case "datetime":
            found = time_of(case, text, language)
            return found.at.isoformat() if found else None
        case "yes/no":
            return yes_or_no(text, language)
        case "choice":
            return pick(text, wanted.choices or {}, language)
        case "text":
            return text.strip() or None
        case _:
            assert_never(wanted.type)


def vague(case: Case, service: Service, text: str, language: str) -> list[str]:
    """Name the service's times of which the text says the day but not the hour: those are offered, never just taken."""
    found = time_of(case, text, language)
    times = [name for name, wanted in service.inputs.items() if wanted.type == "datetime"]
    return times if found and not found.has_time else []
