"""Firms that decide one after the other, each seeing what those before it have chosen: for small worlds, not fast."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import Conditions
from abm.dynamics.interaction import users_of_offers
from abm.dynamics.reference import Some, added_up, best_offer, closed_options, conclude, practise, private_choice
from abm.theory.diffusion import attention_probability
from abm.theory.interaction import pull
from abm.world.firms import NO_AI
from abm.world.network import NOBODY
from abm.world.world import World

Floats = NDArray[np.float64]


def decide_in_turn(world: World, conditions: Conditions) -> Floats:
    """Let all firms learn, decide in a random order, and be added up.

    Args:
        world: The world, whose firms' columns are written.
        conditions: Tables of the quarter.

    Returns:
        Totals, shape (region, sector, size, option, quantity).
    """
    firms, c = world.firms, conditions
    firms.last_option[:] = firms.option
    some = Some.of(world, np.arange(len(firms)))
    practise(world, c, some)
    closed, evicted = closed_options(world, c, some)
    private = private_choice(world, c, some, closed)
    draw, view = some.draw(c.attention), _View(world, c, some)
    shaken = draw < c.shaken[some.region, firms.option]
    ends = (firms.option != NO_AI) & (c.contract_ends[firms.tenure + 1] | shaken)
    deciding, adopts = evicted | ends, np.zeros(len(firms), bool)
    offer, utility = np.zeros(len(firms), np.intp), private.utility
    for i in np.argsort(some.draw(c.turn)):
        if firms.option[i] == NO_AI:
            chance = attention_probability(c.innovation[some.sector[i]], c.imitation, view.adoption(i), 1.0)
            deciding[i] = draw[i] < chance
        if deciding[i]:
            tops, prefers = best_offer((utility[i] + view.pulls(i))[None, :], private.none[i : i + 1])
            offer[i], adopts[i] = tops[0], prefers[0]
            view.choose(i, int(offer[i]) if adopts[i] else None)
    entered = conclude(world, c, some, deciding, private.only(deciding), offer[deciding], adopts[deciding])
    return added_up(world, c, some, entered)


class _View:
    """What firms see of each other while they decide in turn.

    Args:
        world: The world before anyone decides.
        c: Tables of the quarter.
        some: All its firms.
    """

    def __init__(self, world: World, c: Conditions, some: Some) -> None:
        self._interaction = world.scenario.parameters.interaction
        self._offers = len(c.nest)
        self._offer = c.offer_of[world.firms.option]  # one past the last for none
        self._weight = some.weight
        self._everyone = self._interaction.network == "everyone"
        self._peers = None if self._everyone else world.network.of(some.rows)
        self._users = users_of_offers(world)
        self._weighted = np.bincount(self._offer, some.weight, self._offers + 1)

    def choose(self, firm: int, offer: int | None) -> None:
        """A firm has chosen an offer, or no AI."""
        was, now = self._offer[firm], self._offers if offer is None else offer
        for place, sign in ((was, -1.0), (now, 1.0)):
            self._weighted[place] += sign * self._weight[firm]
            if place < self._offers:
                self._users[place] += sign
        self._offer[firm] = now

    def adoption(self, firm: int) -> float:
        """Share of a firm's peers with AI."""
        if self._everyone:
            return float(1 - self._weighted[-1] / self._weighted.sum())
        used = self._used(firm)
        return float((used < self._offers).sum() / max(len(used), 1))

    def pulls(self, firm: int) -> Floats:
        """Utility from others' use of each offer, shape (offer,)."""
        if self._everyone:
            users, share = self._users, self._weighted[:-1] / self._weighted.sum()
        else:
            used = self._used(firm)
            users = np.bincount(used, minlength=self._offers + 1)[:-1].astype(float)
            share = users / max(len(used), 1)
        return self._interaction.strength * pull(self._interaction.form, share, users, self._interaction.users_before)

    def _used(self, firm: int) -> NDArray[np.intp]:
        """What the peers of a firm use now."""
        assert self._peers is not None
        peers = self._peers[firm]
        return self._offer[peers[peers != NOBODY]]
