"""The project frame: locks, packages, links and the starter script keep their promises."""

import importlib
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ["requirements.lock", "requirements-test.lock"]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>[^\\]+))? \\$", re.MULTILINE)


def pins(lock: str) -> list[tuple[str, str]]:
    """Return (package, version) for every requirement in a lock."""
    return [(pin["name"], pin["version"]) for pin in PIN.finditer((ROOT / lock).read_text(encoding="utf-8"))]


def wanted(requirements: list[str]) -> set[str]:
    """Return the normalised package names in a list of requirements."""
    return {re.split(r"[<>=!~ \[]", line)[0].lower().replace(".", "-").replace("_", "-") for line in requirements}


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """start.py as a module, its environment in an empty folder, its steps recorded in `start.steps`, not done."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    steps: list[list[str]] = []
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(module, "ENVIRONMENT", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "call", steps.append)
    module.steps = steps  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize("package", ["layers", "workforce", "simulation"])
def test_each_package_imports_and_says_that_it_is_typed(package: str) -> None:
    module = importlib.import_module(package)
    assert module.__file__
    assert (Path(module.__file__).parent / "py.typed").is_file()


def test_the_installed_version_is_the_one_in_the_project_file() -> None:
    assert importlib.metadata.version("tom-council") == PROJECT["version"]


def test_the_changelog_knows_the_version_or_has_unreleased_changes() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {PROJECT['version']}" in changelog or "## Unreleased" in changelog


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_one_version_of_each_package(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    names = [name for name, _ in pins(lock)]
    assert len(names) == len(set(names))
    assert len(names) == len(re.findall(r"^[^\s#]+==", text, re.MULTILINE)) > 30
    assert "python_full_version" not in text
    assert "python_version" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_gives_hashes_for_every_package_and_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text


def test_both_locks_agree_and_the_test_lock_holds_all_of_the_other() -> None:
    assert set(pins("requirements.lock")) <= set(pins("requirements-test.lock"))


def test_whatever_the_project_asks_for_is_locked() -> None:
    extras = PROJECT["optional-dependencies"]
    running = wanted(PROJECT["dependencies"]) | wanted(extras["build"])
    assert running <= {name for name, _ in pins("requirements.lock")}
    assert wanted(extras["test"]) <= {name for name, _ in pins("requirements-test.lock")}


def test_the_installed_packages_are_the_locked_ones() -> None:
    locked = dict(pins("requirements.lock"))
    numeric = ["numpy", "scipy", "numba", "networkx", "pandas"]
    assert {name: importlib.metadata.version(name) for name in numeric} == {name: locked[name] for name in numeric}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_between_pages_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert broken == []


def test_every_decision_is_listed_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "index.md").read_text(encoding="utf-8")
    assert [record.name for record in folder.glob("0*.md") if f"({record.name})" not in index] == []


@pytest.mark.parametrize("command", ["python3 start.py tom run oxfordshire", "python3 start.py pytest"])
def test_the_readme_gives_each_command_as_one_line_to_paste(command: str) -> None:
    assert f"```sh\n{command}\n```" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_first_start_makes_the_environment_then_installs_the_lock_then_the_project(start: ModuleType) -> None:
    start.prepare("requirements.lock")
    makes, installs, project = start.steps
    assert makes[-3:-1] == ["venv", "--clear"]
    assert "--require-hashes" in installs and installs[-1] == "requirements.lock"
    assert project[-4:] == ["--no-deps", "--no-build-isolation", "-e", "."]


def test_a_second_start_installs_nothing(start: ModuleType) -> None:
    start.prepare("requirements.lock")
    start.steps.clear()
    start.prepare("requirements.lock")
    assert start.steps == []


def test_an_environment_for_tests_serves_the_command_too(start: ModuleType) -> None:
    start.prepare("requirements-test.lock")
    start.steps.clear()
    start.prepare("requirements.lock")
    assert start.steps == []


def test_asking_for_the_tests_adds_to_the_environment_without_clearing_it(start: ModuleType) -> None:
    start.prepare("requirements.lock")
    start.steps.clear()
    start.prepare("requirements-test.lock")
    assert [step[-1] for step in start.steps] == ["requirements-test.lock", "."]


def test_a_moved_folder_gets_a_fresh_environment(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    start.prepare("requirements.lock")
    start.steps.clear()
    before = start.fingerprint
    monkeypatch.setattr(start, "fingerprint", lambda *names: "moved" + before(*names))
    start.prepare("requirements.lock")
    assert "--clear" in start.steps[0]


def test_a_step_that_fails_leaves_no_mark_so_that_the_next_start_begins_again(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(command: list[str]) -> None:
        raise SystemExit(1)

    monkeypatch.setattr(start, "call", fail)
    with pytest.raises(SystemExit):
        start.prepare("requirements.lock")
    assert start.installed("requirements.lock") == []


def test_a_python_without_venv_is_told_what_to_install() -> None:
    hide = "import sys, runpy; sys.modules['ensurepip'] = None; sys.argv = ['start.py', 'tom']; "
    code = hide + f"runpy.run_path({str(ROOT / 'start.py')!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], env={"PATH": "/nowhere"}, capture_output=True, text=True)
    assert done.returncode == 1
    assert "has no `venv`" in done.stderr
    assert f"python3.{sys.version_info.minor}-venv" in done.stderr
    assert done.stdout == ""
