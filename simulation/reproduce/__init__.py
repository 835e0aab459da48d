"""Published tables beside the model's, cell by cell: input and derived told apart, misses named."""

from simulation.reproduce.backtest import Look, back_test
from simulation.reproduce.cells import Cell, Reproduction
from simulation.reproduce.compare import reproduce, reproduce_all
from simulation.reproduce.inputs import CouncilInputs, read_council

__all__ = ["Cell", "CouncilInputs", "Look", "Reproduction", "back_test", "read_council", "reproduce", "reproduce_all"]
