"""Streams: the steps that each team met in a recorded run, laid out so that the team can be replayed alone.

Whatever does not depend on who is on duty is reckoned here once: what was offered, and the working time when a step joined.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.compiling import compiled
from simulation.clocks import CLOSES, OPENED_BY, OPENS
from simulation.engines.compiled import worked_at
from simulation.engines.network import Network
from simulation.engines.state import ID_BITS, IN_HAND

SEEN = np.dtype([("key", "i8"), ("worked", "i8"), ("ticks", "u4"), ("patience", "u4"), ("tag", "i4")], align=True)
"""A step as the replay reads it: `key` when it joined and its order within that tick; the team's working time until then, for
deferrable work; ticks of work and of patience (0: for ever); `tag` = place of its standard class << 4 | whether a caller who
gives up tries no further << 3 | priority << 1 | live."""
LONGEST = (1 << 32) - 1
"""Ticks, 497 days: the longest work, and the longest patience that may end."""

TIME_SHIFT = ID_BITS + 2
HELD, BEGUN, FRESH = range(3)
"""A stream's steps by what was done when the recording began: in hand, begun and put back, not begun."""


@dataclass(frozen=True)
class Stream:
    """The steps that one team met in one replication, up to the tick `end`, counted from the tick `count_from`.

    `visits` are SEEN records: first those in hand at the start, whose slices end at `until`; then `begun` others that were
    put back, each queue's in its order; then the rest as they joined. `standards` are the numbers of the standard classes by
    place; `offered` counts by place. `opens` and `closes` are the open intervals of the team's clock. A step is in target that
    begins within `answer_within` ticks, or `start_within` working ticks if it is deferrable.
    """

    team: int
    standards: np.ndarray
    offered: np.ndarray
    visits: np.ndarray
    until: np.ndarray
    begun: int
    opens: np.ndarray
    closes: np.ndarray
    answer_within: int
    start_within: int
    slice_ticks: int
    count_from: int
    end: int


def streams(
    network: Network, opening: np.ndarray, joined: Sequence[np.ndarray], count_from: int, end: int
) -> list[Stream]:
    """What each team met: `opening`, the steps open when a recording began, and those that joined until `end`, part by part.

    All are VISIT records. Raises OverflowError for work of more than 497 days.
    """
    parts = [opening, *joined]
    count, used, offered = _counted(network, parts, count_from)
    firsts = np.cumsum(np.append(0, count)).tolist()
    packed, until = _packed(network, parts, count, used, end)
    clocks, _, clock_of, _ = network.clock_rows
    out = []
    for team in range(len(count)):
        held, begun, fresh, last = firsts[3 * team : 3 * team + 4]
        standards = np.flatnonzero(used[team])
        clock = clocks[clock_of[team], :, : clocks[clock_of[team], OPENED_BY, -1]]
        stream = Stream(
            team=team,
            standards=standards,
            offered=offered[team, standards],
            visits=packed[held:last],
            until=until[held:begun],
            begun=fresh - begun,
            opens=clock[OPENS],
            closes=clock[CLOSES],
            answer_within=network.answer_within,
            start_within=network.start_within[team],
            slice_ticks=network.slice_ticks,
            count_from=count_from,
            end=end,
        )
        out.append(stream)
    return out


def _counted(network: Network, parts: list[np.ndarray], count_from: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Steps by team and what was done before; all and those offered in the counted span, by team and standard class."""
    count = np.zeros((len(network.teams), 3), dtype=np.int64)
    used, offered = np.zeros((2, len(network.teams), network.standards), dtype=np.int64)
    for visits in parts:
        _count(visits, count_from, count, used, offered)
    return count, used, offered


def _packed(
    network: Network, parts: list[np.ndarray], count: np.ndarray, used: np.ndarray, end: int
) -> tuple[np.ndarray, np.ndarray]:
    """The steps as SEEN, by team and what was done before, and when the slices in hand end."""
    total = int(count.sum())
    packed, until = np.empty(total, dtype=SEEN), np.empty(total, dtype=np.int64)
    at = np.cumsum(np.append(0, count))[:-1].reshape(count.shape)
    place = np.cumsum(used > 0, axis=1) - 1
    clocks, lengths, clock_of, _ = network.clock_rows
    for visits in parts:
        if _pack(visits, place, clocks, lengths, clock_of, end, at, packed, until):
            raise OverflowError(f"a step of more than {LONGEST:,} ticks of work or of patience")
    return packed, until


@compiled
def _before(visit):  # type: ignore[no-untyped-def]
    """What was done to a step when the recording began."""
    return HELD if visit["phase"] == IN_HAND else (BEGUN if visit["started"] else FRESH)


@compiled
def _count(visits, count_from, count, used, offered):  # type: ignore[no-untyped-def]
    """Count the steps of each team."""
    for i in range(len(visits)):
        visit = visits[i]
        pool, standard = visit["pool"], visit["standard"]
        count[pool, _before(visit)] += 1
        used[pool, standard] += 1
        offered[pool, standard] += visit["ready"] >= count_from


@compiled
def _pack(visits, place, clocks, lengths, clock_of, end, at, packed, until):  # type: ignore[no-untyped-def]
    """Write steps as SEEN, each at `at[team, what was done before]`; returns how many do not fit into such a record."""
    too_long = 0
    for i in range(len(visits)):
        visit = visits[i]
        pool, before, ready = visit["pool"], _before(visit), visit["ready"]
        seen = packed[at[pool, before]]
        until[at[pool, before]] = visit["until"]
        at[pool, before] += 1
        seen["key"] = (ready << TIME_SHIFT) | visit["order"]
        # patience that outlasts the run never ends
        patience = visit["patience"] if ready + visit["patience"] < end else np.int64(0)
        if visit["ticks"] > LONGEST or patience > LONGEST:
            too_long += 1
        seen["ticks"], seen["patience"] = visit["ticks"], patience
        seen["worked"] = 0
        if not visit["live"]:
            seen["worked"] = worked_at(clocks[clock_of[pool]], lengths[clock_of[pool]], ready)
        flags = (visit["gives_up"] << 3) | (visit["priority"] << 1) | visit["live"]
        seen["tag"] = (place[pool, visit["standard"]] << 4) | flags
    return too_long
