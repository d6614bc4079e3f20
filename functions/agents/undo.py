"""Undo what a chain did that cannot finish."""

from followthrough.agents import undo
from followthrough.handlers.agent import agent_entry

handler = agent_entry(undo.run)
