"""Two equal offers, all firms each other's peers: multiple equilibria, tipping and hysteresis."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from abm.dynamics.conditions import conditions_of
from abm.dynamics.reference import Some
from abm.model import Market, market_of
from abm.quantities import InputError
from abm.quarters import quarter_name, quarter_number
from abm.scenario.policy import Intervention
from abm.scenario.scenario import Scenario
from abm.theory.interaction import brock_durlauf_roots, is_stable, tipping_field
from abm.verification.claim import (
    CERTAIN,
    SIGMAS,
    Claim,
    Picture,
    agree,
    claim,
    effective_firms,
    error_rate,
    private_utilities,
    require,
    shares_of_offers,
)

FIRMS = 200_000
_CONDITIONS = {
    "interaction.network": "everyone", "interaction.form": "share", "interaction.timing": "synchronous",
    "choice.taste_renewal": 1.0, "choice.dissimilarity_proprietary": 1.0, "population.warm_up": 0,
    "cost.contract_years": 0.25, "diffusion.innovation": (40.0, 50.0),
}  # fmt: skip
# Price changes of the first offer in a sweep, and quarters that each lasts.
LOWEST, HIGHEST, STEP, HOLD = -0.1, 0.11, 0.007, 3


def compare(scenario: Scenario, firms: int = FIRMS, seed: int = 1) -> Claim:
    """Difference of the two offers' shares in every quarter, against m' = tanh((h + J m) / 2) from the same start.

    The field h of a quarter is the difference of the offers' values at its prices, in units of the taste scale.
    """
    require(scenario, "limit_brock_durlauf", _CONDITIONS)
    market = market_of(scenario, firms, seed)
    strength, effective = scenario.parameters.interaction.strength, effective_firms(market)
    simulated, fields = [], []
    for _ in scenario.quarters:
        market.step()
        first, second = the_two_offers(market)
        share = shares_of_offers(market)
        simulated.append((share[first] - share[second]) / (share[first] + share[second]))
        fields.append(field_of(market, "limit_brock_durlauf"))
    path, m, variance, deviation = [], 0.0, 0.0, []
    for field in fields:
        m = float(np.tanh((field + strength * m) / 2))
        variance = (strength / 2 * (1 - m**2)) ** 2 * variance + (1 - m**2) / effective
        path.append(m)
        deviation.append(np.sqrt(variance))
    swept = bool(np.ptp(fields[len(fields) // 2 :]) > 0)
    picture = Picture(
        "field h, in units of the taste scale" if swept else "quarter of the run", "difference of shares m",
        np.array(fields) if swept else np.arange(1.0, len(path) + 1), np.array(simulated), np.array(path),
        SIGMAS * np.array(deviation), **_theorem(strength, fields[-1], swept),
    )  # fmt: skip
    roots = brock_durlauf_roots(strength, fields[-1])
    settles = min(roots, key=lambda root: abs(root - path[-1]))
    return claim(
        simulated, path, SIGMAS * np.array(deviation), picture=picture,
        theorem="m = tanh((h + J m) / 2): one equilibrium below J = 2, above it the one in whose basin the economy starts",
        reference="Brock and Durlauf (2001)", unit="difference of shares", labels=scenario.quarters,
        error_rate=error_rate(len(path)),
        notes={
            "strength J": strength, "field h in the first year": fields[0],
            "field h in the last quarter": fields[-1], "equilibria": float(len(roots)),
            "equilibrium it settles on": float(settles), "stable (1) or not (0)": float(is_stable(settles, strength)),
            "distance of the last quarter to it": float(abs(simulated[-1] - settles)),
            "field at which the upper equilibrium vanishes": tipping_field(strength),
        },
    )  # fmt: skip


def sweep(scenario: Scenario, firms: int = FIRMS, seed: int = 1) -> Claim:
    """The same while the first offer's price goes slowly up and down again: history decides between the two folds."""
    steps = np.concatenate([np.arange(LOWEST, HIGHEST, STEP), np.arange(HIGHEST, LOWEST - STEP / 2, -STEP)])
    first = quarter_number(scenario.start)
    changes = [
        Intervention(
            "price_change", float(level), quarter_name(first + HOLD * k), quarter_name(first + HOLD * (k + 1) - 1),
            target="offer:openai_flagship",
        )
        for k, level in enumerate(steps)
    ]  # fmt: skip
    swept = scenario.replace(interventions=tuple(changes), end=quarter_name(first + HOLD * len(steps) - 1))
    done = compare(swept, firms, seed)
    return replace(done, theorem="A slow sweep of the field traces a hysteresis loop between the two folds")


def _theorem(strength: float, field: float, swept: bool) -> dict[str, Any]:
    """What to draw of the theorem: the equilibria at one field, or the curve h = 2 artanh(m) - J m of all of them."""
    if not swept:
        roots = brock_durlauf_roots(strength, field)
        return {"levels": {f"equilibrium {root:.3f}": float(root) for root in roots}}
    m = np.tanh(np.linspace(-2.2, 2.2, 200))
    return {"curve": ("all equilibria", 2 * np.arctanh(m) - strength * m, m)}


def the_two_offers(market: Market) -> tuple[int, int]:
    """Codes of the two offers on sale; the first is the one that the table lists first.

    Raises:
        InputError: If there are not exactly two.
    """
    rules, options, tables = market.world.rules, market.world.options, market.world.scenario.tables
    assert rules is not None
    sold = np.unique(options.offer[rules.available.any(axis=0)])
    if len(sold) != 2:
        names = ", ".join(tables.offer_names[code] for code in sold) or "none"
        raise InputError(f"this theorem is about two offers; on sale are {names}. Withdraw others or bring one back.")
    first, second = sorted(sold.tolist(), key=lambda code: tables.listed("offer").index(tables.offer_names[code]))
    return first, second


def values_of(market: Market, rows: list[int]) -> np.ndarray:
    """Utility of the two offers to some firms, without tastes and others' pull, shape (row, 2)."""
    world, pair = market.world, the_two_offers(market)
    c, some = conditions_of(world), Some.of(world, np.array(rows))
    utility, _ = private_utilities(world, c, some)
    return np.stack([utility[:, c.offer == j].max(axis=1) for j in pair], axis=1)


def field_of(market: Market, theorem: str) -> float:
    """Value of the first offer less that of the second, in units of the taste scale.

    Raises:
        InputError: If firms differ in it, or one of them might prefer no AI.
    """
    value = values_of(market, market.world.firms.strata.start[:-1].tolist())
    agree(value[:, 0] - value[:, 1], "how much better one offer is than the other", theorem)
    if value.max(axis=1).min() < CERTAIN:
        raise InputError(
            f"{theorem} needs offers of which every firm wants one; here the better one is worth "
            f"{value.max(axis=1).min():.3g} units of taste to some firm, less than {CERTAIN:g}. Lower prices."
        )
    return float(value[0, 0] - value[0, 1])
