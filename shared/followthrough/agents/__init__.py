"""Agent layer: the stateless workers that a state machine calls, one file each, of the functions' names.

Each takes the small record that the machine carries and returns one with an outcome, which a Choice routes on. A call
may come twice (at-least-once delivery), so each agent is idempotent: what an earlier call wrote is returned again.
"""
