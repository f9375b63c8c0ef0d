"""`abm run`: one scenario, once."""

from __future__ import annotations

import json
import math
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abm.cli import options
from abm.quantities import InputError

if TYPE_CHECKING:
    from abm.observe.record import Record


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


def run(
    scenario: options.Name,
    firms: options.Firms = "20000",
    seed: options.Seed = 1,
    set_: options.Settings = None,
    enact: options.Enacted = None,
    start: options.Start = "",
    end: options.End = "",
    weight: options.Weight = "firms",
    population: options.Population = "firms_10plus",
    regions: options.Regions = "",
    engine: options.Engine = "compiled",
    threads: options.Threads = 0,
    as_json: options.AsJson = False,
    out: Annotated[str, typer.Option(help="Folder for the record (NetCDF), a CSV, the scenario and charts.")] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the folder given with --out.")] = False,
) -> None:
    """Run a scenario once and print adoption and open shares."""
    from abm.simulation import simulate

    count = options.firms_of(firms)
    question = options.scenario_of(scenario, set_, enact, start, end, regions)
    check_choices(weight, population)
    options.prepare_engine(engine)
    folder = _checked_folder(out, overwrite) if out else None
    began = time.perf_counter()
    with options.progress_bar(f"Running {question.name}") as tell:
        record = simulate(question, count, seed, tell, engine, threads or None)
    seconds = time.perf_counter() - began
    if folder:
        _write(record, folder)
    if as_json:
        print(json.dumps(summary(record, weight, population, seconds), allow_nan=False))
    else:
        _print(record, weight, population, seconds)
        if folder:
            print(f"Written to {folder}: record.nc, cells.csv, scenario.toml and charts.")


def summary(record: Record, weight: str, population: str, seconds: float) -> dict[str, Any]:
    """The run as plain values; a share of nothing is null.

    Args:
        record: The record.
        weight: Weight of the open share.
        population: Population of penetration.
        seconds: Time that the run took.
    """
    from abm.observe.indicators import effective_sample

    def by_region(name: str, **how: str) -> dict[str, list[float | None]]:
        regions = record.indicator(name, by="region", **how)
        series = {str(r): _plain(regions.sel(region=r).values) for r in regions["region"].values}
        return series | {"world": _plain(record.indicator(name, **how).values)}

    sample = effective_sample(record.data, weight)
    return {
        "scenario": record.name,
        "digest": record.digest,
        "seed": record.seed,
        "firms": record.sampled_firms,
        "quarters": record.quarters,
        "interventions": [i.label() for i in record.scenario.interventions],
        "penetration_population": population,
        "penetration": by_region("penetration", population=population),
        "open_share_weight": weight,
        "open_share": by_region("open_share", weight=weight),
        "effective_sample": {str(r): _plain(sample.sel(region=r).values)[-1] for r in sample["region"].values},
        "spending_hhi": _plain(record.indicator("spending_hhi").values),
        "vendor_revenue": _plain(record.indicator("vendor_revenue").values),
        "vendor_profit": _plain(record.indicator("vendor_profit").values),
        "surplus": _plain(record.indicator("surplus").values),
        "public_outlay": _plain(record.indicator("public_outlay").values),
        "seconds": round(seconds, 3),
    }


def _plain(values: Any) -> list[float | None]:
    return [None if math.isnan(v) else float(v) for v in values]


def check_choices(weight: str, population: str) -> None:
    """Refuse an unknown weight or population before anything is run.

    Raises:
        InputError: If a name is unknown.
    """
    from abm.observe.indicators import POPULATIONS, WEIGHTS
    from abm.quantities import unknown

    if weight not in WEIGHTS:
        raise unknown("weight", weight, WEIGHTS)
    if population not in POPULATIONS:
        raise unknown("population", population, POPULATIONS)


def _print(record: Record, weight: str, population: str, seconds: float) -> None:
    from rich.console import Console
    from rich.table import Table

    told = summary(record, weight, population, seconds)
    console = Console()
    shown = [
        q for q in record.quarters if q.endswith("Q4") and q[:4] in ("2023", "2024", "2025", "2027", "2030", "2035")
    ]
    shown = shown or record.quarters[-1:]
    console.print(f"[bold]{record.scenario.title or record.name}[/bold]  ({record.name}, digest {record.digest})")
    for label in told["interventions"]:
        console.print(f"  {label}", highlight=False)
    titles = {
        "penetration": f"Share of {population} with AI, %",
        "open_share": f"Open models' share of the {weight} of AI users, %",
    }
    for name, title in titles.items():
        table = Table(title=title, title_justify="left")
        table.add_column("region")
        for quarter in shown:
            table.add_column(quarter, justify="right")
        for region, values in told[name].items():
            cells = [values[record.quarters.index(q)] for q in shown]
            table.add_row(region, *("-" if v is None else f"{100 * v:.1f}" for v in cells))
        console.print(table)
    last = record.quarters[-1]
    console.print(
        f"{last}: concentration of AI spending (HHI) {told['spending_hhi'][-1]:.3f}, users' surplus "
        f"{told['surplus'][-1] / 1e9:.1f} and labs' revenue {told['vendor_revenue'][-1] / 1e9:.1f} billion USD a quarter.",
        highlight=False,
    )
    samples = {region: size for region, size in told["effective_sample"].items() if size}
    least = min(samples, key=lambda region: samples[region], default="")
    smallest = f"; smallest effective sample by {weight}: {samples[least]:.0f} firms ({least})" if least else ""
    console.print(
        f"{record.sampled_firms} sampled firms, seed {record.seed}, {seconds:.1f} s{smallest}. One of many sets of "
        "parameters that the published figures leave possible: abm compare --draws.",
        highlight=False,
    )


WRITTEN = {"record.nc", "cells.csv", "scenario.toml", "adoption.png", "open_share.png", "map.png", "vendors.png"}


def _checked_folder(out: str, overwrite: bool) -> Path:
    """The folder to write, refused now if it cannot be written or holds what is not ours to replace."""
    folder = Path(out).resolve()
    try:
        taken = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
        below_a_file = any(parent.is_file() for parent in (folder, *folder.parents))
    except OSError as error:
        raise InputError(f"--out {out!r} cannot be used: {error.strerror}; name another folder.") from None
    if below_a_file:
        raise InputError(f"--out {out!r} is a file or lies below one; name another folder.")
    if taken and not overwrite:
        raise InputError(f"--out {out!r} is not empty; name another folder or add --overwrite.")
    if foreign := sorted(taken - WRITTEN):
        raise InputError(f"--out {out!r} holds {foreign[0]!r}, which no run wrote; name another folder.")
    return folder


def _write(record: Record, folder: Path) -> None:
    """Write everything beside the folder first, then change places, so that nothing is half-written or lost."""
    from abm.figures import write_charts

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise InputError(f"cannot write to {str(folder)!r}: {error.strerror}; choose another folder.") from None
    try:
        new = workplace / "new"
        new.mkdir()
        record.save(new / "record.nc")
        record.to_pandas().to_csv(new / "cells.csv", index=False)
        (new / "scenario.toml").write_text(record.scenario.to_toml(), encoding="utf-8")
        write_charts(record, new)
        if folder.exists():
            folder.rename(workplace / "old")
        new.rename(folder)
    except OSError as error:
        raise InputError(f"cannot write to {str(folder)!r}: {error.strerror}; choose another folder.") from None
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
