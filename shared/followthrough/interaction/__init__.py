"""Interaction layer: each channel normalised into one Interaction, and the conversation that takes it in."""
