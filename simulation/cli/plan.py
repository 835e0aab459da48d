"""The plan in `tom describe`: releases with dates, soft breaches scored, and pictures of both."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.problems import InputError, Problem
from simulation.cli.output import Align, table

if TYPE_CHECKING:
    from layers.programme.breaches import Breach
    from layers.programme.plan import Plan
    from simulation.describe import ReleaseRow
    from simulation.scenario import Scenario

RELEASES = ("Release", "Signed off", "Construct from", "Live", "In the budget of", "Parts")
BREACHES = ("Rule", "Should come first", "But goes live", "Months", "Score", "Why it matters")
NEEDS_PLAN = Problem("", None, "programme", "there is no plan to draw", "a section `programme`")


def plan_text(scenario: "Scenario") -> str:
    """The plan's tables; "" where the scenario has no plan."""
    from simulation.describe import breaches_of, plan_of, release_rows

    plan = plan_of(scenario)
    if plan is None:
        return ""
    return "\n\n".join([_releases(release_rows(plan)), _breaches(plan, breaches_of(plan))])


def plan_json(scenario: "Scenario") -> dict[str, Any]:
    """The same as JSON; what a release lacks is absent."""
    from simulation.describe import breaches_of, plan_of, release_rows

    plan = plan_of(scenario)
    if plan is None:
        return {}
    rows = [{key: value for key, value in asdict(row).items() if value is not None} for row in release_rows(plan)]
    found = breaches_of(plan)
    said = {"reading": plan.programme.reading, "releases": rows, "soft_breaches": [asdict(breach) for breach in found]}
    return {"programme": {**said, "score": sum(breach.score for breach in found)}}


def draw_plan(scenario: "Scenario", timeline: Path | None, precedence: Path | None) -> dict[str, Path]:
    """Write the pictures that were asked for; raises InputError where there is no plan."""
    if timeline is None and precedence is None:
        return {}
    from simulation.describe import plan_of, precedence_svg, timeline_svg
    from simulation.store.folder import write_file

    plan, drawn = plan_of(scenario), {}
    if plan is None:
        raise InputError([NEEDS_PLAN])
    for name, path, svg in (("timeline", timeline, timeline_svg), ("precedence_graph", precedence, precedence_svg)):
        if path is not None:
            write_file(path.absolute(), svg(plan, scenario.council.title).encode())
            drawn[name] = path.absolute()
    return drawn


def _releases(rows: "list[ReleaseRow]") -> str:
    cells = [
        (
            row.label,
            row.sign_off or "",
            row.construct_from or "",
            row.go_live or "never",
            row.budget or "",
            ", ".join(row.parts),
        )
        for row in rows
    ]
    align: tuple[Align, ...] = ("left", "left", "left", "left", "left", "left")
    return table(RELEASES, cells, align, title="The plan")


def _breaches(plan: "Plan", found: "list[Breach]") -> str:
    from simulation.describe import label

    if not found:
        return "The plan breaks no soft rule."
    align: tuple[Align, ...] = ("left", "left", "left", "right", "right", "left")
    cells = [
        (
            b.edge.replace("_", " "), label(plan, b.before), label(plan, b.after), str(b.months), f"{b.score:g}", b.reason
        )
        for b in found
    ]  # fmt: skip
    total = sum(breach.score for breach in found)
    return table(BREACHES, cells, align, title=f"Soft rules broken: {len(found)}, score {total:g}")
