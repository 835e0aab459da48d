"""An establishment made to match published totals: heads full and part time, FTE by directorate. It holds nobody.

Heads and hours are shared out over service areas, job families and grades by largest remainder, so that every published total is
met exactly; ages, service and the rest are spread by quantiles in a keyed shuffled order. The same inputs give the same people.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from layers.baselines import ServiceArea
from layers.effort_matrix import EffortMatrix
from layers.problems import InputError, Problem
from workforce.chance import chances
from workforce.establishment.assignment import ASSIGNMENT, LOCAL_PENSION, NEVER, TERMS, Establishment
from workforce.section import Workforce, directorate_id

AGE_BANDS = {"under_25": (18, 25), "from_25": (25, 35), "from_35": (35, 45), "from_45": (45, 55), "from_55": (55, 65),
             "from_65": (65, 70)}  # fmt: skip
SERVICE_BANDS = {"under_1": (0, 1), "from_1": (1, 2), "from_2": (2, 5), "from_5": (5, 10), "from_10": (10, 20),
                 "from_20": (20, 40)}  # fmt: skip
YOUNGEST = 16
PART_TIME_SPREAD = 0.3
"""Part-time contracts lie evenly this far on either side of their mean, FTE."""
FIXED = np.uint64(0)


def generate(section: Workforce, areas: Mapping[str, ServiceArea], matrix: EffortMatrix) -> Establishment:
    """The establishment of a scenario, from its `opening`, the effort matrix and the crosswalk."""
    opening, names = section.opening, tuple(areas)
    fte = _area_fte(opening.directorates.values, areas)
    full = whole(fte, round(opening.full_time.value))
    part = whole(fte, round(opening.part_time.value))
    rows: list[np.ndarray] = []
    for number, area in enumerate(names):
        shares = _family_shares(section, matrix, area)
        rows += _contracts(number, section, shares, int(full[number]), np.ones(int(full[number])))
        _check_hours(area, int(part[number]), float(fte[number] - full[number]))
        hours = _part_time_hours(int(part[number]), float(fte[number] - full[number]))
        rows += _contracts(number, section, shares, int(part[number]), hours)
    people = np.concatenate(rows)
    people["person"] = np.arange(len(people))
    _spread(people, section)
    directorates = tuple(areas[area].directorate for area in names)
    return Establishment(
        "generated", names, directorates, tuple(section.job_families), tuple(section.grades),
        tuple(grade.tier for grade in section.grades.values()), section.places, people,
    )  # fmt: skip


def whole(weights: np.ndarray, total: int) -> np.ndarray:
    """`total` shared out in whole numbers in proportion to weights, by largest remainder."""
    exact = np.asarray(weights, dtype=float) * total / np.sum(weights)
    counts = np.floor(exact + 1e-9).astype(np.int64)
    most = np.argsort(counts - exact, kind="stable")[: total - int(counts.sum())]
    counts[most] += 1
    return counts


def _area_fte(directorates: Mapping[str, float], areas: Mapping[str, ServiceArea]) -> np.ndarray:
    """Contract FTE by area: its directorate's, shared out as the effort of the directorate's areas."""
    effort = {name: area.effort_fte.value for name, area in areas.items()}
    total = {
        place: sum(fte for name, fte in effort.items() if directorate_id(areas[name].directorate) == place)
        for place in directorates
    }
    return np.array([
        directorates[directorate_id(areas[name].directorate)] * fte / total[directorate_id(areas[name].directorate)]
        for name, fte in effort.items()
    ])  # fmt: skip


def _family_shares(section: Workforce, matrix: EffortMatrix, area: str) -> np.ndarray:
    """Shares of job families in an area's contracts: those of the effort of its layers."""
    shares = dict.fromkeys(section.job_families, 0.0)
    for layer, fte in matrix.area(area).items():
        for family, share in section.crosswalk.families(layer, area).items():
            shares[family] += fte * share
    weights = np.array(list(shares.values()))
    return weights / weights.sum()


def _check_hours(area: str, count: int, fte: float) -> None:
    """Refuse totals that no part-time contracts could make up."""
    if not (0.05 * count < fte < 0.95 * count or (count == 0 and abs(fte) < 1)):
        said = f"{count} part-time contracts in {area} would hold {fte:.1f} FTE"
        at = "workforce.opening"
        raise InputError(
            [Problem("", None, at, said, "heads and FTE that leave 0.05 to 0.95 FTE a part-time contract")]
        )


def _part_time_hours(count: int, fte: float) -> np.ndarray:
    """Contracts evenly spread round their mean that sum exactly to `fte`."""
    if count == 0:
        return np.zeros(0)
    mean = fte / count
    reach = min(PART_TIME_SPREAD, mean - 0.05, 0.95 - mean)
    return mean + reach * (2 * (np.arange(count) + 0.5) / count - 1)


def _contracts(
    area: int, section: Workforce, shares: np.ndarray, count: int, hours: np.ndarray
) -> Sequence[np.ndarray]:
    """Contracts of one area by family and grade, with the hours given in a shuffled order."""
    order = np.argsort(chances(FIXED, f"generated/hours/{area}", count, np.arange(count)), kind="stable")
    shuffled, out, first = hours[order], [], 0
    grade_numbers = {name: number for number, name in enumerate(section.grades)}
    for number, (family, heads) in enumerate(zip(section.job_families.values(), whole(shares, count), strict=True)):
        rows = np.zeros(int(heads), ASSIGNMENT)
        grades = whole(np.array(list(family.grades.values())), int(heads))
        rows["grade"] = np.repeat([grade_numbers[grade] for grade in family.grades], grades)
        rows["area"], rows["family"] = area, number
        rows["fte"] = shuffled[first : first + int(heads)]
        rows["registered"], rows["terms"] = family.registered, TERMS.index(family.terms)
        first += int(heads)
        out.append(rows)
    return out


def _spread(people: np.ndarray, section: Workforce) -> None:
    """Give everybody age, service, pay, place and the rest, by quantiles in shuffled orders; in place."""
    opening, count = section.opening, len(people)
    u = {name: _even(name, count) for name in ("age", "service", "ends", "term", "member", "leave", "place")}
    people["age"] = (12 * _banded(opening.ages.shares(), AGE_BANDS, u["age"])).astype(np.int16)
    # those who are older have served longer: ranks of service follow ranks of age half of the way
    rank = np.argsort(np.argsort(0.5 * u["age"] + 0.5 * u["service"], kind="stable"), kind="stable")
    served = 12 * _banded(opening.services.shares(), SERVICE_BANDS, (rank + 0.5) / count)
    people["service"] = np.minimum(served, people["age"] - 12 * YOUNGEST).astype(np.int16)
    fixed = u["term"] < opening.fixed_term.value
    people["ends"] = np.where(fixed, (u["ends"] * 24).astype(np.int16), NEVER)
    local = np.isin(people["terms"], [TERMS.index(terms) for terms in LOCAL_PENSION])
    people["member"] = local & (u["member"] < opening.pension_members.value)
    people["protected"] = (u["leave"] < opening.protected_leave.value) & (people["age"] < 12 * 45)
    people["place"] = (u["place"] * len(section.places)).astype(np.int16)
    people["pay"] = np.array([grade.pay.value for grade in section.grades.values()])[people["grade"]]


def _even(name: str, count: int) -> np.ndarray:
    """Evenly spaced numbers between 0 and 1 in a shuffled order."""
    order = np.argsort(chances(FIXED, f"generated/{name}", 0, np.arange(count)), kind="stable")
    out = np.empty(count)
    out[order] = (np.arange(count) + 0.5) / count
    return out


def _banded(shares: Mapping[str, float], bands: Mapping[str, tuple[int, int]], u: np.ndarray) -> np.ndarray:
    """Quantiles of a distribution that is even inside each band, in years."""
    edges = np.concatenate([[0.0], np.cumsum([shares.get(name, 0.0) for name in bands])])
    values = np.array([low for low, _ in bands.values()] + [list(bands.values())[-1][1]], dtype=float)
    return np.interp(u, edges, values)
