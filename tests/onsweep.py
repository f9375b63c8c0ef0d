"""What tests of sweeps on the page read and check."""

import re

from abm.sweep.analysis import points_of

LATEST = "2030Q4"


def points(sweep, indicator="adoption"):
    return points_of(sweep.study, sweep.rows, indicator, LATEST)


def whole(text):
    """Text without a blank left open."""
    assert text and not re.search(r"\{\w*\}|\bnan\b|None", text), text
    return True
