"""The documentation says what there is: links, commands, scenarios, snippets and tables are held against the program."""

import re
import shlex
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.main import get_command

from layers.shipped import configs_folder, shipped_names
from simulation.calibration import calibrated
from simulation.cli.app import app
from simulation.cli.main import status_of
from simulation.describe import assumptions
from simulation.effort import FRONT_OFFICE, fixed_by_layer
from simulation.establishment import expected, step_fte
from simulation.operating_model import OperatingModel
from simulation.scenario import load
from simulation.store.result import read_manifest, read_result, read_summary
from simulation.store.tables import EVENTS, TABLES
from simulation.summary import SIMULATED

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
COMMANDS: dict[str, Any] = get_command(app).commands  # type: ignore[attr-defined]
SMALL = ["--months", "1", "--replications", "1", "--set", "levers.in_target=[channel_shift, straight_through]"]
ACCENT = dict(zip("−–", "--", strict=True))


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str, before: str = "") -> list[str]:
    """The fenced blocks of one language, or those alone that a comment stands before."""
    return re.findall(rf"^{before}```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def section(text: str, heading: str) -> str:
    """What stands under a heading of the second level."""
    return re.split(r"^## ", text.split(f"\n## {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    """Every name in backticks in the first column of the tables of a text."""
    firsts = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    return [name for cell in firsts for name in re.findall(r"`([^`]+)`", cell)]


@dataclass(frozen=True)
class Line:
    """A command line somewhere in the documentation."""

    where: str
    words: tuple[str, ...]

    @property
    def command(self) -> str:
        return self.words[0]

    @property
    def options(self) -> list[str]:
        return [word.split("=")[0] for word in self.words[1:] if word.startswith("--")]

    @property
    def sets(self) -> list[str]:
        return [value for word, value in zip(self.words, self.words[1:], strict=False) if word == "--set"]

    @property
    def scenarios(self) -> list[str]:
        """What stands where a scenario is expected, placeholders such as FILE… left out."""
        taken = {
            i + 1 for i, word in enumerate(self.words) if word.startswith("--") and takes_value(self.command, word)
        }
        plain = [w for i, w in enumerate(self.words) if i > 0 and i not in taken and not w.startswith("--")]
        return [word for word in plain if word.islower() and "…" not in word]


def takes_value(command: str, option: str) -> bool:
    found = [p for p in COMMANDS[command].params if option in p.opts] if command in COMMANDS else []
    return bool(found) and not found[0].is_flag


def command_lines() -> Iterator[Line]:
    """Every `tom …` in a shell block or between backticks, but for `tom …` itself and `tom --version`."""
    for file in PAGES:
        text = file.read_text(encoding="utf-8")
        shell = [line for block in blocks(text, "sh") for line in block.splitlines()]
        inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
        for said in [*shell, *inline]:
            match = re.match(r"(?:python3 start\.py )?tom (.+)", said)
            words = tuple(shlex.split(match[1])) if match else ()
            if words and words[0] not in ("…", "COMMAND") and not words[0].startswith("-"):
                yield Line(name_of(file), words)


LINES = sorted(set(command_lines()), key=lambda line: (line.where, line.words))


def slug(heading: str) -> str:
    """The anchor that a heading gets on the web: lower case, no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the district was run with either engine, as the how-to guides do, with two levers only."""
    folder = tmp_path_factory.mktemp("docs")
    with chdir(folder):
        for engine in ("compiled", "simpy"):
            assert (
                status_of(["run", "district", *SMALL, "--engine", engine, "--workers", "1", "--quiet", "--events"]) == 0
            )
    return folder


def newest(results: Path) -> Path:
    return max((results / "results" / "district").iterdir())


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_every_link_to_a_heading_leads_to_one(file: Path) -> None:
    broken = []
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", file.read_text(encoding="utf-8")):
        there = (file.parent / target).resolve() if target else file
        headings = re.findall(r"^#+ (.*)$", there.read_text(encoding="utf-8"), re.MULTILINE) if there.is_file() else []
        broken += [] if anchor in map(slug, headings) else [f"{target}#{anchor}"]
    assert broken == []


def test_every_page_can_be_reached_from_the_first_one() -> None:
    seen, left = set(), [ROOT / "docs" / "index.md"]
    while left:
        here = left.pop().resolve()
        if here.suffix == ".md" and here.is_file() and here not in seen:
            seen.add(here)
            left += [here.parent / link for link in re.findall(r"\]\(([^)#\s:]+)[^)]*\)", here.read_text("utf-8"))]
    assert [name_of(file) for file in PAGES if file.resolve() not in seen] == []


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.where}: {' '.join(line.words)}")
def test_every_command_line_that_is_shown_exists(line: Line) -> None:
    assert line.command in COMMANDS
    known = {option for parameter in COMMANDS[line.command].params for option in parameter.opts} | {"--help"}
    assert [option for option in line.options if option not in known] == []
    shipped = [*shipped_names(), *(file.stem for file in (configs_folder() / "sweeps").glob("*.yaml"))]
    unknown = [name for name in line.scenarios if name not in shipped and not name.endswith(".yaml")]
    assert unknown == []


@pytest.mark.parametrize("line", [line for line in LINES if line.sets], ids=lambda line: " ".join(line.sets))
def test_every_value_that_is_shown_being_set_is_accepted(line: Line) -> None:
    shipped = [name for name in line.scenarios if name in shipped_names()] or ["oxfordshire"]
    sets = [given for given in line.sets if given != "PATH=VALUE"]
    assert load(shipped[0], sets).council


def test_there_are_command_lines_to_check() -> None:
    assert len(LINES) > 25
    assert {line.command for line in LINES} == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_reference_lists_every_option_of_a_command_and_no_other(command: str) -> None:
    text = page("docs/reference/commands.md")
    heading = next(h for h in re.findall(r"^## (.*)$", text, re.MULTILINE) if h.startswith(f"`tom {command}"))
    said = {cell.split()[0].split("\\")[0] for cell in first_cells(section(text, heading)) if cell.startswith("--")}
    options = {o for p in COMMANDS[command].params for o in p.opts if o.startswith("--") and o != "--help"}
    assert said >= options
    assert {option for option in said if option not in options} <= {"--months", "--engine"}


@pytest.mark.parametrize("name", ["README.md", "docs/reference/commands.md"])
def test_the_shipped_scenarios_are_named(name: str) -> None:
    assert [scenario for scenario in shipped_names() if f"`{scenario}`" not in page(name)] == []


def test_the_reference_describes_every_column_that_a_run_writes_and_no_other(results: Path) -> None:
    text = page("docs/reference/results.md")
    found = read_result(newest(results))
    assert set(found) == set(TABLES) - {"finance", "releases"}, "the district has no money"
    for name, table in found.items():
        said = first_cells(section(text, f"`{name}`"))
        assert set(said) == set(TABLES[name].measures), name
        # the district's layers have no price
        assert set(said) - set(table.columns) <= {"released_pounds"}, name
        keys = section(text, f"`{name}`").split("Key: ")[1].split("\n")[0]
        assert [key for key in TABLES[name].key if f"`{key}`" not in keys] == [], name
    said = first_cells(section(text, "`events`"))
    assert set(said) == set(EVENTS.columns) - {"scenario", "model", "replication"}


@pytest.mark.parametrize("name", ["summary", "manifest"])
def test_the_reference_describes_every_key_of_summary_and_manifest(results: Path, name: str) -> None:
    found = {"summary": read_summary, "manifest": read_manifest}[name](newest(results))
    text = section(page("docs/reference/results.md"), f"`{name}.json`")
    assert [key for key in found if f"`{key}`" not in text] == []
    if name == "summary":
        inner = [*found["required_fte"], *found["service_held"], *found["released_fte"]]
        inner += [key for part in ("demand", "balance", "search") for key in found[part]["today"]]
        assert [key for key in inner if f"`{key}`" not in text] == []


RUNNABLE = [file for file in PAGES if blocks(file.read_text(encoding="utf-8"), "python", "<!-- runs -->\n")]


@pytest.mark.parametrize("file", RUNNABLE, ids=name_of)
def test_python_that_is_marked_as_running_runs(file: Path, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shared: dict[str, Any] = {}
    with chdir(results):
        for block in blocks(file.read_text(encoding="utf-8"), "python", "<!-- runs -->\n"):
            exec(compile(block, name_of(file), "exec"), shared)
    assert capsys.readouterr().out


QUERIES = [(name_of(file), query) for file in PAGES for query in blocks(file.read_text(encoding="utf-8"), "sql")]


@pytest.mark.parametrize(("name", "query"), QUERIES, ids=[f"{name} {i}" for i, (name, _) in enumerate(QUERIES)])
def test_sql_that_is_shown_runs_in_a_result_folder_and_finds_something(name: str, query: str, results: Path) -> None:
    with chdir(newest(results)):
        assert len(duckdb.sql(query).df()) > 0


SCENARIOS = [
    (f"{name_of(file)} {place}", block)
    for file in PAGES
    for place, block in enumerate(blocks(file.read_text(encoding="utf-8"), "yaml"))
    if block.startswith("title:")
]


@pytest.mark.parametrize(("name", "text"), SCENARIOS, ids=[name for name, _ in SCENARIOS])
def test_a_scenario_that_is_shown_whole_is_right(name: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "shown.yaml"
    file.write_text(text, encoding="utf-8")
    assert load(str(file)).council


HEADLINES = ["README.md", "docs/tutorial/first-run.md"]


def printed(name: str) -> list[str]:
    """The parts of the output of `tom run oxfordshire` that a page shows: a table each, then sentences."""
    (said,) = [block.split("\n\n") for block in blocks(page(name), "text") if "Released" in block]
    return said


def rows_of(table: str) -> dict[str, list[float]]:
    """The numbers of each row by its first words, a range in brackets left out; words end at two spaces."""
    rows = {}
    for line in table.splitlines():
        first, _, rest = re.sub(r"\(95%.*?\)", "", line).partition("  ")
        rows[first] = [float(number.replace(",", "")) for number in re.findall(r"-?[\d,]+\.\d", rest)]
    return rows


@pytest.mark.parametrize("name", HEADLINES)
def test_the_headline_that_is_shown_adds_up(name: str) -> None:
    capacity, ledger, *_ = map(rows_of, printed(name))
    simulated = [capacity[layer] for layer in ("Customer management", "Customer assessment", "Middle office")]
    assert capacity["Simulated layers"] == pytest.approx([sum(row[i] for row in simulated) for i in range(4)], abs=0.2)
    layers = [row for first, row in capacity.items() if row and first not in ("Simulated layers", "All")]
    assert capacity["All"] == pytest.approx([sum(row[-2] for row in layers), sum(row[-1] for row in layers)], abs=0.5)
    bars = [row[0] for first, row in ledger.items() if row and first != "All"]
    assert ledger["All"] == pytest.approx([sum(bars)], abs=0.1 * len(bars))
    assert ledger["All"][0] == capacity["All"][0]


def test_the_lesson_shows_the_output_that_the_readme_shows() -> None:
    assert printed(HEADLINES[0]) == printed(HEADLINES[1])


def softest() -> list[list[str]]:
    """The rows of the table of soft assumptions: name, path, value, low, high, grade, at low, at high."""
    text = page("docs/explanation/honest-numbers.md").split("<!-- softest assumptions")[1]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [[ACCENT.get(cell[:1], cell[:1]) + cell[1:] for cell in row] for row in rows if "`" in row[1]]


def test_the_ten_softest_assumptions_are_those_of_the_scenario() -> None:
    rows = {row.path: row for row in assumptions(load("oxfordshire"))}
    assert len(softest()) == 10
    for _, path, *numbers, grade, _, _ in softest():
        found = rows[path.strip("`")]
        assert [float(number) for number in numbers] == [found.value, found.low, found.high], path
        assert grade == found.grade, path


def expected_release(*sets: str) -> float:
    """Effort that the target of Oxfordshire releases by exact expected flows, FTE: no queues, no noise."""
    council = calibrated(load("oxfordshire", sets).council)
    models = [OperatingModel.today(council), OperatingModel.target(council)]
    by_layer: list[dict[str, float]] = []
    for model in models:
        fte = dict.fromkeys(council.layers, 0.0)
        for step, effort in step_fte(model, expected(model)).items():
            fte[model.steps[step].layer] += float(effort.sum())
        by_layer.append(fte)
    today, target = by_layer
    change = sum(target[layer] for layer in FRONT_OFFICE) / sum(today[layer] for layer in FRONT_OFFICE)
    fixed, left = fixed_by_layer(council, 1.0), fixed_by_layer(council, change)
    return sum(today[layer] + fixed[layer] - target[layer] - left[layer] for layer in SIMULATED)


@pytest.mark.campaign
def test_the_ten_softest_assumptions_move_the_release_as_the_page_says() -> None:
    base = expected_release()
    assert f"against {base:.0f}." in page("docs/explanation/honest-numbers.md")
    for _, path, _, low, high, _, at_low, at_high in softest():
        paths = [path.strip("`")]
        if "assess_case" in path:
            paths = [paths[0].replace("assess_case", step) for step in ("screen_case", "assess_case", "approve_case")]
        for value, said in ((low, at_low), (high, at_high)):
            moved = expected_release(*(f"{place}={value}" for place in paths)) - base
            assert moved == pytest.approx(float(said), abs=0.6), (path, value)
