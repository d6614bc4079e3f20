"""AWS on one machine: an emulator into which the very template of a deployment is deployed."""
