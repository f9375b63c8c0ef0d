"""How large a world may be, what it costs in memory, and every real firm one to one."""

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

import abm
from abm.model import Market
from abm.scenario.parameters import Interaction
from abm.world.engine import Engine
from abm.world.firms import BYTES_PER_FIRM
from abm.world.genesis import born_firms
from abm.world.memory import check_memory, free_memory

GULF = abm.Scenario.load("baseline").replace({"end": "2024Q4", "regions": ("gulf",)})


def test_a_firm_takes_at_most_24_bytes():
    assert BYTES_PER_FIRM <= 24


@pytest.mark.parametrize("threads", [1, 2])
def test_a_birth_needs_little_more_than_its_result(threads):
    """Streaming: the peak lies above the columns by a few chunks, whose size does not grow with the world."""
    tracemalloc.start()
    try:
        firms = born_firms(abm.Scenario.load("baseline"), 3_000_000, 1, threads)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < len(firms) * BYTES_PER_FIRM + threads * 40e6


def test_a_world_too_large_is_refused_with_the_number_that_fits():
    with pytest.raises(abm.InputError, match=r"need .* GiB .* at most \d+ firms fit"):
        abm.simulate(abm.Scenario.load("baseline"), 10**12)
    with pytest.raises(abm.InputError, match="at most 50000000 firms fit"):
        check_memory(10**9, Interaction(), free=300 * 2**20 + 50_000_000 * BYTES_PER_FIRM)
    check_memory(50_000_000, Interaction(), free=300 * 2**20 + 50_000_000 * BYTES_PER_FIRM)
    with pytest.raises(abm.InputError, match="more than 2147483647 firms"):
        check_memory(2**31, Interaction(), free=2**50)


def test_a_stored_network_counts():
    free = 300 * 2**20 + 50_000_000 * BYTES_PER_FIRM
    with pytest.raises(abm.InputError, match="firms fit"):
        check_memory(50_000_000, Interaction(network="small_world"), free=free)


def test_free_memory_is_less_than_the_machine_has():
    assert 0 < free_memory() < 2**50


def test_refusal_comes_before_allocation():
    """The refused run's process never grows: it stays below a gibibyte, little more than a program that only starts.

    Its own size is asked, not `ru_maxrss`, which a process inherits from the one that has started it.
    """
    code = (
        "import abm, psutil\ntry: abm.simulate(abm.Scenario.load('baseline'), 10**12)\n"
        "except abm.InputError: print(psutil.Process().memory_info().rss)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 2**30


@pytest.fixture(scope="module")
def everyone():
    market = Market(GULF, "all", 1, Engine.fit(1_400_000))
    for _ in range(len(GULF.quarters) + GULF.parameters.population.warm_up):
        market.step()
    return market


def test_every_real_firm_is_simulated_once(everyone):
    strata, tables = everyone.world.firms.strata, GULF.tables
    assert (strata.weight == 1).all()
    place = (strata.region, strata.sector, strata.size)
    np.testing.assert_array_equal(strata.count, np.rint(tables.firms[place]))
    assert {tables.region_names[r] for r in strata.region} == {"gulf"}
    assert len(everyone.world.firms) == int(np.rint(tables.firms).sum()) == pytest.approx(1_438_266, abs=50)


def test_a_sample_estimates_what_the_whole_population_does(everyone):
    """Shares of firms from samples of 40,000 lie within 4 standard errors, estimated over 8 seeds, of the census."""
    whole = everyone.recorder.record(everyone.world)
    samples = [abm.simulate(GULF, 40_000, seed) for seed in range(1, 9)]
    for name, how in (("penetration", {"population": "firms_all"}), ("penetration", {}), ("open_share", {})):
        truth = float(whole.indicator(name, **how)[-1])
        drawn = np.array([float(record.indicator(name, **how)[-1]) for record in samples])
        assert abs(drawn.mean() - truth) < 4 * drawn.std(ddof=1) / np.sqrt(len(drawn)) + 1e-3


def test_regions_without_firms_have_no_shares_and_no_money(everyone):
    record = everyone.recorder.record(everyone.world)
    shares = record.indicator("penetration", by="region")
    assert np.isfinite(shares.sel(region="gulf")).all() and np.isnan(shares.sel(region="china")).all()
    payer = record.data["paid"].sum("payee")
    assert float(payer.sel(payer="firms:gulf")[-1]) > 0 and float(payer.sel(payer="firms:china").sum()) == 0
