"""Routing layer: which service is wanted, and the compiler from tenant to state machine."""
