"""An assumption: a number with its unit, range, source and grade; and the base of every scenario model.

In a scenario an assumption is a bare number or a mapping `{value, low, high, unit, source, grade, note}`. A model says
which unit and bounds it takes by its type, and reads the number as `.value`:

    class Desk(Frozen):
        answered: Share
        wait: Annotated[Assumption, Quantity("minutes", ge=0, le=60)]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, StringConstraints, model_validator
from pydantic_core import CoreSchema, core_schema

from layers.problems import Fault, Faults

Grade = Literal["A", "B", "C"]
NAME_PATTERN = "^[a-z][a-z0-9_]*$"
Id = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
"""A name in snake_case: a lowercase letter, then lowercase letters, digits and underscores."""


def _make_numbers_strict(schema: Any) -> None:
    """Set `strict` on every number and boolean inside a pydantic core schema, in place."""
    if isinstance(schema, list | tuple):
        for part in schema:
            _make_numbers_strict(part)
    if isinstance(schema, dict):
        if schema.get("type") in ("int", "float", "bool"):
            schema["strict"] = True
        for key, part in schema.items():
            if key not in ("metadata", "serialization"):
                _make_numbers_strict(part)


class Frozen(BaseModel):
    """Base of every scenario model: never changes, refuses unknown keys, takes no true/false or text for a number.

    Numbers and booleans are strict at any depth of a field; the rest is not, so that a YAML list fills a tuple and text
    fills a date or an enumeration.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        _make_numbers_strict(handler.resolve_ref_schema(schema))
        return schema


class Assumption(Frozen):
    """A number of the model, in `unit`, with the range it may have: `low` <= `value` <= `high`, either end optional.

    `grade`: A statute, official text or the council's own papers; B one named source; C a judgement. `note` also says where
    an override came from.
    """

    value: float
    low: float | None = None
    high: float | None = None
    unit: str
    source: str | None = None
    grade: Grade | None = None
    note: str | None = None

    @model_validator(mode="after")
    def range_holds_value(self) -> Self:
        """Refuse a value outside its own range."""
        _check_range(self)
        return self

    def __float__(self) -> float:
        """The value alone."""
        return self.value


@dataclass(frozen=True)
class Quantity:
    """The unit and bounds that one kind of assumption takes: `Annotated[Assumption, Quantity("share", ge=0, le=1)]`.

    A bare number, or a mapping without a unit, gets `unit`; any other is refused. Bounds hold for value, low and high.
    """

    unit: str
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None

    @property
    def expected(self) -> str:
        """What to write, in words: "a number (share)"."""
        return f"a number ({self.unit})"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        fields = core_schema.model_fields_schema(self._fields(), extras_schema=None, extra_behavior="forbid")
        model = core_schema.model_schema(Assumption, fields, frozen=True, config={"extra_fields_behavior": "forbid"})
        checked = core_schema.no_info_after_validator_function(_check_range, model)
        return core_schema.no_info_before_validator_function(_as_mapping, checked)

    def _fields(self) -> dict[str, core_schema.ModelField]:
        number = core_schema.float_schema(
            strict=True, allow_inf_nan=False, ge=self.ge, gt=self.gt, le=self.le, lt=self.lt
        )
        end, text = core_schema.nullable_schema(number), core_schema.nullable_schema(core_schema.str_schema())
        grade = core_schema.nullable_schema(core_schema.literal_schema(list(get_args(Grade))))
        unit = core_schema.literal_schema([self.unit])
        return {
            "value": core_schema.model_field(number),
            "low": _field(end),
            "high": _field(end),
            "unit": _field(unit, self.unit),
            "source": _field(text),
            "grade": _field(grade),
            "note": _field(text),
        }


Share = Annotated[Assumption, Quantity("share", ge=0, le=1)]
Minutes = Annotated[Assumption, Quantity("minutes", ge=0, le=100_000)]
Hours = Annotated[Assumption, Quantity("hours", ge=0)]
WorkingDays = Annotated[Assumption, Quantity("working days", ge=0)]
Fte = Annotated[Assumption, Quantity("FTE", ge=0)]
Count = Annotated[Assumption, Quantity("per year", ge=0)]
Pounds = Annotated[Assumption, Quantity("pounds")]
Factor = Annotated[Assumption, Quantity("factor", ge=0)]


def _as_mapping(given: Any) -> Any:
    """Return what was given as a mapping; anything that is neither a mapping nor an assumption stands for the value."""
    if isinstance(given, Assumption):
        return given.model_dump()
    return given if isinstance(given, Mapping) else {"value": given}


def _check_range(assumption: Assumption) -> Assumption:
    """Return the assumption as it is, or raise for each end of its range on the wrong side of its value."""
    faults = []
    if assumption.low is not None and assumption.low > assumption.value:
        faults.append(Fault(("low",), f"{assumption.low:g} is above the value {assumption.value:g}"))
    if assumption.high is not None and assumption.high < assumption.value:
        faults.append(Fault(("high",), f"{assumption.high:g} is below the value {assumption.value:g}"))
    if faults:
        raise Faults(faults)
    return assumption


def _field(schema: CoreSchema, default: str | None = None) -> core_schema.ModelField:
    return core_schema.model_field(core_schema.with_default_schema(schema, default=default))
