"""Result folders: complete or absent, never overwritten, the same bytes from the same inputs.

The rest of `simulation` never imports this package; the command line does.
"""
