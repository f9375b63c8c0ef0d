"""What a student predicts with: a number, a choice, or a curve drawn by hand.

Each tells a finished answer to the server, and to the page as the event `abm-told` of the window, with `detail.value`. It
shows what the student did last, whether or not the server answers; once it is fixed, it shows the value that the server has.
"""

from __future__ import annotations

from collections.abc import Callable

import solara


@solara.component_vue("number.vue")
def Number(
    label: str = "", low: float = 0.0, high: float = 1.0, step: float = 0.01, unit: str = "%", value: float | None = None,
    fixed: bool = False, words: dict | None = None, event_told: Callable[[float], None] | None = None,
) -> None:  # fmt: skip
    """A slider and an exact number; None until it is touched.

    Args:
        label: What is asked.
        low: Least value.
        high: Largest value.
        step: Distance between two places of the slider; the number may be finer.
        unit: "%" for shares, which are shown as percentages; otherwise what stands after the number.
        value: The answer, None for none.
        fixed: Whether it can no longer be changed.
        words: The table LESSON_NUMBER_WORDS of the language.
        event_told: Told the answer.
    """


@solara.component_vue("pick.vue")
def Pick(
    label: str = "", options: list[tuple[str, str]] | None = None, value: str = "", fixed: bool = False, quiet: bool = False,
    words: dict | None = None, event_told: Callable[[str], None] | None = None,
) -> None:  # fmt: skip
    """Cards of which one can be chosen.

    Args:
        label: What is asked.
        options: Key and HTML text of each.
        value: Key of the chosen one, "" for none.
        fixed: Whether it can no longer be changed.
        quiet: Whether the window is not told: it is no prediction.
        words: The table LESSON_PICK_WORDS of the language.
        event_told: Told the key.
    """


@solara.component_vue("curve.vue")
def Curve(
    label: str = "", up: str = "", quarters: list[str] | None = None, past: list[float | None] | None = None, known: int = 0,
    low: float = 0.0, high: float = 1.0, step: float = 0.01, unit: str = "%", value: list[float | None] | None = None,
    fixed: bool = False, words: dict | None = None, event_told: Callable[[list[float | None]], None] | None = None,
) -> None:  # fmt: skip
    """A curve over the quarters, of which the past is known and the future is drawn.

    It is told when a stroke ends and the last quarter is reached: one entry for each quarter, None in the past.

    Args:
        label: What is asked.
        up: Name of the upright axis.
        quarters: The quarters from left to right.
        past: What is known, up to the quarter `known` at least.
        known: Place of the last quarter that is known; -1 if none is.
        low: Lower end of the upright axis.
        high: Its upper end.
        step: How far an arrow key moves a value.
        unit: "%" for shares, which are shown as percentages; otherwise what stands after the numbers.
        value: The drawn curve as it is told, None for none.
        fixed: Whether it can no longer be changed.
        words: The table LESSON_CURVE_WORDS of the language.
        event_told: Told the curve.
    """
