"""Published outcomes: what the council's papers print, cell by cell. Read to be compared with, never to simulate.

The tables are CSV files in the shipped `published` folder, one row a cell with the columns of COLUMNS.
`step` is the last digit printed (1, 0.1 …); `status` is `printed`, or `inferred` where the figure was worked out from
printed ones; `why` names the contradiction in the papers, where the model is known to differ. Only
`simulation.reproduce` and the command line may import this module: no published outcome feeds a simulated number.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from layers.problems import InputError, Problem, closest
from layers.shipped import configs_folder

Status = Literal["printed", "inferred"]
COLUMNS = ("cell", "value", "unit", "step", "status", "why", "source")


@dataclass(frozen=True)
class PublishedCell:
    """One published figure, with the last digit printed and where it is printed."""

    table: str
    cell: str
    value: float
    unit: str
    step: float
    status: Status
    why: str
    source: str
    line: int


@dataclass(frozen=True)
class PublishedTable:
    """One published table: its cells by name, in the order of the file."""

    name: str
    cells: Mapping[str, PublishedCell]

    def __getitem__(self, cell: str) -> PublishedCell:
        """One cell; raises InputError naming the table where it has no such cell."""
        if cell not in self.cells:
            said = f"the published table has no cell {cell!r}"
            raise InputError([Problem(f"{self.name}.csv", None, cell, said, suggestion=closest(cell, self.cells))])
        return self.cells[cell]


@dataclass(frozen=True)
class Published:
    """Every published table by name."""

    tables: Mapping[str, PublishedTable]

    def __getitem__(self, table: str) -> PublishedTable:
        """One table; raises InputError where there is no such table."""
        if table not in self.tables:
            raise InputError([Problem(f"{table}.csv", None, "", "no such published table", ", ".join(self.tables))])
        return self.tables[table]

    def all_cells(self) -> Iterator[PublishedCell]:
        """Every cell of every table, in order."""
        for table in self.tables.values():
            yield from table.cells.values()


def read_published(folder: Path | None = None) -> Published:
    """Read every published table in a folder (default: the shipped one); raises InputError with every problem found."""
    folder = configs_folder() / "published" if folder is None else folder
    tables, problems = {}, list[Problem]()
    for path in sorted(folder.glob("*.csv")):
        cells, wrong = _read_table(path)
        tables[path.stem] = PublishedTable(path.stem, cells)
        problems += wrong
    if not tables:
        problems.append(Problem(folder.name, None, "", "holds no published tables", expected="CSV files"))
    if problems:
        raise InputError(problems)
    return Published(tables)


def _read_table(path: Path) -> tuple[dict[str, PublishedCell], list[Problem]]:
    cells, problems = dict[str, PublishedCell](), list[Problem]()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, restval="")
            if tuple(reader.fieldnames or ()) != COLUMNS:
                return cells, [Problem(path.name, 1, "", "wrong columns", expected=", ".join(COLUMNS))]
            for row in reader:
                wrong = _row_problems(path, reader.line_num, row, cells)
                problems += wrong
                if not wrong:
                    cells[row["cell"]] = _cell(path.stem, reader.line_num, row)
    except UnicodeDecodeError:
        problems.append(Problem(path.name, None, "", "is not UTF-8 text", expected="UTF-8"))
    return cells, problems


def _row_problems(path: Path, line: int, row: dict[str, str], known: Mapping[str, PublishedCell]) -> list[Problem]:
    problems = []
    if row["cell"] in known:
        problems.append(Problem(path.name, line, row["cell"], "is in the table twice"))
    for column in ("value", "step"):
        if _number(row[column]) is None:
            said = f"{row[column]!r} is not a number"
            problems.append(Problem(path.name, line, f"{row['cell']}.{column}", said, expected="a number"))
    if (step := _number(row["step"])) is not None and step <= 0:
        problems.append(Problem(path.name, line, f"{row['cell']}.step", f"{step:g}", expected="above 0"))
    if row["status"] not in get_args(Status):
        said = f"{row['status']!r} is not a status"
        problems.append(Problem(path.name, line, f"{row['cell']}.status", said, expected="printed or inferred"))
    if not row["source"]:
        problems.append(Problem(path.name, line, f"{row['cell']}.source", "is empty", expected="a council paper"))
    return problems


def _cell(table: str, line: int, row: dict[str, str]) -> PublishedCell:
    status = cast(Status, row["status"])
    value, step = float(row["value"]), float(row["step"])
    return PublishedCell(table, row["cell"], value, row["unit"], step, status, row["why"], row["source"], line)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None
