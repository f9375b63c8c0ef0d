"""The Mesa twin that the kernel is timed against makes the decisions of the model.

Given the tastes, every firm decides as in the reference. The rest is the twin's own chance: a world of 6,000 firms
under a subsidy, training, a ban and a rule of procurement must look like one more of its twins. Of right twins, four
standard errors reject one set of seeds in 490 by the 32 shares (normal law, Bonferroni) and one in 60 by the 21 totals
(Student's law with 19 degrees of freedom, Bonferroni); the seeds are fixed.
"""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import abm
from abm.dynamics.conditions import conditions_of
from abm.dynamics.decide import decide
from abm.dynamics.period import PERIOD
from abm.dynamics.reference import Some, decide_in_numpy, taste_shocks
from abm.model import Market
from abm.world.engine import Engine
from abm.world.totals import QUANTITIES

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("mesa_twin", ROOT / "experiments" / "benchmarks" / "mesa_twin.py")
mesa_twin = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(mesa_twin)

FIRMS, QUARTERS, TWINS, LIMIT = 8_000, 8, 20, 4.0
# Short contracts and attention that is caught from peers, so that all that chance does shows within two years.
CHANGES = {
    "start": "2025Q1", "end": "2027Q4", "population.warm_up": 0, "cost.contract_years": 0.5,
    "diffusion.innovation": 1.0, "diffusion.imitation": 6.0, "choice.taste_renewal": 0.5,
}  # fmt: skip
SUBSIDY = (
    abm.Scenario.load("baseline")
    .replace(CHANGES)
    .enact(abm.Intervention("subsidy", 0.5, "2025Q4"), abm.Intervention("training", 0.2, "2025Q4"))
)
POLICY = SUBSIDY.enact(
    abm.Intervention("ban", 0.5, "2026Q3", target="license:proprietary"),
    abm.Intervention("procurement", 0.8, "2025Q2", target="license:open"),
)
WRONG_CHOICE = {
    "none": {},
    "no pull of peers": {"interaction.strength": 0.0},
    "free switching": {"cost.switching_share": 0.0},
    "no upkeep": {"cost.maintenance": 0.0},
    "no learning by use": {"readiness.learning_by_use": 0.0},
    "taste scale that ignores the stake": {"choice.taste_scale_per_stake": 0.0},
}
WRONG_CHANCE = {
    "no imitation": {"diffusion.imitation": 0.0},
    "open offers unlike": {"choice.dissimilarity_open": 1.0},
    "proprietary offers not alike enough": {"choice.dissimilarity_proprietary": 0.95},
    "tastes always new": {"choice.taste_renewal": 1.0},
    "tastes never new": {"choice.taste_renewal": 0.0},
    "no restrictions": {},
}


@pytest.mark.parametrize("mistake", WRONG_CHOICE)
def test_given_the_tastes_every_firm_decides_as_in_the_reference(mistake):
    """Everyone chooses and no taste is renewed, so that nothing is left to chance; a mistaken twin differs."""
    world = Market(SUBSIDY, 12_000, 1, Engine("numpy")).world
    ahead = mesa_twin.decisions(world, QUARTERS)
    for _ in range(QUARTERS):
        next(ahead)
    right, mistaken = (
        conditions._replace(
            innovation=conditions.innovation + 1e9, contract_ends=np.ones(256, bool), taste_renewal=0.0
        )
        for conditions in map(conditions_of, (world, replace(world, scenario=SUBSIDY.replace(WRONG_CHOICE[mistake]))))
    )  # fmt: skip
    twin = mesa_twin.Twin(world, 1)
    shocks, none = taste_shocks(right, Some.of(world, np.arange(len(world.firms))), world.firms.taste_quarter)
    for firm, of_offers, of_none in zip(twin.agents, shocks.tolist(), none.tolist(), strict=True):
        firm.shocks, firm.shock_of_none = of_offers, of_none
    before = world.firms.option.copy()
    totals, wanted = twin.quarter(mistaken), decide_in_numpy(world, right)
    assert len(np.unique(world.firms.option)) > 10 and (world.firms.option != before)[before > 0].sum() > 100
    equal = [
        np.array_equal(twin.agents.get("option"), world.firms.option),
        np.array_equal(twin.agents.get("tenure"), world.firms.tenure),
        *(np.allclose(totals[..., q], wanted[..., q], rtol=1e-4, atol=0) for q in range(len(QUANTITIES))),
    ]
    assert all(equal) == (mistake == "none"), equal


def test_tastes_are_nested_extreme_values_and_drawn_anew():
    """Each shock is Gumbel (Kolmogorov-Smirnov, p > 1e-4: of right twins one in 400 fails).

    Shocks of a nest correlate by 1 - dissimilarity^2, all others and those of two draws do not, to within five standard
    errors (276 pairs: one right twin in 6,000 fails).
    """
    world = Market(SUBSIDY, FIRMS, 1, Engine("numpy")).world
    twin = mesa_twin.Twin(world, 1)
    first = [(*firm.shocks, firm.shock_of_none) for firm in twin.agents]
    twin.agents.do("draw_tastes")
    draws = np.array([(*a, *firm.shocks, firm.shock_of_none) for a, firm in zip(first, twin.agents, strict=True)])
    for column in draws.T:
        assert stats.kstest(column, "gumbel_r").pvalue > 1e-4
    choice, is_open = SUBSIDY.parameters.choice, world.options.offer_open
    scale = np.where(is_open, choice.dissimilarity_open, choice.dissimilarity_proprietary)
    nest = np.array([*is_open, 2, *(3 + is_open), 5])
    shared = np.where(nest[:, None] == nest, 1 - np.array([*scale, 0.0] * 2) ** 2, 0.0)
    gap = np.abs(np.corrcoef(draws.T) - shared)[~np.eye(len(nest), dtype=bool)]
    assert gap.max() < 5 / np.sqrt(FIRMS)


def measured(world, before, options, totals):
    """What a quarter made of the firms.

    Shares of the sampled firms without AI, with open and proprietary offers, and that left an option, shape (4,), and
    totals of the first three, shape (3, quantity).
    """
    group = np.concatenate([[0], np.where(world.options.offer_open, 1, 2)[world.options.offer]])
    by_option = totals.sum(axis=(0, 1, 2))
    shares = [*np.bincount(group[options], minlength=3), np.sum((before > 0) & (options != before))]
    return np.array(shares) / len(options), np.stack([by_option[group == g].sum(axis=0) for g in range(3)])


@pytest.fixture(scope="module")
def runs():
    """Shares, shape (run, quarter, 4), and totals, shape (run, quarter, 3, quantity): world, twins, mistaken twins."""
    world = Market(POLICY, FIRMS, 1, Engine("numpy")).world
    others = [POLICY] * TWINS + [POLICY.replace(change) for change in WRONG_CHANCE.values()]
    twins = [mesa_twin.Twin(replace(world, scenario=scenario), 1 + k) for k, scenario in enumerate(others)]
    options, results = np.zeros((1 + len(others), len(world.firms)), np.uint8), []
    for _ in range(QUARTERS):
        world.quarter += 1
        for verb in PERIOD:
            if verb is decide:
                given = [conditions_of(replace(world, scenario=scenario)) for scenario in others]
                given[-1] = given[-1]._replace(rule_share=np.zeros_like(given[-1].rule_share))
                totals = [twin.quarter(conditions) for twin, conditions in zip(twins, given, strict=True)]
            verb(world)
        totals = [np.stack([getattr(world.totals, name) for name in QUANTITIES], axis=-1), *totals]
        before, options = options, np.array([world.firms.option, *(twin.agents.get("option") for twin in twins)])
        results.append([measured(world, *run) for run in zip(before, options, totals, strict=True)])
    return [np.array([[run[part] for run in quarter] for quarter in results]).swapaxes(0, 1) for part in (0, 1)]


def departures(runs, one):
    """Distances of a run from the right twins in standard errors: shares (32,), totals of all quarters (19,)."""
    shares, totals = runs
    right = slice(1, 1 + TWINS)
    p = shares[right].mean(axis=0)
    error = np.sqrt(p * (1 - p) / FIRMS * (1 + 1 / TWINS))
    # Nobody can leave in the first quarter; firms without AI have no capacity, no project and no taste.
    binomial = np.divide(shares[one] - p, error, out=np.zeros_like(p), where=p > 0)
    sums = totals.sum(axis=1).reshape(len(totals), -1)[:, totals[right].any(axis=(0, 1)).ravel()]
    spread = sums[right].std(axis=0, ddof=1) * np.sqrt(1 + 1 / TWINS)
    return binomial.ravel(), (sums[one] - sums[right].mean(axis=0)) / spread


def test_the_world_looks_like_one_of_its_twins(runs):
    shares, totals = departures(runs, 0)
    assert len(shares) == 32 and len(totals) == 19
    assert np.abs(shares).max() < LIMIT and np.abs(totals).max() < LIMIT


@pytest.mark.parametrize("mistake", WRONG_CHANCE)
def test_a_mistaken_twin_does_not(runs, mistake):
    shares, totals = departures(runs, 1 + TWINS + list(WRONG_CHANCE).index(mistake))
    assert max(np.abs(shares).max(), np.abs(totals).max()) > LIMIT
