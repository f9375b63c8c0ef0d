"""`abm theory`: a limit of the model against the theorem it must then equal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abm.cli import options

if TYPE_CHECKING:
    from abm.verification.claim import Claim

_ROWS = 24  # of a longer table every second, third, ... row is printed, and the one furthest off


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(theory)
    app.command()(verify)


def theory(
    name: Annotated[str, typer.Argument(metavar="LIMIT", help="A limit: limit_bass, limit_logit, ...")],
    settings: options.Settings = None,
    firms: Annotated[int, typer.Option(min=0, help="Number of sampled firms; 0 takes what the limit needs.")] = 0,
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
) -> None:
    """Run a limit of the model and print simulated against closed form; exit code 1 if the two do not agree."""
    from abm.verification.limits import limit

    one = limit(name)
    scenario = options.scenario_of(one.scenario, [f"{k}={v}" for k, v in one.changes.items()] + (settings or []), None)
    options.prepare_engine("compiled")
    done = one.compare(scenario, firms or one.firms, seed)
    if as_json:
        print(json.dumps({"limit": name, "digest": scenario.digest, **done.as_dict()}, allow_nan=False))
    else:
        _print(done)
    if not done.holds:
        raise typer.Exit(1)


def verify(
    write: Annotated[str, typer.Option(help="Folder for verification.md and its figures.")] = "",
    tests: Annotated[str, typer.Option(help="Numbers of tests to list there, as written by pytest --claims.")] = "",
) -> None:
    """Run all limits of the model; exit code 1 if one does not hold."""
    from abm.figures.claims import write_claim
    from abm.verification.limits import LIMITS
    from abm.verification.limits import verify as verify_one
    from abm.verification.page import measured_by_tests, page

    measured = measured_by_tests(Path(tests)) if tests else []
    options.prepare_engine("compiled")
    claims = {}
    for name in LIMITS:
        claims[name] = verify_one(name)
        print(
            f"{name:26s} {'holds' if claims[name].holds else 'DOES NOT HOLD'}, largest error {claims[name].max_error:.6f}"
        )
    if write:
        folder = Path(write)
        (folder / "verification").mkdir(parents=True, exist_ok=True)
        for name, claim in claims.items():
            write_claim(claim, folder / "verification" / f"{name}.png")
        (folder / "verification.md").write_text(
            page(claims, measured, datetime.now(UTC).date().isoformat()), encoding="utf-8"
        )
    if not all(claim.holds for claim in claims.values()):
        raise typer.Exit(1)


def _print(done: Claim) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{done.theorem} ({done.reference})", title_justify="left", caption_justify="left")
    table.add_column(done.unit)
    for column in ("simulated", "closed form", "error", "may be off by"):
        table.add_column(column, justify="right")
    many = len(done.labels)
    worst = done.worst
    for i in range(many):
        if i % (1 + (many - 1) // _ROWS) == 0 or i in (worst, many - 1):
            numbers = (done.simulated[i], done.closed_form[i], done.error[i], done.tolerance[i])
            table.add_row(done.labels[i], *(f"{x:.6f}" for x in numbers))
    verdict = "holds" if done.holds else "DOES NOT HOLD"
    table.caption = f"{verdict}: largest error {done.max_error:.6f} ({done.error_rate})"
    console = Console()
    console.print(table)
    for what, value in done.notes.items():
        console.print(f"{what}: {value:g}", highlight=False, soft_wrap=True)
