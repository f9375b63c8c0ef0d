"""The mutants: every change of a file in one place that the settings allow."""

from __future__ import annotations

import ast
import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT, HERE = Path(__file__).parents[2], Path(__file__).parent
SETTINGS = tomllib.loads((HERE / "settings.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Mutant:
    """One change of one file.

    Attributes:
        file: The file, from the root of the project.
        number: Number of the first line changed.
        line: That line as it is.
        becomes: That line as it is then.
        code: The whole file as it is then.
        order: Place in the random order of trial; the same as long as the lines are the same.
        key: What its result is kept by; another one as soon as anything in the file changes.
    """

    file: str
    number: int
    line: str
    becomes: str
    code: str
    order: str
    key: str


def digest(*texts: object) -> str:
    """Digest of some texts."""
    return hashlib.blake2b("\0".join(map(str, texts)).encode(), digest_size=10).hexdigest()


def mutants_of(path: Path) -> Iterator[Mutant]:
    """All changes of a file, except within annotations and assertions, which are there for the type checker."""
    source, file, seen = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix(), Counter[str]()
    tree = list(ast.walk(ast.parse(source)))
    idle = [getattr(node, name, None) for node in tree for name in ("annotation", "returns")]
    idle += [node for node in tree if isinstance(node, ast.Assert)]
    spans = [((n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset)) for n in idle if n]
    nodes = list(ast_nodes(get_ast(source)))
    for name in SETTINGS["operators"]:
        operator = get_operator(f"core/{name}")()
        places = [start for node in nodes for start, _ in operator.mutation_positions(node)]
        for occurrence, place in enumerate(places):
            code = mutate_code(source, operator, occurrence)
            try:
                compile(code, file, "exec")
            except SyntaxError:  # for example, the star of keyword arguments is no product
                continue
            if any(start <= place < end for start, end in spans):
                continue
            pairs = enumerate(zip(source.splitlines(), code.splitlines(), strict=True), 1)
            number, (line, becomes) = next((n, pair) for n, pair in pairs if pair[0] != pair[1])
            line, becomes = line.strip(), becomes.strip().replace("[ ", "[").replace("( ", "(").replace("  ", " ")
            seen[line + becomes] += 1
            order = digest(file, line, becomes, seen[line + becomes])
            yield Mutant(file, number, line, becomes, code, order, digest(order, source))
