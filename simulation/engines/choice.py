"""Which engine runs: by name."""

import warnings
from typing import Any, Protocol, cast

import numpy as np

from simulation.compiling import NUMBA
from simulation.engines.network import Network
from simulation.engines.state import State
from simulation.journeys import Journeys
from simulation.measures import MonthMeasures


class Advance(Protocol):
    """How an engine runs from a state up to a tick; see `readable.advance`."""

    def __call__(
        self, network: Network, state: State, journeys: Journeys, until: int, *, changes: np.ndarray | None = None
    ) -> tuple[State, MonthMeasures]:
        """Return the state at `until` and what was counted."""


ENGINES = ("compiled", "simpy")


def engine(name: str) -> Advance:
    """The `advance` function of an engine; raises KeyError for a name that is not one of `ENGINES`."""
    found: dict[str, Any] = {}
    if name == "compiled" and not NUMBA:
        warnings.warn("numba cannot be loaded: the SimPy engine runs instead, slowly", RuntimeWarning, stacklevel=2)
    if name == "simpy" or not NUMBA:
        from simulation.engines import readable

        found[name] = readable.advance
    elif name == "compiled":
        from simulation.engines import compiled

        found[name] = compiled.advance
    return cast(Advance, found[name])
