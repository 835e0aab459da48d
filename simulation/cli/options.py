"""The options that commands share, each with its limits."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

LONGEST_MONTHS = 60  # those of a plan; the reference year has 12
SEED_LIMIT = 2**63 - 1


class EngineName(StrEnum):
    """The engines that can carry out a run."""

    SIMPY = "simpy"
    COMPILED = "compiled"


ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="A path, or the name of a shipped scenario.")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change one value of the scenario; may be repeated."),
]
Months = Annotated[
    int | None,
    typer.Option(
        "--months",
        metavar="N",
        min=1,
        max=LONGEST_MONTHS,
        help="A quick look: only the first N months of year and plan.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, max=SEED_LIMIT, help="Start of the random numbers.")]
Replications = Annotated[
    int, typer.Option("--replications", metavar="N", min=1, max=10_000, help="Runs with other chances.")
]
Precision = Annotated[
    float | None,
    typer.Option(
        "--precision",
        metavar="SHARE",
        min=0.0001,
        max=1.0,
        help="Add replications until the 95% interval of the effort released is within this share of it (at most 200).",
    ),
]
Engine = Annotated[EngineName, typer.Option("--engine", help="What carries out the run.")]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", metavar="N", min=1, max=1024, help="Processes (default: one a core); they change no number."
    ),
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where result folders go.")]
NoSearch = Annotated[bool, typer.Option("--no-search", help="Effort and service only: no search for the FTE required.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no notes.")]
Csv = Annotated[bool, typer.Option("--csv", help="Write each table as CSV too.")]
Events = Annotated[bool, typer.Option("--events", help="Write the event log too, for process-mining tools (large).")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, all else on standard error.")]
