"""Every instrument costs the treasury what its declaration says, and every dollar has a payer and a payee.

Sums are counted here from the record's own quantities; the ledger is what is tested.
"""

import pytest

import abm

QUARTER, FIRMS, SEED = "2026Q3", 2_000, 1
BASE = abm.Scenario.load("baseline").replace(end="2026Q4")
COUNTRY = "european_union"


@pytest.fixture(scope="module")
def without():
    return abm.simulate(BASE, firms=FIRMS, seed=SEED).data.sel(quarter=QUARTER)


def under(*instruments):
    return abm.simulate(BASE.enact(*instruments), firms=FIRMS, seed=SEED).data.sel(quarter=QUARTER)


def flow(data, payer, payee):
    """USD from the accounts that begin with a name to others."""
    payers, payees = ([str(a) for a in data[side].values if str(a).startswith(name)]
                      for side, name in (("payer", payer), ("payee", payee)))  # fmt: skip
    return float(data["paid"].sel(payer=payers, payee=payees).sum())


def test_a_voucher_pays_its_part_of_the_compute_and_nothing_else(measured):
    data = under(abm.Intervention("compute_voucher", 0.6, QUARTER, region=COUNTRY))
    public, private = (
        flow(data, f"{who}:{COUNTRY}", "hosts") + flow(data, f"{who}:{COUNTRY}", "hardware")
        for who in ("government", "firms")
    )
    measured(
        public / (public + private),
        0.6,
        rtol=1e-9,
        claim="voucher of 0.6: treasury's part of what hosts and hardware get",
    )
    everything, compute = flow(data, "government:", ""), flow(data, f"government:{COUNTRY}", "h")
    measured(everything, compute, rtol=1e-12, claim="treasury's payments in all, USD")


def test_training_costs_a_course_for_everyone_trained(measured):
    data = under(abm.Intervention("training", 0.1, QUARTER, region=COUNTRY))
    workers = float(data["employment"].sel(region=COUNTRY).sum())
    expected = 0.1 / 4 * workers * BASE.parameters.readiness.training_cost
    measured(flow(data, "government:", ""), expected, rtol=1e-9, claim="training of 0.1 a year, USD")
    measured(flow(data, "", "trainers"), expected, rtol=1e-9, claim="training, received, USD")


def test_public_research_is_paid_to_the_open_labs_at_home_and_spent(without, measured):
    data = under(abm.Intervention("public_research", 2e-5, QUARTER, region="china", target="license:open"))
    gdp = BASE.tables.figures["regions.gdp"][BASE.tables.region_names.index("china")]
    expected = 2e-5 * gdp * 1e12 / 4
    measured(flow(data, "government:china", "lab:"), expected, rtol=1e-9, claim="research money of 0.002% of GDP, USD")
    for lab in ("deepseek", "qwen"):
        measured(flow(data, "government:china", f"lab:{lab}"), expected / 2, rtol=1e-9, claim=f"of it to {lab}, USD")
    more = flow(data, "lab:", "researchers") - flow(without, "lab:", "researchers")
    measured(more, expected, rtol=1e-9, claim="more spent on research, USD")


def test_assurance_costs_a_test_of_each_model(measured):
    data = under(abm.Intervention("assurance", 0.5, QUARTER, region=COUNTRY, target="license:open"))
    tested = sum(BASE.tables.offer_open)
    expected = tested * BASE.parameters.trust.assurance_cost / 4
    measured(flow(data, "government:", "testers"), expected, rtol=1e-12, claim=f"tests of {tested} models, USD")


def test_damages_are_what_users_fear_from_the_vendor(measured, lived):
    """rho chi (1 - T) times the wage bills of the users of each service, times the share that the rule names."""
    rule = abm.Intervention("liability", 0.7, QUARTER, region=COUNTRY)
    world = lived(BASE.replace(end=QUARTER).enact(rule), FIRMS, SEED).world
    tables, region, expected = world.scenario.tables, world.scenario.tables.region_names.index(COUNTRY), 0.0
    users = world.totals.employment[region].sum(axis=1)[:, 1:]
    # Trust is learned at the end of the quarter: compare with that of before, which one step less leaves.
    before = lived(BASE.replace(end="2026Q2"), FIRMS, SEED).world.trust.operator[region]
    for o in range(len(world.options.offer)):
        if world.options.at_vendor[o]:
            rho = BASE.parameters.trust.distrust_cost * tables.figures["sectors.distrust_multiple"]
            chi = tables.figures["deployments.operator_weight"][world.options.deployment[o]]
            expected += float((rho * users[:, o]).sum() * chi * (1 - before[o]))
    expected *= 0.7 / 4 * tables.figures["regions.wage"][region]
    paid = world.ledger.between("lab:", "firms:").sum()
    measured(paid, expected, rtol=1e-9, claim="damages of 0.7, USD")


def test_a_funding_cut_takes_its_share_of_outside_money(without, measured):
    data = under(abm.Intervention("funding_cut", 0.4, QUARTER, target="license:open"))
    for lab, is_open in (("deepseek", True), ("openai", False)):
        kept = flow(data, "investors", f"lab:{lab}") / flow(without, "investors", f"lab:{lab}")
        measured(kept, 0.6 if is_open else 1.0, rtol=1e-9, claim=f"outside money of {lab} against before")


def test_labs_spend_on_research_what_they_have_for_it(without, measured):
    """Outside money and half of the gross profit of the quarter before."""
    data = abm.simulate(BASE, firms=FIRMS, seed=SEED).data
    profit = (data["lab_revenue"] - data["lab_cost"]).sel(quarter="2026Q2").clip(0)
    expected = flow(without, "investors", "lab:") + BASE.parameters.research.reinvested * float(profit.sum())
    measured(flow(without, "lab:", "researchers"), expected, rtol=1e-9, claim="spent on research, USD")


def test_an_outage_is_not_paid_for(measured):
    data = under(abm.Intervention("outage", 0.1, QUARTER, target="offer:doubao"))
    lost = 0.1 * BASE.parameters.trust.outage_loss
    shock = under(abm.Intervention("leak", lost, QUARTER, target="offer:doubao"))  # the same users leave
    service = "doubao vendor_api"
    whole, rest = (float(d["spend"].sel(option=service).sum()) for d in (shock, data))
    measured(rest / whole, 0.9, rtol=1e-9, claim="spend in a quarter a tenth of which is without service")


@pytest.mark.parametrize(
    "kind, level, target",
    [
        ("procurement", 1.0, "license:open"), ("data_localisation", 0.01, "all"), ("ban", 1.0, "origin:china"),
        ("export_control", 0.5, "origin:china"), ("open_weights_mandate", 1, "license:proprietary"),
        ("liability", 0.5, "all"), ("price_cap", 1.0, "all"), ("price_change", -0.5, "lab:openai"),
        ("leak", 0.5, "lab:openai"), ("outage", 0.5, "lab:openai"), ("cut_off", 1.0, "origin:united_states"),
        ("backdoor", 0.5, "license:open"), ("funding_cut", 0.5, "license:open"), ("breakthrough", 5, "lab:qwen"),
    ],
)  # fmt: skip
def test_rules_and_events_cost_the_treasury_nothing(measured, kind, level, target):
    region = (
        COUNTRY if kind in ("procurement", "ban", "data_localisation", "liability", "price_cap", "cut_off") else "all"
    )
    data = under(abm.Intervention(kind, level, QUARTER, region=region, target=target))
    measured(flow(data, "government:", ""), 0, claim=f"{kind}: treasuries' payments, USD")
    paid = float(data["paid"].sum())
    net = float(abs(data["paid"].sum("payee").values.sum() - data["paid"].sum("payer").values.sum()))
    measured(net, 0, atol=1e-9 * paid, claim=f"{kind}: paid less received, USD")
