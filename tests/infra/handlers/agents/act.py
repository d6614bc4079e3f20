"""Do nothing."""

from agents.passes import handler

__all__ = ["handler"]
