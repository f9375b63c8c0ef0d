"""Money of one quarter between named accounts: every dollar paid is received."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from abm.scenario.tables import Tables

Floats = NDArray[np.float64]

# Payees besides labs: open weights at third parties, own hardware, adoption projects, training courses, tests of models,
# the data centres and power that labs and hosts pay for, and researchers. Investors, sponsors included, only pay.
SELLERS = ("hosts", "hardware", "integrators", "trainers", "testers", "compute", "researchers")


@dataclass(slots=True)
class Ledger:
    """Flows of a quarter, USD.

    Attributes:
        accounts: Names: "firms:REGION", "government:REGION", "lab:LAB" the sellers and "investors".
        paid: Flow by payer and payee, shape (account, account).
    """

    accounts: tuple[str, ...]
    paid: Floats

    @staticmethod
    def of(tables: Tables) -> Ledger:
        """An empty ledger for the regions and labs of the tables."""
        names = (
            *(f"firms:{r}" for r in tables.region_names),
            *(f"government:{r}" for r in tables.region_names),
            *(f"lab:{x}" for x in tables.lab_names),
            *SELLERS,
            "investors",
        )
        return Ledger(names, np.zeros((len(names), len(names))))

    def start_quarter(self) -> None:
        """Begin a new quarter with empty accounts."""
        self.paid[:] = 0.0

    def transfer(self, payer: str, payee: str, amount: ArrayLike) -> None:
        """Move money. A name that ends in ":" stands for all its accounts, one amount each.

        Args:
            payer: Account or prefix.
            payee: Account or prefix.
            amount: USD, of shape (payer, payee) where both are prefixes.

        Raises:
            ValueError: If an amount is negative or not finite.
        """
        rows, columns = self._span(payer), self._span(payee)
        value = np.asarray(amount, float)
        if not value.min(initial=0.0) >= 0 or not np.isfinite(value.sum()):
            raise ValueError(f"transfer from {payer} to {payee} must be finite and not negative: {value}")
        if value.ndim == 1:
            value = value[:, None] if payer.endswith(":") else value[None, :]
        self.paid[rows, columns] += value

    def between(self, payer: str, payee: str) -> Floats:
        """Payments of one account or prefix to another, USD, shape (payer, payee)."""
        return self.paid[self._span(payer), self._span(payee)]

    def received(self, payee: str) -> Floats:
        """Receipts of an account or of all accounts with a prefix, USD, shape (account,)."""
        return self.paid[:, self._span(payee)].sum(axis=0)

    def spent(self, payer: str) -> Floats:
        """Payments of an account or of all accounts with a prefix, USD, shape (account,)."""
        return self.paid[self._span(payer)].sum(axis=1)

    def _span(self, name: str) -> slice:
        return _places(self.accounts, name)


@lru_cache(maxsize=1024)
def _places(accounts: tuple[str, ...], name: str) -> slice:
    """Places of an account, or of all accounts with a prefix: these are neighbours."""
    places = [i for i, one in enumerate(accounts) if one == name or (name.endswith(":") and one.startswith(name))]
    return slice(places[0], places[-1] + 1)
