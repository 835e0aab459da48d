"""An answer for a spreadsheet or a script: data stay data, whatever they begin with."""

import datetime
import io
import math
from pathlib import Path
from typing import Any

import pandas as pd

from simulation.query.sources import as_json
from simulation.store.csv_text import csv_text
from simulation.store.folder import publish_file

LARGEST_WHOLE = 2**53
EXCEL_ROWS, EXCEL_CELL = 1_048_575, 32_767
CREATED = datetime.datetime(2018, 4, 1)


def as_csv(answer: pd.DataFrame) -> str:
    """The answer as CSV; text that a spreadsheet would take for a formula gets a leading apostrophe."""
    return csv_text(pd.DataFrame({str(name): _texts(answer.iloc[:, i]) for i, name in enumerate(answer.columns)}))


def as_records(answer: pd.DataFrame) -> list[dict[str, Any]]:
    """The answer as JSON values, a row each; what is missing is absent."""
    rows = zip(*(map(plain, answer.iloc[:, i]) for i in range(len(answer.columns))), strict=True)
    names = [str(name) for name in answer.columns]
    return [{name: cell for name, cell in zip(names, row, strict=True) if cell is not None} for row in rows]


def write_xlsx(answer: pd.DataFrame, path: Path) -> None:
    """Write the answer as an Excel workbook of one sheet: text stays text, no formula, no link; raises CannotWrite."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"created": CREATED})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Answer")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(answer.columns):
            sheet.write_string(0, column, str(name), bold)
            for row, value in enumerate(answer.iloc[:EXCEL_ROWS, column], start=1):
                _write_cell(sheet, row, column, plain(value))
    publish_file(path, lambda partial: _put(partial, content.getvalue()))


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float) and abs(value) <= LARGEST_WHOLE:
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, str(value)[:EXCEL_CELL])


def plain(value: Any) -> Any:
    """A cell as text, a number, true or false; None where it is missing."""
    if isinstance(value, dict | list | tuple) or type(value).__name__ == "ndarray":
        return as_json(value.tolist() if hasattr(value, "tolist") else value)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str | int) else str(value)


def _texts(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Nested values and times as text; numbers and text as they are."""
    return column.map(plain) if column.dtype == object else column
