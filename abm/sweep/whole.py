"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import platform
import threading
from pathlib import Path


def write_whole(path: Path, content: bytes, workplace: Path, over: bool = True) -> None:
    """Write a file beside its place, push it to the disk, and put it in its place in one step.

    Args:
        path: Its place.
        content: What it holds.
        workplace: Folder for the unfinished file, on the same disk.
        over: Whether it may take the place of a file that is there; otherwise that one stays.
    """
    unfinished = workplace / f"{path.name}.{platform.node()}.{os.getpid()}.{threading.get_ident()}"
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if over:
            unfinished.replace(path)
        else:
            try:
                os.link(unfinished, path)
            except FileExistsError:
                return
    finally:
        unfinished.unlink(missing_ok=True)
    if os.name == "posix":  # the name is on the disk only when the folder is
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
