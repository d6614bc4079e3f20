"""Routing layer: the compiler from tenant to state machine, releases, and publishing them."""
