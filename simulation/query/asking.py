"""One SQL question over results, answered by DuckDB in memory: no network, no other file, nothing written."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from layers.problems import InputError, Problem, closest
from simulation.query.sources import sources
from simulation.store.parquet import close_off, database

READING = ("SELECT", "EXPLAIN")
EXPECTED = "one SELECT (or FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN)"


def ask(folders: Iterable[Path], sql: str) -> pd.DataFrame:
    """What a query finds in some results and sweeps; raises InputError for a folder that is none or SQL that is wrong."""
    import duckdb

    found = sources(folders)
    with database() as connection:
        close_off(connection, found.files)
        found.create(connection)
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type.name not in READING:
                raise InputError([_wrong(_kinds([statement.type.name for statement in statements]), EXPECTED)])
            return connection.execute(statements[0]).df()
        except duckdb.Error as error:
            said = str(error).strip().split("\n\nLINE")[0].replace("\n", " ")
            raise InputError([_wrong(said, "", _meant(said, found.views))]) from error


def views(folders: Iterable[Path]) -> list[str]:
    """The names that a query may use."""
    found = sources(folders)
    return sorted([*found.views, *(["results"] if found.results else []), *(["summary"] if found.summary else [])])


def _wrong(message: str, expected: str, suggestion: str = "") -> Problem:
    return Problem("SQL", None, "", message, expected, suggestion)


def _kinds(names: list[str]) -> str:
    if not names:
        return "there is no question"
    return f"{len(names)} statements" if len(names) > 1 else f"{names[0]} is not for reading"


def _meant(said: str, known: Iterable[str]) -> str:
    """The view that was probably meant, where DuckDB proposes none."""
    missing = said.split("Table with name ")[1].split(" ")[0] if "Table with name " in said else ""
    return "" if "Did you mean" in said or not missing else closest(missing, known)
