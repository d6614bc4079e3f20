"""Messages that are about no service: stop writing to me, write to me again, help; and reactions put into words."""

import re
from collections.abc import Iterable
from typing import Final

from followthrough.contracts.consent import BLOCKING, Signal
from followthrough.understanding.folding import folded

_STOP: Final = {
    "en": {
        *(BLOCKING - {"cancel"}),
        *("opt out", "stop all", "unsubscribe me", "remove me", "stop texting me", "stop texting", "stop messaging me"),
        *("no more texts", "no more messages", "do not text me", "dont text me", "leave me alone"),
    },
    "es": {
        *("alto", "para", "pare", "paren", "parar", "baja", "detener", "basta", "dar de baja", "darme de baja"),
        *("quiero darme de baja", "no mas", "no mas mensajes", "no me escriban mas", "no me escriba mas"),
        *("dejen de escribirme", "deje de escribirme", "cancelar suscripcion"),
    },
}
"""By language. The provider's words count in every language. "Cancel" alone is no such word to us: it may well mean a
visit, although a provider may block the number on it.
"""

_START: Final = {"en": {"start", "unstop", "opt in"}, "es": {"alta", "empezar", "reanudar"}}
_HELP: Final = {"en": {"help", "info"}, "es": {"ayuda", "info", "informacion"}}

_POLITE: Final = re.compile(
    r"\b(please|pls|plz|thank you|thanks|thx|sorry|now|ok|okay|por favor|porfa|gracias|muchas gracias|ya)\b"
)

_QUOTED = "[\"'\u201c\u201d\u00ab\u201e\u2018].*"
_THING = r"(?:an? |una? |la |el )\w+(?: message)?"
_SAID = {
    "en": (
        r"liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted .{1,12} to"
        r"|removed an? (?:like|heart|dislike|laugh|exclamation|question mark|.{1,12}) from"
    ),
    "es": (
        r"le gust[oó]|le ha gustado|no le gust[oó]|le encant[oó]|le ha encantado|se ri[oó] de|enfatiz[oó]|exclam[oó]"
        r"|dud[oó] de|cuestion[oó]|pregunt[oó] por|(?:ha reaccionado|reaccion[oó]) con .{1,12} a"
        r"|(?:quit[oó]|elimin[oó]) .{1,30} (?:de|a)"
    ),
}
_REACTION: Final = re.compile(
    rf"(?:{'|'.join(_SAID.values())}) (?:{_QUOTED}|{_THING})|\W{{1,12}}(?:to|a) {_QUOTED}", re.IGNORECASE | re.DOTALL
)
"""What phones of either make send, in English and Spanish, where the other side cannot show a reaction: the words that
were reacted to stand in quotation marks (Apple's tapbacks; Google's, with the emoji in front).
"""

_UNSEEN: Final = re.compile(r"[\u200a-\u200f\u2060\ufe0f]")


def signal(text: str, languages: Iterable[str]) -> Signal | None:
    """Return what a message says of being written to, alone or with a polite word; None when it is about anything
    else.
    """
    words = " ".join(re.sub(r"[^\w\s]", " ", _POLITE.sub(" ", folded(text).replace("'", ""))).split())
    spoken = {language.partition("-")[0] for language in languages} | {"en"}
    known: dict[Signal, dict[str, set[str]]] = {"stop": _STOP, "start": _START, "help": _HELP}
    for meant, by_language in known.items():
        if any(words in by_language.get(language, ()) for language in spoken):
            return meant
    return None


def is_reaction(text: str) -> bool:
    """Tell whether a message is a phone's way to say that somebody reacted to one of ours."""
    return _REACTION.fullmatch(_UNSEEN.sub("", text).strip()) is not None
