"""Do one thing in one of the tenant's systems."""

from followthrough.agents import act
from followthrough.handlers.agent import agent_entry

handler = agent_entry(act.run)
