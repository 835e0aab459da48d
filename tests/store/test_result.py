import json
import os
import re
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from layers.problems import InputError
from simulation.store import result as store
from simulation.store.errors import CannotWrite, TableError
from simulation.store.result import folder_name, read_manifest, read_result, read_summary, write_result


def files_under(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_result_is_one_folder_with_everything_in_it(tmp_path, tables, manifest, noon):
    folder = write_result(tmp_path, "small", tables, {"seed": 1}, manifest, now=noon)
    assert folder == tmp_path / "small" / "20261121T120000Z-01234567"
    assert files_under(folder) == ["effort.parquet", "ledger.parquet", "manifest.json", "summary.json"]
    assert files_under(tmp_path / "small") == sorted(
        [folder.name, *(f"{folder.name}/{n}" for n in files_under(folder))]
    )


def test_the_folder_is_named_by_the_present_time_in_utc(tmp_path, tables, manifest):
    folder = write_result(tmp_path, "small", tables, {}, manifest)
    assert re.fullmatch(r"\d{8}T\d{6}Z-01234567", folder.name)


def test_what_is_read_back_is_what_was_written(tmp_path, tables, manifest, effort):
    folder = write_result(tmp_path, "small", tables, {"seed": 1}, manifest)
    read = read_result(folder)["effort"]
    row = read.set_index(["model", "replication", "layer"]).loc[("target", 1, "middle_office")]
    written = effort.set_index(["model", "replication", "layer"]).loc[("target", 1, "middle_office")]
    assert (row["contacts"], row["effort_fte"], row["effort_hours"]) == tuple(
        written[["contacts", "effort_fte", "effort_hours"]]
    )
    assert read["effort_hours"].isna().sum() == 1
    assert read_summary(folder) == {"seed": 1}
    assert read_manifest(folder)["tables"]["effort"]["rows"] == len(effort)


def test_a_second_result_in_the_same_second_does_not_touch_the_first(tmp_path, tables, manifest, noon):
    first = write_result(tmp_path, "small", tables, {"which": 1}, manifest, now=noon)
    second = write_result(tmp_path, "small", tables, {"which": 2}, manifest, now=noon)
    assert second.name == f"{first.name}-2"
    assert (read_summary(first), read_summary(second)) == ({"which": 1}, {"which": 2})


def test_two_results_at_different_times_hold_the_same_bytes(tmp_path, tables, manifest, noon):
    first = write_result(tmp_path / "a", "small", tables, {}, manifest, csv=True, now=noon)
    later = write_result(tmp_path / "b", "other", tables, {}, manifest, csv=True, now=noon + timedelta(days=400))
    for name in ("effort.parquet", "ledger.parquet", "effort.csv", "ledger.csv", "manifest.json"):
        assert (first / name).read_bytes() == (later / name).read_bytes()


def test_rows_in_another_order_give_the_same_bytes(tmp_path, tables, manifest, effort):
    first = write_result(tmp_path / "a", "small", tables, {}, manifest)
    shuffled = {"effort": effort.sample(frac=1, random_state=8)[list(effort)[::-1]]}
    second = write_result(tmp_path / "b", "small", shuffled, {}, manifest)
    assert (first / "effort.parquet").read_bytes() == (second / "effort.parquet").read_bytes()


def test_a_path_with_quotes_blanks_and_wildcards_works(tmp_path, tables, manifest):
    folder = write_result(tmp_path / "it's [a] *wild* model=x", "small", tables, {}, manifest)
    assert list(read_result(folder)["ledger"])[:4] == ["scenario", "replication", "lever", "layer"]


@pytest.mark.parametrize("step", ["write_parquet", "json_bytes", "_contents"])
@pytest.mark.parametrize(
    ("fault", "expected", "said"),
    [
        (KeyboardInterrupt("stop"), KeyboardInterrupt, "stop"),
        (OSError(28, "No space left on device"), CannotWrite, "small: No space left on device"),
        (RuntimeError("a bug"), RuntimeError, "a bug"),
    ],
)
def test_a_fault_in_the_middle_leaves_nothing(tmp_path, tables, manifest, monkeypatch, step, fault, expected, said):
    def fail(*arguments):
        raise fault

    monkeypatch.setattr(store, step, fail)
    with pytest.raises(expected, match=said):
        write_result(tmp_path / "new" / "deep", "small", tables, {}, manifest)
    assert files_under(tmp_path) == []


def test_a_fault_while_the_folder_gets_its_name_leaves_nothing_new(tmp_path, tables, manifest, monkeypatch, noon):
    write_result(tmp_path, "small", tables, {}, manifest, now=noon)
    before = files_under(tmp_path)
    monkeypatch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(CannotWrite, match="Permission denied"):
        write_result(tmp_path, "small", tables, {}, manifest)
    assert files_under(tmp_path) == before


def test_a_folder_below_a_file_is_refused_in_plain_words(tmp_path, tables, manifest):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match=r"cannot write to .*: Not a directory"):
        write_result(tmp_path / "file" / "deep", "small", tables, {}, manifest)


def test_nan_in_the_summary_is_refused_with_its_place_and_leaves_nothing(tmp_path, tables, manifest):
    with pytest.raises(ValueError, match=r"not a finite number: verdict\.within, ledger\[1\]"):
        write_result(
            tmp_path / "out", "small", tables, {"verdict": {"within": np.nan}, "ledger": [1, -np.inf]}, manifest
        )
    assert files_under(tmp_path) == []


def test_a_table_that_is_not_declared_is_refused(tmp_path, manifest, effort):
    with pytest.raises(TableError, match="efort"):
        write_result(tmp_path, "small", {"efort": effort}, {}, manifest)


def test_csv_is_written_on_request_and_protects_text_but_no_number(tmp_path, tables, manifest):
    folder = write_result(tmp_path, "small", tables, {}, manifest, csv=True)
    heading, row = (folder / "ledger.csv").read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    assert heading == "scenario,replication,lever,layer,alone_fte,last_out_fte"
    assert row == "small,1,'=self_service,customer_management,-12.5,0.0"


def test_csv_numbers_read_back_the_same(tmp_path, tables, manifest, effort):
    folder = write_result(tmp_path, "small", tables, {}, manifest, csv=True)
    read = pd.read_csv(folder / "effort.csv")
    pd.testing.assert_series_equal(read["effort_fte"], read_result(folder)["effort"]["effort_fte"])


def test_text_beyond_ascii_stays_itself(tmp_path, manifest, ledger):
    folder = write_result(
        tmp_path, "small", {"ledger": ledger.assign(lever="£ – é")}, {"note": "£"}, manifest, csv=True
    )
    assert read_result(folder)["ledger"]["lever"].tolist() == ["£ – é"]
    assert "£ – é" in (folder / "ledger.csv").read_text("utf-8")
    assert json.loads((folder / "summary.json").read_text("utf-8")) == {"note": "£"}


def test_numpy_numbers_become_plain_json(tmp_path, tables, manifest):
    folder = write_result(tmp_path, "small", tables, {"n": np.int64(3), "x": np.float64(0.1)}, manifest)
    assert (folder / "summary.json").read_text() == '{\n  "n": 3,\n  "x": 0.1\n}\n'


@pytest.mark.parametrize(
    ("scenario", "name"), [("../../etc", "etc"), ("a b/c", "a-b-c"), ("...", "scenario"), ("as_is.v2", "as_is.v2")]
)
def test_a_scenario_name_cannot_leave_the_results_folder(scenario, name):
    assert folder_name(scenario) == name


def test_a_folder_that_is_no_result_is_wrong_input(tmp_path):
    with pytest.raises(InputError, match="not a result folder"):
        read_result(tmp_path)


def test_files_are_readable_by_others_like_any_other_file(tmp_path, tables, manifest):
    umask = os.umask(0o022)
    try:
        folder = write_result(tmp_path, "small", tables, {}, manifest)
    finally:
        os.umask(umask)
    assert folder.stat().st_mode & 0o777 == 0o755
