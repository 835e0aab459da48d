import os
import subprocess
import sys
from pathlib import Path

import simulation

SCRIPT = Path(__file__).with_name("write_once.py")
ROOT = Path(str(simulation.__file__)).parents[1]


def write_in_a_process(folder: Path, hash_seed: str, threads: str) -> str:
    home, work = folder / "home", folder / "work"
    home.mkdir(parents=True)
    work.mkdir()
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed}
    threading = {"OMP_NUM_THREADS": threads, "NUMBA_NUM_THREADS": threads}
    done = subprocess.run(
        [sys.executable, SCRIPT, folder / "out"],
        env={**environment, **threading},
        cwd=work,
        check=True,
        capture_output=True,
        text=True,
    )
    assert list(home.iterdir()) == list(work.iterdir()) == []
    return done.stdout


def test_processes_hash_seeds_and_threads_change_no_byte_and_leave_the_home_folder_alone(tmp_path):
    first = write_in_a_process(tmp_path / "a", hash_seed="1", threads="1")
    assert first == write_in_a_process(tmp_path / "b", hash_seed="77", threads="2")
