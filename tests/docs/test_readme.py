"""The README's Python runs as printed, and its pictures exist."""

import re
import tomllib
from pathlib import Path

from abm.sweep.designs import METHODS
from abm.sweep.files import study_of

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_eight_lines_run(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) == 8
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "european_union" in printed and "subsidy 0.5 on license:open in china from 2026Q3" in printed


def test_pictures_and_files_named_exist():
    for path in re.findall(r"\]\(([^)#:]+)\)", README) + re.findall(r"`((?:docs|abm)/[\w./]+)`", README):
        assert (ROOT / path).exists(), path


def test_commands_named_exist():
    from abm.cli import app

    known = {c.name or c.callback.__name__ for c in app.registered_commands} | {g.name for g in app.registered_groups}
    for command in re.findall(r"\.venv/bin/abm (\w+)", README):
        assert command in known, command


def test_the_study_in_the_page_of_sweeps_is_one():
    text = (ROOT / "docs/sweeps.md").read_text(encoding="utf-8")
    (toml,) = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    study = study_of(tomllib.loads(toml))
    assert study.runs == 1000 and len(study.rows(0)) == 2
    for method in METHODS:
        assert f"| {method} |" in text, method
    from abm.sweep.analysis import METHODS as READINGS

    for method in READINGS:
        assert f"| {method} |" in text, method


def test_the_page_of_instruments_is_that_of_the_declarations():
    from abm.cli.catalogue import table_of_kinds

    assert (ROOT / "docs/instruments.md").read_text(encoding="utf-8") == table_of_kinds()


def test_every_source_that_an_instrument_names_is_in_the_tables():
    from abm.scenario.kinds import KINDS
    from abm.scenario.loading import load_tables
    from abm.scenario.tables import DATA

    known = {*load_tables().frames["sources"]["source"], "press", *(path.name for path in DATA.glob("*.csv"))}
    for kind in KINDS.values():
        for named in re.findall(r"\(([a-z0-9_.]+)\)", kind.evidence):
            assert named in known, named
