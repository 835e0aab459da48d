"""Which program made a result: the package's version and a hash of its source and of the numerics under it."""

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "tom-council"
PACKAGES = ("layers", "simulation", "workforce")
NUMERICS = ("duckdb", "numba", "numpy", "pandas", "scipy", "simpy")


@cache
def version() -> str:
    """`<package version>+<10 hex digits>`: the digits change with any source file or pinned numeric library."""
    return f"{package_version()}+{source_hash(Path(__file__).parents[2])[:10]}"


def package_version() -> str:
    """The installed package's version; `0` where it runs from its source folder without being installed."""
    return _installed(DISTRIBUTION) or "0"


def numerics() -> dict[str, str]:
    """The installed version of each library that the numbers, or the bytes of a table, depend on."""
    return {name: found for name in NUMERICS if (found := _installed(name))}


def source_hash(root: Path) -> str:
    """SHA-256 over every Python file of the three packages under `root`, by path and content, and the numerics."""
    digest = hashlib.sha256()
    for path in sorted(source_files(root), key=lambda path: path.relative_to(root).as_posix()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    for name, found in numerics().items():
        digest.update(f"{name}=={found}\0".encode())
    return digest.hexdigest()


def source_files(root: Path) -> list[Path]:
    """The Python files of the three packages, in no particular order."""
    return [path for package in PACKAGES for path in (root / package).rglob("*.py")]


def _installed(distribution: str) -> str | None:
    """The version of an installed distribution, without importing it."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
