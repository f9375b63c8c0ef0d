"""Scenarios: frozen, checked, read and written without loss."""

import dataclasses
import pickle

import pytest

import abm
from abm.quarters import quarter_name, quarter_number
from abm.scenario.kinds import KINDS
from abm.scenario.parameters import DECLARATIONS, Parameters
from abm.scenario.policy import parse_intervention

NEEDED = {
    "baseline", "ai_plus", "no_open_models", "price_war", "data_sovereignty", "trust_shock", "export_controls",
    "open_first",
}  # fmt: skip


def test_library_has_the_named_scenarios():
    assert set(abm.library()) >= NEEDED
    assert abm.library()[0] == "baseline"


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_toml_round_trip(name):
    scenario = abm.Scenario.load(name)
    again = abm.Scenario.from_toml(scenario.to_toml())
    assert again == scenario and again.digest == scenario.digest
    assert scenario.title and scenario.story


def test_round_trip_with_everything_changed():
    scenario = abm.Scenario.load("ai_plus").replace(
        {"demand.price_elasticity": 1.4, "regions.china.wage": 25_000, "end": "2031Q2", "interaction.peers": 6}
    )
    again = abm.Scenario.from_toml(scenario.to_toml())
    assert again == scenario
    assert again.tables.figures["regions.wage"][again.tables.region_names.index("china")] == 25_000


def test_digest_tells_questions_apart_and_ignores_names():
    base = abm.Scenario.load("baseline")
    assert base.digest == base.replace(name="other", title="x", story="y").digest
    assert base.digest != base.replace({"interaction.strength": 1.0}).digest
    assert base.digest != abm.Scenario.load("ai_plus").digest
    assert pickle.loads(pickle.dumps(base)).digest == base.digest


def test_scenarios_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        abm.Scenario.load("baseline").end = "2030Q4"


def test_difference_says_what_differs():
    base = abm.Scenario.load("baseline")
    assert abm.difference(base, base) == []
    lines = abm.difference(base, base.replace({"cost.maintenance": 0.5, "regions.india.wage": 5000}))
    assert any(line.startswith("cost.maintenance: ") and line.endswith("-> 0.5") for line in lines)
    assert "regions.india.wage: table value -> 5000" in lines
    assert any(
        "subsidy 0.5 in china from 2025Q4" in line for line in abm.difference(base, abm.Scenario.load("ai_plus"))
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"demand.price_elasticity": 0.5}, ["0.5", "1.02 to 3"]),
        ({"demand.price_elasticity": float("nan")}, ["nan"]),
        ({"demand.elastic": 2}, ["demand.elastic", "demand.price_elasticity"]),
        ({"interaction.peers": 2.5}, ["2.5", "whole number"]),
        ({"regions.mars.wage": 1000}, ["mars", "china"]),
        ({"regions.china.weather": 1}, ["weather", "wage"]),
        ({"start": "2021Q1"}, ["2021Q1", "2023Q1"]),
        ({"end": "2022Q1"}, ["2022Q1"]),
        ({"end": "tomorrow"}, ["tomorrow", "2027Q4"]),
        ({"history": "invented"}, ["invented", "observed"]),
        ({"withdrawn": ("license:free",)}, ["free", "open"]),
    ],
)
def test_bad_values_are_refused_in_words(changes, words):
    with pytest.raises(abm.InputError) as error:
        abm.Scenario.load("baseline").replace(changes)
    for word in words:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("subsidy:region=mars,level=0.1,start=2026Q1", ["mars", "china"]),
        ("subsidy:region=china,level=1.5,start=2026Q1", ["1.5", "0 to 0.9"]),
        ("subsidy:region=china,level=0.1,start=2020Q1", ["2020Q1", "2023Q1"]),
        ("subsidy:region=china,level=0.1,start=2030Q1,end=2029Q1", ["2029Q1", "2030Q1"]),
        ("subsidy:region=china,level=much,start=2026Q1", ["much"]),
        ("subsidy:region=china,start=2026Q1", ["level"]),
        ("subsidy:colour=red,level=0.1,start=2026Q1", ["colour=red"]),
        ("bribe:level=0.1,start=2026Q1", ["bribe", "subsidy"]),
        ("ban:level=1,start=2026Q1", ["target"]),
        ("ban:level=1,start=2026Q1,target=offer:clippy", ["clippy", "deepseek"]),
        ("price_change:level=-0.5,start=2026Q1,region=india,target=lab:openai", ["india", "region"]),
        ("price_change:level=-0.5,start=2026Q1,target=origin:home", ["origin:home", "everywhere"]),
    ],
)
def test_bad_interventions_are_refused_in_words(text, words):
    with pytest.raises(abm.InputError) as error:
        abm.Scenario.load("baseline").enact(parse_intervention(text))
    for word in words:
        assert word in str(error.value)


def test_bad_files_are_refused(tmp_path):
    for text in ("not toml = = 1", 'unknown_key = "x"', '[parameters]\n"choice.taste_scale" = "big"'):
        path = tmp_path / "mine.toml"
        path.write_text(text)
        with pytest.raises(abm.InputError):
            abm.Scenario.load(path)
    with pytest.raises(abm.InputError, match="cannot be read"):
        abm.Scenario.load(tmp_path / "missing.toml")


def test_every_default_lies_in_its_range_and_has_a_source():
    default = Parameters()
    for name, quantity in DECLARATIONS.items():
        quantity.check(name, default.get(name))
        assert quantity.label and quantity.unit and quantity.source, name
    for kind in KINDS.values():
        assert kind.level.low <= 0 <= kind.level.high and kind.mechanism


def test_comparing_equals_is_an_error(baseline):
    with pytest.raises(abm.InputError, match="same scenario"):
        abm.compare(baseline, baseline.replace(title="another title"), seeds=1)


def test_a_variant_that_changed_nothing_is_an_error(baseline):
    short = baseline.replace(end="2023Q2")
    idle = short.replace({"readiness.training_cost": 900})
    with pytest.raises(abm.InputError, match="changed nothing"):
        abm.compare(short, idle, seeds=1, firms=1_000)


def test_quarters():
    assert quarter_name(quarter_number("2027Q4")) == "2027Q4"
    assert quarter_number("2024Q1") - quarter_number("2023Q4") == 1


def test_record_round_trip(small, tmp_path):
    path = small.save(tmp_path / "deep" / "record.nc")
    again = abm.Record.load(path)
    assert again.data.equals(small.data)
    assert again.digest == small.digest and again.scenario == small.scenario
    frame = small.to_pandas()
    assert frame["firms"].sum() == pytest.approx(float(small.data["firms"].sum()))
    assert list(tmp_path.rglob(".*")) == []


def test_unreadable_records_and_indicators_are_refused(small, tmp_path):
    broken = tmp_path / "broken.nc"
    broken.write_bytes(b"nothing")
    with pytest.raises(abm.InputError, match="cannot be read"):
        abm.Record.load(broken)
    for how in (
        {"name": "happiness"},
        {"name": "penetration", "by": "offer"},
        {"name": "open_share", "weight": "kilos"},
    ):
        with pytest.raises(abm.InputError):
            small.indicator(**how)


@pytest.mark.parametrize(
    "text, near",
    [('titel = "x"', "title"), ('[[interventions]]\nkid = "subsidy"', "kind"),
     ('[[governments]]\nregoin = "china"', "region"), ('[[entrants]]\nnmae = "x"', "name")],
)  # fmt: skip
def test_a_misspelt_field_is_answered_with_the_nearest(text, near):
    with pytest.raises(abm.InputError, match=f"Did you mean.*{near}"):
        abm.Scenario.from_toml(text)
