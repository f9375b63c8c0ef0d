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
        cash: Accumulated profit, USD.
        revenue: Receipts of the last quarter, USD.
        cost: Serving cost of the last quarter, USD.
    """

    def __init__(self, model: mesa.Model, name: str, index: int, home: int, offers: tuple[int, ...]) -> None:
        super().__init__(model)
        self.name = name
        self.index = index
        self.home = home
        self.offers = offers
        self.cash = 0.0
        self.revenue = 0.0
        self.cost = 0.0

    def settle(self, revenue: float, cost: float) -> None:
        """Book a quarter's receipts and serving cost, USD."""
        self.revenue, self.cost = revenue, cost
        self.cash += revenue - cost


class Government(mesa.Agent):
    """The government of a region.

    Attributes:
        name: Region name.
        index: Region code.
        in_force: Labels of its instruments in force this quarter.
        outlay: What it paid last quarter, USD.
        total_outlay: What it has paid since the start, USD.
    """

    def __init__(self, model: mesa.Model, name: str, index: int) -> None:
        super().__init__(model)
        self.name = name
        self.index = index
        self.in_force: tuple[str, ...] = ()
        self.outlay = 0.0
        self.total_outlay = 0.0

    def pay(self, outlay: float) -> None:
        """Book a quarter's public spending, USD."""
        self.outlay = outlay
        self.total_outlay += outlay
