"""`tom reproduce`: every published table beside the model's."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simulation.cli.options import AsJson
from simulation.cli.output import Align, print_json, say, table

HEADINGS = ("Cell", "Published", "Model", "Unit", "Kind", "Agrees")
ALIGN: tuple[Align, ...] = ("left", "right", "right", "left", "left", "left")
VERDICTS = {True: "yes", False: "no", None: ""}

Row = Mapping[str, Any]

if TYPE_CHECKING:
    from simulation.reproduce import Look


def reproduce(as_json: AsJson = False) -> None:
    """Set every published table beside the model's, cell by cell; the misses are named with their cause.

    Inputs are transcribed; derived cells are computed from other inputs, and only they count.
    """
    from simulation.reproduce import back_test, reproduce_all

    found, looks = reproduce_all(), back_test()
    counts: dict[str, Any] = found.as_json()
    if as_json:
        print_json({**counts, "back_test": [look.as_json() for look in looks]})
        return
    rows: list[dict[str, Any]] = found.rows()
    for name in dict.fromkeys(row["table"] for row in rows):
        say(cell_table(name, [row for row in rows if row["table"] == name]) + "\n")
    say(misses(counts["unmatched"]))
    say(history(looks) + "\n")
    say(f"Of {counts['cells']} derived cells {counts['matched']} agree; {counts['inputs']} inputs are not counted.")


def cell_table(name: str, rows: Sequence[Row]) -> str:
    """One published table, cell by cell."""
    cells = [
        (row["cell"], number(row["published"]), number(row["modelled"]), row["unit"], row["kind"], _verdict(row))
        for row in rows
    ]
    return table(HEADINGS, cells, ALIGN, title=name.replace("_", " ").capitalize())


def misses(unmatched: Sequence[Row]) -> str:
    """Every derived cell that differs, with its cause."""
    if not unmatched:
        return "No derived cell differs.\n"
    lines = [
        f"- {row['table']}, {row['cell']}: published {number(row['published'])}, "
        f"model {number(row['modelled'])}. {row['why']}"
        for row in unmatched
    ]
    return "\n".join(["What differs, and why", *lines, ""])


def history(looks: "Sequence[Look]") -> str:
    """The back-test: each plan under each reading of the profile beside what was reported, then the notes."""
    columns = [(plan, reading) for plan, by in looks[0].modelled.items() for reading in by]
    names = [f"{plan.replace('_', ' ').capitalize()}, {reading}" for plan, reading in columns]
    rows = [
        (look.question, look.unit, *(f"{look.modelled[p][r]:.1f}" for p, r in columns), number(look.observed))
        for look in looks
    ]
    align: list[Align] = ["left", "left", *(["right"] * (len(columns) + 1))]  # type: ignore[list-item]
    title = "Back-test: said in September 2018, reported in July 2019. One history."
    said = table(("Question", "Unit", *names, "July 2019"), rows, align, title=title)
    return "\n".join([said, "", *(f"- {look.question}: {look.note}" for look in looks if look.note)])


def number(value: float | None) -> str:
    """A figure with the digits that matter beside a published one."""
    return "" if value is None else f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _verdict(row: Row) -> str:
    """Yes or no; an input is neither, it is copied."""
    return "" if row["kind"] == "input" else VERDICTS[row["matched"]]
