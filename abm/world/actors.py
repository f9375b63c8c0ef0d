"""Labs and governments: few, deliberate, with a name. They are real Mesa agents; firms are columns."""

from __future__ import annotations

import mesa


class Lab(mesa.Agent):
    """A lab that develops models and sells them.

    Attributes:
        name: Name in the tables.
        index: Its position in the tables.
        home: Region code of its home.
        offers: Indices of its offers.
        debt: Losses that its owners have paid and not got back, USD.
        revenue: Payments for its services in the last quarter, USD.
        cost: Serving cost of the last quarter, USD.
        damages: Paid to users under liability rules in the last quarter, USD.
        outside: Outside money of this quarter, USD per year.
        grants: Public money of this quarter, USD per year.
        funds: All its money for research this quarter, USD per year.
        starved: Quarters in a row with less than it needs to go on.
        failed: Whether it has given up.
    """

    STATE = ("debt", "revenue", "cost", "damages", "outside", "grants", "funds", "starved", "failed")

    def __init__(self, model: mesa.Model, name: str, index: int, home: int, offers: tuple[int, ...]) -> None:
        super().__init__(model)
        self.name = name
        self.index = index
        self.home = home
        self.offers = offers
        self.debt = 0.0
        self.revenue = 0.0
        self.cost = 0.0
        self.damages = 0.0
        self.outside = 0.0
        self.grants = 0.0
        self.funds = 0.0
        self.starved = 0
        self.failed = False

    @property
    def profit(self) -> float:
        """What the last quarter's services left before research, USD."""
        return self.revenue - self.cost - self.damages

    def settle(self, revenue: float, cost: float, damages: float) -> float:
        """Book a quarter's receipts, serving cost and damages.

        Returns:
            What its owners get: all that is not spent on research once losses are made good, USD; negative if they pay.
        """
        self.revenue, self.cost, self.damages = revenue, cost, damages
        left = self.profit + (self.outside + self.grants - self.funds) / 4
        self.debt = max(self.debt - left, 0.0)
        return left


class Government(mesa.Agent):
    """The government of a region.

    Attributes:
        name: Region name.
        index: Region code.
        in_force: Labels of its instruments in force this quarter.
        outlay: What it paid last quarter, USD.
        total_outlay: What it has paid since the start, USD.
        effort: How far it pulls its instruments if it adapts, 0 to 1.
        restriction: How far it makes foreign services costly if it adapts, 0 to 1.
        began: Penetration when its plan began, nan before.
    """

    STATE = ("in_force", "outlay", "total_outlay", "effort", "restriction", "began")

    def __init__(self, model: mesa.Model, name: str, index: int) -> None:
        super().__init__(model)
        self.name = name
        self.index = index
        self.in_force: tuple[str, ...] = ()
        self.outlay = 0.0
        self.total_outlay = 0.0
        self.stand_down()

    def stand_down(self) -> None:
        """Have no plan: no effort, and nothing to compare with."""
        self.effort, self.restriction, self.began = 0.0, 0.0, float("nan")

    def pay(self, outlay: float) -> None:
        """Book a quarter's public spending, USD."""
        self.outlay = outlay
        self.total_outlay += outlay


def with_past(actor: Lab | Government, other: Lab | Government) -> None:
    """Give an actor the past of its like in another model."""
    for name in other.STATE:
        setattr(actor, name, getattr(other, name))
