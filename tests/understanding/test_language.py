import pytest

from followthrough.understanding.language import language_of
from tests.understanding.practice import WORDS


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I'd like a cleaning next Tuesday at 3", "en"),
        ("yes please", "en"),
        ("Quiero una limpieza el martes", "es"),
        ("quiero cambiar mi cita", "es"),
        ("sí", "es"),
        ("hola", "es"),
        ("¿Cuánto?", "es"),
        ("señor, I need the dentist please", "en"),
    ],
)
def test_the_language_of_a_text_is_recognised(text: str, language: str) -> None:
    """A few common words or letters tell the language, whichever is the default."""
    found = {language_of(text, ["en", "es"], default, WORDS.telling) for default in ("en", "es")}
    assert found == {language}


@pytest.mark.parametrize("text", ["ok", "3", "no", "", "Jose Lopez", "👍", "guten Tag"])
def test_a_text_that_tells_nothing_is_in_the_default(text: str) -> None:
    """What could be either language stays with the default."""
    assert [language_of(text, ["en", "es"], default, WORDS.telling) for default in ("en", "es")] == ["en", "es"]


def test_only_the_tenants_languages_are_answered() -> None:
    """A language the tenant does not speak falls back to the default; a region counts as its language."""
    assert language_of("quiero una limpieza", ["en"], "en", WORDS.telling) == "en"
    assert language_of("quiero una limpieza", ["en", "es-MX"], "en", WORDS.telling) == "es-MX"


@pytest.mark.parametrize("trade", [{"es": ["gomas"]}, {"es-MX": ["GOMAS"]}])
def test_words_of_the_trade_tell_the_language(trade: dict[str, list[str]]) -> None:
    """A word that tells nothing by itself tells the language of which the tenant says it."""
    assert language_of("gomas", ["en", "es"], "en", {}) == "en"
    assert language_of("gomas", ["en", "es"], "en", trade) == "es"
