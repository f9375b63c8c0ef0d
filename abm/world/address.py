"""Addresses of firms, by which people name one: region.sector.size.CLASS.NUMBER."""

from __future__ import annotations

import numpy as np

from abm.quantities import InputError, unknown
from abm.world.world import World


def row_of(world: World, firm: str) -> int:
    """Row of a firm by its address.

    Raises:
        InputError: If there is none.
    """
    tables, strata = world.scenario.tables, world.firms.strata
    parts = firm.split(".")
    if len(parts) != 5 or not (parts[3].isdigit() and parts[4].isdigit()):
        raise InputError(
            f"{firm!r} is no firm; write region.sector.size.CLASS.NUMBER, for example china.finance.large.0.3."
        )
    codes = []
    for what, name, names in (
        ("region", parts[0], tables.region_names), ("sector", parts[1], tables.sector_names),
        ("size", parts[2], tables.size_names),
    ):  # fmt: skip
        if name not in names:
            raise unknown(what, name, names)
        codes.append(names.index(name))
    here = np.flatnonzero((strata.region == codes[0]) & (strata.sector == codes[1]) & (strata.size == codes[2]))
    kind, number = int(parts[3]), int(parts[4])
    if kind >= len(here):
        raise InputError(f"{firm!r}: such firms are sampled in {len(here)} classes of use intensity, from 0.")
    if number >= strata.count[here[kind]]:
        raise InputError(f"{firm!r}: the sample holds {strata.count[here[kind]]} of these firms, numbered from 0.")
    return int(strata.start[here[kind]] + number)
