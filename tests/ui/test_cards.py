"""What the cards say, against numbers that are found without them."""

import json
import time

import ipyvuetify
import numpy as np
import pytest
import solara

import abm
from abm import figures
from abm.ui import app, strings
from abm.ui.bands import Bands
from abm.ui.cards.dependence import dependence_card, dependence_shown
from abm.ui.cards.frontier import frontier_card, frontier_shown
from abm.ui.cards.gains import gains_card, gains_shown
from abm.ui.cards.plan import READINGS, plan_card, plan_shown
from abm.ui.choices import Question, View
from abm.ui.draws import DRAWS
from abm.ui.runs import Answer

LIGHT = figures.LIGHT
LABS = {  # licence and home of the makers of the models
    "anthropic": ("proprietary", "united_states"), "google": ("proprietary", "united_states"),
    "openai": ("proprietary", "united_states"), "doubao": ("proprietary", "china"), "deepseek": ("open", "china"),
    "qwen": ("open", "china"), "llama": ("open", "united_states"), "mistral": ("open", "european_union"),
}  # fmt: skip


@pytest.fixture(scope="module")
def base():
    return abm.simulate(abm.Scenario.load("baseline"), firms=800)


@pytest.fixture(scope="module")
def answer(base):
    return Answer(Question("ai_plus"), base, abm.simulate(abm.Scenario.load("ai_plus"), firms=800))


def bars_of(shown):
    """Sizes of the gains card's bars by label."""
    names = [name["value"] for name in shown.option["yAxis"]["data"]]
    return dict(zip(names, (bar["value"] for bar in shown.option["series"][0]["data"]), strict=True))


def change_of(answer, quarter, flow):
    """Change of a flow that is computed from a quarter's arrays."""
    base, what_if = (flow(record.data.sel(quarter=quarter)) for record in (answer.base, answer.what_if))
    return float(what_if - base)


def drawn(values):
    """Bands whose baseline and what-if have the given adoption everywhere, always and in every reading, draw by draw."""
    base, what_if = (
        tuple({("penetration", reading): np.full((52, 9), x) for reading in READINGS} for x in one) for one in values
    )
    return Bands(Question("ai_plus"), base, what_if)


class TestGains:
    def test_bars_add_up_to_what_the_record_holds(self, answer):
        for quarter in ("2027Q4", "2030Q4"):
            bars = bars_of(gains_shown(answer, View(quarter=quarter), LIGHT))
            users = sum(size for name, size in bars.items() if "workers" in name)
            expected = change_of(answer, quarter, lambda data: data["surplus"].sum())
            assert users == pytest.approx(expected, rel=1e-9) and expected > 0
            profit = change_of(answer, quarter, lambda data: data["lab_revenue"].sum() - data["lab_cost"].sum())
            assert bars["Proprietary labs"] + bars["Open labs"] == pytest.approx(profit, rel=1e-9)
            paid = change_of(
                answer, quarter, lambda data: data["paid"][["government" in str(p) for p in data["payer"].values]].sum()
            )
            assert bars["Treasuries"] == pytest.approx(-paid, rel=1e-9) and paid > 0

    def test_labs_are_told_apart_by_licence(self, answer):
        bars = bars_of(gains_shown(answer, View(), LIGHT))
        for licence, name in (("open", "Open labs"), ("proprietary", "Proprietary labs")):
            mine = [lab for lab, (its, _) in LABS.items() if its == licence]
            profit = change_of(
                answer, "2030Q4", lambda data, mine=mine: (data["lab_revenue"] - data["lab_cost"]).sel(lab=mine).sum()
            )
            assert bars[name] == pytest.approx(profit, rel=1e-9)

    def test_regions_add_up_to_the_world(self, answer):
        world = bars_of(gains_shown(answer, View(), LIGHT))
        total = dict.fromkeys(world, 0.0)
        for region in (str(r) for r in answer.base.data["region"].values):
            asked = Answer(Question("ai_plus", region), answer.base, answer.what_if)
            for name, size in bars_of(gains_shown(asked, View(gains_in_world=False), LIGHT)).items():
                total[name] += size
        assert total == pytest.approx(world, rel=1e-9, abs=1.0)

    def test_a_region_without_a_change_of_policy_pays_nothing(self, answer):
        asked = Answer(Question("ai_plus", "india"), answer.base, answer.what_if)
        assert bars_of(gains_shown(asked, View(gains_in_world=False), LIGHT))["Treasuries"] == 0

    def test_losses_point_to_the_left_and_say_so(self, answer):
        shown = gains_shown(answer, View(), LIGHT)
        bar = shown.option["series"][0]["data"][-1]
        assert bar["value"] < 0 and bar["label"]["position"] == "left"
        words = f"-{-bar['value'] / 1e9:.1f} bn"
        assert bar["label"]["formatter"] == words and f"Treasuries: {words}" in shown.label
        assert shown.option["xAxis"]["min"] < bar["value"]

    def test_nothing_changes_nothing(self, base):
        shown = gains_shown(Answer(Question(), base, base), View(), LIGHT)
        assert set(bars_of(shown).values()) == {0.0}


class TestDependence:
    def test_where_no_lab_is_at_home_all_models_are_foreign(self, answer):
        columns = dependence_shown(answer, View(weight="spend"), LIGHT).columns
        homes = {home for _, home in LABS.values()}
        abroad = [k for k, region in enumerate(columns["region"]) if region not in homes]
        assert len(abroad) == 5
        for world in ("baseline", "what-if"):
            assert [columns[f"models of foreign origin, {world}"][k] for k in abroad] == pytest.approx([1.0] * 5)

    def test_shares_are_those_of_the_record(self, answer):
        shown = dependence_shown(answer, View(weight="tokens"), LIGHT)
        for record, world in ((answer.base, "baseline"), (answer.what_if, "what-if")):
            used = record.data["tokens"].sel(quarter="2030Q4").sum(["sector", "size"]).to_pandas()
            origin = record.data["option_origin"].to_pandas()
            operator = record.data["option_operator"].to_pandas()
            for k, region in enumerate(shown.columns["region"]):
                mine, all_used = used.loc[region], used.loc[region].sum()
                foreign = mine[(origin != region).to_numpy() & (origin != "").to_numpy()].sum() / all_used
                run_abroad = mine[(operator != region).to_numpy() & (operator != "").to_numpy()].sum() / all_used
                for layer, share in (
                    ("models of foreign origin", foreign),
                    ("services run by foreign vendors", run_abroad),
                ):
                    assert shown.columns[f"{layer}, {world}"][k] == pytest.approx(share)
                    if world == "what-if":
                        label = figures.label_of("region", region)
                        assert f"what-if {100 * share:.1f}%" in shown.label.split(f"{label}, {layer}:")[1].split(";")[0]

    def test_models_from_one_region_are_foreign_everywhere_else(self, base):
        from_china = base.data["option_origin"].where(base.data["option_origin"] == "", "china")
        record = abm.Record(base.data.assign_coords(option_origin=("option", from_china.values)))
        shown = dependence_shown(Answer(Question(), base, record), View(), LIGHT)
        shares = dict(zip(shown.columns["region"], shown.columns["models of foreign origin, what-if"], strict=True))
        assert shares.pop("china") == 0 and set(shares.values()) == {1.0}

    def test_layers_differ_by_more_than_colour(self, answer):
        series = dependence_shown(answer, View(), LIGHT).option["series"]
        marks = [one for one in series if one["type"] == "scatter"]
        assert [one["symbol"] for one in marks] == ["circle", "circle", "diamond", "diamond"]
        assert [one["itemStyle"]["color"] == LIGHT.surface for one in marks] == [True, False, True, False]


class TestPlan:
    def test_the_chance_is_the_share_of_draws_that_reach_the_goal(self, answer):
        bands = drawn(([0.2] * 17 + [0.95] * 3, [0.69] * 7 + [0.7] * 4 + [0.95] * 9))
        assert bands.chance("people", 0, 19, 0.7) == (0.15, 0.65)
        assert bands.chance("people", -1, 19, 0.9) == (0.15, 0.45)
        shown = plan_shown(answer, bands, LIGHT)
        assert shown.columns["probability, what-if"] == [0.65] * 4 + [0.45] * 4
        assert shown.columns["probability, baseline"] == [0.15] * 8
        assert shown.label.count("probability 65%, in the baseline 15%") == 4
        assert f"20 (of {DRAWS}) draws" in shown.note

    def test_goals_are_the_published_ones(self, answer):
        """State Council of China, opinions on AI Plus of August 2025: more than 70% by 2027, more than 90% by 2030."""
        columns = plan_shown(answer, None, LIGHT).columns
        pairs = list(zip(columns["Quarter"], columns["goal"], strict=True))
        assert pairs == [("2027Q4", 0.7)] * 4 + [("2030Q4", 0.9)] * 4
        assert columns["reading"] == [*READINGS, *READINGS]

    def test_values_are_those_of_the_single_run(self, answer):
        columns = plan_shown(answer, None, LIGHT).columns
        data = answer.what_if.data.sel(quarter="2030Q4", region="china")
        used = [float(1 - data[kind].sel(option="none").sum() / data[kind].sum()) for kind in ("employment", "firms")]
        shown = dict(zip(columns["reading"][4:], columns["what-if"][4:], strict=True))
        assert [shown["employment"], shown["firms_all"]] == pytest.approx(used)
        assert shown["people"] == pytest.approx(float(data["people"]))
        larger = data["firms"].drop_sel(size="micro")
        assert shown["firms_10plus"] == pytest.approx(float(1 - larger.sel(option="none").sum() / larger.sum()))

    def test_intervals_are_drawn_where_the_draws_are(self, answer):
        draws = np.linspace(0.3, 0.9, 20)
        shown = plan_shown(answer, drawn((draws, draws)), LIGHT)
        lines = shown.option["series"][0]["markLine"]["data"]
        low, high = 100 * np.quantile(draws, [0.05, 0.95])
        assert [[end["coord"][0] for end in line] for line in lines] == [[pytest.approx(low), pytest.approx(high)]] * 8
        rows = [line[0]["coord"][1] for line in lines]
        names = shown.option["yAxis"][0]["data"]
        assert [names[row] for row in rows] == [strings.POPULATIONS[reading] for reading in READINGS] * 2
        goals = [mark["value"] for mark in shown.option["series"][1]["data"]]
        assert goals == [[70.0, row] for row in rows[:4]] + [[90.0, row] for row in rows[4:]]

    def test_before_there_are_draws_it_says_so(self, answer):
        shown = plan_shown(answer, None, LIGHT)
        assert strings.PLAN_PENDING in shown.note and "probability 0%" not in shown.label
        assert shown.option["series"][0]["markLine"]["data"] == []

    def test_a_region_without_targets_is_compared_with_ai_plus(self, base):
        shown = plan_shown(Answer(Question(region="european_union"), base, base), None, LIGHT)
        assert "European Union has no official target" in shown.note and "2030Q4: at least 90%" in shown.label


@pytest.mark.parametrize("palette", [figures.LIGHT, figures.DARK], ids=["light", "dark"])
def test_options_travel_and_labels_say_what_is_shown(answer, palette):
    for shown in (
        gains_shown(answer, View(), palette), frontier_shown(answer, View(), palette),
        dependence_shown(answer, View(), palette), plan_shown(answer, drawn(([0.5] * 3, [0.6] * 3)), palette),
    ):  # fmt: skip
        json.dumps(shown.option, allow_nan=False)
        told = [point["told"] for part in shown.option["series"] for point in part["data"]
                if isinstance(point, dict) and "told" in point]  # fmt: skip
        assert all(words in shown.label for words in told)
        assert told or "years" in shown.option["xAxis"]["axisLabel"]
        assert len({len(column) for column in shown.columns.values()}) == 1


def test_cards_are_drawn_and_switch(answer):
    def changes(change):
        views.append(change(View()))

    views = []
    for card in (gains_card, frontier_card, dependence_card):
        _, rc = solara.render(card(answer, View(), changes, LIGHT), handle_error=False)
        rc.close()
    _, rc = solara.render(plan_card(answer, None, View(), changes, LIGHT), handle_error=False)
    rc.close()
    _, rc = solara.render(gains_card(answer, View(), changes, LIGHT), handle_error=False)
    rc.find(ipyvuetify.Btn, children=["China"]).widget.click()
    assert views == [View(gains_in_world=False)]
    rc.close()


def test_what_is_looked_at_later_is_drawn_later():
    """The answer before stays until the browser has had time for the first charts, and no longer."""
    seen = []

    @solara.component
    def Shown(answer):
        seen.append((answer, app.use_behind(answer)))
        solara.Text("")

    _, rc = solara.render(Shown("first"), handle_error=False)
    rc.render(Shown("second"))
    assert seen[-1] == ("second", "first")
    end = time.monotonic() + 10
    while seen[-1] != ("second", "second"):
        assert time.monotonic() < end
        time.sleep(0.02)
    rc.close()
