"""The published case as numbers by layer, service area and month: what the case itself says the plan releases.

Outside the core: no simulated number depends on anything here.
"""

from simulation.case.benefit import BenefitCell, benefit_cells
from simulation.case.reduction import reduction_path
from simulation.case.release_table import release_table

__all__ = ["BenefitCell", "benefit_cells", "reduction_path", "release_table"]
