"""Every instrument moves what it aims at in the direction it should, whatever the luck.

Pairs of runs share their luck. Each instrument must move its target the right way in at least 18 of 20 pairs: two in
10,000 instruments without effect would be called effective (sign test), and one in 100 whose effect is twice the spread
between pairs would be missed.
"""

import numpy as np
import pytest

import abm
from abm.scenario.policy import KINDS

FIRMS, SEEDS, AT_LEAST = 2_000, range(1, 21), 18
START, END = "2026Q3", "2028Q2"
BASE = abm.Scenario.load("baseline").replace(end=END)


def of(name, region=None, **how):
    """An indicator in the last quarter, of one region."""

    def value(record):
        found = record.indicator(name, by="region" if region else None, **how).sel(quarter=END)
        return float(found.sel(region=region) if region else found)

    return value


def users(target, region):
    """Firms of a region that use options of an origin, lab or operator."""
    family, _, name = target.partition(":")

    def value(record):
        firms = record.data["firms"].sel(quarter=END, region=region).sum(["sector", "size"])
        return float(firms.where(record.data[f"option_{family}"] == name, 0).sum())

    return value


def capability(record):
    chinese = [o for o, lab in zip(*_owners(), strict=True) if lab in ("deepseek", "qwen")]
    return float(record.data["capability"].sel(quarter=END, offer=chinese).sum())


def _owners():
    tables = BASE.tables
    return tables.offer_names, [tables.lab_names[i] for i in tables.offer_lab]


def public_open_share(record):
    return float(record.indicator("open_share", by=("region", "sector")).sel(
        quarter=END, region="india", sector="public_administration"))  # fmt: skip


def act(kind, level, **where):
    return abm.Intervention(kind, level, START, **where)


INSTRUMENTS = {
    "subsidy": (act("subsidy", 0.5, region="india"), of("penetration", "india"), +1),
    "subsidy of open models": (
        act("subsidy", 0.5, region="india", target="license:open"), of("open_share", "india"), +1
    ),
    "training": (act("training", 0.2, region="european_union"), of("penetration", "european_union"), +1),
    "procurement": (act("procurement", 1.0, region="india", target="license:open"), public_open_share, +1),
    "ban": (
        act("ban", 0.5, region="european_union", target="origin:china"), users("origin:china", "european_union"), -1
    ),
    "data_localisation": (
        act("data_localisation", 0.01, region="european_union"), of("foreign_operator", "european_union"), -1
    ),
    "export_control": (act("export_control", 0.5, target="origin:china"), capability, -1),
    "price_change": (act("price_change", -0.5, target="lab:openai"), users("lab:openai", "united_states"), +1),
    "incident": (act("incident", 0.5, target="lab:openai"), users("lab:openai", "united_states"), -1),
}  # fmt: skip


@pytest.fixture(scope="module")
def without():
    return [abm.simulate(BASE, firms=FIRMS, seed=seed) for seed in SEEDS]


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_moves_its_target_the_right_way(without, measured, name):
    instrument, target, sign = INSTRUMENTS[name]
    scenario = BASE.enact(instrument)
    moves = np.array([
        sign * (target(abm.simulate(scenario, firms=FIRMS, seed=seed)) - target(base))
        for seed, base in zip(SEEDS, without, strict=True)
    ])  # fmt: skip
    right = (moves > 0).sum()
    measured(right, 20, atol=20 - AT_LEAST, claim=f"{name}: pairs of 20 in which its target moves the right way")
    assert moves.mean() > 0


def test_no_instrument_is_left_out():
    assert {instrument.kind for instrument, _, _ in INSTRUMENTS.values()} == set(KINDS)
