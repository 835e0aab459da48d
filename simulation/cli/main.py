"""The way in: one command line in, one exit status out, whatever happens in between.

Exit status: 0 done; 1 failed; 2 wrong input; 130 interrupted (Ctrl-C), 143 ended (SIGTERM). Nothing heavy is imported
here, so that an interrupt in the first moments is as quiet as any other.
"""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from simulation.cli.interruption import Interruption
from simulation.cli.output import complain, finish, print_json, tolerate_any_character

PROGRAM = "tom"


def main() -> NoReturn:
    """Run the command line of this process and exit with its status."""
    sys.exit(status_of(sys.argv[1:]))


def status_of(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status; says what went wrong, as JSON too if that was asked for."""
    tolerate_any_character()
    with Interruption() as interruption:
        try:
            status = finish(_invoke(arguments))
        except BaseException as error:
            status = 1 if interruption.happened else _report(error, arguments)
        if interruption.happened and status:
            complain("interrupted: nothing half-written is left behind")
            status = interruption.status
    return status


def _invoke(arguments: Sequence[str]) -> int:
    """Hand the arguments to Typer; it returns what a command exits with."""
    from typer.main import get_command

    from simulation.cli.app import app

    status = get_command(app).main(args=list(arguments), prog_name=PROGRAM, standalone_mode=False)
    return status if isinstance(status, int) else 0


def _report(error: BaseException, arguments: Sequence[str]) -> int:
    """Say in plain words what went wrong and return the exit status; the traceback only if it was asked for."""
    from simulation.cli.failure import Failure

    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if os.environ.get("TOM_TRACEBACK") == "1":
        import traceback

        traceback.print_exception(error)
    failure = Failure.of(error)
    complain(failure.text)
    if wants_json(arguments):
        print_json(failure.as_json())
    return failure.status


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether `--json` was given, told even from a command line that Typer refused."""
    options = arguments[: list(arguments).index("--")] if "--" in arguments else arguments
    return "--json" in options
