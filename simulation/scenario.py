"""A scenario: a named council, read from files, checked, and what it was read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from pydantic import model_validator

from layers.calendar import Calendar
from layers.problems import Faults
from layers.reading import Document, read_as, validate
from simulation.checks import council_faults
from simulation.council import Council


class CheckedCouncil(Council):
    """A council whose sections fit together: every name is defined, every route ends, every step has its team."""

    @model_validator(mode="after")
    def parts_fit_together(self) -> Self:
        """Refuse a council whose sections do not fit."""
        faults = council_faults(self)
        if faults:
            raise Faults(faults)
        return self


@dataclass(frozen=True)
class Scenario:
    """A named council, and what it was read from."""

    name: str
    council: Council
    document: Mapping[str, Any]
    files: tuple[tuple[str, str], ...] = ()

    @cached_property
    def calendar(self) -> Calendar:
        """The council's calendar."""
        return Calendar.of(self.council.calendar)

    def resolved(self) -> dict[str, Any]:
        """The scenario as it was merged, plain data."""
        return dict(self.document)


def load(name_or_path: str, sets: Sequence[str] = ()) -> Scenario:
    """Read, merge and validate a scenario; raises InputError with every problem."""
    return _scenario(*read_as(name_or_path, CheckedCouncil, sets))


def scenario_of(document: Document) -> Scenario:
    """The scenario that a document already read describes; raises InputError with every problem."""
    return _scenario(document, validate(document, CheckedCouncil))


def _scenario(document: Document, council: Council) -> Scenario:
    files = tuple((file.name, file.sha256) for file in document.files)
    return Scenario(document.name, council, document.data, files)
