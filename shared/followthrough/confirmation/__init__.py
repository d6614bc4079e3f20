"""Confirmation layer: customer, operator and system of record are owed the outcome until each was told.

Obligations are a transactional outbox: written with the outcome they tell of, delivered at least once by the first way
that works (failover), and settled by the provider's delivery receipts, which come in any order and may come twice.
"""
