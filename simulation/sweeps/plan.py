"""A sweep as it will be done: its file, its scenarios, its design, and what every run shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.reading import Document
from simulation.store.result import folder_name
from simulation.store.version import numerics, version
from simulation.sweeps.bases import Base, read_bases, try_values
from simulation.sweeps.design import Design, design_of
from simulation.sweeps.folder import SweepFolder
from simulation.sweeps.sweep_file import Sweep, read_sweep

if TYPE_CHECKING:
    from simulation.sweeps.work import Finish, Shared


@dataclass(frozen=True)
class Plan:
    """What is to be done."""

    document: Document
    sweep: Sweep
    bases: tuple[Base, ...]
    design: Design

    @property
    def name(self) -> str:
        """The sweep's name: that of its file."""
        return self.document.name

    def folder(self, out: Path) -> SweepFolder:
        """Where its results go."""
        return SweepFolder(out.absolute() / folder_name(self.name))

    def shared(self, finish: "Finish | None" = None) -> "Shared":
        """What every run needs."""
        from simulation.experiment import Settings
        from simulation.sweeps.work import Shared

        asked = self.sweep
        settings = Settings(seed=asked.seed, months=asked.months, search=asked.search)
        documents = {base.name: base.document for base in self.bases}
        return Shared(documents, settings, version(), asked.metrics, asked.tables, finish)

    def try_values(self) -> None:
        """Try every path that varies; raises InputError with every problem."""
        try_values(self.document, self.sweep, self.bases)

    def manifest(self) -> dict[str, Any]:
        """What the folder is of; times are added at the end."""
        said = self.sweep.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {
            "schema": "tom.sweep-manifest/1",
            "sweep": self.name,
            "version": version(),
            "versions": numerics(),
            "design_hash": self.design.hash,
            "runs": self.design.runs,
            "chunk_size": self.design.chunk_size,
            "asked": said,
            "scenarios": {
                base.name: {
                    "input_hash": base.input_hash,
                    "files": [{"name": name, "sha256": sha256} for name, sha256 in base.scenario.files],
                }
                for base in self.bases
            },
        }


def plan_of(name_or_path: str, changes: Mapping[str, Any], sets: Sequence[str] = ()) -> Plan:
    """Read a sweep; `changes` replace entries of its file, `sets` are laid on each scenario. Raises InputError."""
    document, read, folder = read_sweep(name_or_path)
    sweep = read.model_copy(update={key: value for key, value in changes.items() if value is not None})
    bases = tuple(read_bases(document, sweep, folder, sets))
    return Plan(document, sweep, bases, design_of(document, sweep, bases, version()))


def check_sweep(name_or_path: str) -> Plan:
    """Read a sweep and try its values; raises InputError with every problem."""
    plan = plan_of(name_or_path, {})
    plan.try_values()
    return plan
