"""What only a process of its own shows: signals, pipes, full disks, the home folder, a quick start."""

import os
import signal
import subprocess
import sys

import pytest

HEAVY = ("numpy", "pandas", "scipy", "numba", "networkx", "duckdb", "pydantic", "rich")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_leaves_nothing_behind(start_tom, tmp_path, number, status):
    process = start_tom("run", "small", "--json", experiment="slow")
    seen = ""
    while "working" not in seen:
        line = process.stderr.readline()
        assert line, f"it ended before it worked: {seen}"
        seen += line
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == status
    assert out == ""
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.rglob("*")] == ["home"]


def test_a_full_disk_is_told_in_plain_words_and_leaves_nothing(start_tom, tmp_path):
    process = start_tom("run", "small", experiment="limit files")
    _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert err.splitlines()[-1].startswith("tom: cannot write to ")
    assert err.splitlines()[-1].endswith("File too large")
    assert [path.name for path in tmp_path.rglob("*")] == ["home"]


def test_a_reader_that_goes_away_is_no_failure_and_the_home_folder_stays_empty(start_tom, tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    process = start_tom("run", "small", stdout=writer)
    os.close(writer)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "BrokenPipe" not in err
    assert len(list((tmp_path / "results" / "small").iterdir())) == 1
    assert list((tmp_path / "home").iterdir()) == []


def test_help_imports_nothing_heavy(start_tom):
    code = (
        "import sys; from simulation.cli.main import status_of; status = status_of(['--help']);"
        f"loaded = [name for name in {HEAVY} if name in sys.modules]; assert not loaded, loaded; sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")
