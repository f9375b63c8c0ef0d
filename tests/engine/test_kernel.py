"""The compiled kernel agrees with the NumPy reference firm by firm and does not depend on threads, chunks or processes."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

import abm
from abm.dynamics.conditions import conditions_of
from abm.dynamics.period import PERIOD
from abm.dynamics.reference import Some, taste_scale
from abm.model import Market
from abm.world.engine import Engine
from abm.world.firms import SCHEMA
from abm.world.totals import QUANTITIES

BUSY = (
    abm.Scenario.load("ai_plus")
    .replace({"start": "2025Q1", "end": "2030Q4", "population.warm_up": 4})
    .enact(
        abm.Intervention("ban", 0.7, "2026Q1", region="european_union", target="origin:china"),
        abm.Intervention("ban", 1.0, "2027Q1", end="2027Q4", region="india", target="lab:openai"),
        abm.Intervention("procurement", 0.8, "2025Q3", region="gulf", target="license:open"),
        abm.Intervention("training", 0.05, "2025Q2", region="low_income"),
        abm.Intervention("data_localisation", 0.004, "2026Q1", region="india"),
        abm.Intervention("leak", 0.5, "2026Q2", target="lab:openai"),
    )
)
NO_OPEN = abm.Scenario.load("no_open_models").replace({"end": "2024Q4", "choice.dissimilarity_proprietary": 1.0})
ALONE = abm.Scenario.load("baseline").replace(
    {"end": "2024Q4", "interaction.strength": 0.0, "interaction.peers": 0, "choice.taste_renewal": 1.0}
)
EVERYONE = abm.Scenario.load("baseline").replace(
    {"end": "2025Q4", "interaction.network": "everyone", "interaction.strength": 2.0, "diffusion.imitation": 3.0}
)
COUNTED = ALONE.replace({"interaction.form": "count", "interaction.strength": 0.4, "interaction.peers": 5})
LOG_SHARE = EVERYONE.replace({"interaction.form": "log_share", "interaction.strength": 0.7})
CODES = ("option", "tenure", "taste_quarter")


def lived(scenario, firms, engine, seed=3):
    market = Market(scenario, firms, seed, engine)
    for _ in range(len(scenario.quarters) + scenario.parameters.population.warm_up):
        market.step()
    return market


def fingerprint(market):
    """Digest of every column and of everything recorded, bit for bit."""
    digest = hashlib.blake2b()
    for name in SCHEMA:
        digest.update(getattr(market.world.firms, name).tobytes())
    record = market.recorder.record(market.world).data
    for name in sorted(record.data_vars):
        digest.update(np.ascontiguousarray(record[name].values).tobytes())
    return digest.hexdigest()


def scale_of(world):
    """What one unit of taste is worth to each firm, as a share of its wage bill."""
    return taste_scale(world, conditions_of(world), Some.of(world, np.arange(len(world.firms))))


@pytest.mark.parametrize(
    "scenario",
    [BUSY, NO_OPEN, ALONE, EVERYONE, COUNTED, LOG_SHARE],
    ids=["busy", "no open models", "no peers", "everyone", "counted", "logarithms of everyone's shares"],
)
def test_every_firm_decides_as_in_the_reference(scenario):
    """Same choices in every quarter; what the two differ in is rounding, so that no firm is expected to (1e-6 allowed).

    The kernel draws tastes in float32, off by some 3e-7 of a taste scale: the two best alternatives are that close in
    about one decision in ten million, and the 0.1 million decisions here have none of them. The worth of tastes differs
    by as much.
    """
    markets = [Market(scenario, 8_000, 3, Engine(name)) for name in ("numpy", "compiled")]
    for _ in range(len(scenario.quarters) + scenario.parameters.population.warm_up):
        for market in markets:
            market.step()
        reference, compiled = (market.world for market in markets)
        for name in CODES:
            np.testing.assert_array_equal(getattr(reference.firms, name), getattr(compiled.firms, name), name)
        np.testing.assert_allclose(reference.firms.readiness, compiled.firms.readiness, rtol=1e-6)
        workers = reference.firms.weight * reference.firms.employees
        difference = np.abs(compiled.firms.taste - reference.firms.taste.astype(float))
        assert np.all(difference <= 1e-6 * np.abs(reference.firms.taste) + 1e-6 * scale_of(reference))
        for name in QUANTITIES:
            got, expected = getattr(compiled.totals, name), getattr(reference.totals, name)
            if name == "taste":  # its parts are of both signs: what they may be off adds up
                allowed = workers * (2e-6 * np.abs(reference.firms.taste) + 1e-6 * scale_of(reference))
                firms = reference.firms
                at = np.ravel_multi_index((firms.region, firms.sector, firms.size, firms.option), got.shape)
                assert (abs(got - expected).ravel() <= np.bincount(at, allowed, got.size)).all()
            else:
                near = 1e-9 * np.abs(expected).max()
                np.testing.assert_allclose(got, expected, rtol=1e-5, atol=near, err_msg=name)
    assert (compiled.firms.option != 0).any() and (compiled.firms.option == 0).any()


def test_a_large_world_decides_as_the_reference():
    """300,000 firms, so that strata are larger than a group and than what a firm can meet; a quarter in the middle."""
    short = {"end": "2023Q2", "population.warm_up": 2, "regions": ("china",)}
    scenario = abm.Scenario.load("baseline").replace(short)
    worlds = [lived(scenario, 300_000, Engine(name)).world for name in ("numpy", "compiled")]
    for name in CODES:
        np.testing.assert_array_equal(*(getattr(world.firms, name) for world in worlds), name)
    blocks = worlds[0].firms.strata.blocks  # some regions' sectors are added up in several parts
    assert len(np.unique(blocks[:, 2:4], axis=0)) < len(blocks)
    for name in ("firms", "employment", "capacity", "project"):
        np.testing.assert_allclose(*(getattr(world.totals, name) for world in worlds), rtol=1e-9, err_msg=name)


@pytest.fixture(scope="module")
def single():
    return fingerprint(lived(BUSY, 30_000, Engine("compiled", 1)))


@pytest.mark.parametrize("threads", [2, 4])
@pytest.mark.parametrize("chunk", [777, 4096, 1 << 18])
def test_threads_and_chunks_change_no_bit(single, threads, chunk):
    assert fingerprint(lived(BUSY, 30_000, Engine("compiled", threads, chunk))) == single


def test_another_process_changes_no_bit(single):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_kernel as t;"
        "print(t.fingerprint(t.lived(t.BUSY, 30_000, t.Engine('compiled', 2))))"
    )
    folder = str(__import__("pathlib").Path(__file__).parent)
    done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == single


def test_the_birth_does_not_depend_on_threads():
    scenario = abm.Scenario.load("baseline")
    one, two = (Market(scenario, 300_000, 1, Engine("compiled", n)).world.firms for n in (1, 2))
    for name in SCHEMA:
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_the_reference_is_what_the_period_says():
    """`numpy` is another way to compute `decide`, not another period."""
    assert [verb.__name__ for verb in PERIOD] == ["regulate", "release", "decide", "use", "learn", "spread"]
    with pytest.raises(abm.InputError, match="known: compiled, numpy"):
        abm.simulate(ALONE, 1000, engine="fast")
