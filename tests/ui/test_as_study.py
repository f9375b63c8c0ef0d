"""The question of the page as a study of a sweep."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest

import abm
from abm.observe.indicators import WEIGHTS
from abm.scenario.kinds import KINDS
from abm.sweep.files import study_of
from abm.ui.choices import Question, View, own_scenario, targets_of
from abm.ui.snippets import OWN, POINTS, as_study


@pytest.mark.parametrize("preset", abm.library())
def test_a_preset_without_levers_is_a_study_of_draws(preset, language):
    study = study_of(tomllib.loads(as_study(Question(preset=preset, region="india"), View(quarter="2027Q4"))))
    assert [one.name for one in study.factors] == ["draw"] and study.quarters == ("2027Q4",)
    assert (study.design.method, study.design.count) == ("latin_hypercube", POINTS)
    assert study.scenario.digest == abm.Scenario.load(preset).digest


@pytest.mark.parametrize("kind", KINDS)
def test_each_lever_is_varied_around_its_level(kind):
    level = KINDS[kind].level
    for value in {level.low, level.high, round(level.high / 3, 3)} - {0.0}:
        if level.integer and value != int(value):
            continue
        question = Question("price_war", "european_union", 3_000).moved(kind, level=value, target=targets_of(kind)[-1])
        question = question if KINDS[kind].once else question.moved(kind, start="2027Q2", end="2029Q1")
        study = study_of(tomllib.loads(as_study(question, View())))
        draw, lever = study.factors
        low, high = lever.declared.prior
        assert (draw.name, lever.name, study.firms) == ("draw", kind, 3_000)
        assert level.low <= low < high <= level.high and low <= value <= high
        world = study.world({"draw": None, kind: question.lever(kind).level})
        assert world.interventions == question.scenario().interventions


@pytest.mark.parametrize("weight", WEIGHTS)
def test_what_is_shown_is_kept(weight, language):
    question = Question(region="gulf").moved("subsidy", level=0.3).moved("leak", level=0.2)
    study = study_of(tomllib.loads(as_study(question, View(weight=weight))))
    assert [one.name for one in study.factors] == ["draw", "leak", "subsidy"]
    kept = {(one.indicator, one.at, one.weight) for one in study.indicators.values()}
    assert ("open_share", (("region", "gulf"),), weight) in kept and len(kept) == len(study.indicators) == 8


def test_an_own_scenario_is_a_file_beside_it(tmp_path, language):
    title = 'A "war"\\ of prices\nand 价格'
    own = own_scenario(replace(abm.Scenario.load("price_war"), title=title).to_toml())
    question = Question(own=own).moved("subsidy", level=0.3)
    text = as_study(question, View())
    assert OWN in text.split("\n\n")[0].split("question")[0], "a comment says which file it needs"
    (tmp_path / OWN).write_text(own, encoding="utf-8")
    study = study_of(tomllib.loads(text), tmp_path)
    assert study.scenario.digest == question.before_levers().digest
    assert study.world({"draw": None, "subsidy": 0.3}).digest == question.scenario().digest


def test_a_point_of_it_runs():
    question = Question(firms=1_000).moved("subsidy", level=0.3)
    study = study_of(tomllib.loads(as_study(question, View())))
    (row,) = study.rows(0)
    assert all(np.isfinite(row[name]) for name in study.indicators)
