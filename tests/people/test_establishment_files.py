"""A council's own file: what is wrong is said by sheet, row and column, never by its value; what is hostile is not unpacked."""

import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from people_files import HEADINGS, PLANTED, planted, rows, write_csv, write_xlsx

from layers.problems import InputError
from simulation.council import Council
from workforce.establishment import sheets
from workforce.establishment.merging import SEVERAL, pools_of
from workforce.establishment.reading import FileRead, read_establishment
from workforce.establishment.schema import FileSchema

Read = Callable[..., FileRead]


@pytest.fixture(scope="session")
def read(council: Council) -> Read:
    """`read(path)`: the establishment in a file, or its problems raised."""

    def of(path: Path, **schema: Any) -> FileRead:
        assert council.workforce is not None
        section = council.workforce.model_copy(update={"file": FileSchema.model_validate(schema)})
        return read_establishment(path, section, council.service_areas)

    return of


@pytest.fixture
def problems(read: Read) -> Callable[..., list[str]]:
    """`problems(path)`: what reading a file says, line by line."""

    def of(path: Path, **schema: Any) -> list[str]:
        with pytest.raises(InputError) as caught:
            read(path, **schema)
        return [str(problem) for problem in caught.value.problems]

    return of


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_twelve_planted_errors_in_20_000_assignments_are_all_found(
    problems: Callable[..., list[str]], tmp_path: Path, write: Callable[..., Path]
) -> None:
    path = write(tmp_path / ("staff" + (".csv" if write is write_csv else ".xlsx")), planted(rows(20_000)))
    said = problems(path)
    assert len(said) == 12
    for line, (row, column, value) in zip(said, sorted(PLANTED.values(), key=lambda error: error[0]), strict=True):
        assert f":{row + 2}: " in line and f"({column})" in line
        assert str(value) not in line or not str(value)


def test_the_mended_file_is_read_whole(read: Read, tmp_path: Path) -> None:
    people = read(write_csv(tmp_path / "staff.csv", rows(20_000))).establishment
    assert people.heads == 20_000
    assert people.fte == pytest.approx(sum((1.0, 0.5, 0.8)[i % 3] for i in range(20_000)))


def test_csv_and_workbook_give_the_same_people(read: Read, tmp_path: Path) -> None:
    table = rows(60)
    one = read(write_csv(tmp_path / "staff.csv", table)).establishment
    other = read(write_xlsx(tmp_path / "staff.xlsx", table)).establishment
    assert one.assignments.tolist() == other.assignments.tolist()


def test_a_formula_gives_its_stored_value_and_a_warning(read: Read, tmp_path: Path) -> None:
    found = read(write_xlsx(tmp_path / "staff.xlsx", rows(30), "=2-1"))
    assert found.establishment.assignments["fte"][0] == 1.0
    assert "1 cells of Staff hold formulas" in found.warnings[0]


def test_two_contracts_of_one_person_are_one_head(read: Read, tmp_path: Path) -> None:
    table = rows(30)
    table[1]["Employee number"] = table[0]["Employee number"]
    table[0]["FTE"], table[1]["FTE"] = 0.5, 0.5
    people = read(write_csv(tmp_path / "staff.csv", table)).establishment
    assert people.heads == 29 and len(people.assignments) == 30
    assert people.head_shares()[:2].tolist() == [0.5, 0.5]


def test_schools_casuals_and_what_is_out_of_scope_are_left_out_and_counted(read: Read, tmp_path: Path) -> None:
    table = rows(40)
    for row in table[:3]:
        row["Scope"] = "School"
    table[3]["Scope"] = "Out of scope"
    table[4]["Contract"], table[4]["FTE"] = "Casual", ""
    people = read(write_csv(tmp_path / "staff.csv", table)).establishment
    assert dict(people.left_out) == {"schools": 3, "out of scope": 1, "casual without hours": 1}
    assert len(people.assignments) == 35


def test_a_councils_own_headings_and_words_are_mapped(read: Read, tmp_path: Path) -> None:
    table = rows(26)
    for row in table:
        row["Hrs"] = row.pop("FTE")
        row["Job family"] = "Admin" if row["Job family"] == "Business administration" else row["Job family"]
    headings = ["Hrs" if heading == "FTE" else heading for heading in HEADINGS]
    path = write_csv(tmp_path / "staff.csv", table, headings)
    found = read(path, columns={"fte": "Hrs"}, names={"job_family": {"Admin": "business_administration"}})
    assert found.establishment.heads == 26


def test_missing_columns_are_all_named_at_once(problems: Callable[..., list[str]], tmp_path: Path) -> None:
    kept = [heading for heading in HEADINGS if heading not in ("FTE", "Grade", "Date of birth")]
    said = problems(write_csv(tmp_path / "staff.csv", rows(5), kept))
    assert len(said) == 3
    assert all("column missing" in line for line in said)


def test_a_column_that_is_there_twice_is_refused(problems: Callable[..., list[str]], tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text(",".join([*HEADINGS, "Contract FTE"]) + "\n", encoding="utf-8")
    assert "a second column for fte" in problems(tmp_path / "staff.csv")[0]


def test_a_fixed_term_needs_its_end(problems: Callable[..., list[str]], tmp_path: Path) -> None:
    table = rows(10)
    table[4]["Contract"] = "Fixed term"
    said = problems(write_csv(tmp_path / "staff.csv", table))
    assert len(said) == 1 and ":6: " in said[0] and "(End date)" in said[0]


def test_a_workbook_that_would_unpack_to_too_much_is_refused(
    problems: Callable[..., list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "staff.xlsx", rows(10))
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED_BYTES", 1_000_000)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/nothing.bin", bytes(3_000_000))
    assert "would unpack to far more" in problems(path)[0]


def test_macros_are_refused_whatever_the_file_is_called(problems: Callable[..., list[str]], tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "staff.xlsx", rows(10))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    assert "holds macros" in problems(path)[0]
    path.rename(tmp_path / "staff.xlsm")
    assert "macros" in problems(tmp_path / "staff.xlsm")[0]


def test_a_file_of_two_gigabytes_is_refused_unread(problems: Callable[..., list[str]], tmp_path: Path) -> None:
    with (tmp_path / "staff.csv").open("wb") as file:
        file.truncate(2_000_000_000)
    assert "is too large (2,000,000,000 bytes)" in problems(tmp_path / "staff.csv")[0]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"PK\x03\x04 no workbook", b"\xff\xfe,\n", b"a\0b,c\n", b"\xd0\xcf\x11\xe0"]
)
def test_what_is_no_table_is_refused_in_plain_words(
    problems: Callable[..., list[str]], tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "staff.csv").write_bytes(content)
    assert problems(tmp_path / "staff.csv")


def test_small_groups_are_merged_until_none_is_small(read: Read, tmp_path: Path) -> None:
    people = read(write_csv(tmp_path / "staff.csv", rows(300))).establishment
    pools = pools_of(people)
    assert pools.merged > 0 and pools.smallest_heads >= 5
    assert any(SEVERAL in name for name in pools.names)
    members: dict[int, set[int]] = {}
    for pool, person in zip(pools.of.tolist(), people.assignments["person"].tolist(), strict=True):
        members.setdefault(pool, set()).add(person)
    assert min(map(len, members.values())) >= 5
    assert sum(map(len, members.values())) == 300


def test_no_small_group_can_be_found_by_taking_others_from_a_total(read: Read, tmp_path: Path) -> None:
    people = read(write_csv(tmp_path / "staff.csv", rows(300))).establishment
    pools = pools_of(people)
    for keep in (1, 2, 3):
        heads: dict[tuple[str, ...], int] = {}
        for pool in pools.of.tolist():
            name = pools.names[pool][:keep]
            heads[name] = heads.get(name, 0) + 1
        assert min(heads.values()) >= 5


def test_a_generated_establishment_holds_nobody_so_nothing_in_it_is_merged(staff) -> None:  # type: ignore[no-untyped-def]
    assert staff.pools.merged == 0


def test_a_spreadsheets_own_dates_are_read_as_the_days_they_show(read: Read, tmp_path: Path) -> None:
    table = rows(30)
    for row in table:
        for column in ("Date of birth", "Start date"):
            on, month, year = map(int, row[column].split("/"))
            row[column] = datetime(year, month, on)
    typed = read(write_xlsx(tmp_path / "typed.xlsx", table)).establishment
    written = read(write_csv(tmp_path / "written.csv", rows(30))).establishment
    assert typed.assignments.tolist() == written.assignments.tolist()


def test_a_formula_that_was_never_worked_out_is_a_problem(problems: Callable[..., list[str]], tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "staff.xlsx", rows(10), "=2-1")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</f><v>1.0</v>", b"</f>").replace(b"</f><v>1</v>", b"</f>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert any("a formula without a stored value" in line and ":2: " in line for line in problems(path))
