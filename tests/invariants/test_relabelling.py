"""Neither the order of rows, nor labels, nor the numbers that stand for names decide anything."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import abm
from abm.scenario import tables as tables_module
from abm.scenario.loading import load_tables
from abm.scenario.tables import DATA

FIRMS, SEED = 4_000, 3


@pytest.fixture(scope="module")
def before(eventful):
    return abm.simulate(eventful, firms=FIRMS, seed=SEED)


@pytest.mark.parametrize("arranged", ["reversed", "shuffled"])
def test_the_order_of_rows_changes_no_bit(before, eventful, with_tables, measured, tmp_path, arranged):
    """Every row of every table in another place: regions, sectors, sizes, labs, offers, deployments, history, trust."""
    for file in DATA.glob("*.csv"):
        rows = pd.read_csv(file, dtype=str, keep_default_na=False)
        rows = rows[::-1] if arranged == "reversed" else rows.sample(frac=1, random_state=7)
        rows.to_csv(tmp_path / file.name, index=False)
    moved = load_tables(tmp_path)
    assert moved.listed("region") != load_tables().listed("region")
    after = abm.simulate(with_tables(eventful, moved), firms=FIRMS, seed=SEED)
    for name, values in before.data.data_vars.items():
        measured(after.data[name], values, claim=f"rows {arranged}: {name}")
    for name in ("penetration", "open_share", "market_share", "foreign_origin", "surplus"):
        measured(after.indicator(name), before.indicator(name), claim=f"rows {arranged}: {name}")
    assert after.data.equals(before.data)


def test_labels_change_no_bit(before, eventful, with_tables, tmp_path):
    """What a chart calls a region, sector, size, lab, offer or deployment is not what it is."""
    for file in DATA.glob("*.csv"):
        rows = pd.read_csv(file, dtype=str, keep_default_na=False)
        if "label" in rows:
            rows["label"] = [f"Number {i}" for i in range(len(rows))]
        rows.to_csv(tmp_path / file.name, index=False)
    after = abm.simulate(with_tables(eventful, load_tables(tmp_path)), firms=FIRMS, seed=SEED)
    assert after.data.equals(before.data)


def renumbered(tables, luck):
    """The tables with other codes for all names: every axis permuted, every code that points to it with it."""
    axes = {
        "regions": tables.region_names, "sectors": tables.sector_names, "sizes": tables.size_names,
        "labs": tables.lab_names, "offers": tables.offer_names, "deployments": tables.deployment_names,
    }  # fmt: skip
    to = {axis: luck.permutation(len(names)) for axis, names in axes.items()}
    new = {axis: np.argsort(order) for axis, order in to.items()}  # new code of an old one
    region, sector, size, lab, offer, deployment = to.values()

    def moved(values, order):
        return tuple(values[i] for i in order)

    return replace(
        tables,
        region_names=moved(tables.region_names, region), sector_names=moved(tables.sector_names, sector),
        size_names=moved(tables.size_names, size), lab_names=moved(tables.lab_names, lab),
        offer_names=moved(tables.offer_names, offer), deployment_names=moved(tables.deployment_names, deployment),
        size_bounds=moved(tables.size_bounds, size),
        lab_home=tuple(int(new["regions"][h]) for h in moved(tables.lab_home, lab)),
        offer_lab=tuple(int(new["labs"][x]) for x in moved(tables.offer_lab, offer)),
        offer_open=moved(tables.offer_open, offer), offer_small=moved(tables.offer_small, offer),
        offer_opens=moved(tables.offer_opens, offer), offer_behind=moved(tables.offer_behind, offer),
        figures={name: values[to[name.split(".")[0]]] for name, values in tables.figures.items()},
        firms=tables.firms[np.ix_(region, sector, size)], employees=tables.employees[np.ix_(region, sector, size)],
        history={name: values[:, offer] for name, values in tables.history.items()},
        trust_operator=tables.trust_operator[np.ix_(region, region)],
        trust_origin=tables.trust_origin[np.ix_(region, region)],
        trust_host=tables.trust_host[region], sold=tables.sold[np.ix_(region, lab)],
    )  # fmt: skip


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_other_codes_change_no_decision(eventful, with_tables, lived, measured, engine):
    """Chance is keyed by names, so each firm does the same; sums are added in another order, so money agrees to 1e-12.

    All firms are everybody's peers here: drawn peers are counted off along the strata, whose order is that of the codes.
    """
    scenario = eventful.replace({"interaction.network": "everyone"})
    old, new = (
        lived(with_tables(scenario, tables), FIRMS, SEED, engine)
        for tables in (scenario.tables, renumbered(scenario.tables, np.random.default_rng(11)))
    )
    assert new.world.scenario.tables.offer_names != old.world.scenario.tables.offer_names
    place = np.argsort(old.world.firms.id), np.argsort(new.world.firms.id)
    records = [market.recorder.record(market.world).data for market in (old, new)]
    names = [
        np.array(record["option"].values)[market.world.firms.option]
        for record, market in zip(records, (old, new), strict=True)
    ]
    otherwise = (names[0][place[0]] != names[1][place[1]]).sum()
    measured(otherwise, 0, claim=f"other codes, {engine}: firms that choose otherwise")
    for column in ("tenure", "taste_quarter", "readiness", "intensity", "employees"):
        a, b = (getattr(market.world.firms, column) for market in (old, new))
        np.testing.assert_array_equal(a[place[0]], b[place[1]], column)
    for name, values in records[0].data_vars.items():
        same = records[1][name].reindex_like(values)
        close = 1e-12 * float(abs(values).max())
        measured(same, values, rtol=1e-12, atol=close, claim=f"other codes, {engine}: {name}")


def test_every_array_of_the_tables_is_renumbered():
    """A table that is added needs its line in `renumbered`."""
    changed = renumbered(load_tables(), np.random.default_rng(11))
    same = [f for f in tables_module.Tables.__dataclass_fields__ if getattr(changed, f) is getattr(load_tables(), f)]
    assert same == ["frames", "first_observed"]
