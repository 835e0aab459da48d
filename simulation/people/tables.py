"""The tables of a study: `workforce` and `consultations`."""

import pandas as pd

from simulation.people.study import Study


def tables_of(study: Study, scenario: str) -> dict[str, pd.DataFrame]:
    """Every month of the replications kept, by policy."""
    out = {}
    for table in ("workforce", "consultations"):
        parts = []
        for policy, kept in study.rows.items():
            for rows in kept:
                part = getattr(rows, table)
                parts.append(part.assign(scenario=scenario, policy=policy))
        out[table] = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return out
