"""What runs by the clock: taking up what was left behind, and sealing what was done."""
