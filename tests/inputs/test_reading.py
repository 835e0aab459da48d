"""Scenarios from files: what is read, merged and set, and what is said of everything that is wrong."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, Self

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import Discriminator, Tag, model_validator

from layers import shipped
from layers.assumption import Assumption, Count, Frozen, Fte, Id, Share
from layers.problems import Fault, Faults, InputError, Problem
from layers.reading import read_as, read_document, validate


class ByKind(Frozen):
    """A share that differs by kind."""

    by: Literal["kind"]
    values: dict[Id, float]


ShareBy = Annotated[
    Annotated[Share, Tag("one")] | Annotated[ByKind, Tag("split")],
    Discriminator(lambda given: "split" if isinstance(given, dict) and "by" in given else "one"),
]


class DemandType(Frozen):
    """One demand type of a tiny council."""

    volume: Count
    online: ShareBy = Assumption(value=0, unit="share")
    branches: dict[Id, float] = {}

    @model_validator(mode="after")
    def branches_sum_to_one(self) -> Self:
        total = sum(self.branches.values())
        if self.branches and total != 1:
            raise Faults([Fault(("branches",), f"sum to {total:g}", "1"), Fault((), "cannot be routed")])
        return self


class Pool(Frozen):
    """One pool of a tiny council."""

    name: Id
    fte: Fte


class Council(Frozen):
    """A tiny council."""

    label: str = ""
    growth: Share = Assumption(value=0, unit="share")
    demand: dict[Id, DemandType] = {}
    pools: tuple[Pool, ...] = ()
    months: dict[int, float] = {}
    opens: date | None = None
    currency: Literal["pounds", "pence"] = "pounds"


class Folder:
    """A folder of small files, the current one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, content: str | bytes) -> str:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return name


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr("layers.documents.files.shipped_names", lambda: ["as_is", "oxfordshire"])
    return Folder(here)


def problems_of(name: str, *sets: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_as(name, Council, sets)
    return [str(problem) for problem in caught.value.problems]


# --- one file -------------------------------------------------------------------------------------------------------


def test_a_file_is_read_as_plain_values_with_their_lines(folder: Folder) -> None:
    folder.write("a.yaml", "growth: 0.02\npools:\n  - name: desk\n    fte: 3\n")
    document = read_document("a.yaml")
    assert document.data == {"growth": 0.02, "pools": [{"name": "desk", "fte": 3}]}
    assert document.name == "a"
    lines = [document.place(path).line for path in [("growth",), ("pools",), ("pools", 0), ("pools", 0, "fte")]]
    assert lines == [1, 2, 3, 4]
    assert document.place(("pools", 0, "grade")).line == 3
    assert document.place(("nothing", "here")).line == 1


def test_words_mean_what_yaml_1_2_says(folder: Folder) -> None:
    folder.write("a.yaml", "{a: NO, b: yes, c: true, d: 2018-04-31, e: 09:30, f: 1_000, g: 1e3, h: 0o17, i: ~, j: '1'}")
    values = list(read_document("a.yaml").data.values())
    assert values == ["NO", "yes", True, "2018-04-31", "09:30", "1_000", 1000.0, 15, None, "1"]


def test_an_alias_stands_for_what_its_anchor_holds(folder: Folder) -> None:
    folder.write("a.yaml", "one: &desk {name: desk, fte: 3}\ntwo: *desk\n")
    document = read_document("a.yaml")
    assert document.data["two"] == document.data["one"]
    assert document.place(("two",)).line == 2


def test_a_byte_order_mark_and_windows_line_ends_are_read(folder: Folder) -> None:
    folder.write("a.yaml", b"\xef\xbb\xbflabel: a\r\ngrowht: 1\r\n")
    assert problems_of("a.yaml") == [f"a.yaml:2: growht: unknown key, expected {COUNCIL_KEYS}, did you mean growth?"]


def test_the_files_read_are_named_without_folders_and_hashed(folder: Folder) -> None:
    folder.write("b/base.yaml", "label: base\n")
    folder.write("b/top.yaml", "extends: base.yaml\n")
    files = read_document(str(folder.path / "b/top.yaml")).files
    assert [file.name for file in files] == ["base.yaml", "top.yaml"]
    assert files[0].sha256 == sha256(b"label: base\n").hexdigest()


COUNCIL_KEYS = "one of label, growth, demand, pools, months, opens, currency"
BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "a.yaml:1: is empty"),
        ("# nothing\n", "a.yaml:1: is empty"),
        ("---\n", "a.yaml:1: is empty, expected keys and values"),
        ("- 1\n", "a.yaml:1: is not a mapping, expected keys and values"),
        ("label: a\nlabel: b\n", "a.yaml:2: label: this key is already given, first on line 1, expected each key once"),
        ("label: a\n---\nlabel: b\n", "a.yaml:2: a second document starts here, expected one document a file"),
        ("label: a\npools: [1\n", "a.yaml:3: not YAML: expected ',' or ']', but got '<stream end>'"
         " (while parsing a flow sequence that starts on line 2)"),
        ("label: a: b\n", "a.yaml:1: not YAML: a ':' where no key can be: check the indent, or put the text in quotes"),
        ("demand:\n\ta: 1\n", "a.yaml:2: not YAML: a tab where only spaces may stand"),
        ("label: 'a\n", "a.yaml:2: not YAML: the text ends too early"
         " (while scanning a quoted scalar that starts on line 1)"),
        ("label: a\nb: \x07\n", "a.yaml:2: not YAML: the character U+0007 is not allowed"),
        (b"label: a\nb: caf\xe9\n", "a.yaml:2: byte 0xe9 at offset 15 is not UTF-8, expected a file saved as UTF-8"),
        ("label: !!python/object:os.system x\n", "a.yaml:1: label: the tag tag:yaml.org,2002:python/object:os.system"
         " is not allowed, expected a plain value"),
        ("growth: .nan\n", "a.yaml:1: growth: .nan is not a finite number, expected a finite number"),
        ("growth: 1e999\n", "a.yaml:1: growth: the number 1e999 is too large, expected a finite number"),
        ("months: {1: 99999999999999999999}\n", "a.yaml:1: months.1: the number 99999999999999999999… is too large,"
         " expected a finite number"),
        ("demand:\n  <<: {a: 1}\n", "a.yaml:2: demand: merge keys (<<) are not supported,"
         " expected `extends`, or the keys written out"),
        ("demand:\n  true: 1\n", "a.yaml:2: demand: a key that is neither text nor a whole number,"
         " expected text, in quotes if need be"),
        ("label: *a\n", "a.yaml:1: label: the alias *a is not defined above"),
        ("pools: &a [*a]\n", "a.yaml:1: pools.0: the alias *a refers to itself"),
        (BOMB, "a.yaml:6: f.0: too many values, aliases written out, expected at most 200,000 in all"),
        ("[" * 3000, "a.yaml:1: 0.0.0: nested too deep, expected at most 50 levels"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_scenario_is_refused_at_its_line(
    folder: Folder, content: str | bytes, expected: str
) -> None:
    folder.write("a.yaml", content)
    assert problems_of("a.yaml") == [expected]


def test_a_file_of_200_megabytes_is_refused_unread(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    with open("big.yaml", "wb") as stream:
        stream.truncate(200_000_000)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("the file was opened"))
    assert problems_of("big.yaml") == ["big.yaml: is too large (200,000,000 bytes), expected at most 5,000,000 bytes"]


def test_what_cannot_be_read_is_said(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    folder.write("a.yaml", "label: a\n")
    (folder.path / "folder").mkdir()
    assert problems_of("folder") == ["folder: is a folder, expected a YAML file"]
    assert problems_of("/dev/null") == ["/dev/null: is not a regular file, expected a YAML file"]
    monkeypatch.setattr(Path, "open", refuse)
    assert problems_of("a.yaml") == ["a.yaml: cannot be read: Permission denied"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [("district.yml", "district.yaml"), ("oxfordshir", "oxfordshire"), ("as_is.yaml", "as_is"), ("zzz", "")],
)
def test_a_missing_file_is_refused_with_the_nearest_name(folder: Folder, name: str, meant: str) -> None:
    folder.write("district.yaml", "label: a\n")
    with pytest.raises(InputError) as caught:
        read_document(name)
    expected = "a file, or one of as_is, oxfordshire"
    assert caught.value.problems == (Problem(name, None, "", "no such file", expected, meant),)


@pytest.mark.parametrize("name", ["", "\0", "a" * 5000, "no/such/folder/a.yaml", "a.yaml/b"])
def test_no_name_ends_in_a_traceback(folder: Folder, name: str) -> None:
    assert len(problems_of(name)) == 1


def test_a_name_that_is_no_path_means_a_shipped_scenario(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs = tmp_path / "shipped"
    configs.mkdir()
    (configs / "as_is.yaml").write_text("extends: topics/a.yaml\nlabel: shipped\n")
    (configs / "topics").mkdir()
    (configs / "topics" / "a.yaml").write_text("growth: 0.1\n")
    for module in ("layers.shipped", "layers.documents.files"):
        monkeypatch.setattr(f"{module}.configs_folder", lambda: configs)
    monkeypatch.setattr("layers.documents.files.shipped_names", shipped.shipped_names)
    (folder.path / "as_is").mkdir()
    folder.write("own.yaml", "extends: as_is\n")
    assert read_document("as_is").data == {"growth": 0.1, "label": "shipped"}
    assert [file.name for file in read_document("as_is").files] == ["configs/as_is.yaml", "configs/topics/a.yaml"]
    assert [file.name for file in read_document("own.yaml").files][-1] == "own.yaml"
    folder.write("as_is.yaml", "label: own\n")
    assert read_document("as_is.yaml").data == {"label": "own"}


def test_shipped_names_are_the_scenarios_in_the_shipped_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "configs" / "topics").mkdir(parents=True)
    for file in ("configs/b.yaml", "configs/a.yaml", "configs/topics/c.yaml", "configs/notes.txt"):
        (tmp_path / file).touch()
    (tmp_path / "layers").mkdir()
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path / "layers")
    assert shipped.shipped_names() == ["a", "b"]
    (tmp_path / "layers" / "_configs").mkdir()
    assert shipped.configs_folder() == tmp_path / "layers" / "_configs"


# --- extends --------------------------------------------------------------------------------------------------------

BASE = """\
growth: {value: 0.02, low: 0.0, high: 0.03, source: Cabinet report para 81, grade: B, note: as published}
demand:
  highways: {volume: 1000, online: {value: 0.3, low: 0.2}}
  permits: {volume: 2000}
pools:
  - {name: desk, fte: 3}
"""


def extended(folder: Folder, top: str) -> dict[str, object]:
    folder.write("base.yaml", BASE)
    folder.write("top.yaml", f"extends: base.yaml\n{top}")
    document = read_document("top.yaml")
    validate(document, Council)
    data: dict[str, object] = document.data
    return data


def test_mappings_merge_lists_replace_and_null_removes(folder: Folder) -> None:
    top = "demand:\n  permits: null\n  highways: {volume: 5}\n  schools: {volume: 7}\npools: []\n"
    data = extended(folder, top)
    online = {"value": 0.3, "low": 0.2}
    assert data["demand"] == {"highways": {"volume": 5, "online": online}, "schools": {"volume": 7}}
    assert data["pools"] == []
    assert "extends" not in data


def test_a_bare_number_over_an_assumption_keeps_the_rest_and_says_where_it_was_set(folder: Folder) -> None:
    expected = {"low": 0.0, "high": 0.03, "source": "Cabinet report para 81", "grade": "B"}
    assert extended(folder, "growth: 0.01\n")["growth"] == {"value": 0.01, "note": "set in top.yaml:2", **expected}


def test_a_bare_number_drops_a_range_that_excludes_it(folder: Folder) -> None:
    growth = {"value": 0.5, "source": "Cabinet report para 81", "grade": "B", "note": "set in top.yaml:2"}
    assert extended(folder, "growth: 0.5\n")["growth"] == growth
    assert extended(folder, "growth: {value: 0.5}\n")["growth"] == growth


def test_a_new_value_may_bring_its_own_range_and_note(folder: Folder) -> None:
    growth = extended(folder, "growth: {value: 0.5, high: 0.6, note: a guess}\n")["growth"]
    assert growth == {
        "value": 0.5, "low": 0.0, "high": 0.6, "source": "Cabinet report para 81", "grade": "B", "note": "a guess"
    }  # fmt: skip


def test_some_keys_over_an_assumption_or_a_bare_number_keep_the_rest(folder: Folder) -> None:
    data = extended(folder, "growth: {grade: A, high: null}\ndemand: {permits: {volume: {low: 1500}}}\n")
    growth = {"value": 0.02, "low": 0.0, "source": "Cabinet report para 81", "grade": "A", "note": "as published"}
    assert data["growth"] == growth
    assert data["demand"]["permits"] == {"volume": {"value": 2000, "low": 1500}}  # type: ignore[index]


def test_an_assumption_and_a_split_replace_each_other(folder: Folder) -> None:
    split = "{by: kind, values: {apply: 0.4}}"
    data = extended(folder, f"demand: {{highways: {{online: {split}}}}}\n")
    assert data["demand"]["highways"]["online"] == {"by": "kind", "values": {"apply": 0.4}}  # type: ignore[index]
    folder.write("third.yaml", "extends: top.yaml\ndemand: {highways: {online: {value: 0.1}}}\n")
    assert read_document("third.yaml").data["demand"]["highways"]["online"] == {"value": 0.1}


def test_several_bases_are_laid_from_left_to_right(folder: Folder) -> None:
    folder.write("a.yaml", "label: a\nmonths: {1: 1, 2: 1}\n")
    folder.write("b.yaml", "label: b\nmonths: {2: null, 3: 3}\n")
    folder.write("c.yaml", "extends: [a.yaml, b.yaml]\nmonths: {1: 9}\n")
    assert read_document("c.yaml").data == {"label": "b", "months": {1: 9, 3: 3}}


def test_a_base_is_found_from_the_file_that_names_it(folder: Folder) -> None:
    folder.write("deep/topics/a.yaml", "growth: 2\n")
    folder.write("deep/b.yaml", "extends: topics/a.yaml\n")
    folder.write("c.yaml", "extends: deep/b.yaml\n")
    assert problems_of("c.yaml") == ["deep/topics/a.yaml:1: growth: 2 is too large, expected at most 1"]


def test_many_paths_to_one_base_are_quick(folder: Folder) -> None:
    folder.write("f0.yaml", "label: a\n")
    for n in range(1, 20):
        folder.write(f"f{n}.yaml", f"extends: [f{n - 1}.yaml, f{n - 1}.yaml, f{n - 1}.yaml]\n")
    assert read_document("f19.yaml").data == {"label": "a"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.yaml": "extends: a.yaml\n"}, ["a.yaml:1: extends: extends itself: a.yaml → a.yaml"]),
        (
            {"a.yaml": "label: a\nextends: x/b.yaml\n", "x/b.yaml": "extends:\n  - ../a.yaml\n"},
            ["x/b.yaml:2: extends.0: extends itself: a.yaml → x/b.yaml → a.yaml"],
        ),
        (
            {"a.yaml": "extends: [basis.yaml, b.yaml, 3]\n", "b.yaml": "label: [\n", "base.yaml": ""},
            [
                "a.yaml:1: extends.0: basis.yaml: no such file, expected a file, or one of as_is, oxfordshire,"
                " did you mean base.yaml?",
                "a.yaml:1: extends.2: not the name of a file, expected a path, or a list of paths",
                "b.yaml:2: not YAML: expected the node content, but found '<stream end>'",
            ],
        ),
    ],
)
def test_what_is_wrong_with_extends_is_all_said_at_once(
    folder: Folder, files: dict[str, str], expected: list[str]
) -> None:
    for name, content in files.items():
        folder.write(name, content)
    assert problems_of("a.yaml") == expected


def test_a_chain_of_too_many_files_is_refused(folder: Folder) -> None:
    for n in range(30):
        folder.write(f"f{n}.yaml", f"extends: f{n + 1}.yaml\n")
    assert problems_of("f0.yaml") == ["f19.yaml:1: extends: too many files in a row, expected at most 20"]


# --- set ------------------------------------------------------------------------------------------------------------


def test_set_lays_values_on_in_turn(folder: Folder) -> None:
    folder.write("base.yaml", BASE)
    sets = [
        "growth=0.5", "demand.highways.online.low=0.1", "demand.permits=null", "demand.highways.volume.high=1100",
        "pools.0.fte=2.5", "currency=pence", "months={1: 0.5}", "months.1=0.7", "growth=0.4",
    ]  # fmt: skip
    document, council = read_as("base.yaml", Council, sets)
    note = "set on the command line"
    assert council.growth == Assumption(value=0.4, unit="share", source="Cabinet report para 81", grade="B", note=note)
    assert document.data["demand"] == {
        "highways": {"volume": {"value": 1000, "high": 1100}, "online": {"value": 0.3, "low": 0.1}}
    }
    assert (council.pools[0].fte.value, council.currency, council.months) == (2.5, "pence", {1: 0.7})
    assert document.place(("demand", "highways")).line == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("growth", "--set: 'growth' sets nothing, expected path=value, such as demand.growth=0.02"),
        ("=1", "--set: '=1' sets nothing, expected path=value, such as demand.growth=0.02"),
        ("growth=", "--set: 'growth=' sets nothing, expected path=value, such as demand.growth=0.02"),
        ("a..b=1", "--set: 'a..b=1' sets nothing, expected path=value, such as demand.growth=0.02"),
        ("demnd.permits.volume=1", "--set: demnd.permits.volume: the scenario has no 'demnd',"
         " expected one of growth, demand, pools, did you mean demand?"),
        ("demand.permit.volume=1", "--set: demand.permit.volume: demand has no 'permit',"
         " expected one of highways, permits, did you mean permits?"),
        ("pools.1.fte=1", "--set: pools.1.fte: pools has no '1', expected 0"),
        ("pools.x=1", "--set: pools.x: pools has no 'x', expected 0"),
        ("growth=[1", "--set: growth: not YAML: expected ',' or ']', but got '<stream end>'"),
        ("growth=.inf", "--set: growth: .inf is not a finite number, expected a finite number"),
        ("growth=2", "--set: growth.value: 2 is too large, expected at most 1"),
        ("growth=true", "--set: growth: got true, expected a number (share)"),
        ("growth.hihg=0.1", "--set: growth.hihg: unknown key,"
         " expected one of value, low, high, unit, source, grade, note, did you mean high?"),
        ("demand.permits.volum=1", "--set: demand.permits.volum: unknown key,"
         " expected one of volume, online, branches, did you mean volume?"),
        ("label=null", "--set: label: null, where there is nothing to remove, expected text"),
    ],
)  # fmt: skip
def test_a_wrong_set_is_refused(folder: Folder, text: str, expected: str) -> None:
    folder.write("base.yaml", BASE)
    assert problems_of("base.yaml", text) == [expected]


def test_wrong_sets_are_all_said_with_the_problems_of_the_file(folder: Folder) -> None:
    folder.write("a.yaml", "growth: 2\nlabel: a\nlabel: b\n")
    places = [problem.split(" ")[0] for problem in problems_of("a.yaml", "x.y=1", "z=1")]
    assert places == ["--set:", "--set:", "a.yaml:1:", "a.yaml:3:"]


# --- checking against a model ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("label: 3\n", ["a.yaml:1: label: got 3, expected text"]),
        ("growth: {low: 0.1}\n", ["a.yaml:1: growth.value: missing, expected a number (share)"]),
        ("growth: {value: 0.1, unit: minutes}\n", ["a.yaml:1: growth.unit: got text 'minutes', expected share"]),
        ("growth: {value: 0.1, grade: b}\n", ["a.yaml:1: growth.grade: got text 'b', expected one of A, B, C"]),
        ("growth:\n  value: 0.1\n  low: 0.2\n  high: 0.05\n", [
            "a.yaml:3: growth.low: 0.2 is above the value 0.1", "a.yaml:4: growth.high: 0.05 is below the value 0.1"]),
        ("demand: [1]\n", ["a.yaml:1: demand: got a list, expected a mapping"]),
        ("demand:\n  a: {}\n", ["a.yaml:2: demand.a.volume: missing, expected a number (per year)"]),
        ("demand:\n  a: {volume: -1}\n", ["a.yaml:2: demand.a.volume: -1 is too small, expected at least 0"]),
        ("demand:\n  A b: {volume: 1}\n", ["a.yaml:2: demand.A b: as a key: got text 'A b', expected a name"
         " in lowercase letters, digits and underscores, a letter first"]),
        ("demand:\n  a:\n    volume: 1\n    online: x\n", ["a.yaml:4: demand.a.online: got text 'x',"
         " expected a number (share) or a mapping"]),
        ("demand:\n  a:\n    volume: 1\n    online:\n      by: kind\n      valeus: {}\n      values: {b: c}\n", [
            "a.yaml:6: demand.a.online.valeus: unknown key, expected one of by, values, did you mean values?",
            "a.yaml:7: demand.a.online.values.b: got text 'c', expected a number"]),
        ("demand:\n  a:\n    volume: 1\n    online:\n      value: x\n      values: {b: 1}\n", [
            "a.yaml:5: demand.a.online.value: got text 'x', expected a number (share)",
            "a.yaml:6: demand.a.online.values: unknown key,"
            " expected one of value, low, high, unit, source, grade, note, did you mean value?"]),
        ("demand:\n  a:\n    volume: 1\n    branches: {b: 0.5, c: 0.4}\n", [
            "a.yaml:2: demand.a: cannot be routed", "a.yaml:4: demand.a.branches: sum to 0.9, expected 1"]),
        ("pools: {a: 1}\n", ["a.yaml:1: pools: got a mapping, expected a list"]),
        ("pools:\n  - name: a\n    fte: 1\n  - name: b\n", ["a.yaml:4: pools.1.fte: missing, expected a number (FTE)"]),
        ("months:\n  1: x\n  b: 2\n", ["a.yaml:2: months.1: got text 'x', expected a number",
         "a.yaml:3: months.b: as a key: got text 'b', expected a whole number"]),
        ("opens: 2018-04-31\n", ["a.yaml:1: opens: '2018-04-31' does not exist, expected a date (YYYY-MM-DD)"]),
        ("opens: soon\n", ["a.yaml:1: opens: got text 'soon', expected a date (YYYY-MM-DD)"]),
        ("currency: pound\n", ["a.yaml:1: currency: got text 'pound', expected one of pounds, pence,"
         " did you mean pounds?"]),
        ("growht: 1\n", [f"a.yaml:1: growht: unknown key, expected {COUNCIL_KEYS}, did you mean growth?"]),
    ],
)  # fmt: skip
def test_what_a_model_refuses_is_said_in_plain_english(folder: Folder, content: str, expected: list[str]) -> None:
    folder.write("a.yaml", content)
    assert problems_of("a.yaml") == expected


def test_every_problem_of_every_file_is_said_at_once_in_order(folder: Folder) -> None:
    folder.write("b.yaml", "demand:\n  x: {volume: a}\ngrowth: 7\n")
    folder.write("a.yaml", "extends: b.yaml\nlabel: [1]\nlabel: b\npools: 3\n")
    places = [problem.split(" ")[0] for problem in problems_of("a.yaml")]
    assert places == ["a.yaml:3:", "a.yaml:4:", "b.yaml:2:", "b.yaml:3:"]


def test_a_long_value_is_cut_in_messages(folder: Folder) -> None:
    folder.write("a.yaml", f"growth: {'x' * 5000}\n")
    assert len(problems_of("a.yaml")[0]) < 120


def test_a_message_is_one_printable_line(folder: Folder) -> None:
    folder.write("a.yaml", 'growth: "two\\nlines\\e[31m"\n')
    assert problems_of("a.yaml") == [r"a.yaml:1: growth: got text 'two\nlines\x1b[31m', expected a number (share)"]


def test_an_input_error_needs_a_problem_and_sorts_them() -> None:
    later, earlier = Problem("b", None, "", "x"), Problem("a", 2, "", "x")
    assert InputError([later, earlier, later]).problems == (earlier, later)
    with pytest.raises(ValueError, match="at least one"):
        InputError([])


# --- anything at all ------------------------------------------------------------------------------------------------

YAML_LIKE = st.text(alphabet="ab:01 \n\t-[]{},#&*!|>'\"%?<.~", max_size=60)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def reads_or_refuses(name: str, *sets: str) -> None:
    try:
        read_as(name, Council, sets)
    except InputError as error:
        assert error.problems and str(error)


fuzz = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@fuzz
@example(b"\xff\xfe\x00")
@given(st.binary(max_size=80) | YAML_LIKE.map(str.encode))
def test_any_bytes_are_read_or_refused(folder: Folder, content: bytes) -> None:
    reads_or_refuses(folder.write("a.yaml", content))


@fuzz
@given(st.dictionaries(st.sampled_from(list(Council.model_fields)), VALUES, max_size=4))
def test_any_values_are_checked_or_refused(folder: Folder, data: dict[str, object]) -> None:
    text = repr(data).replace("None", "null").replace("nan", ".nan").replace("inf", ".inf")
    reads_or_refuses(folder.write("a.yaml", text))


@fuzz
@given(
    st.lists(YAML_LIKE | st.tuples(st.sampled_from(["growth", "demand.a.volume", "pools.0"]), YAML_LIKE).map("=".join))
)
def test_any_set_is_laid_on_or_refused(folder: Folder, sets: list[str]) -> None:
    reads_or_refuses(folder.write("a.yaml", BASE), *sets)


def test_a_new_value_in_a_split_drops_the_ends_of_its_range_that_exclude_it(tmp_path: Path) -> None:
    base = "lever: {by: kind, values: {a: 0.5, b: 0.5}, low: {a: 0.4, b: 0.4}, high: {a: 0.6}}\n"
    (tmp_path / "base.yaml").write_text(base)
    (tmp_path / "top.yaml").write_text("extends: base.yaml\nlever: {values: {b: 0.1}}\n")
    data = read_document(str(tmp_path / "top.yaml"), ["lever.values.a=0.9"]).data
    assert data["lever"] == {"by": "kind", "values": {"a": 0.9, "b": 0.1}, "low": {"a": 0.4}, "high": {}}
