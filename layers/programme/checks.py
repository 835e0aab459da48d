"""Whether a plan can be carried out: names, dates, precedence. Every fault at once, each at its place."""

from collections.abc import Iterable, Iterator

import networkx as nx

from layers.problems import DataPath, Fault, closest, one_of
from layers.programme.breaches import broken_pairs, moment
from layers.programme.plan import Plan
from layers.programme.section import HORIZON_MONTHS, NOT_PLANNED, Programme

HERE = "programme"


def programme_faults(plan: Plan, layers: Iterable[str], areas: Iterable[str]) -> list[Fault]:
    """Every fault of a plan beside the council's layers and service areas; dates are looked at only where names are sound."""
    faults = [*_names(plan.programme, list(layers), list(areas)), *_coverage(plan.programme, list(areas))]
    if not faults:
        faults = [*_circles(plan.programme)]
    if not faults:
        faults = [*_dates(plan), *_construct(plan), *_hard_edges(plan)]
    return faults


def precedence_graph(programme: Programme) -> nx.DiGraph:
    """Parts and milestones as nodes, what comes before what as edges (attributes `edge`, its id, and `kind`)."""
    graph = nx.DiGraph()
    graph.add_nodes_from([*programme.milestones, *programme.parts])
    for name, edge in programme.edges.items():
        graph.add_edges_from(((b, a) for b in edge.before for a in edge.after), edge=name, kind=edge.kind)
    return graph


def _names(programme: Programme, layers: list[str], areas: list[str]) -> Iterator[Fault]:
    releases, nodes = list(programme.releases), [*programme.parts, *programme.milestones]
    for name, part in programme.parts.items():
        at: DataPath = (HERE, "parts", name)
        yield from _unknown((*at, "layers"), part.layers, layers, "layer")
        yield from _unknown((*at, "areas"), part.areas, areas, "service area")
        if part.release not in (*releases, NOT_PLANNED):
            said = f"no release {part.release!r}"
            yield Fault((*at, "release"), said, one_of([*releases, NOT_PLANNED]), closest(part.release, releases))
    for name, edge in programme.edges.items():
        yield from _unknown((HERE, "edges", name, "before"), edge.before, nodes, "part or milestone")
        yield from _unknown((HERE, "edges", name, "after"), edge.after, nodes, "part or milestone")
    for name, rule in programme.calendar.no_go.items():
        yield from _unknown((HERE, "calendar", "no_go", name, "areas"), rule.areas, areas, "service area")
    yield from _unknown((HERE, "corporate_areas"), programme.corporate_areas, areas, "service area")
    yield from _release_names(programme, releases)
    yield from _behaviour_names(programme, layers, areas)


def _release_names(programme: Programme, releases: list[str]) -> Iterator[Fault]:
    if NOT_PLANNED in releases:
        yield Fault((HERE, "releases", NOT_PLANNED), "means that a part is in no release", "another id")
    if programme.stop_after is not None and programme.stop_after not in releases:
        said, near = f"no release {programme.stop_after!r}", closest(programme.stop_after, releases)
        yield Fault((HERE, "stop_after"), said, one_of(releases), near)
    if programme.order is not None and sorted(programme.order) != sorted(releases):
        yield Fault((HERE, "order"), "does not name every release once", ", ".join(releases))
    for name in programme.milestones:
        if name in programme.parts:
            yield Fault((HERE, "milestones", name), "is the id of a part too", "another id")


def _behaviour_names(programme: Programme, layers: list[str], areas: list[str]) -> Iterator[Fault]:
    if programme.behaviour is None:
        if programme.reading == "behavioural":
            said = "the behavioural reading needs programme.behaviour"
            yield Fault((HERE, "reading"), said, "A, B, or a section `behaviour`")
        return
    for layer, gaps in programme.behaviour.gaps.items():
        at: DataPath = (HERE, "behaviour", "gaps")
        yield from _unknown(at, [layer], layers, "layer", keys=True)
        yield from _unknown((*at, layer, "values"), gaps.values, areas, "service area", keys=True)


def _unknown(at: DataPath, names: Iterable[str], known: list[str], what: str, keys: bool = False) -> Iterator[Fault]:
    """A fault for each name that is not known, at its place in a list, or at its own key."""
    for index, name in enumerate(names):
        if name not in known:
            yield Fault((*at, name if keys else index), f"no {what} {name!r}", one_of(known), closest(name, known))


def _coverage(programme: Programme, areas: list[str]) -> Iterator[Fault]:
    """Faults of a layer or area that two parts hold, and of an area that none does."""
    holders: dict[str, str] = {}
    for name, part in programme.parts.items():
        for kind, held in (("layers", part.layers), ("areas", part.areas)):
            for index, what in enumerate(held):
                if (first := holders.setdefault(f"{kind} {what}", name)) != name:
                    said = f"{what!r} is in two parts: {first} ({programme.parts[first].release}) and {name} ({part.release})"
                    yield Fault((HERE, "parts", name, kind, index), said, "one part, in one release")
    for area in areas:
        if f"areas {area}" not in holders:
            expected = f"a part that holds it, with `release: {NOT_PLANNED}` where it is to stay as it is"
            yield Fault((HERE, "parts"), f"service area {area!r} is in no part", expected)


def _circles(programme: Programme) -> Iterator[Fault]:
    """One fault for each knot of parts that wait for each other."""
    graph = precedence_graph(programme)
    for knot in nx.strongly_connected_components(graph):
        first = min(knot)
        ways = [nx.shortest_path(graph, way, first) for way in sorted(graph.successors(first)) if way in knot]
        if ways:
            circle = [first, *min(ways, key=len)]
            edge = graph.edges[circle[0], circle[1]]["edge"]
            yield Fault(
                (HERE, "edges", edge), f"circular precedence: {' → '.join(circle)}", "an order without a circle"
            )


def _dates(plan: Plan) -> Iterator[Fault]:
    """Faults of what would go live outside the months of the plan."""
    expected = f"{plan.calendar.label(0)} to {plan.calendar.label(HORIZON_MONTHS - 1)}"
    for name in plan.delivered:
        if not 0 <= plan.release_months[name] < HORIZON_MONTHS:
            said = f"would go live {_label(plan, plan.release_months[name])}, outside the plan"
            yield Fault((HERE, "releases", name, "go_live"), said, expected)
    for part, month in plan.delivered_parts.items():
        release = plan.release_months[plan.programme.parts[part].release]
        if 0 <= release < HORIZON_MONTHS and not 0 <= month < HORIZON_MONTHS:
            said = f"would go live {_label(plan, month)}, outside the plan"
            yield Fault((HERE, "parts", part, "delay_months"), said, expected)


def _construct(plan: Plan) -> Iterator[Fault]:
    """Faults of what goes live before it can be constructed: a hard rule of every plan."""
    first = plan.calendar.month_number(plan.programme.calendar.first_construct)
    for name in plan.delivered:
        months = plan.construct(name)
        if months.start < first:
            began = f"its construct would begin {_label(plan, months.start)}, before the first approval"
            earliest = _constructed_by(plan, first + len(months))
            yield Fault(
                (HERE, "releases", name, "go_live"), f"goes live {_label(plan, months.stop)}: {began}", earliest
            )
    for part, month in plan.delivered_parts.items():
        release = plan.programme.parts[part].release
        if month < plan.release_months[release]:
            said = f"goes live {_label(plan, month)}, before the construct of {release} is complete"
            earliest = _constructed_by(plan, plan.release_months[release])
            yield Fault((HERE, "parts", part, "delay_months"), said, earliest)


def _constructed_by(plan: Plan, month: int) -> str:
    return f"{_label(plan, month)} or later: all construct comes before implementation"


def _hard_edges(plan: Plan) -> Iterator[Fault]:
    for name, edge in plan.programme.edges.items():
        for before, after, _ in broken_pairs(plan, edge) if edge.kind == "hard" else ():
            first, then = moment(plan, before), moment(plan, after)
            said = f"{after} ({_label(plan, then)}) would come before {before} ({_label(plan, first)}): {edge.reason}"
            yield Fault((HERE, "edges", name), said, f"{after} no earlier than {before}")


def _label(plan: Plan, month: int | None) -> str:
    return "never" if month is None else plan.calendar.label(month)
