from pathlib import Path

import simulation
from simulation.store.stamp import Stamp, input_hash
from simulation.store.version import numerics, source_files, source_hash, version

ROOT = Path(str(simulation.__file__)).parents[1]
FILES = (("configs/a.yaml", "11"), ("b.csv", "22"))


def stamp_hash(scenario=None, files=FILES, seed=1, replications=5, months=None):
    return input_hash(scenario or {"a": 1, "b": {"c": 0.5}}, files, seed, replications, months)


def test_the_input_hash_knows_no_order_and_no_folder():
    moved = (("b.csv", "22"), ("/elsewhere/a.yaml", "11"))
    assert stamp_hash({"b": {"c": 0.5}, "a": 1}, moved) == stamp_hash()


def test_every_input_changes_the_input_hash():
    changed = [
        stamp_hash({"a": 2, "b": {"c": 0.5}}),
        stamp_hash(files=(("a.yaml", "11"), ("b.csv", "23"))),
        stamp_hash(seed=2),
        stamp_hash(replications=6),
        stamp_hash(months=1),
    ]
    assert len({stamp_hash(), *changed}) == len(changed) + 1


def test_months_that_are_not_set_are_absent_from_the_stamp():
    stamp = Stamp("s", seed=1, replications=2, months=None, engine="simpy", version="v", input_hash="h")
    assert "months" not in stamp.as_json()
    assert stamp.as_json()["replications"] == 2


def test_the_version_names_release_and_source():
    release, digits = version().split("+")
    assert release[0].isdigit()
    assert len(digits) == 10
    assert int(digits, 16) >= 0


def copy_of_the_source(tmp_path: Path) -> Path:
    for name in ("layers/a.py", "workforce/b.py", "simulation/engines/c.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x = 1\n")
    return tmp_path


def test_one_changed_moved_or_added_source_file_changes_the_version(tmp_path):
    root = copy_of_the_source(tmp_path)
    seen = [source_hash(root)]
    (root / "layers/a.py").write_text("x = 2\n")
    seen.append(source_hash(root))
    (root / "layers/a.py").rename(root / "layers/d.py")
    seen.append(source_hash(root))
    (root / "workforce/new.py").write_text("")
    seen.append(source_hash(root))
    assert len(set(seen)) == 4


def test_files_that_are_not_source_leave_the_version_alone(tmp_path):
    root = copy_of_the_source(tmp_path)
    before = source_hash(root)
    (root / "layers/_configs").mkdir()
    (root / "layers/_configs/data.yaml").write_text("a: 1\n")
    (root / "tests").mkdir()
    (root / "tests/test_a.py").write_text("")
    assert source_hash(root) == before


def test_this_very_source_is_hashed():
    assert ROOT / "simulation" / "store" / "version.py" in source_files(ROOT)


def test_the_numerics_are_installed_and_named():
    assert {"numpy", "numba", "scipy", "simpy", "duckdb"} <= set(numerics())
