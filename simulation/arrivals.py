"""Arrivals: the first contacts of a month, drawn from keyed numbers, with their class and arrival time.

Each demand stream (a demand type over a preferred channel, or scheduled work) has a mean for every calendar hour; the count
of an hour is the Poisson quantile of the hour's own uniform number, so that a change of volume only adds or drops the last
contacts of an hour. Scheduled work falls due evenly: the whole part of what has accumulated.
"""

from datetime import date

import numpy as np

from layers.calendar import Calendar
from layers.compiling import compiled
from layers.demand import Profile
from layers.draws import ONE, case_key, draw, name_hash
from simulation.classes import FLOAT, ContactClasses
from simulation.council import Council
from simulation.rows import CONTACT, TICKS_PER_HOUR
from simulation.streams import tables_of

_SLOTS = ("count", "time in the hour", "kind", "complexity", "service area", "urgent")


class Arrivals:
    """Draws the first contacts of any stretch of days of one replication."""

    def __init__(self, council: Council, calendar: Calendar, classes: ContactClasses) -> None:
        self.calendar = calendar
        self.streams = tables_of(council, classes)
        self.growth = council.demand.growth.value
        self.strides = np.array([len(classes.complexities) * len(classes.channels), len(classes.channels)])
        self.slots = np.array([name_hash(f"arrival/{name}") for name in _SLOTS], dtype=np.uint64)
        self._year = range(calendar.first_day(0), calendar.first_day(12))
        self._profile_totals = {
            id(profile): sum(day_weight(self.calendar, profile, day) for day in self._year)
            for stream in self.streams.streams
            if (profile := stream.profile) is not None
        }

    def draw(self, run: np.uint64, first_day: int, last_day: int) -> np.ndarray:
        """CONTACT records of the days from `first_day` up to but not including `last_day`, in order of arrival."""
        s, means = self.streams, self.means(first_day, last_day)
        hour0 = (self.calendar.date(first_day) - date(2000, 1, 1)).days * 24
        counts = np.zeros(means.shape, dtype=np.int64)
        _count(run, s.hashes, means, hour0, self.slots[0], counts)
        for i, stream in enumerate(s.streams):
            if stream.profile is None:
                counts[i] = self._due(i, first_day, last_day)
        contacts = np.zeros(int(counts.sum()), dtype=CONTACT)
        most = int(counts.sum(axis=0).max(initial=0))
        _fill(
            run,
            contacts,
            counts,
            hour0,
            first_day * 24 * TICKS_PER_HOUR,
            s.hashes,
            s.entry,
            s.channel,
            s.kind,
            s.complexity,
            s.area,
            s.first_class,
            s.urgent,
            self.strides,
            self.slots,
            np.empty(most, dtype=np.uint64),
            np.empty((4, most + 1), dtype=np.int64),
        )
        return contacts

    def means(self, first_day: int, last_day: int) -> FLOAT:
        """Mean contacts by stream and hour of the days: float array (streams × hours); 0 for scheduled work."""
        out = np.zeros((len(self.streams.streams), (last_day - first_day) * 24))
        for row, stream in enumerate(self.streams.streams):
            profile = stream.profile
            if profile is None or stream.channel is None:
                continue
            hours = np.array(profile.hours_of(stream.channel)) / sum(profile.hours_of(stream.channel))
            days = np.array([day_weight(self.calendar, profile, d) * self.grown(d) for d in range(first_day, last_day)])
            per_day = self.streams.yearly[row] * days / self._profile_totals[id(profile)]
            out[row] = np.outer(per_day, hours).reshape(-1)
        return out

    def share_of_year(self, profile: Profile, days: list[int]) -> float:
        """The part of a reference year's contacts with this profile that arrives on these days (growth left out)."""
        year = sum(day_weight(self.calendar, profile, day) for day in self._year)
        return sum(day_weight(self.calendar, profile, day) for day in days) / year

    def grown(self, day: int) -> float:
        """What growth has made of a day's volume since the first year."""
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
def _count(run, hashes, means, hour0, slot, counts):  # type: ignore[no-untyped-def]
    """How many arrive by stream and hour: the Poisson quantile of each hour's own number, added to `counts`."""
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
def _fill(  # type: ignore[no-untyped-def]
    run,
    contacts,
    counts,
    hour0,
    start,
    hashes,
    entry,
    channel,
    kind,
    complexity,
    area,
    first_class,
    urgent,
    strides,
    slots,
    keys,
    rows,
):
    """Write the contacts of every hour in order of arrival. `keys` and `rows` hold those of one hour at a time."""
    when, stream, order, first = rows[0], rows[1], rows[2], rows[3]
    at = 0
    for h in range(counts.shape[1]):
        n = 0
        for s in range(counts.shape[0]):
            for index in range(counts[s, h]):
                key = case_key(run, hashes[s], hour0 + h, index)
                keys[n], when[n], stream[n] = key, (draw(key, slots[1]) * 360000) >> 31, s
                n += 1
        _sort(when, keys, n, order, first)
        for i in range(n):
            key, s, contact = keys[order[i]], stream[order[i]], contacts[at]
            contact["key"] = key
            contact["arrival"] = start + h * 360000 + when[order[i]]
            contact["entry"] = entry[s]
            contact["urgent"] = 1 if draw(key, slots[5]) < urgent[s] else 0
            klass = first_class[s, pick(area[s], draw(key, slots[4]))]
            klass += pick(kind[s], draw(key, slots[2])) * strides[0]
            klass += pick(complexity[s], draw(key, slots[3])) * strides[1] + channel[s]
            contact["class"] = klass
            at += 1


@compiled
def _sort(when, keys, n, order, first):  # type: ignore[no-untyped-def]
    """The order of n contacts by tick in the hour, then key: shared out over n parts of the hour, then put right one by one."""
    for part in range(n + 1):
        first[part] = 0
    for i in range(n):
        first[when[i] * n // 360000 + 1] += 1
    for part in range(n):
        first[part + 1] += first[part]
    for i in range(n):
        part = when[i] * n // 360000
        order[first[part]] = i
        first[part] += 1
    for i in range(1, n):
        mine, j = order[i], i
        while j > 0 and _is_after(when, keys, order[j - 1], mine):
            order[j] = order[j - 1]
            j -= 1
        order[j] = mine


@compiled
def _is_after(when, keys, one, other):  # type: ignore[no-untyped-def]
    return when[one] > when[other] or (when[one] == when[other] and keys[one] > keys[other])


@compiled
def pick(cumulative, u):  # type: ignore[no-untyped-def]
    """The first index whose cumulative threshold is above u."""
    i = 0
    while u >= cumulative[i]:
        i += 1
    return i
