"""What all agents stand on: one visit as a unit of work, effects, undo, waiting, and the words in scope.

An effect is written ahead of its call under an idempotency key and reconciled with the provider after a crash or a lost
answer (effectively once); `undo` is the compensation of a saga, newest effect first. `ports` are those of a hexagonal
architecture.
"""
