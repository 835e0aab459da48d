def test_right_scenarios_are_ok_with_their_number_of_assumptions(tom):
    said = tom("check", "small", "district")
    assert said.status == 0
    assert said.out.splitlines() == ["OK: small — 2 assumptions", "OK: district — 2 assumptions"]


def test_the_problems_of_all_files_are_told_at_once(tom):
    said = tom("check", "bad1.yaml", "small", "bad2.yaml")
    assert said.status == 2
    assert said.out.splitlines() == ["OK: small — 2 assumptions"]
    assert [line.split(":")[:2] for line in said.err.splitlines()] == [
        ["bad1.yaml", "3"],
        ["bad1.yaml", "9"],
        ["bad2.yaml", "3"],
        ["bad2.yaml", "9"],
    ]


def test_check_as_json_says_which_files_are_right(tom):
    said = tom("check", "small", "bad.yaml", "--json")
    assert said.status == 2
    assert said.json["checked"] == [{"file": "small", "ok": True}, {"file": "bad.yaml", "ok": False}]
    assert [problem["line"] for problem in said.json["problems"]] == [3, 9]
    assert "2 problems" in said.json["error"]


def test_check_as_json_without_problems_has_no_error(tom):
    assert tom("check", "small", "--json").json == {"checked": [{"file": "small", "ok": True}], "problems": []}


def test_describe_shows_assumptions_and_stable_paths(tom):
    said = tom("describe", "small")
    assert said.status == 0
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "demand.volume 1,385,000 per year 1,000,000 2,000,000 A Cabinet pack, slide 263" in lines
    assert "demand.growth growth of demand a year" in lines


def test_describe_as_json_leaves_out_what_an_assumption_lacks(tom):
    described = tom("describe", "small", "--json").json
    assert described["assumptions"][1] == {"path": "x", "value": 0.1, "unit": "share"}
    assert described["set_paths"] == [{"path": "demand.growth", "meaning": "growth of demand a year"}]
    assert "routing_graph" not in described


def test_describe_draws_the_routing_graph_on_request(tom, tmp_path):
    described = tom("describe", "small", "--out", "deep/routes.svg", "--json").json
    assert described["routing_graph"] == str(tmp_path / "deep" / "routes.svg")
    assert (tmp_path / "deep" / "routes.svg").read_text("utf-8") == "<svg><!-- small £ --></svg>"


def test_describe_into_a_folder_names_the_picture_after_the_scenario(tom, tmp_path):
    tom("describe", "small", "--out", ".")
    assert [path.name for path in tmp_path.iterdir()] == ["small.svg"]


def test_describe_that_cannot_draw_fails_in_plain_words(tom, tmp_path):
    (tmp_path / "file").write_text("")
    said = tom("describe", "small", "--out", "file/routes.svg")
    assert said.status == 1
    assert "cannot write" in said.err
