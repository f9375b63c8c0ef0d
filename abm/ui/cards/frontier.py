"""The best proprietary and the best open model over time, and the open lag."""

from __future__ import annotations

import numpy as np
import solara

from abm import figures
from abm.observe.frontier import MONTHS, Floats, frontiers, open_lag
from abm.quarters import quarter_name
from abm.scenario.loading import load_tables
from abm.ui import strings
from abm.ui.cards.shown import Shown
from abm.ui.choices import ChangeView, View
from abm.ui.runs import Answer
from abm.ui.words import score, table


def frontier_card(answer: Answer, view: View, change: ChangeView, palette: figures.Palette) -> solara.Element:
    """Capability of the best proprietary and open models, and how far open ones are behind."""
    return frontier_shown(answer, view, palette).card("frontier")


def frontier_shown(answer: Answer, view: View, palette: figures.Palette) -> Shown:
    """The frontiers in the baseline, in those put aside and in the what-if, with the open lag of each."""
    quarters = answer.what_if.quarters
    at = quarters.index(view.quarter)
    aside = [(strings.ASIDE.format(number=k), record) for k, record in enumerate(answer.kept, 1)]
    lines, lags, lags_told = [], {}, {}
    for world, record in ((strings.BASELINE, answer.base), *aside, (strings.WHAT_IF, answer.what_if)):
        proprietary, opened = frontiers(record)
        style = {strings.BASELINE: "dashed", strings.WHAT_IF: "solid"}.get(world, "dotted")
        for kind, colour, values in (
            (strings.PROPRIETARY_KEY, palette.proprietary, proprietary), (strings.OPEN_KEY, palette.open, opened),
        ):  # fmt: skip
            end = kind if world == strings.WHAT_IF else ""
            lines.append(figures.Line(f"{kind}, {world}", values, colour, style, end))
        lag = lags[f"{strings.OPEN_LAG}, {world}"] = open_lag(proprietary, opened)
        lags_told[world] = [_lag_words(proprietary, opened, lag, k) for k in range(len(quarters))]
    key = f"{strings.LINES_KEY} {strings.ASIDE_KEY}" if aside else strings.LINES_KEY
    note = strings.FRONTIER_NOTE.format(
        key=key, quarter=view.quarter, what_if=lags_told[strings.WHAT_IF][at], base=lags_told[strings.BASELINE][at]
    )
    if any(bool((record.data["published"] > 0).any()) for record in (answer.base, *answer.kept, answer.what_if)):
        note += f" {strings.FRONTIER_PUBLISHED}"
    spoken = [f"{line.name} {score(line.values[at])}" for line in lines]
    spoken += [f"{strings.OPEN_LAG}, {world} {told[at]}" for world, told in lags_told.items()]
    heads = [strings.QUARTER_HEAD, *(line.name for line in lines), *lags]
    rows = [
        [q, *(score(line.values[k]) for line in lines), *(told[k] for told in lags_told.values())]
        for k, q in enumerate(quarters)
        if q.endswith("Q4")
    ]
    dates = [(quarter_name(load_tables().last_observed), strings.DATA_END), (view.quarter, view.quarter)]
    return Shown(
        title=strings.FRONTIER, note=note,
        option=figures.line_option(quarters, lines, [], dates, palette, strings.FRONTIER_UNIT),
        label=f"{strings.FRONTIER}, {view.quarter}, {strings.FRONTIER_UNIT}: {'; '.join(spoken)}.",
        numbers=table(heads, rows),
        columns={strings.QUARTER_HEAD: quarters, **{line.name: line.values for line in lines}, **lags},
    )  # fmt: skip


def _lag_words(proprietary: Floats, opened: Floats, lags: Floats, at: int) -> str:
    """The open lag of a quarter in words: the record may begin too late to tell it, and a kind may have no model."""
    if not np.isfinite(opened[at]):
        return strings.NO_OPEN_MODEL
    if not np.isfinite(proprietary[at]):
        return strings.NO_PROPRIETARY_MODEL
    if not np.isfinite(lags[at]):
        return strings.LAG_LONGER.format(months=f"{MONTHS * at:.0f}")
    return strings.LAG_MONTHS.format(months=score(lags[at]))
