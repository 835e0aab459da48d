"""Capacity: the least FTE by team with which no class of work is served worse than today."""
