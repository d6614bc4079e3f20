"""Which of the tenant's languages a text is written in, by its commonest words and its letters."""

import re
from collections.abc import Mapping, Sequence

from followthrough.understanding.folding import words_of

# Words that mean something in one of the two languages only: "no", "me", "a", "he", "once" would speak for both.
_TELLING = {
    "en": frozenset(
        words_of("""the i im id ill you your my we is are was do does dont can could would like want need have had
        to of for and or in on at with next this that it get see when what how please thanks thank yes yeah yep sure
        hi hello
        hey good morning afternoon tomorrow today tonight monday tuesday wednesday thursday friday saturday sunday week
        appointment visit first second third one none nope works cant not""")
    ),
    "es": frozenset(
        words_of("""el la los las un una unos de del que y en por para con mi mis su sus tengo tiene quiero quisiera
        necesito puedo puede podria hay es esta estan soy como cuando donde hola buenas buenos dias tardes noches
        gracias si
        favor manana hoy lunes martes miercoles jueves viernes sabado domingo semana proximo proxima cita
        duele dolor claro vale primera segunda tercera ninguna cambiar cancelar al lo le te yo""")
    ),
}
_SPANISH_LETTERS = re.compile(r"[ñ¿¡áéíóú]", re.IGNORECASE)


def language_of(text: str, languages: Sequence[str], default: str, trade: Mapping[str, Sequence[str]]) -> str:
    """Return the one of `languages` that `text` is written in, or `default` when nothing or too little tells.

    Knows English and Spanish (any region: "es-MX" counts as Spanish); everything else is answered with `default`.
    `trade` adds, by language, words of the tenant's trade that only that language has.
    """
    words = words_of(text)
    votes = {code: sum(word in telling for word in words) for code, telling in _TELLING.items()}
    for code, telling in trade.items():
        votes[_bare(code)] += sum(word in words_of(" ".join(telling)) for word in words)
    votes["es"] += min(len(_SPANISH_LETTERS.findall(text)), 2)
    winner, loser = sorted(votes, key=lambda code: -votes[code])
    if votes[winner] == votes[loser]:
        return default
    # The default comes first so that of "es" and "es-MX" the tenant's own stays.
    spoken = [code for code in (default, *languages) if code in languages and _bare(code) == winner]
    return spoken[0] if spoken else default


def _bare(language: str) -> str:
    """Return a language without its region: "es" of "es-MX"."""
    return language.split("-", maxsplit=1)[0].lower()
