"""Pension strain: what the pension fund invoices when a member of 55 or over is made redundant and draws an unreduced pension.

Local Government Pension Scheme Regulations 2013, reg. 30(7): members of two years and more, from the normal minimum pension age
(55; 57 from 6 April 2028). Nobody outside the scheme costs strain: not those who opted out, nor firefighters, teachers and NHS
staff, who have schemes of their own.
"""

import numpy as np

from layers.assumption import Frozen, Grade
from workforce.exit_costs.rules import EmploymentRules
from workforce.quantities import Multiple

QUALIFYING_MONTHS = 24


class Strain(Frozen):
    """The `pension_strain` section: strain as a multiple of yearly pay at 55 with 20 years' service, and how it falls with age."""

    at_55: Multiple
    by_age: dict[int, float]
    """Part of the strain at 55 that is left at an age; straight lines between."""
    source: str
    grade: Grade


def pension_strain(
    age_months: np.ndarray,
    service_months: np.ndarray,
    pay: np.ndarray,
    member: np.ndarray,
    left: np.ndarray,
    rules: EmploymentRules,
    strain: Strain,
) -> np.ndarray:
    """Strain of each person made redundant, £; service stands for membership, `pay` is what the contract pays a year."""
    age = np.asarray(age_months) / 12
    able = (np.asarray(member) == 1) & (age >= rules.minimum_pension_age.on(left))
    able &= np.asarray(service_months) >= QUALIFYING_MONTHS
    ages = sorted(strain.by_age)
    factor = np.interp(age, ages, [strain.by_age[year] for year in ages])
    cost = strain.at_55.value * np.asarray(pay) * factor * np.asarray(service_months) / 240
    return np.where(able, cost, 0.0)
