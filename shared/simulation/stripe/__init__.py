"""The sandbox system that speaks Stripe's dialect."""
