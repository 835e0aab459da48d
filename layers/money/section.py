"""The `money` section of a scenario: prices, costs and who pays them, bands, the need, options, inflation and discounting."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from layers.assumption import Assumption, Frozen, Id, Quantity, Share
from layers.baselines import PoundsPerFte
from layers.money.costs import CostLine, Fund, Rise
from layers.money.savings import Band, Need, Option
from layers.money.years import FinancialYear, year_after, year_number
from layers.problems import Fault, Faults, closest, one_of

Growth = Annotated[Assumption, Quantity("share a year", gt=-1, lt=1)]
CostGroup = Literal["costs", "ibc_replacement"]


class Money(Frozen):
    """The `money` section. All pounds are in constant prices of the year before `first_year`; that year is year 0.

    `ibc_replacement` are the further costs of leaving the shared business centre, paid where `ibc` is `replaced`.
    Inflation by year is for the cash view; after the last year given, its rate goes on.
    """

    first_year: FinancialYear
    plan_years: int = Field(default=5, ge=1, le=8)
    appraisal_years: int = Field(default=10, ge=10, le=30)
    discount_rate: Share
    contingency: Share
    inflation: dict[Rise, dict[FinancialYear, Growth]]
    published_prices: dict[Id, PoundsPerFte] = {}
    funds: dict[Id, Fund]
    costs: dict[Id, CostLine]
    ibc: Literal["retained", "replaced"] = "retained"
    ibc_replacement: dict[Id, CostLine] = {}
    bands: dict[Id, Band] = {}
    need: Need | None = None
    options: dict[Id, Option]
    option: Id

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        """Refuse a line that nobody funds, an option or a year that is not there, a line named twice."""
        faults = [*self._name_faults(), *self._year_faults()]
        if faults:
            raise Faults(faults)
        return self

    @property
    def lines(self) -> dict[str, CostLine]:
        """The lines of cost that this council pays, by id."""
        return {**self.costs, **(self.ibc_replacement if self.ibc == "replaced" else {})}

    @property
    def chosen(self) -> Option:
        """The option taken."""
        return self.options[self.option]

    @property
    def years(self) -> tuple[str, ...]:
        """Every financial year of the appraisal, the first being year 0."""
        return tuple(year_after(self.first_year, n) for n in range(self.appraisal_years))

    def price_level(self, rise: Rise | None) -> tuple[float, ...]:
        """By year of the appraisal, the price level over that of the constant prices; 1 where nothing rises."""
        level, growth, levels = 1.0, 0.0, []
        given = self.inflation.get(rise, {}) if rise else {}
        for year in self.years:
            growth = given[year].value if year in given else growth
            level *= 1 + growth
            levels.append(level)
        return tuple(levels)

    def _groups(self) -> Iterator[tuple[CostGroup, Mapping[str, CostLine]]]:
        yield "costs", self.costs
        yield "ibc_replacement", self.ibc_replacement

    def _name_faults(self) -> Iterator[Fault]:
        for group, lines in self._groups():
            for name, line in lines.items():
                if line.fund not in self.funds:
                    said = f"no fund {line.fund!r} pays for this line"
                    yield Fault((group, name, "fund"), said, one_of(self.funds), closest(line.fund, self.funds))
        for name in self.ibc_replacement.keys() & self.costs.keys():
            yield Fault(("ibc_replacement", name), "a line of this name is among the costs already")
        if self.option not in self.options:
            said = f"no option {self.option!r}"
            yield Fault(("option",), said, one_of(self.options), closest(self.option, self.options))

    def _year_faults(self) -> Iterator[Fault]:
        for group, lines in self._groups():
            for name, line in lines.items():
                yield from self._outside((group, name, "by_year"), line.by_year or {})
                yield from self._outside((group, name, "from_year"), [line.from_year] if line.from_year else [], False)
        for name, band in self.bands.items():
            yield from self._outside(("bands", name, "steps"), band.steps)
        yield from self._outside(("need", "by_year"), self.need.by_year if self.need else {})
        for rise, years in self.inflation.items():
            yield from self._outside(("inflation", rise), years)

    def _outside(self, at: tuple[str, ...], years: Iterable[str], keyed: bool = True) -> Iterator[Fault]:
        """A fault for each year that the plan does not reach."""
        last = year_after(self.first_year, self.plan_years - 1)
        for year in years:
            if not 0 <= year_number(year, self.first_year) < self.plan_years:
                said = f"{year} lies outside the plan's years"
                yield Fault((*at, year) if keyed else at, said, f"{self.first_year} to {last}")
