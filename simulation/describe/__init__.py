"""What a scenario holds, for people to read: its assumptions, what can be set, its plan, and pictures of plan and routing."""

from simulation.describe.assumptions import Row, assumptions
from simulation.describe.drawing import routing_svg
from simulation.describe.matrix import effort_matrix
from simulation.describe.paths import set_paths
from simulation.describe.plan import ReleaseRow, breaches_of, label, plan_of, release_rows
from simulation.describe.precedence import precedence_svg
from simulation.describe.timeline import timeline_svg

__all__ = [
    "ReleaseRow",
    "Row",
    "assumptions",
    "breaches_of",
    "effort_matrix",
    "label",
    "plan_of",
    "precedence_svg",
    "release_rows",
    "routing_svg",
    "set_paths",
    "timeline_svg",
]
