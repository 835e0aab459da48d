"""Lets `python -m simulation` stand for the command `tom`."""

from simulation.cli.main import main

if __name__ == "__main__":
    main()
