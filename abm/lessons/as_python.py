"""Parts of a lesson as lines of Python that work them out again, without this package's reading of lessons."""

from __future__ import annotations

import ast
import json
import textwrap
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

import numpy as np

from abm.lessons.blanks import BLANK
from abm.lessons.formula import evaluate, functions

_WIDTH = 100
_HOME = {"Intervention": "abm.Intervention", "Entrant": "abm.Entrant"}


def calls_of(formula: str) -> set[str]:
    """Names of the functions that a formula calls."""
    calls = (node.func for node in ast.walk(_tree(formula)) if isinstance(node, ast.Call))
    return {one.id for one in calls if isinstance(one, ast.Name)}


def imports_of(calls: set[str]) -> list[str]:
    """Lines that import functions of formulas, but for those of NumPy."""
    by_module: dict[str, list[str]] = {}
    for name in sorted(calls):
        if not _of_numpy(name):
            by_module.setdefault(functions()[name].__module__, []).append(name)
    return [f"from {module} import {', '.join(names)}" for module, names in sorted(by_module.items())]


def formula_python(formula: str, names: Mapping[str, Any]) -> str:
    """A formula as Python: the same but where lessons mean something else.

    Lists are arrays in formulas, functions of NumPy need no prefix, places need not be whole, and a chain of comparisons
    may go over the values of arrays.

    Args:
        formula: The formula.
        names: Values of the names in it.

    >>> formula_python("max([a, 2]) > 1 and b[a]", {"a": 1.0, "b": "xy"})
    'np.max(np.array([a, 2])) > 1 and b[int(a)]'
    """
    text = _tidy(formula)
    put: list[tuple[int, int, str]] = []  # byte, order at one byte, what is put there

    def around(node: ast.expr, before: str, after: str) -> None:
        put.append((node.col_offset, len(put), before))
        put.append((node.end_col_offset or 0, -len(put), after))

    def valued(node: ast.expr) -> Any:
        return evaluate(ast.unparse(node), names)

    def is_whole(node: ast.expr) -> bool:
        value = valued(node)
        return isinstance(value, (str, int, np.integer)) or bool(np.ndim(value))

    def visit(node: ast.AST, in_list: bool = False) -> None:
        match node:
            case ast.Call(func=ast.Name(id=name)) if _of_numpy(name):
                put.append((node.col_offset, len(put), "np."))
            case ast.List() | ast.Tuple() if not in_list:
                bare = isinstance(node, ast.Tuple) and text.encode()[node.col_offset : node.col_offset + 1] != b"("
                around(node, "np.array([" if bare else "np.array(", "])" if bare else ")")
            case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper, step=step)):
                for end in (lower, upper, step):
                    if end is not None and not is_whole(end):
                        around(end, "int(", ")")
            case ast.Subscript(slice=place) if not isinstance(place, ast.Tuple) and not is_whole(place):
                around(place, "int(", ")")
            case ast.Compare(ops=[_, _, *_], comparators=ends) if np.ndim(valued(node)):
                around(node, "(", ")")
                for one in ends[:-1]:  # a < b < c becomes (a < b) & (b < c)
                    again = text.encode()[one.col_offset : one.end_col_offset].decode()
                    put.append((one.end_col_offset or 0, len(put), f") & ({formula_python(again, names)}"))
        inside = isinstance(node, (ast.List, ast.Tuple))
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    visit(_tree(formula))
    told = text.encode()
    for at, _, what in sorted(put, reverse=True):
        told = told[:at] + what.encode() + told[at:]
    return told.decode()


def sentence_python(text: str, names: Mapping[str, Any]) -> str:
    """A sentence with blanks as the inside of `print(...)`.

    Args:
        text: The sentence.
        names: Values of the names in its blanks.

    >>> sentence_python("Open models have {{share | .0%}}.", {"share": 0.31})
    'f"Open models have {share:.0%}."'
    """
    blanks: list[str] = []

    def kept(blank: Any) -> str:
        value, formula = evaluate(blank[1], names), formula_python(blank[1], names)
        told = formula if isinstance(value, (str, float)) else f"float({formula})"
        blanks.append(f"{{{told}:{blank[2].strip()}}}")
        return f"\0{len(blanks) - 1}\0"

    escaped = json.dumps(BLANK.sub(kept, " ".join(text.split())), ensure_ascii=False)[1:-1]
    escaped = escaped.replace("\\u0000", "\0").replace("{", "{{").replace("}", "}}")
    lines = textwrap.wrap(escaped, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    for number, blank in enumerate(blanks):
        lines = [line.replace(f"\0{number}\0", blank) for line in lines]
    ends = [" "] * (len(lines) - 1) + [""]
    strings = [f'{"f" if set(line) & set("{}") else ""}"{line}{end}"' for line, end in zip(lines, ends, strict=True)]
    return strings[0] if len(strings) == 1 else "\n    " + "\n    ".join(strings) + "\n"


def literal(value: Any) -> str:
    """A plain value, or one of a scenario's parts, as Python.

    >>> literal({"a": ("b",)}), literal(20_000)
    ('{"a": ("b",)}', '20_000')
    """
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False)
        case bool() | None:
            return repr(value)
        case int():
            return f"{value:_}" if abs(value) >= 10_000 else repr(value)
        case tuple() | list():
            inside = ", ".join(map(literal, value)) + ("," if isinstance(value, tuple) and len(value) == 1 else "")
            return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"
        case Mapping():
            return "{" + ", ".join(f"{literal(key)}: {literal(one)}" for key, one in value.items()) + "}"
    if is_dataclass(value):
        return _made(value)
    return repr(value)


def spread_out(value: Mapping[str, Any]) -> str:
    """A mapping as Python, an entry a line."""
    return "{\n" + "".join(f"    {literal(key)}: {literal(one)},\n" for key, one in value.items()) + "}"


def in_parentheses(python: str) -> str:
    """Python in parentheses, unless it is a name, a number, a call or a place.

    >>> in_parentheses("a[0]"), in_parentheses("a + b")
    ('a[0]', '(a + b)')
    """
    part = ast.parse(python, mode="eval").body
    return python if isinstance(part, (ast.Name, ast.Constant, ast.Call, ast.Subscript)) else f"({python})"


def _made(value: Any) -> str:
    """A call that makes a frozen value again; what is as by default is left out."""
    words = []
    for one in fields(value):
        held = getattr(value, one.name)
        if one.default is MISSING:
            words.append(literal(held))
        elif held != one.default:
            words.append(f"{one.name}={literal(held)}")
    name = type(value).__name__
    return f"{_HOME.get(name, name)}({', '.join(words)})"


def _tidy(formula: str) -> str:
    return " ".join(formula.split())


def _tree(formula: str) -> ast.expr:
    return ast.parse(_tidy(formula), mode="eval").body


def _of_numpy(name: str) -> bool:
    return name in functions() and getattr(np, name, None) is functions()[name]
