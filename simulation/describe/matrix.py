"""The layer × service-area effort matrix of a scenario: an estimate, fitted to published margins."""

from layers.effort_matrix import EffortMatrix, estimate
from simulation.scenario import Scenario


def effort_matrix(scenario: Scenario) -> EffortMatrix | None:
    """Estimated FTE of today's effort by layer and service area, where staff sit; None where a scenario has no prior."""
    council = scenario.council
    if council.effort_matrix is None:
        return None
    return estimate(council.layers, council.service_areas, council.effort_matrix)
