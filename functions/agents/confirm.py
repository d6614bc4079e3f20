"""Tell everybody how it ended."""

from followthrough.agents import confirm
from followthrough.handlers.agent import agent_entry

handler = agent_entry(confirm.run)
