"""Execution context, effects, obligations and the trace: what was done, and the proof of it."""
