"""With all firms each other's peers, many firms together do what the mean field says, and few stray by 1 / root N."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import conditions_of
from abm.dynamics.reference import Some
from abm.model import market_of
from abm.scenario.scenario import Scenario
from abm.theory.diffusion import attention_probability
from abm.theory.mean_field import chosen_options, mean_field_step
from abm.verification.claim import (
    SIGMAS,
    Claim,
    Picture,
    claim,
    effective_firms,
    private_utilities,
    require,
    shares_of_offers,
)

Floats = NDArray[np.float64]

LARGEST, SIZES, RUNS = 100_000, 5, 96
PEERS, PEERS_FIRMS, PEERS_RUNS = (8, 32), 100_000, 40
_CONDITIONS = {
    "interaction.network": "everyone", "interaction.form": "share", "interaction.timing": "synchronous",
    "choice.taste_renewal": 1.0, "cost.entry_cost": 0.0, "readiness.spread": 0.0, "readiness.size_slope": 0.0,
    "readiness.learning_by_use": 0.0, "demand.spend_log_spread": 0.0, "trust.learning": 0.0, "population.warm_up": 0,
}  # fmt: skip


def compare(scenario: Scenario, firms: int = LARGEST, seed: int = 1, runs: int = RUNS) -> Claim:
    """Slope of the root mean square distance to the mean field over the number of firms, log against log.

    Distances are those of every offer's share, and that of none, in every quarter. The bias with finitely many peers
    is reported apart: it does not fall with the number of firms.
    """
    require(scenario, "limit_mean_field", _CONDITIONS)
    expected = mean_field_path(scenario, seed)
    sizes = np.geomspace(firms / 100, firms, SIZES).astype(int)
    squares, effective = np.empty((SIZES, runs)), np.empty(SIZES)
    for k, size in enumerate(sizes):
        effective[k] = effective_firms(market_of(scenario, int(size), seed))
        for run in range(runs):
            squares[k, run] = np.mean((simulated_path(scenario, int(size), seed + run) - expected) ** 2)
    distance = np.sqrt(squares.mean(axis=1))
    # Relative error of a root of a mean over runs; the slope weighs it by the place of each size.
    relative = squares.std(axis=1, ddof=1) / np.sqrt(runs) / squares.mean(axis=1) / 2

    def slope(over: Floats) -> tuple[float, float]:
        place = np.log(over) - np.log(over).mean()
        return float(place @ np.log(distance) / (place @ place)), float(
            np.sqrt(place**2 @ relative**2) / (place @ place)
        )

    (by_effective, error), (by_sampled, _) = slope(effective), slope(sizes.astype(float))
    line = np.exp(np.log(distance).mean()) * np.sqrt(np.exp(np.log(effective).mean()) / effective)
    picture = Picture(
        "effective firms", "root mean square distance of a share", effective, distance, line, np.full(SIZES, np.nan),
        log=True,
    )  # fmt: skip
    notes = {f"root mean square distance with {n} firms": float(d) for n, d in zip(sizes, distance, strict=True)}
    notes |= {f"effective firms of {n}": float(e) for n, e in zip(sizes, effective, strict=True)}
    notes |= {"standard error of the slope": error, "runs of each size": float(runs)}
    for peers in PEERS:
        notes |= bias_with_peers(scenario, expected, peers, seed)
    return claim(
        [by_effective, by_sampled], -0.5, [min(SIGMAS * error, 0.05), 0.05], picture=picture,
        theorem="The root mean square distance to the mean field falls as one over the root of the number of firms",
        reference="Kurtz (1970)", unit="slope, log against log", labels=["over effective firms", "over sampled firms"],
        error_rate=f"{SIGMAS:g} standard errors: 1 in 16,000; 0.05 over sampled firms, of which each counts less in small "
        "samples that must cover all strata",
        notes=notes,
    )  # fmt: skip


def bias_with_peers(scenario: Scenario, expected: Floats, peers: int, seed: int) -> dict[str, float]:
    """How far the mean over runs stays off the mean field with so many peers: more firms do not take it away.

    Root mean square over offers and quarters, less what the noise of the mean adds to it.
    """
    few = scenario.replace({"interaction.network": "hashed", "interaction.peers": peers})
    paths = np.array([simulated_path(few, PEERS_FIRMS, seed + run) for run in range(PEERS_RUNS)])
    noise = paths.var(axis=0, ddof=1) / PEERS_RUNS
    square = ((paths.mean(axis=0) - expected) ** 2 - noise).mean()
    return {
        f"root mean square bias of a share with {peers} peers drawn by hash": float(np.sqrt(max(square, 0.0))),
        f"noise of that mean with {peers} peers": float(np.sqrt(noise.mean())),
    }


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
