"""Followthrough: receives one interaction and finishes the operational work behind it."""
