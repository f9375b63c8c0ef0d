"""Every instrument moves what it aims at in the direction it should, whatever the luck.

Pairs of runs share their luck. Each instrument must move its target the right way in at least 18 of 20 pairs: two in
10,000 instruments without effect would be called effective (sign test), and one in 100 whose effect is twice the spread
between pairs would be missed.
"""

import numpy as np
import pytest

import abm
from abm.scenario.kinds import KINDS

FIRMS, SEEDS, AT_LEAST = 2_000, range(1, 21), 18
START, END = "2026Q3", "2028Q2"
BASE = abm.Scenario.load("baseline").replace(end=END)


def of(name, region):
    """An indicator of a region in the last quarter."""

    def value(record):
        return float(record.indicator(name, by="region").sel(quarter=END, region=region))

    return value


def users(target, region):
    """Firms of a region that use options of an origin, lab or operator."""
    family, _, name = target.partition(":")

    def value(record):
        firms = record.data["firms"].sel(quarter=END, region=region).sum(["sector", "size"])
        return float(firms.where(record.data[f"option_{family}"] == name, 0).sum())

    return value


def users_abroad(origin):
    """Firms of all other regions that use models of an origin."""

    def value(record):
        firms = record.data["firms"].sel(quarter=END).sum(["sector", "size"]).drop_sel(region=origin)
        return float(firms.where(record.data["option_origin"] == origin, 0).sum())

    return value


def outside_vendors(region):
    """Firms of a region that run weights at hosts or on their own machines."""

    def value(record):
        firms = record.data["firms"].sel(quarter=END, region=region).sum(["sector", "size"])
        return float(firms.where((record.data["option_operator"] == "") & (record.data["option"] != "none"), 0).sum())

    return value


def capability(record):
    tables = BASE.tables
    chinese = [name for name in tables.offer_names if name in ("deepseek", "qwen")]
    return float(record.data["capability"].sel(quarter=END, offer=chinese).sum())


def public(name, region):
    """An indicator of public administration."""

    def value(record):
        where = {"quarter": END, "region": region, "sector": "public_administration"}
        return float(record.indicator(name, by=("region", "sector")).sel(where))

    return value


def price_paid(region):
    """What a region pays for a million tokens, USD."""

    def value(record):
        now = record.data.sel(quarter=END, region=region)
        spend, tokens = (float(now[name].sum()) for name in ("spend", "tokens"))
        return spend / tokens

    return value


def dear_users(sector):
    """Firms of a sector that use something dearer per token than the cheapest that anybody uses in their region."""

    def value(record):
        now = record.data.sel(quarter=END).sum("size").isel(option=slice(1, None))
        paid, tokens = (now[name].sum("sector") for name in ("spend", "tokens"))
        price = (paid / tokens).where(tokens > 0)
        return float(now["firms"].sel(sector=sector).where(price > price.min("option")).sum())

    return value


def compensation(region):
    """What labs pay their users in a region, USD."""

    def value(record):
        labs = [str(a) for a in record.data["payer"].values if str(a).startswith("lab:")]
        return float(record.data["paid"].sel(quarter=END, payer=labs, payee=f"firms:{region}").sum())

    return value


def posted(offer):
    return lambda record: float(record.data["price"].sel(quarter=END, offer=offer))


def act(kind, level, region="all", target="", start=START):
    return abm.Intervention(kind, level, start, region=region, target=target)


EU, US = "european_union", "united_states"
INSTRUMENTS = {
    "subsidy": (act("subsidy", 0.5, "india"), of("penetration", "india"), +1),
    "subsidy, open models": (act("subsidy", 0.5, "india", "license:open"), of("open_share", "india"), +1),
    "compute_voucher": (act("compute_voucher", 0.8, EU), outside_vendors(EU), +1),
    "training": (act("training", 0.2, EU), of("penetration", EU), +1),
    "public_research": (act("public_research", 1e-4, "china", "license:open"), capability, +1),
    "procurement, open first": (act("procurement", 1.0, "india", "license:open"), public("open_share", "india"), +1),
    "procurement, domestic first": (act("procurement", 1.0, EU, "origin:home"), public("foreign_origin", EU), -1),
    "procurement, cheapest": (act("procurement", 1.0, target="cheapest"), dear_users("public_administration"), -1),
    "assurance": (act("assurance", 0.9, target="origin:china"), users_abroad("china"), +1),
    "data_localisation": (act("data_localisation", 0.01, EU), of("foreign_operator", EU), -1),
    "ban": (act("ban", 0.5, EU, "origin:china"), users("origin:china", EU), -1),
    "export_control": (act("export_control", 0.5, target="origin:china"), capability, -1),
    "open_weights_mandate": (act("open_weights_mandate", 1, target="lab:openai"), posted("openai_flagship"), -1),
    "liability": (act("liability", 0.9, "india"), compensation("india"), +1),
    "price_cap": (act("price_cap", 1.0, EU), price_paid(EU), -1),
    "price_change": (act("price_change", -0.5, target="lab:openai"), users("lab:openai", US), +1),
    "withdrawal": (act("withdrawal", 0.5, target="lab:openai"), users("lab:openai", US), -1),
    "leak": (act("leak", 0.5, target="lab:openai"), users("lab:openai", US), -1),
    "outage": (act("outage", 0.5, target="lab:openai"), users("lab:openai", US), -1),
    "cut_off": (act("cut_off", 1.0, EU, "origin:united_states"), users("operator:united_states", EU), -1),
    "backdoor": (act("backdoor", 0.8, target="license:open"), of("open_share", "china"), -1),
    "funding_cut": (act("funding_cut", 0.9, target="license:open"), capability, -1),
    "breakthrough": (act("breakthrough", 15, target="offer:deepseek"), users("lab:deepseek", "china"), +1),
}


@pytest.fixture(scope="module")
def without():
    return [abm.simulate(BASE, firms=FIRMS, seed=seed) for seed in SEEDS]


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_moves_its_target_the_right_way(without, measured, name):
    instrument, target, sign = INSTRUMENTS[name]
    scenario = BASE.enact(instrument)
    moves = np.array([
        sign * (target(abm.simulate(scenario, firms=FIRMS, seed=seed)) - target(base))
        for seed, base in zip(SEEDS, without, strict=True)
    ])  # fmt: skip
    right = (moves > 0).sum()
    measured(right, 20, atol=20 - AT_LEAST, claim=f"{name}: pairs of 20 in which its target moves the right way")
    assert moves.mean() > 0


def test_no_instrument_is_left_out():
    assert {instrument.kind for instrument, _, _ in INSTRUMENTS.values()} == set(KINDS)
    assert all(name.split(",")[0] == instrument.kind for name, (instrument, _, _) in INSTRUMENTS.items())
