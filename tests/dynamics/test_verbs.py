"""What governments do and firms choose and pay against the equations of docs/model.md, firm by firm and by name."""

import numpy as np
import pytest
from eventful import EVENTFUL, Named, world_before, world_until

import abm
from abm.dynamics.conditions import conditions_of
from abm.dynamics.decide import decide
from abm.dynamics.learn import learn
from abm.dynamics.reference import Some, option_values, practise
from abm.dynamics.regulate import regulate
from abm.dynamics.use import use


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
