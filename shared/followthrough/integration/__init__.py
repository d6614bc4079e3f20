"""Integration layer: one package a vendor, and what they share: transport, the registry, connections.

Each package has the same files: `settings.py` (what a tenant writes and keeps secret), `adapter.py` (the operations),
`records.py` (`*_payload` from ours to theirs, `*_answer` from theirs to ours, `is_ours` for an earlier write),
`failures.py` (what the vendor's refusals mean), and `wire.py` where the vendor's own client is set up.
"""
