import numpy as np
import pandas as pd
import pytest

from simulation.store.errors import TableError
from simulation.store.rows import conform
from simulation.store.tables import EFFORT, LEDGER, SERVICE, TABLES, Kind


def test_rows_come_sorted_by_key_whatever_their_order(effort):
    sorted_rows = conform(effort, EFFORT)
    keys = list(sorted_rows[list(EFFORT.key)].itertuples(index=False, name=None))
    assert keys == sorted(keys)
    pd.testing.assert_frame_equal(sorted_rows, conform(effort.sample(frac=1, random_state=3), EFFORT))


def test_columns_come_in_the_declared_order_and_types(effort):
    rows = conform(effort, EFFORT)
    assert list(rows) == [name for name in EFFORT.columns if name in effort]
    assert rows["replication"].dtype == np.int64
    assert rows["contacts"].dtype == np.int64
    assert rows["effort_hours"].dtype == np.float64


def test_a_measure_that_was_not_computed_is_absent(effort):
    assert "needs" not in conform(effort, EFFORT)


def test_a_repeated_key_is_refused(effort):
    with pytest.raises(TableError, match="repeat a key"):
        conform(pd.concat([effort, effort.tail(1)]), EFFORT)


def test_a_row_without_its_key_is_refused(effort):
    effort.loc[0, "layer"] = None
    with pytest.raises(TableError, match="without its key"):
        conform(effort, EFFORT)


@pytest.mark.parametrize("change", [{"fte": 1.0}, None])
def test_an_undeclared_or_missing_column_is_refused(effort, change):
    changed = effort.drop(columns="month") if change is None else effort.assign(**change)
    with pytest.raises(TableError, match="month" if change is None else "fte"):
        conform(changed, EFFORT)


def test_half_a_contact_is_refused(effort):
    with pytest.raises(TableError, match="contacts"):
        conform(effort.assign(contacts=0.5), EFFORT)


def test_infinite_effort_is_refused(effort):
    with pytest.raises(TableError, match="infinite"):
        conform(effort.assign(effort_fte=np.inf), EFFORT)


def test_a_number_in_a_text_column_is_refused(effort):
    with pytest.raises(TableError, match="month"):
        conform(effort.assign(month=201804), EFFORT)


def test_a_missing_count_stays_missing_and_the_rest_stay_whole(effort):
    effort["contacts"] = effort["contacts"].astype(float)
    effort.loc[0, "contacts"] = np.nan
    counts = conform(effort, EFFORT)["contacts"]
    assert counts.isna().sum() == 1
    assert sorted(counts.dropna()) == list(range(1, 8))


def test_minus_nought_becomes_nought(ledger):
    assert not np.signbit(conform(ledger, LEDGER)["last_out_fte"].iloc[0])


def test_a_table_without_rows_keeps_its_columns():
    empty = pd.DataFrame(columns=[*SERVICE.key, "offered", "occupancy"])
    assert list(conform(empty, SERVICE)) == [*SERVICE.key, "offered", "occupancy"]


@pytest.mark.parametrize("table", TABLES.values(), ids=str)
def test_every_measure_names_its_unit_or_is_a_count_or_a_share(table):
    plain = {"needs", "contacts", "steps", "offered", "answered", "abandoned", "backlog", "occupancy", "live_offered"}
    plain |= {"posts_releasable", "needs_unmet", "late", "held", "pounds"}  # named by users: FTE, a count, 1 for yes, £
    units = ("_fte", "_hours", "_minutes", "_pounds")
    assert all(
        name in plain or name.endswith(units) or "share_" in name or kind is Kind.TEXT
        for name, kind in table.measures.items()
    )
