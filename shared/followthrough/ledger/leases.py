"""Who may work on an effect: the rule that both stores apply when an effect is there already."""

from datetime import datetime

from followthrough.errors import Leased
from followthrough.ledger.models import Effect, EffectStatus

_FINISHED = frozenset({EffectStatus.DONE, EffectStatus.UNDONE})


def take_over(recorded: Effect, ours: Effect, now: datetime) -> Effect | None:
    """Return the recorded effect under our owner and lease, or None when it is finished and nobody may.

    Its status, evidence and times of earlier calls stay: whoever takes over must settle what those calls did. An owner
    who asks again under its own lease takes over too, for it is the same invocation started anew after a crash.
    Raises Leased when another owner is at work on it.
    """
    if recorded.status in _FINISHED:
        return None
    remaining = (recorded.leased_until - now).total_seconds()
    if recorded.status is not EffectStatus.NOT_DONE and recorded.owner != ours.owner and remaining > 0:
        raise Leased(remaining)
    return recorded.model_copy(
        update={
            "owner": ours.owner,
            "leased_until": ours.leased_until,
            "attempt": recorded.attempt + 1,
            "version": recorded.version + 1,
        }
    )
