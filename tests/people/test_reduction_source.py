"""Where `tom workforce` takes its reduction from."""

from pathlib import Path

import pandas as pd
import pytest

from layers.problems import InputError
from simulation.cli.reduction_source import reduction_source
from simulation.council import Council
from simulation.store.result import write_result


def run_result(folder: Path, posts: dict[str, float]) -> Path:
    """A result folder of a run that found so many posts by layer."""
    rows = [
        {"scenario": "made_up", "replication": replication, "layer": layer, "service_area": "all",
         "financial_year": "run_rate", "basis": "simulated", "posts_releasable": fte + replication}
        for layer, fte in posts.items() for replication in (0, 1)
    ]  # fmt: skip
    return write_result(folder, "made_up", {"capacity": pd.DataFrame(rows)}, {}, {"input_hash": "0123456789"})


@pytest.mark.parametrize(("level", "fte"), [("low", 603), ("mid", 744), ("high", 885)])
@pytest.mark.parametrize("reading", ["A", "B"])
def test_a_level_of_the_case_is_its_published_total(council: Council, level: str, fte: float, reading: str) -> None:
    source = reduction_source(council, level, reading)
    assert source.path["reduction_fte"].sum() == pytest.approx(fte, abs=0.5)
    assert set(source.levels) == {"603", "744", "885"}


def test_a_run_gives_its_own_posts_by_layer_at_the_cases_times(council: Council, tmp_path: Path) -> None:
    folder = run_result(tmp_path, {"middle_office": 50.0, "enabling_support": 20.0})
    source = reduction_source(council, str(folder), "B")
    by_layer = source.path.groupby("layer")["reduction_fte"].sum()
    assert by_layer.to_dict() == pytest.approx({"middle_office": 50.5, "enabling_support": 20.5})
    assert set(source.path["month"]) <= set(source.levels["744"]["month"])
    assert folder.name in source.words


def test_a_run_without_a_search_or_no_run_at_all_is_refused(council: Council, tmp_path: Path) -> None:
    folder = write_result(tmp_path, "made_up", {}, {}, {"input_hash": "0123456789"})
    for wrong in (folder, tmp_path / "nowhere"):
        with pytest.raises(InputError):
            reduction_source(council, str(wrong), "A")
