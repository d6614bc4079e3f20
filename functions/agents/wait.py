"""Wait for the customer's next message."""

from followthrough.agents import wait
from followthrough.handlers.agent import agent_entry

handler = agent_entry(wait.run)
