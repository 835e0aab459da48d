"""Where the reduction of `tom workforce` comes from: the published case at a level, or the posts that a run released."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from layers.problems import InputError, Problem

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.council import Council

LEVELS = ("low", "mid", "high")


@dataclass(frozen=True)
class Source:
    """A path of reductions, where it is from in words, and the published levels beside it by their FTE (`744`)."""

    path: "DataFrame"
    words: str
    levels: dict[str, "DataFrame"]


def reduction_source(council: "Council", asked: str, reading: str) -> Source:
    """The path asked for: a published level, or the folder of a run; raises InputError where there is none."""
    from layers.published import read_published
    from simulation.case import reduction_path

    if council.compared_with is None:
        said = "this council has no published case to take reductions from"
        raise InputError([Problem("", None, "compared_with", said, "oxfordshire_2018, and a plan in `programme`")])
    totals = read_published()["totals"]
    named = {end: f"{totals[f'released_fte.{end}'].value:.0f}" for end in LEVELS}
    paths = {end: reduction_path(council, end, reading) for end in LEVELS}  # type: ignore[arg-type]
    levels = {named[end]: paths[end] for end in LEVELS}
    if asked in LEVELS:
        return Source(paths[asked], f"the published case, {asked} ({named[asked]} FTE), reading {reading}", levels)
    folder = Path(asked)
    path, words = _of_result(folder, paths["mid"], reading)
    return Source(
        path, f"posts releasable of the result {folder.name} ({path['reduction_fte'].sum():.0f} FTE){words}", levels
    )


def _of_result(folder: Path, timing: "DataFrame", reading: str) -> "tuple[DataFrame, str]":
    """The posts that a run found releasable, and when they go, in words: by its own plan where it simulated one."""
    from simulation.store.result import read_manifest, read_result

    manifest = read_manifest(folder)
    if "capacity" not in manifest["tables"]:
        said = "this run has no table `capacity`, so it releases no posts"
        raise InputError([Problem(str(folder), None, "capacity", said, "the result of a `tom run` with a search")])
    tables = read_result(folder)
    if "transition" in tables:
        return _by_its_plan(tables["transition"], tables["capacity"]), ", when its own plan lets them go"
    return _by_the_case(tables["capacity"], timing), f"; when: the published case, mid, reading {reading}"


def _by_its_plan(transition: "DataFrame", capacity: "DataFrame") -> "DataFrame":
    """The mean over replications of the posts that the simulated plan lets go, by month."""
    from simulation.plan.tables import by_effect, reductions

    gone = by_effect(reductions(transition), capacity)
    posts = gone[(gone["effect"] == "budget_reduction") & (gone["reduction_fte"] > 0)]
    key = ["release", "layer", "service_area", "month"]
    mean = posts.groupby(key, as_index=False)["reduction_fte"].sum()
    return mean.assign(reduction_fte=mean["reduction_fte"] / transition["replication"].nunique())


def _by_the_case(capacity: "DataFrame", timing: "DataFrame") -> "DataFrame":
    """Posts releasable by layer, spread over areas and months as the published case does."""
    capacity = capacity[capacity["financial_year"] == "run_rate"]
    by_layer = (
        capacity.groupby(["replication", "layer"])["posts_releasable"].sum().groupby("layer").mean().clip(lower=0)
    )
    whole = timing.groupby("layer")["reduction_fte"].sum()
    factor = {layer: float(by_layer.get(layer, 0.0)) / fte for layer, fte in whole.items()}
    path = timing.assign(reduction_fte=timing["reduction_fte"] * timing["layer"].map(factor))
    return path[path["reduction_fte"] > 0].reset_index(drop=True)
