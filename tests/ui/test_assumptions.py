"""The panel of assumptions: every declared parameter, as declared and as the posterior's file has it."""

import csv
import io
from pathlib import Path

import ipyvuetify as vuetify
import numpy as np
import pytest
import solara

import abm
from abm.scenario import posterior
from abm.scenario.parameters import DECLARATIONS
from abm.ui import assumptions as panel
from abm.ui import strings
from abm.ui.choices import BASELINE, Question

BASE = abm.Scenario.load(BASELINE)


def test_every_declared_parameter_has_one_row_and_the_median_of_the_file():
    found = panel.assumptions(BASE, BASE)
    names = [one.name for one in found]
    assert len(names) == len(set(names)) and names[: len(DECLARATIONS)] == list(DECLARATIONS)
    path = Path(posterior.SHIPPED) / "posterior_all.csv"
    heads = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    draws = dict(zip(heads, np.loadtxt(path, delimiter=",", skiprows=1).T, strict=True))
    assert set(names) - set(DECLARATIONS) == {head for head in heads if head.startswith("regions.")} != set()
    for one in found:
        if one.name in draws:
            assert one.posterior == pytest.approx(tuple(np.quantile(draws[one.name], [0.5, 0.05, 0.95])))
        else:
            assert one.posterior is None and strings.NOT_ESTIMATED in one.row()
        assert not one.changed and len(one.row()) == len(strings.ASSUMPTION_HEADS)


def test_a_column_that_is_missing_is_not_estimated(monkeypatch):
    shorter = posterior.posterior_table("all").drop(columns=["demand.price_elasticity"])
    monkeypatch.setattr(panel, "posterior_table", lambda which: shorter)
    row = next(one for one in panel.assumptions(BASE, BASE) if one.name == "demand.price_elasticity")
    assert row.posterior is None and row.row().count(strings.NOT_ESTIMATED) == 2


def test_what_the_what_if_changes_is_marked_and_everything_can_be_taken_away():
    changes = {"cost.contract_years": 3.5, "interaction.network": "everyone", "regions.india.wage": 9_000.0}
    found = panel.assumptions(BASE.replace(changes), BASE)
    assert {one.name: one.value for one in found if one.changed} == changes
    row = next(one for one in found if one.name == "cost.contract_years")
    assert "3.5" in row.row()[2] and "2" in row.row()[2]
    rows = list(csv.DictReader(io.StringIO(panel.as_csv(found))))
    assert [one["name"] for one in rows] == [one.name for one in found]
    assert {one["name"]: one["what_if"] for one in rows}["cost.contract_years"] == "3.5"
    assert {one.name for one in found if one.has("ELASTICITY")} >= {"demand.price_elasticity"}
    assert set(strings.ASSUMPTION_GROUPS) >= {one.group for one in found}


def headings(rc):
    return [one.children[0] for one in rc.find(vuetify.Html, tag="h3").widgets]


def test_the_panel_is_empty_until_it_is_opened():
    _, rc = solara.render(panel.Assumptions(Question()), handle_error=False)
    assert not rc.find(vuetify.TextField).widgets
    rc.find(vuetify.Btn, children=[strings.ASSUMPTIONS_OPEN]).widget.click()
    rc.find(vuetify.TextField).wait_for()
    assert strings.ASSUMPTION_GROUPS["demand"] in headings(rc)
    rc.find(vuetify.TextField).widget.v_model = "diffusion."
    assert headings(rc) == [strings.ASSUMPTION_GROUPS["diffusion"]]
    rc.close()
