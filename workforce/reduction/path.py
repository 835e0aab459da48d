"""A path of reductions: FTE by release, layer, service area and month; and the same by the contracts it would fall on.

The path is a table with the columns of COLUMNS, one row for the reduction that falls due in one month. It speaks of effort, which
the crosswalk turns into job families: an estimate, since no document says whose contracts hold which effort.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layers.problems import InputError, Problem, closest, one_of
from workforce.establishment.crosswalk import Crosswalk
from workforce.establishment.merging import Name

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("release", "layer", "service_area", "month", "reduction_fte")
SLACK_FTE = 1e-6


@dataclass(frozen=True)
class Reductions:
    """FTE that falls due by release, pool and month (array); months are counted from the first one simulated."""

    releases: tuple[str, ...]
    fte: np.ndarray
    dropped_fte: float = 0.0

    @property
    def months(self) -> int:
        """How many months it covers."""
        return int(self.fte.shape[2])

    def by(self, month: int) -> np.ndarray:
        """FTE due up to and including a month, releases × pools."""
        return self.fte[:, :, : max(0, month + 1)].sum(axis=2)


def reductions(
    path: "pd.DataFrame", pools: Sequence[Name], pool_fte: np.ndarray, crosswalk: Crosswalk, months: Sequence[str]
) -> Reductions:
    """A path as reductions of pools; raises InputError for every row that cannot be one.

    `pools` are as in `Pools.names`, `pool_fte` the FTE of all posts in each, `months` those simulated. What falls
    due before the first is due in it; what falls due after the last is not met, and kept in `dropped_fte`.
    """
    _check(path, pools)
    releases = tuple(sorted(path["release"].unique()))
    fte, dropped = np.zeros((len(releases), len(pools), len(months))), 0.0
    rows = path.groupby(list(COLUMNS[:4]), sort=True)["reduction_fte"].sum().reset_index()
    for release, layer, area, due, amount in zip(*(rows[column].tolist() for column in COLUMNS), strict=True):
        if due > months[-1]:
            dropped += amount
            continue
        month = months.index(due) if due in months else 0
        fte[releases.index(release), :, month] += amount * crosswalk.shares(layer, area, pools, pool_fte)
    found = Reductions(releases, fte, dropped)
    _check_room(found, pools, pool_fte)
    return found


def _check(path: "pd.DataFrame", pools: Sequence[Name]) -> None:
    missing = [column for column in COLUMNS if column not in path.columns]
    if missing:
        raise InputError([Problem("reductions", None, column, "column missing") for column in missing])
    areas = {name[1] for name in pools}
    problems = [
        Problem(
            "reductions",
            None,
            f"service_area {area}",
            "nobody works there",
            one_of(sorted(areas)),
            closest(area, areas),
        )
        for area in sorted(set(path.loc[path["reduction_fte"] > 0, "service_area"]) - areas)
    ]
    wrong = path[~(path["reduction_fte"] >= 0) | ~path["month"].astype(str).str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])")]
    problems += [
        Problem("reductions", None, f"row {number + 1}", "not a month and an FTE of 0 or more", "2019-04 and 12.5")
        for number in np.flatnonzero(path.index.isin(wrong.index)).tolist()
    ]
    if problems:
        raise InputError(problems)


def _check_room(found: Reductions, pools: Sequence[Name], pool_fte: np.ndarray) -> None:
    """Refuse to take more from a group than it has."""
    wanted = found.fte.sum(axis=(0, 2))
    problems = [
        Problem("reductions", None, ".".join(pools[number]), f"{wanted[number]:.1f} FTE from a group of {pool_fte[number]:.1f}",
                f"at most {pool_fte[number]:.1f}")
        for number in np.flatnonzero(wanted > pool_fte + SLACK_FTE).tolist()
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
