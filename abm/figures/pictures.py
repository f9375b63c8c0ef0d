"""The four standard charts of a record as PNG files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from abm.figures.names import label_of, observations
from abm.figures.palette import LIGHT, offer_colours, region_colour
from abm.observe.indicators import WEIGHTS
from abm.observe.record import Record

_STYLES = ("-", "--", "-.", ":")


def write_charts(record: Record, folder: Path) -> list[Path]:
    """Write the four standard charts as PNG files.

    Args:
        record: The record.
        folder: An existing folder.

    Returns:
        The files written.
    """
    drawn = {
        "adoption": _adoption(record), "open_share": _open_share(record), "map": _map(record),
        "vendors": _vendors(record),
    }  # fmt: skip
    files = []
    for name, figure in drawn.items():
        files.append(folder / f"{name}.png")
        figure.savefig(files[-1], dpi=150)
    return files


def _adoption(record: Record) -> Figure:
    figure, axes, years = _time_axes(record, "Firms with 10 or more workers that use AI, % of firms")
    values = record.indicator("penetration", by="region")
    for i, region in enumerate(str(r) for r in values["region"].values):
        colour = region_colour(LIGHT, i)
        axes.plot(years, 100 * values.sel(region=region), color=colour, label=label_of("region", region))
        points = observations(record, region)
        axes.scatter([years[record.quarters.index(q)] for q, _, _ in points], [100 * v for _, v, _ in points],
                     color=colour, marker="D", edgecolor="black", zorder=3)  # fmt: skip
    axes.set_ylim(bottom=0)  # after the lines: a limit set before them stops the axis from fitting them
    _legend(axes, "line: model\ndiamond: official figure")
    return figure


def _open_share(record: Record) -> Figure:
    figure, axes, years = _time_axes(record, "Open models' share among AI users, world, %")
    for i, weight in enumerate(WEIGHTS):
        values = 100 * record.indicator("open_share", weight=weight)
        axes.plot(years, values, color=region_colour(LIGHT, i), linestyle=_STYLES[i], label=f"of {weight}")
    axes.set_ylim(0, 100)
    _legend(axes, "share")
    return figure


def _map(record: Record) -> Figure:
    last = record.quarters[-1]
    values = record.indicator("penetration", by=("sector", "region")).sel(quarter=last)
    figure = Figure(figsize=(8.5, 5.5), layout="constrained")
    axes = figure.add_subplot()
    _title(axes, record, f"Firms with 10 or more workers that use AI, {last}, %")
    image = axes.imshow(100 * values, cmap="Blues", vmin=0, vmax=100, aspect="auto")
    for part, set_ticks in (("region", axes.set_xticks), ("sector", axes.set_yticks)):
        names = [label_of(part, str(n)) for n in values[part].values]
        set_ticks(range(len(names)), names, rotation=35 if part == "region" else 0, ha="right")
    for (row, column), share in np.ndenumerate(values.values):
        if np.isfinite(share):
            ink = "white" if share > 0.55 else "black"
            axes.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=ink, fontsize=9)
    figure.colorbar(image, label="% of firms with 10 or more workers")
    return figure


def _vendors(record: Record) -> Figure:
    figure, axes, years = _time_axes(record, "Offers by the share of firms among AI users, world, %")
    values = record.indicator("market_share", by="offer").fillna(0)
    colours = offer_colours(record)
    is_open = dict(zip((str(o) for o in record.data["offer"].values), record.data["offer_open"].values, strict=True))
    names = sorted(colours, key=lambda name: not is_open[name])
    axes.stackplot(
        years, 100 * values.sel(offer=names).T, labels=[label_of("offer", n) for n in names],
        colors=[colours[n] for n in names], edgecolor="white", linewidth=0.4,
    )  # fmt: skip
    axes.set_ylim(0, 100)
    _legend(axes, "green: open\nviolet: proprietary")
    return figure


def _time_axes(record: Record, title: str) -> tuple[Figure, Axes, list[float]]:
    figure = Figure(figsize=(8.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    _title(axes, record, title)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0)
    axes.grid(axis="y", alpha=0.3)
    return figure, axes, [int(q[:4]) + (int(q[-1]) - 0.5) / 4 for q in record.quarters]


def _title(axes: Axes, record: Record, title: str) -> None:
    name = record.data.attrs["title"] or record.name
    axes.set_title(
        f"{title}\n{name}, seed {record.seed}, {record.sampled_firms:,} sampled firms", fontsize=10, loc="left"
    )


def _legend(axes: Axes, title: str) -> None:
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5), title=title, title_fontsize=8)
