"""`tom sweep`: many runs from one file, resumable."""

import os
import re
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from layers.problems import InputError, Problem
from simulation.cli.failure import COMMAND_LINE, FAILED
from simulation.cli.options import SEED_LIMIT, AsJson, Months, NoSearch, Out, Quiet, Sets, Workers
from simulation.cli.output import complain, print_json, say, table
from simulation.cli.progress import progress_bar

if TYPE_CHECKING:
    from simulation.batch import Pool
    from simulation.sweeps.plan import Plan
    from simulation.sweeps.sweep import Doing, Shard

SweepName = Annotated[str, typer.Argument(metavar="SWEEP", help="A path, or the name of a shipped sweep.")]
SweepSeed = Annotated[
    int | None, typer.Option("--seed", metavar="N", min=0, max=SEED_LIMIT, help="Instead of the file's seed.")
]
SweepReplications = Annotated[
    int | None,
    typer.Option("--replications", metavar="N", min=1, max=1_000_000, help="Instead of the file's replications."),
]
ShardText = Annotated[
    str | None, typer.Option("--shard", metavar="K/N", help="The K-th of N shares alone, for array jobs.")
]
Address = Annotated[
    str | None, typer.Option("--cluster", metavar="ADDRESS", help="Run on a Dask cluster, such as tcp://10.0.0.1:8786.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say how large it is and about how long it takes, no more.")]
AHEAD_A_WORKER = 1
GET_DASK = "python3 start.py --with cluster tom sweep …, or pip install --require-hashes -r requirements-cluster.lock"


def sweep(
    sweep: SweepName,
    sets: Sets = None,
    months: Months = None,
    seed: SweepSeed = None,
    replications: SweepReplications = None,
    no_search: NoSearch = False,
    workers: Workers = None,
    shard: ShardText = None,
    cluster: Address = None,
    out: Out = Path("results"),
    dry_run: DryRun = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Do every run of a sweep file that is not done yet, over processes, array jobs or a cluster."""
    share = _shard(shard)
    places = workers or os.cpu_count() or 1
    pool = _pool(cluster, places)
    from simulation.sweeps.claiming import claim, holds
    from simulation.sweeps.plan import plan_of
    from simulation.sweeps.sweep import Doing

    search = False if no_search else None
    plan = plan_of(sweep, {"months": months, "seed": seed, "replications": replications, "search": search}, sets or [])
    folder = plan.folder(out)
    if dry_run or not holds(folder, plan.design):
        plan.try_values()
    if dry_run:
        return _estimate(plan, places, as_json)
    claim(folder, plan.design, plan.manifest())
    doing = Doing(folder, plan.design, share)
    with redirect_stdout(sys.stderr), progress_bar(quiet) as progress:
        doing.progress = progress
        _do(doing, plan, pool)
        whole = doing.finish()
    _tell(_report(plan, doing, share if shard else None, whole, None if cluster else places), quiet, as_json)


def _do(doing: "Doing", plan: "Plan", pool: "Pool | None") -> None:
    """Do what is missing; when the cluster is lost or the work interrupted, say that what has ended is kept."""
    chunks = doing.missing()
    if not chunks:
        return
    from simulation.cli.case import with_case
    from simulation.cluster import NoCluster

    try:
        doing.do(chunks, plan.shared(with_case), pool)
    except NoCluster as error:
        from simulation.store.errors import CannotWrite

        raise CannotWrite(f"{error}; runs that have ended are kept, the same command goes on") from error
    except KeyboardInterrupt:
        complain(f"stopped after {doing.done:,} runs: they are kept, and the same command goes on with the rest")
        raise


def _shard(text: str | None) -> "Shard":
    """`2/5` as the second of five."""
    from simulation.sweeps.sweep import Shard

    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text or "1/1")
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise InputError([Problem(COMMAND_LINE, None, "--shard", f"{text!r} is no share", "K/N, such as 2/5")])
    return Shard(int(match[1]), int(match[2]))


def _pool(cluster: str | None, workers: int) -> "Pool | None":
    """Where runs are done: a cluster, processes of this machine, or (None) this process."""
    if cluster is not None:
        from simulation.cluster import Cluster, is_installed

        if not is_installed():
            said = "Dask is not installed here"
            raise InputError([Problem(COMMAND_LINE, None, "--cluster", said, GET_DASK)])
        return Cluster(cluster)
    from simulation.batch import Processes

    return Processes(workers, ahead=AHEAD_A_WORKER * workers) if workers > 1 else None


def _estimate(plan: "Plan", workers: int, as_json: bool) -> None:
    """Print the size of the design and how long one run took."""
    from simulation.sweeps.estimate import estimate

    with redirect_stdout(sys.stderr):
        found = estimate(plan.design, plan.shared())
    design = plan.design
    said: dict[str, Any] = {
        "schema": "tom.sweep-estimate/1",
        "sweep": plan.name,
        "design_hash": design.hash,
        "points": len(design.points),
        "replications": design.replications,
        "runs": design.runs,
        "chunks": design.chunks,
        "seconds_a_run": {name: round(seconds, 3) for name, seconds in found.seconds_a_run.items()},
        "core_hours": round(found.core_seconds / 3600, 4),
        "hours_here": round(found.core_seconds / workers / 3600, 4),
        "workers": workers,
        "failures": dict(found.failures),
    }
    if as_json:
        return print_json(said)
    rows = [
        (name, f"{count:,}", f"{found.seconds_a_run[name]:,.2f}" if name in found.seconds_a_run else "failed")
        for name, count in found.runs.items()
    ]
    say(table(("Scenario", "Runs", "Seconds a run"), rows, ("left", "right", "right"), title=f"{plan.name}: dry run"))
    for name, failure in found.failures.items():
        complain(f"{name}: the first run failed: {failure}")
    say(
        f"\n{design.runs:,} runs ({len(design.points):,} points × {design.replications:,} replications) in {design.chunks:,} "
        f"chunks: about {_time(found.core_seconds)} of one core, {_time(found.core_seconds / workers)} with {workers} workers."
    )


def _report(plan: "Plan", doing: "Doing", shard: "Shard | None", whole: bool, workers: int | None) -> dict[str, Any]:
    """What the sweep says at its end; times go to the manifest alone."""
    from simulation.store.folder import write_file
    from simulation.store.json_text import json_bytes
    from simulation.sweeps.claiming import read_manifest
    from simulation.sweeps.reporting import contents, counts, failures, overhead_share

    kept = read_manifest(doing.folder) or plan.manifest()
    if whole and (doing.done or doing.failures or "tables" not in kept):
        kept = {**plan.manifest(), "tables": contents(doing.folder)}
        kept["timings"] = {
            "wall_seconds": round(doing.wall_seconds, 3),
            "simulated_seconds": round(doing.simulated_seconds, 3),
            "ended": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        kept["command"] = ["tom", *sys.argv[1:]]
        write_file(doing.folder.manifest, json_bytes(kept))
    share = overhead_share(doing, workers) if workers is not None else None
    return {
        "schema": "tom.sweep/1",
        "sweep": plan.name,
        "result": str(doing.folder.root),
        "version": kept["version"],
        "design_hash": plan.design.hash,
        **({"shard": str(shard)} if shard is not None else {}),
        "runs": counts(doing),
        "failures": failures(doing),
        **({"tables": kept["tables"]} if whole else {}),
        **({"overhead_share": round(share, 4)} if share is not None else {}),
    }


def _tell(report: dict[str, Any], quiet: bool, as_json: bool) -> None:
    """Print the report; exit 1 where every run failed."""
    runs = report["runs"]
    if runs["failed"] and not quiet:
        first = report["failures"][0]["message"] if report["failures"] else ""
        complain(f"{runs['failed']:,} of {runs['planned']:,} runs failed, the first with: {first}")
    if as_json:
        print_json(report)
    elif quiet:
        say(report["result"])
    else:
        names = ("planned", "done", "reused", "failed", "remaining")
        say(", ".join(f"{runs[name]:,} {name}" for name in names))
        if "tables" not in report:
            say("Not every run has ended yet: the last shard, or the same command again, puts the sweep together.")
        say(f"\nResult: {report['result']}")
    if runs["failed"] == runs["planned"]:
        raise typer.Exit(FAILED)


def _time(seconds: float) -> str:
    """Seconds in the unit that suits."""
    if seconds < 120:
        return f"{seconds:,.0f} seconds"
    return f"{seconds / 60:,.0f} minutes" if seconds < 7200 else f"{seconds / 3600:,.1f} hours"
