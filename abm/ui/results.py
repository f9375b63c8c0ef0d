"""Headline numbers and the sentence that says what changed and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import solara

from abm.scenario.loading import load_tables
from abm.ui import strings
from abm.ui.bands import Bands
from abm.ui.choices import View
from abm.ui.draws import DRAWS, FIRMS
from abm.ui.naming import differences, label_of, mechanism_of
from abm.ui.runs import Answer
from abm.ui.words import element, index, money, percent, points, signed_money, table


@dataclass(frozen=True, slots=True)
class Headline:
    """A number of the what-if beside its baseline.

    Attributes:
        name: Short name, for the page's marks.
        label: What it is.
        note: Of what, or in what unit.
        before: Value in the baseline.
        after: Value in the what-if.
        words: How such a value is written.
        size: How the size of a change is written.
        interval: Interval of the change over draws from the posterior, once there are some.
    """

    name: str
    label: str
    note: str
    before: float
    after: float
    words: Callable[[float], str]
    size: Callable[[float], str]
    interval: tuple[float, float] | None = None

    def spread(self) -> str:
        """The interval of the change, in words; nothing where nothing changes."""
        if self.interval is None or not any(self.interval):
            return ""
        low, high = (f"{'−' if end < 0 else '+'}{self.size(abs(end))}" for end in self.interval)
        return strings.INTERVAL.format(low=low, high=high)

    def change(self) -> str:
        """The change against the baseline, in words."""
        change = self.after - self.before
        if not np.isfinite(change) or change == 0:
            return strings.SAME
        arrow = "▲" if change > 0 else "▼"
        return strings.AGAINST.format(change=f"{arrow} {self.size(abs(change))}")


def headlines(answer: Answer, bands: Bands | None, view: View) -> list[Headline]:
    """The five headline numbers at the chosen quarter."""
    region, place = (
        label_of("region", answer.question.region),
        load_tables().listed("region").index(answer.question.region),
    )
    at = answer.base.quarters.index(view.quarter)

    def spread(indicator: str, reading: str = "", where: int = place) -> tuple[float, float] | None:
        if bands is None:
            return None
        low, high = bands.band(indicator, reading, where, "change")
        return float(low[at]), float(high[at])

    here = {"region": answer.question.region}

    def both(indicator: str, **how: str) -> tuple[float, float]:
        before, after = (float(r.at(indicator, quarter=view.quarter, **how)) for r in (answer.base, answer.what_if))
        return before, after

    of = strings.WEIGHT_OF[view.weight]
    return [
        Headline("adoption", strings.TILE_ADOPTION.format(region=region), strings.TILE_ADOPTION_NOTE,
                 *both("penetration", **here), percent, points, spread("penetration", "firms_10plus")),
        Headline("open", strings.TILE_OPEN.format(region=region), of,
                 *both("open_share", weight=view.weight, **here), percent, points, spread("open_share", view.weight)),
        Headline("surplus", strings.TILE_SURPLUS.format(region=region), strings.PER_QUARTER,
                 *both("surplus", **here), money, money, spread("surplus")),
        Headline("outlay", strings.TILE_OUTLAY.format(region=region), strings.PER_QUARTER,
                 *both("public_outlay", **here), money, money, spread("public_outlay")),
        Headline("hhi", strings.TILE_HHI, strings.TILE_HHI_NOTE, *both("spending_hhi"), index, index,
                 spread("spending_hhi", where=-1)),
    ]  # fmt: skip


@solara.component
def Tiles(found: list[Headline]) -> None:
    """The headline numbers with their change against the baseline; as one text, so that another world is one message."""

    def tile(one: Headline) -> str:
        parts = [
            element("span", one.label, "label"), element("b", one.words(one.after)), element("span", one.note, "note"),
            element("span", one.change(), "delta"), element("span", one.spread(), "note spread"),
        ]  # fmt: skip
        return f'<div class="card tile tile-{one.name}">{"".join(parts)}</div>'

    solara.HTML(tag="div", classes=["tiles"], unsafe_innerHTML="".join(map(tile, found)))


@solara.component
def Compared(answer: Answer, view: View) -> None:
    """The headline numbers of the baseline, of what was put aside, if anything was, and of the what-if, side by side."""
    if not answer.kept:
        solara.Div(classes=["perhaps"])
        return
    columns = [headlines(replace(answer, what_if=record), None, view) for record in (*answer.kept, answer.what_if)]
    names = [strings.ASIDE.format(number=k) for k in range(1, len(columns))]
    heads = ["", strings.BASELINE, *names, strings.WHAT_IF]
    rows = [
        [f"{first.label}, {first.note}", first.words(first.before), *(many[k].words(many[k].after) for many in columns)]
        for k, first in enumerate(columns[0])
    ]
    with solara.v.Html(tag="section", class_="card compared", attributes={"aria-label": strings.COMPARED}):
        solara.v.Html(tag="h2", children=[strings.COMPARED])
        solara.HTML(tag="div", unsafe_innerHTML=table(heads, rows))
        with solara.v.Html(tag="ol"):
            for record in answer.kept:
                differs = differences(answer.base.scenario, record.scenario)
                solara.v.Html(tag="li", class_="note", children=["; ".join(differs) or strings.UNCHANGED_HEAD])


def sentence(answer: Answer, view: View, found: list[Headline]) -> str:
    """What the what-if does to the headline numbers, in one sentence."""
    named = {one.name: one for one in found}
    adoption, opened, surplus, outlay = (named[name] for name in ("adoption", "open", "surplus", "outlay"))
    return strings.CHANGED.format(
        region=label_of("region", answer.question.region), quarter=view.quarter,
        adoption=percent(adoption.after), adoption_base=percent(adoption.before),
        open=percent(opened.after), open_base=percent(opened.before), weight=strings.WEIGHT_OF[view.weight],
        surplus=money(surplus.after), outlay=money(outlay.after),
        surplus_change=signed_money(surplus.after - surplus.before),
        outlay_change=signed_money(outlay.after - outlay.before),
    )  # fmt: skip


@solara.component
def WhatChanged(answer: Answer, bands: Bands | None, view: View, found: list[Headline]) -> None:
    """What differs from the baseline, what it does and by which mechanism."""
    variant = answer.what_if.scenario
    differs = differences(answer.base.scenario, variant)
    moved = not answer.what_if.data.equals(answer.base.data)
    heading = strings.CHANGED_HEAD if differs else strings.UNCHANGED_HEAD
    lead = sentence(answer, view, found) if moved else strings.WITHOUT_EFFECT if differs else strings.UNCHANGED
    kinds = dict.fromkeys(i.kind for i in variant.interventions)
    lines = [f"<li>{element('b', line)}</li>" for line in differs]
    lines += [element("li", mechanism_of(kind), "note") for kind in kinds]
    told = strings.ONE_RUN.format(seed=answer.what_if.seed, firms=answer.what_if.sampled_firms)
    told += strings.NO_BANDS if bands is None else strings.BANDS.format(draws=bands.draws, of=DRAWS, firms=FIRMS)
    with solara.v.Html(tag="section", class_="card sentence", attributes={"aria-live": "polite"}):
        text = [
            element("h2", heading),
            element("p", lead, "lead"),
            f"<ul>{''.join(lines)}</ul>",
            element("p", told, "note bands"),
        ]
        solara.HTML(tag="div", unsafe_innerHTML="".join(text))
