"""Journeys: the route of each attempt, decided when it arrives by the operating model in force and its own draws."""

from typing import NamedTuple

import numpy as np

from layers.compiling import compiled
from layers.draws import draw, quantile
from simulation.rows import DEFERRABLE, GIVES_UP, LIVE, OTHER_CHANNEL, REDIALS, STEP, URGENT
from simulation.tables import BECOMES, CHOOSE, DRAG, MATCH, PAUSE, WORK, RouteTables

LONGEST_JOURNEY = 64
"""Most staffed steps of one attempt; the graph check refuses a longer route."""


class Journeys(NamedTuple):
    """Attempts and their steps: `steps[c['first_step'] : c['first_step'] + c['steps']]` belong to contact c."""

    contacts: np.ndarray
    steps: np.ndarray

    def check(self, begin: int, until: int) -> None:
        """Refuse contacts (in order of arrival) that do not arrive from `begin` up to, but not including, `until`."""
        arrivals = self.contacts["arrival"]
        if len(arrivals) and not begin <= arrivals[0] <= arrivals[-1] < until:
            raise ValueError(f"contacts arrive at {arrivals[0]} to {arrivals[-1]}, outside {begin} to {until}")


def route(tables: RouteTables, contacts: np.ndarray) -> Journeys:
    """Decide the journeys of some attempts. `contacts`: CONTACT records with key, class, entry and urgent filled in.

    Returns the same records, filled in further, and their STEP records.
    """
    steps = np.empty(max(LONGEST_JOURNEY, 6 * len(contacts)), dtype=STEP)
    done, used = 0, 0
    while done < len(contacts):
        done, used = _route(tables, contacts, done, steps, used)
        if done < len(contacts):
            steps = np.concatenate([steps, np.empty(len(steps), dtype=STEP)])
    return Journeys(contacts, steps[:used])


@compiled
def _route(tables, contacts, first, steps, used):  # type: ignore[no-untyped-def]
    """Route contacts from `first` on until done or the step buffer may not hold one more; returns how far it came."""
    for i in range(first, len(contacts)):
        if used + 64 > len(steps):
            return i, used
        used = walk(tables, contacts[i], steps, used)
    return len(contacts), used


@compiled
def walk(tables, contact, steps, used):  # type: ignore[no-untyped-def]
    """Follow one attempt through the graph: write its steps from position `used` on, return the position after them."""
    key, klass = contact["key"], np.int64(contact["class"])
    channels, areas = tables.failure[6], tables.failure[8]
    stride, kinds, types = tables.failure[10], tables.failure[11], tables.failure[12]
    urgent = np.int64(contact["urgent"])
    contact["first_step"] = used
    node = np.int64(tables.entries[contact["entry"]])
    front = np.int64(0)
    pause = np.int64(0)
    layers_seen = np.int64(0)
    here = tables.nodes[node]
    while True:
        here = tables.nodes[node]
        kind, row = here["kind"], here["row"]
        if kind == CHOOSE:
            u = draw(key, here["slot"])
            while u >= tables.thresholds[row, klass]:
                row += 1
            node = np.int64(tables.ways[row])
        elif kind == MATCH:
            node = np.int64(tables.jumps[row, klass])
        elif kind in (WORK, DRAG):
            if kind == WORK:
                mean = tables.ticks[row, klass]
                ticks = quantile(tables.quantiles[here["shape"]], draw(key, here["slot"]), mean)
                if mean > 0 and ticks < 1:
                    ticks = np.int64(1)
                front += ticks * here["front"]
            else:
                ticks = (front * here["value"]) >> 20
            if ticks > 0:
                layer = np.int64(here["layer"])
                step = steps[used]
                step["step"], step["pool"], step["live"] = node, tables.pools[row, klass], here["live"]
                step["priority"] = URGENT if urgent else (LIVE if here["live"] else DEFERRABLE)
                step["first_in_layer"] = 1 - ((layers_seen >> layer) & 1)
                step["book"] = (layer * areas + tables.class_of[0, klass]) * 2 + here["live"]
                step["standard"] = ((layer * types + tables.class_of[1, klass]) * 2 + here["live"]) * 2 + urgent
                step["class"] = klass
                step["ticks"], step["pause"], step["patience"] = ticks, pause, 0
                if tables.patience[row, klass] > 0:
                    u = draw(key ^ here["slot"], tables.slots[6])
                    step["patience"] = max(1, quantile(tables.quantiles[0], u, tables.patience[row, klass]))
                layers_seen |= 1 << layer
                pause = np.int64(0)
                used += 1
            node = np.int64(here["to"])
        elif kind == PAUSE:
            pause += quantile(tables.quantiles[here["shape"]], draw(key, here["slot"]), here["value"])
            node = np.int64(here["to"])
        elif kind == BECOMES:
            if here["value"] >= 0:
                klass += here["value"] - klass % channels
            if here["value2"] >= 0:
                klass += (here["value2"] - (klass // stride) % kinds) * stride
            node = np.int64(here["to"])
        else:
            break
    contact["steps"] = used - contact["first_step"]
    contact["end"], contact["final_class"] = node, klass
    _own_draws(tables, contact, here)
    return used


@compiled
def _own_draws(tables, contact, end):  # type: ignore[no-untyped-def]
    """What the attempt will cause if it is abandoned, when it ends, or when it is late: from its own numbers."""
    key, f, slots, exponential = contact["key"], tables.failure, tables.slots, tables.quantiles[0]
    u = draw(key, slots[0])
    contact["after_abandon"] = REDIALS if u < f[0] else (OTHER_CHANNEL if u < f[1] else GIVES_UP)
    mean = f[2] if u < f[0] else f[3]
    contact["after_ticks"] = max(1, quantile(exponential, draw(key, slots[1]), mean))
    again = end["value2"] & 1
    contact["repeats"] = 1 if again and draw(key, slots[2]) < tables.repeat[contact["final_class"]] else 0
    contact["repeat_ticks"] = max(1, quantile(exponential, draw(key, slots[3]), f[4]))
    contact["chases"] = 1 if draw(key, slots[4]) < f[5] else 0
    contact["child_entry"] = end["value2"] >> 1
    contact["child_ticks"] = max(1, end["value"])
