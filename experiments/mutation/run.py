"""Mutation tests: change the code in one place, see whether a test fails, put it back, and so on through all places.

`make mutation` runs this on a copy of the project and writes `docs/mutation.md`. It may be stopped at any time: what is
known is kept, and the next run goes on from there.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import sys
import tomllib
from collections import Counter
from datetime import date
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path
from platform import python_version
from time import perf_counter
from typing import Any

from cosmic_ray.testing import run_tests
from mutants import HERE, ROOT, SETTINGS, Mutant, digest, mutants_of
from scipy.stats import binomtest

PAGE, WORK = ROOT / "docs" / "mutation.md", ROOT / "out" / "mutation"
COPY, RESULTS, KEPT, SCRATCH = (WORK / name for name in ("copy", "results.jsonl", "compiled", "scratch"))
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "out", ".*_cache", ".hypothesis", "__pycache__")

# Any change of a source empties the cache of machine code; where no compiled function changed, it is filled again.
START = """
import pathlib, pytest, shutil, sys
for kept in pathlib.Path(sys.argv[1]).glob("compiled/*"):
    from abm.compiled import FOLDER
    shutil.copytree(kept, FOLDER, dirs_exist_ok=True)
sys.exit(pytest.main(sys.argv[2:]))
"""


def tested(tests: str, kept: Path, cache: Path, limit: float) -> tuple[str, float]:
    """Run tests on the copy as it is now.

    Args:
        tests: What to tell pytest.
        kept: Machine code to start with, a folder that need not exist.
        cache: Where machine code is put.
        limit: Seconds after which the tests are ended.

    Returns:
        "killed", "timed out" or "survived", and the seconds that it took.
    """
    os.environ |= {"PYTHONPATH": str(COPY), "NUMBA_CACHE_DIR": str(cache), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    options = ["-x", "--tb=line", "-p", "no:cacheprovider", *tests.split()]
    start = perf_counter()
    outcome, output = run_tests(shlex.join([sys.executable, "-c", START, str(kept), *options]), limit)
    return "timed out" if output == "timeout" else outcome.value, perf_counter() - start


def try_out(folder: dict[str, Any], mutants: list[Mutant], state: str) -> None:
    """Try some mutants of a folder and write down what came of each, with the state of the tests."""
    for left in (COPY, KEPT, SCRATCH):  # a run that was cut off may have left a mutant there
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(ROOT, COPY, ignore=NOT_COPIED)
    os.chdir(COPY)
    print(f"{folder['name']}: {len(mutants)} mutants, first the tests without any", flush=True)
    ended, seconds = tested(folder["tests"], SCRATCH, KEPT, 3600)
    if ended != "survived":
        sys.exit(f"Without any mutant, these tests have {ended}: {folder['tests']}")
    for place, mutant in enumerate(mutants, 1):
        file = COPY / mutant.file
        original = file.read_bytes()
        file.write_text(mutant.code, encoding="utf-8")
        # A constant of a module may be compiled in by another file, a line within a function only by its own.
        alone = not folder["compiled"] and mutant.code.splitlines()[mutant.number - 1].startswith(" ")
        tests = f"{SETTINGS['first'].get(mutant.file, '')} {folder['tests']}"
        ended, took = tested(tests, KEPT if alone else SCRATCH, SCRATCH, 3 * seconds + 10)
        file.write_bytes(original)
        shutil.rmtree(SCRATCH, ignore_errors=True)
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write(json.dumps({"mutant": mutant.key, "ended": ended, "state": state}) + "\n")
        said = f"{place}/{len(mutants)} {ended} after {took:.0f} s, {mutant.file}:{mutant.number}"
        print(f"{said}\n  - {mutant.line}\n  + {mutant.becomes}", flush=True)


def state_of(tests: str) -> str:
    """Digest of test files: a mutant that survived others than these is tried again."""
    paths = [ROOT / "tests" / "conftest.py", *(ROOT / part for part in tests.split() if not part.startswith("-"))]
    files = sorted(file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path]))
    return digest(*(file.read_text(encoding="utf-8") for file in files))


def known_results() -> dict[str, dict[str, str]]:
    """The last result of each mutant, by key: how it ended, and the state of the tests then."""
    lines = RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else []
    return {one["mutant"]: one for one in map(json.loads, lines)}


def write_page(mutants: dict[str, list[Mutant]], results: dict[str, str]) -> bool:
    """Write the page; whether every survivor has a reason and enough mutants are killed."""
    known = tomllib.loads((HERE / "survivors.toml").read_text(encoding="utf-8")).get("survivor", [])
    reasons = {(one["file"], one["line"], becomes): one["reason"] for one in known for becomes in one["becomes"]}
    rows, survivors, fine = [], [], True
    for folder, all_of_it in mutants.items():
        # In the random order, results up to the first that is missing are a random sample.
        tried = list(takewhile(lambda mutant: mutant.key in results, all_of_it))
        ended = Counter(results[mutant.key] for mutant in tried)
        killed = len(tried) - ended["survived"]
        share = f"{killed / len(tried):.1%}" if tried else "not run"
        if 0 < len(tried) < len(all_of_it):
            interval = binomtest(killed, len(tried)).proportion_ci(method="wilson")
            share += f" ({interval.low:.0%} to {interval.high:.0%})"
        cells = (folder, len(all_of_it), len(tried), killed, ended["timed out"], ended["survived"], share)
        rows.append(f"| {' | '.join(map(str, cells))} |")
        survivors += sorted((m.file, m.number, m.line, m.becomes) for m in tried if results[m.key] == "survived")
        fine &= killed >= SETTINGS["enough"] * len(tried)
    versions = {"day": date.today(), "cosmic_ray": version("cosmic-ray"), "python": python_version()}
    text = (HERE / "page.md").read_text(encoding="utf-8").format(rows="\n".join(rows), **versions)
    for file, number, line, becomes in survivors:
        reason = reasons.get((file, line, becomes), "no reason yet")
        fine &= reason != "no reason yet"
        text += f"\n`{file}`, line {number}: {reason}\n\n```diff\n- {line}\n+ {becomes}\n```\n"
    PAGE.write_text(text, encoding="utf-8")
    print("\n".join(rows), f"\n{len(survivors)} survivors, see {PAGE.relative_to(ROOT)}")
    return fine


def main() -> int:
    """Try the mutants that are not known yet and write the page; 1 if it is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="mutants of each folder, drawn at random; all if left out")
    parser.add_argument(
        "--only", default="", help="the file or the folder to change, as the page names it; all if left out"
    )
    chosen = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    known, mutants, taken = known_results(), {}, set[Path]()
    for folder in SETTINGS["folder"]:
        files = {path for pattern in folder["files"] for path in ROOT.glob(pattern)} - taken
        taken |= files
        mutants[folder["name"]] = found = sorted((m for path in files for m in mutants_of(path)), key=lambda m: m.order)
        state = state_of(folder["tests"])
        settled = {key for key, one in known.items() if one["ended"] != "survived" or one["state"] == state}
        asked = [m for m in found[: chosen.sample] if chosen.only in (m.file, folder["name"], "")]
        if missing := [m for m in asked if m.key not in settled]:
            try_out(folder, missing, state)
    return 0 if write_page(mutants, {key: one["ended"] for key, one in known_results().items()}) else 1


if __name__ == "__main__":
    sys.exit(main())
