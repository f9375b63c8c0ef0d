"""Pictures of a lesson in lines of Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from abm.lessons.as_python import formula_python, in_parentheses, literal
from abm.lessons.declared import Curve, Picture
from abm.lessons.formula import evaluate
from abm.lessons.worked import Worked

_LETTERS = 70  # of names that stand side by side below a picture
_LOOKS = {
    "simulation": "linewidth=2.2", "compared": 'linestyle="--"', "theorem": 'color="black", linewidth=1.1',
    "points": 'linestyle="none", marker="o"', "class": 'color="C0", alpha=0.3',
}  # fmt: skip


def picture_python(done: Worked, picture: Picture) -> str:
    """A picture of a lesson, drawn with matplotlib.

    Args:
        done: The lesson worked out.
        picture: The picture.
    """
    names = done.names
    lines = ['axes = plt.figure(figsize=(7, 4), layout="constrained").add_subplot()']
    if picture.run:
        lines.append(f"when = in_years(scenarios[{literal(picture.run)}].quarters)")
    listed = names[picture.names] if isinstance(picture.names, str) else picture.names
    if listed:
        lines.append(f"bars_at = np.arange({len(listed)})")
    bars = [one for one in picture.curves if _is_bar(one)] if picture.names else []
    for one in picture.curves:
        label = f"label={literal(done.filled(one.name))}"
        if one in bars:
            wide = round(0.8 / len(bars), 3)
            at = round((bars.index(one) - (len(bars) - 1) / 2) * wide, 3)
            look = ', facecolor="none", edgecolor="gray", linestyle="--"' if one.look == "compared" else ""
            beside = f"bars_at {'-' if at < 0 else '+'} {abs(at)}" if at else "bars_at"
            lines.append(f"axes.bar({beside}, {formula_python(one.y, names)}, {round(0.92 * wide, 3)}, {label}{look})")
        else:
            lines += _line(picture, one, names, label)
    for level in picture.levels:
        height = formula_python(level.at, names)
        lines.append(f'axes.axhline({height}, color="gray", linestyle=":", label={literal(done.filled(level.name))})')
    if listed:
        told = picture.names if isinstance(picture.names, str) else literal(picture.names)
        turned = ', rotation=30, ha="right"' if len(listed) * max(map(len, listed)) > _LETTERS else ""
        lines.append(f"axes.set_xticks(bars_at, {told}{turned})")
    if picture.share:
        lines.append("axes.yaxis.set_major_formatter(PercentFormatter(1))")
    lines += _named(done, picture)
    if len(picture.curves) + len(picture.levels) > 1:
        lines.append('axes.figure.legend(loc="outside lower center", ncols=3, frameon=False)')
    return "\n".join([*lines, "plt.show()"])


def _is_bar(curve: Curve) -> bool:
    return curve.look not in ("theorem", "points", "class")


def _named(done: Worked, picture: Picture) -> Iterator[str]:
    yield f'axes.set_title({literal(done.filled(picture.title))}, loc="left")'
    ends = [f"{end}label={literal(name)}" for end, name in (("x", picture.across), ("y", picture.up)) if name]
    if picture.log:
        ends.append('yscale="log"')
    if ends:
        yield f"axes.set({', '.join(ends)})"


def _line(picture: Picture, one: Curve, names: Mapping[str, Any], label: str) -> Iterator[str]:
    across = "bars_at, " if picture.names else "when, " if picture.run else ""
    if one.x:
        turned = ".T" if one.each and np.ndim(evaluate(one.x, names)) > 1 else ""
        across = f"{formula_python(one.x, names)}{turned}, "
    look = (
        'linestyle="none", marker="D", color="black"' if picture.names and one.look == "theorem" else _LOOKS[one.look]
    )
    if one.each:
        yield f"drawn = axes.plot({across}{in_parentheses(formula_python(one.y, names))}.T, {look})"
        yield f"drawn[0].set({label})"
        return
    yield f"axes.plot({across}{formula_python(one.y, names)}, {look}, {label})"
    if one.low:
        ends = f"{formula_python(one.low, names)}, {formula_python(one.high, names)}"
        yield f"axes.fill_between({across}{ends}, alpha=0.2)"
