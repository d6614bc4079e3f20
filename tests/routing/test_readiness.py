"""Publishing asks every connected system whether it can serve the tenant."""

import pytest

from followthrough.errors import BadSecret, OutcomeUnknown, SystemFailure, Throttled, Unreachable
from tests.routing.publishing import GOOD, Desk

WAITS = "event type 1201 waits for its host's confirmation"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_system_that_cannot_serve_the_tenant_refuses_its_file(desk: Desk) -> None:
    """CAL-3: what a system says is a mistake at the system's place, and all systems are heard."""
    desk.systems.say = {"calendar": [WAITS, "event type 1201 offers seats"], "crm": ["there is no property"]}
    assert desk.publish() is None
    (report,) = desk.bucket.reports.values()
    assert report["status"] == "refused"
    assert [(it["path"], it["message"]) for it in report["problems"]] == [
        ("systems.crm", "there is no property"),
        ("systems.calendar", "event type 1201 offers seats"),
        ("systems.calendar", WAITS),
    ]
    line = GOOD.splitlines()[report["problems"][-1]["line"] - 1]
    assert line.strip().startswith("calendar:")
    assert WAITS in desk.yard.notices[0][1]
    assert desk.yard.machines == []


def test_what_was_live_stays_so(desk: Desk) -> None:
    """CAL-3: a calendar that was changed to something impossible does not take down the release that was live."""
    live = desk.publish()
    desk.systems.say = {"calendar": [WAITS]}
    desk.publish()
    assert live is not None
    assert desk.releases.live("brightsmile") == live
    assert f"Release {live.release} stays live." in desk.yard.notices[-1][1]


@pytest.mark.parametrize(
    "away",
    [
        Unreachable("cal_com", "connect_error"),
        Throttled("cal_com", "too_many_requests", 60),
        OutcomeUnknown("hubspot", "http_500"),
    ],
)
def test_a_system_that_is_away_is_a_warning(desk: Desk, away: SystemFailure) -> None:
    """CAL-3: an outage says nothing about the file: it goes live, and its operators are told what is not known."""
    desk.systems.say = {"calendar": away}
    assert desk.publish() is not None
    (report,) = desk.bucket.reports.values()
    (warning,) = report["warnings"]
    assert warning["path"] == "systems.calendar"
    assert away.code in warning["message"]
    assert away.code in desk.yard.notices[0][1]


def test_a_secret_that_is_missing_is_a_warning(desk: Desk) -> None:
    """P5: whoever uploads a tenant's file is told which secret nobody can use."""
    desk.systems.say = {"payments": BadSecret("there is no secret `x`")}
    assert desk.publish() is not None
    (report,) = desk.bucket.reports.values()
    (warning,) = report["warnings"]
    assert warning["path"] == "systems.payments"
    assert "there is no secret `x`" in warning["message"]


def test_mistakes_and_warnings_are_told_together(desk: Desk) -> None:
    """CAL-3: one upload tells everything that is to be mended."""
    desk.systems.say = {"calendar": [WAITS], "crm": Unreachable("hubspot", "connect_error")}
    desk.publish()
    (report,) = desk.bucket.reports.values()
    assert [it["path"] for it in report["problems"]] == ["systems.calendar"]
    assert [it["path"] for it in report["warnings"]] == ["systems.crm"]
