"""Axes on paper, to draw a predicted curve into."""

from __future__ import annotations

from html import escape

import numpy as np

from abm.lessons.worked import Worked

_WIDE, _HIGH = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 12, 20, 30
_ROWS = 10


def drawing_svg(done: Worked) -> str:
    """Empty axes over the quarters of a curve's run, with the known past in them.

    Args:
        done: The lesson worked out; its prediction is a curve.
    """
    asked = done.lesson.prediction
    quarters, outcome = done.lesson.quarters(asked.run), np.asarray(done.outcome(), float)

    def across(place: int) -> str:
        return f"{_LEFT + (_WIDE - _LEFT - _RIGHT) * place / (len(quarters) - 1):.1f}"

    def up(value: float) -> str:
        part = (value - asked.low) / (asked.high - asked.low)
        return f"{_HIGH - _BOTTOM - (_HIGH - _TOP - _BOTTOM) * min(max(part, 0.0), 1.0):.1f}"

    top, bottom, left, right = up(asked.high), up(asked.low), across(0), across(len(quarters) - 1)
    parts = []
    years = [place for place, quarter in enumerate(quarters) if quarter.endswith("Q1")]
    labelled = years[:: -(-len(years) // 10) or 1]
    for place in years:
        parts.append(f'<line x1="{across(place)}" x2="{across(place)}" y1="{top}" y2="{bottom}" stroke="#ccc"/>')
    for place in labelled:
        parts.append(f'<text x="{across(place)}" y="{_HIGH - 10}" text-anchor="middle">{quarters[place][:4]}</text>')
    for row, value in enumerate(np.linspace(asked.low, asked.high, _ROWS + 1)):
        parts.append(f'<line x1="{left}" x2="{right}" y1="{up(value)}" y2="{up(value)}" stroke="#ccc"/>')
        if row % 2 == 0:
            label = f"{value:.0%}" if asked.unit == "%" else f"{value:g}"
            parts.append(f'<text x="{_LEFT - 6}" y="{up(value)}" dy="4" text-anchor="end">{label}</text>')
    if asked.unit != "%":
        parts.append(f'<text x="{left}" y="{_TOP - 7}">{escape(asked.unit)}</text>')
    past = [place for place in range(quarters.index(asked.known) + 1) if np.isfinite(outcome[place])]
    if past:
        points = " ".join(f"{across(place)},{up(outcome[place])}" for place in past)
        parts.append(f'<polyline points="{points}" fill="none" stroke="#111" stroke-width="2.5"/>')
        parts.append(f'<circle cx="{across(past[-1])}" cy="{up(outcome[past[-1]])}" r="4" fill="#111"/>')
    return (
        f'<svg viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="{escape(asked.text)}" font-family="sans-serif" '
        f'font-size="12"><rect x="{left}" y="{top}" width="{float(right) - float(left):.1f}" '
        f'height="{float(bottom) - float(top):.1f}" fill="none" stroke="#333"/>{"".join(parts)}</svg>'
    )
