"""A claim of a theorem drawn: the simulation on top of it."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from abm.figures.palette import LIGHT, region_colour
from abm.verification.claim import Claim


def write_claim(claim: Claim, path: Path) -> None:
    """Draw a claim as a PNG file: the theorem as a line, the simulation as points, what it may be off by as a band.

    Args:
        claim: The claim.
        path: File to write.
    """
    drawn = claim.picture
    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    axes = figure.add_subplot()
    theorem, points = region_colour(LIGHT, 0), region_colour(LIGHT, 1)
    axes.plot(drawn.x, drawn.closed_form, color=theorem, label="theorem")
    low, high = drawn.closed_form - drawn.band, drawn.closed_form + drawn.band
    axes.fill_between(drawn.x, low, high, color=theorem, alpha=0.15, linewidth=0, label="may be off by")
    axes.plot(drawn.x, drawn.simulated, "o", markersize=3.5, color=points, label="simulation")
    if drawn.log:
        axes.set_xscale("log")
        axes.set_yscale("log")
    axes.set_xlabel(drawn.across)
    axes.set_ylabel(drawn.up)
    axes.set_title(f"{claim.reference}", loc="left", fontsize=10)
    axes.legend(frameon=False)
    axes.grid(alpha=0.25)
    figure.savefig(path, dpi=110)
