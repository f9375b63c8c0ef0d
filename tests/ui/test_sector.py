"""One sector alone: its own indicators in every card, chosen by a click in the map."""

import numpy as np
import pytest

import abm
from abm import figures
from abm.ui import strings
from abm.ui.bands import Bands
from abm.ui.cards.dependence import dependence_shown
from abm.ui.cards.gains import gains_card
from abm.ui.cards.heatmap import map_card
from abm.ui.cards.paths import adoption_card, open_share_card
from abm.ui.cards.plan import plan_card
from abm.ui.cards.vendors import vendor_card
from abm.ui.choices import BASELINE, Question, View
from abm.ui.draws import series_of
from abm.ui.pasts import SEED
from abm.ui.runs import Answer

FIRMS, QUARTER, SECTOR = 800, "2028Q4", "finance"
QUESTION = Question(firms=FIRMS).moved("subsidy", level=0.6)


@pytest.fixture(scope="module")
def answer():
    both = (abm.Scenario.load(BASELINE), QUESTION.scenario())
    return Answer(QUESTION, *(abm.simulate(one, firms=FIRMS, seed=SEED) for one in both))


def lines_of(card):
    """Lines of a card's chart by name, and all its series."""
    series = card.args[3]["series"]
    return {one["name"]: np.array(one["data"], float) / 100 for one in series if one["type"] == "line"}, series


def test_one_sector_is_the_indicator_of_that_sector(answer):
    view, nothing = View(quarter=QUARTER, sector=SECTOR), lambda how: None
    drawn = series_of(answer.what_if)
    bands = Bands(QUESTION, (drawn,), (drawn,))
    card = adoption_card(answer, bands, view, nothing, figures.LIGHT)
    lines, series = lines_of(card)
    for record, world in ((answer.base, strings.BASELINE), (answer.what_if, strings.WHAT_IF)):
        firms = record.data["firms"].sel(sector=SECTOR).drop_sel(size="micro").sum("size")
        users = firms.isel(option=slice(1, None)).sum("option")
        for name, place in (("China", {"region": "china"}), (strings.WORLD, None)):
            part, whole = (x.sel(place) if place else x.sum("region") for x in (users, firms.sum("option")))
            np.testing.assert_allclose(lines[f"{name}, {world}"], part / whole, atol=1e-4)
    assert len(series) == 4, "no bands, surveys or targets"
    assert "Finance" in card.args[2] and strings.WITHOUT_BANDS in card.args[2]
    lines, series = lines_of(open_share_card(answer, bands, view, nothing, figures.LIGHT))
    expected = answer.what_if.indicator("open_share", by="sector").sel(sector=SECTOR)
    np.testing.assert_allclose(lines[f"{strings.WORLD}, {strings.WHAT_IF}"], expected, atol=1e-4)
    assert len(series) == 4
    assert len(lines_of(adoption_card(answer, bands, View(), nothing, figures.LIGHT))[1]) > 4


@pytest.mark.parametrize("in_world", [False, True])
def test_vendors_of_one_sector(answer, in_world):
    view = View(quarter=QUARTER, sector=SECTOR, vendors_in_world=in_world)
    card = vendor_card(answer, view, lambda how: None, figures.LIGHT)
    place = {"sector": SECTOR} | ({} if in_world else {"region": "china"})
    columns = card.args[6]()
    firms = answer.what_if.data["firms"].sel(quarter=QUARTER, **place)
    firms = firms.sum([name for name in firms.dims if name != "option"])
    offer = firms["option_offer"].values
    counts = np.array([float(firms.values[offer == name].sum()) for name in columns["offer"]])
    np.testing.assert_allclose(columns[strings.WHAT_IF], counts / counts.sum(), rtol=1e-9)
    assert "Finance" in card.args[2]


def test_a_click_in_the_map_shows_the_sector_and_chooses_the_region(answer):
    views, regions = [], []
    card = map_card(answer, View(), lambda how: views.append(how(View())), figures.LIGHT, regions.append)
    rows, columns = card.args[3]["yAxis"]["data"], card.args[3]["xAxis"]["data"]
    place = [columns.index("India"), rows.index(figures.label_of("sector", SECTOR)), 12.3]
    card.args[9]({"name": "India", "value": place})
    assert (views, regions) == ([View(sector=SECTOR)], ["india"])
    card.args[9]({"name": "elsewhere", "value": None})
    assert len(views) == 1


def test_dependence_follows_the_sector_and_what_cannot_says_so(answer):
    view, nothing = View(quarter=QUARTER, sector=SECTOR), lambda how: None
    shown = dependence_shown(answer, view, figures.LIGHT)
    found = answer.what_if.indicator("foreign_operator", by=("region", "sector"), weight=view.weight)
    name = f"{strings.DEPENDENCE_LAYERS['foreign_operator']}, {strings.WHAT_IF}"
    np.testing.assert_array_equal(shown.columns[name], found.sel(quarter=QUARTER, sector=SECTOR))
    assert "Finance" in shown.note
    for card in (
        gains_card(answer, view, nothing, figures.LIGHT), plan_card(answer, None, view, nothing, figures.LIGHT)
    ):  # fmt: skip
        assert card.args[2].endswith(strings.WHOLE_ECONOMY)
    assert strings.WHOLE_ECONOMY not in gains_card(answer, View(quarter=QUARTER), nothing, figures.LIGHT).args[2]
