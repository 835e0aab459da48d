"""What went wrong, in plain words: the exit status, the text for a person, the JSON for a script."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from typer import Abort
from typer.exceptions import TyperException

from layers.problems import InputError, Problem, closest
from simulation.store.errors import CannotWrite

FAILED, WRONG_INPUT = 1, 2
COMMAND_LINE = "command line"


@dataclass(frozen=True)
class Failure:
    """`text` is for a person; `error` says it in one sentence; `problems` have the places."""

    status: int
    error: str
    text: str
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, error: BaseException) -> "Failure":
        """Sort an exception: wrong input names its places, a refused folder its reason, anything else its class."""
        if isinstance(error, Abort) and error.__cause__ is not None:
            error = error.__cause__
        if isinstance(error, InputError):
            return wrong_input(error.problems)
        if isinstance(error, TyperException):
            return _usage(error)
        if isinstance(error, CannotWrite):
            return cls(FAILED, str(error), f"tom: {error}")
        said = f"{type(error).__name__}: {error}".rstrip(": ")
        return cls(FAILED, said, f"tom: failed with {said}\n(TOM_TRACEBACK=1 shows where)")

    def as_json(self) -> dict[str, Any]:
        """The shape that exits 1 and 2 print with `--json`."""
        return {"error": self.error, "problems": [asdict(problem) for problem in self.problems]}


def wrong_input(problems: Sequence[Problem]) -> Failure:
    """Every problem, one a line."""
    count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
    lines = "\n".join(map(str, problems))
    return Failure(WRONG_INPUT, f"wrong input: {count}", lines, tuple(problems))


def _usage(error: TyperException) -> Failure:
    """A command line that Typer refuses: an unknown command or option, a value out of range."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return Failure(WRONG_INPUT, "wrong input: no command", error.format_message())
    said = _said(error)
    context = getattr(error, "ctx", None)
    hint = f"\ntry `{context.command_path} --help`" if context is not None else ""
    problem = Problem(COMMAND_LINE, None, _parameter(error), said, _expected(error), _meant(error))
    where = f"{problem.path}: " if problem.path else ""
    return Failure(WRONG_INPUT, f"wrong input: {where}{said}", f"{problem}{hint}", (problem,))


def _said(error: TyperException) -> str:
    """The complaint as part of a sentence, without the option's name, which is the problem's path."""
    said = (error.message or error.format_message()).removeprefix("Value error, ").removeprefix("Input ")
    return said[:1].lower() + said[1:].rstrip(".")


def _parameter(error: TyperException) -> str:
    """The option or argument in question as it is typed, where there is one."""
    options = getattr(getattr(error, "param", None), "opts", ())
    return str(options[0]) if options else str(getattr(error, "option_name", ""))


def _expected(error: TyperException) -> str:
    """The limits of a number or the names to choose from."""
    parameter = getattr(error, "param", None)
    low, high = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if low is not None and high is not None:
        return f"{low} to {high}"
    choices = getattr(getattr(parameter, "type_descriptor", None), "choices", None)
    return " or ".join(map(str, choices or ()))


def _meant(error: TyperException) -> str:
    """The option that was probably meant."""
    known = getattr(error, "possibilities", None)
    return closest(getattr(error, "option_name", ""), known) if known else ""
