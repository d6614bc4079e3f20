"""The sandbox system that speaks HubSpot's dialect."""
