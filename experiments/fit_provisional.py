"""Fit the provisional parameters to the published adoption figures with CMA-ES (Hansen 2016).

A stop-gap until calibration proper: a point estimate, no posterior, all figures in the fit. Capability does half of the
exposed tasks at 165 points with a spread of 14, which no figure of adoption says: with the 134 and 6 that adoption alone
would take, models of 2024 did all there is to do, and nobody would pay for a better one. It needs the package
`cma` (`pip install cma`) and prints the fit table and the values to type into `abm/scenario/parameters.py` and
`abm/scenario/data/region_figures.csv`.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cma
import numpy as np

import abm

# Prior standard deviation of the logarithm; a negative number is the standard deviation of the value itself.
FREE: dict[str, float] = {
    "choice.taste_scale": 0.7,
    "choice.taste_scale_per_stake": 0.25,
    "choice.dissimilarity_open": 0.2,
    "choice.dissimilarity_proprietary": 0.2,
    "demand.spend_median": 0.5,
    "demand.spend_log_spread": 0.15,
    "demand.exposure_exponent": 0.15,
    "cost.entry_cost": 0.7,
    "cost.size_exponent": 0.2,
    "cost.hosted_multiple": 0.3,
    "cost.self_hosted_multiple": 0.4,
    "trust.distrust_cost": 0.7,
    "diffusion.innovation": 0.5,
    "diffusion.imitation": 0.5,
    "interaction.strength": 0.3,
    "readiness.size_slope": 0.5,
    "readiness.spread": 0.3,
    "readiness.learning_by_use": 0.5,
    "regions.china.readiness_mean": -0.35,
    "regions.united_states.readiness_mean": -0.6,
    "regions.european_union.readiness_mean": -0.6,
    "regions.other_high_income.readiness_mean": -0.6,
}
EU, US = "european_union", "united_states"
YEAR = {y: [f"{y}Q{q}" for q in (1, 2, 3, 4)] for y in (2023, 2024, 2025)}
# Label: (published, standard deviation in log-odds, function of the record)
MOMENTS = {
    "EU 10+ 2023": (0.081, 0.05, lambda p: p("firms_10plus", EU, YEAR[2023])),
    "EU 10+ 2024": (0.1348, 0.02, lambda p: p("firms_10plus", EU, YEAR[2024])),
    "EU 10+ 2025": (0.1995, 0.02, lambda p: p("firms_10plus", EU, YEAR[2025])),
    "EU small 2024": (0.1121, 0.06, lambda p: p("firms_all", EU, YEAR[2024], size="small")),
    "EU medium 2024": (0.2097, 0.08, lambda p: p("firms_all", EU, YEAR[2024], size="medium")),
    "EU large 2024": (0.4117, 0.08, lambda p: p("firms_all", EU, YEAR[2024], size="large")),
    "EU small 2025": (0.170, 0.06, lambda p: p("firms_all", EU, YEAR[2025], size="small")),
    "EU medium 2025": (0.304, 0.08, lambda p: p("firms_all", EU, YEAR[2025], size="medium")),
    "EU large 2025": (0.5503, 0.08, lambda p: p("firms_all", EU, YEAR[2025], size="large")),
    "EU information 2024": (0.4872, 0.15, lambda p: p("firms_10plus", EU, YEAR[2024], sector="information")),
    "EU professional 2024": (0.3053, 0.15, lambda p: p("firms_10plus", EU, YEAR[2024], sector="professional")),
    # No EU figure for micro firms: the US ratio of employer firms, mostly micro, to 100-249 (19.8 to 32) carried over.
    "EU micro 2025": (0.14, 0.06, lambda p: p("firms_all", EU, YEAR[2025], size="micro")),
    "US all 2026": (0.198, 0.06, lambda p: p("firms_all", US, ["2026Q2"])),
    "US all end 2025": (0.18, 0.06, lambda p: p("firms_all", US, ["2025Q4"])),
    "US workers end 2025": (0.32, 0.15, lambda p: p("employment", US, ["2025Q4"])),
    "US large 2026": (0.37, 0.2, lambda p: p("firms_all", US, ["2026Q2"], size="large")),
    "US information 2026": (0.397, 0.15, lambda p: p("firms_all", US, ["2026Q2"], sector="information")),
    "US finance 2026": (0.339, 0.15, lambda p: p("firms_all", US, ["2026Q2"], sector="finance")),
    "US professional 2026": (0.31, 0.25, lambda p: p("firms_all", US, ["2026Q2"], sector="professional")),
    "US education 2026": (0.24, 0.3, lambda p: p("firms_all", US, ["2026Q2"], sector="education")),
    "US health 2026": (0.18, 0.25, lambda p: p("firms_all", US, ["2026Q2"], sector="health")),
    "US manufacturing 2026": (0.16, 0.25, lambda p: p("firms_all", US, ["2026Q2"], sector="manufacturing")),
    "US trade 2026": (0.14, 0.25, lambda p: p("firms_all", US, ["2026Q2"], sector="trade_hospitality")),
    "US transport 2026": (0.15, 0.25, lambda p: p("firms_all", US, ["2026Q2"], sector="transport")),
    "US construction 2026": (0.11, 0.25, lambda p: p("firms_all", US, ["2026Q2"], sector="construction")),
    "China manufacturing 2026": (0.33, 0.08, lambda p: p("firms_10plus", "china", ["2026Q1"], sector="manufacturing")),
    "Canada all 2025": (0.122, 0.2, lambda p: p("firms_all", "other_high_income", ["2025Q2"])),
    # Vendors' revenue of 7 billion USD in the United States in 2024, enterprises' spending of 37 in 2025, and 80 a year
    # of 34 start-ups in May 2026, which includes people's; as parts of a trillion, so that log-odds are logarithms.
    "spend 2024, USD trillion a year": (0.012, 0.4, lambda p: p.spend(YEAR[2024])),
    "spend 2025, USD trillion a year": (0.037, 0.2, lambda p: p.spend(YEAR[2025])),
    "spend 2026, USD trillion a year": (0.080, 0.2, lambda p: p.spend(["2026Q2"])),
    "large firms open 2024": (0.19, 0.3, lambda p: p.open_share("spend", YEAR[2024], "large")),
    "large firms open 2025": (0.12, 0.3, lambda p: p.open_share("spend", YEAR[2025], "large")),
    "information small firms' tokens open 2025": (0.30, 0.4, lambda p: p.open_share("tokens", YEAR[2025], "small")),
}


class Shares:
    """Shares of one record."""

    def __init__(self, record: abm.Record) -> None:
        self.record = record

    def __call__(self, population: str, region: str, quarters: list[str], **where: str) -> float:
        """Penetration averaged over quarters."""
        values = self.record.indicator("penetration", by=("region", *where), population=population)
        return float(values.sel(region=region, quarter=quarters, **where).mean())

    def spend(self, quarters: list[str]) -> float:
        """Payments for use in the world, USD trillion a year."""
        return float(self.record.data["spend"].sel(quarter=quarters).sum() / len(quarters)) * 4e-12

    def open_share(self, weight: str, quarters: list[str], size: str) -> float:
        """Open share in the United States and the European Union, averaged over quarters."""
        cells = self.record.data[weight].sel(region=[EU, US], quarter=quarters, size=size)
        if size == "small":
            cells = cells.sel(sector=["information", "professional"])
        users = cells.isel(option=slice(1, None)).sum()
        return float(cells.where(cells["option_open"], 0.0).sum() / users)


def moments(changes: dict[str, float], firms: int) -> np.ndarray:
    """Log-odds of every moment, shape (moment,)."""
    scenario = abm.Scenario.load("baseline").replace({**changes, "end": "2026Q2"})
    shares = Shares(abm.simulate(scenario, firms=firms, seed=1))
    values = np.clip([f(shares) for _, _, f in MOMENTS.values()], 1e-4, 1 - 1e-4)
    return np.log(values / (1 - values))


def to_changes(x: np.ndarray, start: np.ndarray) -> dict[str, float]:
    """Parameter values at a point in units of prior standard deviations, kept inside their declared ranges."""
    scenario = abm.Scenario.load("baseline")
    changes = {}
    for step, base, (name, spread) in zip(x, start, FREE.items(), strict=True):
        value = base + abs(spread) * step if spread < 0 else base * np.exp(spread * step)
        quantity = scenario.quantity(name)
        changes[name] = float(np.clip(value, quantity.low, quantity.high))
    return changes


def starting_values() -> np.ndarray:
    """Present values of the free parameters, shape (parameter,)."""
    baseline = abm.Scenario.load("baseline")
    values = []
    for name in FREE:
        if name.startswith("regions."):
            _, region, column = name.split(".")
            tables = baseline.tables
            values.append(tables.figures[f"regions.{column}"][tables.region_names.index(region)])
        else:
            values.append(baseline.parameters.get(name))
    return np.array(values)


def main() -> None:
    """Fit, print the table and save the values."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=12.0)
    parser.add_argument("--firms", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=Path("out/provisional.json"))
    parser.add_argument("--begin", type=Path, default=None, help="file of an earlier fit to go on from")
    args = parser.parse_args()
    start = starting_values()
    published = np.array([m[0] for m in MOMENTS.values()])
    goal, spread = np.log(published / (1 - published)), np.array([m[1] for m in MOMENTS.values()])
    begin = np.array(json.loads(args.begin.read_text())["x"]) if args.begin else np.zeros(len(FREE))
    args.out.parent.mkdir(exist_ok=True, parents=True)
    search = cma.CMAEvolutionStrategy(
        begin, 0.5, {"seed": 1, "popsize": 16, "timeout": 60 * args.minutes, "verbose": -9}
    )
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        while not search.stop():
            points = search.ask()
            results = pool.map(moments, [to_changes(p, start) for p in points], [args.firms] * len(points))
            # Misfit in standard errors, and the prior: one standard deviation per unit of the point.
            search.tell(
                points,
                [float(np.sum(((m - goal) / spread) ** 2) + p @ p) for m, p in zip(results, points, strict=True)],
            )
            best = search.result.xbest
            fitted = {"x": best.tolist(), "changes": to_changes(best, start), "loss": search.result.fbest}
            args.out.write_text(json.dumps(fitted, indent=1))
            if search.countiter % 10 == 0:
                print(f"{search.countevals} runs: loss {search.result.fbest:.1f}", flush=True)
    for name, value in fitted["changes"].items():
        print(f"{name:45s} {value:.4g}")
    for label, m, g in zip(MOMENTS, moments(fitted["changes"], args.firms), published, strict=True):
        print(f"{label:45s} model {1 / (1 + np.exp(-m)):.3f}  published {g:.3f}")


if __name__ == "__main__":
    main()
