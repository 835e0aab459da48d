"""The summary of a study: what `tom workforce --json` prints."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from simulation.people.study import Study
from simulation.people.sums import Sums, financial_year
from simulation.people.transfers import transfers_fte
from simulation.precision import distribution
from workforce.establishment.crosswalk import LABEL
from workforce.routes import ROUTES, STATEMENT, UNMET

NAMES = (*ROUTES, UNMET)
SMALLEST_SHORT_FTE = 0.5
"""A shortage below this is not listed."""
Summary = dict[str, Any]


def summary_of(study: Study, effort: Mapping[tuple[str, str], float], source: str) -> Summary:
    """Establishment, reduction, leavers, policies side by side, and what turnover alone absorbs.

    `effort` is FTE of the customer layer by (layer, service area), for the transfers; `source` says where the reduction is from.
    """
    people, pools, found = study.staff.people, study.staff.pools, study.reductions
    years = [financial_year(month) for month in study.staff.months]
    monthly = found.fte.sum(axis=(0, 1))
    heads = people.heads
    return {
        "statement": STATEMENT,
        "establishment": {
            "source": people.source,
            "heads": heads,
            "full_time_heads": people.full_time_heads,
            "part_time_heads": heads - people.full_time_heads,
            "fte": people.fte,
            "groups_merged": pools.merged,
            "smallest_group_heads": pools.smallest_heads,
            **({"left_out": dict(people.left_out)} if people.left_out else {}),
        },
        "crosswalk": LABEL,
        "reduction": {
            "source": source,
            "fte": float(found.fte.sum()),
            "by_financial_year": {
                year: float(monthly[[y == year for y in years]].sum()) for year in dict.fromkeys(years)
            },
        },
        "leavers_per_year_heads": distribution([one.leavers_a_year for one in study.untouched]),
        "transfers_fte": transfers_fte(study.staff.section, effort),
        "policies": [_policy(name, sums, study) for name, sums in study.policies.items()],
        "absorbs": {name: _absorbs(sums) for name, sums in study.absorbs.items()},
    }


def _policy(name: str, sums: Sequence[Sums], study: Study) -> Summary:
    lines = list(sums[0].paid)
    cost = {"total": distribution([sum(map(_total, one.paid.values())) for one in sums])}
    cost |= {line: distribution([_total(one.paid[line]) for one in sums]) for line in lines}
    out: Summary = {
        "policy": name,
        "label": study.staff.policy(name).label,
        "met_fte": _routes([one.met[:, 0] for one in sums]),
        "heads": _routes([one.met[:, 1] for one in sums]),
        "cost_pounds": cost,
        "benefit_pounds": distribution([_total(one.benefit) for one in sums]),
        "benefit_waited_pounds": distribution([_total(one.waited) for one in sums]),
    }
    out |= {number: distribution([one.numbers[number] for one in sums]) for number in sums[0].numbers}
    out["by_phase"] = [
        _part("release", release, [one.by_release[release] for one in sums]) for release in sums[0].by_release
    ]
    for part, totals in sums[0].by_part.items():
        if part != "service_area":
            out[f"by_{part}"] = [_part(part, key, [one.by_part[part][key] for one in sums]) for key in totals]
    out["by_financial_year"] = [_year(year, sums) for year in sums[0].by_year]
    return out


def _routes(values: Sequence[np.ndarray]) -> Summary:
    return {name: distribution([float(one[number]) for one in values]) for number, name in enumerate(NAMES)}


def _part(key: str, name: str, totals: Sequence[np.ndarray]) -> Summary:
    """Means by route of one release, directorate …; they sum to its reduction."""
    fte, heads = (np.mean([one[:, place] for one in totals], axis=0) for place in (0, 1))
    return {
        key: name,
        "reduction_fte": float(fte.sum()),
        "met_fte": dict(zip(NAMES, map(float, fte), strict=True)),
        "heads": dict(zip(NAMES, map(float, heads), strict=True)),
        "compulsory_heads": distribution([float(one[NAMES.index("compulsory"), 1]) for one in totals]),
    }


def _year(year: str, sums: Sequence[Sums]) -> Summary:
    fte = np.mean([one.by_year[year][:, 0] for one in sums], axis=0)
    return {
        "financial_year": year,
        "met_fte": dict(zip(ROUTES, map(float, fte), strict=True)),
        "cost_paid_pounds": distribution([sum(line[year] for line in one.paid.values()) for one in sums]),
        "cost_booked_pounds": distribution([one.booked[year] for one in sums]),
        "benefit_pounds": distribution([one.benefit[year] for one in sums]),
        "benefit_waited_pounds": distribution([one.waited[year] for one in sums]),
    }


def _total(by_year: Mapping[str, float]) -> float:
    return float(sum(by_year.values()))


def _absorbs(sums: Sequence[Sums]) -> Summary:
    """What leavers alone have absorbed when the plan's last posts are due, FTE, and where they have not."""
    reduction = float(sums[0].met[:, 0].sum())
    then = [reduction - one.short_at["plan_end"] for one in sums]
    places = sorted({place for one in sums for place in one.short})
    short = {place: float(np.mean([one.short.get(place, 0.0) for one in sums])) for place in places}
    listed = sorted(((fte, place) for place, fte in short.items() if fte >= SMALLEST_SHORT_FTE), reverse=True)
    return {
        "by_turnover_alone": float(np.mean(then)),
        "share": float(np.mean(then)) / reduction if reduction else 1.0,
        "by_plan_end_fte": distribution(then),
        "by_horizon_fte": distribution([reduction - one.short_at["horizon"] for one in sums]),
        "late_pounds": distribution([_total(one.waited) for one in sums]),
        "short": [{"service_area": a, "job_family": f, "fte": fte} for fte, (a, f) in listed],
    }
