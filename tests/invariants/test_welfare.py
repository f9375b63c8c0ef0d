"""What cannot make the world richer: less research, leaks, outages and cut-offs."""

import numpy as np
import pytest

import abm

FIRMS, SEEDS = 4_000, (1, 2, 3)
BASE = abm.Scenario.load("baseline").replace(end="2032Q4")


def worth(scenario, seed):
    """Users' surplus and labs' gross profit, USD per quarter, shape (quarter,)."""
    record = abm.simulate(scenario, firms=FIRMS, seed=seed)
    return (record.indicator("surplus") + record.indicator("vendor_profit")).values


@pytest.mark.parametrize("target", ["license:open", "license:proprietary"])
def test_less_money_for_research_makes_nobody_richer(target, measured):
    """A lab that stops gets no cheaper than one that goes on: costs fall by the industry's clock."""
    cut = BASE.replace({"research.failing_labs": "stay"}).enact(
        abm.Intervention("funding_cut", 0.9, "2026Q3", target=target)
    )
    base = BASE.replace({"research.failing_labs": "stay"})
    for seed in SEEDS:
        with_money, without = (worth(scenario, seed)[14:].sum() for scenario in (base, cut))
        measured(
            min(without / with_money, 1.0), without / with_money, atol=0.002, claim="what is left of surplus and profit"
        )


@pytest.mark.parametrize(
    "kind, level, region, target",
    [("leak", 0.5, "all", "lab:openai"), ("outage", 0.1, "all", "lab:google"), ("backdoor", 0.5, "all", "license:open"),
     ("cut_off", 1.0, "european_union", "origin:united_states")],
)  # fmt: skip
def test_an_incident_costs_users_in_its_own_quarter(kind, level, region, target):
    """Who reconsiders early pays to move at once, and nobody is forgiven what it has paid."""
    base = BASE.replace(end="2026Q3")
    scenario = base.enact(abm.Intervention(kind, level, "2026Q3", "2026Q3", region, target))
    for seed in SEEDS:
        before, after = (abm.simulate(s, firms=FIRMS, seed=seed).indicator("surplus").values for s in (base, scenario))
        np.testing.assert_array_equal(before[:-1], after[:-1])
        assert after[-1] < before[-1]
