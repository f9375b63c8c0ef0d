"""The whole model, simplified by scenario parameters only, equals a theorem.

Each claim states its error rate: four standard errors per number (1 in 16,000), or p = 0.001. Seeds are fixed.
"""

from functools import lru_cache

import numpy as np
import pytest

from abm.scenario.policy import Intervention
from abm.scenario.scenario import Scenario
from abm.theory.diffusion import bass_recursion, bass_share
from abm.theory.interaction import brock_durlauf_roots, polya_distribution, ruin_probability, tipping_field
from abm.verification import brock_durlauf, urn
from abm.verification.limits import LIMITS, verify

verified = lru_cache(verify)


@pytest.mark.parametrize("name", LIMITS)
def test_limit_holds(name):
    done = verified(name)
    assert done.holds, f"{done.labels[done.worst]}: {done.simulated[done.worst]} against {done.closed_form[done.worst]}"


def further_off(done, wrong):
    """How far off a wrong theory's numbers are, over what they may be off by."""
    return float((np.abs(done.simulated - wrong) / np.maximum(done.tolerance, 1e-12)).max())


@pytest.mark.parametrize(
    "theory", ["continuous", "linear", "imitation 5% more", "innovation 5% less", "a quarter late"]
)
def test_neighbours_of_the_recursion_are_told_from_it(theory):
    """Bass's continuous curve, a hazard of (p + q F) dt, other rates, and attention drawn by users of a quarter ago."""
    done, p, q = verified("limit_bass"), 0.03, 0.38
    n = len(done.simulated)

    def path(hazard):
        shares = [0.0, 0.0]
        for _ in range(n):
            shares.append(shares[-1] + (1 - shares[-1]) * hazard(shares[-1], shares[-2]))
        return np.array(shares[2:])

    wrong = {
        "continuous": bass_share(0.25 * np.arange(1, n + 1), p, q),
        "linear": path(lambda now, _: (p + q * now) / 4),
        "imitation 5% more": bass_recursion(p, 1.05 * q, 0.25, n),
        "innovation 5% less": bass_recursion(0.95 * p, q, 0.25, n),
        "a quarter late": path(lambda _, before: -np.expm1(-(p + q * before) / 4)),
    }[theory]
    assert further_off(done, wrong) > 1


@pytest.mark.parametrize("strength", [2.9, 3.1])
def test_another_strength_of_interaction_is_told(strength):
    done, m, path = verified("limit_brock_durlauf"), 0.0, []
    for field in [done.notes["field h in the first year"]] * 4 + [0.0] * (len(done.simulated) - 4):
        m = float(np.tanh((field + strength * m) / 2))
        path.append(m)
    assert further_off(done, np.array(path)) > 1


def test_barriers_that_are_off_by_one_are_told():
    """Told by the odds or, run by run, by the walk."""
    done = verified("limit_arthur")
    scenario, up = Scenario.load("limit_arthur"), done.notes["share of firms that like the first offer"]
    likes, upper, lower = urn._two_kinds(scenario, urn.FIRMS, 1)
    steps = [np.where(likes, 1, -1)[urn._order(urn._entered(scenario, urn.FIRMS, seed))] for seed in range(1, 301)]
    right = np.array([urn._walk(s, upper, lower) for s in steps])
    for a, b in ((upper + 1, lower), (upper - 1, lower), (upper, lower + 1), (upper, lower - 1)):
        otherwise = (np.array([urn._walk(s, a, b) for s in steps]) != right).mean()
        by_odds = abs(done.simulated[0] - ruin_probability(up, a, b)) > done.tolerance[0]
        assert otherwise > 3 * done.tolerance[1] or by_odds, (a, b)


@pytest.mark.parametrize("balls", [0.7, 1.4])
def test_another_urn_is_told(balls):
    done = verified("limit_polya")
    assert further_off(done, np.cumsum(polya_distribution(urn.FIRMS, balls, balls))) > 1


def test_the_discrete_path_nears_the_continuous_one_at_first_order(measured):
    """Halving the period halves the distance: of the recursion to the curve, of its peak, and of the simulation."""
    notes = verified("limit_bass").notes
    for what in (
        "largest distance of the recursion to the continuous curve",
        "time of its peak less the continuous one",
    ):
        whole, half, quarter = (notes[f"{what}, period {step:g} years"] for step in (0.25, 0.125, 0.0625))
        measured(f"{what}: a quarter's over an eighth of a year's", whole / half, 2, rtol=0.1)
        measured(f"{what}: an eighth's over a sixteenth of a year's", half / quarter, 2, rtol=0.1)
    what = "largest distance of the simulation to the continuous curve"
    whole, half = (notes[f"{what}, period {step:g} years"] for step in (0.25, 0.125))
    measured(f"{what}: a quarter's over an eighth of a year's", whole / half, 2, rtol=0.15)


@pytest.mark.parametrize("price, sign", [(-0.1, 1), (0.1, -1)])
def test_the_economy_settles_on_the_root_whose_basin_it_starts_in(measured, price, sign):
    scenario = Scenario.load("limit_brock_durlauf")
    (push,) = scenario.interventions
    done = brock_durlauf.compare(
        scenario.replace(interventions=(Intervention(push.kind, price, push.start, push.end, target=push.target),))
    )
    assert done.holds
    root = sign * brock_durlauf_roots(3.0).max()
    measured(f"share settled on after a push of {price:g}", done.simulated[-1], root, atol=done.tolerance[-1])


@pytest.mark.parametrize("start, settles", [(0.35, 2), (0.15, 0)])
def test_the_unstable_root_parts_the_basins(measured, start, settles):
    """With a field held between the folds there are three roots; from a little above the middle one the economy rises to
    the upper one, from a little below it falls to the lower, against or with the field."""
    held, strength = -0.2, 3.0
    roots = brock_durlauf_roots(strength, held)
    assert len(roots) == 3 and 0.15 < roots[1] < 0.35
    per_price = field_per_price()
    push = 2 * np.arctanh(start)  # the field that takes the economy from equal shares to the start in one quarter
    prices = (push / per_price, held / per_price)
    dates = (("2023Q1", "2023Q1"), ("2023Q2", ""))
    changes = tuple(
        Intervention("price_change", float(price), first, last, target="offer:openai_flagship")
        for price, (first, last) in zip(prices, dates, strict=True)
    )
    done = brock_durlauf.compare(Scenario.load("limit_brock_durlauf").replace(interventions=changes))
    assert done.holds
    assert done.closed_form[0] == pytest.approx(start, abs=0.05)
    measured(f"share settled on from {start}, middle root {roots[1]:.3f}", done.simulated[-1],
             brock_durlauf_roots(strength, done.notes["field h in the last quarter"])[settles],
             atol=done.tolerance[-1])  # fmt: skip


def field_per_price():
    """Field that a small change of the first offer's price makes; value is nearly linear in so small a change."""
    change = (Intervention("price_change", 0.01, "2023Q1", target="offer:openai_flagship"),)
    done = brock_durlauf.compare(Scenario.load("limit_brock_durlauf").replace(interventions=change, end="2023Q1"))
    return done.notes["field h in the last quarter"] / 0.01


def test_the_loop_jumps_at_the_folds_and_nowhere_else(measured):
    """Up and down a slow sweep the economy changes side once, each time after the field has passed the fold."""
    done = verified("limit_hysteresis")
    side, fields = done.simulated > 0, done.picture.x
    jumps = [k for k in range(1, len(side)) if side[k] != side[k - 1]]
    measured("changes of side in a loop", len(jumps), 2)
    fold = abs(tipping_field(3.0))
    for jump, sign in zip(jumps, (-1, 1), strict=True):
        late = 0.175  # a sweep that is not infinitely slow is late
        measured("field of the jump over the fold", sign * fields[jump], fold + late, atol=late)


def test_other_barriers_have_other_odds():
    """With more distrust of the second offer it must lead by more, and the gambler's ruin is another."""
    scenario = Scenario.load("limit_arthur").replace({"trust.distrust_cost": 0.0129})
    done = urn.arthur(scenario, runs=400)
    assert done.holds and done.notes["by which the second"] == 7
