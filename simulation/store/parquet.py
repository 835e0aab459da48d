"""Parquet files by DuckDB, the same bytes from the same rows.

DuckDB in memory, on one thread, with fixed writing options: no order depends on scheduling, no path or time gets into
a file. It may not download extensions, and neither reads nor writes the home folder.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from simulation.store.errors import CannotWrite
from simulation.store.tables import Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS_A_GROUP = 122_880
OFFLINE: dict[str, Any] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_persistent_secrets": False,
    "home_directory": "/nonexistent",
    "extension_directory": "/nonexistent",
    "temp_directory": "",
}


@contextmanager
def database() -> "Iterator[DuckDBPyConnection]":
    """A database in memory that touches nothing but the files it is told to."""
    import duckdb

    connection = duckdb.connect(":memory:", config=dict(OFFLINE))
    try:
        yield connection
    finally:
        connection.close()


def close_off(connection: "DuckDBPyConnection", files: Iterable[Path] = ()) -> None:
    """From here on the database reads these files and nothing else: no other file, network, extension, variable or setting."""
    allowed = ", ".join(literal(Path(name)) for path in files for name in (path, one_file(path)))
    connection.execute(f"SET allowed_paths = [{allowed}]")
    for setting in ("python_enable_replacements", "enable_external_access"):
        connection.execute(f"SET {setting} = false")
    connection.execute("SET lock_configuration = true")


def write_parquet(
    rows: pd.DataFrame, kinds: Mapping[str, Kind], path: Path, connection: "DuckDBPyConnection | None" = None
) -> None:
    """Write the rows in the order they have; raises CannotWrite when the disk does not take them.

    A `connection` that is open already spares opening one, some 15 milliseconds.
    """
    columns = ", ".join(f'CAST("{name}" AS {kinds[name].value}) AS "{name}"' for name in rows.columns)
    with nullcontext(connection) if connection is not None else database() as opened:
        opened.register("result_rows", rows)
        copy_parquet(opened, f"SELECT {columns} FROM result_rows", path)
        opened.unregister("result_rows")


def copy_parquet(connection: "DuckDBPyConnection", query: str, path: Path) -> None:
    """Write what a query finds, in its order; raises CannotWrite when the disk does not take it."""
    import duckdb

    options = f"FORMAT parquet, PARQUET_VERSION V1, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_A_GROUP}"
    try:
        connection.execute(f"COPY ({query}) TO {literal(path)} ({options})")
    except duckdb.IOException as error:
        raise CannotWrite(_reason(str(error))) from error


def read_parquet(path: Path) -> pd.DataFrame:
    """The rows of one Parquet file in the order they were written."""
    query = "SELECT * FROM read_parquet(?, hive_partitioning = false)"
    with database() as connection:
        return connection.execute(query, [one_file(path)]).df()


def _reason(message: str) -> str:
    """The system's own words within DuckDB's message, which may hold JSON."""
    number = re.search(r'"errno":"(\d+)"', message)
    return os.strerror(int(number[1])) if number else message.rsplit(": ", 1)[-1]


def literal(path: Path) -> str:
    """The path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def one_file(path: Path) -> str:
    """The path with its wildcards escaped: a folder may be called `[a]*`."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))
