"""Looking inside: flows firm by firm, why a firm chose, every assumption, one sector alone."""

import time

import ipyvue
import ipyvuetify as vuetify
import numpy as np
import pytest
import solara

import abm
from abm import figures
from abm.following import flows_of
from abm.ui import strings
from abm.ui.cards import reasons
from abm.ui.cards.firm import FirmCard
from abm.ui.cards.flows import SMALL, FlowsCard, flows_chart, grouped
from abm.ui.cards.reasons import addresses, alternative_rows, terms_chart, told
from abm.ui.choices import BASELINE, Question, View
from abm.ui.pasts import SEED
from abm.ui.runs import Answer, SupersededError
from abm.ui.words import count

FIRMS, QUARTER, SECTOR = 800, "2028Q4", "finance"
BASE = abm.Scenario.load(BASELINE)
QUESTION = Question(firms=FIRMS).moved("subsidy", level=0.6)
WHAT_IF = QUESTION.scenario()


def quiet(done, total):
    """No progress."""


@pytest.fixture(scope="module")
def answer():
    return Answer(QUESTION, *(abm.simulate(one, firms=FIRMS, seed=SEED) for one in (BASE, WHAT_IF)))


@pytest.fixture(scope="module")
def flows():
    return flows_of(BASE, WHAT_IF, QUARTER, FIRMS, SEED, quiet)


def firms_by_offer(record, offers, quarter=QUARTER, **place):
    """Real firms by offer in a record, "none" included, over what is left of its cells."""
    firms = record.data["firms"].sel(quarter=quarter, **place)
    names = [str(x) for x in firms["option_offer"].values]
    return [float(firms.isel(option=[i for i, n in enumerate(names) if n in (one, "" if one == "none" else one)]).sum())
            for one in offers]  # fmt: skip


def test_flows_add_up_to_the_counts_of_two_runs_of_their_own(answer, flows):
    for place in ({}, {"region": "china"}, {"sector": SECTOR}, {"region": "china", "sector": SECTOR}):
        found = flows.within(place.get("region", ""), place.get("sector", ""))
        np.testing.assert_allclose(found.sum(axis=1), firms_by_offer(answer.base, flows.offers, **place), rtol=1e-9)
        np.testing.assert_allclose(found.sum(axis=0), firms_by_offer(answer.what_if, flows.offers, **place), rtol=1e-9)
    np.testing.assert_allclose(flows.firms.sum(), BASE.tables.firms.sum(), rtol=1e-9)
    assert flows.sampled == FIRMS
    moved = flows.within("china", "") * ~np.eye(len(flows.offers), dtype=bool)
    pairs = abm.flips(BASE, WHAT_IF, QUARTER, FIRMS, SEED).query("region == 'china'")
    assert moved.sum() == pytest.approx(pairs["firms"].sum()) and moved.sum() > 0


def test_equal_worlds_have_flows_on_the_diagonal_alone(answer):
    found = flows_of(BASE, BASE, QUARTER, FIRMS, SEED, quiet)
    whole = found.within("", "")
    assert np.count_nonzero(whole) == np.count_nonzero(np.diag(whole)) > 1
    np.testing.assert_allclose(np.diag(whole), firms_by_offer(answer.base, found.offers), rtol=1e-9)


def test_a_new_lab_has_flows_to_it_and_none_from_it():
    found = flows_of(BASE, abm.Scenario.load("european_champion"), "2035Q4", FIRMS, SEED, quiet)
    whole, at = found.within("", ""), found.offers.index("champion")
    assert whole[at].sum() == 0 < whole[:, at].sum()


@pytest.mark.parametrize("palette", [figures.LIGHT, figures.DARK], ids=["light", "dark"])
def test_the_chart_of_flows_loses_no_firm(flows, palette):
    whole = flows.within("", "")
    series = flows_chart(whole, flows.offers, flows.kinds, whole.sum(), palette)["series"][0]
    assert sum(link["value"] for link in series["links"]) == pytest.approx(whole.sum())
    names = {node["name"]: node for node in series["data"]}
    assert len(names) == len(series["data"])
    assert all(link["source"] in names and link["target"] in names for link in series["links"])
    for node in series["data"]:
        colour = node["itemStyle"]["color"]
        words = {palette.open: "(open)", palette.proprietary: "(proprietary)", palette.muted: strings.WITHOUT_AI}[
            colour
        ]
        assert words in node["name"] and words in node["label"]["formatter"]


def test_small_offers_of_a_kind_are_drawn_as_one():
    totals = np.array([0.002, 0.001, 0.3, 0.004, 0.0, 0.693])
    kinds = ("open", "open", "open", "proprietary", "proprietary", "none")
    groups = grouped(np.diag(totals), kinds)
    assert groups == [[2], [0, 1], [3], [5]] and SMALL > 0.004
    drawn = flows_chart(np.diag(totals), ("a", "b", "c", "d", "e", "none"), kinds, 1.0, figures.LIGHT)["series"][0]
    assert sum(link["value"] for link in drawn["links"]) == pytest.approx(totals.sum())
    assert [node["name"] for node in drawn["data"][:4]] == [
        f"{strings.BASELINE}: {label}"
        for label in ("c (open)", strings.OTHER_OFFERS["open"], "d (proprietary)", "no AI")
    ]


def test_following_stops_when_it_is_of_no_use_and_says_what_cannot_be():
    def superseded(done, total):
        raise SupersededError

    with pytest.raises(SupersededError):
        flows_of(BASE, WHAT_IF, QUARTER, FIRMS, SEED, superseded)
    with pytest.raises(abm.InputError, match="2030Q4"):
        flows_of(BASE, BASE.replace(end="2028Q4"), "2030Q4", FIRMS, SEED, quiet)
    with pytest.raises(abm.InputError, match="other firms"):
        flows_of(BASE, BASE.replace(regions=("china",)), QUARTER, FIRMS, SEED, quiet)


@pytest.fixture(scope="module")
def explained():
    small, reasons.FIRMS = reasons.FIRMS, FIRMS
    known = addresses(WHAT_IF, "china", SECTOR, "large")
    yield known, [abm.explain(WHAT_IF, one, QUARTER, FIRMS, SEED) for one in known[:2]]
    reasons.FIRMS = small


def test_all_firms_of_a_kind_can_be_asked(explained):
    known, found = explained
    sampled = abm.simulate(BASE.replace(end=BASE.start), FIRMS, SEED).sampled_firms
    assert sampled == FIRMS and len(known) == len(set(known)) >= 2
    with pytest.raises(abm.InputError):
        abm.explain(WHAT_IF, known[-1][:-1] + str(len(known)), QUARTER, FIRMS, SEED)
    assert [one.firm for one in found] == known[:2]
    assert addresses(BASE.replace(regions=("india",)), "china", SECTOR, "large") == []


def test_chances_add_up_to_one_and_bars_to_the_value(explained):
    for one in explained[1]:
        assert sum(option.probability for option in one.alternatives) == pytest.approx(1)
        on_sale = [option for option in one.alternatives if option.option != "none"]
        *bars, values = terms_chart(on_sale, WHAT_IF.tables, figures.LIGHT)["series"]
        stacked = np.array([[point["value"] for point in bar["data"]] for bar in bars]).sum(axis=0)
        np.testing.assert_allclose(stacked, [100 * option.value for option in on_sale], atol=1e-3)
        np.testing.assert_allclose([point["value"] for point in values["data"]], stacked, atol=1e-3)
        assert len(alternative_rows(one.alternatives, WHAT_IF.tables)) == len(one.alternatives)


def test_sentences_name_every_offer_with_its_licence_and_every_flip(explained):
    offers = BASE.tables.frames["offers"].set_index("offer")
    for one in explained[1]:
        lines = told(one, WHAT_IF.tables)
        assert len(lines) == 3 + max(1, len(one.flips))
        for flip, line in zip(one.flips, lines[3:], strict=False):
            for offer in {flip.option.split(" ")[0], flip.becomes} - {"none"}:
                assert f"{offers['label'][offer]} ({offers['license'][offer]})" in line


def texts(rc, tag):
    """What the page says in all elements of a kind."""
    return [str(child) for one in rc.find(vuetify.Html, tag=tag).widgets for child in one.children]


def notes(rc):
    """What the charts say of themselves."""
    return [one.note for one in rc.find(ipyvue.VueTemplate).widgets if hasattr(one, "note")]


def press(rc, text):
    rc.find(vuetify.Btn, children=[text]).widget.click()


def wait_for(told, words):
    end = time.monotonic() + 60
    while not any(words in text for text in told()):
        assert time.monotonic() < end, words
        time.sleep(0.05)


def test_flows_are_made_when_asked_for_and_then_follow_the_question(answer):
    def card(shown):
        return FlowsCard(shown, View(quarter=QUARTER), lambda how: None, figures.LIGHT)

    _, rc = solara.render(card(answer), handle_error=False)
    press(rc, strings.FLOWS_ASK)
    wait_for(lambda: notes(rc), "use something else")
    assert any(f"{FIRMS:,} sampled firms" in text for text in notes(rc))
    other = QUESTION.moved("subsidy", level=0.3)
    rc.render(card(Answer(other, answer.base, answer.what_if)))
    flows = flows_of(BASE, other.scenario(), QUARTER, FIRMS, SEED, quiet).within("", "")
    wait_for(lambda: notes(rc), count(flows[~np.eye(len(flows), dtype=bool)].sum()))
    assert not rc.find(vuetify.Btn, children=[strings.FLOWS_ASK]).widgets
    rc.close()


def test_a_firm_answers_when_asked_and_so_does_the_next_one():
    _, rc = solara.render(FirmCard(Question(), View(quarter=QUARTER), figures.LIGHT), handle_error=False)
    assert not texts(rc, "li")
    press(rc, strings.FIRM_ASK)
    wait_for(lambda: texts(rc, "h3"), "china.agriculture.large.0.0")
    assert texts(rc, "h2") == [strings.FIRM, strings.TERMS]
    press(rc, strings.FIRM_NEXT)
    wait_for(lambda: texts(rc, "h3"), "china.agriculture.large.0.1")
    assert texts(rc, "li")[0].startswith("Before: ")
    rc.close()
