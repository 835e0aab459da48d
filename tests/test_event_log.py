"""The event log says what the run did, and opens in a process-mining tool: in pm4py, where it is installed."""

import hashlib
import re
from collections.abc import Callable
from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulation.calibration import calibrated
from simulation.cli.main import status_of
from simulation.events import ABANDONED
from simulation.operating_model import OperatingModel
from simulation.scenario import load
from simulation.store.parquet import read_parquet
from simulation.store.result import read_manifest, read_result

LEVERS = "levers.in_target=[channel_shift, straight_through]"
MODELS = ("today", "target")
MONTH = "2019-04"
PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "open-the-event-log.md"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the district was run for a month, with its events."""
    folder = tmp_path_factory.mktemp("events")
    options = ("--months", "1", "--replications", "1", "--workers", "1", "--set", LEVERS, "--events", "--quiet")
    with chdir(folder):
        assert status_of(["run", "district", *options]) == 0
    return folder


@pytest.fixture(scope="module")
def result(place: Path) -> Path:
    """The result folder."""
    (folder,) = (place / "results" / "district").iterdir()
    return folder


@pytest.fixture(scope="module")
def events(result: Path) -> Callable[[str], pd.DataFrame]:
    """`events("today")`: the rows of a model."""
    return cache(lambda model: read_parquet(result / "events" / f"{model}-{MONTH}.parquet"))


@pytest.fixture(scope="module")
def model_of() -> Callable[[str], OperatingModel]:
    """`model_of("today")`: the model that was run."""
    council = calibrated(load("district", [LEVERS]).council)
    return {"today": OperatingModel.today(council), "target": OperatingModel.target(council)}.__getitem__


@pytest.fixture(scope="module")
def mined(events: Callable[[str], pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """`mined("today", "contact")`: the log as pm4py has it, with that column as the case."""
    pm4py = pytest.importorskip("pm4py", reason="pm4py is not installed")

    @cache
    def opened(model: str, case: str) -> pd.DataFrame:
        rows = events(model)[[case, "activity", "resource", "start", "complete"]]
        return pm4py.format_dataframe(
            rows.rename(columns={"resource": "org:resource"}),
            case_id=case,
            activity_key="activity",
            timestamp_key="complete",
            start_timestamp_key="start",
        )

    return opened


class Ways:
    """What the routes of a model allow, by the labels that activities bear."""

    def __init__(self, model: OperatingModel) -> None:
        self.steps = model.steps
        self.starts = {label for entry in model.council.routes.entries.values() for label in self.staffed_from(entry)}
        self.pairs = {
            (self.label(name), label) for name in self.steps if self.is_staffed(name) for label in self.after(name)
        }

    def is_staffed(self, name: str) -> bool:
        return bool(self.steps[name].work or self.steps[name].drag)

    def label(self, name: str) -> str:
        return self.steps[name].label or name

    def after(self, name: str) -> set[str]:
        """The labels of the staffed steps that may come next; more of the same work among them."""
        return {self.label(name)}.union(*(self.staffed_from(onward) for onward in self.steps[name].ways_on))

    def staffed_from(self, name: str) -> set[str]:
        if self.is_staffed(name):
            return {self.label(name)}
        return set[str]().union(*(self.staffed_from(onward) for onward in self.steps[name].ways_on))


def plain(activity: str) -> str:
    """The activity without the mark of a caller who gave up."""
    return activity.removesuffix(ABANDONED)


@pytest.mark.parametrize("model", MODELS)
def test_callers_who_gave_up_are_as_many_as_the_service_table_says(result, events, model):
    service = read_result(result)["service"].query("model == @model").set_index("pool")["abandoned"]
    rows = events(model)
    in_log = rows[rows["activity"].str.endswith(ABANDONED)].groupby("resource").size()
    assert in_log.sum() > 100
    assert in_log.to_dict() == service[service > 0].to_dict()


@pytest.mark.parametrize("model", MODELS)
def test_a_slice_arrives_starts_and_completes_in_this_order_and_in_its_month(events, model):
    rows = events(model)
    assert (rows["arrive"] <= rows["start"]).all() and (rows["start"] <= rows["complete"]).all()
    assert rows["complete"].between(f"{MONTH}-01", f"{MONTH}-30 23:59:59.999").all()


@pytest.mark.parametrize("model", MODELS)
def test_an_activity_is_done_by_a_team_that_takes_it(events, model_of, model):
    steps, teams = model_of(model).steps, model_of(model).teams
    taken = {(steps[s].label or s, name) for name, team in teams.items() for takes in team.takes for s in takes.steps}
    seen = {(plain(row.activity), row.resource) for row in events(model).itertuples()}
    assert len(seen) > 10
    assert seen <= taken


def test_a_case_has_the_same_number_in_both_models(events):
    today, target = (set(events(model)["case_id"]) for model in MODELS)
    assert len(today & target) > 0.9 * len(today)


def test_the_manifest_lists_every_part_with_its_rows_and_its_hash(result, events):
    listed = read_manifest(result)["events"]
    assert sorted(listed) == sorted(f"{model}-{MONTH}" for model in MODELS)
    assert sorted(p.stem for p in (result / "events").iterdir()) == sorted(listed)
    for model in MODELS:
        content = (result / "events" / f"{model}-{MONTH}.parquet").read_bytes()
        expected = {"rows": len(events(model)), "sha256": hashlib.sha256(content).hexdigest()}
        assert listed[f"{model}-{MONTH}"] == expected


# --- In pm4py --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_pm4py_finds_only_pairs_of_activities_that_the_routes_allow(mined, model_of, model):
    import pm4py

    ways = Ways(model_of(model))
    follows, _, _ = pm4py.discover_dfg(mined(model, "contact"))
    assert len(follows) > 20
    assert {(before, plain(after)) for before, after in follows} <= ways.pairs


@pytest.mark.parametrize("model", MODELS)
def test_pm4py_finds_only_starts_that_the_routes_allow(mined, events, model_of, model):
    """Attempts with a row of step 0: the others began before the month."""
    import pm4py

    whole = set(events(model).query("step == 0")["contact"].astype(str))
    log = mined(model, "contact")
    starts = pm4py.get_start_activities(log[log["case:concept:name"].isin(whole)])
    assert sum(starts.values()) == len(whole) > 1000
    assert {plain(activity) for activity in starts} <= Ways(model_of(model)).starts


@pytest.mark.parametrize("model", MODELS)
def test_in_pm4py_nothing_follows_a_caller_s_giving_up_within_the_attempt(mined, events, model):
    import pm4py

    log = mined(model, "contact")
    follows, _, ends = pm4py.discover_dfg(log)
    assert [pair for pair in follows if pair[0].endswith(ABANDONED)] == []
    gave_up = events(model)["activity"].str.endswith(ABANDONED).sum()
    assert sum(times for activity, times in ends.items() if activity.endswith(ABANDONED)) == gave_up


@pytest.mark.parametrize("case", ["case_id", "contact"])
def test_pm4py_counts_the_cases_and_rows_that_are_in_the_log(mined, events, case):
    log, rows = mined("today", case), events("today")
    assert log["case:concept:name"].nunique() == rows[case].nunique()
    assert len(log) == len(rows)


def test_pm4py_reads_the_times_as_dates_of_the_month_and_the_teams_as_resources(mined, model_of):
    import pm4py

    log = mined("today", "case_id")
    for column in ("time:timestamp", "start_timestamp"):
        assert pd.api.types.is_datetime64_any_dtype(log[column])
    assert set(log["time:timestamp"].dt.strftime("%Y-%m")) == {MONTH}
    used = set(pm4py.get_event_attribute_values(log, "org:resource"))
    assert len(used) > 5
    assert used <= set(model_of("today").teams)


def test_the_python_of_the_guide_runs_with_pm4py(place, capsys):
    pytest.importorskip("pm4py", reason="pm4py is not installed")
    blocks = re.findall(r"<!-- runs with pm4py -->\n```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.M)
    shared: dict[str, Any] = {}
    with chdir(place):
        for block in blocks:
            exec(compile(block, PAGE.name, "exec"), shared)
        assert Path("today.xes").stat().st_size > 1_000_000
    assert len(blocks) == 2
    assert "Answer a call → " in capsys.readouterr().out
