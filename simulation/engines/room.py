"""Room for one month of the compiled engine: the large arrays, used again from month to month.

Fresh memory costs more than what is written into it, so a month that is over leaves its arrays to the next. What is in them
is of no meaning until it is written.
"""

import numpy as np

from simulation.engines.state import IN_PROGRESS
from simulation.rows import CONTACT, STEP, put

ATTEMPT = np.dtype(
    [
        ("until", "i8"),
        ("remaining", "i8"),
        ("slice", "i8"),
        ("ready", "i8"),
        ("give_up_at", "i8"),
        ("first_step", "i4"),
        ("book", "i4"),
        ("pool", "i2"),
        ("standard", "i2"),
        ("at", "i1"),
        ("steps", "i1"),
        ("phase", "i1"),
        ("started", "i1"),
        ("chased", "i1"),
        ("generation", "i1"),
        ("live", "i1"),
        ("priority", "i1"),
        ("first_in_layer", "i1"),
        ("follows", "i1"),
    ],
    align=True,
)
"""Where an attempt stands, in as many bytes as a processor fetches at one go; what its draws decided stays in CONTACT.

`book` to `standard` and `live` to `first_in_layer` are those of the step it is at; `follows` is not 0 where something may come
after its end. Attempts lie in order of their numbers, so an attempt's place stands for its number in the order of events."""
SELDOM = np.dtype([("case", "i8"), ("began", "i8")])
"""What is asked of an attempt only for a trace or a state."""
SHARED = tuple(name for name in ATTEMPT.names or () if name in (IN_PROGRESS.names or ()))
"""What both ATTEMPT and IN_PROGRESS hold."""
LINE = 64
"""Bytes that a processor fetches at one go."""
SPARE = 4096


class Room:
    """The arrays of one month. `behind` links attempts that wait in the same queue, or whose event is in the same list."""

    def __init__(self, attempts: int, steps: int) -> None:
        self.attempts, self.seldom = _array(attempts, ATTEMPT), _array(attempts, SELDOM)
        self.behind = _array(attempts, np.dtype(np.int32))
        self.contacts, self.steps = _array(attempts, CONTACT), _array(steps, STEP)
        self.heap = _array(2 * attempts, np.dtype(np.int64))

    def more_attempts(self) -> None:
        """Double the room for attempts."""
        for name in ("attempts", "seldom", "behind", "contacts"):
            self._double(name)

    def more_steps(self) -> None:
        """Double the room for steps."""
        self._double("steps")

    def more_events(self) -> None:
        """Double the room for events."""
        self._double("heap")

    def _double(self, name: str) -> None:
        old = getattr(self, name)
        new = _array(2 * len(old), old.dtype)
        put(new, 0, old)
        setattr(self, name, new)

    def leave(self) -> None:
        """Leave the room to a later month."""
        _left.append(self)


_left: list[Room] = []


def room_for(attempts: int, steps: int) -> Room:
    """Room for at least so many attempts and steps, and half as many again, with anything in it."""
    while _left:
        room = _left.pop()
        if len(room.attempts) >= attempts + SPARE and len(room.steps) >= steps + SPARE:
            return room
    return Room(attempts + attempts // 2 + SPARE, steps + steps // 2 + SPARE)


def _array(length: int, dtype: np.dtype) -> np.ndarray:
    """An array that begins where the processor's lines do."""
    raw = np.empty(length * dtype.itemsize + LINE, dtype=np.uint8)
    ahead = -raw.ctypes.data % LINE
    return raw[ahead : ahead + length * dtype.itemsize].view(dtype)
