"""Do the sections of a council fit together? Names, the routing graph, teams and levers; every fault at once."""

from collections.abc import Iterable

import networkx as nx
import numpy as np

from layers.back_office import size
from layers.calendar import Calendar
from layers.effort_matrix import estimate
from layers.money.checks import money_faults
from layers.problems import DataPath as Path
from layers.problems import Fault, InputError, closest
from layers.programme.checks import programme_faults
from layers.programme.plan import Plan
from layers.routes import Step
from simulation.attribute_names import attribute_name_faults
from simulation.council import Council
from simulation.flows import ExpectedFlows
from simulation.journeys import LONGEST_JOURNEY
from simulation.operating_model import TEAMS, OperatingModel
from workforce.section import section_faults

ENTRIES = ("contact", "redial", "other_channel", "repeat", "chase")
"""The entries that every council's routes must name."""


def council_faults(council: Council) -> list[Fault]:
    """Every fault; what needs sound names is looked at only where the names are sound."""
    faults = _name_faults(council)
    if not faults:
        faults = _graph_faults(council)
    if not faults:
        faults = _class_faults(council)
    faults += _baseline_faults(council) + _programme_faults(council)
    return faults + _money_faults(council) + _people_faults(council)


def _programme_faults(council: Council) -> list[Fault]:
    """Faults of the plan, where there is one."""
    if council.programme is None:
        return []
    plan = Plan(council.programme, Calendar.of(council.calendar))
    return programme_faults(plan, council.layers, council.service_areas)


def _people_faults(council: Council) -> list[Fault]:
    """Names in the section about people that the council does not have."""
    if council.workforce is None:
        return []
    directorates = {name: area.directorate for name, area in council.service_areas.items()}
    faults = section_faults(council.workforce, council.layers, directorates)
    return [Fault(("workforce", *fault.path), fault.message, fault.expected, fault.suggestion) for fault in faults]


def _baseline_faults(council: Council) -> list[Fault]:
    """Faults of what is sized and estimated beside the simulation: margins that do not fit, more released than there is."""
    faults = []
    try:
        size(council.back_office, {name: layer.existing_fte.value for name, layer in council.layers.items()})
    except InputError as error:
        faults += [Fault(tuple(p.path.split(".")), p.message, p.expected, p.suggestion) for p in error.problems]
    try:
        if council.effort_matrix is not None:
            estimate(council.layers, council.service_areas, council.effort_matrix)
    except InputError as error:
        faults += [Fault(tuple(p.path.split(".")), p.message, p.expected, p.suggestion) for p in error.problems]
    return faults


def _money_faults(council: Council) -> list[Fault]:
    """Faults of the money beside the rest, where there is any."""
    if council.money is None:
        return []
    end = "mid" if council.programme is None else council.programme.case_level
    first, has_case = council.calendar.first_month, council.compared_with is not None
    return money_faults(council.money, council.layers, first, end, has_case)


def _missing(faults: list[Fault], path: Path, name: str | None, known: Iterable[str], what: str) -> None:
    known = list(known)
    if name is not None and name not in known:
        shown = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
        faults.append(Fault(path, f"no {what} {name!r}", f"one of {shown}", closest(name, known)))


def _name_faults(council: Council) -> list[Fault]:
    faults: list[Fault] = []
    steps, levers = council.routes.steps, council.levers.all
    for entry in ENTRIES:
        if entry not in council.routes.entries:
            faults.append(Fault(("routes", "entries", entry), "missing", "the step at which it enters"))
    for entry, start in council.routes.entries.items():
        _missing(faults, ("routes", "entries", entry), start, steps, "step")
    for name, step in steps.items():
        _step_names(council, faults, ("routes", "steps", name), step)
    failure = council.routes.failure_demand
    _missing(faults, ("routes", "failure_demand", "repeat_lever"), failure.repeat_lever, levers, "lever")
    at = ("routes", "failure_demand", "other_channel_is")
    _missing(faults, at, failure.other_channel_is, council.demand.channels, "channel")
    _demand_names(council, faults)
    _team_names(council, faults)
    for index, lever in enumerate(council.levers.in_target or ()):
        _missing(faults, ("levers", "in_target", index), lever, levers, "lever")
    return faults + attribute_name_faults(council)


def _step_names(council: Council, faults: list[Fault], at: Path, step: Step) -> None:
    steps, levers = council.routes.steps, council.levers.all
    _missing(faults, (*at, "layer"), step.layer, council.layers, "layer")
    _missing(faults, (*at, "to"), step.to, steps, "step")
    for index, option in enumerate(step.choose or ()):
        _missing(faults, (*at, "choose", index, "to"), option.to, steps, "step")
        _missing(faults, (*at, "choose", index, "lever"), option.lever, levers, "lever")
        _missing(faults, (*at, "choose", index, "needs"), option.needs, levers, "lever")
    if step.match:
        for name, to in step.match.to.items():
            _missing(faults, (*at, "match", "to", name), to, steps, "step")
        _missing(faults, (*at, "match", "otherwise"), step.match.otherwise, steps, "step")
    if step.work:
        _missing(faults, (*at, "work", "less"), step.work.less, levers, "lever")
        _missing(faults, (*at, "work", "times"), step.work.times, levers, "lever")
    if step.becomes:
        _missing(faults, (*at, "becomes", "channel"), step.becomes.channel, council.demand.channels, "channel")
        _missing(faults, (*at, "becomes", "kind"), step.becomes.kind, council.demand.kinds, "kind")
    if step.end:
        _missing(faults, (*at, "end", "child"), step.end.child, council.routes.entries, "entry")


def _demand_names(council: Council, faults: list[Fault]) -> None:
    for name, work in council.demand.scheduled.items():
        at: Path = ("demand", "scheduled", name)
        _missing(faults, (*at, "service_area"), work.service_area, council.service_areas, "service area")
        _missing(faults, (*at, "entry"), work.entry, council.routes.entries, "entry")


def _team_names(council: Council, faults: list[Fault]) -> None:
    for name, team in council.teams.pools.items():
        at: Path = ("teams", "pools", name)
        _missing(faults, (*at, "layer"), team.layer, council.layers, "layer")
        _missing(faults, (*at, "opening"), team.opening, council.teams.opening_hours, "opening hours")
        for index, takes in enumerate(team.takes):
            for place, step in enumerate(takes.steps):
                _missing(faults, (*at, "takes", index, "steps", place), step, council.routes.steps, "step")
        if team.fte is not None and team.fte.value == 0:
            faults.append(Fault((*at, "fte"), "a team without staff", "above 0 FTE, or no `fte` to have it solved"))
    for name, lever in council.levers.all.items():
        _missing(faults, ("levers", "all", name, "layer"), lever.layer, council.layers, "layer")


def routing_graph(council: Council) -> nx.DiGraph:
    """The routing graph: nodes are steps (attribute `layer`), edges are ways on."""
    graph = nx.DiGraph()
    for name, step in council.routes.steps.items():
        graph.add_node(name, layer=step.layer)
    graph.add_edges_from((name, way) for name, step in council.routes.steps.items() for way in step.ways_on)
    return graph


def _graph_faults(council: Council) -> list[Fault]:
    graph, routes = routing_graph(council), council.routes
    faults = []
    for circle in _circles(graph):
        said = " → ".join(circle)
        faults.append(Fault(("routes", "steps", circle[0]), f"an endless route: {said}", "a route that ends"))
    entered = set(routes.entries.values())
    reached = entered.union(*(nx.descendants(graph, step) for step in entered))
    for name, step in routes.steps.items():
        if name not in reached:
            faults.append(Fault(("routes", "steps", name), "no route leads here", "a step that is reached"))
        rests = [i for i, option in enumerate(step.choose or ()) if option.rest]
        if rests and rests != [len(step.choose or ()) - 1]:
            at = ("routes", "steps", name, "choose", rests[0])
            faults.append(Fault(at, "the option that takes the rest is not the last", "one such option, the last"))
    if not faults:
        longest = nx.dag_longest_path_length(graph)
        if longest > LONGEST_JOURNEY:
            faults.append(Fault(("routes", "steps"), f"a route of {longest} steps", f"at most {LONGEST_JOURNEY}"))
    return faults


def _circles(graph: nx.DiGraph) -> list[list[str]]:
    """One shortest circle for each knot of steps that lead to each other, from its first step in the scenario's order."""
    order = {name: place for place, name in enumerate(graph)}
    circles = []
    for knot in nx.strongly_connected_components(graph):
        first = min(knot, key=order.__getitem__)
        ways = [nx.shortest_path(graph, way, first) for way in graph.successors(first) if way in knot]
        if ways:
            circles.append([first, *min(ways, key=len)])
    return sorted(circles, key=lambda circle: order[circle[0]])


def _class_faults(council: Council) -> list[Fault]:
    """Faults that show only contact by contact, today and in the target: shares, minutes, teams, dead ends."""
    faults: dict[Path, Fault] = {}
    for model in (OperatingModel.today(council), OperatingModel.target(council)):
        for fault in _model_faults(model):
            faults.setdefault(fault.path, fault)
    for name in council.levers.all:
        if name != TEAMS and not _used(council, name):
            at = ("levers", "all", name)
            faults[at] = Fault(at, "moves nothing", "a lever that a step or failure demand names")
    return list(faults.values())


def _used(council: Council, lever: str) -> bool:
    named = {council.routes.failure_demand.repeat_lever}
    for step in council.routes.steps.values():
        named |= {option.lever for option in step.choose or ()}
        named |= {step.work.less, step.work.times} if step.work else set()
    return lever in named


def _model_faults(model: OperatingModel) -> list[Fault]:
    faults = [fault for name, step in model.steps.items() if step.choose for fault in _share_faults(model, name)]
    if faults:
        return faults
    reached = _reached(model)
    for name, step in model.steps.items():
        here = reached[name] > 0
        if step.match:
            faults += _where(
                model, name, "match", here & (model.jumps(name) < 0), "no way on", "one for each, or `otherwise`"
            )
        if step.work:
            faults += _where(
                model, name, "work", here & np.isnan(model.minutes(name)), "no minutes", "minutes for each"
            )
        if step.work or step.drag:
            teams = model.team_of(name)
            said = f"in the {model.name} model"
            faults += _where(model, name, None, here & (teams == -1), f"no team takes it {said}", "one team")
            faults += _where(model, name, None, here & (teams == -2), f"several teams take it {said}", "one team")
    return faults


def _share_faults(model: OperatingModel, name: str) -> list[Fault]:
    shares = model.shares(name)
    options = model.steps[name].choose or ()
    at: Path = ("routes", "steps", name, "choose")
    total = shares[: len(options) - 1 if options[-1].rest else None].sum(axis=0)
    if np.isnan(shares).any():
        return _where(
            model, name, "choose", np.isnan(shares).any(axis=0), "no share", "a share for each, or `otherwise`"
        )
    if total.max() > 1 + 1e-9:
        return [Fault(at, f"shares sum to {total.max():g} in the {model.name} model", "at most 1")]
    if not options[-1].rest and abs(total - 1).max() > 1e-9:
        return [
            Fault(at, f"shares sum to {total.min():g} in the {model.name} model", "1, or a last option with the rest")
        ]
    return []


def _reached(model: OperatingModel) -> dict[str, np.ndarray]:
    """Where any contact can come, by step and class: flows of one of everything that can enter."""
    demand, classes = model.council.demand, model.classes
    first = np.zeros(classes.count)
    for name, line in demand.types.items():
        for channel in line.handled.values:
            first += classes.mix(demand, name, channel)
    entries = {"contact": first, "redial": first, "chase": first}
    entries["other_channel"] = first
    for work in demand.scheduled.values():
        pair = classes.first(work.demand_type, work.service_area)
        due = np.zeros(classes.count)
        stride = len(classes.channels)
        for index, name in enumerate(classes.complexities):
            kind = classes.kinds.index(work.kind) * len(classes.complexities)
            due[pair + (kind + index) * stride] = work.complexity.values.get(name, 0.0)
        entries[work.entry] = entries.get(work.entry, 0) + due
    return ExpectedFlows(model).of(entries).visits


def _where(
    model: OperatingModel, name: str, part: str | None, wrong: np.ndarray, message: str, expected: str
) -> list[Fault]:
    """One fault that names an example of the classes it is about; none where no class is."""
    if not wrong.any():
        return []
    first, columns = int(np.flatnonzero(wrong)[0]), model.classes.columns
    example = ", ".join(model.classes.names(by)[columns[by][first]] for by in columns)
    at: Path = ("routes", "steps", name, part) if part else ("routes", "steps", name)
    count = int(wrong.sum())
    many = f"{count} classes of contact, such as" if count > 1 else "one class of contact:"
    return [Fault(at, f"{message} for {many} {example}", expected)]
