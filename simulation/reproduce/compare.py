"""The comparison: every table of the papers that the model has something to say about."""

from collections.abc import Callable
from pathlib import Path

from layers.problems import InputError, Problem
from layers.published import Published, read_published
from simulation.reproduce.cells import Cell, Reproduction
from simulation.reproduce.cost_tables import cost_per_fte, percentages
from simulation.reproduce.front_office import front_office
from simulation.reproduce.inputs import CouncilInputs, read_council
from simulation.reproduce.layer_tables import layer_baselines, provision_cycle, sized_layers
from simulation.reproduce.release_tables import release_plan, release_profile
from simulation.reproduce.staffing import staffing
from simulation.reproduce.totals import totals

TABLES: tuple[Callable[[CouncilInputs, Published], list[Cell]], ...] = (
    layer_baselines,
    sized_layers,
    provision_cycle,
    cost_per_fte,
    percentages,
    front_office,
    totals,
    release_plan,
    release_profile,
    staffing,
)


def reproduce_all(configs: Path | None = None) -> Reproduction:
    """Compare the shipped Oxfordshire inputs (or another configs folder's) with the published tables beside them."""
    published = read_published(None if configs is None else configs / "published")
    return reproduce(read_council(configs), published)


def reproduce(council: CouncilInputs, published: Published) -> Reproduction:
    """Compare every table; raises InputError where a published cell is compared with nothing."""
    cells = tuple(cell for table in TABLES for cell in table(council, published))
    compared = {(cell.table, cell.cell.split(" (")[0]) for cell in cells}
    forgotten = [cell for cell in published.all_cells() if (cell.table, cell.cell) not in compared]
    if forgotten:
        said = "no part of the model is compared with this cell"
        raise InputError([Problem(f"{cell.table}.csv", cell.line, cell.cell, said) for cell in forgotten])
    order = [table.__name__ for table in TABLES]
    return Reproduction(tuple(sorted(cells, key=lambda cell: order.index(cell.table))))
