"""Confirmation layer: obligations, rendering, delivery, receipts."""
