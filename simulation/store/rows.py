"""A table's rows made to agree with its declaration: typed columns, one row a key, sorted by key."""

import numpy as np
import pandas as pd

from simulation.store.errors import TableError
from simulation.store.tables import Kind, Table

TEXT = pd.StringDtype("python", na_value=np.nan)


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The same rows with the declared columns, types and order; raises TableError where they cannot agree."""
    _check_names(frame, table)
    kinds = {name: kind for name, kind in table.columns.items() if name in frame.columns}
    typed = pd.DataFrame({name: _typed(frame[name], kind, table.name) for name, kind in kinds.items()})
    _check_key(typed, table)
    return typed.sort_values(list(table.key), kind="stable", ignore_index=True)


def _check_names(frame: pd.DataFrame, table: Table) -> None:
    """Every key column is there, and every column is declared, once."""
    columns = list(frame.columns)
    missing = [name for name in table.key if name not in columns]
    unknown = [str(name) for name in columns if name not in table.columns]
    if missing or unknown or len(set(columns)) != len(columns):
        raise TableError(f"table {table.name}: columns missing {missing}, unknown {unknown}, given {columns}")


def _check_key(typed: pd.DataFrame, table: Table) -> None:
    """No row without its key and no two rows with the same."""
    key = typed[list(table.key)]
    if key.isna().to_numpy().any():
        raise TableError(f"table {table.name}: a row without its key")
    twice = key[key.duplicated()]
    if len(twice):
        raise TableError(f"table {table.name}: {len(twice)} rows repeat a key, first {twice.iloc[0].to_dict()}")


def _typed(column: pd.Series, kind: Kind, table: str) -> pd.Series:
    """The column in its declared type; missing values stay missing."""
    try:
        return _CONVERSIONS[kind](column.reset_index(drop=True))
    except (TypeError, ValueError) as error:
        raise TableError(f"table {table}, column {column.name}: not {kind.name.lower()}: {error}") from error


def _text(column: pd.Series) -> pd.Series:
    """Text cells only: a number here would be a column in the wrong place."""
    cells = column.astype(object)
    wrong = [cell for cell in cells if not (isinstance(cell, str) or pd.isna(cell))]
    if wrong:
        raise TypeError(f"{wrong[0]!r} is no text")
    return cells.astype(TEXT)


def _count(column: pd.Series) -> pd.Series:
    """Whole numbers; a fraction is refused rather than cut off."""
    nullable = column.astype("Int64")
    return nullable if nullable.isna().any() else nullable.astype(np.int64)


def _measure(column: pd.Series) -> pd.Series:
    """Real numbers without infinity; adding 0.0 turns the other zero, -0.0, into 0.0."""
    values = column.astype(np.float64)
    if np.isinf(values.to_numpy()).any():
        raise ValueError("infinite")
    return values + 0.0


def _time(column: pd.Series) -> pd.Series:
    """Dates with time, to the millisecond."""
    return column.astype("datetime64[ms]")


_CONVERSIONS = {Kind.TEXT: _text, Kind.COUNT: _count, Kind.MEASURE: _measure, Kind.TIME: _time}
