"""What runs by the clock: the sweep, which takes up executions and messages that were left behind.

It reads only what falls due (a sharded index by time) and is the recovery and reconciliation of whatever else failed.
"""
