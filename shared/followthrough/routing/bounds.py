"""How often each loop of a machine may go round: agents keep to it, and so its longest path is known."""

from datetime import timedelta
from typing import Final

MAX_QUESTIONS: Final = 3
"""How often in a row one question is asked in vain before a person has to take over."""

INPUT_WAIT: Final = timedelta(hours=24)
"""How long a question for a missing input stays open."""

MAX_WISHES: Final = 10
"""How often a customer may answer one choice with another wish before a person has to take over."""

MAX_ROUNDS: Final = 5
"""How often a chain goes back because somebody else was faster, before it gives up."""

MAX_TRIES: Final = 8
"""How often a step comes back to a system that is away before it counts as failed."""
