"""The routing graph in words: a box for each step, with what it says and the ways on that leave it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from layers.assumption import Assumption
from layers.routes import Match, Option, Step, Work
from layers.splits import NumberBy, Split
from simulation.council import Council

Kind = Literal["choose", "match", "live", "work", "pause", "becomes", "end"]
MOST_NAMES = 5


@dataclass(frozen=True)
class Way:
    """A way on: the step it leads to, and in a few words who takes it; "" where everybody does."""

    to: str
    said: str = ""


@dataclass(frozen=True)
class Box:
    """One step as it is drawn: its title, a detail in small print, the entries that begin here, and its ways on."""

    name: str
    layer: str
    kind: Kind
    title: str
    detail: str
    entries: tuple[str, ...]
    ways: tuple[Way, ...]


def boxes(council: Council) -> dict[str, Box]:
    """A box for each step of the routes, in the scenario's order."""
    return {name: _box(council, name, step) for name, step in council.routes.steps.items()}


def _box(council: Council, name: str, step: Step) -> Box:
    entries = tuple(_plain(entry) for entry, to in council.routes.entries.items() if to == name)
    title = step.label or (step.end.label if step.end else "") or _plain(name).capitalize()
    detail = _detail(step)
    if detail.casefold() == title.casefold():
        detail = ""
    return Box(name, step.layer, _kind(step), title, detail, entries, tuple(_ways(council, step)))


def _kind(step: Step) -> Kind:
    if step.work:
        return "live" if step.work.live else "work"
    if step.drag:
        return "work"
    kinds: tuple[Kind, ...] = ("choose", "match", "pause", "becomes", "end")
    return next(kind for kind in kinds if getattr(step, kind))


def _detail(step: Step) -> str:
    """What a reader wants to know of a step beyond its title: minutes, days, what the attempt becomes or brings."""
    if step.work:
        return _minutes(step.work)
    if step.drag:
        return "follows front-office minutes"
    if step.pause:
        days = step.pause.working_days.value
        return f"{days:g} working day{'' if days == 1 else 's'}"
    if step.becomes:
        return " and ".join(_plain(to) for to in (step.becomes.channel, step.becomes.kind) if to)
    if step.match:
        return f"by {_plain(step.match.by)}"
    return f"then: {_plain(step.end.child)}" if step.end and step.end.child else ""


def _minutes(work: Work) -> str:
    """Minutes at this step: the mean, or the smallest and largest where they differ; hours from five hours on."""
    given = work.minutes
    values = [given.value] if isinstance(given, Assumption) else [*given.values.values(), given.otherwise]
    minutes = [value * work.part.value for value in values if value is not None]
    scale, unit = (60, "h") if max(minutes) >= 300 else (1, "min")
    ends = [end / scale for end in (min(minutes), max(minutes))]
    low, high = (f"{end:.2g}" if end < 10 else f"{end:.0f}" for end in ends)
    return f"{low} {unit}" if low == high else f"{low}–{high} {unit}"


def _ways(council: Council, step: Step) -> Iterator[Way]:
    """The ways on, those to the same step together."""
    if step.to:
        yield Way(step.to)
        return
    said: dict[str, list[str]] = defaultdict(list)
    for to, words in _options(council, step.choose or ()) if step.choose else _matches(step.match):
        said[to].append(words)
    for to, words_of in said.items():
        yield Way(to, _some(words_of))


def _options(council: Council, options: Iterable[Option]) -> Iterator[tuple[str, str]]:
    levers = council.levers.all
    for option in options:
        said = _share(option.share) if option.share is not None else "otherwise"
        said = levers[option.lever].label if option.lever else said
        yield option.to, f"{said}, with {levers[option.needs].label}" if option.needs else said


def _share(share: NumberBy) -> str:
    if isinstance(share, Split):
        return f"share by {_plain(share.by)}"
    return f"{100 * share.value:.3g}%"


def _matches(match: Match | None) -> Iterator[tuple[str, str]]:
    if match is not None:
        yield from ((to, _plain(name)) for name, to in match.to.items())
        if match.otherwise:
            yield match.otherwise, "otherwise"


def _some(words: list[str]) -> str:
    """Several words as one, the rest counted after a few."""
    more = [f"{len(words) - MOST_NAMES} more"] if len(words) > MOST_NAMES else []
    return ", ".join([*words[:MOST_NAMES], *more])


def _plain(name: str) -> str:
    return name.replace("_", " ")
