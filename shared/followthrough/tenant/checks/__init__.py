"""What a tenant's file must fulfil beyond its form, one concern a file."""
