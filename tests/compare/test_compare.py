"""Comparing results: what is paired, what is refused, and sums that close."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from layers.problems import InputError
from simulation.compare.comparison import Comparison, Result, compare, rank
from simulation.compare.differences import paired, unpaired
from simulation.compare.points import rank_points
from simulation.precision import half_width

LAYERS = ("customer_management", "middle_office")
LEVERS = ("channel_shift", "teams", "interaction")


def result(label: str, shift: float = 0.0, replications: range = range(4), **about: Any) -> Result:
    """A made-up result: noise by replication that every result shares, and `shift` FTE less effort in the target."""
    noise = np.random.default_rng(7).normal(0, 5, 100)
    rows, bars = [], []
    for r in replications:
        for layer in LAYERS:
            for month in ("2018-04", "2018-05"):
                key = {"replication": r, "layer": layer, "service_area": "all", "month": month}
                rows.append({**key, "model": "today", "effort_fte": 100 + noise[r]})
                rows.append({**key, "model": "target", "effort_fte": 90 + noise[r] - shift})
        total = len(LAYERS) * (10 + shift)
        for lever, part in zip(LEVERS, (0.5, 0.2, 0.3), strict=True):
            bars.append({"replication": r, "lever": lever, "layer": LAYERS[0], "released_fte": part * total})
    tables = {"effort": pd.DataFrame(rows), "ledger": pd.DataFrame(bars)}
    return Result(label, {"version": "1", "months": 2, "first_month": "2018-04", "seed": 1, **about}, tables)


def entry(found: Comparison, measure: str) -> Any:
    return next(e.difference for e in found.headline if e.measure == measure)


def test_a_result_differs_from_itself_by_exactly_nothing() -> None:
    found = compare(result("a"), result("b"))
    assert {e.difference.difference for e in (*found.headline, *found.detail, *found.waterfall)} == {0.0}
    assert {e.difference.ci95 for e in found.headline} == {(0.0, 0.0)}


def test_noise_that_both_share_leaves_no_doubt_about_the_difference() -> None:
    found = entry(compare(result("a"), result("b", shift=3.0)), "effort_target_fte")
    assert found.difference == pytest.approx(-6.0)
    assert found.ci95 == pytest.approx((-6.0, -6.0))


def test_the_interval_is_that_of_the_paired_differences() -> None:
    one, other = [1.0, 5.0, 2.0], [2.0, 7.0, 2.5]
    found = paired(one, other)
    assert found.difference == pytest.approx(3.5 / 3)
    assert found.ci95[1] - found.ci95[0] == pytest.approx(2 * half_width([1.0, 2.0, 0.5]))  # type: ignore[index]


def test_one_replication_has_no_interval() -> None:
    assert (
        entry(compare(result("a", replications=range(1)), result("b", replications=range(1))), "effort_target_fte").ci95
        is None
    )


def test_layers_and_bars_of_the_waterfall_add_up_to_the_whole() -> None:
    found = compare(result("a"), result("b", shift=3.0))
    whole = entry(found, "effort_released_fte").difference
    layers = [e for e in found.detail if e.measure == "effort_released_fte" and e.by == "layer"]
    assert sum(e.difference.difference for e in layers) == pytest.approx(whole)
    assert sum(e.difference.difference for e in found.waterfall) == pytest.approx(whole)


def test_a_lever_that_one_side_lacks_counts_as_nothing_there() -> None:
    one, other = result("a"), result("b")
    fewer = {**other.tables, "ledger": other.tables["ledger"].query("lever != 'teams'")}
    found = compare(one, Result("b", other.about, fewer))
    assert {e.at: e.difference.difference for e in found.waterfall}["teams"] == pytest.approx(-4.0)


@pytest.mark.parametrize("about", [{"version": "2"}, {"months": 12}, {"first_month": "2019-04"}])
def test_results_that_are_not_of_one_kind_are_refused_with_the_reason(about: dict[str, Any]) -> None:
    with pytest.raises(InputError) as wrong:
        compare(result("a"), result("b", **about))
    assert next(iter(about)) in str(wrong.value)


def test_other_seeds_are_compared_unpaired_with_a_wider_interval_and_it_is_said() -> None:
    same, apart = compare(result("a"), result("b", 3.0)), compare(result("a"), result("b", 3.0, seed=2))
    assert same.why_unpaired == "" and apart.why_unpaired == "the seeds differ, 1 and 2"
    wide = entry(apart, "effort_target_fte").ci95
    assert wide[1] - wide[0] > 5


def test_replications_in_common_are_paired_and_the_others_left_out() -> None:
    assert entry(compare(result("a"), result("b", replications=range(2, 9))), "effort_target_fte").n == 2
    assert "no replication in common" in compare(result("a"), result("b", replications=range(5, 8))).why_unpaired


def test_unpaired_intervals_are_welch_s() -> None:
    from scipy import stats

    one, other = [1.0, 2.0, 4.0, 3.0], [5.0, 9.0, 4.0]
    expected = stats.ttest_ind(other, one, equal_var=False).confidence_interval(0.95)
    assert unpaired(one, other).ci95 == pytest.approx((expected.low, expected.high))


def test_many_are_ranked_by_what_they_release_with_their_difference_from_the_first() -> None:
    results = [result("a", 1.0), result("b", 3.0), result("c", 0.0)]
    ranking = rank(results, [compare(results[0], other) for other in results[1:]])
    assert ranking.measure.name == "effort_released_fte"
    assert [r.label for r in ranking.ranked] == ["b", "a", "c"]
    assert [r.entry.difference.difference if r.entry else None for r in ranking.ranked] == pytest.approx(
        [4.0, None, -2.0]
    )


def test_points_of_a_sweep_are_ranked_and_paired_with_the_first() -> None:
    noise = np.random.default_rng(1).normal(0, 10, 6)
    rows = [
        {"point": p, "scenario": "s", "replication": r, "staffing": 1.0 + p, "released": noise[r] + 2 * (p == 1)}
        for p in range(3)
        for r in range(6)
    ]
    ranked = rank_points(pd.DataFrame(rows), "released", ("staffing",))
    assert [(p.place, p.point) for p in ranked] == [(1, 1), (2, 0), (3, 2)]
    assert ranked[0].difference.ci95 == pytest.approx((2.0, 2.0))
    assert ranked[0].parameters == {"staffing": 2.0}


def planned(label: str, later: dict[str, float], replications: range = range(3)) -> Result:
    """A made-up result with a plan: two releases of 10 FTE gone by each March, less what is `later` there."""
    rows = [
        {"replication": r, "release": release, "month": month, "gone_fte": 10.0 + r - later.get(release, 0.0)}
        for r in replications
        for release in ("r1", "r2")
        for month in ("2020-03", "2021-03")
    ]
    made = result(label)
    return Result(label, made.about, {**made.tables, "transition": pd.DataFrame(rows)})


def test_a_plan_s_months_name_the_release_that_makes_the_difference() -> None:
    found = compare(planned("a", {}), planned("b", {"r1": 1.0, "r2": 4.0})).plan
    assert [month.month for month in found] == ["2020-03", "2021-03"]
    assert found[0].difference.difference == pytest.approx(-5.0)
    assert found[0].difference.ci95 == pytest.approx((-5.0, -5.0))
    assert (found[0].release, found[0].of_release) == ("r2", pytest.approx(-4.0))


def test_equal_plans_name_no_release() -> None:
    found = compare(planned("a", {}), planned("b", {})).plan
    assert {month.release for month in found} == {None}


def test_results_without_a_plan_have_no_months_of_one() -> None:
    assert compare(result("a"), planned("b", {})).plan == ()


def test_today_s_months_beyond_the_target_s_are_left_out_of_the_effort_released() -> None:
    one, other = result("a"), result("b")
    effort = other.tables["effort"]
    longer = effort[effort["model"] == "today"].assign(month="2019-09", effort_fte=1000.0)
    more = Result("b", other.about, {**other.tables, "effort": pd.concat([effort, longer], ignore_index=True)})
    assert entry(compare(one, more), "effort_released_fte").difference == pytest.approx(0.0)
