"""Results side by side: paired differences, where they lie, and which levers make them. Only the command line imports this."""
