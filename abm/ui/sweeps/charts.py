"""The charts of a sweep and what methods say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import solara

from abm import figures
from abm.sweep.analysis import Finding, Goal, Points
from abm.sweep.study import Study
from abm.ui import strings
from abm.ui.sweeps.findings import Found
from abm.ui.sweeps.map_card import map_shown, sides_chosen
from abm.ui.sweeps.maps import map_of, mapped
from abm.ui.sweeps.naming import subject_of
from abm.ui.sweeps.sensitivity import sensitivity_shown
from abm.ui.sweeps.sentences import sentence
from abm.ui.sweeps.view import ChangeSweepView, SweepView


@solara.component
def Charts(
    points: Points, decided: Found | None, found: Found | None, goal: Goal | None, view: SweepView, look: ChangeSweepView,
    palette: figures.Palette,
) -> None:  # fmt: skip
    """The map, the sensitivities and the sentences; what is not found yet has its place.

    Args:
        points: The points with the indicator.
        decided: How much each factor matters; none if that is not known yet.
        found: What other methods have found so far; none if nothing.
        goal: The goal, if it is about the indicator.
        view: How it is shown.
        look: Told how to show it otherwise.
        palette: The colours.
    """
    names = mapped(points.study)
    drawable = len(names) > 1 and bool(points.whole.any())
    over = solara.use_memo(
        lambda: map_of(points, goal, view.across, view.up) if drawable else None, [points, goal, view.across, view.up]
    )
    alone = over is None or (decided is not None and not decided.findings)
    with solara.Div(classes=["explained"]):
        with solara.Div(classes=["sweep-charts", "alone"] if alone else ["sweep-charts"]):
            with solara.Div(classes=["place"]):
                if decided is None:
                    Waiting()
                elif not decided.findings:
                    subject = subject_of(points.study, view.indicator, view.quarter)
                    Words(
                        strings.SWEEP_SENSITIVITY.format(subject=subject),
                        strings.SWEEP_NO_SENSITIVITY,
                        decided.refused[0],
                    )
                else:
                    (finding,) = decided.findings
                    sensitivity_shown(finding, points.study, palette).card("sensitivity").key(finding.method)
            with solara.Div(classes=["place"]):
                if over is None:
                    subject = subject_of(points.study, view.indicator, view.quarter)
                    Words(
                        strings.SWEEP_MAP.format(subject=subject),
                        strings.SWEEP_MAP_NEEDS if len(names) < 2 else strings.SWEEP_NO_POINT,
                    )
                else:
                    sides = sides_chosen(
                        over, names, points.study, lambda across, up: look(lambda v: replace(v, across=across, up=up))
                    )
                    map_shown(over, points.study, view.indicator, view.quarter, palette).card("tipping", *sides)
        with solara.Div(classes=["perhaps"]):
            charted = [*(decided.findings if decided else ()), *([over.tipping] if over and over.tipping else ())]
            written = found.findings if found else ()
            refused = found.refused if found else ()
            if charted or written or refused:
                Says(charted, written, refused, points.study)


@solara.component
def Waiting() -> None:
    """In the place of a chart that is on its way."""
    solara.v.Html(tag="section", class_="card waiting", children=[strings.SWEEP_FINDING])


@solara.component
def Words(title: str, words: str, reason: str = "") -> None:
    """In the place of a chart that cannot be drawn: why.

    Args:
        title: What would be shown.
        words: Why it is not.
        reason: Why in the words of the analysis, which are English; "" for none.
    """
    with solara.v.Html(tag="section", class_="card", attributes={"aria-label": title}):
        solara.v.Html(tag="h2", children=[title])
        solara.v.Html(tag="p", children=[words])
        with solara.Div(classes=["perhaps"]):
            if reason:
                solara.v.Html(tag="p", class_="note", attributes={"lang": "en"}, children=[f"{reason.rstrip('.')}."])


@solara.component
def Says(charted: Sequence[Finding], written: Sequence[Finding], refused: Sequence[str], study: Study) -> None:
    """What was found in sentences.

    Args:
        charted: What has a chart of its own, which says it.
        written: What has none.
        refused: Why something else was not found.
        study: The study.
    """
    english = strings.LANGUAGE.value == strings.ENGLISH
    with solara.v.Html(tag="section", class_="card says", attributes={"aria-label": strings.SWEEP_SAID}):
        solara.v.Html(tag="h2", children=[strings.SWEEP_SAID])
        with solara.Div():
            for one in written:
                with solara.Div().key(one.method):
                    subject = subject_of(study, one.indicator, one.quarter)
                    solara.v.Html(tag="h3", children=[strings.SWEEP_METHODS[one.method].format(subject=subject)])
                    solara.v.Html(tag="p", children=[sentence(one, study)])
        with solara.Div():
            for words in refused:
                solara.v.Html(tag="p", class_="note", attributes={"lang": "en"}, children=[words])
        with solara.v.Html(tag="details", attributes={"open": True} if english else {}):
            solara.v.Html(tag="summary", children=[strings.SWEEP_IN_FULL])
            for one in (*charted, *written):
                solara.v.Html(tag="p", attributes={"lang": "en"}, children=[f"{one.title}: {one.says}"])
