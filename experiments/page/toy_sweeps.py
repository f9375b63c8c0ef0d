"""Small stores with made-up runs, for tests and pictures of the sweep page: the model is not run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from abm.rng import firm_ids, name_key, uniform
from abm.sweep.files import study_of
from abm.sweep.manifest import made
from abm.sweep.store import Store

QUARTERS = ["2027Q4", "2030Q4"]
LEVERS = {
    "subsidy": {"low": 0.0, "high": 0.6, "region": "china"},
    "training": {"low": 0.0, "high": 0.4, "region": "china"},
}
MANY = {
    "draw": {}, **LEVERS, "interaction.strength": {}, "demand.price_elasticity": {}, "trust.distrust_cost": {},
    "cost.switching_share": {}, "world": {"kind": "breakthrough", "low": 0.0, "high": 20.0, "target": "origin:china"},
}  # fmt: skip
KEPT = {"adoption": "penetration(china, firms_10plus)", "outlay": "public_outlay(china)", "lag": "open_lag"}
Told = Callable[[Mapping[str, float], float], Mapping[str, list[float]]]


def made_up(values: Mapping[str, Any], luck: float) -> dict[str, list[float]]:
    """A threshold in the strength of peers, moved by what is paid; two quarters."""
    push = values.get("subsidy", 0.2) + 0.6 * values.get("training", 0.1)
    pull = 0.12 * values.get("interaction.strength", 3.0) * values.get("demand.price_elasticity", 1.5)
    late = 1 / (1 + np.exp(-6 * (push + pull - 0.75 + 0.1 * luck)))
    outlay = 4e10 * push * late
    lag = 14 - 0.3 * values.get("world", 5.0) + 2 * luck
    return {"adoption": [0.4 * late, late], "outlay": [0.5 * outlay, outlay], "lag": [lag, lag - 3]}


def store_of(
    folder: Path, content: Mapping[str, Any], told: Told = made_up, parts: int | None = None, per_part: int = 50,
    failing: int = 0,
) -> Store:  # fmt: skip
    """Make a store and fill it.

    Args:
        folder: Where.
        content: The study, as it stands in its file; what is left out is that of a study of all.
        told: Indicators by quarter, from the values of the factors and luck from -1 to 1.
        parts: Parts that are done; all by default.
        per_part: Runs in each part.
        failing: Each so manieth run fails; 0 for none.
    """
    study = study_of({"name": folder.name, "firms": 2000, "quarters": QUARTERS, "indicators": KEPT, **content})
    store = made(study, folder, per_part)
    for part in range(store.parts if parts is None else parts):
        rows = []
        for run in store.runs_of(part):
            point, seed = divmod(run, study.seeds)
            ids = firm_ids(name_key("toy", folder.name), np.array([seed if study.seeds > 1 else run]))
            luck = 2 * float(uniform(1, "toy", ids)[0]) - 1
            if failing and run % failing == failing - 1:
                rows += study.failed(
                    run, "Traceback (most recent call last):\n  ...\nRuntimeError: all labs went bankrupt"
                )
            else:
                values = study.values(point)
                rows += study.filled(run, values, told(values, luck), None)
        store.keep(part, rows)
    return store


def some_stores(folder: Path) -> list[Path]:
    """A store of each kind: spread points with failures and not finished, a grid, and points for indices."""
    question = "What brings firms in China to use AI: money, training, or each other?"
    store_of(folder / "spread", {
        "question": question, "factors": MANY, "design": {"method": "latin_hypercube", "points": 400},
    }, parts=7, failing=60)  # fmt: skip
    store_of(folder / "grid", {
        "question": "From which subsidy on do firms pull each other along?", "seeds": 5,
        "factors": {
            "subsidy": LEVERS["subsidy"] | {"levels": 9}, "interaction.strength": {"low": 0.0, "high": 6.0, "levels": 8},
        },
        "design": {"method": "full_factorial"},
    })  # fmt: skip
    store_of(folder / "indices", {
        "question": question, "factors": {name: one for name, one in MANY.items() if name != "draw"},
        "design": {"method": "saltelli", "points": 64},
    }, per_part=200)  # fmt: skip
    store_of(folder / "screening", {
        "question": question, "factors": {name: one for name, one in MANY.items() if name != "draw"},
        "design": {"method": "morris", "points": 30, "grid": 6},
    }, per_part=200)  # fmt: skip
    return [folder / name for name in ("spread", "grid", "indices", "screening")]
