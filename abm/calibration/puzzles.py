"""Five things that are true at once: does the model show them, with parameters that fit all figures?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abm.calibration.check import LEVEL
from abm.calibration.design import each
from abm.calibration.kept import Kept
from abm.calibration.moments import FIRMS, to_evidence
from abm.calibration.targets import targets
from abm.scenario.policy import Intervention
from abm.scenario.scenario import Scenario
from abm.simulation import simulate

Floats = NDArray[np.float64]
YEAR = ("2025Q1", "2025Q4")
REGION = "european_union"
HALVED = 0.5
BARRIERS = ("expertise", "distrust", "cost")  # as firms name them, the first first (Eurostat 2025)
NEAR, FAR = 0.5, 2.0  # parts of the published number between which a median counts as typical
MOST = 0.9  # of the draws: as often must a statement without a number hold to count as reproduced
INCOME_ELASTICITY = 0.69  # of use per person of working age in GDP per head (Anthropic Economic Index, September 2025)
_CELLS = ("sector", "size", "option")


@dataclass(frozen=True, slots=True)
class Finding:
    """A number that a puzzle turns on.

    Attributes:
        puzzle: Number of the puzzle.
        what: What the number is.
        published: What is published.
        low: Lower end of the model's 90% interval.
        median: Its median.
        high: Upper end.
    """

    puzzle: int
    what: str
    published: float
    low: float
    median: float
    high: float

    @property
    def verdict(self) -> str:
        """In words, from whether the interval holds the published number and how near the median comes to it."""
        part = self.median / self.published
        if self.low <= self.published <= self.high:
            return "yes" if NEAR <= part <= FAR else "possible, not typical"
        return "in direction only" if part > 0 else "no"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a puzzle says without a number.

    Attributes:
        puzzle: Number of the puzzle.
        what: What is said.
        part: Share of the draws in which it is so.
    """

    puzzle: int
    what: str
    part: float

    @property
    def verdict(self) -> str:
        """In words."""
        return "yes" if self.part >= MOST else "in most draws" if self.part > 0.5 else "no"


@dataclass(frozen=True, slots=True)
class Lived:
    """What needs runs of its own, each of shape (draw,).

    Attributes:
        elasticity: Of use per worker in GDP per head, across regions but China, in 2025.
        openness: Open share of tokens in low-income countries less that in the US in 2025, points.
        gains: By how many points of the EU's firms with ten or more workers more would use AI in 2025 were something half as
            high from 2023 on, by what it is; what counts is the order.
    """

    elasticity: Floats
    openness: Floats
    gains: dict[str, Floats]

    def in_order(self) -> float:
        """Share of the draws in which expertise comes before distrust, and distrust before cost."""
        expertise, distrust, cost = (self.gains[name] for name in BARRIERS)
        return float(((expertise > distrust) & (distrust > cost)).mean())

    def finding(self) -> Finding:
        """The elasticity against the published one."""
        what = "elasticity of use per worker in GDP per head, across regions but China, 2025"
        return _finding(5, what, INCOME_ELASTICITY, self.elasticity)

    def statements(self) -> list[Statement]:
        """The order of barriers, and open models where income is low."""
        poor = float(np.mean(self.openness > 0))
        return [
            Statement(3, "expertise holds back more firms than distrust, and distrust more than cost", self.in_order()),
            Statement(5, "open models carry more of the tokens where income is low than in the US, 2025", poor),
        ]


def from_targets(rows: Floats) -> list[Finding]:
    """Numbers of the puzzles that are differences of targets.

    Args:
        rows: What the model says at each draw of a posterior, shape (draw, target).
    """
    at = {one.moment: k for k, one in enumerate(targets())}
    published = [float(one.scaled(one.value)) for one in targets()]

    def change(puzzle: int, what: str, *signed: tuple[int, str]) -> Finding:
        drawn = np.sum([sign * rows[:, at[name]] for sign, name in signed], axis=0)
        return _finding(puzzle, what, sum(sign * published[at[name]] for sign, name in signed), drawn)

    speeds = ((1, "eu_large_2025"), (-1, "eu_large_2024"), (-1, "eu_small_2025"), (1, "eu_small_2024"))
    return [
        change(1, "change of the open share of large firms' spend, 2023Q4 to 2025Q4, log-odds",
               (1, "enterprise_open_2025"), (-1, "enterprise_open_2023")),
        change(1, "change of the Chinese share of a router's tokens, 2024Q4 to 2026Q2, log-odds",
               (1, "makers_chinese_2026q2"), (-1, "router_chinese_2024q4")),
        change(2, "adoption of large less that of small EU firms, 2025, log-odds",
               (1, "eu_large_2025"), (-1, "eu_small_2025")),
        change(2, "speed of large less that of small EU firms, 2024 to 2025, log-odds a year", *speeds),
        change(4, "change of flagships' list prices, 2024Q4 to 2026Q2, logarithm",
               (1, "flagship_price_2026q2"), (-1, "flagship_price_2024q4")),
        change(4, "fall of the price of what GPT-4 could do, 2023Q1 to 2024Q4, logarithm", (1, "gpt4_level_price_fall")),
    ]  # fmt: skip


def lived(kept: Kept, workers: int, progress: Callable[[int, int], None]) -> Lived:
    """Live through the evidence at each draw, as it was and with each barrier half as high.

    Args:
        kept: Draws from a posterior.
        workers: Processes.
        progress: Called with (draws done, draws in all).
    """
    rows = list(each(_run, list(enumerate(kept.changes, 1)), workers, progress))
    elasticity, openness, *gains = np.array(rows).T
    return Lived(elasticity, openness, dict(zip(BARRIERS, gains, strict=True)))


def _finding(puzzle: int, what: str, published: float, drawn: Floats) -> Finding:
    low, median, high = (float(x) for x in np.quantile(drawn, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]))
    return Finding(puzzle, what, published, low, median, high)


def _run(job: tuple[int, dict[str, float]]) -> list[float]:
    """Elasticity, openness and the gains from halving entry costs, distrust and vendors' prices."""
    seed, changes = job
    base = to_evidence(Scenario.load("baseline").replace(changes))
    parameters = base.parameters
    worlds = [
        base,
        base.replace({"cost.entry_cost": HALVED * parameters.cost.entry_cost}),
        base.replace({"trust.distrust_cost": HALVED * parameters.trust.distrust_cost}),
        base.enact(Intervention("price_change", -HALVED, base.start, target="all")),
    ]
    records = [simulate(world, FIRMS, seed, threads=1) for world in worlds]
    year = slice(*YEAR)
    adopted = [
        100 * float(one.indicator("penetration", by="region").sel(quarter=year, region=REGION).mean())
        for one in records
    ]
    data = records[0].data.sel(quarter=year).drop_sel(region="china")
    per_worker = (data["tokens"].sum(["quarter", *_CELLS]) / data["employment"].sum(["quarter", *_CELLS])).to_series()
    figures = base.tables.figures
    income = pd.Series(figures["regions.gdp"] / figures["regions.population"], base.tables.region_names)[
        per_worker.index
    ]
    elasticity = float(np.polyfit(np.log(income), np.log(per_worker), 1)[0])
    open_share = records[0].indicator("open_share", by="region", weight="tokens").sel(quarter=year).mean("quarter")
    openness = 100 * float(open_share.sel(region="low_income") - open_share.sel(region="united_states"))
    return [elasticity, openness, *(more - adopted[0] for more in adopted[1:])]
