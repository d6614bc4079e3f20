import pytest
from hypothesis import given, strategies as st

from followthrough.understanding.folding import words_of
from followthrough.understanding.services import CLEAR, ENOUGH, identify
from tests.understanding.labelled import SERVICES, UTTERANCES, Named

WANTED = [(said, service) for said, service in UTTERANCES if service is not None]
OTHER = [said for said, service in UTTERANCES if service is None]


def test_no_labelled_utterance_starts_the_wrong_service() -> None:
    """Over the whole labelled set nothing is acted on that was not asked for."""
    found = [(said, wanted, identify(said, SERVICES).service) for said, wanted in UTTERANCES]
    assert len(WANTED) >= 60
    assert len(OTHER) >= 15
    assert [each for each in found if each[2] not in {None, each[1]}] == []


def test_hardly_any_wanted_service_is_asked_about_again() -> None:
    """At most one customer in twenty who wants a service is asked which."""
    unsure = [said for said, _ in WANTED if identify(said, SERVICES).service is None]
    assert len(unsure) <= len(WANTED) / 20


@pytest.mark.parametrize("said", OTHER)
def test_what_no_service_does_is_left_alone(said: str) -> None:
    """A text about something else is identified as nothing."""
    assert identify(said, SERVICES).service is None


@pytest.mark.parametrize(
    ("said", "service"),
    [
        ("cancel my cleaning", "cancel_visit"),
        ("I need to reschedule my cleaning", "move_visit"),
        ("cancelo la limpieza", "cancel_visit"),
        ("I don't want to cancel, can I move my cleaning?", "move_visit"),
    ],
)
def test_a_change_outranks_what_is_changed(said: str, service: str) -> None:
    """Who cancels a cleaning wants no cleaning."""
    assert identify(said, SERVICES).service == service


def test_a_change_that_no_service_makes_is_not_taken_for_a_booking() -> None:
    """Without a service that cancels, "cancel my cleaning" must not book one."""
    found = identify("cancel my cleaning", {"cleaning": SERVICES["cleaning"]})
    assert found.service is None
    assert "change something booked" in found.reason


@pytest.mark.parametrize("said", ["I don't want a cleaning", "no quiero una limpieza", "anything but not a cleaning"])
def test_what_is_ruled_out_is_not_wanted(said: str) -> None:
    """A service named only to refuse it is not identified."""
    assert identify(said, SERVICES).service is None


@pytest.mark.parametrize("said", ["LIMPIEZA", "limpiezas", "Límpieza!", "cleanings", "my HYGIENIST"])
def test_keywords_ignore_case_accents_and_number(said: str) -> None:
    """A keyword is recognised however it is typed."""
    assert identify(said, SERVICES).service == "cleaning"


def test_a_keyword_counts_only_as_a_whole_word() -> None:
    """A keyword inside another word names nothing."""
    services = {"art": Named(["art"], []), "ear": Named(["ear"], [])}
    assert identify("the party starts early", services).service is None


def test_two_services_named_alike_are_too_close() -> None:
    """A text that names two services equally is answered with a question, and both scores say why."""
    services = {"cleaning": Named(["cleaning"], []), "whitening": Named(["whitening"], [])}
    found = identify("cleaning or whitening", services)
    assert found.service is None
    assert "too close" in found.reason
    assert abs(found.scores["cleaning"] - found.scores["whitening"]) < CLEAR


def test_the_reason_tells_why_without_the_customers_words() -> None:
    """The reason may be logged: nothing the customer wrote is in it, beyond the services' own names."""
    said = "Good day, Zebulon Quirke at 12 Elm Grove wants something fluorescent"
    found = identify(said, SERVICES)
    assert found.service is None
    assert max(found.scores.values()) < ENOUGH
    reason = {word for word in words_of(found.reason) if not word.isdecimal()}
    assert not reason & ({"zebulon", "quirke", "elm", "grove", "wants", "something", "fluorescent"})


@pytest.mark.parametrize("said", ["", "   ", "?!", "👍"])
def test_a_text_without_words_is_no_request(said: str) -> None:
    """Nothing said, nothing identified, and the reason says so."""
    found = identify(said, SERVICES)
    assert found.service is None
    assert found.reason == "nothing in the text says what is wanted"


def test_no_services_means_none_found() -> None:
    """A tenant whose services are all away identifies nothing instead of failing."""
    assert identify("a cleaning", {}).service is None


@given(st.text(max_size=300))
def test_any_text_is_scored_from_0_to_1(said: str) -> None:
    """Whatever arrives, every service gets a score between 0 and 1."""
    scores = identify(said, SERVICES).scores
    assert scores.keys() == SERVICES.keys()
    assert all(0 <= score <= 1.0001 for score in scores.values())
