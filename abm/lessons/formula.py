"""Formulas of lessons: arithmetic over named numbers and series, and the functions of `abm.theory`; nothing else."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from inspect import getmembers, isfunction
from typing import Any

import numpy as np

from abm.quantities import InputError, unknown

_THEORY = ("choice", "demand", "diffusion", "distribution", "interaction", "learning", "mean_field", "supply")
_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Not: operator.not_,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip


_NODES = (
    ast.Name, ast.Load, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.And, ast.Or, ast.Compare, ast.List, ast.Tuple, ast.Subscript,
    ast.Slice, ast.Call, ast.keyword, ast.Constant,
)  # fmt: skip


def first_where(condition: Any) -> int:
    """Place of the first true one.

    Args:
        condition: Whether it holds, shape (place,).

    Raises:
        InputError: If it never holds.

    >>> first_where([False, True, True])
    1
    """
    found = np.flatnonzero(np.asarray(condition, bool))
    if not len(found):
        raise InputError("first_where(...) of a condition that never holds; compare with another number.")
    return int(found[0])


def running_mean(values: Any) -> np.ndarray:
    """Mean of all values so far.

    Args:
        values: Shape (place,).

    >>> running_mean([1.0, 0.0, 1.0, 1.0]).tolist()[1::2]
    [0.5, 0.75]
    """
    numbers = np.asarray(values, float)
    return np.cumsum(numbers) / np.arange(1, len(numbers) + 1)


def joined(*parts: Any) -> np.ndarray:
    """Numbers and series one after the other.

    Args:
        *parts: Numbers or series, of any length.

    >>> joined(0.0, [1.0, 2.0]).tolist()
    [0.0, 1.0, 2.0]
    """
    return np.concatenate([np.atleast_1d(np.asarray(part, float)) for part in parts])


def placed(values: Any, place: int) -> np.ndarray:
    """Values moved so that the first stands at a place, with nothing before it.

    Args:
        values: Shape (place,).
        place: Place of the first.

    >>> placed([1.0, 2.0], 1).tolist()
    [nan, 1.0, 2.0]
    """
    return np.concatenate([np.full(int(place), np.nan), np.asarray(values, float)])


_PLAIN: dict[str, Callable[..., Any]] = {
    "abs": np.abs, "arange": np.arange, "cumsum": np.cumsum, "diff": np.diff, "exp": np.exp, "first_where": first_where,
    "joined": joined, "linspace": np.linspace, "log": np.log, "max": np.max, "maximum": np.maximum, "mean": np.mean,
    "median": np.median, "min": np.min, "minimum": np.minimum, "placed": placed, "quantile": np.quantile,
    "running_mean": running_mean, "sort": np.sort, "sqrt": np.sqrt, "std": np.std, "sum": np.sum, "tanh": np.tanh,
}  # fmt: skip


@lru_cache(maxsize=1)
def functions() -> dict[str, Callable[..., Any]]:
    """All that a formula may call, by name: plain arithmetic, and every public function of `abm.theory`."""
    found = dict(_PLAIN)
    for name in _THEORY:
        module = import_module(f"abm.theory.{name}")
        own = getmembers(module, lambda one: isfunction(one) and one.__module__ == module.__name__)  # noqa: B023
        found |= {key: function for key, function in own if not key.startswith("_")}
    return found


def readable(formula: str) -> ast.expr:
    """A formula as Python reads it, if it is one.

    Args:
        formula: The formula.

    Raises:
        InputError: If it cannot be read, or holds what formulas may not.

    >>> ast.unparse(readable("1+ x"))
    '1 + x'
    """
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        where = f" at character {error.offset}" if isinstance(error, SyntaxError) else ""
        raise InputError(f"formula {formula!r} cannot be read{where}: {getattr(error, 'msg', error)}.") from None
    _check(tree, formula)
    return tree


def _check(node: ast.AST, formula: str) -> None:
    allowed = isinstance(node, _NODES) or type(node) in _OPERATORS
    if isinstance(node, ast.Constant):
        allowed = isinstance(node.value, (bool, int, float, str))
    if not allowed or (isinstance(node, ast.Call) and not isinstance(node.func, ast.Name)):
        raise InputError(
            f"formula {formula!r} holds {ast.unparse(node)!r}, which formulas may not; use numbers, names, comparisons, "
            "places such as path[-1], and functions such as mean(...)."
        )
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        if node.func.id not in functions():
            raise unknown(f"function in the formula {formula!r}", node.func.id, functions())
    for part in ast.iter_child_nodes(node):
        _check(part, formula)


def evaluate(formula: str, names: Mapping[str, Any]) -> Any:
    """Value of a formula.

    A formula is an expression of Python over numbers, names, lists, comparisons, `and`, `or`, `not`, places such as
    `path[-1]`, and calls of `functions`.

    Args:
        formula: The formula, such as "after[-1] - before[-1]".
        names: Values of the names that it may use.

    Returns:
        A number, an array, a truth value or, from some functions, a tuple of these.

    Raises:
        InputError: If it cannot be read, names what is not there, or cannot be worked out.

    >>> evaluate("after / before - 1", {"before": 2.0, "after": 3.0})
    0.5
    """
    tree = readable(formula)
    try:
        with np.errstate(all="ignore"):
            return _value(tree, names, formula)
    except (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"formula {formula!r} cannot be worked out: {error}.") from None


def _value(node: ast.expr, names: Mapping[str, Any], formula: str) -> Any:
    def value(one: ast.expr) -> Any:
        return _value(one, names, formula)

    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            if node.id not in names:
                raise unknown(f"name in the formula {formula!r}", node.id, names)
            return names[node.id]
        case ast.BinOp():
            return _OPERATORS[type(node.op)](value(node.left), value(node.right))
        case ast.UnaryOp():
            return _OPERATORS[type(node.op)](value(node.operand))
        case ast.BoolOp():
            joined = all if isinstance(node.op, ast.And) else any
            return joined(bool(value(one)) for one in node.values)
        case ast.Compare():
            ends = [value(one) for one in (node.left, *node.comparators)]
            held = [_OPERATORS[type(op)](ends[k], ends[k + 1]) for k, op in enumerate(node.ops)]
            return held[0] if len(held) == 1 else np.logical_and.reduce(held)
        case ast.List() | ast.Tuple():
            return np.array([value(one) for one in node.elts])
        case ast.Subscript():
            return value(node.value)[_place(node.slice, names, formula)]
        case ast.Call(func=ast.Name(id=called)):
            named = {str(one.arg): value(one.value) for one in node.keywords}
            return functions()[called](*(value(one) for one in node.args), **named)
    raise AssertionError(ast.dump(node))  # it has been checked


def _place(node: ast.expr, names: Mapping[str, Any], formula: str) -> Any:
    if isinstance(node, ast.Slice):
        ends = (
            None if one is None else int(_value(one, names, formula)) for one in (node.lower, node.upper, node.step)
        )
        return slice(*ends)
    where = _value(node, names, formula)
    return where if isinstance(where, str) or np.ndim(where) else int(where)
