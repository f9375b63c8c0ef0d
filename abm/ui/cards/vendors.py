"""Whose models are used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import solara

from abm import Record, figures
from abm.ui import strings
from abm.ui.cards.card import Card
from abm.ui.cards.sector import all_sectors, sector_note
from abm.ui.choices import ChangeView, View
from abm.ui.naming import label_of
from abm.ui.parts import Switch
from abm.ui.runs import Answer
from abm.ui.words import percent, table


def vendor_card(answer: Answer, view: View, change: ChangeView, palette: figures.Palette) -> solara.Element:
    """Whose models are used, baseline and what-if."""
    region = label_of("region", answer.question.region)
    place = {} if view.vendors_in_world else {"region": answer.question.region}
    place |= {"sector": view.sector} if view.sector else {}
    both = [
        _shares(record, weight=view.weight, quarter=view.quarter, **place) for record in (answer.base, answer.what_if)
    ]
    is_open = {  # an offer may be in one of the worlds alone
        str(name): bool(licence)
        for record in (answer.base, answer.what_if)
        for name, licence in zip(record.data["offer"].values, record.data["offer_open"].values, strict=True)
    }
    used = [name for name in is_open if any(shares.get(name, 0.0) > 0 for shares in both)]
    names = sorted(used, key=lambda name: (not is_open[name], -both[0].get(name, 0.0)))
    words = {True: strings.OPEN_KEY, False: strings.PROPRIETARY_KEY}
    offers = [
        (strings.OFFER.format(label=label_of("offer", name), licence=words[is_open[name]]), is_open[name])
        for name in names
    ]
    base, what_if = (np.array([shares.get(name, 0.0) for name in names]) for shares in both)
    where = strings.WORLD.lower() if view.vendors_in_world else region
    note = strings.VENDORS_NOTE.format(weight=strings.WEIGHT_OF[view.weight], where=where, quarter=view.quarter)
    note = " ".join(filter(None, (note, sector_note(view))))
    rows = [[offer, percent(b), percent(w)] for (offer, _), b, w in zip(offers, base, what_if, strict=True)]
    label = f"{strings.VENDORS}. {note} " + "; ".join(
        f"{o}: {strings.BASELINE} {b}, {strings.WHAT_IF} {w}" for o, b, w in rows
    )
    switch = Switch((region, strings.WORLD), view.vendors_in_world,
                    lambda on: change(lambda v: replace(v, vendors_in_world=on)))  # fmt: skip
    option = figures.bars_option(offers, base, what_if, (strings.BASELINE, strings.WHAT_IF), palette)

    def columns() -> dict[str, Any]:
        return {"offer": names, strings.BASELINE: base, strings.WHAT_IF: what_if}

    numbers = table([strings.OFFER_HEAD, strings.BASELINE, strings.WHAT_IF], rows)
    return Card("vendors", strings.VENDORS, note, option, f"{label}.", numbers, columns,
                f"{60 + 40 * len(offers)}px", (*all_sectors(view, change), switch))  # fmt: skip


def _shares(record: Record, **how: str) -> dict[str, float]:
    """Market share of each offer; none where nobody uses any."""
    shares = np.nan_to_num(record.at("market_share", by="offer", **how))
    return dict(zip(record.listed("offer"), shares.tolist(), strict=True))
