"""What came of hostile inputs, and which of them broke something."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic


@dataclass
class Tally:
    """Outcomes of one edge by their names, how long the slowest input took, and each input that broke it."""

    edge: str
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    broken: list[str] = field(default_factory=list)

    def count(self, what: str, attempt: Callable[[], str]) -> None:
        """Try one input, and count what came of it; whatever escapes is a break."""
        began = monotonic()
        try:
            self.outcomes[attempt()] += 1
        except Exception as error:  # noqa: BLE001  that nothing escapes is what is looked for
            self.outcomes["BROKE"] += 1
            self.broken.append(f"{what}: {type(error).__name__}: {str(error)[:200]}")
        self.slowest = max(self.slowest, monotonic() - began)
