"""Bring to its end what of one tenant was left behind."""

from followthrough.handlers import schedule

handler = schedule.sweep_tenant
