"""A table of cells from a CSV file or an Excel workbook, read with care: an upload may be huge, hostile or half-saved.

Refused before anything is unpacked: macros, files beyond LARGEST_BYTES, and workbooks that would unpack to more than
LARGEST_UNPACKED_BYTES. A cell with a formula gives the value stored in it, with a warning; one without a stored value is a problem.
"""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.problems import InputError, Problem

LARGEST_BYTES = 100_000_000
LARGEST_UNPACKED_BYTES = 400_000_000
CSV_ENDINGS, WORKBOOK_ENDINGS = (".csv", ".txt"), (".xlsx",)
REFUSED_ENDINGS = (".xlsm", ".xltm", ".xlsb", ".xls", ".ods")
EXPECTED = "a CSV file or an Excel workbook (.xlsx) without macros"
_FORMULA = re.compile(rb"<f[ >/]")
_UNSTORED = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>')
Cell = Any


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet: headings, rows under them, the number of the first of those rows; warnings about its reading."""

    file: str
    name: str
    headings: tuple[str, ...]
    rows: list[list[Cell]]
    first_row: int
    warnings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def problem(self, row: int, column: int, message: str, expected: str = "") -> Problem:
        """A problem with one cell, by sheet, row and column and never by its value; `row` counts from the first data row."""
        return Problem(self.file, self.first_row + row, self.place(column), message, expected)

    def place(self, column: int) -> str:
        """A column as a person finds it: `Staff, column C (FTE)`."""
        heading = f" ({self.headings[column]})" if column < len(self.headings) else ""
        return f"{self.name}, column {letters(column)}{heading}"


def is_sheet(name: str) -> bool:
    """Whether a file's name says that it is a table of cells, one that is refused included."""
    return name.lower().endswith((*CSV_ENDINGS, *WORKBOOK_ENDINGS, *REFUSED_ENDINGS))


def read_sheet(path: Path, sheet: str | None = None) -> Sheet:
    """Read a CSV file, or a sheet of a workbook (the first that is not empty); raises InputError where it cannot be."""
    shown = str(path)
    try:
        if not path.is_file():
            raise InputError([Problem(shown, None, "", "no such file", EXPECTED)])
        size = path.stat().st_size
        if path.name.lower().endswith(REFUSED_ENDINGS):
            raise InputError(
                [Problem(shown, None, "", "this kind of file may hold macros or cannot be read", EXPECTED)]
            )
        if size > LARGEST_BYTES:
            said = f"is too large ({size:,} bytes)"
            raise InputError([Problem(shown, None, "", said, f"at most {LARGEST_BYTES:,} bytes")])
        content = path.read_bytes()
    except OSError as error:
        raise InputError([Problem(shown, None, "", f"cannot be read: {error.strerror or error}")]) from error
    if content[:4] == b"PK\x03\x04":
        return _workbook(shown, content, sheet)
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise InputError([Problem(shown, None, "", "an old workbook, or one with a password", EXPECTED)])
    return _csv(shown, content)


def letters(column: int) -> str:
    """A column number from 0 as letters: A, B … Z, AA."""
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def _csv(file: str, content: bytes) -> Sheet:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError([Problem(file, line, "", "is not UTF-8 text", "a file saved as CSV UTF-8")]) from error
    if "\0" in text:
        raise InputError([Problem(file, None, "", "is not text", EXPECTED)])
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows: list[list[Cell]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError([Problem(file, None, "", f"is not right CSV: {error}")]) from error
    return _headed(file, "CSV", rows, (), ())


def _workbook(file: str, content: bytes, wanted: str | None) -> Sheet:
    from python_calamine import CalamineError, CalamineWorkbook

    parts = _unpacked(file, content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if wanted is not None and wanted not in book.sheet_names:
            raise InputError([Problem(file, None, "sheet", "no such sheet", ", ".join(book.sheet_names))])
        for name in [wanted] if wanted else book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if rows:
                break
    except CalamineError as error:
        raise InputError([Problem(file, None, "", "is no workbook that can be read", EXPECTED)]) from error
    part = _part_of(parts, name)
    formulas = len(_FORMULA.findall(part))
    warnings = (f"{formulas:,} cells of {name} hold formulas: their stored values were read",) if formulas else ()
    problems = [
        Problem(file, int(row), f"{name}, column {column.decode()}", "a formula without a stored value",
                "the file saved once in a spreadsheet program")
        for column, row in _UNSTORED.findall(part)
    ]  # fmt: skip
    return _headed(file, name, rows, warnings, tuple(problems))


def _unpacked(file: str, content: bytes) -> dict[str, bytes]:
    """The XML parts of a workbook by name; raises InputError for macros and for more than may be unpacked."""
    parts: dict[str, bytes] = {}
    left = LARGEST_UNPACKED_BYTES
    bomb = Problem(
        file, None, "", "would unpack to far more than it holds", f"at most {LARGEST_UNPACKED_BYTES:,} bytes"
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if any(name.lower().endswith("vbaproject.bin") for name in archive.namelist()):
                raise InputError([Problem(file, None, "", "holds macros", EXPECTED)])
            if sum(entry.file_size for entry in archive.infolist()) > left:
                raise InputError([bomb])
            for entry in archive.infolist():
                with archive.open(entry) as stream:
                    parts[entry.filename] = stream.read(left + 1)
                left -= len(parts[entry.filename])
                if left < 0:
                    raise InputError([bomb])
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise InputError([Problem(file, None, "", "is no workbook that can be read", EXPECTED)]) from error
    return parts


def _part_of(parts: dict[str, bytes], sheet: str) -> bytes:
    """The XML of a sheet by its name, else of all sheets."""
    book = parts.get("xl/workbook.xml", b"").decode("utf-8", "replace")
    rels = parts.get("xl/_rels/workbook.xml.rels", b"").decode("utf-8", "replace")
    for tag in re.findall(r"<sheet [^>]*>", book):
        named, linked = re.search(r'\bname="([^"]*)"', tag), re.search(r'\br:id="([^"]*)"', tag)
        if named and linked and named[1] == sheet:
            for rel in re.findall(r"<Relationship [^>]*>", rels):
                target = re.search(r'\bTarget="/?(?:xl/)?([^"]*)"', rel)
                if f'Id="{linked[1]}"' in rel and target:
                    return parts.get(f"xl/{target[1]}", b"")
    return b"".join(part for name, part in parts.items() if name.startswith("xl/worksheets/"))


def _headed(
    file: str, name: str, rows: list[list[Cell]], warnings: tuple[str, ...], problems: tuple[Problem, ...]
) -> Sheet:
    """A sheet from its rows: the first that is not empty holds the headings."""
    for number, row in enumerate(rows):
        if any(str(cell).strip() for cell in row if cell is not None):
            headings = tuple(str(cell).strip() for cell in row)
            return Sheet(file, name, headings, rows[number + 1 :], number + 2, warnings, problems)
    raise InputError([Problem(file, None, "", "is empty", EXPECTED)])
