"""The manifest of a store: what it is of, and whether what is wanted is the same."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import abm
from abm.quantities import InputError
from abm.sweep.files import study_of
from abm.sweep.store import LOGS, MANIFEST, PARTS, UNFINISHED, Store
from abm.sweep.study import Study, code_digest, parameters_digest
from abm.sweep.whole import write_whole

MOST_PARTS = 10_000  # more are slow to list, and engines are slow to hand them out


def made(study: Study, folder: str | Path, runs_per_part: int) -> Store:
    """The store of a study, made now or there already with the same study.

    Args:
        study: The study.
        folder: Where.
        runs_per_part: Runs in each part of a new store; one that is there keeps its own.

    Raises:
        InputError: If the folder holds another study, or the same one of another version of the package, or something else.
    """
    folder = Path(folder)
    manifest = {
        "format": 1, "study_digest": study.digest, "abm": abm.__version__, "parameters": parameters_digest(),
        "code": code_digest(), "points": study.design.digest,
        "runs": study.runs, "runs_per_part": max(runs_per_part, -(-study.runs // MOST_PARTS)),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"node": platform.node(), "system": platform.platform(), "processor": platform.machine(),
                    "python": platform.python_version(), "cores": os.cpu_count()},
        "study": dict(study.source),
    }  # fmt: skip
    try:
        there = {path.name for path in folder.iterdir()} if folder.exists() else set()
        if MANIFEST not in there and there - {PARTS, UNFINISHED, LOGS}:
            raise InputError(f"store {str(folder)!r} holds something else than a sweep; name an empty or a new folder.")
        for name in (PARTS, UNFINISHED):
            (folder / name).mkdir(parents=True, exist_ok=True)
        if MANIFEST not in there:
            text = json.dumps(manifest, indent=1)
            write_whole(folder / MANIFEST, text.encode(), folder / UNFINISHED, over=False)
    except OSError as error:
        raise InputError(f"store {str(folder)!r} cannot be made: {error.strerror}; name another folder.") from None
    store = opened(folder)
    _compare(store.manifest, manifest, folder)
    return replace(store, study=study)  # whose runs may take another time


def opened(folder: str | Path) -> Store:
    """A store that is there.

    Raises:
        InputError: If there is none.
    """
    folder = Path(folder)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        study = study_of(manifest["study"])
        return Store(folder, study, int(manifest["runs_per_part"]), manifest)
    except (OSError, ValueError, KeyError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{str(folder)!r} is no store of a sweep; make one with: abm sweep STUDY.toml --store {str(folder)!r}"
        ) from None


def _compare(there: dict[str, Any], wanted: dict[str, Any], folder: Path) -> None:
    """Refuse a store of something else, with what differs and what to do."""
    if there["study_digest"] != wanted["study_digest"]:
        differing = "; ".join(_differences(there["study"], wanted["study"], ""))
        raise InputError(
            f"store {str(folder)!r} is of another study: {differing}. Name another folder for the changed study, or "
            "undo the change."
        )
    for name, words, remedy in (
        ("abm", "version of abm", "install that version again"),
        ("parameters", "set of default parameters and data tables", "take the old one again"),
        ("code", "code of the model", "take the old one again"),
        ("points", "sequence of design points", "install the SciPy of then, which draws them"),
    ):
        old, new = there.get(name), wanted[name]
        if old != new:
            raise InputError(
                f"store {str(folder)!r} is of another {words}: {old} there, {new} here. Their runs cannot be mixed: name "
                f"another folder, or {remedy}."
            )


def _differences(there: Any, wanted: Any, name: str) -> list[str]:
    """What differs between two studies, as "seeds = 2 there, 3 asked for"."""
    if isinstance(there, dict) and isinstance(wanted, dict):
        keys = [key for key in {**there, **wanted} if key not in ("name", "question", "timeout", "cluster")]
        return [
            found for key in keys for found in _differences(there.get(key), wanted.get(key), f"{name}.{key}".strip("."))
        ]
    return [] if there == wanted else [f"{name} = {there!r:.80} there, {wanted!r:.80} asked for"]
