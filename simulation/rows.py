"""The rows that travel between drawing, routing and the engines: contacts and their steps, as numpy records.

Times are ticks of 10 milliseconds since the calendar's day 0, whole numbers throughout.
"""

import numpy as np

TICKS_PER_SECOND = 100
TICKS_PER_MINUTE = 60 * TICKS_PER_SECOND
TICKS_PER_HOUR = 60 * TICKS_PER_MINUTE
TICKS_PER_DAY = 24 * TICKS_PER_HOUR

URGENT, LIVE, DEFERRABLE = 0, 1, 2
"""Priorities: a queue serves urgent work first, then live, then deferrable; first come first served within each."""

GIVES_UP, REDIALS, OTHER_CHANNEL = 0, 1, 2
"""What an abandoning customer does."""

CONTACT = np.dtype(
    [
        ("key", "u8"),
        ("arrival", "i8"),
        ("class", "i4"),
        ("entry", "i2"),
        ("generation", "i1"),
        ("urgent", "i1"),
        ("first_step", "i8"),
        ("steps", "i2"),
        ("end", "i2"),
        ("after_abandon", "i1"),
        ("after_ticks", "i8"),
        ("repeats", "i1"),
        ("repeat_ticks", "i8"),
        ("chases", "i1"),
        ("child_entry", "i2"),
        ("child_ticks", "i8"),
        ("final_class", "i4"),
    ]
)
"""One attempt: who it is, when it arrives, and what its own draws decided. Delays are working ticks."""

STEP = np.dtype(
    [
        ("step", "i2"),
        ("pool", "i2"),
        ("live", "i1"),
        ("priority", "i1"),
        ("first_in_layer", "i1"),
        ("book", "i4"),
        ("class", "i4"),
        ("ticks", "i8"),
        ("patience", "i8"),
        ("pause", "i8"),
        ("standard", "i2"),
    ]
)
"""One staffed step of an attempt: which work, which pool, how long it takes; `patience` 0 waits for ever; `pause` is the
wait without staff before it, working ticks; `book` says where its minutes are counted (layer, area, live); `class` is the
contact's class at that step; `standard` is the class of work that a standard of service belongs to:
((layer × demand types + demand type) × 2 + live) × 2 + urgent."""

VISIT = np.dtype(
    [
        ("ready", "i8"),
        ("ticks", "i8"),
        ("patience", "i8"),
        ("until", "i8"),
        ("order", "i4"),
        ("pool", "i2"),
        ("standard", "i2"),
        ("priority", "i1"),
        ("live", "i1"),
        ("phase", "i1"),
        ("started", "i1"),
        ("gives_up", "i1"),
    ],
    align=True,
)
"""One step as its team saw it: when it joined the queue, ticks of work (still to be done), patience (0 waits for ever), its
standard class, priority and whether it is live. `phase`: WAITING for those that join or waited already at the start; IN_HAND
(with `until`, when the slice in hand ends, and `ticks` = what remains after that slice) for those in hand when the recording
began; `started` is 1 if work on it had begun before, so that no wait is counted at its next start. `order` is the place of
the event that brought it within its tick, `class of event << ID_BITS | attempt's number`: ends of work come in that order too.
`gives_up` is 1 if a customer who abandons it tries no further."""


def put(records: np.ndarray, at: int, source: np.ndarray) -> None:
    """Put records into others of the same kind from a place on, as bytes: numpy is thirty times slower field by field."""
    size = records.itemsize
    records.view(np.uint8)[at * size : (at + len(source)) * size] = np.ascontiguousarray(source).view(np.uint8)


def copied(records: np.ndarray) -> np.ndarray:
    """A copy of some records."""
    copy = np.empty_like(records)
    put(copy, 0, records)
    return copy
