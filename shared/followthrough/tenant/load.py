"""From the text of a tenant's file to its configuration, or to everything that is wrong with it."""

from dataclasses import dataclass
from typing import Any

from followthrough.errors import Misconfigured, Problem
from followthrough.tenant.checks import (
    basics,
    confirmations,
    flow,
    messages,
    reversal,
    steps,
    sums,
    tables,
    texts,
    waits,
)
from followthrough.tenant.checks.review import Providers, Review, Settings
from followthrough.tenant.models import Tenant
from followthrough.tenant.positions import Places, read
from followthrough.tenant.scopes import Operations
from followthrough.tenant.shape import MOST_TOLD, Enough, Report, TextLength, shape


@dataclass(frozen=True)
class Loaded:
    """A tenant without a mistake, what its operator is warned of, in the file's order, where everything stands, and how
    long its texts are.
    """

    tenant: Tenant
    warnings: list[Problem]
    places: Places
    texts: list[TextLength]


def load(text: str, operations: Operations, settings: Settings, providers: Providers) -> Loaded:
    """Return the tenant that a file describes, and the warnings about it.

    `operations` and `settings` say, by adapter, what it can do and how it is set up, `providers` which adapters may
    provide each channel. Raises Misconfigured with every mistake.
    """
    document = read(text)
    report = Report(document.places, document.problems[:MOST_TOLD])
    tenant = None
    try:
        tenant = None if document.data is None else _looked_at(document.data, report, operations, settings, providers)
    except Enough:
        last = max(report.problems or report.warnings)
        said = f"there is more than these {MOST_TOLD} places: mend them first"
        report.problems.append(Problem(last.line, last.column, "(file)", said))
    if report.problems or tenant is None:
        raise Misconfigured(report.problems, report.warnings)
    return Loaded(tenant, sorted(report.warnings), report.places, report.texts)


def _looked_at(
    data: Any, report: Report, operations: Operations, settings: Settings, providers: Providers
) -> Tenant | None:
    """Return as much of a tenant as could be read, with every check made. Raises Enough."""
    tenant = shape(data, report)
    if tenant is not None:
        review = Review(tenant, operations, settings, providers, report)
        for concern in (basics, steps, flow, reversal, tables, sums, messages, confirmations, waits, texts):
            concern.check(review)
    return tenant
