"""`abm calibrate`: estimate the parameters from published figures, and test a posterior against them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abm.cli import options
from abm.quantities import InputError

if TYPE_CHECKING:
    from abm.calibration.calibrate import Calibration, Effort
    from abm.calibration.check import Prediction

NEEDED = ("sklearn", "numpyro")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(calibrate)


def calibrate(
    quick: Annotated[bool, typer.Option("--quick", help="Few runs and short chains: minutes, and rough.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Run a posterior's draws and compare all figures.")] = False,
    posterior: Annotated[str, typer.Option(help="Posterior to check: fit or all.")] = "fit",
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of runs and posteriors: out/calibration, or to check the posterior of the package."),
    ] = None,
    write: Annotated[Path | None, typer.Option(help="Folder of the docs: write calibration.md there as well.")] = None,
    workers: Annotated[int, typer.Option(help="Processes to use.")] = 2,
    as_json: options.AsJson = False,
) -> None:
    """Estimate the parameters twice: from the fit figures alone, and from all of them. Goes on where it was stopped."""
    if workers < 1:
        raise InputError(f"workers = {workers} must be a whole number from 1.")
    options.prepare_engine("compiled")
    if check:
        from abm.scenario.posterior import SHIPPED

        _check(posterior, out or SHIPPED, workers, as_json)
        return
    lacking = [name for name in NEEDED if find_spec(name) is None]
    if lacking:
        raise InputError(
            f"calibration needs {' and '.join(lacking)}; install them with: pip install 'abm[calibration]'"
        )
    from abm.calibration.calibrate import FULL, QUICK
    from abm.calibration.calibrate import calibrate as estimate

    folder, effort = out or Path("out/calibration"), QUICK if quick else FULL
    with options.progress_bar("Calibrating") as tell:
        done = estimate(folder, effort, workers, lambda _, made, whole: tell(made, whole))
    for name, draws in done.draws.items():
        print(
            f"posterior {name}: {folder / f'posterior_{name}.csv'}, largest R-hat {draws.rhat:.3f}, smallest effective "
            f"number of draws {draws.effective:.0f}"
        )
    for name, coverage in done.coverage.items():
        print(
            f"posterior {name}: known parameters of {len(coverage.ranks)} runs lie in their 90% intervals in "
            f"{100 * coverage.inside().mean():.0f}% of cases, the least of the parameters in "
            f"{100 * coverage.inside().min():.0f}%"
        )
    if write:
        _write(done, effort, workers, write)


def _write(done: Calibration, effort: Effort, workers: int, docs: Path) -> None:
    """Write the page, its pictures and the forecast."""
    from abm.calibration.forecast import forecast
    from abm.calibration.page import page
    from abm.calibration.report import report
    from abm.figures.posteriors import write_calibration

    with options.progress_bar("Running the posteriors") as tell:
        found = report(done, effort, workers, lambda _, made, whole: tell(made, whole))
    day, folder = datetime.now(UTC).date().isoformat(), docs / "calibration"
    folder.mkdir(parents=True, exist_ok=True)
    write_calibration(found, folder)
    table = forecast(found.answers, found.kept["all"], day)
    table.to_csv(folder / "forecast.csv", index=False, float_format="%.5g")
    (docs / "calibration.md").write_text(page(found, day), encoding="utf-8")
    print(f"written: {docs / 'calibration.md'}; draw {found.nearest} (from 0) of all may be the defaults")


def _check(posterior: str, folder: Path, workers: int, as_json: bool) -> None:
    """Run a posterior's draws and compare all figures with what they predict."""
    from abm.calibration.check import inside, mean_width, modelled, predictions, surveyed
    from abm.calibration.kept import read

    kept = read(posterior, folder)
    with options.progress_bar(f"Running {len(kept.changes)} draws") as tell:
        found = predictions(surveyed(modelled(kept, workers, tell), kept))
    shares = {split: inside(found, split) for split in ("fit", "held_out")}
    widths = {split: mean_width(found, split) for split in shares}
    if as_json:
        content = {"posterior": posterior, "draws": len(kept.changes), "inside": shares, "mean_width": widths,
                   "moments": [one.as_dict() for one in found]}  # fmt: skip
        print(json.dumps(content, allow_nan=False))
        return
    _print(found)
    for split, share in shares.items():
        told = ", ".join(f"{width:.2f} {unit}" for unit, width in widths[split].items())
        print(f"{split}: {100 * share:.0f}% inside their 90% predictive intervals, of a mean width of {told}")


def _print(found: list[Prediction]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Published figures and 90% predictive intervals", title_justify="left")
    for column in ("moment", "family", "split", "figure", "low", "median", "high", "inside"):
        table.add_column(column, justify="right" if column in ("figure", "low", "median", "high") else "left")
    for one in found:
        numbers = (f"{x:.3g}" for x in (one.value, one.low, one.median, one.high))
        table.add_row(one.moment, one.family, one.split, *numbers, "yes" if one.inside else "no")
    console = Console()
    console.width = max(console.width, 110)
    console.print(table)
