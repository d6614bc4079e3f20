"""What words say about the service wanted: which are filler, which change something booked, which are ruled out."""

import re

from followthrough.understanding.folding import folded, words_of

FILLER = frozenset(
    words_of(
        """
    a an the i id im ive ill me my mine we us our you your it its is are was be am been this that these those
    there to of for on in at by with from and or so if as about please thanks thank hi hello hey good morning
    afternoon evening day like want wanted wanting need needed would could can may might will shall should do
    does did have has had get got go going come let lets just really some any one next today tonight tomorrow
    week weeks monday tuesday wednesday thursday friday saturday sunday time times what whats when where how
    much many who yes ok okay sure soon now see make set up book booking schedule appointment appointments appt
    reserve visit slot available availability possible help looking look un una unos unas el la los las lo al
    del de que y o en por para con mi mis su sus me se te le yo es son esta estan ser fue hay hola buenas buenos
    dias tardes noches gracias favor quiero quisiera querria gustaria necesito puedo puede podria pueden tengo
    tiene tienen hacer hacerme pedir agendar reservar cita citas turno hora hoy manana semana lunes martes
    miercoles jueves viernes sabado domingo proximo proxima cuando cuanto como donde cual si algo alguna algun
    """
    )
)
"""Words that any service's customers use: they hardly count."""

CHANGES = {
    "end": (r"cancel\w*|anul\w+", "calling off|call off|dar de baja"),
    "move": (
        r"re ?schedul\w*|resched|postpon\w*|reprogram\w*|reagend\w*|aplaz\w+|pospon\w*",
        "move|moving|change|changing|push(?:ing)? back|switch|swap|cambi(?:ar|arla|arlo|e|o|en|a)|mover(?:la|lo)?",
    ),
}
"""Words that act on something booked before; whichever noun follows, they say what is wanted.

The first of each pair mean nothing else, the second may ("do you have change?").
"""

_SAID_NOT = re.compile(
    r"(?<!\w)(?:dont|do not|doesnt|not|no|never|without|instead of|rather than|nunca|sin|en vez de|en lugar de)"
    r"(?: (?:want|need|have|has|tengo|hay|like|looking|mean|here|to|for|a|an|the|my|any|more"
    r"|quiero|necesito|es|un|una|la|el|mi|para|hacerme))*"
    r" (?P<what>[a-z0-9]+)"
)
_PLURALS = (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("ces", "z"), ("es", ""), ("s", ""))
_SHORTEST_SINGULAR = 3


def singulars(word: str) -> set[str]:
    """Return `word` and what it may be the plural of, in English or Spanish."""
    endings = [] if word.endswith("ss") else _PLURALS
    return {word} | {
        word[: -len(plural)] + one
        for plural, one in endings
        if word.endswith(plural) and len(word) - len(plural) >= _SHORTEST_SINGULAR
    }


def without_ruled_out(text: str) -> list[str]:
    """Return the folded words of `text` but for what it rules out: "I don't want a cleaning" loses its last word."""
    return words_of(_SAID_NOT.sub(" ", folded(text)))


def changes_in(words: list[str], *, surely: bool = False) -> set[str]:
    """Return which of `CHANGES` the words ask for; `surely` leaves out the words that may mean something else."""
    line = " ".join(words)
    return {
        kind
        for kind, (sure, other) in CHANGES.items()
        if re.search(rf"(?<!\w)(?:{sure if surely else f'{sure}|{other}'})(?!\w)", line)
    }
