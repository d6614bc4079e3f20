"""Decide by the tenant's rules and tables, and choose among options."""

from followthrough.agents import decide
from followthrough.handlers.agent import agent_entry

handler = agent_entry(decide.run)
