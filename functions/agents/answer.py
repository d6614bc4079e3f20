"""Read the customer's answer."""

from followthrough.agents import answer
from followthrough.handlers.agent import agent_entry

handler = agent_entry(answer.run)
