"""The sandbox system that speaks Twilio's dialect."""
