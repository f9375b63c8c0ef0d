"""Firms that decide one after the other, against a loop that asks each firm's peers anew."""

import math

import numpy as np
import pytest

import abm
from abm.dynamics.conditions import conditions_of
from abm.dynamics.reference import Some, practise, private_choice
from abm.dynamics.regulate import regulate
from abm.dynamics.release import release
from abm.dynamics.sequential import decide_in_turn
from abm.model import Market
from abm.world.network import NOBODY

BASE = abm.Scenario.load("baseline").replace({
    "end": "2024Q4", "interaction.timing": "sequential", "diffusion.imitation": 8.0, "cost.entry_cost": 5_000,
    "cost.contract_years": 0.5, "choice.taste_renewal": 1.0,
})  # fmt: skip
STRENGTH = {"share": 2.0, "count": 0.2, "log_share": 0.3}


@pytest.mark.parametrize("network, peers", [("hashed", 8), ("hashed", 1), ("everyone", 8), ("stochastic_block", 8)])
@pytest.mark.parametrize("form", ["share", "count", "log_share"])
def test_each_firm_sees_what_those_before_it_have_chosen(network, peers, form):
    """Seven quarters lived, then one written out: who pays attention, what it sees and takes; 3,000 firms, all equal."""
    scenario = BASE.replace({
        "interaction.network": network, "interaction.peers": peers, "interaction.form": form,
        "interaction.strength": 0.002 if (network, form) == ("everyone", "count") else STRENGTH[form],
    })  # fmt: skip
    market = Market(scenario, 3_000, 4)
    for _ in range(7):
        market.step()
    world = market.world
    world.quarter += 1
    regulate(world)
    release(world)
    c, everyone = conditions_of(world), np.arange(len(world.firms))
    some = Some.of(world, everyone)
    option, tenure, readiness = (getattr(world.firms, name).copy() for name in ("option", "tenure", "readiness"))
    decide_in_turn(world, c)
    chosen = world.firms.option.copy()

    world.firms.option[:], world.firms.tenure[:], world.firms.readiness[:] = option, tenure, readiness
    practise(world, c, some)
    private = private_choice(world, c, some, ~c.available[some.region])
    now = option.astype(int)
    weight, interaction = some.weight, scenario.parameters.interaction
    draw, before = some.draw(c.attention), some.draw(c.turn)
    for i in sorted(everyone, key=lambda i: before[i]):
        if network == "everyone":
            uses = weight[now > 0].sum() / weight.sum()
            users = np.array([float((c.offer_of[now] == j).sum()) for j in range(len(c.nest))])
            share = np.array([weight[c.offer_of[now] == j].sum() for j in range(len(c.nest))]) / weight.sum()
        else:
            peers = [p for p in world.network.of(np.array([i]))[0] if p != NOBODY]
            uses = sum(now[p] > 0 for p in peers) / max(len(peers), 1)
            users = np.array([float(sum(c.offer_of[now[p]] == j for p in peers)) for j in range(len(c.nest))])
            share = users / max(len(peers), 1)
        if now[i] > 0:
            decides = (tenure[i] + 1) % round(4 * scenario.parameters.cost.contract_years) == 0
        else:
            decides = draw[i] < 1 - math.exp(-(c.innovation[some.sector[i]] + c.imitation * uses))
        if decides:
            counted = {"share": share, "count": users}.get(form)
            if counted is None:
                colours = users + interaction.users_before
                counted = np.log(colours / colours.sum())
            utility = private.utility[i] + interaction.strength * counted
            best = int(np.argmax(utility))
            now[i] = private.deployed[i, best] + 1 if utility[best] > private.none[i] else 0
    np.testing.assert_array_equal(chosen, now)
    assert (chosen != option).sum() > 50
