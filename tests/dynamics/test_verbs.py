"""Each verb against the equations of docs/model.md, written out firm by firm, offer by offer and by name."""

import numpy as np
import pytest

import abm
from abm.dynamics.conditions import conditions_of
from abm.dynamics.decide import decide
from abm.dynamics.learn import learn
from abm.dynamics.reference import Some, option_values, practise
from abm.dynamics.regulate import regulate
from abm.dynamics.release import release
from abm.dynamics.use import use
from abm.model import Market
from abm.quarters import quarter_number

BASELINE = abm.Scenario.load("baseline").replace({"start": "2025Q1", "population.warm_up": 4})
VERBS = (regulate, release, decide, use, learn)
EVENTFUL = (
    abm.Scenario.load("baseline")
    .replace(
        {
            "start": "2025Q1",
            "end": "2028Q4",
            "population.warm_up": 4,
            "readiness.training_effect": 0.7,
            "research.commons": 1.7,
            "cost.interest_rate": 0.11,
            "deployments.hosted.price_multiple": 1.3,
            "deployments.self_hosted.price_multiple": 0.6,
        }
    )
    .enact(
        abm.Intervention("subsidy", 0.3, "2025Q2"),
        abm.Intervention("subsidy", 0.5, "2025Q3", region="india", target="license:open"),
        abm.Intervention("training", 0.1, "2025Q2", region="india"),
        abm.Intervention("training", 0.2, "2025Q3", region="india"),
        abm.Intervention("data_localisation", 0.004, "2025Q2", region="china"),
        abm.Intervention("data_localisation", 0.001, "2025Q3", region="china", target="origin:united_states"),
        abm.Intervention("leak", 0.5, "2025Q4", target="lab:openai"),
        abm.Intervention("leak", 0.2, "2025Q4", region="india", target="lab:openai"),
        abm.Intervention("backdoor", 0.3, "2027Q1", target="license:open"),
        abm.Intervention("price_change", -0.5, "2025Q2", target="lab:google"),
        abm.Intervention("price_change", 1.0, "2025Q4", target="offer:google_small"),
        abm.Intervention("export_control", 0.4, "2025Q4", target="origin:china"),
        abm.Intervention("export_control", 0.5, "2025Q4", target="lab:qwen"),
        abm.Intervention("ban", 0.7, "2025Q4", region="european_union", target="origin:china"),
        abm.Intervention("procurement", 0.8, "2025Q3", region="gulf", target="license:open"),
    )
)


def world_before(quarter, scenario=EVENTFUL, firms=4_000):
    """A world at the end of the quarter before, moved on to the quarter named but for its verbs."""
    market = Market(scenario, firms, 3)
    while market.world.quarter < quarter_number(quarter) - 1:
        market.step()
    market.world.quarter += 1
    return market.world


def world_until(verb, quarter, scenario=EVENTFUL):
    """The same after the verbs that come before this one."""
    world = world_before(quarter, scenario)
    for earlier in VERBS[: VERBS.index(verb)]:
        earlier(world)
    return world


class Named:
    """Names and firms of a world, so that equations can be written with them.

    Firms are taken one by one, with the real firms that each stands for, and not from the sums that the verbs read.
    """

    def __init__(self, world):
        self.world, self.tables = world, world.scenario.tables
        self.parameters = world.scenario.parameters
        tables, options, firms = self.tables, world.options, world.firms
        self.offer = [tables.offer_names[j] for j in options.offer]
        self.lab = [tables.lab_names[options.offer_lab[j]] for j in options.offer]
        self.home = [tables.region_names[tables.lab_home[options.offer_lab[j]]] for j in options.offer]
        self.deployment = [tables.deployment_names[d] for d in options.deployment]
        self.open = [tables.offer_open[j] for j in options.offer]
        self.weight = np.repeat(firms.strata.weight, firms.strata.count)
        self.employees, self.readiness = firms.employees.astype(float), firms.readiness.astype(float)
        self.intensity = firms.intensity.astype(float)
        self.wage = tables.figures["regions.wage"][firms.region]
        self.users = np.flatnonzero(firms.option)
        self.used = firms.option[self.users].astype(int) - 1  # the option of each of the users

    def exposure(self):
        """e_s of each firm."""
        demand = self.parameters.demand
        share = self.tables.figures["sectors.exposure"][self.world.firms.sector]
        return (share / demand.exposure_reference) ** demand.exposure_exponent

    def done(self, offers):
        """g(c) of some offers."""
        demand = self.parameters.demand
        distance = self.world.terms.served[offers] - demand.capability_midpoint
        return 1 / (1 + np.exp(-distance / demand.capability_spread))

    def spend(self, firms, options, price):
        """What firms would spend a year on options at a price, USD."""
        demand = self.parameters.demand
        units = self.intensity[firms] * self.employees[firms] * self.readiness[firms] * demand.spend_median
        units = units / demand.reference_price * self.exposure()[firms] * self.done(self.world.options.offer[options])
        return units * (price / demand.reference_price) ** -demand.price_elasticity * price

    def project(self, firms, options):
        """Adoption cost of options to firms, USD, without its subsidy."""
        cost = self.parameters.cost
        multiple = {"vendor_api": 1.0, "hosted": cost.hosted_multiple, "self_hosted": cost.self_hosted_multiple}
        of_deployment = np.array([multiple[name] for name in self.deployment])[options]
        size = (self.employees[firms] / 50) ** cost.size_exponent * (self.wage[firms] / cost.reference_wage) ** 0.5
        return cost.entry_cost * of_deployment * (1 - self.readiness[firms]) * size

    def taste_scale(self, firms):
        """mu, USD."""
        demand, choice = self.parameters.demand, self.parameters.choice
        at_reference = self.intensity[firms] * demand.spend_median * self.exposure()[firms] * self.employees[firms]
        stake = at_reference / (demand.price_elasticity - 1) / (self.wage[firms] * self.employees[firms])
        wage_bill = self.wage[firms] * self.employees[firms]
        return wage_bill * (choice.taste_scale + choice.taste_scale_per_stake * stake)

    def by_region(self, amounts):
        """Sums of amounts of users, weighted, by region."""
        regions = self.world.firms.region[self.users]
        return np.bincount(regions, self.weight[self.users] * amounts, len(self.tables.region_names))


def test_rules_are_those_of_the_interventions_in_force():
    world = world_before("2025Q4")
    regulate(world)
    rules, named = world.rules, Named(world)
    labs = named.tables.lab_names
    sold = {(str(row.lab), str(row.region)): bool(row.sold) for row in named.tables.frames["availability"].itertuples()}
    for r, region in enumerate(named.tables.region_names):
        assert rules.training[r] == pytest.approx(0.3 if region == "india" else 0.0)
        for o, (offer, lab, home) in enumerate(zip(named.offer, named.lab, named.home, strict=True)):
            own_service = named.deployment[o] == "vendor_api"
            assert rules.available[r, o] == (sold.get((lab, region), True) if own_service else named.open[o])
            assert rules.subsidy[r, o] == pytest.approx(0.65 if region == "india" and named.open[o] else 0.3)
            abroad = region == "china" and own_service and home != "china"
            assert rules.compliance[r, o] == pytest.approx(abroad * (0.004 + 0.001 * (home == "united_states")))
            kept = (0.4 if region == "india" else 0.5) if lab == "openai" else 1.0
            assert rules.vendor_trust_kept[r, named.tables.offer_names.index(offer)] == pytest.approx(kept)
    for offer, factor in zip(named.tables.offer_names, rules.price_factor, strict=True):
        assert factor == pytest.approx({"google_flagship": 0.5, "google_small": 1.0}.get(offer, 1.0))
    for lab, home, factor in zip(labs, named.tables.lab_home, rules.research, strict=True):
        chinese = named.tables.region_names[home] == "china"
        assert factor == pytest.approx((0.6 if chinese else 1.0) * (0.5 if lab == "qwen" else 1.0))
    ban, procurement = sorted(rules.restrictions, key=lambda rule: not rule.at_once)
    regions = named.tables.region_names
    assert (ban.at_once, regions[ban.region], ban.share) == (True, "european_union", 0.7)
    assert ban.options.tolist() == [home == "china" for home in named.home]
    assert (procurement.at_once, regions[procurement.region], procurement.share) == (False, "gulf", 0.8)
    assert procurement.options.tolist() == [not is_open for is_open in named.open]


def test_governments_know_their_own_instruments_and_no_others():
    world = world_before("2025Q4", EVENTFUL.enact(abm.Intervention("subsidy", 0.0, "2025Q3", region="gulf")))
    regulate(world)
    count = {government.name: len(government.in_force) for government in world.governments}
    controls = 2 + 1  # two export controls and the first subsidy hold everywhere; labs and the world are no government
    assert count["india"] == controls + 3 and count["china"] == controls + 2
    assert count["gulf"] == controls + 1 and count["european_union"] == controls + 1
    assert count["united_states"] == controls


def test_withdrawn_models_are_sold_nowhere():
    world = world_before("2025Q4", abm.Scenario.load("no_open_models"))
    regulate(world)
    named = Named(world)
    assert not world.rules.available[:, named.open].any()
    own_service = np.array(named.deployment) == "vendor_api"
    assert world.rules.available[:, own_service & ~np.array(named.open)].any(axis=0).all()


@pytest.mark.parametrize(
    "quarter, lab, region, kept", [("2025Q4", "openai", "india", 0.4), ("2027Q1", "qwen", "", 0.7)]
)
def test_trust_is_earned_forgotten_and_lost(quarter, lab, region, kept):
    """T' = kept [T + (1 - e^(-alpha E / 4)) (1 - T) + (1 - e^(-1 / (4 tau))) (T0 - T)], firms counted one by one."""
    world = world_until(learn, quarter)
    named, trust = Named(world), world.trust
    before = {name: getattr(trust, name).copy() for name in ("origin", "operator")}
    learn(world)
    rate, memory = named.parameters.trust.learning, named.parameters.trust.memory
    checked = 0
    for r, name in enumerate(named.tables.region_names):
        here = world.firms.region == r
        for o, offer in enumerate(world.options.offer):
            same_offer = np.flatnonzero(world.options.offer == offer) + 1
            for what, place, codes in (("origin", offer, same_offer), ("operator", o, [o + 1])):
                seen = named.weight[here & np.isin(world.firms.option, codes)].sum() / named.weight[here].sum()
                now, prior = before[what][r, place], getattr(trust, f"{what}_prior")[r, place]
                rested = (
                    now + (1 - np.exp(-rate * seen / 4)) * (1 - now) + (1 - np.exp(-1 / (4 * memory))) * (prior - now)
                )
                leak = lab == "openai" and what == "operator" and named.deployment[o] == "vendor_api"
                backdoor = lab == "qwen" and what == "origin"
                hit = named.lab[o] == lab if leak else backdoor and named.open[o]
                factor = (kept if region in ("", name) else 0.5) if hit else 1.0
                assert getattr(trust, what)[r, place] == pytest.approx(factor * rested, rel=1e-12)
                checked += seen > 0
    assert checked > 50


@pytest.mark.parametrize("quarter", ["2025Q4", "2027Q2"])
def test_every_firm_pays_for_what_it_uses(quarter):
    """Bills, adoption projects, training and computing, added up firm by firm, are the flows of the ledger."""
    world = world_until(use, quarter)
    named, cost = Named(world), world.scenario.parameters.cost
    outlays = [government.total_outlay for government in world.governments]
    use(world)
    users, used, regions = named.users, named.used, world.firms.region[named.users]
    subsidy, price = world.rules.subsidy[regions, used], world.terms.option_price[regions, used]
    bill = named.spend(users, used, price * (1 - subsidy)) / (1 - subsidy) / 4
    last = world.firms.last_option[users]
    paid_again = np.where(last == 0, 1.0, np.where(last == used + 1, 0.0, cost.switching_share))
    project = named.project(users, used) * (cost.maintenance / 4 + paid_again)
    assert (paid_again == 1).any() and (paid_again == cost.switching_share).any() and (paid_again == 0).any()
    tokens = np.bincount(used, named.weight[users] * bill / price, len(named.offer))
    np.testing.assert_allclose(world.tokens.sum(axis=(0, 1, 2)), tokens, rtol=1e-5)  # firms' columns are float32
    accounts = list(world.ledger.accounts)
    deployment, lab = np.array(named.deployment)[used], np.array(named.lab)[used]
    for payer, part in (("firms", 1 - subsidy), ("government", subsidy)):
        paid = {
            **{f"lab:{name}": part * bill * ((lab == name) & (deployment == "vendor_api")) for name in lab},
            "hosts": part * bill * (deployment == "hosted"),
            "hardware": part * bill * (deployment == "self_hosted"),
            "integrators": part * project,
        }
        for payee, amounts in paid.items():
            flows = [
                world.ledger.paid[accounts.index(f"{payer}:{r}"), accounts.index(payee)]
                for r in named.tables.region_names
            ]
            np.testing.assert_allclose(flows, named.by_region(amounts), rtol=1e-5, err_msg=f"{payer} to {payee}")
    workers = np.bincount(world.firms.region, named.weight * named.employees)
    trainers = world.ledger.paid[:, accounts.index("trainers")]
    expected = 0.3 * workers[named.tables.region_names.index("india")] / 4 * named.parameters.readiness.training_cost
    assert trainers[accounts.index("government:india")] == pytest.approx(expected, rel=1e-6)
    assert trainers.sum() == pytest.approx(expected, rel=1e-6)
    compute = world.ledger.paid[:, accounts.index("compute")]
    for one in world.labs:
        mine = [o for o, name in enumerate(named.lab) if name == one.name and named.deployment[o] == "vendor_api"]
        spent = (tokens[mine] * world.terms.unit_cost[world.options.offer[mine]]).sum()
        assert compute[accounts.index(f"lab:{one.name}")] == pytest.approx(spent, rel=1e-5)
        account = accounts.index(f"lab:{one.name}")
        got, paid = world.ledger.paid[:, account].sum(), world.ledger.paid[account].sum()
        earned = got - world.ledger.paid[accounts.index("investors"), account]
        assert (one.revenue, one.cost) == pytest.approx((earned, spent), rel=1e-5)
        assert got == pytest.approx(paid)  # the owners have what is left, or pay what is missing
    assert compute[accounts.index("hosts")] == pytest.approx(world.ledger.paid[:, accounts.index("hosts")].sum())
    for i, government in enumerate(world.governments):
        spent = world.ledger.paid[accounts.index(f"government:{government.name}")].sum()
        assert government.outlay == pytest.approx(spent) == government.total_outlay - outlays[i]


def test_an_option_is_worth_what_the_model_says():
    """V = B - (1 - subsidy) F - distrust W - compliance W, in dollars, for every firm and option."""
    world = world_until(decide, "2026Q1")
    named, c, some = Named(world), conditions_of(world), Some.of(world, np.arange(len(world.firms)))
    cost, demand, trust = named.parameters.cost, named.parameters.demand, named.parameters.trust
    value = option_values(world, c, some)
    annuity = cost.interest_rate / (1 - (1 + cost.interest_rate) ** -cost.contract_years)
    regions, rows = world.firms.region, np.arange(len(world.firms))
    chi = named.tables.figures["deployments.operator_weight"]
    for o in range(len(named.offer)):
        kept = 1 - world.rules.subsidy[regions, o]
        worth = named.spend(rows, np.full(len(rows), o), world.terms.option_price[regions, o] * kept) / (
            demand.price_elasticity - 1
        )
        due = np.where(world.firms.option == 0, 1.0, np.where(world.firms.option == o + 1, 0.0, cost.switching_share))
        project = named.project(rows, np.full(len(rows), o)) * (cost.maintenance + annuity * due)
        weight = chi[world.options.deployment[o]]
        believed = weight * (1 - world.trust.operator[regions, o])
        believed = believed + (1 - weight) * (1 - world.trust.origin[regions, world.options.offer[o]])
        distrust = (
            trust.distrust_cost * named.tables.figures["sectors.distrust_multiple"][world.firms.sector] * believed
        )
        bill = named.wage * named.employees
        expected = worth - kept * project - (distrust + world.rules.compliance[regions, o]) * bill
        scale = (worth + project) / bill
        np.testing.assert_allclose(value[:, o], expected / bill, rtol=1e-9, atol=1e-9 * scale.max())


def test_attention_readiness_and_contracts_are_those_of_the_parameters():
    world = world_until(decide, "2025Q4")
    named, c = Named(world), conditions_of(world)
    diffusion, readiness = named.parameters.diffusion, named.parameters.readiness
    multiple = named.tables.figures["sectors.innovation_multiple"]
    np.testing.assert_allclose(c.innovation, diffusion.innovation * multiple / 4)
    assert c.imitation == pytest.approx(diffusion.imitation / 4)
    assert np.flatnonzero(c.contract_ends).tolist() == list(range(0, 256, 8))  # two years
    short = conditions_of(world_until(decide, "2025Q4", EVENTFUL.replace({"cost.contract_years": 0.7})))
    assert np.flatnonzero(short.contract_ends).tolist() == list(range(0, 256, 3))
    world.firms.last_option[:] = world.firms.option
    practise(world, c, Some.of(world, np.arange(len(world.firms))))
    india = world.firms.region == named.tables.region_names.index("india")
    gain = readiness.training_effect * 0.3 * india + readiness.learning_by_use * (world.firms.option != 0)
    before, after = named.readiness, world.firms.readiness.astype(float)
    inner = (after < 0.99) & (before > 0.01)
    rise = np.log(after / (1 - after)) - np.log(before / (1 - before))
    np.testing.assert_allclose(rise[inner], gain[inner] / 4, atol=2e-5)


def test_observed_models_and_prices_are_those_of_the_tables():
    world = world_until(release, "2026Q1")
    release(world)
    row = quarter_number("2026Q1") - world.scenario.tables.first_observed
    for name, quantity in (("capability", "capability"), ("list_price", "price"), ("hosted_price", "hosted_price")):
        np.testing.assert_array_equal(getattr(world.terms, name), world.scenario.tables.history[quantity][row])
    np.testing.assert_array_equal(world.terms.served, world.terms.capability)


def test_a_breakthrough_before_the_evidence_ends_adds_to_what_is_observed():
    moment = abm.Intervention("breakthrough", 4.0, "2025Q3", target="offer:mistral")
    world = world_until(release, "2026Q1", BASELINE.enact(moment))
    release(world)
    row = quarter_number("2026Q1") - world.scenario.tables.first_observed
    more = world.terms.capability - world.scenario.tables.history["capability"][row]
    assert dict(zip(world.scenario.tables.offer_names, more, strict=True))["mistral"] == pytest.approx(4.0)
    assert more.sum() == pytest.approx(4.0)


def test_nobody_sells_below_cost_where_prices_are_capped_but_own_machines_run_on():
    caps = BASELINE.enact(abm.Intervention("price_cap", 0.01, "2026Q1", region="india"))
    world = world_until(release, "2026Q1", caps)
    release(world)
    india = world.scenario.tables.region_names.index("india")
    own_machines = ~world.options.at_vendor & ~world.options.hosted
    assert not world.terms.withheld[:, own_machines].any()
    assert world.terms.withheld[india, ~own_machines].all() and world.terms.withheld.sum(axis=1).astype(bool).sum() == 1


def test_the_warm_up_lives_at_the_first_quarters_offers():
    world = world_until(release, "2024Q2")
    release(world)
    row = quarter_number("2025Q1") - world.scenario.tables.first_observed
    np.testing.assert_array_equal(world.terms.capability, world.scenario.tables.history["capability"][row])


def test_the_frontier_is_that_of_the_labs_there_are():
    """Without the leading labs the best of the others has nobody to catch up with."""
    leaders = ("lab:openai", "lab:google", "lab:anthropic")
    world = world_until(release, "2026Q3", BASELINE.replace({"withdrawn": leaders}))
    tables, research = world.scenario.tables, world.scenario.parameters.research
    left = [j for j in range(len(tables.offer_names)) if f"lab:{tables.lab_names[tables.offer_lab[j]]}" not in leaders]
    best = max(left, key=lambda j: world.terms.capability[j])
    lab = world.labs[tables.offer_lab[best]]
    old, profit = world.terms.capability.copy(), lab.profit
    assert old[best] < old.max()
    named = Named(world)
    on_open = named.weight[named.users][np.array(named.open)[named.used]].sum() / named.weight[named.users].sum()
    release(world)
    own = own_research(world, lab, profit, old[best])
    shared = research.commons * (1.0 if tables.offer_open[best] else 0.5) * np.sqrt(on_open)
    assert world.terms.capability[best] - old[best] == pytest.approx((own + shared) / 4)


def own_research(world, lab, profit, capability):
    """Points a year: money over ten billion to an elasticity, less the further out; losses are paid first."""
    research, tables = world.scenario.parameters.research, world.scenario.tables
    outside = 1e9 * tables.figures["labs.outside_money"][tables.lab_names.index(lab.name)]
    funds = max(outside + 4 * profit * (research.reinvested if profit > 0 else 1.0), 0.0)
    harder = np.exp(-research.difficulty * (capability - 130))
    years = (world.quarter - quarter_number("2026Q2")) / 4
    computation = funds / research.reference_budget * np.exp(world.scenario.parameters.market.hardware_decline * years)
    return research.frontier_growth * computation**research.budget_elasticity * harder


@pytest.mark.parametrize("quarter", ["2026Q3", "2027Q3"])
def test_labs_move_capability_and_prices(quarter):
    """Research, catch-up and commons; costs by the industry's clock; mark-ups a step towards the sellers' best."""
    world = world_until(release, quarter)
    named, terms = Named(world), world.terms
    columns = ("capability", "served", "list_price", "hosted_price", "unit_cost")
    old = {name: getattr(terms, name).copy() for name in columns}
    profit = {lab.name: lab.revenue - lab.cost for lab in world.labs}
    release(world)
    tables, market, demand = named.tables, named.parameters.market, named.parameters.demand
    names, is_open = list(tables.offer_names), np.array(tables.offer_open)
    on_open = named.weight[named.users][np.array(named.open)[named.used]].sum() / named.weight[named.users].sum()
    flagship = [j for j in range(len(names)) if not tables.offer_small[j]]
    best = max(old["capability"][j] for j in flagship)
    gain, research = np.zeros(len(names)), named.parameters.research
    for j in flagship:
        lab = world.labs[tables.offer_lab[j]]
        chinese = tables.region_names[tables.lab_home[tables.offer_lab[j]]] == "china"
        own = own_research(world, lab, profit[lab.name], old["capability"][j])
        own *= (0.6 if chinese else 1.0) * (0.5 if lab.name == "qwen" else 1.0)
        shared = research.commons * (1.0 if is_open[j] else 0.5) * np.sqrt(on_open)
        catch_up = (1 - np.exp(-research.catch_up / 4)) * (best - old["capability"][j])
        gain[j] = (own + shared) / 4 + catch_up
    for j in set(range(len(names))) - set(flagship):
        gain[j] = gain[next(k for k in flagship if tables.offer_lab[k] == tables.offer_lab[j])]
    np.testing.assert_allclose(terms.capability - old["capability"], gain, rtol=1e-9)

    share = (demand.price_elasticity - 1) * market.cost_per_point * demand.capability_spread
    worthwhile = demand.capability_midpoint + demand.capability_spread * np.log(1 / share - 1)
    served = [max(now, min(new, worthwhile)) for now, new in zip(old["served"], terms.capability, strict=True)]
    np.testing.assert_allclose(terms.served, served, rtol=1e-12)
    years = (quarter_number(quarter) - quarter_number("2026Q2")) / 4
    fading = [2 ** (-t / market.decline_half_life) for t in (years - 0.25, years)]
    fall = market.hardware_decline / 4 + (market.cost_decline - market.hardware_decline) * (fading[0] - fading[1]) * (
        market.decline_half_life / np.log(2)
    )
    before, by_capability = old["unit_cost"].copy(), np.exp(market.cost_per_point * (terms.served - old["served"]))
    at_midpoint = before / np.exp(market.cost_per_point * (old["served"] - demand.capability_midpoint))
    nearer = (at_midpoint.min() / at_midpoint) ** (1 - np.exp(-market.cost_catch_up / 4))  # to the cheapest
    cost = before * nearer * by_capability * np.exp(-fall)
    np.testing.assert_allclose(terms.unit_cost, cost, rtol=1e-9)

    step = market.price_adjustment
    kept = old["list_price"] * cost / before  # at the old mark-up
    np.testing.assert_allclose(terms.list_price[is_open], ((1 - step) * kept + step * cost)[is_open], rtol=1e-9)
    best = (terms.list_price - (1 - step) * kept) / step
    assert terms.prices_found
    np.testing.assert_allclose(best[~is_open], (terms.best_markup * cost)[~is_open], rtol=1e-9)
    hosted = (1 - step) * old["hosted_price"] * cost / before + step * cost
    np.testing.assert_allclose(terms.hosted_price[is_open], hosted[is_open], rtol=1e-9)
    multiple = dict(zip(tables.deployment_names, tables.figures["deployments.price_multiple"], strict=True))
    for o, name in enumerate(named.offer):
        j = names.index(name)
        posted = terms.list_price[j] * {"google_flagship": 0.5}.get(name, 1.0)
        elsewhere = terms.hosted_price[j] * multiple[named.deployment[o]]
        expected = posted if named.deployment[o] == "vendor_api" else elsewhere
        if named.deployment[o] == "vendor_api" or named.open[o]:
            assert terms.option_price[:, o] == pytest.approx(expected)
