"""`abm app`: the what-if page."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="app")(open_page)


def open_page(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8765,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser window.")] = False,
) -> None:
    """Open the what-if page on 127.0.0.1."""
    from abm.ui.server import serve

    serve(port=port, open_browser=not no_browser)
