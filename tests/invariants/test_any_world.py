"""Properties of every world that can be asked for: any parameters in their ranges, any instruments, any offers withdrawn."""

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import abm
from abm.model import Market
from abm.observe.indicators import INDICATORS, WEIGHTS
from abm.quantities import Quantity
from abm.quarters import quarter_name, quarter_number
from abm.scenario.kinds import KINDS
from abm.scenario.loading import load_tables
from abm.scenario.parameters import DECLARATIONS
from abm.scenario.plan import POPULATIONS, REACH, Plan
from abm.world.engine import Engine
from abm.world.genesis import smallest_sample

TABLES = load_tables()
FIRMS = smallest_sample(TABLES)
EXAMPLES = 40  # worlds for each property, the same ones in every run
PROPERTIES = settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
NUMBERS = [name for name, declared in DECLARATIONS.items() if isinstance(declared, Quantity)]
NAMED = {
    "interaction.network": ["hashed", "everyone", "small_world", "stochastic_block"],
    "interaction.form": ["share", "count", "log_share"],
}
START = quarter_number("2025Q3")


def value_of(name):
    declared = DECLARATIONS[name]
    if declared.integer:
        return st.integers(int(declared.low), int(declared.high))
    return st.floats(declared.low, declared.high, allow_nan=False)


@st.composite
def instruments(draw):
    kind = draw(st.sampled_from(sorted(KINDS)))
    worldwide = KINDS[kind].worldwide
    family = draw(st.sampled_from(KINDS[kind].targets))
    names = {
        "all": ["all"], "license": ["license:open", "license:proprietary"],
        "origin": ["origin:china" if worldwide else "origin:home"], "operator": ["operator:united_states"],
        "cheapest": ["cheapest"],
        "lab": [f"lab:{lab}" for lab in TABLES.lab_names], "offer": [f"offer:{offer}" for offer in TABLES.offer_names],
    }  # fmt: skip
    declared = KINDS[kind].level
    start = START + draw(st.integers(0, 5))
    end = draw(st.sampled_from(["", quarter_name(start + 1)]))
    region = "all" if worldwide else draw(st.sampled_from(["all", *TABLES.region_names]))
    level = draw(st.sampled_from([0, 1]) if declared.integer else st.floats(declared.low, declared.high))
    return abm.Intervention(kind, level, quarter_name(start), end, region, draw(st.sampled_from(names[family])))


@st.composite
def plans(draw):
    return Plan(
        draw(st.sampled_from(TABLES.region_names)), quarter_name(START + draw(st.integers(0, 4))),
        budget=draw(st.floats(0, 0.05)), population=draw(st.sampled_from(POPULATIONS)),
        instruments=tuple(draw(st.lists(st.sampled_from(sorted(REACH)), unique=True))),
        targets=((quarter_name(START + 7), draw(st.floats(0, 1))),),
        tolerance=draw(st.floats(0, 1)), gain=draw(st.floats(0, 20)),
        agency_budget=draw(st.sampled_from([1e-4, 1.0])), sovereignty=draw(st.sampled_from([0.0, 0.01])),
    )  # fmt: skip


@st.composite
def scenarios(draw):
    some = draw(st.lists(st.sampled_from(NUMBERS), max_size=8, unique=True))
    changes = {name: draw(value_of(name)) for name in some}
    changes |= {name: draw(st.sampled_from(values)) for name, values in NAMED.items()}
    changes["population.warm_up"] = draw(st.integers(0, 3))
    return abm.Scenario(
        "any", start=quarter_name(START), end=quarter_name(START + 7),
        history=draw(st.sampled_from(["observed", "endogenous"])),
        interventions=tuple(draw(st.lists(instruments(), max_size=3))), shocks=draw(st.integers(0, 2)),
        governments=tuple(draw(st.lists(plans(), max_size=2, unique_by=lambda plan: plan.region))),
        withdrawn=tuple(draw(st.lists(st.sampled_from(["license:open", "offer:qwen", "origin:china"]), max_size=1))),
    ).replace(changes)  # fmt: skip


def grants(scenario, quarters):
    """What treasuries pay open labs for research, USD, shape (quarter,)."""
    opened = {
        TABLES.lab_names[lab] for lab, is_open in zip(TABLES.offer_lab, TABLES.offer_open, strict=True) if is_open
    }
    if "license:open" in scenario.withdrawn:  # nobody is there to pay
        opened = set()
    paid = np.zeros(len(quarters))
    for one in scenario.interventions:
        labs = opened if one.target == "license:open" else opened & {one.target.removeprefix("lab:")}
        if one.kind == "public_research" and labs:
            where = [TABLES.region_names.index(one.region)] if one.region != "all" else slice(None)
            sum_of_all = one.level * TABLES.figures["regions.gdp"][where].sum() * 1e12 / 4
            paid += sum_of_all * np.array([one.start <= q <= (one.end or q) for q in quarters])
    return paid


@PROPERTIES
@given(scenarios(), st.integers(0, 2**31))
def test_shares_books_and_firms_add_up(scenario, seed):
    record = abm.simulate(scenario, firms=FIRMS, seed=seed)
    data = record.data
    for name, values in data.data_vars.items():
        if name not in ("hosted_price",):  # closed offers have none
            assert np.isfinite(values).all(), name
    counted = data["firms"].sum("option").values
    np.testing.assert_allclose(counted, np.broadcast_to(TABLES.firms, counted.shape), rtol=1e-9)
    for weight in WEIGHTS:
        used = data[weight].isel(option=slice(1, None)).sum(["region", "sector", "size", "option"])
        total = record.indicator("market_share", by="offer", weight=weight).sum("offer")
        np.testing.assert_allclose(total.values[used.values > 0], 1, rtol=1e-12)
        share = record.indicator("open_share", by=("region", "size"), weight=weight)
        assert float(share.min()) >= 0 or np.isnan(share).all()
        assert float(share.max()) <= 1 or np.isnan(share).all()
    sellers = [str(a) for a in data["payee"].values if str(a).startswith("lab:")] + ["hosts", "hardware"]
    payers = [str(a) for a in data["payer"].values if str(a).startswith(("firms:", "government:"))]
    paid = data["paid"].sel(payer=payers, payee=sellers).sum(["payer", "payee"])
    spend = data["spend"].sum(["region", "sector", "size", "option"])
    np.testing.assert_allclose(paid, spend + grants(scenario, record.quarters), rtol=1e-9)
    for name, declared in INDICATORS.items():
        record.indicator(name, by="region" if name == "target_distance" else declared.by[:1])


@PROPERTIES
@given(scenarios(), st.integers(0, 2**31))
def test_both_engines_agree(scenario, seed):
    markets = [Market(scenario, FIRMS, seed, Engine(name)) for name in ("numpy", "compiled")]
    for _ in range(len(scenario.quarters) + scenario.parameters.population.warm_up):
        for market in markets:
            market.step()
    a, b = (market.world.firms.option for market in markets)
    assert (a != b).sum() == 0


@PROPERTIES
@given(scenarios(), instruments(), st.integers(0, 2**31))
def test_an_instrument_leaves_earlier_quarters_alone(scenario, instrument, seed):
    before, after = (abm.simulate(s, firms=FIRMS, seed=seed).data for s in (scenario, scenario.enact(instrument)))
    earlier = {"quarter": [q for q in scenario.quarters if quarter_number(q) < quarter_number(instrument.start)]}
    assert before.sel(earlier).equals(after.sel(earlier))


@PROPERTIES
@given(scenarios(), instruments(), st.integers(0, 2**31))
def test_an_instrument_at_level_zero_is_none(scenario, instrument, seed):
    idle = scenario.enact(dataclasses.replace(instrument, level=0))
    before, after = (abm.simulate(s, firms=FIRMS, seed=seed).data for s in (scenario, idle))
    assert before.equals(after)
