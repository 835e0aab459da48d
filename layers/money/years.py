"""Financial years, April to March, written `2018/19`, and months, written `2019-04`, as places on one line of time."""

import re
from typing import Annotated

from pydantic import AfterValidator

from layers.problems import Fault, Faults

MONTHS_A_YEAR = 12


def _a_financial_year(text: str) -> str:
    if not re.fullmatch(r"\d{4}/\d{2}", text) or int(text[5:]) != (int(text[:4]) + 1) % 100:
        raise Faults([Fault((), f"{text!r} is no financial year", "April to March, such as 2018/19")])
    return text


FinancialYear = Annotated[str, AfterValidator(_a_financial_year)]


def year_number(year: str, first: str) -> int:
    """How many years a financial year lies after the first: 0 for the first itself, negative before it."""
    return int(year[:4]) - int(first[:4])


def year_after(first: str, years: int) -> str:
    """The financial year so many after the first: `2018/19` and 2 give `2020/21`."""
    start = int(first[:4]) + years
    return f"{start}/{(start + 1) % 100:02d}"


def month_number(month: str, first: str) -> int:
    """How many months `2019-04` lies after April of the first financial year."""
    return (int(month[:4]) - int(first[:4])) * MONTHS_A_YEAR + int(month[5:7]) - 4


def month_after(first: str, months: int) -> str:
    """The month so many after April of the first financial year: `2018/19` and 12 give `2019-04`."""
    whole = int(first[:4]) * MONTHS_A_YEAR + 3 + months
    return f"{whole // MONTHS_A_YEAR:04d}-{whole % MONTHS_A_YEAR + 1:02d}"
