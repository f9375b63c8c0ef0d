"""What a user can choose: levers from the declared kinds, addresses that are checked, runs that are kept."""

import base64
import threading
import time
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import abm
from abm.observe.indicators import WEIGHTS
from abm.scenario.kinds import KINDS
from abm.scenario.loading import load_tables
from abm.ui.address import address_of, choices_of
from abm.ui.choices import Desk, Question, View, own_scenario, slider_step, targets_of
from abm.ui.desk import scenario_of_file
from abm.ui.runs import RunStore, SupersededError
from abm.ui.snippets import in_python


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_lever_whose_slider_reaches_both_ends_and_zero(kind):
    quantity, step = KINDS[kind].level, slider_step(kind)
    for value in (0 - quantity.low, quantity.high - quantity.low):
        assert value / step == pytest.approx(round(value / step))


@pytest.mark.parametrize("region", ["china", "united_states", "india"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_lever_makes_a_scenario(kind, region):
    top = KINDS[kind].level.high
    scenario = Question(region=region).moved(kind, level=top).scenario()
    (one,) = scenario.interventions
    assert (one.kind, one.level) == (kind, top)
    assert one.region == (region if KINDS[kind].actor == "government" else "all")
    assert one.target in targets_of(kind)
    assert one.target != f"origin:{region}", "a lever starts out against the own labs"


def test_levers_act_on_top_of_the_preset_and_go_back_to_nothing():
    question = Question(preset="ai_plus").moved("ban", level=0.5).moved("ban", target="license:proprietary")
    kinds = [i.kind for i in question.scenario().interventions]
    assert kinds == ["subsidy", "training", "procurement", "ban"]
    assert question.scenario().interventions[-1].target == "license:proprietary"
    assert question.moved("ban", level=0.0).scenario().digest == Question(preset="ai_plus").scenario().digest


def test_a_lever_is_in_force_when_it_is_dated():
    scenario = Question().moved("subsidy", level=0.5, start="2028Q1", end="2029Q4").scenario()
    (one,) = scenario.interventions
    assert (one.start, one.end) == ("2028Q1", "2029Q4")


def some_desk(rng):
    """Any question that the page can ask, and any put aside."""

    def question():
        made = Question(
            preset=str(rng.choice(abm.library())), region=str(rng.choice(load_tables().region_names)),
            firms=int(rng.integers(1_000, 50_001)),
            own=own_scenario(abm.Scenario.load("price_war").to_toml()) if rng.random() < 0.3 else "",
        )  # fmt: skip
        for kind in rng.choice(list(KINDS), 4, replace=False):
            low, high = KINDS[kind].level.low, KINDS[kind].level.high
            made = made.moved(str(kind), level=float(rng.choice(np.linspace(low, high, 11))))
            if rng.random() < 0.5:
                made = made.moved(str(kind), target=str(rng.choice(targets_of(kind))), start="2027Q2", end="2031Q1")
        return made

    view = View(
        quarter="2027Q4", weight=str(rng.choice(WEIGHTS)), all_regions=bool(rng.random() < 0.5), map_measure="open_share",
        vendors_in_world=True, sector="finance",
    )  # fmt: skip
    return Desk(question(), tuple(question() for _ in range(rng.integers(0, 3)))), view


def test_an_address_restores_everything():
    rng = np.random.default_rng(4)
    for _ in range(60):
        desk, view = some_desk(rng)
        address = address_of(desk, view)
        assert choices_of(f"?{address}") == (desk, view, "")
    assert address_of(Desk(), View()) == ""


def test_address_is_checked_and_what_is_ignored_is_said():
    desk, _, said = choices_of("?preset=open_first&region=india&firms=3000&subsidy=0.3&subsidy.from=2027Q1")
    expected = Question(preset="open_first", region="india", firms=3000).moved("subsidy", level=0.3, start="2027Q1")
    assert (desk.question, said) == (expected, "")
    desk, view, said = choices_of(
        "?preset=nonsense&firms=99999999&region=mars&subsidy=7&ban=much&training=0.1&training.from=1999Q1&weight=kilos"
        "&quarter=2099Q4&all_regions=yes&surprise=1&own=AAAA&kept=firms%3D1&kept=&kept="
    )
    highest = KINDS["subsidy"].level.high
    assert desk.question == Question(firms=50_000).moved("subsidy", level=highest).moved("training", level=0.1)
    assert desk.kept == (Question(firms=1_000), Question()) and view == View()
    for word in ("nonsense", "99999999", "mars", "50000", "subsidy '7'", "much", "1999Q1", "kilos", "2099Q4", "yes",
                 "surprise", "scenario in the address", "3 kept"):  # fmt: skip
        assert word in said, word
    for text in ("many", "nan", "inf", "1e999", "-1"):
        assert 1_000 <= choices_of(f"?firms={text}")[0].question.firms <= 50_000


@given(st.text(max_size=200))
def test_no_address_breaks_the_page(text):
    desk, _, _ = choices_of(text)
    assert desk.question.scenario().digest


def test_a_scenario_that_unpacks_to_too_much_is_refused():
    bomb = base64.urlsafe_b64encode(zlib.compress(b"# " + b"a" * 10_000_000)).decode()
    started = time.perf_counter()
    desk, _, said = choices_of(f"?own={bomb}")
    assert desk == Desk() and "scenario in the address" in said and time.perf_counter() - started < 1


def test_what_was_done_is_undone_and_done_again():
    first = Desk()
    second = first.asked(Question(region="india"))
    third = second.put_aside().asked(Question(region="gulf"))
    assert third.kept == (Question(region="india"),)
    back = third.undone().undone()
    assert (back.question, back.kept) == (Question(region="india"), ()) and back.redone().redone() == third
    assert back.undone().undone() == back.undone() and third.redone() == third
    assert back.asked(Question(firms=1_000)).future == () and second.asked(Question(region="india")) == second


def test_three_what_ifs_are_compared_at_most():
    desk = Desk()
    for region in ("india", "gulf", "united_states"):
        desk = desk.asked(Question(region=region)).put_aside()
    assert [one.region for one in desk.kept] == ["gulf", "united_states"]
    assert desk.put_aside() == desk and desk.dropped(desk.kept[0]).kept == desk.kept[1:]


def test_the_code_beside_the_page_gives_the_same_question():
    scenario = Question(preset="ai_plus", region="india", firms=1_500).moved("ban", level=0.5, end="2030Q4")
    for question in (scenario, replace(scenario, own=own_scenario(abm.Scenario.load("price_war").to_toml()))):
        made = {}
        exec(
            in_python(question).replace("abm.simulate", "simulate"),
            {"simulate": lambda s, firms, seed: RunOf(s, firms)},
            made,
        )
        assert made["scenario"].digest == question.scenario().digest and made["what_if"].firms == 1_500


class RunOf:
    """A run that was asked for."""

    def __init__(self, scenario, firms):
        self.scenario, self.firms = scenario, firms

    def indicator(self, name, by):
        return self

    def sel(self, region):
        return region


def test_a_file_that_is_no_scenario_is_refused_in_words():
    text = abm.Scenario.load("price_war").to_toml()
    assert scenario_of_file("a.toml", len(text), text) == text
    short = abm.Scenario.load("price_war").replace(start="2024Q1", end="2029Q4").to_toml()
    assert scenario_of_file("a.toml", len(short), short) == text, "what is compared covers the same quarters"
    for size, bad in ((10, "preset ="), (10**7, ""), (10, "[parameters]\nsurprise = 1")):
        with pytest.raises(abm.InputError, match=r"b\.toml cannot be used"):
            scenario_of_file("b.toml", size, bad)


def test_a_run_is_done_once_and_a_superseded_one_leaves_nothing():
    store, scenario, steps = RunStore(), Question().scenario(), []

    def give_up(done, total):
        raise SupersededError

    with pytest.raises(SupersededError):
        store.record(scenario, scenario, 800, give_up)
    assert store.kept(scenario, 800) is None
    first = store.record(scenario, scenario, 800, lambda done, total: steps.append(done / total))
    assert steps[-1] == 1
    again = []
    threads = [
        threading.Thread(target=lambda: again.append(store.record(scenario, scenario, 800, give_up))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(record is first for record in again) and len(again) == 4
