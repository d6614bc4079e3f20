"""What the rooms say to one another: interactions, evidence, operations' manifests and records. Pure."""
