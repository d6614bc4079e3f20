"""Publishing: a good file goes live once, a bad one is refused with every mistake, and races end with the newest."""

import pytest

from followthrough.errors import Conflict, Problem
from followthrough.routing.publish import make_release
from followthrough.routing.releases import Live
from infra.local.accounts import configuration
from tests.routing.publishing import BROKEN, GOOD, NEWER, Desk
from tests.workbench.world import FUNCTIONS


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


def test_warnings_are_told_and_stop_nothing() -> None:
    """A file with warnings goes live; they are in the report, and the operators read them."""
    desk = Desk(warnings=[Problem(3, 7, "messages.offer.en", "two parts")])
    assert desk.publish() is not None
    (report,) = desk.bucket.reports.values()
    said = {"line": 3, "column": 7, "path": "messages.offer.en", "message": "two parts"}
    assert (report["status"], report["warnings"]) == ("live", [said])
    assert "3:7 messages.offer.en: two parts" in desk.yard.notices[0][1]


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
