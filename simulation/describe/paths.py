"""The paths that `--set` keeps taking from version to version, each with its meaning and unit."""

from collections.abc import Iterator, Mapping
from typing import Any

from layers.levers import Lever
from layers.problems import DataPath, dotted
from layers.splits import Split
from simulation.operating_model import TEAMS
from simulation.scenario import Scenario

SECTIONS: tuple[tuple[DataPath, str], ...] = (
    (("demand", "growth"), "Growth of all volumes from the second year on, share a year (0.02 is 2%)"),
    (("demand", "volume_factor"), "Times every volume today: 1.1 is a tenth more contacts; calibration is done at 1"),
    (("teams", "staffing_factor"), "Times the FTE of every team: 0.9 is a tenth fewer people"),
    (("teams", "productive_hours"), "Hours an FTE works in a year, leave and sickness taken off"),
    (("teams", "occupancy", "live"), "Planned share of productive time on work that customers wait for"),
    (("teams", "occupancy", "deferrable"), "Planned share of productive time on all other work"),
    (("teams", "roster_follows_demand"), "How far rosters follow demand: 0 the same every day, 1 in full"),
    (("teams", "answer_within_seconds"), "Seconds in which live work should be answered"),
    (("teams", "start_within_working_days"), "Working days in which other work should be started"),
    (("follow_on", "middle_office_elasticity"), "Share of the middle office that follows front-office minutes"),
    (("follow_on", "support_follows"), "How far front-office support falls with front-office effort, share"),
    (("follow_on", "contact_driven_delivery"), "Share of service delivery that contacts start"),
    (("workforce", "turnover", "rate"), "Leavers a year as a share of heads, redundancies included"),
    (("workforce", "turnover", "at_risk_factor"), "Times the usual resignations of people at risk of redundancy"),
    (("workforce", "redeployment", "accepted"), "Share of suitable posts that people at risk accept"),
    (("programme", "reading"), "How benefit comes: behavioural, or A or B, the readings of the published profile"),
    (("programme", "case_level"), "Which end of the business case its own figures are taken from: low, mid or high"),
    (
        ("programme", "lever_acts"),
        "later_of_layer_and_area, or layer: a lever starts everywhere at its layer's go-live",
    ),
    (("programme", "delay_months"), "Months by which every release is later"),
    (("programme", "stop_after"), "The last release that is delivered"),
    (("programme", "order"), "The releases, a list of their ids, in the order in which they take the plan's dates"),
    (
        ("programme", "gate", "on"),
        "Whether a post is released only where the service of the months ahead holds without it",
    ),
    (("programme", "gate", "tolerance_points"), "Points by which service may fall before the gate closes"),
    (("routes", "failure_demand", "redial"), "Share of abandoned attempts that try again the same way"),
    (("routes", "failure_demand", "other_channel"), "Share of abandoned attempts that try another way"),
    (("routes", "failure_demand", "chase"), "Share of late cases that chase progress"),
)
IN_TARGET = (
    "Which levers the target has, a list of their ids: [] is today's council; without it all of them "
    f"({TEAMS} brings the target's teams)"
)
NO_NUMBER = "said for the reader only: teams.pools says which teams there are, levers.in_target whether they change"


def set_paths(scenario: Scenario) -> list[tuple[str, str]]:
    """The stable paths that this scenario has, with what each means; what the scenario has not is left out."""
    found = [*SECTIONS, *_patience(scenario), *_levers(scenario), *_programme(scenario)]
    return [(dotted(path), meaning) for path, meaning in found if _can_be_set(scenario.document, path)]


def _can_be_set(document: Any, path: DataPath) -> bool:
    """Whether `--set` takes the path: what holds its last key must be written in the scenario."""
    for key in path[:-1]:
        if not isinstance(document, Mapping) or key not in document:
            return False
        document = document[key]
    return isinstance(document, Mapping)


def _patience(scenario: Scenario) -> Iterator[tuple[DataPath, str]]:
    for name, step in scenario.council.routes.steps.items():
        if step.work and step.work.live:
            said = f"Mean patience of those who wait at {step.label or name!r}, minutes"
            yield ("routes", "steps", name, "work", "patience"), said


def _levers(scenario: Scenario) -> Iterator[tuple[DataPath, str]]:
    yield ("levers", "in_target"), IN_TARGET
    for name, lever in scenario.council.levers.all.items():
        at: DataPath = ("levers", "all", name, "target")
        if not isinstance(lever.target, Split):
            yield at, _meaning(name, lever)
            continue
        for value in lever.target.values:
            yield (*at, "values", value), _meaning(name, lever, value)
        if lever.target.otherwise is not None:
            yield (*at, "otherwise"), _meaning(name, lever, "all others")


def _programme(scenario: Scenario) -> Iterator[tuple[DataPath, str]]:
    programme = scenario.council.programme
    if programme is None:
        return
    for name, release in programme.releases.items():
        yield ("programme", "releases", name, "go_live"), f"Month in which {release.label!r} goes live, such as 2019-04"
        yield ("programme", "releases", name, "delay_months"), f"Months by which {release.label!r} is later"
    for name, part in programme.parts.items():
        yield ("programme", "parts", name, "release"), f"Release of the part {part.label!r}; none leaves it as it is"


def _meaning(name: str, lever: Lever, part: str = "") -> str:
    """What a lever's target means: its label, the part it is for, its unit, today's value, and what it acts on."""
    label = f"{lever.label}, {part.replace('_', ' ')}" if part else lever.label
    said = f"Target of {label}: {lever.target.unit}, today {_today(lever, part)}"
    return f"{said}; {NO_NUMBER}" if name == TEAMS else f"{said}. {lever.ground}".rstrip()


def _today(lever: Lever, part: str) -> str:
    """Today's value of one part of the target; in words where it is split another way."""
    today = lever.today
    if not isinstance(today, Split):
        return f"{today.value:g}"
    if isinstance(lever.target, Split) and lever.target.by == today.by:
        value = today.values.get(part, today.otherwise)
        if value is not None:
            return f"{value:g}"
    return f"differs by {today.by.replace('_', ' ')}"
