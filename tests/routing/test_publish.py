"""Publishing: a good file goes live once, a bad one is refused with every mistake, and races end with the newest."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from followthrough.errors import Conflict
from followthrough.integration.registry import operations, settings_of
from followthrough.ledger.memory.releases import MemoryReleases
from followthrough.routing.publish import Publishing, make_release, publish
from followthrough.tenant.load import load
from followthrough.tenant.models import Tenant
from followthrough.tenant.release import Live, Release
from infra.local.accounts import configuration, source
from tests.workbench.world import FUNCTIONS

KEY = "tenants/brightsmile/tenant.yaml"
GOOD = source("brightsmile")
NEWER = GOOD.replace("name: Bright Smile Dental", "name: Brighter Smile Dental")
BROKEN = GOOD.replace("time_zone:", "timezone:").replace("crm.find_person", "crm.find_persons")


class Bucket:
    """Uploads; `meanwhile` happens once, right after the file was read."""

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.reports: dict[str, Mapping[str, Any]] = {}
        self.meanwhile: Callable[[], None] | None = None

    def read(self, key: str) -> str | None:
        text, then, self.meanwhile = self.text, self.meanwhile, None
        if then:
            then()
        return text

    def report(self, key: str, report: Mapping[str, Any]) -> None:
        self.reports[key] = report


class Yard:
    """A workshop that keeps what it was told; while `closed`, no machine can be made."""

    def __init__(self) -> None:
        self.machines: list[str] = []
        self.topic_names: set[str] = set()
        self.notices: list[tuple[str, str]] = []
        self.closed = False

    def machine(self, release: Release) -> None:
        if self.closed:
            raise ConnectionError("closed")
        self.machines.append(release.id)

    def topics(self, tenant: Tenant) -> None:
        self.topic_names |= {operator.topic for operator in tenant.operators.values()}

    def notify(self, tenant: str, subject: str, body: str) -> None:
        self.notices.append((subject, body))


class Desk:
    """All that publishing needs, and one way to ask for it."""

    def __init__(self, text: str | None = GOOD) -> None:
        self.bucket, self.yard, self.releases = Bucket(text), Yard(), MemoryReleases()

    def publish(self, key: str = KEY) -> Live | None:
        return publish(
            key,
            Publishing(
                uploads=self.bucket,
                workshop=self.yard,
                releases=self.releases,
                load=lambda text: load(text, operations(), settings_of()),
                functions=FUNCTIONS,
                clock=lambda: datetime(2026, 11, 23, tzinfo=UTC),
            ),
        )

    def upload(self, text: str) -> None:
        self.bucket.text = text

    def live_name(self) -> str:
        live = self.releases.live("brightsmile")
        assert live is not None
        return self.releases.release("brightsmile", live.release).tenant.name


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_good_file_goes_live(desk: Desk) -> None:
    """A good file is kept, given its topics and its machine, made live, reported and announced."""
    live = desk.publish()
    assert live is not None
    assert (live.version, desk.yard.machines) == (1, [live.release])
    assert desk.yard.topic_names == {"front-desk"}
    (report,) = desk.bucket.reports.values()
    assert (report["status"], report["release"], report["problems"]) == ("live", live.release, [])
    assert desk.yard.notices[0][0] == "brightsmile is live"
    assert all(key.startswith("reports/brightsmile/") for key in desk.bucket.reports)


def test_same_file_again_changes_nothing(desk: Desk) -> None:
    """A notification that comes twice makes no other release and no other version."""
    assert desk.publish() == desk.publish()


def test_broken_file_is_refused_with_every_mistake(desk: Desk) -> None:
    """Each mistake is reported at its line and column, and the operators are told how many."""
    desk.upload(BROKEN)
    assert desk.publish() is None
    (report,) = desk.bucket.reports.values()
    assert (report["status"], report["release"]) == ("refused", None)
    assert len(report["problems"]) > 1
    assert all(it["line"] > 0 and it["column"] > 0 and it["message"] for it in report["problems"])
    subject, body = desk.yard.notices[0]
    assert subject == f"brightsmile was refused: {len(report['problems'])} mistakes"
    assert "The tenant is not live." in body
    assert desk.yard.machines == []


def test_refusal_keeps_what_is_live(desk: Desk) -> None:
    """A broken file after a good one leaves the good one live, and says so."""
    live = desk.publish()
    assert live is not None
    desk.upload(BROKEN)
    desk.publish()
    assert desk.releases.live("brightsmile") == live
    assert f"Release {live.release} stays live." in desk.yard.notices[-1][1]


def test_name_must_be_the_folders(desk: Desk) -> None:
    """A file in another tenant's folder is refused: it would take over that tenant."""
    assert desk.publish("tenants/other/tenant.yaml") is None
    (report,) = desk.bucket.reports.values()
    assert 'the folder of "other"' in report["problems"][0]["message"]
    assert desk.releases.live("other") is None
    assert desk.releases.live("brightsmile") is None


@pytest.mark.parametrize("text", ["", "\ufffd\ufffd\x00", "- a list", "tenant: [", "a" * 100_000])
def test_what_is_no_configuration(desk: Desk, text: str) -> None:
    """Whatever is uploaded, down to bytes that were no text, is refused with a place and not with a crash."""
    desk.upload(text)
    assert desk.publish() is None
    (report,) = desk.bucket.reports.values()
    assert report["problems"]


def test_file_that_is_gone(desk: Desk) -> None:
    """A file that was deleted meanwhile changes nothing and reports nothing."""
    desk.bucket.text = None
    assert desk.publish() is None
    assert (desk.bucket.reports, desk.yard.notices) == ({}, [])


def test_newer_upload_wins_the_race(desk: Desk) -> None:
    """Who read an old file and was overtaken starts over, and ends with the newest file live."""

    def overtaken() -> None:
        desk.upload(NEWER)
        desk.publish()

    desk.bucket.meanwhile = overtaken
    desk.publish()
    assert desk.live_name() == "Brighter Smile Dental"


def test_notifications_out_of_order(desk: Desk) -> None:
    """Both notifications of two uploads, whichever comes first, end with the newest file live."""
    desk.upload(NEWER)
    desk.publish()
    desk.publish()
    assert desk.live_name() == "Brighter Smile Dental"
    assert desk.releases.live("brightsmile") == Live(tenant="brightsmile", release=desk.yard.machines[0], version=1)


def test_overtaken_by_a_broken_file(desk: Desk) -> None:
    """A good file overtaken by a broken upload goes live all the same: the refused one changed nothing."""

    def overtaken() -> None:
        desk.upload(BROKEN)
        desk.publish()

    desk.bucket.meanwhile = overtaken
    assert desk.publish() is not None
    assert desk.live_name() == "Bright Smile Dental"
    assert {report["status"] for report in desk.bucket.reports.values()} == {"refused", "live"}


def test_race_without_end_is_an_error(desk: Desk) -> None:
    """Who loses again and again gives up with an error, which the notification's retry takes up."""
    count = iter(range(1000))

    def again() -> None:
        live = desk.releases.live("brightsmile") or Live(tenant="brightsmile", release="")
        desk.releases.go_live(live.model_copy(update={"release": f"other-{next(count)}"}))
        desk.bucket.meanwhile = again

    desk.bucket.meanwhile = again
    with pytest.raises(Conflict):
        desk.publish()


def test_machine_that_cannot_be_made_keeps_the_old_one_live(desk: Desk) -> None:
    """A release is live only when its machine is there; the retry finishes what the outage stopped."""
    desk.publish()
    desk.upload(NEWER)
    desk.yard.closed = True
    with pytest.raises(ConnectionError):
        desk.publish()
    assert desk.live_name() == "Bright Smile Dental"
    desk.yard.closed = False
    desk.publish()
    assert desk.live_name() == "Brighter Smile Dental"


def test_back_to_an_older_file(desk: Desk) -> None:
    """The older file uploaded again makes the older release live again, under its old id."""
    first = desk.publish()
    desk.upload(NEWER)
    desk.publish()
    desk.upload(GOOD)
    third = desk.publish()
    assert first is not None
    assert third is not None
    assert (third.release, third.version) == (first.release, 3)


def test_release_id_follows_configuration_and_functions() -> None:
    """Another word in the configuration or another function version is another release; the same is the same."""
    tenant = configuration("brightsmile")
    newer = {name: arn.replace(":1", ":2") for name, arn in FUNCTIONS.items()}
    same, again = make_release(tenant, FUNCTIONS), make_release(tenant, FUNCTIONS)
    other = make_release(tenant.model_copy(update={"name": "Another"}), FUNCTIONS)
    assert len({same.id, again.id, other.id, make_release(tenant, newer).id}) == 3
