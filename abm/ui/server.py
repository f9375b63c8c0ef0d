"""Serve the page on this machine."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import threading
import warnings
import webbrowser
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import CancelledError
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from abm.quantities import InputError

if TYPE_CHECKING:
    from abm.lessons.classroom import Classroom

# No telemetry, no banner; a session that lost its page ends soon, as it holds records of 30 MB each; a redrawing walks only
# where something has changed.
SETTINGS = {
    "SOLARA_APP": "abm.ui.routes",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_MODE": "production",
    "REACTON_FAST": "1",
}
# A phone that is put aside for an hour is still in class, and its page holds a few megabytes only.
IN_CLASS = {"SOLARA_KERNEL_CULL_TIMEOUT": "3h"}
Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]


def serve(
    port: int, open_browser: bool, host: str = "127.0.0.1", stores: Iterable[Path] = (),
    classroom: Classroom | None = None, address: str = "",
) -> None:  # fmt: skip
    """Serve until interrupted.

    Args:
        port: Port to listen on.
        open_browser: Whether to open a browser window.
        host: Address to listen on; the what-if page on anything but this machine needs a proxy that checks who asks.
        stores: Folders of the sweeps' stores that the page may open.
        classroom: A class to hold: then students' and the teacher's pages are all that is served.
        address: Where others find this server, if that is not plain: "http://school.example:8765".

    Raises:
        InputError: If the port is taken, or a folder is no store.
    """
    stores = list(stores)
    if stores:
        from abm.ui.sweeps.named import name_stores  # who names none need not wait for what reads them

        name_stores(stores)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise InputError(f"port {port} is taken; choose another one with --port, for example {port + 1}.") from None
    for name, value in (SETTINGS | (IN_CLASS if classroom is not None else {})).items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("SOLARA_SESSION_SECRET_KEY", secrets.token_hex(32))
    # Solara reads its settings when it is imported.
    import uvicorn
    from solara.server.starlette import app

    from abm.ui.classes import with_class
    from abm.ui.draws import STORE

    # Whoever opens the page first should not wait for the engine.
    if classroom is None:
        threading.Thread(target=_make_ready, daemon=True).start()
    address, opens = address or f"http://{named_here(host)}:{port}", ""
    if classroom is not None:
        opens = _hold(classroom, address)
    else:
        print(f"The what-if page is at {address} (stop with Ctrl-C).", flush=True)
    if stores:
        print(f"The sweeps are at {address}/sweep.", flush=True)
        opens = "/sweep"
    if open_browser:
        threading.Timer(1.5, webbrowser.open, [address + opens]).start()
    # The page is opened by itself, not inside another site's.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    guarded = same_origin(with_class(app))
    try:
        uvicorn.run(guarded, host=host, port=port, log_level="warning", ws_per_message_deflate=False)
    finally:
        STORE.close()
        if classroom is not None:
            classroom.close()


def named_here(host: str) -> str:
    """The address under which others on the network find this machine.

    Args:
        host: What is listened on: every address of the machine where it is 0.0.0.0.
    """
    if host != "0.0.0.0":
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # An address for documentation: nothing is sent, but the way there is chosen.
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _hold(classroom: Classroom, address: str) -> str:
    """Say where a class is, and how phones and its teacher come in; the way of the teacher's page."""
    from abm.lessons.in_class import check_move, check_prediction, ministries
    from abm.ui.classes import name_class

    name_class(classroom, check_prediction, check_move, ministries, address=f"{address}/class")
    path = f"/teacher?key={classroom.key}"
    print(f"Students: {address}/class (stop with Ctrl-C)", flush=True)
    print(f"Teacher: {address}{path}", flush=True)
    return path


def _make_ready() -> None:
    """Compile or load the engine, and start the process behind the bands."""
    import abm
    from abm.simulation import warm_up
    from abm.ui.choices import BASELINE
    from abm.ui.draws import STORE

    warm_up()
    baseline = abm.Scenario.load(BASELINE)
    with contextlib.suppress(CancelledError):  # stopped meanwhile
        STORE.ask(baseline, baseline, 0)


def same_origin(app: Application) -> Application:
    """Refuse websockets that another site's page opens; Solara itself accepts any origin.

    Args:
        app: The application to protect.
    """

    async def guarded(
        scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope.get("headers", [])}
        if scope["type"] == "websocket" and from_elsewhere(headers):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await app(scope, receive, send)

    return guarded


def from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that another site's page asks.

    Args:
        headers: Of the request, by names in lower case.
    """
    origin = headers.get("origin")
    return bool(origin) and urlsplit(origin).netloc != headers.get("host")
