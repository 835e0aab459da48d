"""The effort matrix meets its margins, keeps its zeros, and says in plain words when it cannot."""

from math import fsum

import pytest
from pydantic import TypeAdapter, ValidationError

from layers.baselines import LayerBaseline, ServiceArea, area_margins, layer_margins
from layers.effort_matrix import EffortMatrix, EffortMatrixPrior, estimate, fit
from layers.problems import InputError
from layers.reading import read_document


def prior(**weights: dict[str, float]) -> EffortMatrixPrior:
    rows = {layer: {"by": "service_area", "values": values} for layer, values in weights.items()}
    return EffortMatrixPrior.model_validate({"weights": rows})


@pytest.fixture(scope="module")
def oxfordshire() -> tuple[dict[str, LayerBaseline], dict[str, ServiceArea], EffortMatrixPrior]:
    data = read_document("oxfordshire").data
    layers = TypeAdapter(dict[str, LayerBaseline]).validate_python(data["layers"])
    areas = TypeAdapter(dict[str, ServiceArea]).validate_python(data["service_areas"])
    return layers, areas, EffortMatrixPrior.model_validate(data["effort_matrix"])


@pytest.fixture(scope="module")
def fitted(oxfordshire: tuple[dict[str, LayerBaseline], dict[str, ServiceArea], EffortMatrixPrior]) -> EffortMatrix:
    return estimate(*oxfordshire)


def test_a_two_by_two_fit_keeps_the_odds_ratio_of_its_prior() -> None:
    matrix = fit({"a": 30, "b": 70}, {"x": 40, "y": 60}, prior(a={"x": 2, "y": 1}, b={"x": 1, "y": 2}))
    (ax, ay), (bx, by) = matrix.fte
    assert ax * by / (ay * bx) == pytest.approx(4)
    assert [ax + ay, ax + bx] == pytest.approx([30, 40])


def test_a_prior_that_already_meets_the_margins_is_returned() -> None:
    matrix = fit({"a": 3, "b": 7}, {"x": 4, "y": 6}, prior(a={"x": 1, "y": 2}, b={"x": 3, "y": 4}))
    assert matrix.fte == ((1, 2), (3, 4))


def test_only_the_proportions_of_a_layers_weights_count() -> None:
    rows, columns = {"a": 30, "b": 70}, {"x": 40, "y": 60}
    small = fit(rows, columns, prior(a={"x": 2, "y": 1}, b={"x": 1, "y": 2}))
    large = fit(rows, columns, prior(a={"x": 200, "y": 100}, b={"x": 1, "y": 2}))
    assert small.fte[0] == pytest.approx(large.fte[0], abs=1e-8)


def test_oxfordshire_layers_and_areas_both_hold_3751_fte(
    oxfordshire: tuple[dict[str, LayerBaseline], dict[str, ServiceArea], EffortMatrixPrior],
) -> None:
    layers, areas, _ = oxfordshire
    assert fsum(layer_margins(layers).values()) == pytest.approx(3751, abs=1e-9)
    assert fsum(area_margins(areas).values()) == pytest.approx(3751, abs=1e-9)


def test_oxfordshire_directorates_are_their_published_staff_scaled_to_effort(
    oxfordshire: tuple[dict[str, LayerBaseline], dict[str, ServiceArea], EffortMatrixPrior],
) -> None:
    _, areas, _ = oxfordshire
    published = {"People": 1161.1 + 699.6 + 22.27, "Communities": 661.6 + 339.4, "Resources": 760.2}
    for directorate, in_post in published.items():
        effort = sum(area.effort_fte.value for area in areas.values() if area.directorate == directorate)
        assert effort == pytest.approx(in_post * 3751 / sum(published.values()), abs=0.11)


def test_every_oxfordshire_margin_holds_to_a_billionth(
    oxfordshire: tuple[dict[str, LayerBaseline], dict[str, ServiceArea], EffortMatrixPrior], fitted: EffortMatrix
) -> None:
    layers, areas, _ = oxfordshire
    for name, fte in layer_margins(layers).items():
        assert fsum(fitted.layer(name).values()) == pytest.approx(fte, abs=2e-9)
    for name, fte in area_margins(areas).items():
        assert fsum(fitted.area(name).values()) == pytest.approx(fte, abs=2e-9)


def test_zeros_of_the_prior_stay_zero_and_nothing_else_is(
    oxfordshire: tuple[dict[str, LayerBaseline], dict[str, ServiceArea], EffortMatrixPrior], fitted: EffortMatrix
) -> None:
    weights = oxfordshire[2].weights
    for layer, area, fte in fitted.cells():
        named = layer in weights and weights[layer].values.get(area, 0) > 0
        assert (fte > 0) == named, (layer, area)


def test_assessment_has_no_effort_in_policy_where_the_pack_calls_it_not_applicable(fitted: EffortMatrix) -> None:
    assert fitted.cell("customer_assessment", "policy") == 0


def test_the_fit_is_the_same_to_the_last_bit_every_time(
    oxfordshire: tuple[dict[str, LayerBaseline], dict[str, ServiceArea], EffortMatrixPrior], fitted: EffortMatrix
) -> None:
    assert estimate(*oxfordshire).fte == fitted.fte


def test_the_matrix_calls_itself_an_estimate(fitted: EffortMatrix) -> None:
    assert fitted.label.startswith("estimate")


def test_every_row_of_weights_has_a_source_a_reason_and_grade_c(
    oxfordshire: tuple[dict[str, LayerBaseline], dict[str, ServiceArea], EffortMatrixPrior],
) -> None:
    assert all(row.source and row.note and row.grade == "C" for row in oxfordshire[2].weights.values())


def test_a_layer_or_area_without_effort_gets_none() -> None:
    matrix = fit({"a": 10, "none": 0}, {"x": 10, "empty": 0}, prior(a={"x": 1, "empty": 1}, none={"x": 1}))
    assert matrix.fte == ((10, 0), (0, 0))


def test_margins_with_different_totals_are_refused() -> None:
    with pytest.raises(InputError, match=r"the layers hold 10\.00 FTE and the service areas 12\.00"):
        fit({"a": 10}, {"x": 12}, prior(a={"x": 1}))


def test_a_layer_that_may_sit_nowhere_is_named() -> None:
    with pytest.raises(InputError, match=r"lost has 4 FTE but no service area"):
        fit({"a": 6, "lost": 4}, {"x": 10}, prior(a={"x": 1}))


def test_an_area_that_no_layer_reaches_is_named() -> None:
    with pytest.raises(InputError, match=r"island has 4 FTE but no layer"):
        fit({"a": 10}, {"x": 6, "island": 4}, prior(a={"x": 1}))


def test_zeros_that_leave_too_little_room_name_the_layers_and_their_areas() -> None:
    rows, columns = {"a": 6, "b": 5, "c": 4}, {"x": 10, "y": 5}
    with pytest.raises(InputError, match=r"a and b hold 11\.0 FTE but may sit only in x, which hold 10\.0"):
        fit(rows, columns, prior(a={"x": 1}, b={"x": 1}, c={"x": 1, "y": 1}))


def test_zeros_that_force_a_positive_weight_to_nothing_do_not_settle_and_say_so() -> None:
    with pytest.raises(InputError, match=r"does not settle"):
        fit({"a": 5, "b": 5}, {"x": 5, "y": 5}, prior(a={"x": 1}, b={"x": 1, "y": 1}))


def test_weights_for_an_unknown_layer_or_area_suggest_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        fit({"adults": 1}, {"finance": 1}, prior(adult={"finance": 1}, adults={"finnance": 1}))
    assert [problem.suggestion for problem in caught.value.problems] == ["adults", "finance"]


def test_weights_by_anything_but_the_service_area_are_refused() -> None:
    with pytest.raises(ValidationError, match="split by channel"):
        EffortMatrixPrior.model_validate({"weights": {"a": {"by": "channel", "values": {"phone": 1}}}})


def test_support_may_not_exceed_its_layer() -> None:
    with pytest.raises(ValidationError, match="60 FTE of support in a layer of 50"):
        LayerBaseline.model_validate({"label": "L", "existing_fte": 50, "basis": "case", "fixed_support_fte": 60})


def test_handling_is_what_support_leaves() -> None:
    layer = LayerBaseline.model_validate(
        {"label": "L", "existing_fte": 500, "basis": "simulated", "fixed_support_fte": 52.6}
    )
    assert layer.handling_fte == pytest.approx(447.4)
