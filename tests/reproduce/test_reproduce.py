"""The published tables beside the model's: derived cells are computed, inputs are not counted, misses are named."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from layers.back_office import size
from layers.problems import InputError
from layers.shipped import configs_folder
from simulation.reproduce import Cell, Reproduction, read_council, reproduce_all
from simulation.reproduce.cells import NO_REASON


@pytest.fixture(scope="module")
def shipped() -> Reproduction:
    return reproduce_all()


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    """A copy of the shipped folder that a test may change."""
    return Path(shutil.copytree(configs_folder(), tmp_path / "configs"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def find(result: Reproduction, table: str, name: str) -> Cell:
    (cell,) = [cell for cell in result.cells if (cell.table, cell.cell) == (table, name)]
    return cell


def missed(result: Reproduction) -> set[str]:
    return {f"{cell.table}: {cell.cell}" for cell in result.unmatched}


def test_the_misses_are_exactly_the_papers_known_contradictions(shipped: Reproduction) -> None:
    assert missed(shipped) == {
        "cost_per_fte: benefit_pounds_m.customer_layers.mid",
        "cost_per_fte: benefit_pounds_m.business_intelligence.mid",
        "cost_per_fte: benefit_pounds_m.business_intelligence.section",
        "cost_per_fte: benefit_pounds_m.enabling_support.low",
        "cost_per_fte: benefit_pounds_m.enabling_support.high",
        "cost_per_fte: benefit_pounds_m.mid (FTE at each layer's average cost)",
        "percentages: benefit_percent.provision_cycle (of the layer's own £m)",
        "percentages: benefit_percent.strategic_capability (of the layer's own £m)",
        "percentages: benefit_percent.enabling_support (of the layer's own £m)",
        "percentages: benefit_percent.service_delivery (of the layer's own £m)",
        "front_office: middle_office_pounds_m.low",
        "front_office: middle_office_pounds_m.high",
        "release_profile: fte.release_2.2019/20 (reading A)",
        "release_profile: fte.release_2.2019/20 (reading B)",
        "release_profile: pounds_m.release_2.2019/20 (reading A)",
        "release_profile: pounds_m.release_2.2019/20 (reading B)",
        "staffing: change_fte.quarter_table",
        "staffing: agency_pounds.total",
    }


def test_every_miss_names_the_contradiction_behind_it(shipped: Reproduction) -> None:
    assert all(len(cell.why) > 40 and cell.why != NO_REASON for cell in shipped.unmatched)


def test_the_json_counts_derived_cells_only(shipped: Reproduction) -> None:
    said, kinds = shipped.as_json(), Counter(cell.kind for cell in shipped.cells)
    assert set(said) == {"cells", "matched", "inputs", "unmatched"}
    assert (said["cells"], said["inputs"]) == (kinds["derived"], kinds["input"])
    assert said["cells"] - said["matched"] == len(said["unmatched"])  # type: ignore[operator, arg-type]
    assert all(set(miss) == {"table", "cell", "published", "modelled", "why"} for miss in said["unmatched"])  # type: ignore[attr-defined]


def test_every_input_agrees_with_the_paper_it_is_transcribed_from(shipped: Reproduction) -> None:
    assert [cell.cell for cell in shipped.cells if cell.kind == "input" and not cell.matched] == []


@pytest.mark.parametrize(
    ("table", "name", "fte"),
    [
        ("layer_baselines", "existing_fte.total", 3751),
        ("sized_layers", "released_fte.total.low", 129),
        ("sized_layers", "released_fte.total.high", 177),
        ("provision_cycle", "benchmark_fte.low", 27),
        ("provision_cycle", "benchmark_fte.high", 40),
        ("provision_cycle", "hub_fte.place.high", 8),
        ("provision_cycle", "consolidation_fte.high", 28),
        ("totals", "released_fte.mid (sum of layers)", 744),
    ],
)
def test_what_the_papers_print_is_derived_and_matched(shipped: Reproduction, table: str, name: str, fte: int) -> None:
    cell = find(shipped, table, name)
    assert (cell.kind, cell.matched, cell.modelled) == ("derived", True, fte)


@pytest.mark.parametrize(
    ("table", "name", "fte"),
    [
        ("layer_baselines", "existing_fte.middle_office", 880),
        ("provision_cycle", "fragmented_fte", 56),
        ("provision_cycle", "consolidation_fte.low", 15),
        ("provision_cycle", "standardisation_fte.high", 17),
        ("front_office", "front_and_middle_fte.low", 428),
        ("front_office", "front_and_middle_fte.high", 598),
        ("totals", "service_delivery_fte.low", 46),
        ("totals", "service_delivery_fte.high", 110),
        ("front_office", "existing_fte.customer_management (sum of lines)", 500),
        ("front_office", "existing_fte.customer_assessment (sum of lines)", 268),
    ],
)
def test_what_was_worked_back_from_the_papers_is_shown_and_never_counted(
    shipped: Reproduction, table: str, name: str, fte: float
) -> None:
    cell = find(shipped, table, name)
    assert (cell.kind, cell.matched, round(cell.modelled)) == ("inferred", True, fte)
    assert cell.why


def test_a_range_stated_by_the_case_is_an_input(shipped: Reproduction) -> None:
    assert find(shipped, "sized_layers", "released_fte.enabling_support.low").kind == "input"


def test_cost_per_fte_is_shown_with_the_range_its_rounding_leaves(shipped: Reproduction) -> None:
    cell = find(shipped, "cost_per_fte", "existing_thousands.customer_layers")
    assert (cell.published, cell.matched, round(cell.modelled, 1)) == (None, None, 38.8)
    assert cell.rule.startswith("between 38.53 and 39.14")


def test_a_line_of_front_office_work_is_volume_times_minutes_over_hours(shipped: Reproduction) -> None:
    cell = find(shipped, "front_office", "line_fte.customer_management.requests_and_applications")
    assert cell.modelled == pytest.approx(430_000 * 25 / 60 / 1_425, abs=1e-6)


def test_a_changed_published_figure_changes_the_comparison_and_nothing_of_the_model(
    configs: Path, shipped: Reproduction
) -> None:
    change(configs / "published" / "sized_layers.csv", "released_fte.total.low,129,", "released_fte.total.low,130,")
    changed, council = reproduce_all(configs), read_council(configs)
    assert missed(changed) - missed(shipped) == {"sized_layers: released_fte.total.low"}
    assert find(changed, "sized_layers", "released_fte.total.low").why == NO_REASON
    assert council == read_council()
    assert size(council.back_office, council.existing_fte) == size(read_council().back_office, council.existing_fte)


def test_a_changed_input_moves_the_derived_cells_that_rest_on_it(configs: Path, shipped: Reproduction) -> None:
    change(configs / "oxfordshire" / "back_office.yaml", "value: 400", "value: 450")
    news = missed(reproduce_all(configs)) - missed(shipped)
    assert {"provision_cycle: benchmark_fte.low", "sized_layers: released_fte.total.low"} <= news
    spend = find(reproduce_all(configs), "provision_cycle", "spend.total")
    assert spend.matched, "the categories still sum to 400"


def test_a_changed_line_of_work_breaks_the_sum_to_500(configs: Path) -> None:
    change(configs / "reproduce" / "front_office_lines.yaml", "per_year: 745000", "per_year: 845000")
    assert (
        find(reproduce_all(configs), "front_office", "existing_fte.customer_management (sum of lines)").matched is False
    )


def test_a_published_cell_that_nothing_is_compared_with_is_refused(configs: Path) -> None:
    with (configs / "published" / "totals.csv").open("a", encoding="utf-8") as file:
        file.write("released_fte.dreamt,900,FTE,1,printed,,A paper\n")
    with pytest.raises(InputError, match=r"totals\.csv:\d+: released_fte\.dreamt: no part of the model"):
        reproduce_all(configs)


def test_rows_carry_every_column_of_a_printed_table(shipped: Reproduction) -> None:
    rows = shipped.rows()
    assert len(rows) == len(shipped.cells)
    assert {"table", "cell", "kind", "published", "modelled", "unit", "matched", "rule", "why"} <= set(rows[0])


def test_every_published_figure_says_which_paper_prints_it(shipped: Reproduction) -> None:
    assert all(cell.source for cell in shipped.cells if cell.published is not None)


def test_nothing_but_the_comparison_reads_the_published_tables() -> None:
    root = configs_folder().parent
    readers = {
        path.relative_to(root).as_posix()
        for package in ("layers", "workforce", "simulation")
        for path in (root / package).rglob("*.py")
        if "layers.published" in path.read_text(encoding="utf-8")
    }
    assert readers and all(
        name.startswith(("simulation/reproduce/", "simulation/cli/", "simulation/case/")) for name in readers
    )
