"""The README's Python runs as printed, and its pictures exist."""

import re
from pathlib import Path

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

    known = {c.name or c.callback.__name__ for c in app.registered_commands}
    for command in re.findall(r"\.venv/bin/abm (\w+)", README):
        assert command in known, command
