"""The whole model, simplified by scenario parameters only, equals a theorem.

Each claim states its error rate: four standard errors per number (1 in 16,000), or p = 0.001. Seeds are fixed.
"""

from functools import lru_cache

import pytest

from abm.scenario.scenario import Scenario
from abm.theory.interaction import brock_durlauf_roots, tipping_field
from abm.verification import bass, brock_durlauf, urn
from abm.verification.limits import LIMITS, verify

verified = lru_cache(verify)


@pytest.mark.parametrize("name", LIMITS)
def test_limit_holds(name):
    done = verified(name)
    assert done.holds, f"{done.labels[done.worst]}: {done.simulated[done.worst]} against {done.closed_form[done.worst]}"


def test_a_wrong_theorem_is_told_from_the_right_one():
    """The tolerances are not so wide that another imitation or strength of interaction would pass."""
    scenario = Scenario.load("limit_bass")
    right, wrong = (bass.compare(s) for s in (scenario, scenario.replace({"diffusion.imitation": 0.45})))
    assert (abs(wrong.simulated - right.closed_form) > right.tolerance).any()
    scenario = Scenario.load("limit_brock_durlauf")
    right = brock_durlauf.compare(scenario)
    wrong = brock_durlauf.compare(scenario.replace({"interaction.strength": 2.7}))
    assert (abs(wrong.simulated - right.closed_form) > right.tolerance).any()


def test_the_discrete_path_nears_the_continuous_one_at_first_order():
    notes = verified("limit_bass").notes
    for what in (
        "largest distance of the recursion to the continuous curve",
        "time of its peak less the continuous one",
    ):
        whole, half, quarter = (notes[f"{what}, period {step:g} years"] for step in (0.25, 0.125, 0.0625))
        assert whole / half == pytest.approx(2, rel=0.1) and half / quarter == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("price, sign", [(-0.1, 1), (0.1, -1)])
def test_the_economy_settles_on_the_root_whose_basin_it_starts_in(price, sign):
    scenario = Scenario.load("limit_brock_durlauf")
    (push,) = scenario.interventions
    done = brock_durlauf.compare(
        scenario.replace(interventions=(type(push)(push.kind, price, push.start, push.end, target=push.target),))
    )
    assert done.holds
    assert abs(done.simulated[-1] - sign * brock_durlauf_roots(3.0).max()) <= done.tolerance[-1]


def test_the_loop_jumps_at_the_folds_and_nowhere_else():
    """Up and down a slow sweep the economy changes side once, each time after the field has passed the fold."""
    done = verified("limit_hysteresis")
    side, fields = done.simulated > 0, done.picture.x
    jumps = [k for k in range(1, len(side)) if side[k] != side[k - 1]]
    assert len(jumps) == 2
    fold = abs(tipping_field(3.0))
    for jump, sign in zip(jumps, (-1, 1), strict=True):
        assert fold < sign * fields[jump] < fold + 0.35  # a sweep that is not infinitely slow is late


def test_other_barriers_have_other_odds():
    """With half the strength of interaction the barriers are about twice as far, and the gambler's ruin is another."""
    scenario = Scenario.load("limit_arthur").replace({"interaction.strength": 10.0})
    done = urn.arthur(scenario)
    assert done.holds and done.notes["by which the second"] > 5
