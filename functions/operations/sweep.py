"""Every minute: bring to its end what was left behind."""

from followthrough.handlers.schedule import each_tenant
from followthrough.operations.sweep import sweep

handler = each_tenant(sweep)
