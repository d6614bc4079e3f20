"""What all agents stand on: effects (saga, idempotency), undo, waiting, and the words in scope."""
