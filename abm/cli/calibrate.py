"""`abm calibrate`: estimate the parameters from published figures, and test a posterior against them."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abm.cli import options
from abm.quantities import InputError

if TYPE_CHECKING:
    from abm.calibration.check import Prediction

NEEDED = ("sklearn", "numpyro")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(calibrate)


def calibrate(
    quick: Annotated[bool, typer.Option("--quick", help="Few runs and short chains: minutes, and rough.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Run a posterior's draws and compare all figures.")] = False,
    posterior: Annotated[str, typer.Option(help="Posterior to check: fit or all.")] = "fit",
    out: Annotated[Path, typer.Option(help="Folder of runs and posteriors.")] = Path("out/calibration"),
    workers: Annotated[int, typer.Option(help="Processes to use.")] = 2,
    as_json: options.AsJson = False,
) -> None:
    """Estimate the parameters twice: from the fit figures alone, and from all of them. Goes on where it was stopped."""
    if workers < 1:
        raise InputError(f"workers = {workers} must be a whole number from 1.")
    options.prepare_engine("compiled")
    if check:
        _check(posterior, out, workers, as_json)
        return
    lacking = [name for name in NEEDED if find_spec(name) is None]
    if lacking:
        raise InputError(
            f"calibration needs {' and '.join(lacking)}; install them with: pip install 'abm[calibration]'"
        )
    from abm.calibration.calibrate import FULL, QUICK
    from abm.calibration.calibrate import calibrate as estimate

    with options.progress_bar("Calibrating") as tell:
        done = estimate(out, QUICK if quick else FULL, workers, lambda _, made, whole: tell(made, whole))
    for name, draws in done.draws.items():
        print(
            f"posterior {name}: {out / f'posterior_{name}.csv'}, largest R-hat {draws.rhat:.3f}, smallest effective number "
            f"of draws {draws.effective:.0f}"
        )
    sets = len(done.coverage.ranks)
    print(
        f"known parameters of {sets} runs lie in their 90% intervals in {100 * done.coverage.inside().mean():.0f}% of "
        f"cases, the least of the parameters in {100 * done.coverage.inside().min():.0f}%"
    )


def _check(posterior: str, folder: Path, workers: int, as_json: bool) -> None:
    from abm.calibration.check import inside, predictions, predictive
    from abm.calibration.kept import POSTERIORS, read
    from abm.quantities import unknown

    if posterior not in POSTERIORS:
        raise unknown("posterior", posterior, POSTERIORS)
    kept = read(posterior, folder)
    with options.progress_bar(f"Running {len(kept.changes)} draws") as tell:
        found = predictions(predictive(kept, workers, tell))
    shares = {split: inside(found, split) for split in ("fit", "held_out")}
    if as_json:
        content = {"posterior": posterior, "draws": len(kept.changes), "inside": shares,
                   "moments": [one.as_dict() for one in found]}  # fmt: skip
        print(json.dumps(content, allow_nan=False))
        return
    _print(found)
    for split, share in shares.items():
        print(f"{split}: {100 * share:.0f}% inside their 90% predictive intervals")


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
