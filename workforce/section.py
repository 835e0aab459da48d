"""The `workforce` section of a scenario: who works there, how they come and go, and how a reduction would be met."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from layers.assumption import Frozen, Id
from layers.calendar import MonthText
from layers.problems import Fault, Faults, closest, one_of
from workforce.establishment.crosswalk import OWN, Crosswalk
from workforce.establishment.opening import OpeningPeople
from workforce.establishment.schema import FileSchema
from workforce.exit_costs.bill import ExitCosts
from workforce.exit_costs.rules import EmploymentRules
from workforce.flows.turnover import Turnover, Vacancies
from workforce.occupations import JobFamily, PayGrade, Skills
from workforce.policies import Policy, PolicyChange, Redeployment, Voluntary
from workforce.quantities import Share
from workforce.reduction.dates import Process


def _some(families: dict[Id, JobFamily]) -> dict[Id, JobFamily]:
    if not families:
        raise Faults([Fault((), "no job family", "at least one")])
    return families


class Workforce(Frozen):
    """The `workforce` section."""

    as_at: MonthText
    """The month at whose end the establishment was counted; the next month is the first simulated."""
    grades: dict[Id, PayGrade]
    """From the lowest to the highest."""
    job_families: Annotated[dict[Id, JobFamily], AfterValidator(_some)]
    places: tuple[Id, ...]
    skills: Skills
    crosswalk: Crosswalk
    opening: OpeningPeople
    file: FileSchema = FileSchema()
    turnover: Turnover
    vacancies: Vacancies
    process: Process
    redeployment: Redeployment
    voluntary: Voluntary
    exit_costs: ExitCosts
    rules: EmploymentRules
    transfers: Share
    """The part of customer-layer effort left in service areas that moves, with its people, into the customer function."""
    usual: Policy
    policies: dict[Id, PolicyChange]
    compared: tuple[Id, ...]
    """The policies put side by side where none is asked for."""

    @model_validator(mode="after")
    def names_exist(self) -> Self:
        """Refuse names of job families, grades and policies that nothing defines."""
        families, faults = set(self.job_families), list[Fault]()
        for number, edge in enumerate(self.skills.edges):
            _unknown(faults, ("skills", "edges", number), edge.between, families)
        for table in ("layers", "own", "delivery"):
            for name, weights in getattr(self.crosswalk, table).items():
                _unknown(faults, ("crosswalk", table, name), weights, families | {OWN})
        for name, family in self.job_families.items():
            _unknown(faults, ("job_families", name, "grades"), family.grades, set(self.grades))
        _unknown(faults, ("compared",), self.compared, {"usual", *self.policies})
        if faults:
            raise Faults(faults)
        return self


def section_faults(section: Workforce, layers: Iterable[str], directorates: Mapping[str, str]) -> list[Fault]:
    """Names of layers, service areas and directorates in the section that the council does not have.

    `directorates` is each service area's directorate.
    """
    faults, areas = list[Fault](), set(directorates)
    known = {directorate_id(name) for name in directorates.values()}
    _unknown(faults, ("crosswalk", "layers"), section.crosswalk.layers, set(layers))
    _unknown(faults, ("crosswalk", "own"), section.crosswalk.own, areas)
    _unknown(faults, ("crosswalk", "delivery"), section.crosswalk.delivery, areas)
    given = set(section.opening.directorates.values)
    _unknown(faults, ("opening", "directorates", "values"), sorted(given), known)
    at = ("opening", "directorates", "values")
    faults += [Fault(at, f"no FTE for {name}", "FTE in post of every directorate") for name in sorted(known - given)]
    return faults


def directorate_id(name: str) -> str:
    """A directorate's name as an id: `Public Health` is `public_health`."""
    return "_".join(name.lower().split())


def _unknown(faults: list[Fault], at: tuple[str | int, ...], names: object, known: set[str]) -> None:
    for name in names:  # type: ignore[attr-defined]
        if name not in known:
            faults.append(Fault(at, f"no {name!r}", one_of(sorted(known)), closest(name, known)))
