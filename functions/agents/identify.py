"""Find out which service is wanted, and what of its inputs was said already."""

from followthrough.agents import identify
from followthrough.handlers.agent import agent_entry

handler = agent_entry(identify.run)
