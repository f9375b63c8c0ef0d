"""Studies and their published answers belong together."""

import re
import sys
from pathlib import Path

import pytest

from abm.sweep.files import load_study

FOLDER = Path(__file__).parents[2] / "experiments" / "studies"
FILES = sorted(FOLDER.glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_answer_is_of_its_study_as_it_stands(file):
    study = load_study(file)
    text = file.with_suffix(".md").read_text(encoding="utf-8")
    assert text.startswith(f"# {study.question}\n") and study.question.endswith("?")
    assert (
        f"digest {study.digest}," in text and f"*{study.runs} runs of {study.firms:,} sampled firms, 0 failed" in text
    )
    shown = re.findall(r"\((results/[^)]*)\)", text) + re.findall(r"`(results/[^`]*)`", text)
    assert len(shown) >= 2
    for name in shown:
        assert (FOLDER / name).is_file(), name


def test_every_study_has_an_answer(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    from answers import ANSWERS

    assert {file.stem for file in FILES} == set(ANSWERS) and len(FILES) >= 6
    sys.modules.pop("answers")
