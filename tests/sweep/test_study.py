"""What a study means: the world at a point, and what its rows say of it."""

import numpy as np
import pytest

from abm.scenario.posterior import posterior_table
from abm.scenario.scenario import Scenario
from abm.sweep.files import study_of

ELASTICITY = "demand.price_elasticity"


def study(method, factors, **design):
    return study_of({
        "firms": 1000, "quarters": ["2023Q2"], "design": {"method": method, **design}, "factors": factors,
        "indicators": {"adoption": "penetration(world)"},
    })  # fmt: skip


def test_a_row_says_what_its_draw_has_where_the_study_leaves_a_parameter_alone():
    asked = study("one_at_a_time", {"draw": {"values": [0, 7]}, ELASTICITY: {"values": [1.2, 1.3]}})
    found = [asked.rows(run)[0] for run in range(asked.runs)]
    own = Scenario.load("baseline").parameters.demand.price_elasticity
    drawn = posterior_table("all")[ELASTICITY]
    assert [row[ELASTICITY] for row in found] == pytest.approx([own, drawn[0], drawn[7], 1.2, 1.3], rel=1e-12)
    assert [row["draw"] for row in found] == [None, 0, 7, None, None]


def test_a_parameter_of_the_study_counts_more_than_a_draw_in_whatever_order_they_stand():
    factors = {ELASTICITY: {"values": [1.3]}, "draw": {"values": [7]}}
    worlds = [
        asked.world(asked.values(0))
        for order in (factors, dict(reversed(factors.items())))
        for asked in [study("full_factorial", order)]
    ]
    assert worlds[0].digest == worlds[1].digest and worlds[0].shocks == 8
    assert worlds[0].parameters.demand.price_elasticity == 1.3
    assert worlds[0].parameters.cost.entry_cost == pytest.approx(posterior_table("all")["cost.entry_cost"][7])


def test_ranges_are_filled_evenly_and_wide_ones_on_the_logarithmic_scale():
    """Means over a uniform and over a log-uniform range: (a + b) / 2 and (b - a) / log(b / a)."""
    factors = {"cost.contract_years": {"low": 2.0, "high": 4.0}, "cost.entry_cost": {"low": 1e3, "high": 1e5}}
    asked = study("sobol", factors, points=1024)
    values = np.array([list(asked.values(point).values()) for point in range(1024)])
    assert values.mean(axis=0) == pytest.approx([3.0, 99e3 / np.log(100)], rel=2e-3)
