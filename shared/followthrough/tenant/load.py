"""From the text of a tenant's file to its configuration, or to everything that is wrong with it."""

from followthrough.errors import Misconfigured
from followthrough.tenant.checks import basics, confirmations, flow, messages, reversal, steps, sums, tables
from followthrough.tenant.checks.review import Providers, Review, Settings
from followthrough.tenant.models import Tenant
from followthrough.tenant.positions import read
from followthrough.tenant.scopes import Operations
from followthrough.tenant.shape import Report, shape


def load(text: str, operations: Operations, settings: Settings, providers: Providers) -> Tenant:
    """Return the tenant that a file describes.

    `operations` and `settings` say, by adapter, what it can do and how it is set up, `providers` which adapters may
    provide each channel. Raises Misconfigured with every mistake.
    """
    document = read(text)
    report = Report(document.places, document.problems)
    if document.data is None:
        raise Misconfigured(report.problems)
    tenant = shape(document.data, report)
    if tenant is not None:
        review = Review(tenant, operations, settings, providers, report)
        for concern in (basics, steps, flow, reversal, tables, sums, messages, confirmations):
            concern.check(review)
    if report.problems:
        raise Misconfigured(report.problems)
    assert tenant is not None, "what has no form has problems"
    return tenant
