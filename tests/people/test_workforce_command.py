"""`tom workforce` from the outside: its JSON, its result folder, wrong input, privacy."""

import json
from pathlib import Path
from typing import Any

import pytest
from people_files import planted, rows, write_csv

from simulation.cli.main import status_of
from simulation.store.result import read_result
from simulation.store.tables import PEOPLE_TABLES
from workforce.routes import ROUTES, STATEMENT, UNMET

DOCS = Path(__file__).parents[2] / "docs"
RUN = ["workforce", "oxfordshire", "--replications", "2", "--workers", "1", "--seed", "3"]
D = {"mean", "p10", "p50", "p90", "ci95", "n"}


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("people")


@pytest.fixture(scope="session")
def said(results: Path) -> dict[str, Any]:
    """The JSON of one run."""
    assert status_of([*RUN, "--out", str(results), "--quiet", "--csv"]) == 0
    folder = next((results / "oxfordshire").iterdir())
    found: dict[str, Any] = json.loads((folder / "summary.json").read_bytes())
    return {**found, "result": str(folder)}


def test_the_json_has_the_promised_shape(said: dict[str, Any]) -> None:
    assert {"schema", "seed", "replications", "months", "establishment", "reduction", "policies", "absorbs"} <= set(
        said
    )
    assert said["statement"] == STATEMENT
    assert said["establishment"]["heads"] == 4455
    assert set(said["leavers_per_year_heads"]) == D
    for policy in said["policies"]:
        assert set(policy["met_fte"]) == set(policy["heads"]) == {*ROUTES, UNMET}
        assert {"by_phase", "by_directorate", "by_financial_year", "benefit_waited_pounds"} <= set(policy)
        assert "total" in policy["cost_pounds"] and set(policy["cost_pounds"]["total"]) == D
    assert set(said["absorbs"]) == {"603", "744", "885"}
    assert not {"frontier", "best_mix", "equality"} & set(said)


def test_routes_sum_to_the_reduction_in_every_part_of_the_json(said: dict[str, Any]) -> None:
    whole = said["reduction"]["fte"]
    assert whole == pytest.approx(744, abs=1e-6)
    for policy in said["policies"]:
        assert sum(value["mean"] for value in policy["met_fte"].values()) == pytest.approx(whole, abs=1e-6)
        for part in ("by_phase", "by_directorate", "by_job_family", "by_grade_tier"):
            assert sum(entry["reduction_fte"] for entry in policy[part]) == pytest.approx(whole, abs=1e-6)
            for entry in policy[part]:
                assert sum(entry["met_fte"].values()) == pytest.approx(entry["reduction_fte"], abs=1e-6)


def test_cost_by_year_is_the_cost_by_line(said: dict[str, Any]) -> None:
    for policy in said["policies"]:
        lines = sum(value["mean"] for line, value in policy["cost_pounds"].items() if line != "total")
        years = sum(year["cost_paid_pounds"]["mean"] for year in policy["by_financial_year"])
        assert lines == pytest.approx(policy["cost_pounds"]["total"]["mean"])
        assert years == pytest.approx(policy["cost_pounds"]["total"]["mean"])


def test_turnover_absorbs_less_of_a_larger_reduction(said: dict[str, Any]) -> None:
    shares = [said["absorbs"][level]["share"] for level in ("603", "744", "885")]
    assert shares == sorted(shares, reverse=True)
    assert all(0 < share <= 1 for share in shares)


def test_tables_and_pictures_are_in_the_folder(said: dict[str, Any]) -> None:
    folder = Path(said["result"])
    tables = read_result(folder)
    assert set(tables) == set(PEOPLE_TABLES)
    met = tables["workforce"].groupby(["policy", "replication"])[[f"{route}_fte" for route in ROUTES]].sum().sum(axis=1)
    unmet = {policy["policy"]: policy["met_fte"]["unmet"] for policy in said["policies"]}
    for policy, value in unmet.items():
        assert met[policy].mean() == pytest.approx(744 - value["mean"], abs=1e-6)
    charts = {file.stem for file in (folder / "charts").iterdir()}
    assert len(charts) == 5
    for name in charts:
        picture = (folder / "charts" / f"{name}.svg").read_text(encoding="utf-8")
        assert STATEMENT in picture and "<dc:date>" not in picture
        assert (folder / "charts" / f"{name}.csv").read_text(encoding="utf-8").count("\n") > 2


def test_the_same_inputs_give_the_same_bytes_whatever_the_workers(said: dict[str, Any], tmp_path: Path) -> None:
    assert status_of([*RUN[:-4], "--workers", "2", "--seed", "3", "--out", str(tmp_path), "--quiet"]) == 0
    other = next((tmp_path / "oxfordshire").iterdir())
    for name in ("workforce.parquet", "consultations.parquet", "charts/when.svg"):
        assert (other / name).read_bytes() == (Path(said["result"]) / name).read_bytes()


def test_the_reference_describes_every_column_of_the_people_tables(said: dict[str, Any]) -> None:
    text = (DOCS / "reference/results.md").read_text(encoding="utf-8")
    for name, table in PEOPLE_TABLES.items():
        section = text.split(f"\n## `{name}`\n", 1)[1].split("\n## ", 1)[0]
        routes = {f"{route}_{unit}" for route in ROUTES for unit in ("fte", "heads")}
        assert [column for column in {*table.key, *table.measures} - routes if f"`{column}`" not in section] == []
        if name == "workforce":
            assert [route for route in ROUTES if f"`{route}`" not in section] == []


def test_wrong_input_is_told_at_once_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = write_csv(tmp_path / "staff.csv", planted(rows(20_000)))
    out = tmp_path / "results"
    assert status_of([*RUN, "--establishment", str(bad), "--out", str(out), "--json"]) == 2
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 12
    assert not out.exists()


def test_a_mended_file_runs_and_none_of_it_is_in_the_result(tmp_path: Path) -> None:
    table = rows(20_000)
    table[0]["Site"] = "Secretplace"
    good = write_csv(tmp_path / "staff.csv", table)
    asked = [
        "--policy",
        "attrition_only",
        "--establishment",
        str(good),
        "--out",
        str(tmp_path / "out"),
        "--quiet",
        "--csv",
    ]
    assert status_of([*RUN, *asked]) == 0
    folder = next((tmp_path / "out" / "oxfordshire").iterdir())
    for file in folder.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert (
            b"Secretplace" not in content
            and b"E000001" not in content
            and str(tmp_path).encode() not in (content if file.name != "manifest.json" else b"")
        )


@pytest.mark.parametrize(
    "arguments",
    [["district"], ["oxfordshire", "--policy", "atrition_only"], ["oxfordshire", "--reduction", "nowhere"],
     ["oxfordshire", "--establishment", "missing.csv"]],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_status_2(arguments: list[str], tmp_path: Path) -> None:
    assert status_of(["workforce", *arguments, "--out", str(tmp_path / "out"), "--quiet"]) == 2
    assert not (tmp_path / "out").exists()


def test_check_knows_an_establishment_from_a_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = write_csv(tmp_path / "good.csv", rows(100)), write_csv(tmp_path / "bad.csv", planted(rows(20_000)))
    assert status_of(["check", str(good)]) == 0
    assert "100 assignments" in capsys.readouterr().out
    assert status_of(["check", str(bad), "oxfordshire"]) == 2
    assert capsys.readouterr().err.count("bad.csv:") == 12


@pytest.mark.parametrize("name", ["attrition_only", "notice_before_go_live"])
def test_the_shipped_people_scenarios_compare_their_one_policy(name: str) -> None:
    from simulation.scenario import load

    section = load(name).council.workforce
    assert section is not None and section.compared == (name,)
