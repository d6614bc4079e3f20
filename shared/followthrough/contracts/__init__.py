"""What the rooms say to one another (published language): interactions, evidence, manifests and records. Pure.

An operation's manifest declares its idempotency key, its compensation, and how an unknown outcome is reconciled.
"""
