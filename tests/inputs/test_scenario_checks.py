"""Wrong scenarios: every fault is told in plain words at its file and line, with exit status 2, and nothing is written.

Each scenario here is the one queue with one thing wrong.
"""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from layers.problems import InputError
from simulation.cli.main import status_of
from simulation.scenario import load

BASE = "extends: one_queue\n"
TWO_KINDS = """\
demand:
  kinds:
    report: {label: Reports}
  types:
    call: {kinds: {values: {information: 1, report: 1}}}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def problems(here: Path):
    """`problems(text)`: what loading says about the one queue with this laid on it, line by line."""

    def of(text: str) -> list[str]:
        (here / "bad.yaml").write_text(BASE + text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load("bad.yaml")
        return [str(problem) for problem in caught.value.problems]

    return of


# --- Keys, units, types, ranges --------------------------------------------------------------------------------------

VALUES = {
    "a misspelt key": (
        "demand:\n  groth: 0.1\n",
        "bad.yaml:3: demand.groth: unknown key, expected one of growth, volume_factor, kinds, complexities, channels, "
        "types, profiles, scheduled, did you mean growth?",
    ),
    "a misspelt key deep down": (
        "teams:\n  pools:\n    desk:\n      opning: always\n",
        "bad.yaml:5: teams.pools.desk.opning: unknown key, expected one of label, layer, opening, model, fte, takes, "
        "did you mean opening?",
    ),
    "a wrong unit": (
        "teams:\n  productive_hours: {value: 1500, unit: minutes}\n",
        "bad.yaml:3: teams.productive_hours.unit: got text 'minutes', expected hours per FTE per year",
    ),
    "text for a number": (
        "demand:\n  growth: much\n",
        "bad.yaml:3: demand.growth: got text 'much', expected a number (share a year)",
    ),
    "true for a number": (
        "teams:\n  pools:\n    desk:\n      fte: true\n",
        "bad.yaml:5: teams.pools.desk.fte: got true, expected a number (FTE)",
    ),
    "a list for a mapping": (
        "demand:\n  types: [call]\n",
        "bad.yaml:3: demand.types: got a list, expected a mapping",
    ),
    "a number that is none": (
        "demand:\n  growth: .nan\n",
        "bad.yaml:3: demand.growth: .nan is not a finite number, expected a finite number",
    ),
    "a probability above 1": (
        "routes:\n  failure_demand:\n    redial: 1.2\n",
        "bad.yaml:4: routes.failure_demand.redial: 1.2 is too large, expected at most 1",
    ),
    "probabilities above 1 together": (
        "routes:\n  failure_demand: {redial: 0.7, other_channel: 0.7}\n",
        "bad.yaml:3: routes.failure_demand.other_channel: redial and other channel together are above 1, expected at most 1",
    ),
    "a range that ends above 1": (
        "routes:\n  failure_demand:\n    redial: {value: 0.5, high: 1.5}\n",
        "bad.yaml:4: routes.failure_demand.redial.high: 1.5 is too large, expected at most 1",
    ),
    "a range that excludes its value": (
        "demand:\n  growth: {value: 0.1, low: 0.2}\n",
        "bad.yaml:3: demand.growth.low: 0.2 is above the value 0.1",
    ),
    "a negative volume": (
        "demand:\n  types:\n    call:\n      handled: {values: {phone: -5}}\n",
        "bad.yaml:5: demand.types.call.handled.values.phone: -5 per year, expected 0 or more",
    ),
    "a negative volume factor": (
        "demand:\n  volume_factor: -1\n",
        "bad.yaml:3: demand.volume_factor.value: -1 is too small, expected at least 0",
    ),
    "no productive hours": (
        "teams:\n  productive_hours: 0\n",
        "bad.yaml:3: teams.productive_hours.value: 0 is too small, expected more than 0",
    ),
    "no occupancy": (
        "teams:\n  occupancy: {live: 0}\n",
        "bad.yaml:3: teams.occupancy.live.value: 0 is too small, expected more than 0",
    ),
    "everybody lost": (
        "routes:\n  steps:\n    answer: {work: {patience: 5, abandoned_today: 1}}\n",
        "bad.yaml:4: routes.steps.answer.work.abandoned_today: 1 is too large, expected less than 1",
    ),
    "a date that does not exist": (
        "calendar:\n  bank_holidays: [2018-12-25, 2018-02-30]\n",
        "bad.yaml:3: calendar.bank_holidays.1: '2018-02-30' does not exist, expected a date (YYYY-MM-DD)",
    ),
    "a month that does not exist": (
        "calendar:\n  first_month: 2018-13\n",
        "bad.yaml:3: calendar.first_month: '2018-13' is no month, expected a year and a month, 1900-01 to 2200-12",
    ),
    "a year before the calendar": (
        "calendar:\n  first_month: 0001-04\n",
        "bad.yaml:3: calendar.first_month: '0001-04' is no month, expected a year and a month, 1900-01 to 2200-12",
    ),
    "too long a warm-up": (
        "period: {settling_weeks: 60}\n",
        "bad.yaml:2: period.settling_weeks: 60 is too large, expected at most 52",
    ),
    "a day of too few hours": (
        "demand:\n  profiles:\n    flat: {hours: {any: [1, 1]}}\n",
        "bad.yaml:4: demand.profiles.flat.hours.any: 2 hours, expected 24, midnight first",
    ),
    "no contacts in any month": (
        "demand:\n  profiles:\n    flat: {months: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}\n",
        "bad.yaml:4: demand.profiles.flat.months: all weights are 0, expected at least one above 0",
    ),
}


@pytest.mark.parametrize("case", VALUES)
def test_a_wrong_value_is_told_at_its_line(problems, case):
    text, said = VALUES[case]
    assert problems(text) == [said]


# --- Routes ----------------------------------------------------------------------------------------------------------


def branch(*options: str) -> str:
    """A first step that divides calls."""
    lines = ["routes:", "  entries: {contact: which}", "  steps:", "    which:", "      layer: customer_management"]
    return "\n".join([*lines, "      choose:", *(f"        - {option}" for option in options), ""])


ROUTES = {
    "a branch below 1": (
        branch("{to: done, share: 0.3}", "{to: answer, share: 0.3}"),
        "bad.yaml:7: routes.steps.which.choose: shares sum to 0.6 in the today model, expected 1, or a last option with "
        "the rest",
    ),
    "a branch above 1": (
        branch("{to: done, share: 0.7}", "{to: answer, share: 0.7}"),
        "bad.yaml:7: routes.steps.which.choose: shares sum to 1.4 in the today model, expected at most 1",
    ),
    "a rest of less than nothing": (
        branch("{to: done, share: 0.7}", "{to: answer, share: 0.7}", "{to: done}"),
        "bad.yaml:7: routes.steps.which.choose: shares sum to 1.4 in the today model, expected at most 1",
    ),
    "a rest that comes first": (
        branch("{to: done}", "{to: answer, share: 0.7}"),
        "bad.yaml:8: routes.steps.which.choose.0: the option that takes the rest is not the last, expected one such "
        "option, the last",
    ),
    "a share above 1 for one kind": (
        branch("{to: done, share: {by: kind, values: {information: 1.5}, unit: share}}", "{to: answer}"),
        "bad.yaml:8: routes.steps.which.choose.0.share.values.information: 1.5 share, expected between 0 and 1",
    ),
    "a step that nothing leads to": (
        "routes:\n  steps:\n    lost:\n      layer: customer_management\n      end: {label: Lost}\n",
        "bad.yaml:4: routes.steps.lost: no route leads here, expected a step that is reached",
    ),
    "a route that never ends": (
        "routes:\n  steps:\n    answer: {to: again}\n    again:\n      layer: customer_management\n      choose:\n"
        "        - {to: answer, share: 0.5}\n        - {to: done}\n",
        "bad.yaml:4: routes.steps.answer: an endless route: answer → again → answer, expected a route that ends",
    ),
    "a step that does not exist": (
        "routes:\n  steps:\n    answer: {to: dnoe}\n",
        "bad.yaml:4: routes.steps.answer.to: no step 'dnoe', expected one of answer, done, did you mean done?",
    ),
    "a step with no way on": (
        "routes:\n  steps:\n    answer: {to: null}\n",
        "bad.yaml:4: routes.steps.answer: work without `to`, expected `to`",
    ),
    "a step that does two things": (
        "routes:\n  steps:\n    answer: {drag: true}\n",
        "bad.yaml:4: routes.steps.answer: does work and drag, expected exactly one of choose, match, work, pause, drag, "
        "becomes, end",
    ),
    "a match without a way on": (
        TWO_KINDS + "routes:\n  entries: {contact: sort}\n  steps:\n    sort:\n      layer: customer_management\n"
        "      match: {by: kind, to: {information: answer}}\n",
        "bad.yaml:12: routes.steps.sort.match: no way on for one class of contact: call, calls, report, standard, phone, "
        "expected one for each, or `otherwise`",
    ),
    "a match on a misspelt kind": (
        "routes:\n  entries: {contact: sort}\n  steps:\n    sort:\n      layer: customer_management\n"
        "      match: {by: kind, to: {informatoin: answer}, otherwise: answer}\n",
        "bad.yaml:7: routes.steps.sort.match.to.informatoin: no kind 'informatoin', expected information, did you mean "
        "information?",
    ),
    "minutes for a misspelt type": (
        "routes:\n  steps:\n    answer: {work: {minutes: {by: demand_type, values: {cal: 3}, otherwise: 10}}}\n",
        "bad.yaml:4: routes.steps.answer.work.minutes.values.cal: no demand type 'cal', expected call, did you mean call?",
    ),
    "an option only for a misspelt channel": (
        branch("{to: done, share: 0.1, only: {channels: [phnoe]}}", "{to: answer}"),
        "bad.yaml:8: routes.steps.which.choose.0.only.channels.0: no channel 'phnoe', expected phone, did you mean phone?",
    ),
    "work without minutes for some": (
        TWO_KINDS + "routes:\n  steps:\n    answer: {work: {minutes: {by: kind, values: {information: 3}}}}\n",
        "bad.yaml:9: routes.steps.answer.work: no minutes for one class of contact: call, calls, report, standard, phone, "
        "expected minutes for each",
    ),
    "a lever that moves nothing": (
        "levers:\n  all:\n    l: {label: L, layer: customer_management, today: {value: 0.1, unit: share}, "
        "target: {value: 0.2, unit: share}}\n",
        "bad.yaml:4: levers.all.l: moves nothing, expected a lever that a step or failure demand names",
    ),
}


@pytest.mark.parametrize("case", ROUTES)
def test_a_wrong_route_is_told_at_its_line(problems, case):
    text, said = ROUTES[case]
    assert problems(text) == [said]


# --- Teams -----------------------------------------------------------------------------------------------------------

TEAMS = {
    "a team without staff": (
        "teams:\n  pools:\n    desk: {fte: 0}\n",
        "bad.yaml:4: teams.pools.desk.fte: a team without staff, expected above 0 FTE, or no `fte` to have it solved",
    ),
    "teams without staff": (
        "teams:\n  staffing_factor: 0\n",
        "bad.yaml:3: teams.staffing_factor.value: 0 is too small, expected more than 0",
    ),
    "less than nobody": (
        "teams:\n  pools:\n    desk: {fte: -1}\n",
        "bad.yaml:4: teams.pools.desk.fte.value: -1 is too small, expected at least 0",
    ),
    "a team that closes when it opens": (
        'teams:\n  opening_hours:\n    always: {to: "00:00"}\n',
        "bad.yaml:4: teams.opening_hours.always.to: never open: from 00:00 to 00:00, expected a time after opening",
    ),
    "a team that closes before it opens": (
        'teams:\n  opening_hours:\n    always: {from: "17:00", to: "09:00"}\n',
        "bad.yaml:4: teams.opening_hours.always.to: never open: from 17:00 to 09:00, expected a time after opening",
    ),
    "a team that opens on no day": (
        "teams:\n  opening_hours:\n    always: {days: []}\n",
        "bad.yaml:4: teams.opening_hours.always.days: 0 items, expected at least 1 item",
    ),
    "an hour that does not exist": (
        'teams:\n  opening_hours:\n    always: {to: "25:00"}\n',
        "bad.yaml:4: teams.opening_hours.always.to: '25:00' is no time of day, expected hours and minutes in quotes, "
        '"00:00" to "24:00"',
    ),
    "a layer that does not exist": (
        "teams:\n  pools:\n    desk: {layer: customer_managment}\n",
        "bad.yaml:4: teams.pools.desk.layer: no layer 'customer_managment', expected one of customer_management, did you "
        "mean customer_management?",
    ),
    "a team for a kind that does not exist": (
        "teams:\n  pools:\n    desk:\n      takes:\n        - {steps: [answer], kinds: [other]}\n",
        "bad.yaml:6: teams.pools.desk.takes.0.kinds.0: no kind 'other', expected information",
    ),
}


@pytest.mark.parametrize("case", TEAMS)
def test_a_wrong_team_is_told_at_its_line(problems, case):
    text, said = TEAMS[case]
    assert problems(text) == [said]


def test_a_step_that_no_team_takes_is_told_at_the_step(problems):
    (said,) = problems(
        TWO_KINDS + "teams:\n  pools:\n    desk:\n      takes:\n        - {steps: [answer], kinds: [report]}\n"
    )
    place, line, rest = said.split(":", 2)
    assert Path(place).name == "one_queue.yaml" and int(line) > 0
    assert rest == (
        " routes.steps.answer: no team takes it in the today model for one class of contact: call, calls, information, "
        "standard, phone, expected one team"
    )


def test_a_step_that_two_teams_take_is_told_at_the_step(problems):
    second = "{label: Second, layer: customer_management, opening: always, fte: 1, takes: [{steps: [answer]}]}"
    (said,) = problems(f"teams:\n  pools:\n    second: {second}\n")
    assert said.split(": ", 1)[1] == (
        "routes.steps.answer: several teams take it in the today model for one class of contact: call, calls, "
        "information, standard, phone, expected one team"
    )


def test_every_fault_is_told_at_once_in_the_order_of_lines(problems):
    said = problems(
        "demand:\n  groth: 1\n  volume_factor: -1\nteams:\n  productive_hours: 0\n  pools:\n    desk: {fte: yes}\n"
    )
    assert [line.split(" ")[:2] for line in said] == [
        ["bad.yaml:3:", "demand.groth:"],
        ["bad.yaml:4:", "demand.volume_factor.value:"],
        ["bad.yaml:6:", "teams.productive_hours.value:"],
        ["bad.yaml:8:", "teams.pools.desk.fte:"],
    ]


def test_dropping_a_demand_type_is_no_fault(world):
    """A volume of 0 is a question one may ask: what if these contacts went elsewhere?"""
    none = "{phone: 0, webchat: 0, email: 0, web: 0}"
    district = world("district", f"demand.types.nuisance.handled.values={none}")
    assert district.month(district.model()).causes["first_contacts"] > 5_000


# --- Files, through the command line ---------------------------------------------------------------------------------


def aliases(levels: int) -> str:
    """A YAML bomb: nine aliases of nine aliases of …"""
    names = "abcdefghijkl"[:levels]
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in pairwise(names)]
    return "\n".join(lines)


FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "bad.yaml:1: is empty"),
    "nothing but a comment": (b"# nothing\n", "bad.yaml:1: is empty"),
    "a list": (b"- a\n", "bad.yaml:1: is not a mapping, expected keys and values"),
    "not UTF-8": (
        "extends: one_queue\ntitle: Café\n".encode("latin-1"),
        "bad.yaml:2: byte 0xe9 at offset 29 is not UTF-8, expected a file saved as UTF-8",
    ),
    "not YAML": (b"title:\n\t- x\n", "bad.yaml:2: not YAML: a tab where only spaces may stand"),
    "a bomb": (
        aliases(10).encode(),
        "bad.yaml:6: f.1: too many values, aliases written out, expected at most 200,000 in all",
    ),
    "its own base": (b"extends: bad.yaml\n", "bad.yaml:1: extends: extends itself: bad.yaml → bad.yaml"),
}


@pytest.fixture
def refused(here: Path, capsys: pytest.CaptureFixture[str]):
    """`refused(…)`: `tom check …` ends with status 2 and writes nothing; returns the problems it tells."""

    def of(*arguments: str) -> list[dict[str, object]]:
        before = sorted(path.name for path in here.rglob("*"))
        assert status_of(["check", *arguments, "--json"]) == 2
        assert sorted(path.name for path in here.rglob("*")) == before
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        problems = json.loads(said.out)["problems"]
        assert problems
        return problems

    return of


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_read_is_refused(here, refused, case):
    content, said = FILES[case]
    (here / "bad.yaml").write_bytes(content)
    with pytest.raises(InputError) as caught:
        load("bad.yaml")
    assert str(caught.value) == said
    assert [(problem["file"], problem["line"]) for problem in refused("bad.yaml")] == [
        (problem.file, problem.line) for problem in caught.value.problems
    ]


def test_a_file_of_200_megabytes_is_refused_unread(here, refused):
    with (here / "bad.yaml").open("wb") as file:
        file.truncate(200_000_000)
    (problem,) = refused("bad.yaml")
    assert problem["message"] == "is too large (200,000,000 bytes)"
    assert problem["expected"] == "at most 5,000,000 bytes"


def test_files_that_extend_each_other_are_refused(here, refused):
    (here / "a.yaml").write_text("extends: b.yaml\n")
    (here / "b.yaml").write_text("title: B\nextends: a.yaml\n")
    (problem,) = refused("a.yaml")
    assert (problem["file"], problem["line"], problem["path"]) == ("b.yaml", 2, "extends")
    assert problem["message"] == "extends itself: a.yaml → b.yaml → a.yaml"


def test_a_missing_base_is_told_where_it_is_named(here, refused):
    (here / "bad.yaml").write_text("title: Bad\nextends: oxfordshir\n")
    (problem,) = refused("bad.yaml")
    assert (problem["file"], problem["line"], problem["suggestion"]) == ("bad.yaml", 2, "oxfordshire")


def test_a_missing_scenario_is_refused_with_the_nearest_name(refused):
    (problem,) = refused("oxfordshir")
    assert (problem["message"], problem["suggestion"]) == ("no such file", "oxfordshire")


def test_the_faults_of_a_scenario_are_told_by_the_command_too(here, refused):
    (here / "bad.yaml").write_text(BASE + "teams:\n  pools:\n    desk: {fte: 0}\n")
    (problem,) = refused("bad.yaml")
    assert (problem["file"], problem["line"], problem["path"]) == ("bad.yaml", 4, "teams.pools.desk.fte")


def test_a_run_of_a_wrong_scenario_makes_no_result(here):
    (here / "bad.yaml").write_text(BASE + "demand:\n  volume_factor: -1\n")
    assert status_of(["run", "bad.yaml"]) == 2
    assert [path.name for path in here.iterdir()] == ["bad.yaml"]


def test_a_horizon_beyond_the_limit_is_refused(here):
    assert status_of(["run", "one_queue", "--months", "97"]) == 2
    assert not list(here.iterdir())


@pytest.mark.parametrize("name", ["oxfordshire", "as_is", "district", "one_queue"])
def test_the_shipped_scenarios_are_right(here, name):
    assert status_of(["check", name]) == 0
    assert not list(here.iterdir())
