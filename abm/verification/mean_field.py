"""With all firms each other's peers, many firms together do what the mean field says, and few stray by 1 / root N."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import conditions_of
from abm.dynamics.reference import Some
from abm.scenario.scenario import Scenario
from abm.theory.diffusion import attention_probability
from abm.theory.mean_field import chosen_options, mean_field_step
from abm.verification.claim import Claim, Picture, claim, market_of, private_utilities, shares_of_offers

Floats = NDArray[np.float64]

LARGEST, SIZES, RUNS = 100_000, 5, 96
PEERS, PEERS_FIRMS, PEERS_RUNS = 8, 100_000, 12


def compare(scenario: Scenario, firms: int = LARGEST, seed: int = 1, runs: int = RUNS) -> Claim:
    """Slope of the root mean square distance to the mean field over the number of firms, log against log.

    Distances are those of every offer's share, and that of none, in every quarter. The bias with finitely many peers
    is reported apart: it does not fall with the number of firms.
    """
    expected = mean_field_path(scenario, seed)
    sizes = np.geomspace(firms / 100, firms, SIZES).astype(int)
    distance = []
    for size in sizes:
        paths = np.array([simulated_path(scenario, int(size), seed + run) for run in range(runs)])
        distance.append(np.sqrt(np.mean((paths - expected) ** 2)))
    slope = np.polyfit(np.log(sizes), np.log(distance), 1)[0]
    few = scenario.replace({"interaction.network": "hashed", "interaction.peers": PEERS})
    paths = np.array([simulated_path(few, PEERS_FIRMS, seed + run) for run in range(PEERS_RUNS)])
    bias, error = (paths - expected).mean(axis=0), paths.std(axis=0, ddof=1) / np.sqrt(PEERS_RUNS)
    worst = np.unravel_index(np.abs(bias).argmax(), bias.shape)
    line = np.exp(np.log(distance).mean()) * np.sqrt(np.exp(np.log(sizes).mean()) / sizes)
    picture = Picture(
        "firms", "root mean square distance of a share", sizes.astype(float), np.array(distance), line,
        np.full(SIZES, np.nan), log=True,
    )  # fmt: skip
    return claim(
        slope, -0.5, 0.05, picture=picture,
        theorem="The root mean square distance to the mean field falls as one over the root of the number of firms",
        reference="Kurtz (1970)", unit="slope, log against log", labels=["slope"],
        error_rate="a slope of -1/2 is estimated within 0.05 in all but about 1 in 100 sets of seeds",
        notes={f"root mean square distance with {n} firms": float(d) for n, d in zip(sizes, distance, strict=True)}
        | {
            f"largest bias of a share with {PEERS} peers drawn by hash": float(bias[worst]),
            "its standard error": float(error[worst]),
            "runs of each size": float(runs),
        },
    )  # fmt: skip


def simulated_path(scenario: Scenario, firms: int, seed: int) -> Floats:
    """Shares of offers and none in every quarter, shape (quarter, offer + 1)."""
    market, path = market_of(scenario, firms, seed), []
    for _ in scenario.quarters:
        market.step()
        path.append(shares_of_offers(market))
    return np.array(path)


def mean_field_path(scenario: Scenario, seed: int = 1) -> Floats:
    """The same without chance: the labs are as observed, so that values do not depend on what firms do.

    A kind of firm is a stratum; its first firm stands for all of it, which the scenario makes alike.
    """
    market = market_of(scenario, 5_000, seed)
    world, strata = market.world, market.world.firms.strata
    mass = strata.weight * strata.count / (strata.weight * strata.count).sum()
    some = Some.of(world, strata.start[:-1])
    offers, contract = len(world.options.offer_lab), round(4 * scenario.parameters.cost.contract_years)
    none, users = np.ones(len(strata)), np.zeros((len(strata), len(world.options.offer), contract))
    path = []
    for _ in scenario.quarters:
        market.step()
        c = conditions_of(world)
        share = np.bincount(world.options.offer, (mass[:, None] * users.sum(axis=2)).sum(axis=0), offers)
        utility, _ = private_utilities(world, c, some)
        pull = scenario.parameters.interaction.strength * share
        chances = chosen_options(utility, pull, c.offer, c.nest, c.dissimilarity)
        attention = attention_probability(c.innovation[some.sector], c.imitation, share.sum(), 1.0)
        # Without entry costs it does not matter what a firm uses.
        renewing = np.broadcast_to(chances[:, None, :], (*users.shape[:2], chances.shape[1]))
        none, users = mean_field_step(none, users, attention, chances, renewing)
        after = np.bincount(world.options.offer, (mass[:, None] * users.sum(axis=2)).sum(axis=0), offers)
        path.append(np.append(after, mass @ none))
    return np.array(path)
