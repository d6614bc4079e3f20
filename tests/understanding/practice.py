"""The words of the example tenant's trade, as its file says them."""

from pathlib import Path

from tests.tenant.adapters import loaded

WORDS = loaded((Path(__file__).parents[2] / "tenants" / "brightsmile" / "tenant.yaml").read_text()).words
