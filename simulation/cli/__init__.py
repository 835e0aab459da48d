"""The command `tom`: it composes scenario, experiment and store, and is imported by nothing else."""
