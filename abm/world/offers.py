"""The market's offers and the options that a firm can take: an offer in a deployment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abm.quantities import unknown
from abm.scenario.tables import Tables

Floats = NDArray[np.float64]
VENDOR_API, HOSTED, SELF_HOSTED = "vendor_api", "hosted", "self_hosted"
NO_OPERATOR_ABROAD = -1  # operator code of a third-party or own server: in the firm's own jurisdiction


@dataclass(frozen=True, slots=True)
class Options:
    """What never changes about offers and options. Options count from 0 here; a firm's code is one more.

    Attributes:
        offer: Offer of each option, shape (option,).
        deployment: Index into the deployment names, shape (option,).
        operator: Region of the vendor that runs it, or `NO_OPERATOR_ABROAD`, shape (option,).
        offer_lab: Lab of each offer, shape (offer,).
        offer_origin: Home region of that lab, shape (offer,).
        offer_open: Whether the weights are open, shape (offer,).
        open: Whether the option runs on published weights: also those of a proprietary offer outside its lab's service,
            which are on sale only where it must publish them; shape (option,).
        at_vendor: Whether the offer's lab runs it, shape (option,).
        hosted: Whether a third-party host runs it, shape (option,).
        first: First option of each offer, whose options are neighbours, shape (offer,).
        nests: Offers of each nest (open, proprietary), as index arrays.
    """

    offer: NDArray[np.intp]
    deployment: NDArray[np.intp]
    operator: NDArray[np.intp]
    offer_lab: NDArray[np.intp]
    offer_origin: NDArray[np.intp]
    offer_open: NDArray[np.bool_]
    open: NDArray[np.bool_]
    at_vendor: NDArray[np.bool_]
    hosted: NDArray[np.bool_]
    first: NDArray[np.intp]
    nests: tuple[NDArray[np.intp], NDArray[np.intp]]

    @staticmethod
    def of(tables: Tables) -> Options:
        """Lay out the options: every offer at its vendor, at third-party hosts and on firms' own machines."""
        order = tables.deployment_names
        deployments = (VENDOR_API, HOSTED, SELF_HOSTED)
        pairs = [(j, order.index(d)) for j in range(len(tables.offer_names)) for d in deployments]
        offer = np.array([j for j, _ in pairs], np.intp)
        deployment = np.array([d for _, d in pairs], np.intp)
        lab = np.array(tables.offer_lab, np.intp)
        origin = np.array(tables.lab_home, np.intp)[lab]
        is_open = np.array(tables.offer_open, bool)
        at_vendor = deployment == order.index(VENDOR_API)
        return Options(
            offer=offer,
            deployment=deployment,
            operator=np.where(at_vendor, origin[offer], NO_OPERATOR_ABROAD),
            offer_lab=lab,
            offer_origin=origin,
            offer_open=is_open,
            open=is_open[offer] | ~at_vendor,
            at_vendor=at_vendor,
            hosted=deployment == order.index(HOSTED),
            first=np.arange(0, len(offer), len(deployments)),
            nests=(np.flatnonzero(is_open), np.flatnonzero(~is_open)),
        )

    def targeted(self, target: str, tables: Tables, home: int | None = None) -> NDArray[np.bool_]:
        """Which options a target such as "origin:china" means.

        Args:
            target: The target, already checked.
            tables: The tables with the names.
            home: Region that "home" stands for.

        Returns:
            Mask, shape (option,).
        """
        family, _, name = target.partition(":")
        if family == "all":
            return np.ones(len(self.offer), bool)
        if family == "license":
            return self.offer_open[self.offer] == (name == "open")
        if family == "offer":
            return self.offer == tables.offer_names.index(name)
        if family == "lab":
            return self.offer_lab[self.offer] == tables.lab_names.index(name)
        region = home if name == "home" else tables.region_names.index(name)
        if family == "origin":
            return self.offer_origin[self.offer] == region
        if family == "operator":
            return self.operator == region
        raise unknown("target", target, ["all", "license", "offer", "lab", "origin", "operator"])


def by_offer(options: Options, values: Floats, combine: np.ufunc = np.add) -> Floats:
    """Combine the deployments of each offer, which are neighbours: from shape (..., option) to (..., offer)."""
    return np.asarray(combine.reduceat(values, options.first, axis=-1))


@dataclass(slots=True)
class Terms:
    """What labs decide and history brings, written by `release`: capability and prices before subsidies.

    Attributes:
        capability: Of the lab's best model under this name, ECI points, shape (offer,).
        served: Of the model that is in service under this name, ECI points, shape (offer,).
        breakthroughs: Part of the capability that came with breakthroughs the evidence knows nothing of, shape (offer,).
        list_price: Posted price of the lab's own service, USD per million tokens, shape (offer,).
        hosted_price: Price of open weights at third-party hosts, USD per million tokens, shape (offer,), nan if closed.
        base_cost: What serving the offer would cost at the capability that does half of the exposed tasks, USD per
            million tokens, shape (offer,); nan until prices are endogenous.
        unit_cost: What serving costs the seller, USD per million tokens, shape (offer,).
        option_price: Price of each option in force this quarter, USD per million tokens, shape (region, option).
        best_markup: Price over cost at the labs' best prices of last quarter, where the search starts, shape (offer,).
        prices_found: Whether the labs' best prices of the quarter could be computed; if not, the old ones stay.
        withheld: Options that nobody sells at the highest price allowed, shape (region, option).
    """

    capability: Floats
    served: Floats
    breakthroughs: Floats
    list_price: Floats
    hosted_price: Floats
    base_cost: Floats
    unit_cost: Floats
    option_price: Floats
    best_markup: Floats
    prices_found: bool
    withheld: NDArray[np.bool_]
