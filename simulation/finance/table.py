"""The `finance` table: flows by financial year, one row a line, release, layer, area, fund, effect and year."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from layers.money import Money
from simulation.finance.flow import Flow, by_year

KEY = ["line", "release", "layer", "service_area", "directorate", "effect", "fund", "financial_year"]
MEASURES = ["pounds", "cash_pounds", "full_year_pounds", "not_money_pounds", "nature", "basis", "status"]


def finance_table(flows: Sequence[Flow], money: Money) -> pd.DataFrame:
    """Flows as rows sorted by key; a year in which a flow does nothing has no row.

    `pounds`: what the year's accounts feel, constant prices, saved above 0 and spent below; summed over any key they are the
    net. `cash_pounds`: the same with pay awards and other inflation. `full_year_pounds`: the yearly worth of what first goes
    in the year. `not_money_pounds`: cost avoided and capacity, which no budget feels. What does not apply is missing.
    """
    rows = [row for flow in flows for row in _rows(flow, money)]
    frame = pd.DataFrame(rows, columns=[*KEY, *MEASURES])
    return frame.sort_values(KEY, ignore_index=True, kind="stable")


def _rows(flow: Flow, money: Money) -> list[tuple[object, ...]]:
    felt = by_year(flow.pounds)
    full = None if flow.full_year_pounds is None else by_year(flow.full_year_pounds)
    level = money.price_level(flow.rises_with)
    out: list[tuple[object, ...]] = []
    for place, year in enumerate(money.years):
        new = np.nan if full is None else float(full[place])
        pounds = float(felt[place])
        if pounds == 0 and not (full is not None and new > 0):
            continue
        amounts = (pounds, pounds * level[place], new, np.nan) if flow.is_money else (np.nan, np.nan, np.nan, pounds)
        where = (flow.line, flow.release, flow.layer, flow.service_area, flow.directorate, flow.effect, flow.fund, year)
        out.append((*where, *amounts, flow.nature, flow.basis, flow.status))
    return out
