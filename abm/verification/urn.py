"""Firms that enter one after the other: lock-in by history, and Polya's urn."""

from __future__ import annotations

import numpy as np

from abm.dynamics.interaction import offer_of_codes
from abm.quantities import InputError
from abm.scenario.scenario import Scenario
from abm.theory.interaction import ruin_duration, ruin_probability
from abm.verification.brock_durlauf import the_two_offers, values_of
from abm.verification.claim import SIGMAS, Claim, Picture, claim, market_of

FIRMS, RUNS = 400, 400
_KOLMOGOROV = 1.9495  # of a right model one sample in 1,000 is further from its law, over the root of its size


def arthur(scenario: Scenario, firms: int = FIRMS, seed: int = 1, runs: int = RUNS) -> Claim:
    """Share of runs that the first offer wins, against the gambler's ruin of the difference of users.

    A firm of the first kind likes the first offer better by so much that only a lead of the second of `to_lower` users
    makes it change its mind; a firm of the second kind likes the second better, up to a lead of `to_upper`.
    """
    wins = []
    for run in range(runs):
        market = market_of(scenario, firms, seed + run)
        market.step()
        first, second = the_two_offers(market)
        offers = offer_of_codes(market.world)[market.world.firms.option]
        wins.append((offers == first).sum() > (offers == second).sum())
    value = values_of(market, list(range(firms)))
    lead = (value[:, 0] - value[:, 1]) / scenario.parameters.interaction.strength
    kinds = np.unique(lead.round(9))
    if len(kinds) != 2 or kinds[0] >= 0 or kinds[1] <= 0:
        raise InputError(
            f"limit_arthur needs two kinds of firms with opposite likings; here leads must pass {kinds.tolist()} users "
            "to be chosen against them. Change prices or distrust so that one number is negative and one positive."
        )
    to_upper, to_lower = int(-kinds[0]) + 1, int(kinds[1]) + 1
    up = float((lead > 0).mean())
    chance = ruin_probability(up, to_upper, to_lower)
    counted = np.arange(1, runs + 1)
    deviation = np.sqrt(chance * (1 - chance) / counted)
    picture = Picture(
        "runs so far", "share of them that the first offer won", counted.astype(float), np.cumsum(wins) / counted,
        np.full(runs, chance), SIGMAS * deviation,
    )  # fmt: skip
    return claim(
        np.mean(wins), chance, SIGMAS * deviation[-1], picture=picture,
        theorem="The offer that wins is decided by an absorbing random walk: the gambler's ruin",
        reference="Arthur (1989); Feller (1968), XIV.2", unit="share of runs", labels=["the first offer wins"],
        error_rate=f"{SIGMAS:g} standard errors: 1 in 16,000",
        notes={
            "runs": float(runs), "share of firms that like the first offer": up,
            "users by which the first must lead": float(to_upper), "by which the second": float(to_lower),
            "expected number of firms until one has won": ruin_duration(up, to_upper, to_lower),
        },
    )  # fmt: skip


def polya(scenario: Scenario, firms: int = FIRMS, seed: int = 1, runs: int = RUNS) -> Claim:
    """Distribution over the runs of the first offer's share, against the uniform law (Kolmogorov and Smirnov)."""
    share = []
    for run in range(runs):
        market = market_of(scenario, firms, seed + run)
        market.step()
        first, second = the_two_offers(market)
        offers = offer_of_codes(market.world)[market.world.firms.option]
        # Every number of users is equally likely: the middle of its step is uniform up to half a step.
        share.append(((offers == first).sum() + 0.5) / (np.isin(offers, (first, second)).sum() + 1))
    points = np.sort(share)
    grid = np.arange(1, runs + 1) / runs
    distance = _KOLMOGOROV / np.sqrt(runs) - 0.5 / runs
    middle = grid - 0.5 / runs
    across, up = "share of the first offer", "share of the runs below it"
    picture = Picture(across, up, points, middle, points, np.full(runs, distance))
    return claim(
        middle, points, distance, picture=picture,
        theorem="Choice in proportion to shares so far is Polya's urn: any share of the first offer is equally likely",
        reference="Eggenberger and Polya (1923); Arthur, Ermoliev and Kaniovski (1987)", unit="distribution function",
        labels=[f"run {k + 1} by share" for k in range(runs)],
        error_rate="Kolmogorov and Smirnov's distance, p = 0.001", notes={"runs": float(runs), "firms": float(firms)},
    )  # fmt: skip
