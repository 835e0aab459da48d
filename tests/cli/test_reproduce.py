import pytest

from simulation.cli.reproduce import misses


@pytest.fixture
def as_json(tom):
    return tom("reproduce", "--json").json


def test_cells_that_agree_and_differ_make_all_derived_cells(as_json):
    assert as_json["matched"] + len(as_json["unmatched"]) == as_json["cells"] > 0


def test_every_cell_is_shown_and_every_miss_named_with_its_cause(tom, as_json):
    said = tom("reproduce")
    assert said.status == 0
    rows = said.out.split("What differs, and why")[0].split("\n")
    assert sum(" derived " in row for row in rows) == as_json["cells"]
    assert sum(" input" in row for row in rows) >= as_json["inputs"]
    assert all(miss["cell"] in said.out and miss["why"] in said.out for miss in as_json["unmatched"])
    assert f"Of {as_json['cells']} derived cells {as_json['matched']} agree" in said.out


def test_no_miss_is_said_so():
    assert misses([]) == "No derived cell differs.\n"


def test_the_back_test_is_apart_from_the_cells_that_count(tom, as_json):
    assert {look["question"] for look in as_json["back_test"]} >= {"Saved in 2018/19", "Expected of 2019/20: all"}
    said = tom("reproduce").out
    assert "One history." in said and said.index("What differs, and why") < said.index("Back-test")
