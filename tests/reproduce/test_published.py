"""Published tables are read strictly: every wrong row is named by file and line."""

from pathlib import Path

import pytest

from layers.problems import InputError
from layers.published import COLUMNS, Published, read_published

HEADER = ",".join(COLUMNS)


def read(folder: Path, *rows: str, header: str = HEADER) -> Published:
    (folder / "table.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return read_published(folder)


def problems(folder: Path, *rows: str, header: str = HEADER) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, *rows, header=header)
    return [str(problem) for problem in caught.value.problems]


def test_a_row_becomes_a_cell_with_its_source_and_line(tmp_path: Path) -> None:
    cell = read(tmp_path, "total.low,603,FTE,1,printed,,A paper")["table"]["total.low"]
    assert (cell.value, cell.unit, cell.step, cell.status, cell.source, cell.line) == (
        603,
        "FTE",
        1,
        "printed",
        "A paper",
        2,
    )


def test_every_wrong_row_is_reported_at_once(tmp_path: Path) -> None:
    said = problems(
        tmp_path, "a,many,FTE,1,printed,,P", "b,1,FTE,0,printed,,P", "c,1,FTE,1,guessed,,P", "d,1,FTE,1,printed,,"
    )
    assert [line.split(": ")[:2] for line in said] == [
        ["table.csv:2", "a.value"],
        ["table.csv:3", "b.step"],
        ["table.csv:4", "c.status"],
        ["table.csv:5", "d.source"],
    ]


def test_a_cell_given_twice_is_refused(tmp_path: Path) -> None:
    row = "a,1,FTE,1,printed,,P"
    assert problems(tmp_path, row, row) == ["table.csv:3: a: is in the table twice"]


def test_other_columns_are_refused(tmp_path: Path) -> None:
    assert "wrong columns" in problems(tmp_path, header="cell,value")[0]


def test_a_number_that_is_not_finite_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, "a,nan,FTE,1,printed,,P", "b,inf,FTE,1,printed,,P")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(HEADER.encode() + b"\n\xa35m,1,FTE,1,printed,,P\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_published(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no published tables"):
        read_published(tmp_path)


def test_an_unknown_cell_suggests_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"did you mean total\.low\?"):
        read(tmp_path, "total.low,603,FTE,1,printed,,P")["table"]["total.lov"]
