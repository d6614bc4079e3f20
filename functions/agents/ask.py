"""Ask the customer one question."""

from followthrough.agents import ask
from followthrough.handlers.agent import agent_entry

handler = agent_entry(ask.run)
