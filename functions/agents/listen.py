"""Wait for the customer's next message."""

from followthrough.agents import listen
from followthrough.handlers.agent import agent_entry

handler = agent_entry(listen.run)
