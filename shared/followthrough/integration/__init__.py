"""Integration layer: one package a vendor, and what they share: transport, the registry, connections."""
