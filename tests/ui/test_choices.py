"""What a user can choose: levers from the declared kinds, addresses that are checked, runs that are kept."""

import threading

import pytest

from abm.scenario.kinds import KINDS
from abm.ui.choices import Question, question_of, slider_step, targets_of
from abm.ui.runs import RunStore, SupersededError


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_lever_whose_slider_reaches_both_ends_and_zero(kind):
    quantity, step = KINDS[kind].level, slider_step(kind)
    for value in (0 - quantity.low, quantity.high - quantity.low):
        assert value / step == pytest.approx(round(value / step))


@pytest.mark.parametrize("region", ["china", "united_states", "india"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_lever_makes_a_scenario(kind, region):
    top = KINDS[kind].level.high
    scenario = Question(region=region).moved(kind, top).scenario()
    (one,) = scenario.interventions
    assert (one.kind, one.level) == (kind, top)
    assert one.region == (region if KINDS[kind].actor == "government" else "all")
    assert one.target in targets_of(kind)
    assert one.target != f"origin:{region}", "a lever starts out against the own labs"


def test_levers_act_on_top_of_the_preset_and_go_back_to_nothing():
    question = Question(preset="ai_plus").moved("ban", 0.5).aimed("ban", "license:proprietary")
    kinds = [i.kind for i in question.scenario().interventions]
    assert kinds == ["subsidy", "training", "procurement", "ban"]
    assert question.scenario().interventions[-1].target == "license:proprietary"
    assert question.moved("ban", 0.0).scenario().digest == Question(preset="ai_plus").scenario().digest


def test_address_is_checked_and_what_is_ignored_is_said():
    question, ignored = question_of("?preset=open_first&region=india&firms=3000")
    assert (question.preset, question.region, question.firms, ignored) == ("open_first", "india", 3000, "")
    question, ignored = question_of("?preset=nonsense&firms=99999999&region=mars")
    assert question == Question(firms=50_000)
    assert all(word in ignored for word in ("nonsense", "99999999", "mars", "50000"))
    assert question_of("?firms=many")[0] == Question()


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
