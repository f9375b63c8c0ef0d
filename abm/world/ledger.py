"""Money of one quarter between named accounts: every dollar paid is received."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from abm.scenario.tables import Tables

Floats = NDArray[np.float64]

# Payees besides labs: open weights at third parties, own hardware, adoption projects, training courses, and the
# data centres and power that labs and hosts pay for.
SELLERS = ("hosts", "hardware", "integrators", "trainers", "compute")


@dataclass(slots=True)
class Ledger:
    """Flows of a quarter, USD.

    Attributes:
        accounts: Names: "firms:REGION", "government:REGION", "lab:LAB" and the sellers.
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
        rows, columns = self._indices(payer), self._indices(payee)
        value = np.asarray(amount, float)
        if not np.isfinite(value).all() or (value < 0).any():
            raise ValueError(f"transfer from {payer} to {payee} must be finite and not negative: {value}")
        if value.ndim == 1:
            value = value[:, None] if len(rows) > 1 else value[None, :]
        self.paid[np.ix_(rows, columns)] += value

    def received(self, payee: str) -> Floats:
        """Receipts of an account or of all accounts with a prefix, USD, shape (account,)."""
        return self.paid[:, self._indices(payee)].sum(axis=0)

    def spent(self, payer: str) -> Floats:
        """Payments of an account or of all accounts with a prefix, USD, shape (account,)."""
        return self.paid[self._indices(payer)].sum(axis=1)

    def _indices(self, name: str) -> list[int]:
        if name.endswith(":"):
            return [i for i, account in enumerate(self.accounts) if account.startswith(name)]
        return [self.accounts.index(name)]
