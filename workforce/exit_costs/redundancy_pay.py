"""Redundancy pay: the statutory weeks of every age and service, capped and local weekly pay, the limit of 104 weeks.

Formula: Employment Rights Act 1996 s.162; local schemes may pay a multiple on actual pay, up to 104 weeks in all (Local Government
(Early Termination of Employment) (Discretionary Compensation) Regulations 2006, reg. 6).
"""

import numpy as np

from layers.assumption import Frozen
from workforce.exit_costs.rules import EmploymentRules
from workforce.quantities import Multiple

WEEKS_A_YEAR = 365.25 / 7


class LocalScheme(Frozen):
    """The `local_scheme` section: the multiple of the statutory weeks, and whether a week is actual pay or capped."""

    multiplier: Multiple
    actual_pay: bool = True


def statutory_weeks(age_months: np.ndarray, service_months: np.ndarray, rules: EmploymentRules) -> np.ndarray:
    """Weeks of statutory redundancy pay at leaving, from age and continuous service in months.

    A year of service counts 1.5 where the whole of it lay at 41 or over, 1 at 22 or over, else 0.5; none below two years' service.
    """
    age, years = np.asarray(age_months, dtype=np.int64), np.asarray(service_months, dtype=np.int64) // 12
    counted = np.minimum(years, rules.longest_service_years)
    older = np.minimum(counted, np.maximum(age // 12 - rules.older_age, 0))
    middle = np.minimum(counted - older, np.maximum(age // 12 - rules.younger_age, 0) - older)
    weeks = 1.5 * older + middle + 0.5 * (counted - older - middle)
    return np.where(years >= rules.qualifying_years, weeks, 0.0)


def redundancy_pay(
    age_months: np.ndarray,
    service_months: np.ndarray,
    pay: np.ndarray,
    left: np.ndarray,
    rules: EmploymentRules,
    scheme: LocalScheme,
) -> np.ndarray:
    """Redundancy payment of each person, £; `pay` is what the contract pays a year, `left` the day of leaving.

    The local scheme's payment, no less than the statutory one and for no more than 104 weeks.
    """
    weeks = statutory_weeks(age_months, service_months, rules)
    weekly = np.asarray(pay) / WEEKS_A_YEAR
    capped = np.minimum(weekly, rules.weekly_pay_cap.on(left))
    local = np.minimum(weeks * scheme.multiplier.value, float(rules.compensation_limit_weeks))
    return np.maximum(weeks * capped, local * (weekly if scheme.actual_pay else capped))
