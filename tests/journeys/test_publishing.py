"""A file that is wrong changes nothing; one that is right takes what comes, and leaves what has begun alone."""

import json
from dataclasses import dataclass
from typing import Any

from infra.cli.report import Report
from tests.journeys.conversation import Ended, over
from tests.journeys.people import said, weekday
from tests.journeys.practice import BROKEN, FINE, NORTHSIDE, NUMBER, REWORDED, open_practice
from tests.journeys.stage import Stage, journey


@dataclass(frozen=True)
class Publications:
    """What became of a broken upload and of a good one, and of the conversations meanwhile."""

    first: str
    refusal: Report
    notices: list[dict[str, Any]]
    live_after_refusal: str
    second: str
    ended: list[Ended]
    topic: str

    @property
    def waiting(self) -> Ended:
        """Who waited from before the refusal until after the new release."""
        return self.ended[0]

    @property
    def during(self) -> Ended:
        """Who came after the refusal."""
        return self.ended[1]

    @property
    def after(self) -> Ended:
        """Who came after the new release."""
        return self.ended[2]


@journey
def publications(stage: Stage) -> Publications:
    """Someone waits for an answer, a broken file is uploaded, someone else texts, then a good file, then a third."""
    notices = open_practice(stage.world)
    first = stage.world.upload(NORTHSIDE, FINE)["release"]
    talks = [
        stage.conversation(stage.town.customer(name), NORTHSIDE, NUMBER)
        for name in ("Clementine Ravenhill", "Bartholomew Inkpen", "Seraphina Oglethorpe")
    ]
    waiting, during, after = talks
    wishes = [f"I'd like a cleaning on {said(weekday(8, hour))}" for hour in (9, 11, 14)]
    waiting.ask(wishes[0])
    refusal = stage.world.upload(NORTHSIDE, BROKEN)
    live = stage.live(NORTHSIDE)
    during.ask(wishes[1])
    during.ask("no")
    second = stage.world.upload(NORTHSIDE, REWORDED)["release"]
    after.ask(wishes[2])
    after.ask("no")
    waiting.ask("yes")
    ended = [over(talk) for talk in talks]
    topic = stage.world.standin.outputs["OperatorsTopic"]
    return Publications(first, refusal, notices(), live, second, ended, topic)


def _place(text: str) -> tuple[int, int]:
    """Where this stands in the broken file: line and column from 1."""
    before = BROKEN[: BROKEN.index(text)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def test_every_mistake_is_reported_at_its_place(publications: Publications) -> None:
    """A typo, an unknown operation, an undefined variable and an unreachable step: each at its line and column."""
    problems = publications.refusal["problems"]
    assert publications.refusal["status"] == "refused"
    assert [(it["line"], it["column"]) for it in problems] == [
        _place("patient.statsu"),
        _place("calendar.find_opening\n"),
        _place("if token: openings"),
        _place("decide: terms"),
    ]


def test_the_report_says_what_was_meant(publications: Publications) -> None:
    """An operator reads what to write instead."""
    told = "\n".join(it["message"] for it in publications.refusal["problems"])
    for meant in (
        "did you mean `if taken`?",
        "did you mean `find_openings`?",
        "did you mean `status`?",
        "can never be",
    ):
        assert meant in told


def test_the_operators_topic_is_told_of_the_refusal(publications: Publications) -> None:
    """The notice names every mistake with its line and says which release stays."""
    (notice,) = [it for it in publications.notices if "refused" in it["Subject"]]
    assert notice["TopicArn"] == publications.topic
    assert notice["Subject"] == f"{NORTHSIDE} was refused: 4 mistakes"
    assert f"Release {publications.first} stays live." in notice["Message"]
    assert all(str(it["line"]) in notice["Message"] for it in publications.refusal["problems"])


def test_the_live_version_stays_and_the_next_text_runs_on_it(publications: Publications) -> None:
    """A broken file breaks nobody's conversation."""
    assert publications.live_after_refusal == publications.first == publications.refusal["release"]
    assert publications.during.report["release"] == publications.first
    assert "Shall we book it?" in publications.during.texts[0]
    assert publications.during.report["closed"]


def test_a_good_version_takes_the_next_conversation(publications: Publications, quiet: Stage) -> None:
    """From the live record's change on, new executions speak its words."""
    assert publications.second != publications.first
    assert quiet.live(NORTHSIDE) == publications.second
    assert publications.after.report["release"] == publications.second
    assert "Is that all right?" in publications.after.texts[0]


def test_who_waited_ends_on_the_release_they_began_with(publications: Publications) -> None:
    """The words and the price agreed to are those of the first release, though another is live by then."""
    report = publications.waiting.report
    assert (report["release"], report["status"], report["closed"]) == (publications.first, "completed", True)
    assert publications.waiting.texts[1].startswith("Booked: Teeth cleaning")


def test_a_mail_that_bounces_is_followed_by_a_notice(publications: Publications, stage: Stage) -> None:
    """The desk's address does not exist: SES says so, the next way is taken, and the execution closes."""
    report = publications.waiting.report
    (told,) = report["confirmations"]["operator"]["receipts"]
    assert (told["way"], told["status"], report["closed"]) == ("notices", "sent", True)
    (mail,) = [it for it in stage.mails() if report["reference"] in it["Subject"]]
    assert mail["To"] == ["bounce@simulator.amazonses.com"]
    assert mail["BodyText"].strip() == told["words"]
    reasons = [line["reason"] for line in report["timeline"] if (line["kind"], line["step"]) == ("told", "tell desk")]
    assert "bounced" in reasons[-2]
    assert reasons[-1].startswith("notices accepted it")


def test_no_release_is_deleted(publications: Publications, quiet: Stage) -> None:
    """Both compiled objects are kept; who rolls back finds the old one."""
    s3, bucket = quiet.world.standin.client("s3"), quiet.world.standin.outputs["Bucket"]
    for release in (publications.first, publications.second):
        body = s3.get_object(Bucket=bucket, Key=f"releases/{NORTHSIDE}/{release}.json")["Body"].read()
        assert json.loads(body)["id"] == release
