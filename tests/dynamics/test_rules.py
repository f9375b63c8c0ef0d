"""What each instrument and event writes into the rules of a quarter, by name, and that it writes nothing else."""

import numpy as np
import pytest

import abm
from abm.dynamics.regulate import no_rules, regulate
from abm.model import Market
from abm.quarters import quarter_name, quarter_number

QUARTER, EU = "2026Q3", "european_union"
TRUST_LOST_IN_OUTAGES = 5.0  # per quarter without service
BASE = abm.Scenario.load("baseline").replace(end="2026Q4")
TABLES = BASE.tables


@pytest.fixture(scope="module")
def world():
    market = Market(BASE, 800, 1)
    while quarter_name(market.world.quarter) != "2026Q2":
        market.step()
    market.world.quarter += 1
    return market.world


def after(world, *acts):
    """Rules under some acts, and the places that differ from a quarter without, by array."""
    world.scenario = BASE.enact(*acts)
    regulate(world)
    rules, plain = world.rules, no_rules(world)
    changed = {}
    for name in type(rules).__dataclass_fields__:
        now, then = getattr(rules, name), getattr(plain, name)
        if name == "restrictions":
            if now:
                changed[name] = now
        elif not np.array_equal(now, then):
            changed[name] = now != then
    return rules, changed


def act(kind, level, region=EU, target="", start=QUARTER):
    return abm.Intervention(kind, level, start, region=region, target=target)


def of(world, **where):
    """Options of labs, licences or deployments, shape (option,)."""
    options = world.options
    lab = np.array([TABLES.lab_names[x] for x in options.offer_lab[options.offer]])
    mask = np.ones(len(lab), bool)
    if "lab" in where:
        mask &= lab == where["lab"]
    if "is_open" in where:
        mask &= options.offer_open[options.offer] == where["is_open"]
    if "service" in where:
        mask &= options.at_vendor == where["service"]
    return mask


def in_eu(options):
    """A mask over (region, option or offer) that holds in the Union alone."""
    mask = np.zeros((len(TABLES.region_names), len(options)), bool)
    mask[TABLES.region_names.index(EU)] = options
    return mask


def offers(world, **where):
    mask = np.zeros(len(TABLES.offer_names), bool)
    mask[world.options.offer[of(world, **where)]] = True
    return mask


def test_vouchers_pay_for_compute_at_hosts_and_own_machines(world):
    rules, changed = after(world, act("compute_voucher", 0.4), act("compute_voucher", 0.5))
    assert set(changed) == {"subsidy"}
    np.testing.assert_array_equal(changed["subsidy"], in_eu(of(world, service=False)))
    assert rules.subsidy.max() == pytest.approx(1 - 0.6 * 0.5)


def test_subsidies_pay_for_entry_too(world):
    rules, changed = after(world, act("subsidy", 0.4), act("subsidy", 0.5), act("compute_voucher", 0.2))
    assert set(changed) == {"subsidy", "entry_subsidy"}
    assert rules.entry_subsidy.max() == pytest.approx(0.7) and rules.subsidy.max() == pytest.approx(1 - 0.3 * 0.8)


def test_grants_go_to_the_open_labs_of_the_region_alone(world):
    rules, changed = after(world, act("public_research", 1e-5, "china", "license:open"))
    china = TABLES.region_names.index("china")
    paid = {TABLES.lab_names[lab]: money for lab, money in enumerate(rules.grants[china]) if money}
    gdp = TABLES.figures["regions.gdp"][china] * 1e12
    assert set(changed) == {"grants"} and paid == pytest.approx({"deepseek": 5e-6 * gdp, "qwen": 5e-6 * gdp})
    assert rules.grants.sum() == pytest.approx(1e-5 * gdp)
    rules, changed = after(world, act("public_research", 1e-5, "india", "license:open"))  # no open lab of its own
    india = TABLES.region_names.index("india")
    paid = {TABLES.lab_names[lab] for lab in np.flatnonzero(rules.grants[india])}
    assert set(changed) == {"grants"} and paid == {"deepseek", "qwen", "llama", "mistral"}
    assert rules.grants.sum() == pytest.approx(1e-5 * 1e12 * TABLES.figures["regions.gdp"][india])


def test_assurance_and_liability_add_up_as_shares_of_what_is_left(world):
    rules, changed = after(world, act("assurance", 0.4, target="lab:qwen"), act("assurance", 0.5, target="license:open"),
                           act("liability", 0.4), act("liability", 0.5, target="lab:openai"))  # fmt: skip
    assert set(changed) == {"assurance", "liability"}
    np.testing.assert_array_equal(changed["assurance"], in_eu(offers(world, is_open=True)))
    np.testing.assert_array_equal(changed["liability"], in_eu(of(world, service=True)))
    eu = TABLES.region_names.index(EU)
    assert rules.assurance[eu, TABLES.offer_names.index("qwen")] == pytest.approx(0.7)
    assert set(rules.liability[eu, of(world, service=True)].round(9)) == {0.4, 0.7}


def test_the_lowest_of_several_caps_holds(world):
    rules, changed = after(
        world, act("price_cap", 3.0), act("price_cap", 1.0, target="lab:openai"), act("price_cap", 2.0)
    )
    assert set(changed) == {"price_cap"} and changed["price_cap"].all(axis=1).sum() == 1
    eu = TABLES.region_names.index(EU)
    assert set(rules.price_cap[eu, of(world, lab="openai")]) == {1.0} and rules.price_cap[eu].max() == 2.0


@pytest.mark.parametrize("kind", ["leak", "outage"])
def test_what_befalls_a_service_shakes_its_users(world, kind):
    per_level = TRUST_LOST_IN_OUTAGES if kind == "outage" else 1.0
    rules, changed = after(
        world, act(kind, 0.4 / per_level, target="lab:qwen"), act(kind, 0.5 / per_level, target="lab:qwen")
    )
    service = of(world, lab="qwen", service=True)
    assert set(changed) == {"vendor_trust_kept", "shaken"} | ({"served"} if kind == "outage" else set())
    np.testing.assert_array_equal(changed["shaken"], in_eu(service))
    np.testing.assert_array_equal(changed["vendor_trust_kept"], in_eu(offers(world, lab="qwen")))
    assert rules.shaken.max() == pytest.approx(0.7) and rules.vendor_trust_kept.min() == pytest.approx(0.3)
    if kind == "outage":
        np.testing.assert_array_equal(changed["served"], in_eu(service))
        assert rules.served.min() == pytest.approx((1 - 0.4 / per_level) * (1 - 0.5 / per_level))


def test_a_backdoor_shakes_whoever_runs_the_model(world):
    rules, changed = after(world, act("backdoor", 0.4, target="lab:qwen"))
    assert set(changed) == {"origin_trust_kept", "shaken"}
    np.testing.assert_array_equal(changed["shaken"], in_eu(of(world, lab="qwen")))
    assert rules.origin_trust_kept.min() == pytest.approx(0.6)


@pytest.mark.parametrize("start", [QUARTER, "2026Q1"])
def test_a_cut_off_closes_services_and_costs_trust_once(world, start):
    rules, changed = after(world, act("cut_off", 0.6, target="origin:united_states", start=start))
    assert set(changed) == {"restrictions"} | ({"vendor_trust_kept"} if start == QUARTER else set())
    assert rules.vendor_trust_kept.min() == pytest.approx(0.4 if start == QUARTER else 1.0)
    assert rules.vendor_trust_kept.max() == 1.0
    (rule,) = changed["restrictions"]
    assert (rule.share, rule.at_once, TABLES.region_names[rule.region]) == (0.6, True, EU)
    home = np.array([TABLES.region_names[x] for x in world.options.offer_origin])[world.options.offer]
    np.testing.assert_array_equal(rule.options, (home == "united_states") & of(world, service=True))


def test_a_mandate_opens_weights_everywhere(world):
    rules, changed = after(world, act("open_weights_mandate", 1, target="lab:openai"))
    np.testing.assert_array_equal(rules.published, offers(world, lab="openai"))
    np.testing.assert_array_equal(changed["available"].all(axis=0), of(world, lab="openai", service=False))
    assert (
        set(changed) == {"published", "available"} and rules.available[:, of(world, lab="openai", service=False)].all()
    )
    assert not after(world, act("open_weights_mandate", 1, target="license:open"))[1]


def test_money_and_breakthroughs_hit_the_targeted_labs(world):
    rules, changed = after(
        world, act("funding_cut", 0.4, "all", "lab:qwen"), act("funding_cut", 0.5, "all", "license:open"),
        act("breakthrough", 3, "all", "lab:qwen"), act("breakthrough", 2, "all", "offer:qwen"),
    )  # fmt: skip
    assert set(changed) == {"outside_kept", "breakthrough"}
    assert rules.outside_kept[TABLES.lab_names.index("qwen")] == pytest.approx(0.3)
    assert rules.outside_kept[TABLES.lab_names.index("mistral")] == 0.5
    assert rules.outside_kept[TABLES.lab_names.index("openai")] == 1
    assert rules.breakthrough[TABLES.offer_names.index("qwen")] == 5 == rules.breakthrough.sum()


def test_the_cheapest_is_the_offer_with_the_lowest_price_on_sale(world):
    _, changed = after(world, act("procurement", 0.8, target="cheapest"))
    (rule,) = changed["restrictions"]
    eu, allowed = TABLES.region_names.index(EU), ~rule.options
    price = np.where(no_rules(world).available[eu], world.terms.option_price[eu], np.inf)
    cheapest = world.options.offer[price.argmin()]
    np.testing.assert_array_equal(allowed, world.options.offer == cheapest)
    assert not rule.at_once and rule.share == 0.8
    world.terms.option_price = np.full_like(
        world.terms.option_price, np.nan
    )  # before there is a price, all are allowed
    _, changed = after(world, act("procurement", 0.8, target="cheapest"))
    assert not changed["restrictions"][0].options.any()


def test_a_withdrawal_closes_services_and_keeps_open_weights(world):
    _, changed = after(world, act("withdrawal", 1.0, target="lab:qwen"), act("withdrawal", 0.5, target="lab:openai"))
    qwen, openai = changed["restrictions"]
    assert set(changed) == {"restrictions"} and qwen.at_once and (qwen.share, openai.share) == (1.0, 0.5)
    np.testing.assert_array_equal(qwen.options, of(world, lab="qwen", service=True))
    np.testing.assert_array_equal(openai.options, of(world, lab="openai"))


def test_weights_that_must_be_published_are_open_weights():
    """Once all proprietary weights are public every user's model is open, whoever runs it."""
    scenario = (
        abm.Scenario.load("baseline")
        .replace(end="2027Q2")
        .enact(abm.Intervention("open_weights_mandate", 1.0, "2027Q1", target="license:proprietary"))
    )
    record = abm.simulate(scenario, firms=1_500)
    for weight in ("firms", "tokens"):
        share = record.indicator("open_share", weight=weight)
        assert float(share.sel(quarter="2026Q4")) < 0.99 and float(share.sel(quarter="2027Q1")) == 1.0


def test_a_rule_to_buy_at_home_binds_only_where_something_is_made_at_home():
    base = abm.Scenario.load("baseline").replace(end="2027Q2")
    for region, bound in (("gulf", False), ("european_union", True)):
        rule = abm.Intervention("procurement", 1.0, "2027Q1", region=region, target="origin:home")
        market = Market(base.enact(rule), 800, 1)
        market.live_until(quarter_number("2027Q1"))
        assert bool(market.world.rules.restrictions) == bound


@pytest.mark.parametrize(
    "region, paid", [("european_union", ["mistral"]), ("china", ["deepseek", "qwen"]), ("gulf", None)]
)
def test_grants_go_to_the_open_labs_of_the_region_or_to_all(region, paid):
    """The same sum to each; a region without an open lab supports all of them."""
    act = abm.Intervention("public_research", 1e-4, "2026Q3", region=region, target="license:open")
    market = Market(BASE.enact(act), 800, 1)
    market.live_until(quarter_number("2026Q3"))
    gdp = TABLES.figures["regions.gdp"][TABLES.region_names.index(region)] * 1e12
    labs = paid or ["deepseek", "llama", "mistral", "qwen"]
    got = dict(zip(TABLES.lab_names, market.world.rules.grants[TABLES.region_names.index(region)], strict=True))
    assert {name: one for name, one in got.items() if one} == pytest.approx(
        {name: 1e-4 * gdp / len(labs) for name in labs}
    )
    assert market.world.rules.grants.sum() == pytest.approx(1e-4 * gdp)
