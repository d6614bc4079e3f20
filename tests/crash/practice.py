"""The tenant of the crash tests: the example practice, with one step more so that it uses every write there is."""

from followthrough.routing.releases import Live, Release
from tests.workbench.shelves import RememberedReleases
from tests.workbench.world import TENANT, Edits, release

__all__ = ["EDITS", "TENANT", "made", "shelf"]

_NOTE = """      - act: note
        using: crm.log_activity
        with: {person: =patient.id}
        say: visit_note
"""
_CHANGE = """      - act: account
        using: crm.change_person
        with: {person: =patient.id, payments_id: =payer.id}
        irreversible: true
        if it fails: tell desk
"""
EDITS: Edits = ((_NOTE, _CHANGE + _NOTE),)


def made() -> Release:
    """Return the practice's release, as this checkout makes it now."""
    return release(EDITS)


def shelf(only: Release) -> RememberedReleases:
    """Return a shelf with one release, which is live."""
    known = RememberedReleases()
    known.known[TENANT, only.id] = only
    known.go_live(Live(tenant=TENANT, release=only.id))
    return known
