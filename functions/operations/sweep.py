"""Every minute: hand over what was left behind, each tenant's part to an invocation of its own."""

from followthrough.handlers import schedule

handler = schedule.sweep
