"""The decisions of firms in NumPy: the readable definition that the compiled kernel must reproduce firm by firm."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import Conditions
from abm.rng import as_uniform, finalise
from abm.theory.choice import gumbel, log_positive_stable, nested_shock
from abm.theory.diffusion import attention_probability
from abm.theory.interaction import pull
from abm.theory.learning import raised_readiness
from abm.world.firms import NO_AI
from abm.world.network import NOBODY
from abm.world.totals import QUANTITIES
from abm.world.world import World

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
CHUNK = 1 << 16  # firms handled together: bounds the memory, changes nothing else
LEAST_READINESS, MOST_READINESS = 1e-6, 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Some:
    """Some firms and what never changes about them, each of shape (row,)."""

    rows: Rows
    ids: NDArray[np.uint64]
    region: NDArray[np.intp]
    sector: NDArray[np.intp]
    size: NDArray[np.intp]
    weight: Floats

    @staticmethod
    def of(world: World, rows: Rows) -> Some:
        """The firms in some rows."""
        strata, stratum = world.firms.strata, world.firms.strata.of(rows)
        at = (strata.region[stratum], strata.sector[stratum], strata.size[stratum], strata.weight[stratum])
        return Some(rows, strata.ids(rows), *at)

    def only(self, which: NDArray[np.bool_] | Rows) -> Some:
        """Those of the firms that a mask or positions pick."""
        return Some(
            self.rows[which], self.ids[which], self.region[which], self.sector[which], self.size[which], self.weight[which]
        )  # fmt: skip

    def draw(self, clocks: np.uint64 | NDArray[np.uint64]) -> Floats:
        """A uniform number for each firm."""
        with np.errstate(over="ignore"):
            return as_uniform(finalise(self.ids ^ clocks))


def decide_in_numpy(world: World, conditions: Conditions) -> Floats:
    """Let all firms learn, decide and be added up.

    Args:
        world: The world, whose firms' columns are written.
        conditions: Tables of the quarter.

    Returns:
        Totals, shape (region, sector, size, option, quantity).
    """
    world.firms.last_option[:] = world.firms.option
    total = np.zeros(world.totals_shape)
    for first in range(0, len(world.firms), CHUNK):
        some = Some.of(world, np.arange(first, min(first + CHUNK, len(world.firms))))
        practise(world, conditions, some)
        entered = reconsider(world, conditions, some)
        total += added_up(world, conditions, some, entered)
    return total


def practise(world: World, c: Conditions, some: Some) -> None:
    """Firms become readier by what they used last quarter and by public training."""
    firms, rows = world.firms, some.rows
    uses = (firms.last_option[rows] != NO_AI).astype(np.intp)
    grown = raised_readiness(firms.readiness[rows], c.gain[some.region, uses])
    firms.readiness[rows] = np.clip(grown, LEAST_READINESS, MOST_READINESS)


def reconsider(world: World, c: Conditions, some: Some) -> Floats:
    """Firms that pay attention choose anew; the others keep what they have.

    Returns:
        Share of the entry cost that each firm pays in this quarter, shape (row,).
    """
    closed, evicted = closed_options(world, c, some)
    deciding = attentive(world, c, some) | evicted
    them = some.only(deciding)
    private = private_choice(world, c, them, closed[deciding])
    offer, adopts = best_offer(private.utility + pulls(world, c, them), private.none)
    return conclude(world, c, some, deciding, private, offer, adopts)


def conclude(
    world: World, c: Conditions, some: Some, deciding: NDArray[np.bool_], private: Private, offer: Rows,
    adopts: NDArray[np.bool_],
) -> Floats:  # fmt: skip
    """Write down what the deciding firms have chosen; everyone who uses AI has done so a quarter longer.

    Args:
        world: The world, whose firms' columns are written.
        c: Tables of the quarter.
        some: All firms looked at, shape (row,).
        deciding: Which of them decide, shape (row,).
        private: What those that decide have chosen from.
        offer: The offer that each of those would take, shape (deciding row,).
        adopts: Whether it prefers that to no AI, shape (deciding row,).

    Returns:
        Share of the entry cost that each firm pays in this quarter, shape (row,).
    """
    firms, rows, here = world.firms, some.rows, np.arange(len(offer))
    was = firms.option[rows]
    chosen = np.where(adopts, private.deployed[here, offer] + 1, NO_AI).astype(np.uint8)
    firms.tenure[rows[was != NO_AI]] += 1
    them = rows[deciding]
    stays = chosen == was[deciding]
    entered = np.zeros(len(rows))
    switches = np.where(was[deciding] == NO_AI, 1.0, c.switching_share)
    entered[deciding] = np.where(stays | ~adopts, 0.0, switches)
    firms.option[them] = chosen
    firms.taste[them] = np.where(adopts, private.scale * (private.shocks[here, offer] - private.none), 0.0)
    firms.taste_quarter[them] = private.drawn
    firms.tenure[them[~stays]] = 0
    return entered


def closed_options(world: World, c: Conditions, some: Some) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Options closed to each firm for new contracts, (row, option), and whether it must leave its own now, (row,)."""
    new = ~c.available[some.region]
    now = new.copy()
    for rule in range(len(c.rule_region)):
        here = np.flatnonzero(some.region == c.rule_region[rule])
        them = some.only(here)
        may = them.draw(c.rule_clock[rule, 1]) < c.rule_public[rule, them.sector]
        bound = here[may & (them.draw(c.rule_clock[rule, 0]) < c.rule_share[rule])]
        new[bound] |= c.rule_options[rule]
        if c.rule_now[rule]:
            now[bound] |= c.rule_options[rule]
    was = world.firms.option[some.rows]
    return new, (was != NO_AI) & now[np.arange(len(was)), np.maximum(was, 1) - 1]


def attentive(world: World, c: Conditions, some: Some) -> NDArray[np.bool_]:
    """Firms that reconsider: by attention without AI, at the end of the contract or when shaken with it. Shape (row,)."""
    firms = world.firms
    without = firms.option[some.rows] == NO_AI
    draw = some.draw(c.attention)
    shaken = draw < c.shaken[some.region, firms.option[some.rows]]
    reconsiders = c.contract_ends[firms.tenure[some.rows] + 1] | shaken
    them = some.only(without)
    peers = world.network.of(them.rows)
    seen = np.where(peers == NOBODY, False, firms.last_option[peers] != NO_AI).sum(axis=1)
    share = seen / np.maximum((peers != NOBODY).sum(axis=1), 1) + c.everyone_adopts
    chance = attention_probability(c.innovation[them.sector], c.imitation, share, 1.0)
    reconsiders[without] = draw[without] < chance
    return reconsiders


@dataclass(frozen=True, slots=True)
class Private:
    """What some firms choose from, without the pull of others; offers in their best deployment.

    Attributes:
        value: Value of each offer over the wage bill, shape (row, offer).
        deployed: Option that stands for it, shape (row, offer).
        scale: Taste scale over the wage bill, shape (row,).
        drawn: Quarter of the firm's tastes, since birth, shape (row,).
        shocks: Tastes for the offers, utils, shape (row, offer).
        none: Taste for no AI, utils, shape (row,).
    """

    value: Floats
    deployed: Rows
    scale: Floats
    drawn: NDArray[np.uint8]
    shocks: Floats
    none: Floats

    def only(self, which: NDArray[np.bool_]) -> Private:
        """The same of some of the firms."""
        return Private(*(getattr(self, one.name)[which] for one in fields(self)))

    @property
    def utility(self) -> Floats:
        """Utility of each offer, utils, shape (row, offer)."""
        return self.value / self.scale[:, None] + self.shocks


def private_choice(world: World, c: Conditions, some: Some, closed: NDArray[np.bool_]) -> Private:
    """What firms that decide choose from; the tastes of some of them are new."""
    value = np.where(closed, -np.inf, option_values(world, c, some))
    best, deployed = np.full((len(value), len(c.nest)), -np.inf), np.zeros((len(value), len(c.nest)), np.intp)
    for o, j in enumerate(c.offer):  # the best deployment of each offer
        better = value[:, o] > best[:, j]
        best[better, j] = value[better, o]
        deployed[better, j] = o
    renewed = some.draw(c.renewal) < c.taste_renewal
    drawn = np.where(renewed, np.uint8(c.age), world.firms.taste_quarter[some.rows])
    shocks, none = taste_shocks(c, some, drawn)
    return Private(best, deployed, taste_scale(world, c, some), drawn, shocks, none)


def best_offer(utility: Floats, none: Floats) -> tuple[Rows, NDArray[np.bool_]]:
    """The best offer of each firm, shape (row,), and whether it is better than no AI."""
    top = utility.argmax(axis=1)
    return top, utility[np.arange(len(top)), top] > none


def option_values(world: World, c: Conditions, some: Some) -> Floats:
    """Value of every option to every firm over its wage bill, before taste and peers, shape (row, option)."""
    use, entry, drag = option_terms(world, c, some)
    return use - entry - drag


def option_terms(world: World, c: Conditions, some: Some) -> tuple[Floats, Floats, Floats]:
    """What use is worth, what entry and upkeep cost, and distrust and compliance, each as that value is."""
    firms, rows = world.firms, some.rows
    use = firms.intensity[rows].astype(float) * firms.readiness[rows]
    due = np.where(firms.option[rows] == NO_AI, 1.0, c.switching_share)[:, None] * np.ones(len(c.offer))
    users = np.flatnonzero(firms.option[rows] != NO_AI)
    due[users, firms.option[rows[users]].astype(np.intp) - 1] = 0.0  # who stays does not pay entry again
    size = project_size(world, c, some) / firms.employees[rows]
    cost = (c.maintenance + c.annuity * due) * size[:, None] * c.project[some.region]
    return use[:, None] * c.use_value[some.region, some.sector], cost, c.drag[some.region, some.sector]


def project_size(world: World, c: Conditions, some: Some) -> Floats:
    """Adoption cost in units of the entry cost at 50 workers and no readiness, shape (row,)."""
    employees, readiness = (getattr(world.firms, name)[some.rows].astype(float) for name in ("employees", "readiness"))
    return (1 - readiness) * (employees / 50) ** c.size_exponent


def taste_scale(world: World, c: Conditions, some: Some) -> Floats:
    """Taste scale mu over the wage bill of each firm, mu0 + mu1 stake, shape (row,)."""
    stake = c.stake[some.region, some.sector] * world.firms.intensity[some.rows]
    return c.taste_fixed + c.taste_stake * stake


def taste_shocks(c: Conditions, some: Some, drawn: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """Nested extreme-value shocks of the tastes that firms drew in some quarter.

    Returns:
        Shocks of the offers, shape (row, offer), and of no AI, shape (row,), in utils. Each is a function of the
        firm, the quarter its taste was drawn, and the offer's or nest's name.
    """
    key = finalise(some.ids ^ c.taste_age[drawn])
    shocks = np.empty((len(drawn), len(c.nest)))
    for nest, dissimilarity in enumerate(c.dissimilarity):
        angle, size = (as_uniform(finalise(key ^ clocks[nest])) for clocks in (c.nest_angle, c.nest_size))
        common = log_positive_stable(dissimilarity, angle, size)
        for j in np.flatnonzero(c.nest == nest):
            shocks[:, j] = nested_shock(dissimilarity, gumbel(as_uniform(finalise(key ^ c.tastes[j]))), common)
    return shocks, gumbel(as_uniform(finalise(key ^ c.tastes[-1])))


def pulls(world: World, c: Conditions, some: Some) -> Floats:
    """Utility from others' use of each offer, shape (row, offer) or (1, offer) where it is the same for all."""
    interaction = world.scenario.parameters.interaction
    if interaction.network == "everyone":
        return c.everyone_pulls[None, :]
    peers = world.network.of(some.rows)
    used = np.where(peers == NOBODY, len(c.nest), c.offer_of[world.firms.last_option[peers]])
    users = np.stack([(used == j).sum(axis=1) for j in range(len(c.nest))], axis=1)
    met = np.maximum((peers != NOBODY).sum(axis=1), 1)[:, None]
    return c.peer_strength * pull(interaction.form, users / met, users, interaction.users_before)


def added_up(world: World, c: Conditions, some: Some, entered: Floats) -> Floats:
    """Totals of some firms, shape (region, sector, size, option, quantity)."""
    firms, rows, weight = world.firms, some.rows, some.weight
    users = firms.option[rows] != NO_AI
    employees, readiness = firms.employees[rows].astype(float), firms.readiness[rows].astype(float)
    use = firms.intensity[rows].astype(float) * readiness
    capacity = weight * employees * use * users
    project = weight * project_size(world, c, some) * users
    values = {
        "firms": weight,
        "employment": weight * employees,
        "readiness": weight * employees * readiness,
        "capacity": capacity,
        "capacity_squared": np.square(capacity),
        "project": project,
        "entered": project * entered,
        "taste": weight * employees * firms.taste[rows] * users,
    }
    cell = np.ravel_multi_index((some.region, some.sector, some.size, firms.option[rows]), world.totals_shape[:4])
    cells = int(np.prod(world.totals_shape[:4]))
    sums = [np.bincount(cell, values[name], cells) for name in QUANTITIES]
    return np.stack(sums, axis=1).reshape(world.totals_shape)
