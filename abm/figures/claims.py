"""A claim of a theorem drawn: the simulation on top of it."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from abm.figures.palette import LIGHT, region_colour
from abm.verification.claim import Claim, Picture


def write_claim(claim: Claim, path: Path) -> None:
    """Draw a claim as a PNG file: the theorem as a line, the simulation as points, what it may be off by as a band.

    Args:
        claim: The claim.
        path: File to write.
    """
    drawn = claim.picture
    figure = Figure(figsize=(7.2, 4.6), layout="constrained")
    axes = figure.add_subplot()
    theorem, points = region_colour(LIGHT, 0), region_colour(LIGHT, 1)
    if drawn.names:
        _draw_names(axes, drawn, theorem, points)
    else:
        _draw_path(axes, drawn, theorem, points)
    axes.set_xlabel(drawn.across)
    axes.set_ylabel(drawn.up)
    axes.set_title(f"{fill(claim.theorem, 88)}\n{claim.reference}", loc="left", fontsize=9)
    axes.legend(frameon=False, fontsize=9)
    axes.grid(alpha=0.25)
    figure.savefig(path, dpi=110)


def _draw_path(axes: Axes, drawn: Picture, theorem: str, points: str) -> None:
    if drawn.curve:
        axes.plot(*drawn.curve, color=LIGHT.muted, linestyle="--", label="all equilibria")
    axes.plot(drawn.x, drawn.closed_form, color=theorem, label="theorem")
    if np.isfinite(drawn.band).any():
        low, high = drawn.closed_form - drawn.band, drawn.closed_form + drawn.band
        axes.fill_between(drawn.x, low, high, color=theorem, alpha=0.15, linewidth=0, label="may be off by")
    axes.plot(drawn.x, drawn.simulated, "o", markersize=3, color=points, label="simulation")
    for name, level in drawn.levels.items():
        axes.axhline(level, color=LIGHT.muted, linestyle=":", label=name)
    if drawn.limits:
        axes.set_ylim(*drawn.limits)
    if drawn.log:
        axes.set_xscale("log")
        axes.set_yscale("log")


def _draw_names(axes: Axes, drawn: Picture, theorem: str, points: str) -> None:
    """One line for every named number, on a logarithmic scale."""
    assert drawn.names
    rows = np.arange(len(drawn.names))[::-1]
    low = np.minimum(drawn.band, 0.9 * drawn.closed_form)
    axes.errorbar(
        drawn.closed_form, rows, xerr=[low, drawn.band], fmt="D", color=theorem, markerfacecolor="none", markersize=8,
        capsize=3, label="theorem, and what it may be off by",
    )  # fmt: skip
    axes.plot(drawn.simulated, rows, "o", markersize=3.5, color=points, label="simulation")
    axes.set_yticks(rows, drawn.names, fontsize=8)
    axes.set_xscale("log")
