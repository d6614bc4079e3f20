"""Ask the tenant's systems for what the rules need to know."""

from followthrough.agents import retrieve
from followthrough.handlers.agent import agent_entry

handler = agent_entry(retrieve.run)
