"""Who uses what instead: flows of firms between offers, from the baseline to the what-if."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import solara

import abm
from abm import figures
from abm.following import NO_AI, OPEN, PROPRIETARY, Floats, Flows, flows_of
from abm.ui import strings
from abm.ui.cards.card import Card
from abm.ui.cards.demand import Progress, Tell, use_demand
from abm.ui.cards.sector import all_sectors, sector_note
from abm.ui.choices import BASELINE, ChangeView, View
from abm.ui.naming import label_of, offer_in_words
from abm.ui.parts import Switch
from abm.ui.pasts import SEED
from abm.ui.runs import Answer
from abm.ui.words import count, percent, table

FIRMS = 5_000  # most firms that are followed: two more runs, of which the page keeps nothing
SMALL = 0.005  # share of the firms below which offers of a kind are drawn as one
_SPOKEN = 6  # flows told to those who hear the page


def flows_chart(
    flows: Floats, offers: tuple[str, ...], kinds: tuple[str, ...], whole: float, palette: figures.Palette
) -> dict[str, Any]:
    """The ECharts option of some flows of firms.

    Args:
        flows: Real firms, shape (offer in the baseline, offer in the what-if).
        offers: Names of the offers.
        kinds: Their kinds.
        whole: Firms that shares are of.
        palette: The colours.
    """
    groups = grouped(flows, kinds)
    member = np.array([[float(i in group) for i in range(len(offers))] for group in groups])
    colours = {OPEN: palette.open, PROPRIETARY: palette.proprietary, NO_AI: palette.muted}
    names = [
        (offer_in_words(offers[group[0]], kinds[group[0]]) if len(group) == 1 else strings.OTHER_OFFERS[kinds[group[0]]],
         colours[kinds[group[0]]])
        for group in groups
    ]  # fmt: skip
    return figures.flows_option(
        names, member @ flows @ member.T, (strings.BASELINE, strings.WHAT_IF),
        lambda firms: f"{count(firms)} ({percent(firms / whole)})", whole, palette,
    )  # fmt: skip


def grouped(firms: Floats, kinds: tuple[str, ...]) -> list[list[int]]:
    """Offers as they are drawn: one by one, and together where they are small in both worlds and of a kind.

    Args:
        firms: Shape (offer in the baseline, offer in the what-if).
        kinds: Kind of each offer.
    """
    share = np.maximum(firms.sum(axis=0), firms.sum(axis=1)) / firms.sum()
    groups = []
    for kind in dict.fromkeys(kinds):
        mine = [i for i, other in enumerate(kinds) if other == kind]
        small = [i for i in mine if 0 < share[i] < SMALL]
        groups += [[i] for i in mine if share[i] >= SMALL] + ([small] if small else [])
    return groups


def ranked(found: Flows, flows: Floats) -> list[tuple[str, str, float]]:
    """Flows in words, the largest first: (offer in the baseline, offer in the what-if, firms)."""
    words = [offer_in_words(name, kind) for name, kind in zip(found.offers, found.kinds, strict=True)]
    pairs = [(words[i], words[j], float(flows[i, j])) for i, j in np.argwhere(flows > 0).tolist()]
    return sorted(pairs, key=lambda pair: -pair[-1])


@solara.component
def FlowsCard(answer: Answer, view: View, change: ChangeView, palette: figures.Palette) -> None:
    """Flows of firms between offers from the baseline to the what-if, made when asked for.

    Args:
        answer: What is shown on the page.
        view: How.
        change: Told how to show it otherwise.
        palette: The colours.
    """
    question = answer.question
    in_world, show_world = solara.use_state(True)
    movers, show_movers = solara.use_state(False)
    followed = min(FIRMS, question.firms)

    scenario = solara.use_memo(question.scenario, [question])

    def make(tell: Tell) -> Flows:
        return flows_of(abm.Scenario.load(BASELINE), scenario, view.quarter, followed, SEED, tell)

    demand = use_demand("flows", (scenario.digest, followed, view.quarter), make)
    region = label_of("region", question.region)
    with solara.Div(classes=["inside", "one"]):
        if demand.found is None:
            Asked(strings.FLOWS_HINT.format(firms=followed), demand.wanted, demand.ask)
        else:
            switches = (
                *all_sectors(view, change),
                Switch((region, strings.WORLD), in_world, show_world),
                Switch((strings.FLOWS_ALL, strings.FLOWS_MOVERS), movers, show_movers),
            )
            FlowsChart(demand.found, "" if in_world else question.region, view, movers, palette, switches)
        Progress(demand, strings.FLOWS_RUNNING)


@solara.component
def Asked(note: str, pressed: bool, ask: Callable[[], None]) -> None:
    """The card before its numbers: what it shows, what that costs, and the button that starts it."""
    with solara.v.Html(tag="section", class_="card chart card-flows", attributes={"aria-label": strings.FLOWS}):
        solara.v.Html(tag="h2", children=[strings.FLOWS])
        solara.v.Html(tag="p", class_="note", children=[note])
        solara.Button(strings.FLOWS_ASK, small=True, outlined=True, classes=["ask"], disabled=pressed, on_click=ask)


@solara.component
def FlowsChart(
    found: Flows, region: str, view: View, movers: bool, palette: figures.Palette, switches: tuple[solara.Element, ...]
) -> None:  # fmt: skip
    """The flows of a region, "" for the world, and sector; of all firms or of those that use something else."""
    firms = found.within(region, view.sector)
    moved = firms * ~np.eye(len(firms), dtype=bool)
    shown = moved if movers else firms
    where = label_of("region", region) if region else strings.FLOWS_WORLD
    note = strings.FLOWS_NOTE.format(
        firms=count(firms.sum()), where=where, quarter=found.quarter, moved=count(moved.sum()),
        share=percent(moved.sum() / firms.sum()) if firms.sum() else percent(np.nan), sampled=found.sampled,
    )  # fmt: skip
    note = " ".join(filter(None, (note, sector_note(view))))
    pairs = ranked(found, shown)
    told = [strings.FLOW.format(before=before, after=after, firms=count(n)) for before, after, n in pairs[:_SPOKEN]]
    rows = [[before, after, count(n), percent(n / firms.sum())] for before, after, n in pairs]
    option = flows_chart(shown, found.offers, found.kinds, float(firms.sum()), palette) if pairs else {"series": []}
    Card(
        "flows", strings.FLOWS, note, option, f"{strings.FLOWS}. {note} {'; '.join(told) or strings.FLOWS_NONE}",
        table(strings.FLOW_HEADS, rows), lambda: _columns(found), "460px" if pairs else "20px", switches,
    )  # fmt: skip


def _columns(found: Flows) -> dict[str, Any]:
    places = np.argwhere(found.firms > 0)
    names = (found.regions, found.sectors, found.offers, found.offers)
    heads = ("region", "sector", strings.BASELINE, strings.WHAT_IF)
    columns: dict[str, Any] = {
        head: [those[i] for i in places[:, axis].tolist()]
        for axis, (head, those) in enumerate(zip(heads, names, strict=True))
    }
    return columns | {"firms": found.firms[tuple(places.T)]}
