"""How Followthrough is put on a machine: AWS, the embedded stand-in, and the command line that speaks to both."""
