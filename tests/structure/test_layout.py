"""The code keeps to its own rules: imports point one way, chance has one home, files stay readable."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "abm"
# Each layer may import itself and those before it; a set is one layer.
ORDER = [
    {"quantities"}, {"quarters"}, {"rng"}, {"compiled", "workers"}, {"theory"}, {"scenario"}, {"world"}, {"dynamics"},
    {"observe"}, {"model"}, {"simulation"}, {"explanation", "pairing", "incidence", "goal", "following"}, {"calibration"},
    {"bench"}, {"verification"}, {"sweep"}, {"figures"}, {"lessons"}, {"ui"}, {"cli", "__main__"},
]  # fmt: skip
RANK = {name: i for i, layer in enumerate(ORDER) for name in layer}
FILES = sorted(PACKAGE.rglob("*.py"))


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_layers(path: Path) -> set[str]:
    layers = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names = [node.module or ""]
            if node.module == "abm":
                names = [f"abm.{alias.name}" for alias in node.names]
        layers |= {name.split(".")[1] for name in names if name.startswith("abm.")}
    return layers


@pytest.mark.parametrize("path", [f for f in FILES if f.name != "__init__.py" or f.parent != PACKAGE], ids=str)
def test_imports_point_one_way(path):
    here = layer_of(path)
    assert here in RANK, f"{here} has no place in the order"
    for other in imported_layers(path):
        if other in RANK:
            assert RANK[other] <= RANK[here], f"{path} ({here}) imports {other}"


@pytest.mark.parametrize("layer", ["theory", "scenario"])
def test_theory_and_scenario_know_no_mesa(layer):
    for path in (PACKAGE / layer).rglob("*.py"):
        assert "import mesa" not in path.read_text(encoding="utf-8"), path


def test_chance_has_one_home():
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert "np.random" not in text, path
        assert "import random" not in text, path


def test_nothing_speaks_of_a_machine_or_a_registry():
    for path in [*FILES, *ROOT.glob("*.toml"), *ROOT.glob("*.txt"), ROOT / "Makefile", ROOT / "README.md"]:
        text = path.read_text(encoding="utf-8")
        for word in ("index-url", "/root/", "/home/", "pypi.org/simple"):
            assert word not in text, f"{path}: {word}"
