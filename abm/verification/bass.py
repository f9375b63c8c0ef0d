"""One offer that every firm wants, attention from within and from all adopters: Bass's curve."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import conditions_of
from abm.dynamics.reference import Some
from abm.model import Market, market_of
from abm.quantities import InputError
from abm.quarters import QUARTER_YEARS, quarter_name, quarter_number
from abm.scenario.scenario import Scenario
from abm.theory.diffusion import attention_probability, bass_peak, bass_recursion, bass_share
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

FIRMS = 1_000_000

Floats = NDArray[np.float64]

_CONDITIONS = {
    "interaction.network": "everyone", "interaction.strength": 0.0, "interaction.timing": "synchronous",
    "population.warm_up": 0, "diffusion.innovation": (1e-4, 50.0), "diffusion.imitation": (0.0, 50.0),
}  # fmt: skip


def compare(scenario: Scenario, firms: int = FIRMS, seed: int = 1) -> Claim:
    """Adopted share in every quarter against the exact recursion; its distance to the continuous curve told apart.

    The variance of a path grows by the draws of the quarter and is passed on by the slope of the recursion.
    """
    require(scenario, "limit_bass", _CONDITIONS)
    diffusion = scenario.parameters.diffusion
    p, q = diffusion.innovation, diffusion.imitation
    market = market_of(scenario, firms, seed)
    effective, periods = effective_firms(market), len(scenario.quarters)
    simulated = adoption(market, periods)
    exact = bass_recursion(p, q, QUARTER_YEARS, periods)
    variance, share, deviation = 0.0, 0.0, []
    for after in exact:
        hazard = float(attention_probability(p, q, share, QUARTER_YEARS))
        slope = (1 - hazard) * (1 + (1 - share) * q * QUARTER_YEARS)
        variance = slope**2 * variance + (1 - share) * hazard * (1 - hazard) / effective
        deviation.append(np.sqrt(variance))
        share = after
    notes = {"effective firms": effective}
    for parts in (1, 2, 4):
        step = QUARTER_YEARS / parts
        path = bass_recursion(p, q, step, periods * parts)
        times = np.arange(1, periods * parts + 1) * step
        gap = np.abs(path - bass_share(times, p, q)).max()
        notes[f"largest distance of the recursion to the continuous curve, period {step:g} years"] = float(gap)
        at = np.diff(path, prepend=0.0)
        k = int(at.argmax())
        bend = 0.5 * (at[k - 1] - at[k + 1]) / (at[k - 1] - 2 * at[k] + at[k + 1]) if 0 < k < len(at) - 1 else 0.0
        peak = times[k] - step / 2 + bend * step  # vertex of the parabola through the three largest
        notes[f"time of its peak less the continuous one, period {step:g} years"] = float(peak - bass_peak(p, q)[0])
    continuous = np.abs(simulated - bass_share(QUARTER_YEARS * np.arange(1, periods + 1), p, q)).max()
    notes["largest distance of the simulation to the continuous curve, period 0.25 years"] = float(continuous)
    half = scenario.replace({"diffusion.innovation": p / 2, "diffusion.imitation": q / 2, "end": _twice(scenario)})
    finer = adoption(
        market_of(half, firms, seed), 2 * periods
    )  # half the rates a quarter: a period of an eighth of a year
    continuous = np.abs(finer - bass_share(QUARTER_YEARS / 2 * np.arange(1, 2 * periods + 1), p, q)).max()
    notes["largest distance of the simulation to the continuous curve, period 0.125 years"] = float(continuous)
    band, quarters = SIGMAS * np.array(deviation) + 1e-12, np.arange(1.0, periods + 1)
    curve = ("Bass's continuous curve", quarters, bass_share(QUARTER_YEARS * quarters, p, q))
    return claim(
        simulated, exact, band,
        picture=Picture("quarter of the run", "share of firms", quarters, simulated, exact, band, curve=curve),
        theorem="Adoption follows F' = F + (1 - F)(1 - exp(-(p + q F) dt)), and Bass's curve as the period shrinks",
        reference="Bass (1969)", unit="share of firms", labels=scenario.quarters,
        error_rate=error_rate(periods), notes=notes,
    )  # fmt: skip


def adoption(market: Market, periods: int) -> Floats:
    """Share of firms that have adopted, shape (period,).

    Raises:
        InputError: If some firm might not want the offer, or sectors differ in attention.
    """
    simulated = []
    for _ in range(periods):
        market.step()
        simulated.append(1 - shares_of_offers(market)[-1])
    world = market.world
    c, some = conditions_of(world), Some.of(world, world.firms.strata.start[:-1])
    agree(c.innovation[some.sector], "how often they consider AI", "limit_bass")
    utility = private_utilities(world, c, some)[0].max(axis=1).min()
    if utility < CERTAIN:
        raise InputError(
            f"limit_bass needs an offer that every firm wants; here it is worth {utility:.3g} units of taste to one of "
            f"them, less than {CERTAIN:g}. Lower its price or raise its capability."
        )
    return np.array(simulated)


def _twice(scenario: Scenario) -> str:
    """Last quarter of a run twice as long."""
    return quarter_name(quarter_number(scenario.start) + 2 * len(scenario.quarters) - 1)
