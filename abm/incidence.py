"""Who keeps the gains of a policy: users, vendors, hosts and treasuries; how equally; and what a subsidy buys."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import adoption_multiple, conditions_of, entry_cost
from abm.dynamics.reference import Some, project_size
from abm.dynamics.use import tokens_used
from abm.pairing import paired_worlds
from abm.quarters import QUARTER_YEARS
from abm.scenario.scenario import Scenario
from abm.simulation import DEFAULT_FIRMS
from abm.theory.distribution import gini, top_share
from abm.world.firms import NO_AI
from abm.world.genesis import Count
from abm.world.world import World

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gains:
    """A what-if against its baseline in one quarter; money in USD per quarter.

    Attributes:
        quarter: The quarter.
        users: Change of the users' surplus, without the peer term.
        users_by: The same by size, sector and region.
        vendors: Change of the labs' profit before research.
        hosts: Change of what hosts and makers of machines receive; competition leaves them no profit.
        integrators: Change of what those who do adoption projects receive.
        treasuries: Change of what governments pay.
        pass_through: Part of what treasuries pay more that ends as more profit of vendors; nan if they pay no more.
        users_part: Part of it that ends as more surplus of users; other parts move resources or are lost.
        deadweight: Part of the subsidies in the what-if that goes to firms that use AI in the baseline, too.
        gini: Gini coefficient of the surplus per worker over all workers, baseline and what-if.
        top_tenth: Share of the tenth of workers in firms with the highest surplus per worker, baseline and what-if.
    """

    quarter: str
    users: float
    users_by: dict[str, dict[str, float]]
    vendors: float
    hosts: float
    integrators: float
    treasuries: float
    pass_through: float
    users_part: float
    deadweight: float
    gini: tuple[float, float]
    top_tenth: tuple[float, float]

    def as_dict(self) -> dict[str, Any]:
        """The gains as plain values; what is not defined is null."""
        return {key: None if value != value else value for key, value in asdict(self).items()}


def gains(base: Scenario, variant: Scenario, quarter: str, firms: Count = DEFAULT_FIRMS, seed: int = 1) -> Gains:
    """Who gains and who pays, firm by firm with the same luck.

    Args:
        base: The baseline.
        variant: The what-if; both must have the same firms.
        quarter: Quarter in which the two worlds are compared.
        firms: Size of the sample.
        seed: The seed of both runs.

    Raises:
        InputError: If the scenarios are equal, the quarter is not in both runs, or they do not have the same firms.
    """
    before, after = paired_worlds(base, variant, quarter, firms, seed)
    surplus = [surplus_of_firms(world) for world in (before, after)]
    change = QUARTER_YEARS * before.firms.weight * (surplus[1] - surplus[0])
    tables, axes = before.scenario.tables, before.firms
    by = {
        name: {str(label): float(change[codes == i].sum()) for i, label in enumerate(labels)}
        for name, codes, labels in (
            ("size", axes.size, tables.size_names), ("sector", axes.sector, tables.sector_names),
            ("region", axes.region, tables.region_names),
        )
    }  # fmt: skip

    def more(*payees: str) -> float:
        return float(sum(after.ledger.received(p).sum() - before.ledger.received(p).sum() for p in payees))

    outlay = float(after.ledger.spent("government:").sum() - before.ledger.spent("government:").sum())
    vendors = sum(lab.profit for lab in after.labs) - sum(lab.profit for lab in before.labs)
    users, workers = float(change.sum()), before.firms.weight * before.firms.employees
    subsidies = subsidies_of_firms(after)
    already = before.firms.option != NO_AI
    per_worker = [values / before.firms.employees for values in surplus]
    return Gains(
        quarter=quarter, users=users, users_by=by, vendors=vendors, hosts=more("hosts", "hardware"),
        integrators=more("integrators"), treasuries=outlay,
        pass_through=vendors / outlay if outlay > 0 else float("nan"),
        users_part=users / outlay if outlay > 0 else float("nan"),
        deadweight=float(subsidies[already].sum() / subsidies.sum()) if subsidies.sum() > 0 else float("nan"),
        gini=tuple(gini(np.maximum(values, 0.0), workers) for values in per_worker),  # type: ignore[arg-type]
        top_tenth=tuple(top_share(np.maximum(values, 0.0), workers, 0.1) for values in per_worker),  # type: ignore[arg-type]
    )  # fmt: skip


def surplus_of_firms(world: World) -> Floats:
    """Surplus of each firm, USD per year, shape (firm,)."""
    firms, wage = world.firms, world.scenario.tables.figures["regions.wage"]
    return firms.surplus * wage[firms.region] * firms.employees * (firms.option != NO_AI)


def subsidies_of_firms(world: World) -> Floats:
    """What treasuries paid for each sampled firm this quarter, times the firms it stands for, USD, shape (firm,)."""
    assert world.rules is not None
    firms, c = world.firms, conditions_of(world)
    uses = np.flatnonzero(firms.option != NO_AI)
    some = Some.of(world, uses)
    o = firms.option[uses].astype(np.intp) - 1
    tokens = firms.intensity[uses].astype(float) * firms.readiness[uses] * firms.employees[uses]
    tokens = tokens * QUARTER_YEARS * tokens_used(world)[some.region, some.sector, o]
    bill = tokens * world.terms.option_price[some.region, o]
    was = firms.last_option[uses]
    due = np.where(was == NO_AI, 1.0, np.where(was == firms.option[uses], 0.0, c.switching_share))
    project = project_size(world, c, some) * (QUARTER_YEARS * c.maintenance + due)
    project = project * entry_cost(world)[some.region] * adoption_multiple(world)[o]
    paid = np.zeros(len(firms))
    rules = world.rules
    paid[uses] = some.weight * (rules.subsidy[some.region, o] * bill + rules.entry_subsidy[some.region, o] * project)
    return paid
