"""The page served by a process of its own, and the browser that looks at it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_QUIET_SOLARA = {"SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false", "SOLARA_THEME_SHOW_BANNER": "false"}


@contextlib.contextmanager
def served(stores: Iterable[Path] = (), toy: Path | None = None) -> Iterator[str]:
    """Serve the page on a free port until the block ends.

    Args:
        stores: Folders of stores that it may open.
        toy: File of a page of its own that is served instead.

    Yields:
        Its address.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["abm", "app", "--no-browser", *(word for store in stores for word in ("--store", str(store)))]
    if toy is not None:
        command = ["solara", "run", str(toy), "--no-open", "--production", "--host", "127.0.0.1"]
    server = subprocess.Popen(
        [sys.executable, "-m", *command, "--port", str(port)], env={**os.environ, **_QUIET_SOLARA},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{url}/readyz", timeout=2).read()
                break
            except OSError:
                assert server.poll() is None, "the server stopped"
                time.sleep(0.25)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
