"""Numbers in words: shares, money, changes and tables that say what a chart shows."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np

from abm.ui import strings

NONE = "–"


def percent(value: float) -> str:
    """A share in words; a dash where there is none.

    >>> percent(0.1234)
    '12.3%'
    """
    return NONE if not np.isfinite(value) else f"{100 * value:.1f}%"


def money(value: float) -> str:
    """An amount in billions or millions.

    >>> money(2.5e9), money(3e6)
    ('2.5 bn', '3 m')
    """
    if not np.isfinite(value):
        return NONE
    if value and abs(value) < 1e9:
        return strings.MILLION.format(value=value / 1e6)
    return strings.BILLION.format(value=value / 1e9)


def count(value: float) -> str:
    """A number of firms or workers.

    >>> count(12_345.4), count(34.56e6)
    ('12,345', '34.6 m')
    """
    if not np.isfinite(value):
        return NONE
    return strings.MILLIONS.format(value=value / 1e6) if abs(value) >= 1e6 else f"{value:,.0f}"


def number(value: float) -> str:
    """A number of any size, with four digits that count.

    >>> number(0.00077123), number(141_200.0), number(5.0)
    ('0.0007712', '141,200', '5')
    """
    if not np.isfinite(value):
        return NONE
    return f"{value:,.0f}" if abs(value) >= 1e3 else f"{value:.4g}"


def part(value: float) -> str:
    """A share too small for one digit after the point.

    >>> part(0.0012345), part(-0.0)
    ('0.123%', '0.000%')
    """
    return NONE if not np.isfinite(value) else f"{round(100 * value, 3) + 0.0:.3f}%"  # never minus zero


def whole_percent(value: float) -> str:
    """A share that is known to no more than whole per cent.

    >>> whole_percent(0.85)
    '85%'
    """
    return NONE if not np.isfinite(value) else f"{100 * value:.0f}%"


def score(value: float) -> str:
    """A capability or a time with one digit after the point."""
    return NONE if not np.isfinite(value) else f"{value:.1f}"


def index(value: float) -> str:
    """A pure number in words."""
    return NONE if not np.isfinite(value) else f"{value:.3f}"


def points(change: float) -> str:
    """A change of a share in percentage points, without its sign."""
    return strings.POINTS.format(size=100 * abs(change))


def signed_money(change: float) -> str:
    """A change of an amount with its sign."""
    return ("+" if change > 0 else "") + money(change)


def element(tag: str, text: str, look: str = "") -> str:
    """An HTML element of escaped text.

    Args:
        tag: Name of the element.
        text: Its text.
        look: Its classes, if any.
    """
    styled = f' class="{look}"' if look else ""
    return f"<{tag}{styled}>{html.escape(text)}</{tag}>"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as HTML; all text is escaped.

    Args:
        heads: Column heads.
        rows: Cells; the first of a row is its head.
    """
    top = "".join(f'<th scope="col">{html.escape(h)}</th>' for h in heads)
    body = "".join(
        f'<tr><th scope="row">{html.escape(first)}</th>{"".join(f"<td>{html.escape(c)}</td>" for c in cells)}</tr>'
        for first, *cells in rows
    )
    return f'<div class="table"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
