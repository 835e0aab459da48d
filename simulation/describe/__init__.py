"""What a scenario holds, for people to read: its assumptions, what can be set, and its routing graph as a picture."""

from simulation.describe.assumptions import Row, assumptions
from simulation.describe.drawing import routing_svg
from simulation.describe.matrix import effort_matrix
from simulation.describe.paths import set_paths

__all__ = ["Row", "assumptions", "effort_matrix", "routing_svg", "set_paths"]
