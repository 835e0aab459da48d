"""Small worlds of people, and the months and policies that tests go through."""

from dataclasses import replace

import numpy as np

from workforce.establishment.assignment import ASSIGNMENT, NEVER, Establishment
from workforce.reduction.path import Reductions
from workforce.section import Workforce
from workforce.staff import Staff, months_from

MONTHS = months_from("2018-06", "2023-03")
POLICIES = ("usual", "attrition_only", "freeze_first", "redeploy_first", "voluntary_led", "notice_before_go_live")


def with_turnover(section: Workforce, rate: float) -> Workforce:
    """The section with another rate of leaving."""
    turnover = section.turnover
    return section.model_copy(
        update={"turnover": turnover.model_copy(update={"rate": turnover.rate.model_copy(update={"value": rate})})}
    )


def group(count: int, **given: object) -> Establishment:
    """So many people who are all alike, in one pool."""
    rows = np.zeros(count, ASSIGNMENT)
    rows["person"], rows["fte"], rows["pay"] = np.arange(count), 1.0, 24_000
    rows["age"], rows["service"], rows["ends"] = 480, 36, NEVER
    for field, value in given.items():
        rows[field] = value
    return Establishment(
        "generated", ("adults",), ("People",), ("care_and_support",), ("g2",), ("junior",), ("city",), rows
    )


def no_reduction(staff: Staff) -> Reductions:
    return Reductions(("r1",), np.zeros((1, len(staff.pools.names), len(staff.months))))


def on(staff: Staff, **given: object) -> Staff:
    """The same people with something else about them."""
    return replace(staff, **given)  # type: ignore[arg-type]
