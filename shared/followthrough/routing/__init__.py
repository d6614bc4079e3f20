"""Routing layer: the compiler from a tenant's configuration to its finite state machine, and releases of it.

A machine is Amazon States Language. A release is immutable and addressed by its content's hash; publishing one makes it
live by compare-and-set, and executions stay pinned to the release they began with.
"""
