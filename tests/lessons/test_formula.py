"""Formulas of lessons: what Python would give for the same text, and nothing that is no formula."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abm.lessons.formula import evaluate, first_where, functions, running_mean
from abm.quantities import InputError

FORMS = ["a + b * 2", "a - b / a", "-(a) ** 2", "abs(a) ** 0.5", "a < b", "a != b"]
NUMBERS = st.floats(-50, 50).filter(lambda x: abs(x) > 1e-3)


@settings(deadline=None, max_examples=60)
@given(a=NUMBERS, b=NUMBERS, form=st.sampled_from(FORMS))
def test_arithmetic_is_that_of_python(a, b, form):
    assert evaluate(form, {"a": a, "b": b}) == pytest.approx(eval(form, {"a": a, "b": b, "abs": abs}))


def test_series_comparisons_and_places():
    names = {"path": np.array([0.1, 0.4, 0.9])}
    assert evaluate("path[-1] - path[0]", names) == pytest.approx(0.8)
    assert evaluate("path[1:] > 0.5", names).tolist() == [False, True]
    assert evaluate("0 < path[0] < 0.2 and not path[1] > 1", names) is True
    assert evaluate("mean(path > 0.3)", names) == pytest.approx(2 / 3)
    assert evaluate("[1, 2, 3][2]", {}) == 3


def test_theory_can_be_asked():
    time, share = evaluate("bass_peak(0.03, 0.38)", {})
    assert time == pytest.approx(math.log(0.38 / 0.03) / 0.41)
    assert share == pytest.approx(0.5 * (1 - 0.03 / 0.38))
    assert {"nested_logit", "tipping_field", "catch_up_gap", "deployment_trust"} <= set(functions())


@pytest.mark.parametrize(
    "bad",
    ["__import__('os').system('x')", "path.sort()", "path.__class__", "(lambda: 1)()", "[x for x in path]", "open('x')",
     "f'{path}'", "path if path else 1", "{1: 2}", "(a := 3)", "exec('1')", "'a' 'b' + path.dtype", "eval('1')"],
)  # fmt: skip
def test_nothing_else_is_worked_out(bad):
    with pytest.raises(InputError):
        evaluate(bad, {"path": np.zeros(3), "a": 1})


@pytest.mark.parametrize(
    ("bad", "says"),
    [("after - befor", "befor"), ("1 +", "character"), ("path[9]", "9"), ("mena(path)", "mean"), ("[1][2]", "bounds")],
)
def test_refusals_say_what_is_wrong(bad, says):
    with pytest.raises(InputError, match=says):
        evaluate(bad, {"before": 1.0, "after": 2.0, "path": np.zeros(3)})


def test_first_where_and_running_mean():
    assert first_where(np.array([0.1, 0.6, 0.7]) > 0.5) == 1
    with pytest.raises(InputError, match="never"):
        first_where(np.zeros(3, bool))
    wins = np.array([1.0, 0.0, 0.0, 1.0])
    assert running_mean(wins).tolist() == [wins[: k + 1].mean() for k in range(4)]
