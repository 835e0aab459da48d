"""`tom query`: SQL over results and sweeps."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from simulation.cli.options import AsJson
from simulation.cli.output import Align, complain, print_json, say, table

Words = Annotated[
    list[str],
    typer.Argument(metavar="RESULT… SQL", help="Result or sweep folders, then a question in SQL."),
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print the answer as CSV.")]
Workbook = Annotated[Path | None, typer.Option("--xlsx", metavar="FILE.xlsx", help="Write it as an Excel workbook.")]
MOST_SHOWN = 200
COLUMNS = """
SELECT table_name AS view, string_agg(column_name, ', ' ORDER BY ordinal_position) AS columns
FROM information_schema.columns GROUP BY table_name ORDER BY table_name"""
"""What is asked when no question is: which views there are, with their columns."""


def query(words: Words, csv: AsCsv = False, xlsx: Workbook = None, as_json: AsJson = False) -> None:
    """Ask results and sweeps in SQL, a view for each table; without a question, say which views there are."""
    from layers.problems import InputError, Problem
    from simulation.cli.failure import COMMAND_LINE
    from simulation.query.answers import as_csv, as_records, write_xlsx
    from simulation.query.asking import ask

    *folders, sql = words
    if Path(sql).is_dir():
        folders, sql = words, COLUMNS
    if not folders:
        raise InputError([Problem(COMMAND_LINE, None, "RESULT", "no result folder given", 'RESULT… "SQL"')])
    answer = ask(map(Path, folders), sql)
    if xlsx is not None:
        write_xlsx(answer, xlsx.absolute())
        complain(f"Written: {xlsx.absolute()}")
    if as_json:
        print_json({"columns": [str(name) for name in answer.columns], "rows": as_records(answer)})
    elif csv:
        sys.stdout.write(as_csv(answer))
    elif xlsx is None:
        _show(answer.iloc[:MOST_SHOWN], len(answer))


def _show(answer: "object", rows: int) -> None:
    """The answer as a table on the terminal, its first rows if there are many."""
    import pandas as pd

    from simulation.query.answers import plain

    assert isinstance(answer, pd.DataFrame)
    cells = [[_cell(plain(value)) for value in row] for row in answer.itertuples(index=False, name=None)]
    numbers = [pd.api.types.is_numeric_dtype(answer.iloc[:, i]) for i in range(len(answer.columns))]
    align: list[Align] = ["right" if number else "left" for number in numbers]
    say(table([str(name) for name in answer.columns], cells, align))
    if rows > len(answer):
        say(f"… {rows:,} rows in all; --csv or --xlsx FILE.xlsx gives them")


def _cell(value: object) -> str:
    return "" if value is None else f"{value:,.6g}" if isinstance(value, float) else str(value)
