"""Charts of a record: chart options for the page, and pictures for the command line. No numbers are made here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from abm.observe.indicators import WEIGHTS
from abm.observe.record import Record

# Colours told apart with any colour vision (Okabe and Ito 2008); violet is proprietary and green is open throughout.
OPEN, PROPRIETARY, BASELINE = "#009E73", "#7B5EA7", "#808080"
REGION_COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7B5EA7", "#555555")
Option = dict[str, Any]


def label_of(record: Record, table: str, name: str) -> str:
    """The label of a region, sector, lab or offer, as its table has it."""
    rows = record.scenario.tables.frames[f"{table}s"].set_index(table)["label"]
    return str(rows.get(name, name))


def observations(record: Record, region: str, population: str = "firms_10plus") -> list[tuple[str, float, str]]:
    """Official survey figures of a region: (quarter, share, source).

    Args:
        record: The record; its scenario's tables hold the figures.
        region: Region name.
        population: Population surveyed.
    """
    frame = record.scenario.tables.frames["observations"]
    rows = frame[
        (frame["region"] == region) & (frame["population"] == population) & (frame["family"] == "survey")
        & frame["sector"].isna() & frame["size"].isna() & ~frame["note"].astype(str).str.startswith("old wording")
    ]  # fmt: skip
    return [(str(q), float(v), str(s)) for q, v, s in zip(rows["quarter"], rows["value"], rows["source"], strict=True)]


def line_option(
    quarters: list[str],
    lines: list[tuple[str, np.ndarray, str, bool]],
    points: list[tuple[str, float, str]],
    ink: str = "#333333",
) -> Option:
    """A chart of shares over time.

    Args:
        quarters: Names of the quarters.
        lines: (name, shares, colour, dashed) of each line.
        points: Published figures as (quarter, share, source).
        ink: Colour of text and axes.
    """
    series: list[Option] = [
        {
            "name": name, "type": "line", "showSymbol": False, "data": [_percent(v) for v in values],
            "lineStyle": {"color": colour, "width": 2.5, "type": "dashed" if dashed else "solid"},
            "itemStyle": {"color": colour},
        }
        for name, values, colour, dashed in lines
    ]  # fmt: skip
    shown = [p for p in points if p[0] in quarters]
    if shown:
        series.append(
            {
                "name": "official figure", "type": "scatter", "symbol": "diamond", "symbolSize": 11,
                "itemStyle": {"color": ink}, "data": [[q, _percent(v)] for q, v, _ in shown],
            }
        )  # fmt: skip
    return {
        "animationDuration": 200, "grid": {"left": 48, "right": 16, "top": 56, "bottom": 28},
        "legend": {"top": 0, "textStyle": {"color": ink}}, "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": quarters, "axisLabel": {"color": ink}},
        "yAxis": {
            "type": "value", "min": 0, "axisLabel": {"formatter": "{value} %", "color": ink},
            "splitLine": {"lineStyle": {"opacity": 0.3}},
        },
        "series": series,
    }  # fmt: skip


def map_option(rows: list[str], columns: list[str], shares: np.ndarray, ink: str, diverging: bool) -> Option:
    """A heat map of shares, shape (row, column), or of changes of shares.

    Args:
        rows: Labels from top to bottom.
        columns: Labels from left to right.
        shares: Values.
        ink: Colour of text.
        diverging: Whether the values are changes around zero.
    """
    data = [[c, r, _tenths(shares[r, c])] for r in range(len(rows)) for c in range(len(columns))]
    top = float(np.nanmax(np.abs(100 * shares), initial=0.1))
    colours = ["#B35806", "#F7F7F7", "#1B7837"] if diverging else ["#F2F0F7", "#9E9AC8", "#3F007D"]
    return {
        "animation": False, "tooltip": {}, "grid": {"left": 196, "right": 12, "top": 8, "bottom": 112},
        "xAxis": {"type": "category", "data": columns, "axisLabel": {"rotate": 40, "color": ink, "interval": 0}},
        "yAxis": {"type": "category", "data": rows, "inverse": True, "axisLabel": {"color": ink, "interval": 0}},
        "visualMap": {
            "min": round(-top, 1) if diverging else 0, "max": round(top, 1), "orient": "horizontal", "left": "center",
            "bottom": 0, "itemHeight": 120, "inRange": {"color": colours}, "text": ["%", ""], "textStyle": {"color": ink},
            "precision": 1,
        },
        "series": [{"type": "heatmap", "data": data, "label": {"show": True, "fontSize": 10}}],
    }  # fmt: skip


def bars_option(groups: list[str], parts: list[tuple[str, list[float], str]], ink: str) -> Option:
    """Stacked horizontal bars of shares that add up to one.

    Args:
        groups: Labels of the bars.
        parts: (name, share in each bar, colour).
        ink: Colour of text.
    """
    return {
        "animationDuration": 200, "tooltip": {}, "grid": {"left": 80, "right": 16, "top": 96, "bottom": 28},
        "legend": {"top": 0, "textStyle": {"color": ink}},
        "xAxis": {
            "type": "value", "max": 100, "axisLabel": {"formatter": "{value} %", "color": ink},
            "splitLine": {"lineStyle": {"opacity": 0.3}},
        },
        "yAxis": {"type": "category", "data": groups, "inverse": True, "axisLabel": {"color": ink}},
        "series": [
            {
                "name": name, "type": "bar", "stack": "all", "data": [_percent(v) for v in values],
                "itemStyle": {"color": colour, "borderColor": "#AAAAAA", "borderWidth": 0.5}, "barMaxWidth": 44,
            }
            for name, values, colour in parts
        ],
    }  # fmt: skip


def offer_colours(record: Record) -> dict[str, str]:
    """Shades of green for open offers and of violet for proprietary ones."""
    shades = {
        True: ("#00543D", "#009E73", "#4CC3A2", "#A3E0CE"),
        False: ("#3F007D", "#5B3C93", "#7B5EA7", "#9E86C4", "#B39DD6", "#C8B6E2", "#D9CBEE"),
    }
    seen = {True: 0, False: 0}
    colours = {}
    for name, is_open in zip(record.data["offer"].values, record.data["offer_open"].values, strict=True):
        row = shades[bool(is_open)]
        colours[str(name)] = row[seen[bool(is_open)] % len(row)]
        seen[bool(is_open)] += 1
    return colours


def write_charts(record: Record, folder: Path) -> list[Path]:
    """Write the four standard charts as PNG files.

    Args:
        record: The record.
        folder: An existing folder.

    Returns:
        The files written.
    """
    drawn = {
        "adoption": _adoption_picture(record), "open_share": _open_share_picture(record), "map": _map_picture(record),
        "vendors": _vendor_picture(record),
    }  # fmt: skip
    files = []
    for name, figure in drawn.items():
        files.append(folder / f"{name}.png")
        figure.savefig(files[-1], dpi=150)
    return files


def _adoption_picture(record: Record) -> Figure:
    figure, axes, years = _time_axes(record, "Firms with 10 or more workers that use AI, % of firms")
    values = record.indicator("penetration", by="region")
    for region, colour in zip(values["region"].values, REGION_COLOURS * 4, strict=False):
        axes.plot(years, 100 * values.sel(region=region), color=colour, label=label_of(record, "region", str(region)))
        points = [p for p in observations(record, str(region)) if p[0] in record.quarters]
        axes.scatter([years[record.quarters.index(q)] for q, _, _ in points], [100 * v for _, v, _ in points],
                     color=colour, marker="D", edgecolor="black", zorder=3)  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=8, title="line: model, diamond: official figure", title_fontsize=8)
    return figure


def _open_share_picture(record: Record) -> Figure:
    figure, axes, years = _time_axes(record, "Open models' share among AI users, world, %")
    for weight, colour in zip(WEIGHTS, REGION_COLOURS, strict=False):
        axes.plot(years, 100 * record.indicator("open_share", weight=weight), color=colour, label=f"of {weight}")
    axes.set_ylim(0, 100)
    axes.legend(fontsize=9)
    return figure


def _map_picture(record: Record) -> Figure:
    last = record.quarters[-1]
    values = record.indicator("penetration", by=("sector", "region")).sel(quarter=last)
    figure = Figure(figsize=(8, 5.5), layout="constrained")
    axes = figure.add_subplot()
    image = axes.imshow(100 * values, cmap="Purples", vmin=0, vmax=100, aspect="auto")
    for part, set_ticks in (("region", axes.set_xticks), ("sector", axes.set_yticks)):
        names = [label_of(record, part, str(n)) for n in values[part].values]
        set_ticks(range(len(names)), names, rotation=35 if part == "region" else 0, ha="right")
    for (row, column), share in np.ndenumerate(values.values):
        if np.isfinite(share):
            axes.text(
                column, row, f"{100 * share:.0f}", ha="center", va="center", color="white" if share > 0.5 else "black"
            )
    figure.colorbar(image, label=f"firms with 10 or more workers that use AI, {last}, %")
    return figure


def _vendor_picture(record: Record) -> Figure:
    figure, axes, years = _time_axes(record, "Offers by the share of firms among AI users, world, %")
    values = record.indicator("market_share", by="offer").fillna(0)
    colours = offer_colours(record)
    names = [str(n) for n in values["offer"].values]
    axes.stackplot(
        years, 100 * values.T, labels=[label_of(record, "offer", n) for n in names], colors=[colours[n] for n in names]
    )
    axes.legend(
        fontsize=7,
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        title="green: open, violet: proprietary",
        title_fontsize=7,
    )
    axes.set_ylim(0, 100)
    return figure


def _time_axes(record: Record, title: str) -> tuple[Figure, Any, list[float]]:
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(f"{title}\n{record.scenario.title or record.name}, seed {record.seed}", fontsize=10, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.3)
    return figure, axes, [int(q[:4]) + (int(q[-1]) - 0.5) / 4 for q in record.quarters]


def _tenths(value: float) -> float | None:
    return None if not np.isfinite(value) else round(100 * float(value), 1)


def _percent(value: float) -> float | None:
    return None if not np.isfinite(value) else round(100 * float(value), 2)
