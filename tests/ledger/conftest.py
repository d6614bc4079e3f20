"""Property tests of the ledger."""

from hypothesis import settings

# A busy machine is no failure: what must be fast says so in its own test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
