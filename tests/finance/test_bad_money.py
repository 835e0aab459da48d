"""Wrong money is refused at its place, every fault at once."""

from pathlib import Path

import pytest

from layers.problems import InputError
from simulation.scenario import load

HEAD = "title: Wrong money\nextends: oxfordshire\nmoney:\n"
WRONG = {
    "a line that nobody funds": (
        "  costs: {training: {fund: lottery}}\n",
        "bad.yaml:4: money.costs.training.fund: no fund 'lottery' pays for this line, expected one of capital_programme",
    ),
    "a line without a fund": (
        "  costs: {party: {label: Party, driver: per_release, pounds: 10, covers: 4}}\n",
        "bad.yaml:4: money.costs.party.fund: missing, expected text",
    ),
    "a year outside the plan": (
        "  costs: {technology_platform: {by_year: {2023/24: 1.0}}}\n",
        "bad.yaml:4: money.costs.technology_platform.by_year.2023/24: 2023/24 lies outside the plan's years, "
        "expected 2018/19 to 2022/23",
    ),
    "a need outside the plan": (
        "  need: {by_year: {2017/18: 10}}\n",
        "bad.yaml:4: money.need.by_year.2017/18: 2017/18 lies outside the plan's years",
    ),
    "a year that is none": (
        "  bands: {income: {steps: {2019/21: 1}}}\n",
        "'2019/21' is no financial year, expected April to March, such as 2018/19",
    ),
    "a price for no layer": (
        "  published_prices: {front_ofice: 10}\n",
        "bad.yaml:4: money.published_prices.front_ofice: no layer 'front_ofice'",
    ),
    "a layer without a price": (
        "  published_prices: {middle_office: null}\n",
        "money.published_prices: no price for the layer 'middle_office', and prices of two sets are not mixed",
    ),
    "a band without the end that is asked for": (
        "  bands: {income: {pounds: 9000000}}\nprogramme: {case_level: high}\n",
        "bad.yaml:4: money.bands.income.pounds: has no high end, and programme.case_level asks for it",
    ),
    "a price in another unit": (
        "  published_prices: {middle_office: {value: 36.9, unit: £k per FTE}}\n",
        "bad.yaml:4: money.published_prices.middle_office.unit",
    ),
    "an option that is not there": (
        "  option: half\n",
        "bad.yaml:4: money.option: no option 'half', expected one of full",
    ),
    "a driver's field on another": (
        "  costs: {training: {driver: fixed}}\n",
        "money.costs.training.covers: a fixed cost does not use it",
    ),
    "a driver without its field": (
        "  costs: {training: {driver: fixed}}\n",
        "money.costs.training.by_year: a fixed cost needs it",
    ),
    "weights that spread nothing": (
        "  costs: {training: {after_go_live: [0, 0]}}\n",
        "bad.yaml:4: money.costs.training.after_go_live: spreads nothing",
    ),
    "weights below 0": (
        "  bands: {income: {steps: {2019/20: -1}}}\n",
        "bad.yaml:4: money.bands.income.steps.2019/20: -1 is below 0",
    ),
    "another year 0": (
        "  plan_years: 5\ncalendar: {first_month: 2018-03}\n",
        "money.first_year: year 0 begins in 2018-04, and the plan in 2018-03",
    ),
    "a cost below 0": ("  costs: {training: {pounds: -1}}\n", "money.costs.training.pounds.value: -1 is too small"),
    "an appraisal too short": ("  appraisal_years: 3\n", "bad.yaml:4: money.appraisal_years: 3 is too small"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_money_is_refused_at_its_place(name: str, tmp_path: Path) -> None:
    text, said = WRONG[name]
    file = tmp_path / "bad.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(str(file))
    assert any(said in str(problem) for problem in caught.value.problems), [str(p) for p in caught.value.problems]


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(HEAD + "  option: half\n  costs: {training: {fund: lottery}}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(str(file))
    assert len(caught.value.problems) == 2
