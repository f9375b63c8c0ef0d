"""A firm's choice in words and numbers: what it used, why it decided, what each option was worth to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import abm
from abm import figures
from abm.explanation import Alternative, Flip
from abm.figures.palette import region_colour
from abm.following import NO_AI, OPEN, PROPRIETARY
from abm.scenario.loading import load_tables
from abm.scenario.tables import Tables
from abm.ui import strings
from abm.ui.naming import label_of, offer_in_words
from abm.ui.pasts import SEED
from abm.ui.words import count, number, part, percent
from abm.world.genesis import born_firms

FIRMS = 2_000  # sampled firms of the world in which one is asked: each kind of firm has at least two
_TERM_COLOURS = {"use": 1, "entry": 0, "distrust": 3, "compliance": 4}  # none that stands for a licence


def addresses(scenario: abm.Scenario, region: str, sector: str, size: str) -> list[str]:
    """Addresses of the sampled firms of a kind, in all classes of use intensity; none where there are no such firms."""
    tables, strata = scenario.tables, born_firms(scenario, FIRMS, SEED).strata
    here = (
        (strata.region == tables.region_names.index(region)) & (strata.sector == tables.sector_names.index(sector))
        & (strata.size == tables.size_names.index(size))
    )  # fmt: skip
    counts = strata.count[here].tolist()
    return [f"{region}.{sector}.{size}.{kind}.{k}" for kind, many in enumerate(counts) for k in range(many)]


def option_in_words(option: str, tables: Tables) -> str:
    """An offer, alone or in a deployment, with its licence.

    Args:
        option: As in an explanation: "deepseek hosted", "deepseek" or "none".
        tables: The scenario's tables.
    """
    offer, _, deployment = option.partition(" ")
    if offer == NO_AI:
        return strings.WITHOUT_AI
    is_open = tables.offer_open[tables.offer_names.index(offer)]
    words = offer_in_words(offer, OPEN if is_open else PROPRIETARY)
    if not deployment:
        return words
    return strings.FIRM_OPTION.format(offer=words, deployment=label_of("deployment", deployment))


def told(found: abm.Explanation, tables: Tables) -> list[str]:
    """What the firm did, why, and what would have changed its mind, in sentences."""

    def words(option: str) -> str:
        return option_in_words(option, tables)

    peers = ", ".join(f"{words(offer)} {percent(share)}" for offer, share in found.peers.items())
    return [
        strings.FIRM_USED.format(
            used=words(found.used), why=strings.named("reason", found.why, found.why), chosen=words(found.chosen)
        ),
        strings.FIRM_PEERS.format(peers=peers) if peers else strings.FIRM_NO_PEERS,
        strings.FIRM_LIKELY.format(likely=words(found.likely)),
        *([_flip(one, words) for one in found.flips] or [strings.FIRM_NO_FLIPS]),
    ]


def _flip(flip: Flip, words: Callable[[str], str]) -> str:
    amount = number if flip.lever == "price" else percent
    return strings.FIRM_FLIPS[flip.lever].format(
        option=words(flip.option), after=amount(flip.after), before=amount(flip.before), becomes=words(flip.becomes)
    )


def facts(found: abm.Explanation) -> list[list[str]]:
    """What kind of firm it is: (what, value in words)."""
    labels = {"region": labels_of("region"), "sector": labels_of("sector"), "size": labels_of("size")}
    return [
        [strings.named("fact", what, what), labels[what][value] if what in labels else number(value)]
        for what, value in found.facts.items()
    ]


def labels_of(one: str) -> dict[str, str]:
    """Label of each region, sector or size class, by name."""
    return {name: label_of(one, name) for name in load_tables().listed(one)}


def alternative_rows(found: Sequence[Alternative], tables: Tables) -> list[list[str]]:
    """The options with their terms, utility and chance in words, a row each."""
    return [
        [
            option_in_words(one.option, tables),
            *map(part, (one.use, -one.entry, -one.distrust, -one.compliance, one.value)),
            count(one.dollars), *(f"{x:.2f}" for x in (one.peers, one.taste)),
            strings.CLOSED if one.closed else f"{one.utility:.2f}", percent(one.probability),
        ]
        for one in found
    ]  # fmt: skip


def terms_chart(found: Sequence[Alternative], tables: Tables, palette: figures.Palette) -> dict[str, Any]:
    """The ECharts option of the terms of some alternatives."""
    shown = [one for one in found if one.option != NO_AI]
    labels = []
    for one in shown:
        is_open = tables.offer_open[tables.offer_names.index(one.option.split(" ")[0])]
        label = f"{option_in_words(one.option, tables)}: {percent(one.probability)}"
        labels.append((label, palette.open if is_open else palette.proprietary))
    terms = [
        figures.Term(
            strings.TERM_NAMES[name], [getattr(one, name) * (1 if name == "use" else -1) for one in shown],
            region_colour(palette, colour),
        )
        for name, colour in _TERM_COLOURS.items()
    ]  # fmt: skip
    return figures.terms_option(labels, terms, strings.TERM_TOTAL, part, palette)
