"""The named what-ifs run and tell their story in two sentences that their numbers bear out."""

import re

import pytest

import abm

WHAT_IFS = [name for name in abm.library() if name != "baseline"]
QUARTER, FIRMS = "2028Q4", 1_500


def test_the_named_ones_are_there():
    assert len(WHAT_IFS) == 13
    assert {"subsidy_capture", "sovereign_procurement", "open_drought", "deepseek_moment"} < set(WHAT_IFS)


@pytest.mark.parametrize("name", WHAT_IFS)
def test_a_what_if_tells_its_story(name):
    base, variant = (abm.Scenario.load(n).replace(end=QUARTER) for n in ("baseline", name))
    done = abm.compare(base, variant, seeds=2, firms=FIRMS)
    first, second = done.story(QUARTER)
    assert first.startswith(variant.title) and first.endswith(".") and second.endswith(".")
    region = re.search(r"workers in (\w+) use AI", first)[1]
    after, before = (float(x) for x in re.search(r"by \w+ ([0-9.]+)% instead of ([0-9.]+)%", first).groups())
    local = done.paired("penetration", by="region").sel(quarter=QUARTER, region=region)
    assert (before, after) == pytest.approx((100 * float(local["base"]), 100 * float(local["variant"])), abs=0.051)
    for what, indicator in (("surplus", "surplus"), ("revenue", "vendor_revenue"), ("pay", "public_outlay")):
        change = float(done.paired(indicator).sel(quarter=QUARTER)["difference"])
        word = re.search(rf"{what} (rises|falls|stays)", second)[1]
        assert word == ("stays" if abs(change) < 5e6 else "rises" if change > 0 else "falls")
