"""Type one draw of the shipped posterior into the declarations as their defaults.

    python experiments/type_defaults.py DRAW

The draw is the one that `make calibration` names, of the posterior from all figures.
Four digits are typed into `abm/scenario/parameters.py` and `abm/scenario/data/region_figures.csv`; nothing else changes.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import abm
from abm.scenario.posterior import NOT_OF_THE_MODEL, posterior_table

PACKAGE = Path(abm.__file__).parent
PARAMETERS = PACKAGE / "scenario/parameters.py"
REGIONS = PACKAGE / "scenario/data/region_figures.csv"


def main(draw: int) -> None:
    """Type the draw."""
    row = posterior_table("all").iloc[draw]
    values = {name: f"{row[name]:.4g}" for name in row.index if not name.startswith(NOT_OF_THE_MODEL)}
    source = PARAMETERS.read_text(encoding="utf-8")
    PARAMETERS.write_text(typed_parameters(source, values), encoding="utf-8")
    REGIONS.write_text(typed_regions(REGIONS.read_text(encoding="utf-8"), values), encoding="utf-8")


def typed_parameters(source: str, values: dict[str, str]) -> str:
    """The declarations with other defaults; a class `Choice` holds what is addressed by `choice.`."""
    lines = source.splitlines(keepends=True)
    for node in ast.parse(source).body:
        for part in node.body if isinstance(node, ast.ClassDef) else ():
            if (
                isinstance(part, ast.AnnAssign)
                and isinstance(part.target, ast.Name)
                and isinstance(part.value, ast.Call)
            ):
                new = values.get(f"{node.name.lower()}.{part.target.id}")
                if new is not None:
                    old = part.value.args[0]
                    line = lines[old.lineno - 1]
                    lines[old.lineno - 1] = line[: old.col_offset] + new + line[old.end_col_offset :]
    return "".join(lines)


def typed_regions(table: str, values: dict[str, str]) -> str:
    """The figures of regions with other values."""
    for name, new in values.items():
        if name.startswith("regions."):
            _, region, column = name.split(".")
            table, count = re.subn(rf"^({region},{column},)[^,]+", rf"\g<1>{new}", table, flags=re.MULTILINE)
            assert count == 1, name
    return table


if __name__ == "__main__":
    main(int(sys.argv[1]))
