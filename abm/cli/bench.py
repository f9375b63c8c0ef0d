"""`abm bench`: how fast the engine is on this machine."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from abm.cli import options


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(bench)


def bench(
    quick: Annotated[bool, typer.Option("--quick", help="Leave out what takes minutes.")] = False,
    largest: Annotated[
        int,
        typer.Option(min=1_000_000, help="Firms of the largest world; ten times as many for 8 quarters if they fit."),
    ] = 100_000_000,
    as_json: options.AsJson = False,
    write: Annotated[str, typer.Option(help="Also write the tables to this Markdown file.")] = "",
) -> None:
    """Time the engine against NumPy, Mesa and the limits of this machine."""
    from abm.bench.report import as_markdown, lines_of, measure
    from abm.scenario.parameters import Interaction
    from abm.world.memory import check_memory

    if not quick:
        check_memory(largest, Interaction())
    options.prepare_engine("compiled")
    report = measure(quick, largest, lambda what: print(f"measuring {what} ...", file=sys.stderr))
    if write:
        Path(write).write_text(as_markdown(report, datetime.now(UTC).date().isoformat()), encoding="utf-8")
    if as_json:
        print(json.dumps(report.as_dict(), allow_nan=False))
        return
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(", ".join(f"{name} {value}" for name, value in report.machine.items()), highlight=False)
    for title, columns, rows in lines_of(report):
        table = Table(title=title, title_justify="left")
        for place, column in enumerate(columns):
            table.add_column(column, justify="right" if place else "left")
        for row in rows:
            table.add_row(*row)
        console.print(table)
