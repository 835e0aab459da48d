"""The two streams: results on standard output, everything else on standard error.

A reader that goes away (`tom describe … | head`) is no failure: the rest is dropped quietly.
"""

import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import StringIO
from typing import TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from rich.box import Box
    from rich.table import Table

Align = Literal["left", "right"]
WIDTH_WITHOUT_TERMINAL = 120


def say(text: str) -> None:
    """One line, or several, on standard output."""
    _write(sys.stdout, text + "\n")


def complain(text: str) -> None:
    """One line, or several, on standard error; if nobody can be told, the exit status still tells."""
    with suppress(OSError):
        _write(sys.stderr, text + "\n")


def print_json(value: object) -> None:
    """The one JSON object on standard output, in ASCII so that any terminal passes it on."""
    from simulation.store.json_text import json_text

    _write(sys.stdout, json_text(value, ascii_only=True))


def finish(status: int) -> int:
    """Have everything that was said written before the status counts; raises OSError for a full disk."""
    _write(sys.stdout, "")
    return status


def tolerate_any_character() -> None:
    """Where the terminal's encoding lacks a character, print `?` rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[Align], title: str = "") -> str:
    """A table as text, as wide as the terminal; `align` has one word a column, long cells are folded."""
    from rich.table import Table

    grid = Table(
        title=title or None, title_justify="left", title_style="bold", box=_box(), pad_edge=False, show_edge=False
    )
    for heading, side in zip(headings, align, strict=True):
        grid.add_column(heading, justify=side, overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return _rendered(grid)


def _rendered(grid: "Table") -> str:
    """The text of a table, with bold headings only on a terminal."""
    from rich.console import Console

    terminal = _is_terminal(sys.stdout)
    width = shutil.get_terminal_size().columns if terminal else WIDTH_WITHOUT_TERMINAL
    text = StringIO()
    Console(file=text, width=width, force_terminal=terminal, markup=False, emoji=False, highlight=False).print(grid)
    return "\n".join(line.rstrip() for line in text.getvalue().rstrip("\n").split("\n"))


def _box() -> "Box":
    """Lines the terminal can show."""
    from rich import box

    unicode = "utf" in (getattr(sys.stdout, "encoding", None) or "utf").lower()
    return box.SIMPLE_HEAD if unicode else box.ASCII2


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether a person is looking."""
    return stream is not None and not stream.closed and stream.isatty()


def _write(stream: TextIO | None, text: str) -> None:
    """Write and flush; a closed stream takes nothing, a broken pipe is replaced by nowhere."""
    if stream is None or stream.closed:
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
