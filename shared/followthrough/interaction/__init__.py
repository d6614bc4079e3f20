"""Interaction layer: each channel normalised into one Interaction."""
