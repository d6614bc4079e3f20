"""What a customer's short answer means: yes or no; or that nothing offered will do. None means: ask again.

A yes moves money, so a yes with a condition, a question, a doubt or another time in it is no yes.
"""

import re

from followthrough.understanding.calendar_words import WEEKDAY, pattern
from followthrough.understanding.folding import folded, words_of

_UNSURE = pattern(
    "not sure|unsure|maybe|perhaps|depends|i guess|think about|let me|hold on|hang on|wait|later|why not",
    "no problem|no worries",
    "if|unless|but|except|instead|though|however|only|how|what|when|why|who|which|where",
    "would rather|change|different",
    "no se|no estoy segur[oa]|quizas?|tal vez|depende|supongo|a lo mejor|espera|espere|luego|despues|por que no",
    "dejame|dejeme|pienso|pensar|no hay problema|sin problema|pero|a menos|excepto|salvo|solo|cuanto",
    "que hora|cambiar|otro|otra",
    rf"{WEEKDAY}|tomorrow|manana|today|hoy|si(?= (?:es|hay|puede|puedo|tiene|tienen|fuera|no|me (?:hacen|dan))(?!\w))",
    r"\d+(?:[:.,]\d+)?",
)
_YES = pattern(
    "yes|yess+|yep|yeah|yea|yup|ya|sure|sure thing|ok+|okay|okey|okie|kk|absolutely|definitely",
    "of course|certainly|agreed",
    "go ahead|book it|do it|lets do it|please do|sounds (?:good|great|perfect|fine)|(?:that|it) works",
    "works for me|confirm(?:ed)?",
    "si+|sip|claro(?: que si)?|vale|dale|de acuerdo|por supuesto|desde luego|como no|esta bien",
    "confirmo|confirmado|acepto|adelante",
)
_NO = pattern(
    "no+|nope|nah|never|no way|no thank(?:s| you)|not (?:now|really|interested|anymore|today)|rather not",
    "dont|do not|cant|cannot|doesnt|isnt",
    "wont|not|i dont (?:want|agree|think so)|no gracias|para nada|nunca|jamas",
    "mejor no|ahora no|no quiero|tampoco|negativo",
)
# Said alone these agree; inside a longer text they mean too many things ("right now I am at work").
_MILD_YES = pattern(
    "fine|good|great|perfect|alright|all right|right|correct|deal|cool|excellent|works|please",
    "bien|muy bien|bueno|perfecto|correcto|listo|genial|excelente|hecho|va|de una|me parece(?: bien)?",
)
# What one letter says depends on the language: "y" is yes, or "and".
_LETTERS = {"en": ({"y", "k"}, {"n"}), "es": ({"s"}, {"n"})}
_COURTESY = pattern(
    "please|thanks?|thank you|thx|so much|very much|a lot|it|that|thats|is|its|the|i|id|me|my|and|for|to|do",
    "am|love|like|want|book",
    "por favor|gracias|muchas|senorita|senor|senora|doctora?|lo|la|el|me|quiero|gustaria|eso|es|y|con|gusto",
    "muy|mucho|hi|hello|hola",
    "a|all|works|you|u|this|will|be|so|yo|te|le|se|una?",
)
_THUMBS_UP, _THUMBS_DOWN = re.compile("[👍👌✅✔🆗🙌]"), re.compile("[👎❌🚫🙅✖]")
_PLAIN_NO = re.compile("(?:no+|nope|nah) ?(?:$|[,.!;]|thank|gracias)")
_MOST_UNKNOWN = 4
_NONE_WANTED = pattern(
    "none|neither|none of (?:them|these|those|the above)|no one|not any of (?:them|these)|nothing works",
    "(?:them|these|those|any) (?:dont|do not|wont|doesnt) work|cant (?:do|make) any(?: of (?:them|these|those))?",
    "ningun[oa]?(?: de (?:ellos|ellas|esos|esas|estos|estas|los tres|las tres|los dos|las dos))?",
    "(?:other|different|another) (?:times?|days?|dates?|options?|slots?)|something else|anything else",
    "otr[oa]s? (?:horas?|dias?|horarios?|fechas?|opcion(?:es)?|momentos?)",
)


def yes_or_no(text: str, language: str) -> bool | None:
    """Tell whether `text` agrees or refuses, in English or Spanish; None when it does neither, both, or on a condition.

    `language` decides only what a single letter means.
    """
    words = folded(text)
    yes_letters, no_letters = _LETTERS.get(language[:2], _LETTERS["en"])
    if words in yes_letters | no_letters:
        return words in yes_letters
    if "?" in words or _UNSURE.search(words):
        return None
    agrees, refuses, unknown = _votes(words)
    if agrees == refuses or unknown > _MOST_UNKNOWN:
        return None
    # "No tengo tarjeta" only begins like a refusal: a no stands alone, or is followed by a pause or by thanks.
    return True if agrees else False if not unknown or _PLAIN_NO.match(words) else None


def wants_none(text: str) -> bool:
    """Tell whether `text` turns down every offer: "none of these", "ninguna", "another day please", or a plain no."""
    words = folded(text)
    return _NONE_WANTED.search(words) is not None or ("?" not in words and _votes(words) == (False, True, 0))


def _votes(words: str) -> tuple[bool, bool, int]:
    """Return whether folded `words` hold a yes, whether a no, and how many of them say something else."""
    without_yes = _YES.sub(" ", words)  # first, because "como no" agrees
    rest = without_yes
    for expression in (_NO, _MILD_YES, _COURTESY):
        rest = expression.sub(" ", rest)
    unknown = len(words_of(rest))
    agrees = without_yes != words or _THUMBS_UP.search(words) is not None
    refuses = _NO.search(without_yes) is not None or _THUMBS_DOWN.search(words) is not None
    if not unknown and not agrees and not refuses:
        agrees = _MILD_YES.search(words) is not None
    return agrees, refuses, unknown
