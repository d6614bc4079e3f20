"""Execution context, effects, obligations and the trace: what was done, and the proof of it.

Writes are transactions under optimistic locking (versions, conditional writes); an effect has a lease. The trace is an
append-only audit log, a hash chain whose ends are sealed where nobody can change them. What is personal is encrypted
under a key of its subject (envelope encryption), which is destroyed to erase a person (crypto-shredding). Stores are
ports (repositories) with two adapters, `dynamodb` and `memory`.
"""
