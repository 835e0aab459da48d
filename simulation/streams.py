"""Demand streams: a demand type over a preferred channel, or scheduled work. What arrivals are drawn from."""

from dataclasses import dataclass

import numpy as np

from layers.demand import DemandType, Profile, ScheduledWork
from layers.draws import ONE, name_hash
from simulation.classes import FLOAT, ContactClasses
from simulation.council import Council

Shares = dict[str, float]


@dataclass(frozen=True)
class Stream:
    """One stream: first contacts a year (volume factors applied, growth not) and how they share out."""

    name: str
    yearly: float
    entry: str
    channel: str | None
    demand_type: str
    kinds: Shares
    complexity: Shares
    areas: Shares
    urgent: float
    profile: Profile | None
    """When it arrives; None for scheduled work, which falls due evenly."""


@dataclass(frozen=True)
class StreamTables:
    """The streams as arrays, one row a stream; thresholds are cumulative 31-bit shares."""

    streams: tuple[Stream, ...]
    hashes: np.ndarray
    entry: np.ndarray
    channel: np.ndarray
    kind: np.ndarray
    complexity: np.ndarray
    area: np.ndarray
    first_class: np.ndarray
    urgent: np.ndarray

    @property
    def yearly(self) -> FLOAT:
        """First contacts or cases a year by stream."""
        return np.array([stream.yearly for stream in self.streams])


def streams_of(council: Council) -> tuple[Stream, ...]:
    """The streams of a calibrated council."""
    assert council.calibration is not None
    factor = council.demand.volume_factor.value
    of_contacts = factor * council.calibration.volume_factor
    first = council.calibration.first_contacts
    contacts = [
        _contacts(council, name, line, channel, first[name][channel] * of_contacts)
        for name, line in council.demand.types.items()
        for channel in first[name]
    ]
    return (*contacts, *(_scheduled(name, work, factor) for name, work in council.demand.scheduled.items()))


def _contacts(council: Council, name: str, line: DemandType, channel: str, yearly: float) -> Stream:
    return Stream(
        name=f"{name}/{channel}",
        yearly=yearly,
        entry="contact",
        channel=channel,
        demand_type=name,
        kinds=line.kinds.shares(),
        complexity=line.complexity.shares(),
        areas=line.service_areas.shares(),
        urgent=line.urgent.value,
        profile=council.demand.profiles[line.profile],
    )


def _scheduled(name: str, work: ScheduledWork, factor: float) -> Stream:
    return Stream(
        name=f"scheduled/{name}",
        yearly=work.per_year.value * factor,
        entry=work.entry,
        channel=None,
        demand_type=work.demand_type,
        kinds={work.kind: 1.0},
        complexity=work.complexity.shares(),
        areas={work.service_area: 1.0},
        urgent=0.0,
        profile=None,
    )


def tables_of(council: Council, classes: ContactClasses) -> StreamTables:
    """The streams of a calibrated council as arrays."""
    streams, entries = streams_of(council), list(council.routes.entries)
    most = max(len(stream.areas) for stream in streams)
    area, first = np.full((len(streams), most), ONE), np.zeros((len(streams), most), dtype=np.int64)
    for i, stream in enumerate(streams):
        area[i, : len(stream.areas)] = _cumulative(list(stream.areas.values()))
        first[i, : len(stream.areas)] = [classes.first(stream.demand_type, name) for name in stream.areas]
    kinds, hardness = classes.kinds, classes.complexities
    return StreamTables(
        streams=streams,
        hashes=np.array([name_hash(f"stream/{stream.name}") for stream in streams], dtype=np.uint64),
        entry=np.array([entries.index(stream.entry) for stream in streams]),
        channel=np.array([classes.channels.index(s.channel) if s.channel else 0 for s in streams]),
        kind=np.array([_cumulative([s.kinds.get(k, 0.0) for k in kinds]) for s in streams]),
        complexity=np.array([_cumulative([s.complexity.get(c, 0.0) for c in hardness]) for s in streams]),
        area=area,
        first_class=first,
        urgent=np.array([round(stream.urgent * ONE) for stream in streams]),
    )


def _cumulative(shares: list[float]) -> np.ndarray:
    edges = np.rint(np.cumsum(shares) / sum(shares) * ONE).astype(np.int64)
    edges[-1] = ONE
    return edges
