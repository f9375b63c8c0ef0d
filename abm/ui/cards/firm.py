"""One firm: what it chose, why, and what would have made it choose otherwise."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

import solara

import abm
from abm import figures
from abm.following import NO_AI
from abm.scenario.loading import load_tables
from abm.scenario.tables import Tables
from abm.ui import strings
from abm.ui.cards.card import Card
from abm.ui.cards.demand import Demand, Progress, Tell, use_demand
from abm.ui.cards.reasons import (
    FIRMS,
    addresses,
    alternative_rows,
    facts,
    labels_of,
    option_in_words,
    terms_chart,
    told,
)
from abm.ui.choices import Question, View
from abm.ui.parts import Choice
from abm.ui.pasts import SEED
from abm.ui.words import part, percent, table

DRAWN = 8  # options drawn, of those on sale


@solara.component
def FirmCard(question: Question, view: View, palette: figures.Palette) -> None:
    """A firm of the user's choice: why it chose what it chose, in the what-if and the quarter shown.

    Args:
        question: What is shown on the page.
        view: How.
        palette: The colours.
    """
    chosen, choose = solara.use_state(cast("dict[str, str]", {}))
    place, step = solara.use_state(0)
    listed = load_tables().listed
    kind = {
        "region": question.region,
        "sector": view.sector or listed("sector")[0],
        "size": listed("size")[-1],
    } | chosen
    scenario = solara.use_memo(question.scenario, [question])
    known = solara.use_memo(lambda: addresses(scenario, **kind), [scenario.digest, kind])
    address = known[place % len(known)] if known else ""

    def make(tell: Tell) -> tuple[abm.Explanation, Tables] | None:
        return (abm.explain(scenario, address, view.quarter, FIRMS, SEED), scenario.tables) if address else None

    def pick(what: str, name: str) -> None:
        choose(lambda old: {**old, what: name})
        step(0)

    demand: Demand[tuple[abm.Explanation, Tables] | None] = use_demand(
        "firm", (scenario.digest, address, view.quarter), make
    )
    with solara.Div(classes=["inside"]):
        with solara.v.Html(tag="section", class_="card card-firm", attributes={"aria-label": strings.FIRM}):
            solara.v.Html(tag="h2", children=[strings.FIRM])
            with solara.v.Html(tag="div", class_="kind", attributes={"role": "group", "aria-label": strings.FIRM_CELL}):
                for what, label in strings.FIRM_KIND.items():
                    Choice(label, labels_of(what), kind[what], partial(pick, what))
            hint = strings.FIRM_NONE
            if known:
                hint = strings.FIRM_HINT.format(
                    number=place % len(known) + 1, of=len(known), firms=FIRMS, quarter=view.quarter
                )
            solara.v.Html(tag="p", class_="note", children=[hint])
            with solara.Div(classes=["switches"]):
                solara.Button(
                    strings.FIRM_ASK, small=True, outlined=True, classes=["ask"], disabled=demand.wanted or not known,
                    on_click=demand.ask,
                )  # fmt: skip
                solara.Button(
                    strings.FIRM_NEXT, small=True, outlined=True, classes=["ask"], disabled=len(known) < 2,
                    on_click=lambda: step(lambda old: old + 1),
                )  # fmt: skip
            Progress(demand, strings.FIRM_RUNNING)
            if demand.found:
                Told(*demand.found)
        if demand.found:
            TermsCard(*demand.found, palette)


@solara.component
def Told(found: abm.Explanation, tables: Tables) -> None:
    """The firm's choice in sentences, and what kind of firm it is."""
    with solara.Div():
        with solara.v.Html(tag="div", attributes={"role": "status"}):
            solara.v.Html(tag="h3", children=[strings.FIRM_ADDRESS.format(firm=found.firm, quarter=found.quarter)])
            solara.v.Html(tag="ul", children=[solara.v.Html(tag="li", children=[line]) for line in told(found, tables)])
        solara.HTML(tag="div", unsafe_innerHTML=table(strings.FACT_HEADS, facts(found)))


@solara.component
def TermsCard(found: abm.Explanation, tables: Tables, palette: figures.Palette) -> None:
    """What each option is worth to the firm, term by term."""
    on_sale = [one for one in found.alternatives if one.option != NO_AI]
    drawn = on_sale[:DRAWN]
    note = strings.TERMS_NOTE.format(shown=len(drawn), of=len(on_sale))
    spoken = [
        strings.TERM_SPOKEN.format(
            option=option_in_words(one.option, tables), value=part(one.value), utility=f"{one.utility:.2f}",
            chance=percent(one.probability),
        )
        for one in found.alternatives[: DRAWN + 1]
    ]  # fmt: skip
    Card(
        "terms", strings.TERMS, note, terms_chart(drawn, tables, palette), f"{strings.TERMS}. {note} {'; '.join(spoken)}.",
        table(strings.TERM_HEADS, alternative_rows(found.alternatives, tables)), lambda: _columns(found),
        f"{70 + 36 * len(drawn)}px",
    )  # fmt: skip


def _columns(found: abm.Explanation) -> dict[str, Any]:
    rows = found.as_dict()["alternatives"]
    return {name: [row[name] for row in rows] for name in rows[0]}
