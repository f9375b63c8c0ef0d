"""One offer that every firm wants, attention from within and from all adopters: Bass's curve."""

from __future__ import annotations

import numpy as np

from abm.scenario.scenario import Scenario
from abm.theory.diffusion import attention_probability, bass_peak, bass_recursion, bass_share
from abm.verification.claim import SIGMAS, Claim, claim, effective_firms, market_of, shares_of_offers

FIRMS = 20_000
YEARS = 0.25


def compare(scenario: Scenario, firms: int = FIRMS, seed: int = 1) -> Claim:
    """Adopted share in every quarter against the exact recursion; its distance to the continuous curve told apart.

    The variance of a path grows by the draws of the quarter and is passed on by the slope of the recursion.
    """
    diffusion = scenario.parameters.diffusion
    p, q = diffusion.innovation, diffusion.imitation
    market = market_of(scenario, firms, seed)
    effective, periods = effective_firms(market), len(scenario.quarters)
    simulated = []
    for _ in range(periods):
        market.step()
        simulated.append(1 - shares_of_offers(market)[-1])
    exact = bass_recursion(p, q, YEARS, periods)
    variance, share, deviation = 0.0, 0.0, []
    for after in exact:
        hazard = float(attention_probability(p, q, share, YEARS))
        slope = (1 - hazard) * (1 + (1 - share) * q * YEARS)
        variance = slope**2 * variance + (1 - share) * hazard * (1 - hazard) / effective
        deviation.append(np.sqrt(variance))
        share = after
    notes = {"effective firms": effective}
    for parts in (1, 2, 4):
        step = YEARS / parts
        path = bass_recursion(p, q, step, periods * parts)
        times = np.arange(1, periods * parts + 1) * step
        gap = np.abs(path - bass_share(times, p, q)).max()
        notes[f"largest distance of the recursion to the continuous curve, period {step:g} years"] = float(gap)
        at = np.diff(path, prepend=0.0)
        k = int(at.argmax())
        bend = 0.5 * (at[k - 1] - at[k + 1]) / (at[k - 1] - 2 * at[k] + at[k + 1]) if 0 < k < len(at) - 1 else 0.0
        peak = times[k] - step / 2 + bend * step  # vertex of the parabola through the three largest
        notes[f"time of its peak less the continuous one, period {step:g} years"] = float(peak - bass_peak(p, q)[0])
    return claim(
        simulated, exact, SIGMAS * np.array(deviation),
        theorem="Adoption follows F' = F + (1 - F)(1 - exp(-(p + q F) dt)), and Bass's curve as the period shrinks",
        reference="Bass (1969)", unit="share of firms", labels=scenario.quarters,
        error_rate=f"{SIGMAS:g} standard errors each: 1 in 16,000 per number", notes=notes,
    )  # fmt: skip
