"""Each verb of the period changes only what it says it writes."""

import importlib

import numpy as np
import pytest

from abm import Intervention, Scenario
from abm.dynamics.period import PERIOD
from abm.model import Market
from abm.world.firms import SCHEMA
from abm.world.totals import QUANTITIES


@pytest.fixture(scope="module")
def market():
    scenario = Scenario.load("ai_plus").enact(
        Intervention("leak", 0.3, "2025Q4", target="origin:china"),
        Intervention("liability", 0.5, "2025Q4", region="india"),
        Intervention("public_research", 0.0001, "2025Q4", region="china", target="license:open"),
        Intervention("ban", 0.5, "2025Q4", region="european_union", target="origin:china"),
    )
    market = Market(scenario, firms=4000, seed=3)
    for _ in range(19):  # into the quarter of the instruments
        market.step()
    return market


def state(world):
    """Everything a verb could write, by the names used in WRITES."""
    snapshot = {f"firms.{name}": getattr(world.firms, name).copy() for name in SCHEMA}
    snapshot["network"] = np.concatenate([world.network.threshold.ravel(), world.network.reach])
    snapshot["people"] = world.people.copy()
    snapshot["tokens"] = world.tokens.copy()
    snapshot["totals"] = np.stack([getattr(world.totals, name) for name in QUANTITIES])
    snapshot["ledger"] = world.ledger.paid.copy()
    for part in ("terms", "trust", "rules"):
        piece = getattr(world, part)
        values = [getattr(piece, name) for name in piece.__slots__ if isinstance(getattr(piece, name), np.ndarray)]
        snapshot[part] = np.concatenate([np.ravel(v).astype(float) for v in values])
    snapshot["labs"] = np.array([
        (lab.debt, lab.revenue, lab.cost, lab.damages, lab.outside, lab.funds, lab.starved) for lab in world.labs
    ])  # fmt: skip
    snapshot["governments"] = np.array([(g.outlay, g.total_outlay) for g in world.governments])
    snapshot["in_force"] = np.array([len(g.in_force) for g in world.governments])
    return snapshot


def test_each_verb_writes_what_it_declares(market):
    world = market.world
    world.quarter += 1
    for verb in PERIOD:
        declared = set(importlib.import_module(verb.__module__).WRITES)
        if "governments" in declared:
            declared.add("in_force")
        before = state(world)
        verb(world)
        after = state(world)
        touched = {name for name in before if not np.array_equal(before[name], after[name], equal_nan=True)}
        assert touched <= declared, f"{verb.__name__} also wrote {touched - declared}"
        assert touched, f"{verb.__name__} did nothing in a quarter full of events"


def test_every_column_has_one_writer():
    for name, column in SCHEMA.items():
        writers = [
            verb.__name__ for verb in PERIOD if f"firms.{name}" in importlib.import_module(verb.__module__).WRITES
        ]
        assert (writers or ["birth"]) == [column.written_by], name
