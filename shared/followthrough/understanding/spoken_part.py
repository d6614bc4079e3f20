"""The part of the day that a customer names anywhere beside a time: "tomorrow night at 7", "mañana por la tarde"."""

import re

from followthrough.understanding.calendar_words import pattern
from followthrough.understanding.spoken_day import TAKEN

_EN = "(?:de|por|en|a|durante)"
_PARTS = {
    "morning": pattern("(?:(?:first thing )?in the |the )?mornings?|first thing", "(?:de |por |en |a )?las? mananas?"),
    "night": pattern(f"(?:{_EN} )?(?:las? )?madrugadas?"),
    "afternoon": pattern("(?:in the |the )?afternoons?", f"{_EN} (?:las? )?tardes?|tarde(?= a las)"),
    "evening": pattern("(?:in the |the |at )?(?:evenings?|nights?)", f"{_EN} (?:las? )?noches?|noche(?= a las)"),
}
"""Of these "night" is madrugada, from midnight to dawn."""

_HABIT = pattern("mornings|afternoons|evenings|nights|mananas|tardes|noches|madrugadas")
_CLAUSE = re.compile(r"[,;.!?]")
_OTHER_WORD = re.compile(r"(?<!\w)(?!(?:please|por|favor|de|preferably|ideally|si)(?!\w))[a-z]{2,}")


def spoken_part(text: str) -> tuple[set[str], bool, str]:
    """Return the parts of the day in folded `text`, whether one is said apart from the time, and the rest of the text.

    "I work in the evening, can I come at 9?" says one apart, and so does "evenings": it may not be the time's.
    """
    parts = {part for part, expression in _PARTS.items() if expression.search(text)}
    is_apart = bool(parts) and (_HABIT.search(text) is not None or any(map(_is_apart, _CLAUSE.split(text))))
    for each in parts:
        text = _PARTS[each].sub(TAKEN, text)
    return parts, is_apart, " ".join(text.split())


def _is_apart(clause: str) -> bool:
    """Tell whether a clause names a part of the day, no day or time, and something else."""
    if TAKEN.strip() in clause:
        return False
    left = clause
    for expression in _PARTS.values():
        left = expression.sub(" ", left)
    return left != clause and _OTHER_WORD.search(left) is not None
