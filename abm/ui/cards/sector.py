"""One sector alone: what is said of it, and the way back to all of them."""

from __future__ import annotations

from dataclasses import replace

import solara

from abm.scenario.loading import load_tables
from abm.ui import strings
from abm.ui.cards.shown import Shown
from abm.ui.choices import ChangeView, View
from abm.ui.naming import label_of
from abm.ui.parts import Choice


def sector_note(view: View) -> str:
    """Which sector is shown; nothing where all are."""
    return strings.ONE_SECTOR.format(sector=label_of("sector", view.sector)) if view.sector else ""


def of_all_sectors(shown: Shown, view: View) -> Shown:
    """A card that says it is of all sectors, where others are of one."""
    return replace(shown, note=f"{shown.note} {strings.WHOLE_ECONOMY}") if view.sector else shown


def sector_choice(view: View, change: ChangeView) -> solara.Element:
    """The sectors to choose from, for those who cannot click in a chart."""
    labels = {"": strings.ALL_SECTORS, **{s: label_of("sector", s) for s in load_tables().listed("sector")}}
    return Choice(strings.SECTOR_SHOWN, labels, view.sector, lambda sector: change(lambda v: replace(v, sector=sector)))


def all_sectors(view: View, change: ChangeView) -> tuple[solara.Element, ...]:
    """A button back to all sectors, where one is shown."""
    if not view.sector:
        return ()
    return (
        solara.Button(
            f"{strings.ALL_SECTORS} ✕", text=True, small=True, classes=["chip"],
            on_click=lambda: change(lambda v: replace(v, sector="")), attributes={"aria-label": strings.SECTORS_BACK},
        ),
    )  # fmt: skip
