"""An assumption is a bare number or a mapping, with one unit, within bounds."""

import pickle
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from layers.assumption import Assumption, Count, Frozen, Fte, Id, Minutes, Quantity, Share


class Desk(Frozen):
    """A model with one of each."""

    name: Id = "desk"
    answered: Share
    wait: dict[Id, Minutes] = {}
    seats: int = 1
    open: bool = True
    hours: tuple[float, ...] = ()


def desk(**given: object) -> Desk:
    return Desk.model_validate({"answered": 0.5, **given})


def wrong_places(**given: object) -> list[tuple[int | str, ...]]:
    with pytest.raises(ValidationError) as caught:
        desk(**given)
    return [error["loc"] for error in caught.value.errors()]


def test_a_bare_number_gets_the_unit_of_its_place() -> None:
    assert desk(answered=1).answered == Assumption(value=1.0, unit="share")


def test_a_mapping_without_a_unit_gets_the_unit_of_its_place() -> None:
    mapping = {"value": 3, "low": 2, "high": 4, "source": "Cabinet report para 81", "grade": "B"}
    wait = desk(wait={"phone": mapping}).wait["phone"]
    assert (wait.value, wait.low, wait.high, wait.unit, wait.grade) == (3.0, 2.0, 4.0, "minutes", "B")


def test_an_assumption_reads_as_its_value() -> None:
    assert float(desk().answered) == 0.5


def test_the_unit_of_another_quantity_is_refused() -> None:
    assert wrong_places(answered={"value": 0.5, "unit": "minutes"}) == [("answered", "unit")]
    assert wrong_places(answered=Assumption(value=0.5, unit="minutes")) == [("answered", "unit")]


@pytest.mark.parametrize("number", [-0.01, 1.01, float("nan"), float("inf"), 10**400])
def test_a_share_outside_0_to_1_is_refused(number: float) -> None:
    assert wrong_places(answered=number) == [("answered", "value")]


@pytest.mark.parametrize("given", [True, "0.5", None, [0.5], {"value": True}, {"value": "0.5"}, {"low": 0.1}])
def test_what_is_not_a_number_is_refused(given: object) -> None:
    assert wrong_places(answered=given) == [("answered", "value")]


def test_low_and_high_keep_the_bounds_too() -> None:
    assert wrong_places(answered={"value": 0.5, "low": -1, "high": 2}) == [("answered", "low"), ("answered", "high")]


def test_every_wrong_key_of_an_assumption_is_named_at_once() -> None:
    given = {"value": "x", "low": "y", "unit": "hours", "grade": "D", "hihg": 1}
    assert {place[1] for place in wrong_places(answered=given)} == {"value", "low", "unit", "grade", "hihg"}


@pytest.mark.parametrize("ends", [{"low": 0.6}, {"high": 0.4}])
def test_a_range_that_excludes_its_value_is_refused(ends: dict[str, float]) -> None:
    assert wrong_places(answered={"value": 0.5, **ends}) == [("answered",)]
    with pytest.raises(ValidationError):
        Assumption.model_validate({"value": 0.5, "unit": "share", **ends})


def test_strict_bounds_exclude_the_bound_itself() -> None:
    hours = TypeAdapter(Annotated[Assumption, Quantity("hours a year", gt=0, lt=8784)])
    assert hours.validate_python(1500).unit == "hours a year"
    for bound in (0, 8784):
        with pytest.raises(ValidationError):
            hours.validate_python(bound)


@pytest.mark.parametrize(
    "given", [{"seats": True}, {"seats": "2"}, {"seats": 2.5}, {"open": 1}, {"open": "yes"}, {"hours": ["1"]}]
)
def test_numbers_and_booleans_are_never_made_from_anything_else(given: dict[str, object]) -> None:
    assert len(wrong_places(**given)) == 1


def test_a_list_fills_a_tuple() -> None:
    assert desk(hours=[1, 2.5]).hours == (1.0, 2.5)


@pytest.mark.parametrize("name", ["", "Desk", "2nd", "front-desk", "front desk", "desk\n", "_desk"])
def test_an_id_is_a_lowercase_name(name: str) -> None:
    assert wrong_places(name=name) == [("name",)]


def test_models_do_not_change() -> None:
    with pytest.raises(ValidationError):
        desk().answered.value = 0.1


def test_a_model_survives_pickling_and_dumping() -> None:
    given = desk(wait={"phone": {"value": 3, "low": 2}})
    assert pickle.loads(pickle.dumps(given)) == given
    assert Desk.model_validate(given.model_dump()) == given


def test_ready_made_quantities_know_their_units() -> None:
    units = [TypeAdapter(kind).validate_python(1).unit for kind in (Share, Minutes, Fte, Count)]
    assert units == ["share", "minutes", "FTE", "per year"]
