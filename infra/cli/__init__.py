"""The `followthrough` command."""
