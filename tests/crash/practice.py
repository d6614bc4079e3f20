"""The tenant of the crash tests: the example practice, with one step more so that it uses every write there is."""

from followthrough.tenant.release import Live
from tests.workbench.shelves import RememberedReleases
from tests.workbench.world import TENANT, Edits, release

__all__ = ["EDITS", "TENANT", "releases"]

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


def releases() -> RememberedReleases:
    """Return the practice's release, live: every process makes the same one."""
    known, made = RememberedReleases(), release(EDITS)
    known.known[TENANT, made.id] = made
    known.go_live(Live(tenant=TENANT, release=made.id))
    return known
