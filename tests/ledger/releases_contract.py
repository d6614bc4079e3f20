"""What every Releases must do; a store's test gives `releases` and `tenant`."""

import pytest

from followthrough.errors import Conflict, Missing
from followthrough.routing.releases import Live, Release, Releases
from followthrough.tenant.models import Tenant
from tests.ledger.samples import at_once


def a_release(tenant: str, id_: str = "0123456789abcdef") -> Release:
    told = [{"tell": "customer", "by": ["texts"], "say": "done"}]
    config = {
        "tenant": tenant,
        "name": "Bright Smile",
        "locale": "en-US",
        "languages": ["en"],
        "time_zone": "America/Chicago",
        "currency": "USD",
        "channels": {"sms": {"provider": "twilio"}},
        "systems": {"texts": {"adapter": "twilio"}},
        "operators": {"desk": {"topic": "front-desk"}},
        "not understood": {"ask": "which", "wait": "2 hours", "give up": "sorry"},
        "services": {
            "cleaning": {
                "title": {"en": "Cleaning"},
                "identify": {"keywords": ["cleaning"]},
                "steps": [{"act": "note", "using": "crm.log", "if it fails": "tell desk"}],
                "confirm": told,
            }
        },
        "otherwise": told,
        "alerts": {"by": ["notices"], "say": "done"},
        "messages": {"done": {"en": "Done."}},
    }
    return Release(id=id_, tenant=Tenant.model_validate(config), machine={"StartAt": "identify", "States": {}})


class ReleasesContract:
    def test_release_comes_back_as_it_was_kept(self, releases: Releases, tenant: str) -> None:
        """Configuration and machine survive storage, and keeping the same again is harmless."""
        releases.keep(a_release(tenant))
        releases.keep(a_release(tenant))
        assert releases.release(tenant, "0123456789abcdef") == a_release(tenant)
        assert releases.release(tenant, "0123456789abcdef") == a_release(tenant)

    def test_kept_release_never_changes(self, releases: Releases, tenant: str) -> None:
        """What is kept under an id is not replaced by anything else under that id."""
        releases.keep(a_release(tenant))
        releases.keep(a_release(tenant).model_copy(update={"machine": {"StartAt": "other"}}))
        assert releases.release(tenant, "0123456789abcdef") == a_release(tenant)

    def test_unknown_release_is_missing(self, releases: Releases, tenant: str) -> None:
        """A release that was never kept raises Missing."""
        with pytest.raises(Missing):
            releases.release(tenant, "fedcba9876543210")

    def test_tenant_goes_live_and_rolls_back(self, releases: Releases, tenant: str) -> None:
        """Nothing is live at first; each change is the next version of one record."""
        assert releases.live(tenant) is None
        first = releases.go_live(Live(tenant=tenant, release="a"))
        second = releases.go_live(first.model_copy(update={"release": "b"}))
        assert releases.live(tenant) == second == Live(tenant=tenant, release="b", version=2)
        assert releases.go_live(second.model_copy(update={"release": "a"})).version == 3

    def test_one_of_many_goes_live(self, releases: Releases, tenant: str) -> None:
        """Of eight releases that go live on the same reading, one does and seven get Conflict."""

        def go(number: int) -> bool:
            try:
                return bool(releases.go_live(Live(tenant=tenant, release=f"r{number}")))
            except Conflict:
                return False

        won = at_once(8, go)
        assert won.count(True) == 1
        assert releases.live(tenant) == Live(tenant=tenant, release=f"r{won.index(True)}", version=1)

    def test_going_live_on_an_old_reading(self, releases: Releases, tenant: str) -> None:
        """Whoever read an older version, or one that never was, gets Conflict."""
        releases.go_live(Live(tenant=tenant, release="a"))
        for version in (0, 2):
            with pytest.raises(Conflict):
                releases.go_live(Live(tenant=tenant, release="b", version=version))
