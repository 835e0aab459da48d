"""One cell at a time: numbers, dates in one style, yes or no, names of a list. What is wrong is said without the value."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

TYPED, ISO, DAY_FIRST = "spreadsheet dates", "year-month-day", "day/month/year"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
YES, NO = ("yes", "y", "true", "1", "member"), ("no", "n", "false", "0", "", "none", "not a member", "opted out")


class Wrong(ValueError):
    """What is wrong with a cell, and what was expected; never its value."""

    def __init__(self, message: str, expected: str) -> None:
        super().__init__(message)
        self.message, self.expected = message, expected


def is_empty(cell: Any) -> bool:
    """Whether there is nothing in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def number(cell: Any) -> float:
    """A number, from text too: `£23,500.00`."""
    if isinstance(cell, bool | date):
        raise Wrong("is not a number", "a number")
    if isinstance(cell, int | float):
        return float(cell)
    text = str(cell).strip().removeprefix("£").replace(",", "")
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise Wrong("is not a number", "a number")
    return float(text)


def yes(cell: Any) -> bool:
    """Yes or no; nothing is no."""
    if is_empty(cell):
        return False
    text = str(int(cell)) if isinstance(cell, float | bool) else str(cell).strip().lower()
    if text in YES or text in NO:
        return text in YES
    raise Wrong("is neither yes nor no", "yes or no")


def style(cell: Any) -> str | None:
    """The style in which a date is written; None where it is no date."""
    if isinstance(cell, date):
        return TYPED
    text = str(cell).strip()
    return ISO if _ISO.fullmatch(text) else (DAY_FIRST if _DAY_FIRST.fullmatch(text) else None)


def usual_style(cells: Sequence[Any]) -> str | None:
    """The style of most dates of a column."""
    found = Counter(style(cell) for cell in cells if not is_empty(cell))
    found.pop(None, None)
    return found.most_common(1)[0][0] if found else None


def day(cell: Any, usual: str | None) -> date:
    """A date in the usual style of its column, day first where months and days are both numbers."""
    found = style(cell)
    if found is None:
        raise Wrong("is not a date", f"a date as {usual or DAY_FIRST}")
    if found != usual:
        raise Wrong("is a date in another style than most of the column: dates may be misread", f"{usual} throughout")
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell).strip()
    match = _ISO.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    assert match is not None
    parts = [int(part) for part in match.groups()]
    year, month, on = parts if found == ISO else reversed(parts)
    try:
        return date(year, month, on)
    except ValueError:
        raise Wrong("is not a day of the calendar", f"a date as {found}") from None


def name_in(cell: Any, known: dict[str, int], what: str, choices: str) -> int:
    """The number of a name, whatever its case; `known` in lower case."""
    place = known.get(" ".join(str(cell).lower().replace("_", " ").split()))
    if place is None:
        raise Wrong(f"is not a known {what}", choices)
    return place
