"""Agent layer: the stateless agents' logic, one file each."""
