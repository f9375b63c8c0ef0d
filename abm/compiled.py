"""Compilation by Numba, with the machine code kept in a folder of the user's, so that only the first run waits for it."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import platformdirs


def _folder() -> Path | None:
    """A folder for compiled code that can be written, or None.

    Its name is a digest of the package's compiled sources: Numba looks for changes only in the file of the outermost
    function, not in those that it calls.
    """
    sources = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    compiled_in = [source for layer in ("world", "dynamics") for source in sorted(sources.glob(f"{layer}/**/*.py"))]
    for source in (Path(__file__), sources / "rng.py", *compiled_in):
        digest.update(source.read_bytes())
    digest.update(f"{numba.__version__} {sys.version}".encode())
    own = os.environ.get("NUMBA_CACHE_DIR") or platformdirs.user_cache_dir("abm", appauthor=False)
    shared = Path(tempfile.gettempdir()) / f"abm-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    for root in (Path(own), shared):
        folder = root / "compiled" / digest.hexdigest()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue  # read-only or full: try the next one, and do without if there is none
    return None


FOLDER = _folder()  # where machine code is kept, None if nowhere
if FOLDER:
    setattr(numba.config, "CACHE_DIR", str(FOLDER))  # noqa: B010 (made at run time, unknown to type checkers)


def is_kept() -> bool:
    """Whether machine code of this version of the package is on disk, so that a run starts at once."""
    return FOLDER is not None and any(FOLDER.rglob("*.nbi"))


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function at its first call; it releases the interpreter's lock and rounds as IEEE 754 says.

    Args:
        function: A function of numbers, arrays and named tuples.

    Returns:
        Numba's dispatcher.
    """
    return numba.njit(nogil=True, cache=FOLDER is not None, error_model="numpy")(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a function into its callers, so that loops that call it become vector instructions.

    Args:
        function: A short function that compiled functions call.

    Returns:
        Numba's dispatcher.
    """
    return numba.njit(nogil=True, error_model="numpy", forceinline=True)(function)
