import pytest

from simulation.cli.main import wants_json

WRONG = [
    (["run", "small", "--months", "0"], "--months", "1 to 60"),
    (["run", "small", "--months", "121"], "--months", "1 to 60"),
    (["run", "small", "--months", "two"], "--months", "1 to 60"),
    (["run", "small", "--seed", "-1"], "--seed", "0 to 9223372036854775807"),
    (["run", "small", "--workers", "0"], "--workers", "1 to 1024"),
    (["run", "small", "--replications", "0"], "--replications", "1 to 10000"),
    (["run", "small", "--engine", "steam"], "--engine", "simpy or compiled"),
    (["run", "small", "--sede", "1"], "--sede", ""),
    (["run"], "scenario", ""),
    (["check"], "files", ""),
    (["rnu", "small"], "", ""),
    (["run", "small", "another"], "", ""),
]


@pytest.mark.parametrize(("arguments", "path", "expected"), WRONG, ids=lambda value: str(value))
def test_a_wrong_command_line_is_wrong_input_and_says_what_was_expected(tom, tmp_path, arguments, path, expected):
    said = tom(*arguments, "--json")
    (problem,) = said.json["problems"]
    assert said.status == 2
    assert (problem["file"], problem["line"], problem["path"]) == ("command line", None, path)
    assert problem["expected"] == expected
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_option_is_met_with_the_one_meant(tom):
    assert tom("run", "small", "--replicatons", "3").err.splitlines()[0] == (
        "command line: --replicatons: no such option: --replicatons, did you mean --replications?"
    )


def test_a_misspelt_command_is_met_with_the_one_meant(tom):
    assert "Did you mean 'run'?" in tom("rnu").err


def test_without_a_command_the_help_is_shown_and_it_is_wrong_input(tom):
    said = tom()
    assert (said.status, said.out) == (2, "")
    assert "Usage: tom" in said.err


@pytest.mark.parametrize("command", ["", "run", "check", "describe", "reproduce", "calibrate"])
def test_every_command_has_help(tom, command):
    said = tom(*filter(None, [command]), "--help")
    assert said.status == 0
    assert said.out.startswith(f"Usage: tom {command}".strip())


def test_the_version_is_one_line(tom):
    said = tom("--version")
    assert said.status == 0
    assert said.out.startswith("tom ")
    assert said.out.count("\n") == 1


def test_json_is_an_option_only_before_the_double_dash():
    assert wants_json(["run", "small", "--json"])
    assert not wants_json(["run", "--", "--json"])
