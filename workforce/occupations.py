"""Job families, grades and how far one family's skills are from another's."""

from functools import cache
from typing import Literal

import numpy as np
from pydantic import Field

from layers.assumption import Frozen, Grade, Id
from workforce.quantities import PoundsAYear, Weeks

Terms = Literal["green_book", "chief_officer", "soulbury", "nhs", "grey_book"]


class PayGrade(Frozen):
    """A band of grades: what its contracts pay for full time, and the notice they give."""

    label: str
    tier: Id
    """Grades of one tier of a job family in a service area are one ring-fence: their holders compete for what posts are left."""
    pay: PoundsAYear
    notice: Weeks


class JobFamily(Frozen):
    """A job family: its terms, whether its posts need a professional registration, and its heads by grade (weights)."""

    label: str
    terms: Terms = "green_book"
    registered: bool = False
    grades: dict[Id, float]


class Retraining(Frozen):
    """Two job families between which people can be retrained, and how far apart they are (1: some weeks of training)."""

    between: tuple[Id, Id]
    distance: float = Field(ge=0)


class Skills(Frozen):
    """The graph of job families. A family without an edge can be left for no other."""

    edges: tuple[Retraining, ...] = ()
    source: str | None = None
    grade: Grade | None = None


@cache
def distances(skills: Skills, families: tuple[str, ...]) -> np.ndarray:
    """Least distance from each family (row) to each other (column) over the graph; infinite where there is no way."""
    import networkx as nx  # here, not above: slow to import

    graph = nx.Graph()
    graph.add_nodes_from(families)
    graph.add_weighted_edges_from((*edge.between, edge.distance) for edge in skills.edges)
    out = np.full((len(families), len(families)), np.inf)
    for row, family in enumerate(families):
        reached = nx.single_source_dijkstra_path_length(graph, family)
        out[row] = [reached.get(other, np.inf) for other in families]
    return out
