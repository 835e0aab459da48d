"""Arrivals: the first contacts of a month, drawn from keyed numbers, with their class and arrival time.

Each demand stream (a demand type over a preferred channel, or scheduled work) has a mean for every calendar hour; the count
of an hour is the Poisson quantile of the hour's own uniform number, so that a change of volume only adds or drops the last
contacts of an hour. Scheduled work falls due evenly: the whole part of what has accumulated.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from layers.calendar import Calendar
from layers.demand import Profile
from simulation.classes import FLOAT, ContactClasses
from simulation.compiling import compiled
from simulation.draws import ONE, case_key, draw, name_hash
from simulation.rows import CONTACT, TICKS_PER_HOUR
from simulation.council import Council

_SLOTS = ("count", "time in the hour", "kind", "complexity", "service area", "urgent")


@dataclass(frozen=True)
class Streams:
    """The demand streams of a council. Arrays have one row a stream; thresholds are cumulative 31-bit shares."""

    names: tuple[str, ...]
    yearly: FLOAT
    scheduled: np.ndarray
    hashes: np.ndarray
    entry: np.ndarray
    channel: np.ndarray
    kind: np.ndarray
    complexity: np.ndarray
    area: np.ndarray
    first_class: np.ndarray
    urgent: np.ndarray
    profiles: tuple[tuple[Profile | None, str], ...]


def streams_of(council: Council, classes: ContactClasses) -> Streams:
    """The streams of a calibrated council. `yearly` is contacts a year, volume factors applied, growth not."""
    assert council.calibration is not None
    demand, rows = council.demand, []
    factor = council.calibration.volume_factor * demand.volume_factor.value
    entries = list(council.routes.entries)
    for name, line in demand.types.items():
        for channel, first in council.calibration.first_contacts[name].items():
            rows.append(
                dict(
                    name=f"{name}/{channel}", yearly=first * factor, scheduled=False, entry=entries.index("contact"),
                    channel=classes.channels.index(channel), kind=line.kinds.shares(),
                    complexity=line.complexity.shares(), area=line.service_areas.shares(), type=name,
                    urgent=line.urgent.value, profile=(demand.profiles[line.profile], channel),
                )
            )
    for name, work in demand.scheduled.items():
        rows.append(
            dict(
                name=f"scheduled/{name}", yearly=work.per_year.value * demand.volume_factor.value, scheduled=True,
                entry=entries.index(work.entry), channel=0, kind={work.kind: 1.0}, complexity=work.complexity.shares(),
                area={work.service_area: 1.0}, type=work.demand_type, urgent=0.0, profile=(None, ""),
            )
        )
    return _as_arrays(rows, classes)


def _as_arrays(rows: list[dict], classes: ContactClasses) -> Streams:  # type: ignore[type-arg]
    areas = max(len(row["area"]) for row in rows)
    area, first = np.full((len(rows), areas), ONE), np.zeros((len(rows), areas), dtype=np.int64)
    for i, row in enumerate(rows):
        shares = row["area"]
        area[i, : len(shares)] = _cumulative(list(shares.values()))
        first[i, : len(shares)] = [classes.first(row["type"], name) for name in shares]
    return Streams(
        names=tuple(row["name"] for row in rows),
        yearly=np.array([row["yearly"] for row in rows]),
        scheduled=np.array([row["scheduled"] for row in rows]),
        hashes=np.array([name_hash(f"stream/{row['name']}") for row in rows], dtype=np.uint64),
        entry=np.array([row["entry"] for row in rows]),
        channel=np.array([row["channel"] for row in rows]),
        kind=np.array([_cumulative([row["kind"].get(k, 0.0) for k in classes.kinds]) for row in rows]),
        complexity=np.array(
            [_cumulative([row["complexity"].get(c, 0.0) for c in classes.complexities]) for row in rows]
        ),
        area=area,
        first_class=first,
        urgent=np.array([round(row["urgent"] * ONE) for row in rows]),
        profiles=tuple(row["profile"] for row in rows),
    )


def _cumulative(shares: list[float]) -> np.ndarray:
    edges = np.rint(np.cumsum(shares) / sum(shares) * ONE).astype(np.int64)
    edges[-1] = ONE
    return edges


class Arrivals:
    """Draws the first contacts of any stretch of days of one replication."""

    def __init__(self, council: Council, calendar: Calendar, classes: ContactClasses) -> None:
        self.calendar = calendar
        self.streams = streams_of(council, classes)
        self.growth = council.demand.growth.value
        self.strides = np.array([len(classes.complexities) * len(classes.channels), len(classes.channels)])
        self.slots = np.array([name_hash(f"arrival/{name}") for name in _SLOTS], dtype=np.uint64)
        self._year = range(calendar.first_day(0), calendar.first_day(12))
        self._profile_totals = {
            id(profile): sum(day_weight(self.calendar, profile, day) for day in self._year)
            for profile, _ in self.streams.profiles
            if profile is not None
        }

    def draw(self, run: np.uint64, first_day: int, last_day: int) -> np.ndarray:
        """CONTACT records of the days from `first_day` up to but not including `last_day`, in order of arrival."""
        s, means = self.streams, self.means(first_day, last_day)
        hour0 = (self.calendar.date(first_day) - date(2000, 1, 1)).days * 24
        counts = _counts(run, s.hashes, means, hour0, self.slots[0])
        for i in np.flatnonzero(s.scheduled):
            counts[i] = self._due(i, first_day, last_day)
        contacts = np.zeros(int(counts.sum()), dtype=CONTACT)
        start = first_day * 24 * TICKS_PER_HOUR
        _fill(
            run, contacts, counts, hour0, start, s.hashes, s.entry, s.channel, s.kind, s.complexity, s.area,
            s.first_class, s.urgent, self.strides, self.slots,
        )
        return contacts[np.lexsort((contacts["key"], contacts["arrival"]))]

    def means(self, first_day: int, last_day: int) -> FLOAT:
        """Mean contacts by stream and hour of the days: float array (streams × hours); 0 for scheduled work."""
        out = np.zeros((len(self.streams.names), (last_day - first_day) * 24))
        for row, (profile, channel) in enumerate(self.streams.profiles):
            if profile is None:
                continue
            hours = np.array(profile.hours_of(channel)) / sum(profile.hours_of(channel))
            days = np.array([day_weight(self.calendar, profile, d) * self._grown(d) for d in range(first_day, last_day)])
            per_day = self.streams.yearly[row] * days / self._profile_totals[id(profile)]
            out[row] = np.outer(per_day, hours).reshape(-1)
        return out

    def share_of_year(self, profile: Profile, days: list[int]) -> float:
        """The part of a reference year's contacts with this profile that arrives on these days (growth left out)."""
        year = sum(day_weight(self.calendar, profile, day) for day in self._year)
        return sum(day_weight(self.calendar, profile, day) for day in days) / year

    def _grown(self, day: int) -> float:
        year = max(0, self.calendar.month_of_day(day) // 12)
        return float((1.0 + self.growth) ** year)

    def _due(self, stream: int, first_day: int, last_day: int) -> np.ndarray:
        """Scheduled work by hour: spread evenly over weekday hours 9 to 16, whole cases as they accumulate."""
        open_hours = np.zeros((last_day - first_day, 24))
        for i, day in enumerate(range(first_day, last_day)):
            on = self.calendar.date(day)
            if on.weekday() < 5 and on not in self.calendar.bank_holidays:
                open_hours[i, 9:17] = 1.0
        before = self._working_days_before(first_day) * 8
        done = before + np.concatenate([[0.0], np.cumsum(open_hours.reshape(-1))])
        per_hour = self.streams.yearly[stream] / (self._working_days_in_year * 8)
        offset = (int(self.streams.hashes[stream]) >> 33) / ONE
        return np.diff(np.floor(done * per_hour + offset)).astype(np.int64)

    def _working_days_before(self, day: int) -> int:
        return sum(self._works(d) for d in range(day))

    @property
    def _working_days_in_year(self) -> int:
        return sum(self._works(d) for d in self._year)

    def _works(self, day: int) -> bool:
        on = self.calendar.date(day)
        return on.weekday() < 5 and on not in self.calendar.bank_holidays


def day_weight(calendar: Calendar, profile: Profile, day: int) -> float:
    """The relative number of contacts on a day."""
    on = calendar.date(day)
    weight = profile.months[(on.month - 4) % 12] * profile.weekdays[on.weekday()]
    return weight * (profile.bank_holidays.value if on in calendar.bank_holidays else 1.0)


@compiled
def _counts(run, hashes, means, hour0, slot):  # type: ignore[no-untyped-def]
    counts = np.zeros(means.shape, dtype=np.int64)
    for s in range(means.shape[0]):
        for h in range(means.shape[1]):
            left = means[s, h]
            part = 0
            while left > 0.0:
                mean = min(left, 400.0)  # in parts, so that exp(-mean) does not underflow
                left -= mean
                key = case_key(run, hashes[s], hour0 + h, part)
                counts[s, h] += poisson(mean, draw(key, slot))
                part += 1
    return counts


@compiled
def poisson(mean, u):  # type: ignore[no-untyped-def]
    """The Poisson quantile: the smallest n whose distribution function exceeds (u + ½) / 2^31."""
    p = (u + 0.5) / 2147483648.0
    term = np.exp(-mean)
    total, n = term, 0
    while total < p and n < 4000:
        n += 1
        term *= mean / n
        total += term
    return n


@compiled
def _fill(run, contacts, counts, hour0, start, hashes, entry, channel, kind, complexity, area, first_class, urgent,
          strides, slots):  # type: ignore[no-untyped-def]
    at = 0
    for s in range(counts.shape[0]):
        for h in range(counts.shape[1]):
            for index in range(counts[s, h]):
                key = case_key(run, hashes[s], hour0 + h, index)
                contact = contacts[at]
                contact["key"] = key
                contact["arrival"] = start + h * 360000 + ((draw(key, slots[1]) * 360000) >> 31)
                contact["entry"] = entry[s]
                contact["urgent"] = 1 if draw(key, slots[5]) < urgent[s] else 0
                klass = first_class[s, pick(area[s], draw(key, slots[4]))]
                klass += pick(kind[s], draw(key, slots[2])) * strides[0]
                klass += pick(complexity[s], draw(key, slots[3])) * strides[1] + channel[s]
                contact["class"] = klass
                at += 1


@compiled
def pick(cumulative, u):  # type: ignore[no-untyped-def]
    """The first index whose cumulative threshold is above u."""
    i = 0
    while u >= cumulative[i]:
        i += 1
    return i
