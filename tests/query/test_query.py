"""SQL over results and sweeps: views by name, nothing else in sight, and data that stay data."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import simulation
from layers.problems import InputError
from simulation.cli.main import status_of
from simulation.query.answers import as_csv, as_records, write_xlsx
from simulation.query.asking import ask, views
from simulation.store.result import write_result

EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://example.org", "12", "plain"]
Make = Callable[..., Path]


@pytest.fixture
def result(tmp_path: Path) -> Make:
    """Writes a small result and returns its folder."""

    def make(scenario: str = "small", fte: float = 1.5) -> Path:
        key = {"scenario": scenario, "model": "today", "replication": 0, "layer": "a", "service_area": "b"}
        rows = pd.DataFrame([{**key, "month": month, "effort_fte": fte} for month in ("2018-04", "2018-05")])
        about = {"scenario": scenario, "seed": 1, "version": "1", "input_hash": "f" * 64}
        return write_result(tmp_path / "it's [a]*", scenario, {"effort": rows}, {"effort_fte": {"mean": fte}}, about)

    return make


def test_each_table_is_a_view_and_so_are_results_and_summary(result: Make) -> None:
    folder = result()
    assert views([folder]) == ["effort", "results", "summary"]
    assert ask([folder], "SELECT sum(effort_fte) AS fte FROM effort")["fte"].tolist() == [3.0]
    assert ask([folder], "SELECT value FROM summary WHERE key = 'effort_fte.mean'")["value"].tolist() == [1.5]


def test_several_results_lie_one_under_another_each_with_its_name(result: Make) -> None:
    found = ask(
        [result(), result("other", 2.5)], "SELECT result, max(effort_fte) AS m FROM effort GROUP BY 1 ORDER BY 2"
    )
    assert found["m"].tolist() == [1.5, 2.5]
    assert found["result"].nunique() == 2


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM 'https://example.org/a.parquet'",
        "COPY effort TO '{secret}'",
        "ATTACH '{secret}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 2",
        "CREATE TABLE a AS SELECT 1",
        "SELECT 1; SELECT 2",
        "PRAGMA version",
        "",
        "SELEC 1",
    ],
)
def test_nothing_but_reading_the_views_is_allowed(result: Make, tmp_path: Path, sql: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with pytest.raises(InputError):
        ask([result()], sql.replace("{secret}", str(secret)))
    assert secret.read_text() == "a\n1\n"


def test_variables_of_the_program_are_no_tables(result: Make) -> None:
    with pytest.raises(InputError, match="does not exist"):
        ask([result()], "SELECT * FROM folders")


def test_data_never_become_formulas_in_csv(result: Make) -> None:
    text = as_csv(pd.DataFrame({"a": EVIL, "b": range(len(EVIL))}))
    assert text.splitlines()[1:5] == ["'=1+1,0", "'+1,1", "'-1,2", "'@SUM(A1),3"]
    assert text.splitlines()[-1] == "plain,7"


def test_data_never_become_formulas_links_or_numbers_in_excel(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(pd.DataFrame({"=name": EVIL, "b": [1.5] * len(EVIL)}), path)
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert rows[0] == ["=name", "b"]
    assert [row[0] for row in rows[1:]] == EVIL
    assert [row[1] for row in rows[1:]] == [1.5] * len(EVIL)
    assert b"hyperlink" not in path.read_bytes()


def test_the_same_answer_is_the_same_workbook(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(pd.DataFrame({"a": [1, 2]}), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_is_missing_is_absent_from_json() -> None:
    answer = pd.DataFrame({"a": [1.0, float("nan")], "b": ["x", None], "c": [[1, 2], [3]]})
    assert as_records(answer) == [{"a": 1.0, "b": "x", "c": "[1, 2]"}, {"c": "[3]"}]


def test_the_command_prints_tables_csv_and_json(result: Make, capsys: Any, tmp_path: Path) -> None:
    folder = str(result())
    with chdir(tmp_path):
        assert status_of(["query", folder, "SELECT count(*) AS rows FROM effort", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"columns": ["rows"], "rows": [{"rows": 2}]}
        assert status_of(["query", folder, "SELECT month, effort_fte FROM effort", "--csv"]) == 0
        assert capsys.readouterr().out == "month,effort_fte\n2018-04,1.5\n2018-05,1.5\n"
        assert status_of(["query", folder]) == 0
        assert "effort" in capsys.readouterr().out
        assert status_of(["query", folder, "SELECT * FROM efort"]) == 2
        assert "effort" in capsys.readouterr().err
        assert status_of(["query", "SELECT 1"]) == 2


def test_neither_the_home_folder_nor_the_current_one_is_touched(result: Make, tmp_path: Path) -> None:
    folder, home = result(), tmp_path / "home"
    home.mkdir()
    root = str(Path(str(simulation.__file__)).parents[1])
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": root, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "simulation", "query", str(folder), "SELECT count(*) FROM effort"]
    assert subprocess.run(command, env=environment, cwd=home, capture_output=True, timeout=60).returncode == 0
    assert list(home.iterdir()) == []


def test_a_folder_that_is_no_result_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a result folder"):
        ask([tmp_path], "SELECT 1")
