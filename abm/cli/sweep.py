"""`abm sweep`: run a study, look how far it is, take its runs and read them."""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from abm.cli import options
from abm.quantities import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from abm.sweep.engines import Engine
    from abm.sweep.files import ClusterFile
    from abm.sweep.running import Progress
    from abm.sweep.study import Study

Folder = Annotated[Path, typer.Argument(help="Folder of the store.")]
Asked = Annotated[Path, typer.Argument(metavar="STUDY.toml", help="The study.")]
Into = Annotated[
    Path, typer.Option("--store", help="Folder for the runs: a new one, or one of this study to go on in.")
]
Workers = Annotated[int, typer.Option(help="Processes; 0 for one on each processor.")]
Part = Annotated[int, typer.Option("--part", help="Runs kept together in a new store; 0 for ten seconds of work.")]
Again = Annotated[bool, typer.Option("--again", help="Try runs that have failed once more.")]
Profile = Annotated[Path | None, typer.Option(help="What the cluster is asked for, instead of the study's [cluster].")]


class _RunByDefault(TyperGroup):
    """`abm sweep STUDY.toml` is `abm sweep run STUDY.toml`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["run", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        cls=_RunByDefault, rich_markup_mode=None, no_args_is_help=True,
        help="Run a study over many points and seeds: abm sweep STUDY.toml --store DIR.",
    )  # fmt: skip
    for command in (run, submit, work, status, collect, export, analyse):
        group.command()(command)
    app.add_typer(group, name="sweep")


def run(
    study: Asked,
    store: Into,
    engine: Annotated[Literal["local", "dask", "slurm"], typer.Option(help="Where the runs are done.")] = "local",
    workers: Workers = 0,
    address: Annotated[str, typer.Option(help="Dask: address of the scheduler, or its scheduler file.")] = "",
    profile: Profile = None,
    part: Part = 0,
    again: Again = False,
) -> None:
    """Run what the store lacks of a study; the same command goes on where it was stopped."""
    from abm.sweep import engines
    from abm.sweep.running import run_study
    from abm.sweep.store import LOGS

    asked = _study(study)
    if (engine == "dask") != bool(address):
        raise InputError("--engine dask needs --address, the scheduler's address or file; other engines have none.")
    made: AbstractContextManager[Engine] = {
        "local": lambda: engines.local(workers),
        "dask": lambda: engines.dask(address),
        "slurm": lambda: engines.slurm(_cluster(asked, profile), store.resolve() / LOGS),
    }[engine]()
    last: list[Progress] = []
    try:
        with _bar(asked.name) as tell:

            def told(now: Progress) -> None:
                last[:] = [now]
                tell(now)

            run_study(asked, store, made, told, part, again)
    except KeyboardInterrupt:
        kept = f"{last[0].done} of {asked.runs} runs are done" if last else "nothing was run"
        print(f"abm: stopped; {kept}. The same command goes on with what is kept.", file=sys.stderr)
        raise typer.Exit(130) from None
    _print_status(store)


def submit(
    study: Asked,
    store: Into,
    profile: Profile = None,
    part: Part = 0,
    again: Again = False,
    script: Annotated[bool, typer.Option("--script", help="Print the job's script instead of submitting it.")] = False,
) -> None:
    """Hand a study to Slurm as a job array: each task does its share of the parts, without a driver."""
    from abm.sweep.running import store_for
    from abm.sweep.submit import job_script, tasks_of
    from abm.sweep.submit import submit as hand_over

    asked = _study(study)
    cluster = _cluster(asked, profile)
    made = store_for(asked, store, part, cluster.jobs * cluster.cores)
    if script:
        print(job_script(made, cluster, tasks_of(made, cluster), again), end="")
        return
    job = hand_over(made, cluster, again)
    print(
        f"job {job}: {tasks_of(made, cluster)} tasks for {made.parts} parts; abm sweep status {store} tells how far it is."
    )


def work(
    store: Folder,
    task: Annotated[int, typer.Option(help="Number of this task, from 0.")] = 0,
    of: Annotated[int, typer.Option(help="Tasks in all.")] = 1,
    workers: Workers = 0,
    again: Again = False,
) -> None:
    """Do a task's share of a store's parts: what each task of a job array does."""
    from abm.sweep import engines
    from abm.sweep.manifest import made, opened
    from abm.sweep.running import go_on

    if not 0 <= task < of:
        raise InputError(f"task = {task} must be a whole number from 0 to {of - 1}: one of the {of} tasks.")
    there = opened(store)
    made(there.study, store, there.runs_per_part)  # refuses the store of another version
    with engines.local(workers) as engine, _bar(there.study.name) as tell:
        go_on(there, engine, tell, again, task, of)


def status(store: Folder, as_json: options.AsJson = False) -> None:
    """How far a sweep is: runs done, failed and left. Checks every part, and sets aside what is damaged."""
    if as_json:
        from abm.sweep.manifest import opened
        from abm.sweep.status import status as read

        print(json.dumps(read(opened(store)).as_dict(), allow_nan=False))
    else:
        _print_status(store)


def collect(store: Folder) -> None:
    """Write all runs that are kept into one Parquet file in the store, in their order."""
    from abm.sweep.collect import collected
    from abm.sweep.manifest import opened

    path, rows = collected(opened(store))
    print(f"{path}: {rows} rows")


def export(
    store: Folder, out: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv, .json or .parquet file.")]
) -> None:
    """Write all runs that are kept into a file of another kind."""
    from abm.sweep.collect import exported
    from abm.sweep.manifest import opened

    print(f"{out}: {exported(opened(store), out)} rows")


def analyse(
    store: Folder,
    indicator: Annotated[str, typer.Option(help="Column to explain; the first indicator by default.")] = "",
    quarter: Annotated[str, typer.Option(help="Quarter; the last one by default.")] = "",
    goal: Annotated[str, typer.Option(help='For scenario discovery and tipping maps, such as "adoption >= 0.7".')] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for tables and figures: STORE/analysis by default.")] = None,
) -> None:
    """Read a store by every method that its design allows: a table and a figure each."""
    from abm.figures.sweeps import figure_of
    from abm.sweep.analysis import analyse as finding_of
    from abm.sweep.analysis import possible
    from abm.sweep.manifest import opened

    there, folder = opened(store), out or store / "analysis"
    study, rows = there.study, there.table().to_pandas()
    for method, refused in possible(study, rows, indicator, quarter, goal).items():
        if refused:
            print(f"{method}: not here. {refused}")
            continue
        found = finding_of(method, study, rows, indicator, quarter, goal)
        print(f"{found.title}. {found.says}")
        name = "-".join(filter(None, (found.indicator, found.quarter, method)))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            found.table.to_csv(folder / f"{name}.csv", index=False)
            figure_of(found).savefig(folder / f"{name}.png", dpi=150)
        except OSError as error:
            raise InputError(f"{str(folder)!r} cannot be written: {error.strerror}; name another with --out.") from None
        print(f"  {folder / name}.csv and .png")


def _study(path: Path) -> Study:
    from abm.sweep.files import load_study

    study = load_study(path)
    if not study.function:
        options.prepare_engine("compiled")
    return study


def _cluster(study: Study, path: Path | None) -> ClusterFile:
    from abm.sweep.files import ClusterFile
    from abm.sweep.submit import profile

    return profile(path) if path else ClusterFile.model_validate(study.source["cluster"])


def _print_status(folder: Path) -> None:
    from abm.sweep.manifest import opened
    from abm.sweep.status import status as read

    now = read(opened(folder))
    told = f"{now.done} of {now.runs} runs done, {now.failed} of them failed, {now.left} left"
    if now.seconds_left:
        told += f"; about {_time(now.seconds_left)} at {now.runs_per_second:.3g} runs a second"
    print(told + ".")
    if now.damaged:
        print(f"Damaged and set aside: {', '.join(now.damaged)}; the study's command makes them anew.")
    if now.failed:
        print(f"Why runs have failed stands in the column error: abm sweep export {folder} runs.csv")


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"


@contextmanager
def _bar(name: str) -> Iterator[Callable[[Progress], None]]:
    """A bar on standard error with runs done, failed and left, drawn only on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(),
        TextColumn("{task.completed} done, {task.fields[failed]} failed, {task.fields[left]} left"),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None, failed=0, left=0)

        def tell(now: Progress) -> None:
            bar.update(task, completed=now.done, total=now.done + now.left, failed=now.failed, left=now.left)

        yield tell
