"""The commands of `tom` and the one option they all stand under."""

from collections.abc import Callable
from typing import Annotated

import typer

from simulation.cli.calibrate import calibrate
from simulation.cli.check import check
from simulation.cli.compare import compare
from simulation.cli.describe import describe
from simulation.cli.output import say
from simulation.cli.query import query
from simulation.cli.reproduce import reproduce
from simulation.cli.run import run
from simulation.cli.sweep import sweep
from simulation.cli.workforce import workforce

app = typer.Typer(
    name="tom",
    help="Simulate a council's Target Operating Model: contacts, effort, waiting, and the posts it could release.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    """Print the program's version and stop."""
    if wanted:
        from simulation.store.version import version

        say(f"tom {version()}")
        raise typer.Exit


@app.callback()
def tom(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Simulate a council's Target Operating Model: contacts, effort, waiting, and the posts it could release."""


COMMANDS: dict[Callable[..., None], str] = {
    run: "Simulate, write a result folder, print the headline and verdict.",
    sweep: "Many runs from one file, resumable.",
    query: "SQL over results and sweeps.",
    compare: "Paired differences between results, and why.",
    check: "Check scenarios, sweeps and establishments: every problem at once.",
    describe: "Show assumptions, the plan, what --set can change, pictures.",
    reproduce: "Every published table beside the model's.",
    workforce: "The people side alone: policies side by side.",
    calibrate: "Solve the volumes with which today handles the published effort.",
}

for command, summary in COMMANDS.items():
    app.command(short_help=summary)(command)
