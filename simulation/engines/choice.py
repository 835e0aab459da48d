"""Which engine runs: by name."""

import warnings
from collections.abc import Callable
from typing import Any, cast

from layers.compiling import NUMBA
from simulation.engines.network import Network
from simulation.engines.state import State
from simulation.journeys import Journeys
from simulation.measures import MonthMeasures

Advance = Callable[[Network, State, Journeys, int], tuple[State, MonthMeasures]]
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
