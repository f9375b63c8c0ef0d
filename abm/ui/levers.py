"""The panel of levers, derived from the declared kinds of interventions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import solara

import abm
from abm.observe.indicators import WEIGHTS
from abm.scenario.policy import KINDS
from abm.ui import strings
from abm.ui.choices import FIRMS, Choices, quarters, targets_of

Change = Callable[[Choices], None]


@solara.component
def Levers(choices: Choices, change: Change, regions: dict[str, str]) -> None:
    """All levers that exist, grouped by who pulls them.

    Args:
        choices: What is chosen now.
        change: Told the new choices.
        regions: Labels of the regions by name.
    """
    with solara.Div(classes=["card", "levers"]):
        solara.v.Html(tag="h2", children=[strings.LEVERS])
        solara.v.Html(tag="p", class_="note", children=[strings.LEVERS_HINT])
        names = {label: name for name, label in regions.items()}
        solara.Select(
            strings.REGION, values=list(names), value=regions[choices.region],
            on_value=lambda label: change(replace(choices, region=names[label])),
        )  # fmt: skip
        solara.Select(
            strings.START, values=quarters(), value=choices.start, on_value=lambda q: change(replace(choices, start=q))
        )
        for actor, heading in strings.ACTORS.items():
            solara.v.Html(tag="h3", children=[heading])
            for kind in (k for k, declared in KINDS.items() if declared.actor == actor):
                Lever(choices, change, kind)
        solara.Button(
            strings.RESET, outlined=True, on_click=lambda: change(replace(choices, levels=(), targets=()))
        )  # fmt: skip
        with solara.Div(classes=["settings"]):
            solara.Select(
                strings.WEIGHT, values=list(WEIGHTS), value=choices.weight,
                on_value=lambda w: change(replace(choices, weight=w)),
            )  # fmt: skip
            solara.Select(
                strings.QUARTER, values=[q for q in quarters() if q.endswith("Q4")], value=choices.quarter,
                on_value=lambda q: change(replace(choices, quarter=q)),
            )  # fmt: skip
            solara.Select(
                strings.FIRMS, values=sorted({*FIRMS, choices.firms}), value=choices.firms,
                on_value=lambda n: change(replace(choices, firms=n)),
            )  # fmt: skip
            solara.Checkbox(
                label=strings.MAP_CHANGE, value=choices.change, on_value=lambda on: change(replace(choices, change=on))
            )


@solara.component
def Lever(choices: Choices, change: Change, kind: str) -> None:
    """One slider with its unit, its target where there is a choice, and a mark when it is moved."""
    declared = KINDS[kind].level
    level = choices.level(kind)
    # Slider steps: a hundredth of the range up to one, so that a key press is a small and round change.
    step = 0.05 if declared.high > 0.1 else 0.0025
    top = min(declared.high, 1.0)

    def move(value: float) -> None:
        levels = {**dict(choices.levels), kind: round(value, 4)}
        change(replace(choices, levels=tuple((k, v) for k, v in sorted(levels.items()) if v)))

    with solara.Div(classes=["lever", "moved"] if level else ["lever"]):
        with solara.Div(classes=["lever-head"]):
            solara.v.Html(tag="span", children=[declared.label])
            solara.v.Html(tag="b", children=[f"{100 * level:g}%"])
        solara.v.Html(tag="p", class_="note", children=[declared.unit])
        solara.v.Slider(
            v_model=level, min=declared.low, max=top, step=step, hide_details=True, dense=True,
            attributes={"aria-label": f"{declared.label}, {declared.unit}"}, on_v_model=move,
        )  # fmt: skip
        targets = targets_of(kind)
        if len(targets) > 1 and level:
            labels = {strings.TARGET_NAMES[t]: t for t in targets}

            def aim(label: str) -> None:
                change(replace(choices, targets=tuple(sorted({**dict(choices.targets), kind: labels[label]}.items()))))

            solara.Select(
                strings.TARGET, values=list(labels), value=strings.TARGET_NAMES[choices.target(kind)], on_value=aim
            )


@solara.component
def Presets(choices: Choices, change: Change) -> None:
    """Buttons for the scenarios of the library; the story of the chosen one."""
    with solara.Div(classes=["presets"], style="display:flex"):
        for name in abm.library():
            chosen = name == choices.preset
            solara.Button(
                label=abm.Scenario.load(name).title, small=True, rounded=True, depressed=True,
                color="primary" if chosen else None, attributes={"aria-pressed": str(chosen).lower()},
                on_click=lambda name=name: change(replace(choices, preset=name)),
            )  # fmt: skip
    solara.v.Html(tag="p", class_="story", children=[abm.Scenario.load(choices.preset).story])
