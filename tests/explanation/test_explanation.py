"""What `explain` says is what the model does: terms, chances, the choice, and the changes that would flip it."""

import numpy as np
import pytest

import abm
from abm.model import Market
from abm.world.address import row_of

QUARTER, FIRMS = "2026Q1", 4_000
SCENARIO = abm.Scenario.load("ai_plus").replace(end="2026Q4")
KINDS = [
    f"{region}.{sector}.{size}.{number % 5}.{number % 2}"
    for number, (region, sector, size) in enumerate(
        (r, s, z)
        for r in ("china", "united_states", "european_union", "india")
        for s in ("information", "manufacturing", "finance", "professional", "health")
        for z in ("micro", "medium", "large")
    )
]


@pytest.fixture(scope="module")
def explained():
    return [abm.explain(SCENARIO, firm, QUARTER, FIRMS) for firm in KINDS]


@pytest.fixture(scope="module")
def lived():
    """The world before and after the quarter."""
    markets = []
    for last in ("2025Q4", QUARTER):
        market = Market(SCENARIO, FIRMS, 1)
        while abm.quarters.quarter_name(market.world.quarter) != last:
            market.step()
        markets.append(market.world)
    return markets


def test_used_and_chosen_are_those_of_the_run(explained, lived):
    before, after = lived
    names = ["none", *(f"{before.scenario.tables.offer_names[j]} {before.scenario.tables.deployment_names[d]}"
                       for j, d in zip(before.options.offer, before.options.deployment, strict=True))]  # fmt: skip
    for done in explained:
        row = row_of(before, done.firm)
        assert (done.used, done.chosen) == (names[before.firms.option[row]], names[after.firms.option[row]])


def test_who_decides_takes_what_is_best_by_the_terms_told(explained):
    deciding = [
        done for done in explained if done.why in ("its contract ends", "considers AI", "must leave its option")
    ]
    assert len(deciding) >= 5
    for done in deciding:
        assert done.chosen == done.alternatives[0].option
    for done in explained:
        if done not in deciding:
            assert done.chosen == done.used


def test_terms_add_up_and_chances_to_one(explained, measured):
    for done in explained:
        wage_bill, scale = done.facts["wage bill, USD per year"], done.facts["taste scale, share of the wage bill"]
        for one in done.alternatives:
            value = one.use - one.entry - one.distrust - one.compliance
            measured([one.value, one.dollars], [value, value * wage_bill], rtol=1e-12, atol=1e-12, claim="value")
            utility = value / scale + one.peers + one.taste
            measured(one.utility, utility, rtol=1e-12, atol=1e-9, claim="utility")
        measured(sum(one.probability for one in done.alternatives), 1, atol=1e-12, claim="sum of chances")
        assert sum(done.peers.values()) == pytest.approx(1) or not done.peers


def test_a_price_flips_the_most_likely_choice_just_when_told():
    """The change is put into the scenario: a little more of it flips the most likely offer, a little less does not."""
    checked = 0
    for firm in KINDS:
        done = abm.explain(SCENARIO, firm, QUARTER, FIRMS)
        for flip in done.flips:
            offer, deployment = flip.option.split(" ")
            if flip.lever != "price" or deployment != "vendor_api" or not -0.9 < flip.after / flip.before - 1 < 4:
                continue
            likely = []
            for factor in (1 + 0.98 * (flip.after / flip.before - 1), 1 + 1.02 * (flip.after / flip.before - 1)):
                change = abm.Intervention("price_change", factor - 1, QUARTER, target=f"offer:{offer}")
                likely.append(abm.explain(SCENARIO.enact(change), firm, QUARTER, FIRMS).likely)
            assert likely == [done.likely, flip.becomes] and done.likely != flip.becomes
            checked += 1
    assert checked >= 5


@pytest.mark.parametrize("firm", ["china.finance.large.0", "mars.finance.large.0.1", "china.finance.large.9.0",
                                  "china.finance.large.0.99999", "china.finance.huge.0.0"])  # fmt: skip
def test_firms_that_are_not_there_are_refused_in_words(firm):
    with pytest.raises(abm.InputError):
        abm.explain(SCENARIO, firm, QUARTER, FIRMS)


def test_flips_are_the_firms_that_differ():
    """Counted again from the two worlds; whom a subsidy of one offer moves without peers moves to that offer."""
    base = abm.Scenario.load("baseline").replace({"interaction.strength": 0, "diffusion.imitation": 0, "end": "2024Q4"})
    subsidy = abm.Intervention("subsidy", 0.6, "2024Q1", region="china", target="offer:qwen")
    moved = abm.flips(base, base.enact(subsidy), "2024Q1", firms=20_000)
    assert set(moved["to"]) == {"qwen"} and set(moved["region"]) == {"china"} and len(moved) > 3
    worlds = []
    for scenario in (base, base.enact(subsidy)):
        market = Market(scenario, 20_000, 1)
        while abm.quarters.quarter_name(market.world.quarter) != "2024Q1":
            market.step()
        worlds.append(market.world)
    codes = [np.concatenate([[-1], w.options.offer])[w.firms.option] for w in worlds]
    differ = codes[0] != codes[1]
    assert moved["sampled"].sum() == differ.sum()
    assert moved["firms"].sum() == pytest.approx(worlds[0].firms.weight[differ].sum())


def test_flips_of_equal_scenarios_are_refused():
    with pytest.raises(abm.InputError, match="same scenario"):
        abm.flips(SCENARIO, SCENARIO, QUARTER, FIRMS)
