"""CSV beside Parquet, for spreadsheets: UTF-8, one line feed a row, numbers written so that they read back the same."""

from pathlib import Path

import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(rows: pd.DataFrame, path: Path) -> None:
    """Write the rows; a missing value is an empty cell. Raises OSError when the disk does not take them."""
    rows.apply(_guarded).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def csv_text(rows: pd.DataFrame) -> str:
    """The rows as they would be written."""
    return str(rows.apply(_guarded).to_csv(index=False, lineterminator="\n"))


def _guarded(column: pd.Series) -> pd.Series:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay as they are."""
    if not pd.api.types.is_string_dtype(column.dtype):
        return column
    return column.where(~column.str.startswith(FORMULA_STARTS, na=False), "'" + column)
