"""What a result is a result of: the inputs that determine its tables, and the program that made them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from simulation.store.json_text import canonical_json


@dataclass(frozen=True)
class Stamp:
    """The first entries of summary and manifest."""

    scenario: str
    seed: int
    replications: int
    months: int
    engine: str
    version: str
    input_hash: str

    def as_json(self) -> dict[str, Any]:
        """The entries by name, without those that are not set."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def input_hash(
    resolved: Mapping[str, Any], files: Iterable[tuple[str, str]], seed: int, replications: int, period: str
) -> str:
    """SHA-256 over the resolved scenario, every file read (its name and SHA-256), seed, replications and period.

    Neither the engine, nor the workers, nor the folder that a file lies in: they change no number.
    """
    inputs = {
        "scenario": resolved,
        "files": sorted((PurePath(name).name, sha256) for name, sha256 in files),
        "seed": seed,
        "replications": replications,
        "period": period,
    }
    return hashlib.sha256(canonical_json(inputs).encode()).hexdigest()
