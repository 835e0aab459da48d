"""Random councils: small networks with everything in them that the engines can do. One number gives one council, always the same.

Teams are staffed below, at and above their work; opening hours include Saturdays, all hours, weekdays round the clock and
evenings up to midnight. In every third council nearly all times are multiples of five minutes, so that events tie.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np

from layers.calendar import Calendar
from layers.draws import SCALE_BITS, run_key
from simulation.calibrated import Calibration
from simulation.council import Council
from simulation.engines.network import Network, network_of
from simulation.engines.state import State
from simulation.establishment import expected, team_effort
from simulation.journeys import Journeys, route
from simulation.operating_model import OperatingModel
from simulation.rows import TICKS_PER_DAY, TICKS_PER_MINUTE
from simulation.scenario import CheckedCouncil

LAYERS = ("customer_management", "customer_assessment", "middle_office", "service_delivery")
POOLS = (1, 2, 3, 5, 8, 13, 21, 30)
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
HOURS = (
    {"days": WEEKDAYS, "from": "09:00", "to": "17:00"},
    {"days": WEEKDAYS, "from": "08:30", "to": "17:30"},
    {"days": [*WEEKDAYS, "sat"], "from": "08:00", "to": "20:00"},
    {"days": [*WEEKDAYS, "sat", "sun"], "from": "00:00", "to": "24:00", "bank_holidays": True},
    {"days": WEEKDAYS, "from": "00:00", "to": "24:00"},
    {"days": [*WEEKDAYS, "sat"], "from": "14:30", "to": "24:00"},
    {"days": ["tue", "thu", "sun"], "from": "00:00", "to": "06:00", "bank_holidays": True},
)
YEAR_DAYS = 365
GRID = 5 * TICKS_PER_MINUTE


@dataclass(frozen=True)
class RandomRun:
    """A network, the days it runs and the days at which it may be cut. `ties`: times are multiples of five minutes."""

    number: int
    network: Network
    days: tuple[int, ...]
    ties: bool

    @property
    def stretches(self) -> Iterator[tuple[int, int]]:
        """(first day, last day) of the stretches between cuts."""
        return pairwise(self.days)

    def start(self) -> State:
        return State.empty(self.days[0] * TICKS_PER_DAY, len(self.network.teams))

    def arriving(self, first_day: int, last_day: int) -> Journeys:
        """The first contacts of some days, with their journeys."""
        contacts = self.network.arrivals.draw(run_key(self.number, 0), first_day, last_day)
        if self.ties:
            contacts["arrival"] -= contacts["arrival"] % GRID
        return route(self.network.tables, contacts)


def random_run(number: int, contacts: int = 1200) -> RandomRun:
    """The run of one number, with about so many first contacts."""
    return _Draft(number, contacts).run()


@dataclass(frozen=True)
class _Draft:
    number: int
    contacts: int

    @cached_property
    def chance(self) -> Random:
        return Random(self.number)

    def run(self) -> RandomRun:
        chance, ties = self.chance, self.number % 3 == 2
        first = chance.randint(30, 55) + YEAR_DAYS
        days = sorted({first, YEAR_DAYS + 61, YEAR_DAYS + 61 + chance.randint(1, 12)})
        council = self.council(days[-1] - days[0])
        calendar = Calendar.of(council.calendar)
        model = chance.choice((OperatingModel.today, OperatingModel.target))(council)
        network = network_of(model, calendar)
        if ties:
            coarse = np.maximum(1, np.rint(network.tables.quantiles / (1 << SCALE_BITS))).astype(np.int64) << SCALE_BITS
            network = replace(network, tables=network.tables._replace(quantiles=coarse))
        return RandomRun(self.number, network, tuple(days), ties)

    def council(self, days: int) -> Council:
        """A checked council whose teams have from a third of the people that their work needs to many times as many."""
        council = CheckedCouncil.model_validate(self.document(self.contacts * YEAR_DAYS / days))
        first = {name: dict(line.handled.values) for name, line in council.demand.types.items()}
        solved = Calibration(
            fingerprint="", first_contacts=first, volume_factor=1.0, minutes_factor={}, pool_fte={}, expected_fte={},
            middle_office_ratio=self.chance.choice((0.5, 1.0)),
        )  # fmt: skip
        unstaffed = OperatingModel.today(council.model_copy(update={"calibration": solved}))
        work = team_effort(unstaffed, expected(unstaffed))
        level = self.chance.choice((0.7, 1.0, 1.3, 1.8, 15.0))
        staff = {
            name: max(level * self.chance.choice((0.5, 1.0, 1.0, 1.5)) * fte.sum(), self._one_person(council, name))
            for name, fte in work.items()
        }
        return council.model_copy(update={"calibration": solved.model_copy(update={"pool_fte": staff})})

    def _one_person(self, council: Council, team: str) -> float:
        """The FTE that keep one person on duty at all opening times, or none of them, for a team that is often empty."""
        hours = council.teams.opening_hours[council.teams.pools[team].opening]
        a_year = hours.minutes_a_day * len(hours.days) * 52 / 60
        return self.chance.choice((0, 1, 1, 2)) * a_year / council.teams.productive_hours.value

    def document(self, yearly: float) -> dict[str, Any]:
        """A scenario as it would be read from a file."""
        routes = _Routes(self.chance)
        steps = routes.steps()
        return {
            "title": f"Random council {self.number}",
            "calendar": {"first_month": "2018-04", "bank_holidays": ["2018-05-07", "2018-05-28", "2018-06-06"]},
            "service_areas": {a: {"label": a, "directorate": a, "effort_fte": 0} for a in routes.areas},
            "layers": {layer: {"label": layer, "existing_fte": 0, "basis": "simulated"} for layer in LAYERS},
            "demand": self._demand(routes, yearly),
            "routes": {"entries": routes.entries(), "steps": steps, "failure_demand": self._failure(routes)},
            "teams": self._teams(routes, steps),
            "levers": {"all": {"again": _lever(0.25, 0.1), "moves": _lever(0.1, 0.5)}},
            "follow_on": {"middle_office_elasticity": 1},
        }

    def _demand(self, routes: "_Routes", yearly: float) -> dict[str, Any]:
        chance = self.chance
        profile = {
            "months": [1.0] * 12,
            "weekdays": [float(chance.randint(1, 4)) for _ in range(5)] + [1.0, float(chance.randint(0, 1))],
            "hours": {"any": [chance.choice((0.0, 0.3, 1.0)) + 4.0 * (9 <= hour < 17) for hour in range(24)]},
            "bank_holidays": chance.choice((0, 0.5)),
        }
        types = {}
        for name in routes.types:
            types[name] = {
                "label": name,
                "handled": _split(
                    "channel", {c: yearly / len(routes.types) / len(routes.channels) for c in routes.channels}
                ),
                "kinds": _split("kind", {kind: 1.0 + i for i, kind in enumerate(routes.kinds)}),
                "complexity": _split("complexity", {c: 1.0 for c in routes.complexities}),
                "service_areas": _split("service_area", dict.fromkeys(routes.areas, 1.0)),
                "urgent": chance.choice((0, 0.1, 0.4)),
                "profile": "busy",
            }
        scheduled = {
            "label": "Reviews", "per_year": yearly / 20, "demand_type": routes.types[-1], "service_area": routes.areas[0],
            "kind": routes.kinds[0], "complexity": types[routes.types[0]]["complexity"], "entry": "repeat",
        }  # fmt: skip
        return {
            "growth": 0,
            "volume_factor": 1,
            "kinds": {k: {"label": k} for k in routes.kinds},
            "complexities": {c: {"label": c, "minutes": 1 + i} for i, c in enumerate(routes.complexities)},
            "channels": {c: {"label": c, "live": i == 0} for i, c in enumerate(routes.channels)},
            "types": types,
            "profiles": {"busy": profile},
            "scheduled": {"reviews": scheduled},
        }

    def _failure(self, routes: "_Routes") -> dict[str, Any]:
        chance = self.chance
        return {
            "redial": 0.5, "redial_after": chance.choice((0, 5, 30)), "other_channel": 0.3,
            "other_channel_is": routes.channels[-1], "other_channel_after": chance.choice((0, 60)),
            "repeat_lever": "again", "repeat_after": chance.choice((0, 0.5, 3)), "late_after": chance.choice((0, 0.01, 0.5)),
            "chase": 0.7, "generations": chance.choice((0, 1, 2, 3, 3)),
        }  # fmt: skip

    def _teams(self, routes: "_Routes", steps: dict[str, Any]) -> dict[str, Any]:
        chance = self.chance
        cells = [(name, by, value) for name in steps for by, value in routes.cells.get(name, ())]
        chance.shuffle(cells)
        pools: list[list[dict[str, Any]]] = [[] for _ in range(min(routes.pools, len(cells)))]
        for i, (name, by, value) in enumerate(cells):
            pool = pools[i] if i < len(pools) else chance.choice(pools)
            pool.append({"steps": [name], f"{by}s": [value]} if by else {"steps": [name]})
        hours = chance.sample(HOURS, chance.randint(2, 4))
        named = dict(zip(chance.choice((["office", "a", "b", "c"], ["a", "b", "c", "office"])), hours, strict=False))
        return {
            "productive_hours": 1500,
            "occupancy": {"live": 0.9, "deferrable": 0.95},
            "roster_follows_demand": chance.choice((0, 1, 1)),
            "staffing_factor": 1,
            "opening_hours": named,
            "answer_within_seconds": 60,
            "start_within_working_days": 1,
            "slice_minutes": chance.choice((5, 20, 60)),
            "pools": {
                f"team{i}": {
                    "label": "A team",
                    "layer": LAYERS[0],
                    "opening": chance.choice(list(named)),
                    "takes": takes,
                }
                for i, takes in enumerate(pools)
            },
        }


class _Routes:
    """A chain of steps that may be left early: work, waits, ways on, changes of channel or kind, middle-office work."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.pools = chance.choice(POOLS)
        self.types, self.areas, self.kinds, self.complexities, self.channels = (
            [f"{what}{i}" for i in range(chance.randint(low, high))]
            for what, low, high in (("type", 1, 4), ("area", 1, 3), ("kind", 1, 3), ("hard", 1, 2), ("channel", 1, 3))
        )
        self.length = chance.randint(3, 8) + self.pools // 4
        self.cells: dict[str, list[tuple[str, str]]] = {}
        """How each staffed step is shared out among teams: (attribute, value), ("", "") for all of it."""

    def entries(self) -> dict[str, str]:
        """Where each cause of an attempt enters."""
        near = [f"s{i}" for i in range(min(3, self.length))]
        causes = ("redial", "other_channel", "repeat", "chase")
        return {"contact": "s0", **{c: self.chance.choice(near) for c in causes}, "appeal": f"s{self.length - 1}"}

    def steps(self) -> dict[str, Any]:
        """The steps by name; `s0`, `s1` … are the places of the chain, the last one leads to the ends."""
        out: dict[str, Any] = {}
        kinds = ("work", "work", "work", "choice", "wait", "becomes", "match", "drag")
        for place in range(self.length):
            kind = "work" if place in (0, self.length - 1) else self.chance.choice(kinds)
            out |= getattr(self, f"_{kind}")(f"s{place}", place)
        ends = {
            "finish": {
                "choose": [{"to": "appealed", "share": 0.15}, {"to": "quiet", "lever": "moves"}, {"to": "done"}]
            },
            "appealed": {
                "end": {"label": "Appeals", "child": "appeal", "child_after": self.chance.choice((0, 0.3, 2))}
            },
            "quiet": {"end": {"label": "Never comes back", "repeats": False}},
            "done": {"end": {"label": "Done"}},
        }
        return {name: {"layer": self.chance.choice(LAYERS), **step} for name, step in (out | ends).items()}

    def _next(self, place: int) -> str:
        return f"s{place + 1}" if place + 1 < self.length else "finish"

    def _work(self, name: str, place: int) -> dict[str, Any]:
        chance = self.chance
        live = chance.random() < 0.5
        minutes: Any = chance.choice((5, 5, 10, 25) if live else (5, 20, 60, 150))
        if len(self.types) > 1 and place and chance.random() < 0.2:
            minutes = {**_split("demand_type", {self.types[0]: 0.0}), "otherwise": float(minutes)}
        work = {"minutes": minutes, "shape": chance.choice(("lognormal", "exponential", "constant")), "live": live,
                "flat_over_complexity": chance.random() < 0.7, "handles_contact": place == 0}  # fmt: skip
        if chance.random() < (0.6 if live else 0.1):
            work |= {"patience": chance.choice((5, 10, 45, 240)), "abandoned_today": 0.1}
        self._share_out(name)
        return {name: {"work": work, "to": self._next(place)}}

    def _share_out(self, name: str) -> None:
        by, values = self.chance.choice(
            (("demand_type", self.types), ("service_area", self.areas), ("kind", self.kinds),
             ("channel", self.channels), ("", [""]))
        )  # fmt: skip
        self.cells[name] = [(by, value) for value in values]

    def _choice(self, name: str, place: int) -> dict[str, Any]:
        later = self.chance.choice(["finish", *(f"s{i}" for i in range(place + 1, self.length))])
        return {name: {"choose": [{"to": later, "share": 0.3}, {"to": self._next(place)}]}}

    def _wait(self, name: str, place: int) -> dict[str, Any]:
        shape, days = self.chance.choice(("exponential", "constant")), self.chance.choice((0, 0.25, 1, 2))
        pause = {"pause": {"working_days": days, "shape": shape}, "to": f"{name}w"}
        again = {"pause": {"working_days": 0.125}, "to": f"{name}x"}
        return {name: pause, f"{name}w": again, **self._work(f"{name}x", place)}

    def _becomes(self, name: str, place: int) -> dict[str, Any]:
        channel, kind = self.chance.choice(self.channels), self.chance.choice(self.kinds)
        becomes = self.chance.choice(({"channel": channel}, {"kind": kind}, {"channel": channel, "kind": kind}))
        return {name: {"becomes": becomes, "to": self._next(place)}}

    def _match(self, name: str, place: int) -> dict[str, Any]:
        to = {self.channels[0]: f"{name}m"}
        return {
            name: {"match": {"by": "channel", "to": to, "otherwise": self._next(place)}},
            **self._work(f"{name}m", place),
        }

    def _drag(self, name: str, place: int) -> dict[str, Any]:
        self._share_out(name)
        return {name: {"drag": True, "to": self._next(place)}}


def _split(by: str, values: dict[str, float]) -> dict[str, Any]:
    return {"by": by, "values": values}


def _lever(today: float, target: float) -> dict[str, Any]:
    return {"label": "A lever", "layer": LAYERS[0], "today": {"value": today, "unit": "share"},
            "target": {"value": target, "unit": "share"}}  # fmt: skip
