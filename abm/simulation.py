"""Run scenarios: one, many seeds, or two side by side with the same luck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.special import stdtrit

from abm.model import Market, market_of
from abm.observe.record import Record
from abm.quantities import InputError
from abm.scenario.differing import difference
from abm.scenario.kinds import KINDS
from abm.scenario.posterior import at_draw
from abm.scenario.scenario import DEFAULT_FIRMS, Scenario
from abm.workers import in_worker, pool
from abm.world.genesis import Count, smallest_sample

Progress = Callable[[int, int], None]


def simulate(
    scenario: Scenario,
    firms: Count = DEFAULT_FIRMS,
    seed: int = 1,
    progress: Progress | None = None,
    engine: str = "compiled",
    threads: int | None = None,
) -> Record:
    """Run a scenario once.

    Args:
        scenario: The question.
        firms: Number of sampled firms, or "all" for every real firm of the scenario's regions.
        seed: A whole number >= 0; the same seed gives the same run, bit for bit.
        progress: Called with (quarters lived, quarters in all) after each quarter.
        engine: "compiled", or "numpy" for the readable reference, which agrees with it firm by firm.
        threads: Threads to use; by default as many as help. The results are the same for any number.

    Returns:
        The record.

    Raises:
        InputError: If firms or seed are out of range, or the world is too large for the machine's memory.
    """
    _check_whole("seed", seed, 0, 2**63 - 1)
    if firms != "all":
        _check_whole("firms", firms, 1, 10**12)
    return _lived(market_of(scenario, firms, seed, engine, threads), progress)


def continued(past: Market, scenario: Scenario, progress: Progress | None = None) -> Record:
    """Run a scenario from where the market of another one is: the record of a run from birth, bit for bit, in less time.

    Args:
        past: A market that has lived some quarters of a scenario from which this one differs later on only.
        scenario: The question.
        progress: Called with (quarters lived, quarters in all) after each quarter.

    Raises:
        InputError: If the scenarios differ earlier.
    """
    return _lived(past.branch(scenario), progress)


def _lived(market: Market, progress: Progress | None) -> Record:
    """Live to the end."""
    world = market.world
    total = world.last - world.birth
    while world.quarter < world.last:
        market.step()
        if progress:
            progress(world.quarter - world.birth, total)
    return market.recorder.record(world)


def warm_up() -> None:
    """Make the engine ready: compile it, or load it from disk, by living through two quarters of the smallest world.

    In the first nobody uses AI, so that labs have no demand to expect.
    """
    short = Scenario.load("baseline").replace({"end": Scenario.load("baseline").start, "population.warm_up": 1})
    simulate(short, smallest_sample(short.tables), threads=1)


def ensemble(
    scenario: Scenario,
    seeds: int = 10,
    firms: Count = DEFAULT_FIRMS,
    first_seed: int = 1,
    progress: Progress | None = None,
    workers: int = 1,
    draws: int = 0,
) -> list[Record]:
    """Run a scenario many times.

    Without draws the runs differ by their seeds alone: their spread is sampling noise, not uncertainty about the world. With
    draws each has parameters that the published figures leave possible, and a chance of incidents and breakthroughs of its
    own: their spread is what the model does not know.

    Args:
        scenario: The question.
        seeds: Number of seeds.
        firms: Number of sampled firms in each run, or "all".
        first_seed: First of the consecutive seeds.
        progress: Called with (runs done, runs in all).
        workers: Processes to use; 1 runs here.
        draws: Number of draws from the posterior (`abm.scenario.posterior`), each run with each seed.

    Returns:
        Records, draw by draw and within a draw in the order of the seeds.
    """
    _check_whole("seeds", seeds, 1, 100_000)
    worlds = drawn(scenario, draws)
    jobs = [(world, firms, first_seed + k) for world in worlds for k in range(seeds)]
    return _run_all(jobs, progress, workers)


def drawn(scenario: Scenario, draws: int) -> list[Scenario]:
    """The scenario at draws of the parameters and of the world's shocks; itself for none.

    Args:
        scenario: The question. Parameters that it changes stay; so do its shocks if it has some.
        draws: Number of draws.
    """
    _check_whole("draws", draws, 0, 100_000)
    if not draws:
        return [scenario]
    return [at_draw(scenario, k).replace(shocks=scenario.shocks or k + 1) for k in range(draws)]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A what-if against its baseline, run by run with the same luck.

    Attributes:
        base: Records of the baseline, one per seed.
        variant: Records of the what-if, in the same order.
        difference: What differs between the scenarios, in words.
        draws: Number of draws from the posterior that the runs are of; 0 if they differ by their seeds alone.
    """

    base: list[Record]
    variant: list[Record]
    difference: list[str]
    draws: int = 0

    def paired(
        self,
        name: str,
        by: str | tuple[str, ...] | None = None,
        weight: str = "firms",
        population: str = "firms_10plus",
        confidence: float = 0.9,
    ) -> xr.Dataset:
        """Mean of an indicator in both worlds and of the paired difference, with an interval.

        Over seeds alone it is a confidence interval of the mean, from Student's t: sampling noise only; nan for one seed.
        Over draws from the posterior it holds that part of the differences themselves: what the model does not know.

        Args:
            name: Name of the indicator.
            by: Dimensions to keep besides the quarter, as in `Record.indicator`.
            weight: As there.
            population: As there.
            confidence: Level of the interval.

        Returns:
            Dataset with base, variant, difference, low and high over (quarter, ...).
        """
        base, variant = (
            xr.concat([r.indicator(name, by, weight, population) for r in records], "seed")
            for records in (self.base, self.variant)
        )
        gap = variant - base
        mean = gap.mean("seed")
        if self.draws:
            low, high = (gap.quantile((1 + side * confidence) / 2, "seed").drop_vars("quantile") for side in (-1, 1))
        else:
            count = gap.sizes["seed"]
            quantile = stdtrit(count - 1, (1 + confidence) / 2) if count > 1 else np.nan
            margin = quantile * gap.std("seed", ddof=min(1, count - 1)) / np.sqrt(count)
            low, high = mean - margin, mean + margin
        return xr.Dataset(
            {
                "base": base.mean("seed"), "variant": variant.mean("seed"),
                "difference": mean, "low": low, "high": high,
            },
            attrs=dict(base.attrs),
        )  # fmt: skip

    def story(self, quarter: str) -> tuple[str, str]:
        """What the what-if does by a quarter, in two sentences: who uses what, and who gains and pays.

        Args:
            quarter: A quarter of both runs.
        """

        def means(name: str, weight: str = "firms") -> tuple[float, float]:
            found = self.paired(name, weight=weight).sel(quarter=quarter)
            return float(found["base"]), float(found["variant"])

        by_region = self.paired("penetration", by="region").sel(quarter=quarter)
        scenario = self.variant[0].scenario
        acting = {one.home for one in scenario.entrants} | {plan.region for plan in scenario.governments}
        for act in scenario.interventions:
            aimed = act.target.removeprefix("origin:")
            acting.add(aimed if act.region == "all" or KINDS[act.kind].worldwide else act.region)
        acting &= set(scenario.tables.region_names)
        most = str(by_region["region"][int(np.nanargmax(np.abs(by_region["difference"])))].item())
        region = acting.pop() if len(acting) == 1 else most  # where one acts or is aimed at, or where most changes
        local = by_region.sel(region=region)
        adoption = (float(local["base"]), float(local["variant"]))
        users, labs, treasuries = (means(name) for name in ("surplus", "vendor_revenue", "public_outlay"))
        title = scenario.title or scenario.name
        if title == self.base[0].scenario.title:  # instruments on top of the baseline
            title = "; ".join(line.removeprefix("added: ") for line in self.difference)
        return (
            f"{title}: by {quarter} {_of_firms(adoption)} in {region} use AI, and {_of_firms(means('penetration'))} in the "
            f"world; open models carry {_percent(means('open_share', 'tokens'))} of tokens.",
            f"In that quarter the users' surplus {_moved(users)}, the labs' revenue {_moved(labs)}, and what treasuries pay "
            f"{_moved(treasuries)}.",
        )


def _percent(pair: tuple[float, float]) -> str:
    before, after = pair
    return f"{100 * after:.1f}% instead of {100 * before:.1f}%"


def _of_firms(pair: tuple[float, float]) -> str:
    before, after = pair
    return f"{100 * after:.1f}% instead of {100 * before:.1f}% of firms with ten or more workers"


def _moved(pair: tuple[float, float]) -> str:
    """A change of USD, in words."""
    change = (pair[1] - pair[0]) * 1e-9
    if abs(change) < 0.005:
        return "stays as it was"
    return f"{'rises' if change > 0 else 'falls'} by {abs(change):.2f} billion USD"


def compare(
    base: Scenario,
    variant: Scenario,
    seeds: int = 10,
    firms: Count = DEFAULT_FIRMS,
    progress: Progress | None = None,
    workers: int = 1,
    draws: int = 0,
) -> Comparison:
    """Run two scenarios with the same seeds, so that what differs was caused by what differs between them.

    Args:
        base: The baseline.
        variant: The what-if.
        seeds: Number of seeds.
        firms: Number of sampled firms in each run, or "all".
        progress: Called with (runs done, runs in all).
        workers: Processes to use; 1 runs here.
        draws: Number of draws from the posterior, as in `ensemble`; both worlds have the same ones.

    Raises:
        InputError: If the scenarios are equal, cover different quarters, or the variant changed nothing.
    """
    _check_whole("seeds", seeds, 1, 100_000)
    what = difference(base, variant)
    if not what:
        raise InputError(
            f"{base.name} and {variant.name} are the same scenario; change something in one of them to compare."
        )
    if base.quarters != variant.quarters:
        raise InputError(
            f"{base.name} runs {base.start} to {base.end}, {variant.name} {variant.start} to {variant.end}; "
            "give both the same quarters."
        )
    pairs = zip(drawn(base, draws), drawn(variant, draws), strict=True)
    jobs = [(scenario, firms, 1 + k) for pair in pairs for k in range(seeds) for scenario in pair]
    records = _run_all(jobs, progress, workers)
    done = Comparison(records[0::2], records[1::2], what, draws)
    if all(a.data.equals(b.data) for a, b in zip(done.base, done.variant, strict=True)):
        raise InputError(
            f"{variant.name} changed nothing against {base.name} ({'; '.join(what)}); check dates and level."
        )
    return done


def _run_all(jobs: list[tuple[Scenario, Count, int]], progress: Progress | None, workers: int) -> list[Record]:
    records: list[Record] = []
    if workers <= 1:
        for job in jobs:
            records.append(_run(job))
            if progress:
                progress(len(records), len(jobs))
        return records
    with pool(min(workers, len(jobs))) as processes:
        for record in processes.map(_run, jobs):
            records.append(record)
            if progress:
                progress(len(records), len(jobs))
    return records


def _run(job: tuple[Scenario, Count, int]) -> Record:
    scenario, firms, seed = job
    return simulate(scenario, firms, seed, threads=1 if in_worker() else None)


def _check_whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        raise InputError(f"{name} = {value!r} must be a whole number from {low} to {high}.")
