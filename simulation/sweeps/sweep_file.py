"""The sweep file: which scenarios, which parameters over which values, how many replications, what is kept."""

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from layers.assumption import Frozen, Id
from layers.calendar import LONGEST_HORIZON_MONTHS
from layers.problems import Fault, Faults, one_of
from layers.reading import Document, read_as
from layers.shipped import configs_folder
from simulation.store.tables import TABLES

SWEEPS = "sweeps"
RESERVED = ("run", "chunk", "point", "scenario", "replication", "status", "message")
"""Columns of a sweep's own, which no parameter may be called."""


def _listed(given: Any) -> Any:
    """One name as a list of one."""
    return [given] if isinstance(given, str) else given


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Range(Frozen):
    """Evenly spaced numbers, both ends included: `{from, to, count}` or `{from, to, step}`."""

    first: float = Field(alias="from")
    last: float = Field(alias="to")
    count: int | None = Field(default=None, ge=2, le=1_000_000)
    step: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def says_how_many(self) -> Self:
        """Refuse a range that runs backwards, or with both or neither of count and step."""
        faults = []
        if self.last <= self.first:
            faults.append(Fault(("to",), f"{self.last:g} is not above from, {self.first:g}"))
        if (self.count is None) == (self.step is None):
            faults.append(Fault((), "a range has a count or a step", "one of the two"))
        if faults:
            raise Faults(faults)
        return self


class Sampled(Frozen):
    """A number between two bounds, drawn with the sweep's `samples`; `{}` takes the range that the assumption itself has."""

    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def has_both_ends(self) -> Self:
        """Refuse one end alone, and ends the wrong way round."""
        if (self.low is None) != (self.high is None):
            raise Faults([Fault((), "one end alone", "low and high, or {} for the assumption's own range")])
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise Faults([Fault(("high",), f"{self.high:g} is not above low, {self.low:g}")])
        return self


class Parameter(Frozen):
    """What varies: one or more paths of the scenario that take the same value, or choices that set several paths at once."""

    set: Names = ()
    values: tuple[Any, ...] | None = Field(default=None, min_length=1)
    range: Range | None = None
    sampled: Sampled | None = None
    choices: dict[Id, dict[str, Any]] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def varies_in_one_way(self) -> Self:
        """Refuse a parameter that varies in no way or in several."""
        kinds = ("values", "range", "sampled", "choices")
        given = [kind for kind in kinds if getattr(self, kind) is not None]
        if len(given) != 1:
            said = " and ".join(given) or "nothing that varies"
            raise Faults([Fault((), f"has {said}", one_of(kinds))])
        if self.choices is None and not self.set:
            raise Faults([Fault((), "sets nothing", "set: the path that varies, such as demand.growth")])
        if self.choices is not None and self.set:
            raise Faults([Fault(("set",), "choices name their own paths", "no set")])
        return self


class Samples(Frozen):
    """A Latin hypercube over all sampled parameters together. To draw more later, add another with its own seed."""

    points: int = Field(ge=1, le=1_000_000)
    seed: int = Field(default=1, ge=0)


class Sweep(Frozen):
    """A sweep file."""

    title: str = ""
    scenarios: Annotated[Names, Field(min_length=1)]
    months: int | None = Field(default=None, ge=1, le=LONGEST_HORIZON_MONTHS)
    seed: int = Field(default=1, ge=0, le=2**63 - 1)
    replications: int = Field(default=1, ge=1, le=1_000_000)
    search: bool = True
    parameters: dict[Id, Parameter] = {}
    samples: tuple[Samples, ...] = ()
    keep: Names = ()
    metrics: tuple[str, ...] | None = None
    tables: tuple[str, ...] | None = None
    chunk: int | None = Field(default=None, ge=1, le=10_000)

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        """Refuse names that are taken, tables that there are not, and samples without anything sampled or the reverse."""
        faults = [
            Fault(("parameters", name), "is a column of every sweep", "another name")
            for name in self.parameters
            if name in RESERVED
        ]
        faults += [
            Fault(("tables", i), f"no table {name!r}", one_of(TABLES))
            for i, name in enumerate(self.tables or ())
            if name not in TABLES
        ]
        faults += [
            Fault(("scenarios", i), f"{name} is there twice", "each once")
            for i, name in enumerate(self.scenarios)
            if name in self.scenarios[:i]
        ]
        sampled = [name for name, parameter in self.parameters.items() if parameter.sampled is not None]
        if sampled and not self.samples:
            faults.append(Fault((), f"{sampled[0]} is sampled, and there are no samples", "samples: [{points: 20}]"))
        if self.samples and not sampled:
            faults.append(Fault(("samples",), "nothing is sampled", "a parameter with sampled: {}"))
        if faults:
            raise Faults(faults)
        return self


def read_sweep(name_or_path: str) -> tuple[Document, Sweep, Path]:
    """Read the sweep at a path, else the shipped one of that name; its scenarios are meant from the folder returned.

    Raises InputError with every problem.
    """
    path = _shipped(name_or_path) if is_shipped_sweep(name_or_path) else Path(name_or_path)
    document, sweep = read_as(str(path), Sweep)
    return document, sweep, path.parent


def is_shipped_sweep(name: str) -> bool:
    """Whether a name is that of a sweep which travels with the program, and of no file here."""
    return Path(name).name == name and not Path(name).is_file() and _shipped(name).is_file()


def _shipped(name: str) -> Path:
    return configs_folder() / SWEEPS / f"{name}.yaml"


def is_sweep(document: Document) -> bool:
    """Whether a document is meant as a sweep file: it names scenarios and has no council of its own."""
    keys = document.data if isinstance(document.data, dict) else {}
    return "scenarios" in keys or ("parameters" in keys and "layers" not in keys)
