"""Who keeps the gains of a policy: users, vendors and treasuries; how equally; and what a subsidy buys."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from abm.dynamics.conditions import adoption_multiple, conditions_of, entry_cost
from abm.dynamics.reference import Some, project_size
from abm.dynamics.use import gains_of_users, tokens_used
from abm.pairing import paired_quarters
from abm.quarters import QUARTER_YEARS, quarter_number
from abm.scenario.differing import first_difference
from abm.scenario.scenario import DEFAULT_FIRMS, Scenario
from abm.theory.distribution import gini, top_share
from abm.world.firms import NO_AI
from abm.world.genesis import Count
from abm.world.world import World

Floats = NDArray[np.float64]
DISCOUNT_RATE = 0.03  # a year: the social rate of US Circular A-4 (2003) for consumption


@dataclass(frozen=True, slots=True)
class Gains:
    """A what-if against its baseline: present values of all quarters from where they differ, USD.

    Attributes:
        start: The first quarter that counts, in which a dollar is worth a dollar.
        end: The last one.
        rate: Discount rate per year.
        users: Gain in users' surplus, without the peer term.
        users_by: The same by size, sector and region.
        productivity: The part of it that is worth of use above its price, less what firms pay for entry and upkeep.
        vendors: Gain in the labs' profit before research.
        hosts: More that hosts and makers of machines receive; competition leaves them no profit.
        integrators: More that those who do adoption projects receive, at cost.
        trainers: More that trainers and testers of models receive, at cost.
        research: More that labs spend on research besides public grants: money of owners and investors that is used up.
        treasuries: More that governments pay.
        net: What users and vendors gain, less what treasuries pay and what research takes besides.
        pass_through: Part of what treasuries pay more that ends as profit of vendors; nan if they pay no more.
        users_part: Part of it that ends as surplus of users; other parts move resources or are lost.
        deadweight: Part of the subsidies in the what-if that goes to firms that use AI in the baseline, too.
        inframarginal: Part of them that pays for use, entry and upkeep which these firms have in the baseline, too.
        gini: Gini coefficient of the surplus per worker over all workers in the last quarter, baseline and what-if.
        top_tenth: Share of the tenth of workers in firms with the highest surplus per worker, likewise.
        seeds: Number of paired runs, of which all these are means.
        margin: Half of the 90% interval of users, vendors, ..., net over the seeds (sampling noise only); nan for one seed.
    """

    start: str
    end: str
    rate: float
    users: float
    users_by: dict[str, dict[str, float]]
    productivity: float
    vendors: float
    hosts: float
    integrators: float
    trainers: float
    research: float
    treasuries: float
    net: float
    pass_through: float
    users_part: float
    deadweight: float
    inframarginal: float
    gini: tuple[float, float]
    top_tenth: tuple[float, float]
    seeds: int
    margin: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        """The gains as plain values; what is not defined is null."""
        plain = asdict(self) | {"margin": {key: None if x != x else x for key, x in self.margin.items()}}
        return {key: None if value != value else value for key, value in plain.items()}


def gains(
    base: Scenario, variant: Scenario, quarter: str, firms: Count = DEFAULT_FIRMS, seeds: int = 1,
    rate: float = DISCOUNT_RATE, first_seed: int = 1,
) -> Gains:  # fmt: skip
    """Who gains and who pays, quarter by quarter with the same firms and luck, as present values.

    Args:
        base: The baseline.
        variant: The what-if; both must have the same firms.
        quarter: The last quarter that counts.
        firms: Size of the sample.
        seeds: Number of paired runs.
        rate: Discount rate per year.
        first_seed: First of the consecutive seeds.

    Raises:
        InputError: If the scenarios are equal, the quarter is not in both runs, or they do not have the same firms.
    """
    start = min(first_difference(base, variant), quarter)
    runs = [_gains_of_pair(base, variant, start, quarter, firms, first_seed + k, rate) for k in range(seeds)]
    users = np.mean([one.users for one in runs], axis=0)
    tables = base.tables
    by = {
        name: dict(zip(labels, users.sum(axis=others).tolist(), strict=True))
        for name, labels, others in (
            ("size", tables.size_names, (0, 1)), ("sector", tables.sector_names, (0, 2)),
            ("region", tables.region_names, (1, 2)),
        )
    }  # fmt: skip
    paths = {name: np.array([one.flows[name] for one in runs]) for name in runs[0].flows}
    more = {name: float(path.mean()) for name, path in paths.items()}
    quantile = stdtrit(seeds - 1, 0.95) if seeds > 1 else np.nan
    margin = {name: float(quantile * path.std(ddof=min(1, seeds - 1)) / np.sqrt(seeds)) for name, path in paths.items()}
    subsidies = np.mean([one.subsidies for one in runs], axis=0)
    inequality = np.mean([one.inequality for one in runs], axis=0)
    outlay = more["treasuries"]
    return Gains(
        start=start, end=quarter, rate=rate, users_by=by, **more,
        pass_through=_part(more["vendors"], outlay), users_part=_part(more["users"], outlay),
        deadweight=_part(subsidies[1], subsidies[0]), inframarginal=_part(subsidies[2], subsidies[0]),
        gini=(float(inequality[0, 0]), float(inequality[0, 1])),
        top_tenth=(float(inequality[1, 0]), float(inequality[1, 1])), seeds=seeds, margin=margin,
    )  # fmt: skip


class _Pair(NamedTuple):
    """Present values of one pair of runs.

    Attributes:
        users: Gain in users' surplus, USD, shape (region, sector, size).
        flows: The amounts of `Gains` by name, USD.
        subsidies: All subsidies, those to firms that use AI anyway, and those for what these do anyway, USD, shape (3,).
        inequality: Gini coefficient and share of the top tenth, baseline and what-if, shape (2, 2).
    """

    users: Floats
    flows: dict[str, float]
    subsidies: Floats
    inequality: Floats


def _gains_of_pair(
    base: Scenario, variant: Scenario, start: str, quarter: str, firms: Count, seed: int, rate: float
) -> _Pair:
    more, users, subsidies = defaultdict[str, float](float), np.zeros(()), np.zeros(3)
    for before, after in paired_quarters(base, variant, start, quarter, firms, seed):
        worth = (1 + rate) ** (-QUARTER_YEARS * (before.quarter - quarter_number(start)))
        for world, sign in ((after, worth), (before, -worth)):
            surplus, productivity = gains_of_users(world)
            users = users + sign * surplus.sum(axis=3)
            for name, flow in _flows(world).items():
                more[name] += sign * flow
            more["productivity"] += sign * float(productivity.sum())
        subsidies += worth * _subsidies(before, after)
    more["users"] = float(users.sum())
    more["net"] = more["users"] + more["vendors"] - more["treasuries"] - more["research"]
    workers = before.firms.weight * before.firms.employees
    per_worker = [np.maximum(running_surplus(world), 0.0) / world.firms.employees for world in (before, after)]
    inequality = [[gini(one, workers) for one in per_worker], [top_share(one, workers, 0.1) for one in per_worker]]
    return _Pair(users, dict(more), subsidies, np.array(inequality))


def _part(value: float, whole: float) -> float:
    return float(value / whole) if whole > 0 else float("nan")


def _flows(world: World) -> dict[str, float]:
    """What is gained, received and paid in the quarter besides the users' surplus, USD."""
    assert world.rules is not None
    ledger = world.ledger
    return {
        "vendors": sum(lab.profit for lab in world.labs),
        "hosts": float(ledger.received("hosts").sum() + ledger.received("hardware").sum()),
        "integrators": float(ledger.received("integrators").sum()),
        "trainers": float(ledger.received("trainers").sum() + ledger.received("testers").sum()),
        "research": float(ledger.received("researchers").sum() - QUARTER_YEARS * world.rules.grants.sum()),
        "treasuries": float(ledger.spent("government:").sum()),
    }


def _subsidies(before: World, after: World) -> Floats:
    """Subsidies of the quarter, those to firms that use AI anyway, and those for what these do anyway, USD, shape (3,)."""
    assert after.rules is not None
    if not (after.rules.subsidy.any() or after.rules.entry_subsidy.any()):
        return np.zeros(3)
    bills, used_anyway = bills_of_firms(after), bills_of_firms(before)
    paid = bills.subsidies
    already = before.firms.option != NO_AI
    anyway = np.zeros(len(already))
    for part, mine, theirs in (
        (paid[0], used_anyway.tokens, bills.tokens), (paid[1], used_anyway.projects, bills.projects)
    ):  # fmt: skip
        anyway += part * np.minimum(1.0, np.divide(mine, theirs, out=np.zeros_like(mine), where=theirs > 0))
    each = paid.sum(axis=0)
    return np.array([each.sum(), each[already].sum(), anyway.sum()])


@dataclass(frozen=True, slots=True)
class Bills:
    """What the firms use and owe in a quarter, times the firms that each stands for.

    Attributes:
        tokens: Use, million tokens, shape (firm,).
        projects: Entry and upkeep, USD, shape (firm,).
        subsidies: What treasuries pay of use and of projects, USD, shape (2, firm).
    """

    tokens: Floats
    projects: Floats
    subsidies: Floats


def bills_of_firms(world: World) -> Bills:
    """Use, projects and subsidies of each sampled firm in the world's quarter."""
    assert world.rules is not None
    firms, c, rules = world.firms, conditions_of(world), world.rules
    uses = np.flatnonzero(firms.option != NO_AI)
    some = Some.of(world, uses)
    o, was = firms.option[uses].astype(np.intp) - 1, firms.last_option[uses]
    capacity = some.weight * firms.intensity[uses].astype(float) * firms.readiness[uses] * firms.employees[uses]
    used = capacity * QUARTER_YEARS * tokens_used(world)[some.region, some.sector, o]
    due = np.where(was == NO_AI, 1.0, np.where(was == firms.option[uses], 0.0, c.switching_share))
    project = some.weight * project_size(world, c, some) * (QUARTER_YEARS * c.maintenance + due)
    project = project * entry_cost(world)[some.region] * adoption_multiple(world)[o]
    tokens, projects, subsidies = np.zeros(len(firms)), np.zeros(len(firms)), np.zeros((2, len(firms)))
    tokens[uses], projects[uses] = used, project
    subsidies[0, uses] = rules.subsidy[some.region, o] * used * world.terms.option_price[some.region, o]
    subsidies[1, uses] = rules.entry_subsidy[some.region, o] * project
    return Bills(tokens, projects, subsidies)


def running_surplus(world: World) -> Floats:
    """Surplus of each firm without what it pays to enter, USD per year, shape (firm,)."""
    assert world.rules is not None
    firms, c = world.firms, conditions_of(world)
    uses = np.flatnonzero(firms.option != NO_AI)
    some = Some.of(world, uses)
    o = firms.option[uses].astype(np.intp) - 1
    at = (some.region, some.sector, o)
    worth = (world.rules.served[:, None, :] * c.use_value)[at] * firms.intensity[uses].astype(float)
    upkeep = c.maintenance * project_size(world, c, some) / firms.employees[uses] * c.project[some.region, o]
    wage_bills = world.scenario.tables.figures["regions.wage"][some.region] * firms.employees[uses]
    surplus = np.zeros(len(firms))
    surplus[uses] = wage_bills * (worth * firms.readiness[uses] - upkeep - c.drag[at] + firms.taste[uses])
    return surplus
