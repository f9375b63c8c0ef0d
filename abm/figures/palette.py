"""Colours told apart with any colour vision; violet is proprietary and green is open throughout, always labelled."""

from __future__ import annotations

from dataclasses import dataclass

from abm.observe.record import Record
from abm.scenario.loading import in_order

# After Okabe and Ito (2008), darkened where text and thin lines need it.
_REGIONS_LIGHT = ("#C44E00", "#0072B2", "#007A5A", "#B0508C", "#A87400", "#2A8FC4", "#6B4FA0", "#5A5A5A")
_REGIONS_DARK = ("#FF8A4C", "#4DA8E0", "#34C79A", "#E79CC6", "#F0B93A", "#8BD0F5", "#B49CE8", "#B8B8B8")


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a chart on a light or a dark page.

    Attributes:
        ink: Text.
        muted: Axes and quiet text.
        grid: Lines behind the data.
        surface: Colour of the card.
        world: Lines of the whole world.
        open: Open models.
        proprietary: Proprietary models.
        regions: One per region, used in turn.
        amount: Heat map of a share, from none to much.
        licence: Heat map of the open share, from all proprietary to all open.
        change: Heat map of a change, from less to more.
    """

    ink: str
    muted: str
    grid: str
    surface: str
    world: str
    open: str
    proprietary: str
    regions: tuple[str, ...]
    amount: tuple[str, ...]
    licence: tuple[str, ...]
    change: tuple[str, ...]


LIGHT = Palette(
    ink="#1F2430", muted="#5B6475", grid="#E3E6EE", surface="#FFFFFF", world="#3B4252",
    open="#0B8A6A", proprietary="#6D4BC3", regions=_REGIONS_LIGHT,
    amount=("#F1F5FB", "#8DB6DC", "#0B4F8A"), licence=("#6D4BC3", "#F4F3F7", "#0B8A6A"),
    change=("#B35806", "#F6F5F3", "#0B5FA5"),
)  # fmt: skip
DARK = Palette(
    ink="#E8EAF0", muted="#A9B1C2", grid="#343B49", surface="#1E2430", world="#D5D9E3",
    open="#2FBF98", proprietary="#A78BFA", regions=_REGIONS_DARK,
    amount=("#242B38", "#2F6EA8", "#A9D6FF"), licence=("#A78BFA", "#2A3040", "#2FBF98"),
    change=("#F0A35E", "#2A3040", "#6DB7F2"),
)  # fmt: skip


def region_colour(palette: Palette, position: int) -> str:
    """The colour of the region at a position of the table."""
    return palette.regions[position % len(palette.regions)]


def offer_colours(record: Record) -> dict[str, str]:
    """Shades of green for open offers and of violet for proprietary ones."""
    shades = {
        True: ("#00543D", "#009E73", "#4CC3A2", "#A3E0CE"),
        False: ("#3F007D", "#5B3C93", "#7B5EA7", "#9E86C4", "#B39DD6", "#C8B6E2", "#D9CBEE"),
    }
    seen = {True: 0, False: 0}
    colours = {}
    for name in in_order("offer", map(str, record.data["offer"].values)):
        is_open = bool(record.data["offer_open"].sel(offer=name))
        row = shades[is_open]
        colours[name] = row[seen[is_open] % len(row)]
        seen[is_open] += 1
    return colours


def ink_on(colours: tuple[str, ...], position: float) -> str:
    """Black or white, whichever reads better on a colour scale (WCAG contrast).

    Args:
        colours: Colours of the scale, from low to high, evenly spaced.
        position: Place on the scale, 0 to 1.

    >>> ink_on(("#FFFFFF", "#000000"), 0.0), ink_on(("#FFFFFF", "#000000"), 1.0)
    ('#10141C', '#FFFFFF')
    """
    place = min(max(position, 0.0), 1.0) * (len(colours) - 1)
    low = min(int(place), len(colours) - 2)
    ends = [[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours[low : low + 2]]
    mixed = [a + (place - low) * (b - a) for a, b in zip(*ends, strict=True)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mixed]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#10141C" if (luminance + 0.05) ** 2 > 1.05 * 0.058 else "#FFFFFF"
