"""How alike a text is to example utterances: TF-IDF cosine over words and over their character trigrams to pentagrams.

Character n-grams bridge typing mistakes and inflections. Rarity is counted over services, not over examples, so that
a word that every service's customers use says little however often it is written.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from followthrough.understanding.service_words import FILLER, singulars

Vector = dict[str, float]

_FILLER_WEIGHT = 0.15
_SHARE_OF_WORDS = 0.6
_GRAMS = range(3, 6)


def likeness(words: Sequence[str], examples: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, float]:
    """Return for each service the cosine (0 to 1) of folded `words` with the nearest of its `examples`."""
    scores = dict.fromkeys(examples, 0.0)
    for features, share in ((_word_counts, _SHARE_OF_WORDS), (_gram_counts, 1 - _SHARE_OF_WORDS)):
        known = {service: [features(each) for each in said] for service, said in examples.items()}
        services_with = Counter(name for said in known.values() for name in set().union(*said))
        said = _weighed(features(words), services_with, len(examples))
        for service, each in known.items():
            cosines = [_cosine(said, _weighed(example, services_with, len(examples))) for example in each]
            scores[service] += share * max(cosines, default=0.0)
    return scores


def _word_counts(words: Sequence[str]) -> Vector:
    return {min(singulars(word), key=len): _FILLER_WEIGHT if word in FILLER else 1.0 for word in words}


def _gram_counts(words: Sequence[str]) -> Vector:
    grams: Counter[str] = Counter()
    for word in words:
        padded = f" {word} "
        if word not in FILLER:
            grams.update(padded[at : at + size] for size in _GRAMS for at in range(len(padded) - size + 1))
    return {gram: 1 + math.log(count) for gram, count in grams.items()}


def _weighed(counts: Vector, services_with: Mapping[str, int], services: int) -> Vector:
    # A word no service knows weighs as much as one service's own: it speaks against all of them.
    return {name: count * math.log(1 + services / services_with.get(name, 1)) for name, count in counts.items()}


def _cosine(one: Vector, other: Vector) -> float:
    shared = sum(weight * other[name] for name, weight in one.items() if name in other)
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return shared / lengths if lengths else 0.0
