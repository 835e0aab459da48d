"""What the comparison computes from: the shipped council's own baselines and sizing, and the front office's lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict

from layers.assumption import Assumption, Count, Frozen, Id, Minutes, Quantity
from layers.back_office import BackOffice, ProvisionCycle
from layers.baselines import LayerBaseline, layer_margins
from layers.calendar import Calendar, CalendarSection
from layers.problems import InputError, Problem
from layers.programme.section import Programme
from layers.reading import read_document, validate
from layers.shipped import configs_folder

HandlingHours = Annotated[Assumption, Quantity("hours per FTE per year", gt=0, le=8784)]


class Line(Frozen):
    """One line of front-office work: how many a year, minutes each, and which hours an FTE gives to it."""

    per_year: Count
    minutes: Minutes
    hours: Id


class FrontOfficeLines(Frozen):
    """Front-office work by layer and line, with the hours an FTE gives in a year to each kind of work."""

    hours: dict[Id, HandlingHours]
    lines: dict[Id, dict[Id, Line]]

    def fte(self, layer: str) -> dict[str, float]:
        """FTE by line of one layer: volume × minutes ÷ 60 ÷ hours."""
        return {
            name: line.per_year.value * line.minutes.value / 60 / self.hours[line.hours].value
            for name, line in self.lines[layer].items()
        }


class _Sections(Frozen):
    """The two sections of a scenario that the comparison needs; the others are not looked at."""

    model_config = ConfigDict(extra="ignore")
    layers: dict[Id, LayerBaseline]
    back_office: BackOffice
    programme: Programme
    calendar: CalendarSection


class _LinesFile(Frozen):
    front_office_lines: FrontOfficeLines


@dataclass(frozen=True)
class CouncilInputs:
    """The inputs of the comparison: layer baselines, back-office sizing, front-office lines, the plan and its calendar."""

    layers: Mapping[str, LayerBaseline]
    back_office: BackOffice
    lines: FrontOfficeLines
    programme: Programme
    calendar: Calendar

    @property
    def existing_fte(self) -> dict[str, float]:
        """Existing FTE by layer."""
        return layer_margins(self.layers)

    @property
    def provision_cycle(self) -> ProvisionCycle:
        """The provision cycle's sizing; raises InputError where it is absent."""
        if self.back_office.provision_cycle is None:
            raise InputError([Problem("", None, "back_office.provision_cycle", "is needed for the comparison")])
        return self.back_office.provision_cycle


def read_council(configs: Path | None = None) -> CouncilInputs:
    """Read the Oxfordshire scenario (shipped, or in another folder) and the lines; raises InputError."""
    configs = configs_folder() if configs is None else configs
    sections = validate(read_document(str(configs / "oxfordshire.yaml")), _Sections)
    lines = validate(read_document(str(configs / "reproduce" / "front_office_lines.yaml")), _LinesFile)
    calendar = Calendar.of(sections.calendar)
    return CouncilInputs(sections.layers, sections.back_office, lines.front_office_lines, sections.programme, calendar)
