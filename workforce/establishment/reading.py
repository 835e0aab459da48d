"""An establishment from the council's own file: every bad cell at once, by sheet, row and column and never by its value."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from layers.baselines import ServiceArea
from layers.problems import InputError, Problem, one_of
from workforce.establishment.assignment import ASSIGNMENT, LOCAL_PENSION, NEVER, TERMS, Establishment
from workforce.establishment.cells import Wrong, day, is_empty, name_in, number, usual_style, yes
from workforce.establishment.columns import DATES, Columns, find_columns
from workforce.establishment.sheets import Sheet, read_sheet
from workforce.section import Workforce

CONTRACTS = {"permanent": 0, "fixed term": 1, "temporary": 1, "casual": 2, "zero hours": 2}
SCOPES = {"council": 0, "in scope": 0, "yes": 0, "school": 1, "schools": 1, "out of scope": 2, "no": 2}
CASUAL = 2
LEFT_OUT = ("", "schools", "out of scope", "casual without hours")
LARGEST_FTE, HIGHEST_PAY, YOUNGEST, OLDEST = 1.2, 1_000_000, 14, 90


@dataclass(frozen=True)
class FileRead:
    """An establishment, and what its reader should be told."""

    establishment: Establishment
    warnings: tuple[str, ...]


def read_establishment(path: Path, section: Workforce, areas: Mapping[str, ServiceArea]) -> FileRead:
    """Read a CSV file or workbook of assignments as at the end of `section.as_at`; raises InputError with every problem."""
    sheet = read_sheet(path, section.file.sheet)
    columns, problems = find_columns(sheet, section.file)
    if problems:
        raise InputError([*problems, *sheet.problems])
    table = _Table(sheet, columns, section, areas)
    for row in range(len(sheet.rows)):
        if not all(is_empty(cell) for cell in sheet.rows[row]):
            table.read(row)
    if not table.kept and not table.problems:
        table.problems.append(Problem(sheet.file, None, sheet.name, "holds no assignment in scope", "at least one"))
    if table.problems or sheet.problems:
        raise InputError([*table.problems, *sheet.problems])
    return FileRead(table.establishment(), sheet.warnings)


@dataclass
class _Table:
    sheet: Sheet
    columns: Columns
    section: Workforce
    areas: Mapping[str, ServiceArea]
    problems: list[Problem] = field(default_factory=list)
    kept: list[tuple[Any, ...]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    people: dict[str, int] = field(default_factory=dict)
    sites: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        first = np.datetime64(self.section.as_at, "M") + 1
        self.counted_on: date = (first.astype("datetime64[D]") - 1).astype(object)
        self.styles = {name: usual_style(self._column(name)) for name in DATES if name in self.columns}
        families = {name: family.label for name, family in self.section.job_families.items()}
        self.names = {
            "service_area": self._known("service_area", {name: area.label for name, area in self.areas.items()}),
            "job_family": self._known("job_family", families),
            "grade": self._known("grade", {name: grade.label for name, grade in self.section.grades.items()}),
            "terms": self._known("terms", {name: name for name in TERMS}),
            "contract": CONTRACTS,
            "scope": SCOPES,
        }
        self.directorates = [area.directorate.lower() for area in self.areas.values()]
        self.family_list = list(self.section.job_families.values())

    def _known(self, column: str, labels: Mapping[str, str]) -> dict[str, int]:
        """Names in lower case with their numbers: ids, labels, and the council's own words."""
        numbers = {name: place for place, name in enumerate(labels)}
        words = {name: name for name in labels} | {label: name for name, label in labels.items()}
        words |= self.section.file.names.get(column, {})
        return {" ".join(w.lower().replace("_", " ").split()): numbers[n] for w, n in words.items() if n in numbers}

    def _column(self, name: str) -> list[Any]:
        place = self.columns.places[name]
        return [row[place] for row in self.sheet.rows if place < len(row)]

    def _cell(self, row: int, name: str) -> Any:
        place = self.columns.places.get(name)
        cells = self.sheet.rows[row]
        return None if place is None or place >= len(cells) else cells[place]

    def read(self, row: int) -> None:
        """Read one row: keep it, count it as left out, or say what is wrong with it."""
        found = len(self.problems)
        out_of = self._get(row, "scope", lambda cell: name_in(cell, self.names["scope"], "scope", one_of(SCOPES)), 0)
        contract = self._get(
            row, "contract", lambda cell: name_in(cell, self.names["contract"], "contract", one_of(CONTRACTS)), 0
        )
        if out_of:
            self.left_out[LEFT_OUT[out_of]] += 1
            return
        if contract == CASUAL and is_empty(self._cell(row, "fte")):
            self.left_out[LEFT_OUT[3]] += 1
            return
        assignment = self._assignment(row, int(contract or 0))
        if len(self.problems) == found:
            self.kept.append(assignment)

    def _assignment(self, row: int, contract: int) -> tuple[Any, ...]:
        area = self._name(row, "service_area", "service area")
        family = self._name(row, "job_family", "job family")
        grade = self._name(row, "grade", "grade")
        fte = self._number(row, "fte", 0.0, LARGEST_FTE)
        pay = self._number(row, "annual_pay", 0.0, HIGHEST_PAY)
        start = self._date(row, "service_start", needed=True)
        if start is not None and start > self.counted_on:
            self._wrong(row, "service_start", "is after the day of the count", f"up to {self.counted_on}")
        self._check_directorate(row, area)
        self._check_twice(row)
        terms = self._terms(row, family)
        member = terms in LOCAL_PENSION and bool(self._get(row, "pension", yes, False))
        return (
            self._person(row), area, family, grade, self._place(row), fte, pay, self._age_months(row),
            _months(start, self.counted_on), self._ends(row, contract, start), member,
            bool(self._get(row, "protected_leave", yes, False)),
            family is not None and self.family_list[family].registered, TERMS.index(terms),
        )  # fmt: skip

    def _terms(self, row: int, family: int | None) -> str:
        usual = TERMS.index(self.family_list[family].terms) if family is not None else 0
        return TERMS[
            int(
                self._get(
                    row, "terms", lambda c: name_in(c, self.names["terms"], "kind of terms", one_of(TERMS)), usual
                )
            )
        ]

    def _name(self, row: int, column: str, what: str) -> int | None:
        known = self.names[column]
        choices = one_of(list(self.areas if column == "service_area" else
                              self.section.job_families if column == "job_family" else self.section.grades))  # fmt: skip
        return self._get(row, column, lambda cell: name_in(cell, known, what, choices), None, needed=True)

    def _number(self, row: int, column: str, above: float, most: float) -> float | None:
        found = self._get(row, column, number, None, needed=True)
        if found is not None and not above < found <= most:
            self._wrong(
                row, column, "is too large" if found > most else "is not above 0", f"above 0, at most {most:,.12g}"
            )
        return found

    def _date(self, row: int, column: str, needed: bool) -> date | None:
        return self._get(row, column, lambda cell: day(cell, self.styles.get(column)), None, needed)

    def _age_months(self, row: int) -> int | None:
        if "birth_date" in self.columns:
            column, born = "birth_date", self._date(row, "birth_date", needed=True)
            months = None if born is None else _months(born, self.counted_on)
        elif "birth_year" in self.columns:
            column, year = "birth_year", self._get(row, "birth_year", number, None, needed=True)
            months = None if year is None else _months(date(max(1, min(9999, int(year))), 7, 1), self.counted_on)
        else:
            column, age = "age", self._get(row, "age", number, None, needed=True)
            months = None if age is None else int(age * 12) + 6
        if months is not None and not YOUNGEST * 12 <= months <= OLDEST * 12:
            self._wrong(row, column, "gives an age that nobody at work has", f"{YOUNGEST} to {OLDEST} years")
        return months

    def _ends(self, row: int, contract: int, start: date | None) -> int:
        end = self._date(row, "contract_end", needed=contract == 1 and "contract_end" in self.columns)
        if contract == 1 and "contract_end" not in self.columns:
            self._wrong(row, "contract", "a fixed term without an end", "a column with the end")
        if end is None:
            return NEVER
        if start is not None and end < start:
            self._wrong(row, "contract_end", "is before the start", "a day after the start")
        elif end <= self.counted_on:
            self._wrong(row, "contract_end", "is before the day of the count", f"after {self.counted_on}")
        return max(0, _months(self.counted_on, end) - 1)

    def _check_directorate(self, row: int, area: int | None) -> None:
        cell = self._cell(row, "directorate")
        if area is not None and not is_empty(cell) and str(cell).strip().lower() != self.directorates[area]:
            self._wrong(row, "directorate", "is not the directorate of its service area", self.directorates[area])

    def _check_twice(self, row: int) -> None:
        cell = self._cell(row, "assignment")
        if is_empty(cell):
            return
        if str(cell) in self.seen:
            self._wrong(row, "assignment", "an assignment that is in the file before", "each once")
        self.seen.add(str(cell))

    def _person(self, row: int) -> int:
        cell = self._cell(row, "person")
        name = f"row {row}" if is_empty(cell) else str(cell).strip()
        return self.people.setdefault(name, len(self.people))

    def _place(self, row: int) -> int:
        cell = self._cell(row, "site")
        return self.sites.setdefault("" if is_empty(cell) else str(cell).strip().lower(), len(self.sites))

    def _get(self, row: int, column: str, convert: Callable[[Any], Any], otherwise: Any, needed: bool = False) -> Any:
        """A cell converted; `otherwise` where it is empty or wrong, with a problem where it is wrong or needed."""
        cell = self._cell(row, column)
        if is_empty(cell):
            if needed:
                self._wrong(row, column, "is empty", "a value")
            return otherwise
        try:
            return convert(cell)
        except Wrong as wrong:
            self._wrong(row, column, wrong.message, wrong.expected)
            return otherwise

    def _wrong(self, row: int, column: str, message: str, expected: str) -> None:
        place = self.columns.places.get(column, 0)
        self.problems.append(self.sheet.problem(row, place, message, expected))

    def establishment(self) -> Establishment:
        """What was kept, as arrays."""
        grades = self.section.grades
        return Establishment(
            "file", tuple(self.areas), tuple(area.directorate for area in self.areas.values()),
            tuple(self.section.job_families), tuple(grades), tuple(grade.tier for grade in grades.values()),
            tuple(f"site {place + 1}" for place in range(len(self.sites))),
            np.array(self.kept, dtype=ASSIGNMENT), tuple(sorted(self.left_out.items())),
        )  # fmt: skip


def _months(earlier: date | None, later: date) -> int:
    """Whole months from one day to another; 0 where there is none."""
    if earlier is None:
        return 0
    return (later.year - earlier.year) * 12 + later.month - earlier.month - (later.day < earlier.day)
