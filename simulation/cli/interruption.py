"""Ctrl-C and SIGTERM: one quiet end with the right exit status, whatever a library makes of the signal."""

import signal
import threading
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """While entered, either signal raises KeyboardInterrupt in the main thread and is remembered."""

    def __init__(self) -> None:
        self.received: signal.Signals | None = None
        self._before: dict[signal.Signals, Any] = {}

    @property
    def happened(self) -> bool:
        """Whether a signal came."""
        return self.received is not None

    @property
    def status(self) -> int:
        """128 + the signal's number, as a shell has it: 130 for Ctrl-C."""
        return 128 + self.received if self.received else 0

    def __enter__(self) -> "Interruption":
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._interrupt) for number in SIGNALS}
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        """Stop the work where it stands."""
        self.received = signal.Signals(number)
        raise KeyboardInterrupt
