"""`abm app`: the what-if page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="app")(open_page)


def open_page(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8765,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser window.")] = False,
    store: Annotated[
        list[Path] | None,
        typer.Option("--store", help="Folder of a sweep's store that the page may open; again for more."),
    ] = None,
) -> None:
    """Open the what-if page on 127.0.0.1; with --store also the results of sweeps."""
    from abm.ui.server import serve

    serve(port=port, open_browser=not no_browser, stores=store or ())
