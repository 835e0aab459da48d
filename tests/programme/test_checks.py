"""Plans that cannot be carried out are refused at their line; what may be broken is listed and scored."""

from pathlib import Path

import pytest

from layers.problems import InputError
from layers.programme.breaches import Breach, soft_breaches
from layers.programme.plan import Plan
from simulation.cli.main import status_of
from simulation.scenario import load

WRONG = {
    "an unknown release": (
        "parts: {adults: {release: r9}}",
        "programme.parts.adults.release: no release 'r9', expected one of r1, r2, r3, r4, none",
    ),
    "a part without a release": (
        "parts: {adults: {release: null}}",
        "programme.parts.adults.release: missing, expected text",
    ),
    "an area in two parts": (
        "parts: {more: {label: More, areas: [adults], release: r1}}",
        "programme.parts.more.areas.0: 'adults' is in two parts: adults (r3) and more (r1), expected one part, in one release",
    ),
    "an area in no part": (
        "parts: {adults: null}",
        "programme.parts: service area 'adults' is in no part",
    ),
    "an unknown area": (
        "parts: {hr: {areas: [hrr]}}",
        "programme.parts.hr.areas.0: no service area 'hrr'",
    ),
    "a part of two kinds": (
        "parts: {hr: {layers: [enabling_support]}}",
        "programme.parts.hr: names both layers and areas, expected `layers` or `areas`",
    ),
    "circular precedence": (
        "edges: {back: {before: [hr], after: [enabling_support], kind: soft, reason: x, source: y}}",
        "circular precedence: enabling_support → hr → enabling_support, expected an order without a circle",
    ),
    "an edge to nowhere": (
        "edges: {odd: {before: [hrr], after: [it], kind: soft, reason: x, source: y}}",
        "programme.edges.odd.before.0: no part or milestone 'hrr'",
    ),
    "a date after the plan": (
        "releases: {r4: {go_live: 2024-01}}",
        "programme.releases.r4.go_live: would go live 2024-01, outside the plan, expected 2018-04 to 2023-03",
    ),
    "a month that is none": (
        "releases: {r4: {go_live: 2019-13}}",
        "programme.releases.r4.go_live: '2019-13' is no month",
    ),
    "no ramp": (
        "ramp_months: 0",
        "programme.ramp_months.value: 0 is too small, expected at least 1",
    ),
    "a ramp backwards": (
        "releases: {r1: {ramp_months: -3}}",
        "programme.releases.r1.ramp_months: -3 is too small, expected at least 1",
    ),
    "live before it is constructed": (
        "releases: {r2: {go_live: 2019-02}}",
        "programme.releases.r2.go_live: goes live 2019-02: its construct would begin 2018-08, before the first approval, "
        "expected 2019-04 or later: all construct comes before implementation",
    ),
    "a part before its release": (
        "parts: {hr: {delay_months: -1}}",
        "programme.parts.hr.delay_months: goes live 2019-12, before the construct of r4 is complete",
    ),
    "benefit before its technology": (
        "milestones: {digital_platform: {month: 2020-01}}",
        "programme.edges.platform_before_customer_layers: customer_management (2019-04) would come before "
        "digital_platform (2020-01): Enabling technology comes before the benefit",
    ),
    "an order that forgets a release": (
        "order: [r1, r2]",
        "programme.order: does not name every release once, expected r1, r2, r3, r4",
    ),
    "stopped after nothing": (
        "stop_after: r5",
        "programme.stop_after: no release 'r5'",
    ),
    "behaviour that is not given": (
        "behaviour: null",
        "programme.reading: the behavioural reading needs programme.behaviour",
    ),
    "a rating that is none": (
        "behaviour: {gaps: {provision_cycle: {values: {adults: 4}}}}",
        "programme.behaviour.gaps.provision_cycle.values.adults: 4 is no mean of ratings, expected between 1 (low) and 3 (high)",
    ),
    "a month 13": (
        "calendar: {no_go: {winter_in_care: {months: [13]}}}",
        "programme.calendar.no_go.winter_in_care.months.0: 13 is too large, expected at most 12",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_plan_that_cannot_be_is_refused_with_the_reason(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    line, said = WRONG[case]
    Path("bad.yaml").write_text(f"extends: oxfordshire\nprogramme:\n  {line}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load("bad.yaml")
    assert said in str(caught.value)


def test_a_wrong_plan_ends_with_status_2_and_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["describe", "oxfordshire", "--set", "programme.stop_after=r5"]) == 2
    said = capsys.readouterr().err
    assert "no release 'r5'" in said and "Traceback" not in said


def test_every_fault_of_a_plan_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        load("oxfordshire", ["programme.order=[r1]", "programme.stop_after=r7", "programme.parts.hr.release=r8"])
    assert {problem.path for problem in caught.value.problems} == {
        "programme.order", "programme.stop_after", "programme.parts.hr.release",
    }  # fmt: skip


def test_hard_rules_bind_only_what_is_delivered() -> None:
    assert load("oxfordshire", ["programme.releases.r4.go_live=2024-01", "programme.stop_after=r3"]).council


def breaches(name: str, *sets: str) -> list[Breach]:
    scenario = load(name, sets)
    assert scenario.council.programme is not None
    return soft_breaches(Plan(scenario.council.programme, scenario.calendar))


def edges(name: str, *sets: str) -> set[str]:
    return {breach.edge for breach in breaches(name, *sets)}


def test_the_published_plan_breaks_its_own_rules_softly() -> None:
    found = breaches("oxfordshire")
    layers = [breach for breach in found if breach.edge == "layers_before_areas"]
    assert {(breach.before, breach.after, breach.months) for breach in layers} == {
        (layer, area, 3) for layer in ("enabling_support", "pre_front_door") for area in ("policy", "customer_experience")
    }  # fmt: skip
    assert [(breach.after, breach.months) for breach in found if breach.edge == "budget"] == [("r3", 6), ("r4", 3)]
    assert len(found) == 6 and all(breach.reason and breach.source for breach in found)


def test_the_order_of_2019_breaks_other_rules_and_more_of_them() -> None:
    assert "support_before_its_services" in edges("order_2019") - edges("oxfordshire")
    total = {name: sum(breach.score for breach in breaches(name)) for name in ("oxfordshire", "order_2019")}
    assert total["order_2019"] > total["oxfordshire"]


def test_a_breach_scores_its_months_times_its_weight() -> None:
    (found,) = [breach for breach in breaches("order_2019") if breach.edge == "support_before_its_services"]
    assert (found.before, found.after, found.months, found.score) == ("enabling_support", "finance", 3, 6)


def test_a_big_bang_is_more_change_at_once_than_the_limits() -> None:
    limits = {
        f"limits.{name}" for name in ("releases_under_construction", "parts_under_construction", "consultations_open")
    }
    assert limits <= edges("big_bang")
    assert not any(edge.startswith("limits.") for edge in edges("oxfordshire"))


def test_a_part_that_goes_live_in_a_month_to_be_left_alone_is_listed() -> None:
    (found,) = [
        b for b in breaches("oxfordshire", "programme.releases.r3.delay_months=2") if b.edge.startswith("no_go")
    ]
    assert (found.edge, found.after, found.months) == ("no_go.winter_in_care", "adults", 3)


def test_what_never_comes_is_broken_to_the_end_of_the_plan() -> None:
    found = breaches("oxfordshire", "programme.parts.business_intelligence.release=none")
    assert {b.months for b in found if b.edge == "intelligence_early" and b.after == "customer_management"} == {60 - 12}
