"""Sweeps: many runs from one file, resumable, over processes, array jobs or a cluster. Only the command line imports this."""
