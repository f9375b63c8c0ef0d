"""Firms that enter one after the other: lock-in by history, and Polya's urn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import conditions_of
from abm.dynamics.interaction import offer_of_codes
from abm.dynamics.reference import Some
from abm.model import Market, market_of
from abm.quantities import InputError
from abm.scenario.scenario import Scenario
from abm.theory.interaction import polya_distribution, ruin_duration, ruin_probability
from abm.verification.brock_durlauf import the_two_offers, values_of
from abm.verification.claim import SIGMAS, Claim, Picture, agree, claim, require

FIRMS, RUNS = 400, 2_000
_KOLMOGOROV = 1.9495  # of a right model one sample in 1,000 is further from its law, over the root of its size
_IN_TURN = {
    "interaction.network": "everyone", "interaction.timing": "sequential",
    "choice.dissimilarity_proprietary": 1.0, "diffusion.innovation": (40.0, 50.0), "population.warm_up": 0,
}  # fmt: skip
_TASTES = 0.004  # of all runs, won against the barriers because tastes outweighed half a step of the walk; 8 in 2,000
_ROOM = 8  # the walk must be expected to end in an eighth of the firms


def arthur(scenario: Scenario, firms: int = FIRMS, seed: int = 1, runs: int = RUNS) -> Claim:
    """Share of runs that the first offer wins, against the gambler's ruin; and the winner run by run.

    A firm of the first kind likes the first offer better by so much that only a lead of the second of `to_lower` users
    makes it change its mind; a firm of the second kind likes the second better, up to a lead of `to_upper`. Who wins a
    run is also told by a walk written here: one step up or down for each firm's liking, in the order in which they
    enter, until a barrier is met.
    """
    require(scenario, "limit_arthur", _IN_TURN | {
        "interaction.form": "count", "interaction.strength": (1.0, 20.0), "choice.dissimilarity_open": 1.0,
    })  # fmt: skip
    likes, to_upper, to_lower = _two_kinds(scenario, firms, seed)
    up = float(likes.mean())
    duration, chance = ruin_duration(up, to_upper, to_lower), ruin_probability(up, to_upper, to_lower)
    if duration * _ROOM > firms:
        raise InputError(
            f"limit_arthur with barriers {to_upper} and {to_lower} takes {duration:.0f} firms on average, too many for "
            f"{firms} to decide it; take at least {duration * _ROOM:.0f} firms or a greater interaction.strength."
        )
    wins, told = np.zeros(runs, bool), np.zeros(runs, bool)
    for run in range(runs):
        market = _entered(scenario, firms, seed + run)
        takes_first, entered = _offers(market)
        wins[run] = takes_first.sum() * 2 > entered.sum()
        order = _order(market)
        told[run] = _walk(np.where(likes, 1, -1)[order[entered[order]]], to_upper, to_lower)
    counted = np.arange(1, runs + 1)
    deviation = np.sqrt(chance * (1 - chance) / counted)
    picture = Picture(
        "runs so far", "share of them that the first offer won", counted.astype(float), np.cumsum(wins) / counted,
        np.full(runs, chance), SIGMAS * deviation, limits=(0.0, 1.0),
    )  # fmt: skip
    return claim(
        [wins.mean(), (wins != told).mean()], [chance, 0.0], [SIGMAS * deviation[-1], _TASTES], picture=picture,
        theorem="The offer that wins is decided by an absorbing random walk: the gambler's ruin",
        reference="Arthur (1989); Feller (1968), XIV.2", unit="share of runs",
        labels=["the first offer wins", "won by the other offer than the walk tells"],
        error_rate=f"{SIGMAS:g} standard errors: 1 in 16,000; tastes may decide a run against the walk, 8 in 2,000 allowed",
        notes={
            "runs": float(runs), "share of firms that like the first offer": up,
            "users by which the first must lead": float(to_upper), "by which the second": float(to_lower),
            "expected number of firms until one has won": duration,
        },
    )  # fmt: skip


def polya(scenario: Scenario, firms: int = FIRMS, seed: int = 1, runs: int = RUNS) -> Claim:
    """Distribution over the runs of the first offer's users, against Polya's law: uniform from one ball of each colour."""
    require(scenario, "limit_polya", _IN_TURN | {"interaction.form": "log_share", "interaction.strength": 1.0})
    balls = scenario.parameters.interaction.users_before
    users = np.array([int(_offers(_entered(scenario, firms, seed + run))[0].sum()) for run in range(runs)])
    value = values_of(_entered(scenario, firms, seed), list(range(firms)))
    agree([0.0, float((value[:, 0] - value[:, 1]).max())], "two offers of equal worth", "limit_polya")
    many = np.arange(firms + 1)
    below = np.searchsorted(np.sort(users), many, side="right") / runs
    law = np.cumsum(polya_distribution(firms, balls, balls))
    distance = _KOLMOGOROV / np.sqrt(runs)
    picture = Picture(
        "share of the first offer", "share of the runs up to it", many / firms, below, law, np.full(firms + 1, distance)
    )  # fmt: skip
    return claim(
        below, law, distance, picture=picture,
        theorem="Choice in proportion to shares so far is Polya's urn: from one ball of each colour, any share is as likely",
        reference="Eggenberger and Polya (1923); Arthur, Ermoliev and Kaniovski (1987)", unit="distribution function",
        labels=[f"{k} of {firms} use the first" for k in many],
        error_rate="Kolmogorov and Smirnov's distance of a continuous law, p < 0.001 for this one of whole numbers",
        notes={"runs": float(runs), "firms": float(firms), "balls of each colour": balls},
    )  # fmt: skip


def _two_kinds(scenario: Scenario, firms: int, seed: int) -> tuple[NDArray[np.bool_], int, int]:
    """Whether each firm likes the first offer better, shape (firm,), and the leads that outweigh the two likings."""
    value = values_of(_entered(scenario, firms, seed), list(range(firms)))
    lead = (value[:, 0] - value[:, 1]) / scenario.parameters.interaction.strength
    kinds = np.unique(lead.round(9))
    if len(kinds) != 2 or kinds[0] >= 0 or kinds[1] <= 0:
        raise InputError(
            f"limit_arthur needs two kinds of firms with opposite likings; here leads must pass {kinds.tolist()} users "
            "to be chosen against them. Change prices or distrust so that one number is negative and one positive."
        )
    return lead > 0, int(-kinds[0]) + 1, int(kinds[1]) + 1


def _entered(scenario: Scenario, firms: int, seed: int) -> Market:
    """A market in whose first quarter all firms have entered."""
    market = market_of(scenario, firms, seed)
    market.step()
    return market


def _offers(market: Market) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each firm uses the first of the two offers, and whether it uses one of them, each of shape (firm,).

    Raises:
        InputError: If more use neither than the one in 100,000 that has never thought of it.
    """
    first, second = the_two_offers(market)
    offers = offer_of_codes(market.world)[market.world.firms.option]
    entered = np.isin(offers, (first, second))
    if (idle := int((~entered).sum())) > 2:
        raise InputError(
            f"this theorem needs firms that all take one of two offers; {idle} of {len(offers)} take none."
        )
    return offers == first, entered


def _order(market: Market) -> NDArray[np.intp]:
    """Firms in the order in which they have entered."""
    world = market.world
    return np.argsort(Some.of(world, np.arange(len(world.firms))).draw(conditions_of(world).turn))


def _walk(steps: NDArray[np.integer], to_upper: int, to_lower: int) -> bool:
    """Whether a walk meets its upper barrier first; without a barrier met, whether it ends above."""
    place = np.cumsum(steps)
    met = np.flatnonzero((place >= to_upper) | (place <= -to_lower))
    return bool(place[met[0]] > 0) if len(met) else bool(place[-1] > 0)
