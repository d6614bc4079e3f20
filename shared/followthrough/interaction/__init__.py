"""Interaction layer: each channel normalised into one Interaction, and the conversation that takes it in.

What is posted is verified by signature and taken in once, by its provider's id (idempotent receiver). A conversation
keeps an inbox of its messages and the task tokens of the waits that the next one ends (callback, correlation).
"""
