"""The sandbox system that speaks Cal.com's dialect."""
