"""Networks of peers: degrees, mixing, proportion to weight, clustering, windows, files, and the compiled kernel.

Seeds are fixed. Means must lie within 4 standard errors of a closed form, chi-square tests have p > 1e-3.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from abm.model import Market
from abm.quantities import InputError
from abm.rng import name_key, uniform
from abm.scenario.parameters import Interaction
from abm.world.engine import Engine
from abm.world.firms import Strata
from abm.world.network import NOBODY, WINDOW, born_network, hashed_peers

KINDS = ("hashed", "small_world", "stochastic_block")


def population(*kinds):
    """Strata from (region, sector, weight, firms), sorted by region and sector."""
    region, sector, weight, count = (np.array(column) for column in zip(*kinds, strict=True))
    key = np.array([name_key("kind", i) for i in range(len(kinds))], np.uint64)
    return Strata(region, sector, region * 0, key, weight.astype(float), np.append(0, np.cumsum(count)))


def network(strata, kind="hashed", seed=1, peers=8, own_sector=1.0, own_region=0.0):
    where = {"own_sector_share": own_sector, "own_region_share": own_region}
    return born_network(strata, Interaction(peers=peers, network=kind, **where), seed)


def ties(net, strata):
    """Firms and peers, each of shape (tie,)."""
    peers = net.of(np.arange(strata.start[-1]))
    return np.nonzero(peers != NOBODY)[0], peers[peers != NOBODY]


def near(values, expected, slack=0.0):
    """Whether the mean of independent values lies within 4 standard errors of what is expected."""
    return abs(np.mean(values) - expected) < 4 * np.std(values, ddof=1) / np.sqrt(len(values)) + slack


UNEQUAL = population(  # 270 firms
    (0, 0, 1, 60), (0, 0, 10, 20), (0, 0, 100, 5), (0, 1, 2, 40), (0, 1, 30, 12),
    (1, 0, 0.5, 80), (1, 0, 300, 3), (1, 1, 5, 50),
)  # fmt: skip


@pytest.mark.parametrize("kind", ["hashed", "small_world"])
@pytest.mark.parametrize("count", [0, 1, 5, 8])
def test_every_firm_has_exactly_k_peers(kind, count):
    firm, peer = ties(network(UNEQUAL, kind, peers=count, own_sector=0.5), UNEQUAL)
    assert (np.bincount(firm, minlength=270) == count).all() and ((peer >= 0) & (peer < 270)).all()


@pytest.mark.parametrize("mean", [1, 8])
def test_peers_in_a_stochastic_block_are_poisson_in_number(mean):
    strata = population((0, 0, 1.0, 12_000), (0, 1, 7.0, 8_000))
    firm = ties(network(strata, "stochastic_block", peers=mean), strata)[0]
    most = int(stats.poisson.isf(1e-3, mean))  # larger numbers share one class
    seen = np.bincount(np.minimum(np.bincount(firm, minlength=20_000), most), minlength=most + 1)
    expected = np.append(stats.poisson.pmf(np.arange(most), mean), stats.poisson.sf(most - 1, mean))
    assert stats.chisquare(seen, expected * 20_000).pvalue > 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_ties_stay_in_their_sector_and_region_as_declared(kind):
    """Own cell: its share, and by chance its part of the region and of the world; each cell's share is binomial."""
    own, regional, world = 0.5, 0.3, 0.2
    firm, peer = ties(network(UNEQUAL, kind, peers=32, own_sector=own, own_region=regional), UNEQUAL)
    region, sector, weight = (np.repeat(x, UNEQUAL.count) for x in (UNEQUAL.region, UNEQUAL.sector, UNEQUAL.weight))
    for r, s in ((0, 0), (0, 1), (1, 0), (1, 1)):
        land, cell = region == r, (region == r) & (sector == s)
        here, around = weight[cell].sum(), weight[land].sum()
        for place, expected in (
            (cell, own + regional * here / around + world * here / weight.sum()),
            (land, own + regional + world * around / weight.sum()),
        ):
            seen = place[peer[cell[firm]]]
            assert abs(seen.mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / len(seen))


@pytest.mark.parametrize("own_sector", [1.0, 0.5])
@pytest.mark.parametrize("kind", KINDS)
def test_peers_are_met_in_proportion_to_their_weight(measured, kind, own_sector):
    """What the average real firm sees is the share of real firms, not that of sampled firms; exact in expectation.

    The standard error is that of independent networks, which allows for clustering.
    """
    weight = np.repeat(UNEQUAL.weight, UNEQUAL.count)
    has, seen = weight[:, None] == [1, 100, 300], []
    for seed in range(300):
        firm, peer = ties(network(UNEQUAL, kind, seed, 8, own_sector, (1 - own_sector) / 2), UNEQUAL)
        seen.append(np.average(has[peer], axis=0, weights=weight[firm]))
    real = np.average(has, axis=0, weights=weight)
    for values, share, equal in zip(np.transpose(seen), real, has.mean(axis=0), strict=True):
        error = np.std(values, ddof=1) / np.sqrt(len(values))
        measured(np.mean(values), share, atol=4 * error, claim="share that peers show the average real firm")
        assert not near(values, equal, slack=0.01)


def clustering(net, strata):
    """Share of the ordered pairs of a firm's distinct peers, itself left out, that are tied."""
    firm, peer = ties(net, strata)
    tied = np.zeros((strata.start[-1], strata.start[-1]), np.float32)
    tied[firm, peer] = firm != peer  # products are sums of ones, exact in float32
    degree = tied.sum(axis=1, dtype=float)
    return ((tied @ tied) * tied).sum(dtype=float) / (degree * (degree - 1)).sum()


@pytest.mark.parametrize("count", [2, 4, 8, 16])
def test_a_small_world_without_far_peers_clusters_as_the_lattice(count):
    """C = 3 (k - 2) / (4 (k - 1)) (Watts and Strogatz 1998; Barrat and Weigt 2000), here exactly."""
    strata = population((0, 0, 3.7, 60), (0, 0, 3.7, 33), (0, 0, 3.7, 8))
    for seed in range(5):
        seen = clustering(network(strata, "small_world", seed, count), strata)
        assert seen == pytest.approx(3 * (count - 2) / (4 * (count - 1)), abs=1e-12)


@pytest.mark.parametrize("far", [0.1, 0.3, 0.6])
def test_far_peers_thin_out_clusters_by_the_cube(far):
    """C(b) = C(0) (1 - b)^3 + O(1/n), here at most k/n (Barrat and Weigt 2000, doi 10.1007/s100510050067)."""
    strata = population((0, 0, 1.0, 400), (0, 0, 1.0, 400))
    seen = [clustering(network(strata, "small_world", seed, 8, 1 - far, far), strata) for seed in range(12)]
    assert near(seen, 18 / 28 * (1 - far) ** 3, slack=8 / 800)


@pytest.mark.parametrize("kind", ["hashed", "stochastic_block"])
def test_drawn_peers_know_each_other_by_chance_only(kind):
    """One of k draws among n firms, or of a Poisson number: 1 - (1 - 1/n)^k and 1 - exp(-k/n), both about k/n."""
    strata = population(*[(0, sector, 1.0, 100) for sector in range(4)])
    seen = [clustering(network(strata, kind, seed, 8), strata) for seed in range(40)]
    assert near(seen, 1 - (1 - 1 / 100) ** 8 if kind == "hashed" else 1 - np.exp(-8 / 100))


def test_peers_in_large_strata_are_near_the_own_relative_position():
    """Half a window to either side, ends joined, and every distance in it equally often; one firm of rounding."""
    strata = population((0, 0, 1.0, 4 * WINDOW), (0, 0, 3.0, 20_000), (0, 0, 50.0, 3_000))
    firm, peer = ties(network(strata), strata)
    own, met = strata.of(firm), strata.of(peer)
    count, large = strata.count[met], strata.count[met] > WINDOW
    middle = (firm - strata.start[own]) / strata.count[own] * count
    distance = (peer - strata.start[met] - middle + count / 2) % count - count / 2
    assert large.sum() > 100_000 and (np.abs(distance[large]) <= WINDOW / 2 + 1).all()
    for places in (distance[large] / WINDOW, distance[~large] / count[~large]):
        bins = np.histogram(np.clip(places + 0.5, 0, 1 - 1e-9), bins=64, range=(0, 1))[0]
        assert stats.chisquare(bins).pvalue > 1e-3


@pytest.mark.parametrize("firms", [WINDOW - 1, WINDOW + 1, 20_000, 4 * WINDOW])
def test_every_firm_of_a_stratum_is_met_equally_often(firms):
    strata, bins = population((0, 0, 2.0, firms)), np.arange(firms) * 256 // firms
    peer = ties(network(strata), strata)[1]
    assert stats.chisquare(np.bincount(bins[peer]), np.bincount(bins) * 8).pvalue > 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_peers_do_not_depend_on_who_else_is_asked(kind):
    rows = np.arange(UNEQUAL.start[-1])
    net, other = (network(UNEQUAL, kind, seed, 8, 0.5, 0.2) for seed in (1, 2))
    alone = [net.of(rows[row : row + 1])[0] for row in rows]
    for some in (rows, rows[17:90], np.random.default_rng(3).permutation(rows)):
        for row, peers in zip(some, net.of(some), strict=True):
            np.testing.assert_array_equal(peers[peers != NOBODY], alone[row])
    assert (net.of(rows)[:, :3] != other.of(rows)[:, :3]).mean() > 0.7


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.floats(1e-6, 1e6)), min_size=1, max_size=60))
def test_alias_tables_hold_the_masses(kinds):
    """Walker (1977): what a place keeps and what others pass on to it add up to its mass; also per cell and region."""
    strata = population(*[(*kind, 1) for kind in sorted(kinds)])
    hashed = hashed_peers(strata, Interaction(), 1)
    for level, group in enumerate((strata.region * 3 + strata.sector, strata.region, strata.region * 0)):
        bins = slice(level * len(strata), (level + 1) * len(strata))
        keep, (first, alias) = hashed.threshold[bins], np.searchsorted(strata.start, hashed.span[bins, :, 0].T)
        assert ((keep >= 0) & (keep <= 1)).all() and (group[alias] == group).all()
        np.testing.assert_array_equal(first, np.arange(len(strata)))
        np.testing.assert_array_equal(hashed.span[bins, :, 1].T, strata.start[[first + 1, alias + 1]])
        chance = keep + np.bincount(alias, 1 - keep, minlength=len(strata))
        whole, many = np.bincount(group, strata.weight), np.bincount(group)
        np.testing.assert_allclose(chance / many[group], strata.weight / whole[group], rtol=0, atol=1e-12)


def written(folder, text, ties=()):
    (folder / "ties.csv").write_text(text + "".join(f"{firm},{peer}\n" for firm, peer in ties))
    return f"file:{folder / 'ties.csv'}"


def test_a_file_gives_back_the_ties_that_were_written(tmp_path):
    """Peers in the order of the file, twice if they are there twice, and none for a firm that is not there."""
    rows, draw = np.arange(UNEQUAL.start[-1]), np.random.default_rng(1)
    listed = [(a, b) for a, b in draw.choice(rows, (1000, 2)).tolist() if a % 5]
    net = network(UNEQUAL, written(tmp_path, "firm,peer\n", listed + listed[:50]))
    for row, peers in enumerate(net.of(rows)):
        expected = [b for a, b in listed + listed[:50] if a == row]
        assert peers[: len(expected)].tolist() == expected and (peers[len(expected) :] == NOBODY).all()
    swapped = network(UNEQUAL, written(tmp_path, "since,peer,firm\n2020,7,3\n"))
    assert swapped.of(np.array([7, 3])).tolist() == [[NOBODY], [7]]
    assert (network(UNEQUAL, written(tmp_path, "firm,peer\n")).of(rows) == NOBODY).all()


def test_more_peers_than_are_counted_are_refused(tmp_path):
    many = "firm,peer\n" + "0,1\n" * 65_535
    assert network(UNEQUAL, written(tmp_path, many)).of(np.array([0])).shape == (1, 65_535)
    with pytest.raises(InputError, match="firm 0 has 65536 peers; at most 65535"):
        network(UNEQUAL, written(tmp_path, many + "0,2\n"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("firm,peer\n0,1\n1,270\n", ("line 3", "270", "0 to 269")),
        ("firm,peer\n0,1\n-1,2\n", ("line 3", "-1", "0 to 269")),
        ("firm,peer\n0,1\n2,3.5\n", ("line 3", "3.5", "0 to 269")),
        ("firm,peer\n0,1\n2,\n", ("line 3", "0 to 269")),
        ("firm,peer\n0,1\n2,abc\n", ("line 3", "abc", "0 to 269")),
        ("firm,peer\n0,1,2\n1,2,3\n", ()),  # one field too many
        ("firm,friend\n0,1\n", ("columns firm and peer", "friend")),
        ("", ("cannot be read",)),
        (None, ("cannot be read", "No such file")),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name_value_and_range(tmp_path, text, named):
    kind = f"file:{tmp_path / 'ties.csv'}" if text is None else written(tmp_path, text)
    with pytest.raises(InputError) as refusal:
        network(UNEQUAL, kind)
    for part in ("ties.csv", *named):
        assert part in str(refusal.value)


def both_engines(scenario, firms, quarters):
    """Options by the reference and by the compiled kernel, from a start where options are spread by chance."""
    markets = [Market(scenario, firms, 1, Engine(name)) for name in ("numpy", "compiled")]
    for market in markets:
        market.world.firms.option[:] = uniform(1, "some option", market.world.firms.id) * 8
        for _ in range(quarters):
            market.step()
    return [market.world.firms.option for market in markets]


@pytest.mark.parametrize("kind", [*KINDS, "some", "hubs"])
def test_the_compiled_kernel_meets_the_same_peers(baseline, tmp_path, kind):
    """Six quarters in which peers count for much; from a file 0 to 11 peers, or one peer 300 times over."""
    draw = np.random.default_rng(1)
    firm = np.repeat(np.arange(3_000), 300 if kind == "hubs" else draw.integers(0, 12, 3_000))
    peer = np.repeat(draw.permutation(3_000), 300) if kind == "hubs" else draw.integers(0, 3_000, len(firm))
    named = kind if kind in KINDS else written(tmp_path, "firm,peer\n", zip(firm, peer, strict=True))
    crowd = baseline.replace({"interaction.strength": 8.0, "interaction.network": named})
    reference, kernel = both_engines(crowd, 3_000, 6)
    np.testing.assert_array_equal(kernel, reference)
    alone = both_engines(crowd.replace({"interaction.peers": 0, "interaction.network": "hashed"}), 3_000, 6)[0]
    assert (reference != alone).mean() > 0.02


def test_the_compiled_kernel_looks_through_the_same_windows(baseline):
    """A million firms, because only then some strata are larger than the window."""
    np.testing.assert_array_equal(*both_engines(baseline.replace({"interaction.strength": 8.0}), 1_000_000, 1))
