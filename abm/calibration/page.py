"""The page of the calibration, written from what was found: how it was made, projections and parameters."""

from __future__ import annotations

import numpy as np

from abm.calibration.answers import GOALS, YEARS, ends, with_misfit
from abm.calibration.check import inside
from abm.calibration.coverage import nominal
from abm.calibration.design import free
from abm.calibration.forecast import forecast
from abm.calibration.page_of_figures import against_rivals, misses, published_figures, puzzles, regions, table
from abm.calibration.report import OUTER, Report, at_ends, contraction, correlated, values
from abm.calibration.targets import FIT, HELD_OUT, errors, targets
from abm.observe.indicators import POPULATIONS, WEIGHTS
from abm.scenario.loading import load_tables

UNKNOWN = 0.1  # of the prior's variance: what takes away less has not identified a parameter
READINGS = {
    "firms_10plus": "firms with ten or more workers that use AI", "firms_all": "firms that use AI",
    "employment": "workers in firms that use AI", "people": "people who use AI",
}  # fmt: skip
LAST = f"{max(YEARS)}Q4"
HEADLINES = {
    "firms 10+ in China, 2027": ("baseline", "penetration", "china", "firms_10plus", "2027Q4"),
    "the same, 2030": ("baseline", "penetration", "china", "firms_10plus", LAST),
    "the same with AI Plus": ("ai_plus", "penetration", "china", "firms_10plus", LAST),
    "open share of tokens, world, 2030": ("baseline", "open_share", "world", "tokens", LAST),
    "open share of firms, world, 2030": ("baseline", "open_share", "world", "firms", LAST),
    "vendors' part of gains, 2030": ("baseline", "vendors_part", "world", "gains", LAST),
}


def page(found: Report, day: str) -> str:
    """Markdown.

    Args:
        found: What was found.
        day: Date of the runs.
    """
    parts = (
        _head(found, day), _headlines(found, day), published_figures(found), against_rivals(found), regions(found),
        puzzles(found), misses(found), _parameters(found), _families(found), _coverage(found),
    )  # fmt: skip
    return "\n".join(line for part in parts for line in (*part, "")).rstrip() + "\n"


def _head(found: Report, day: str) -> list[str]:
    calibration, fit = found.calibration, sum(one.split == FIT for one in targets())
    chains = "; ".join(
        f"`{name}`: largest R-hat {draws.rhat:.3f}, least effective number of draws {draws.effective:.0f}"
        for name, draws in calibration.draws.items()
    )
    rows = [
        (f"`{name}`", *(f"{100 * inside(told, split):.0f}%" for split in (FIT, HELD_OUT)))
        for name, told in found.predictions.items()
    ]
    return [
        "# Calibration", "",
        f"Written on {day} by `make calibration`: {calibration.runs:,} runs of the model, an emulator of them, and "
        f"posteriors of {len(free())} parameters under {len(targets())} published figures. The figures are in "
        "`abm/calibration/targets.csv` with their sources; official surveys, payments, routers and people are families of "
        "their own, each with a misfit of the model that is estimated, and are never pooled.", "",
        f"There are two posteriors. `fit` rests on the {fit} figures up to 2024 and the series of capability and prices; "
        "every statement out of sample is its. `all` rests on all figures, and projections are its. As 2025 and 2026 were "
        "looked at when the model was specified, they are pseudo-out-of-sample.", "",
        f"Chains: {chains}. Draw {found.nearest} (counted from 0) of `all` is the one nearest to the published totals "
        "(figures of no single sector or size class) and to the middle of the answers below: it is to be the defaults "
        f"(`experiments/type_defaults.py {found.nearest}`).", "",
        *table(("posterior", "to 2024, capability and prices: inside 90% intervals", "2025 and 2026: inside"), rows), "",
        "Only the last number of `fit` is out of sample, and even there the model is told which models came out and what "
        "they cost. Below 90% it says that intervals out of sample are too narrow.",
    ]  # fmt: skip


def _headlines(found: Report, day: str) -> list[str]:
    figures = len(forecast(found.answers, found.kept["all"], day))
    missed = with_misfit(found.answers, found.kept["all"])
    told = ends(missed)
    reached = missed.set_index(["scenario", "answer", "of", "quarter"])["value"].sort_index()
    rows = []
    for population, reading in READINGS.items():
        for scenario, name in (("baseline", "no plan"), ("ai_plus", "AI Plus")):
            cells = []
            for year in YEARS:
                drawn = reached.loc[(scenario, "penetration", population, f"{year}Q4")]
                key = (scenario, "penetration", "china", population, f"{year}Q4")
                cells += [_percent(told[key]), f"{(drawn >= GOALS[year]).mean():.2f}"]
            rows.append((reading, name, *cells))
    head = [cell for year in YEARS for cell in (f"{year}Q4", f"P(at least {100 * GOALS[year]:.0f}%)")]
    shares = [
        (region, *(_percent(told[("baseline", "open_share", region, weight, LAST)]) for weight in WEIGHTS))
        for region in (*load_tables().region_names, "world")
    ]
    parts = (f"{_percent(told[('baseline', 'vendors_part', 'world', 'gains', f'{y}Q4')])} in {y}Q4" for y in YEARS)
    assert set(READINGS) == set(POPULATIONS)
    low, high = (100 * x for x in free()["people.ceiling"].prior or ())
    return [
        "## Headline projections", "",
        f"Medians and 90% intervals over {found.answers['draw'].nunique()} draws of `all`, each with incidents and "
        "breakthroughs of its own, and with what the model misses in figures of the kind: surveys for firms and workers, "
        "people for people, enterprises for spend and routers for tokens. They do not hold what the model leaves out, and "
        "out of sample intervals have been too narrow (above): intervals and probabilities are surer than they should be.",
        "", *table(("China, share of", "scenario", *head), rows), "",
        "The plan does not say of what 70% and 90% are shares, so each reading has a row. AI Plus is the scenario `ai_plus` "
        "of the library. The firms' rows hang on one minister's statement about manufacturers (china_manufacturing_2026) "
        f"and on what firms elsewhere do; the people's row ends at a ceiling between {low:.0f}% and {high:.0f}% of people "
        "that no figure reaches yet, so that its chance of 90% is the prior's as much as the data's.", "",
        f"Open models' share of AI users, {LAST}, no plan:", "",
        *table(("region", *(f"by {weight}" for weight in WEIGHTS)), shares), "",
        f"Vendors' part of the gains (labs' profit before research over that and users' surplus): {', '.join(parts)}. It "
        "hangs on the price elasticity of use, which the figures push to the lower end of its prior: the worth of use is "
        "what is paid over the elasticity less one.", "",
        "![China's adoption by reading](calibration/china.png)", "",
        f"[forecast.csv](calibration/forecast.csv) says what {figures} figures of quarters that were not over will be, with "
        "survey error; later data can judge it.",
    ]  # fmt: skip


def _parameters(found: Report) -> list[str]:
    both = {name: contraction(draws) for name, draws in found.calibration.draws.items()}
    rows = []
    for name, one in free().items():
        assert one.prior is not None
        cells = []
        for which, draws in found.calibration.draws.items():
            low, median, high = np.quantile(values(draws, name), [0.05, 0.5, 0.95])
            cells += [f"{median:.3g} ({low:.3g} to {high:.3g})", f"{both[which][name]:.2f}"]
        rows.append((f"`{name}`", one.unit, f"{one.prior[0]:g} to {one.prior[1]:g}", *cells))
    dark = [f"`{name}`" for name, part in both["all"].items() if part < UNKNOWN]
    ends_ = [
        f"`{name}` {'upper' if part > 0 else 'lower'} {100 * abs(part):.0f}%"
        for name, part in at_ends(found.calibration.draws["all"]).items()
    ]
    pairs = [f"`{a}` and `{b}` {r:+.2f}" for a, b, r in correlated(found.calibration.draws["all"])]
    return [
        "## Parameters", "",
        "Medians and 90% intervals. Contraction is the part of the prior's variance that the figures take away, on the "
        f"scale on which the prior is normal; below {UNKNOWN:g} the figures do not identify a parameter; below 0 its "
        "interval is wider there than the prior's.", "",
        *table(("parameter", "unit", "prior", "`fit`", "contraction", "`all`", "contraction"), rows), "",
        "![Priors and posteriors](calibration/parameters.png)", "",
        f"Not identified by all figures together: {', '.join(dark) or 'none'}.", "",
        f"Pushed to an end of its prior, where {100 * OUTER:.0f}% of the prior is (share of the draws of `all` there): "
        f"{'; '.join(ends_) or 'none'}.", "",
        f"Pairs that the figures do not tell apart (correlation under `all`): {'; '.join(pairs) or 'none above 0.4'}.",
    ]  # fmt: skip


def _families(found: Report) -> list[str]:
    rows, many = [], next(iter(found.without_family.values()))["draw"].nunique()
    same = found.answers[found.answers["draw"] <= many]
    for name, told in (("nothing", same), *found.without_family.items()):
        at = ends(told)
        rows.append((name, *(_percent(at[key]) for key in HEADLINES.values())))
    return [
        "## What each family of figures adds", "",
        f"Headline answers of the model without one family of figures at a time, and without the one figure that China's "
        f"firms hang on: medians and 90% intervals over {many} draws in every row, so that widths are rough. Unlike above "
        "they hold no misfit.", "",
        *table(("left out", *HEADLINES), rows),
    ]  # fmt: skip


def _coverage(found: Report) -> list[str]:
    missed = np.median(np.sqrt(found.calibration.emulator.noise) / errors())
    rows = []
    for name, coverage in found.calibration.coverage.items():
        shares, uneven = 100 * coverage.inside(), coverage.uniformity()
        least = min(uneven, key=lambda one: uneven[one])
        rows.append((
            f"`{name}`", str(len(coverage.ranks)), f"{shares.mean():.1f}%", f"{shares.min():.0f}% to {shares.max():.0f}%",
            f"`{least}` (p = {uneven[least]:.3f})",
        ))  # fmt: skip
    return [
        "## Are the posteriors right?", "",
        "Figures made by runs of the model itself, at parameters drawn from the prior and unseen by the emulator, with "
        "survey errors, shifts and misfits drawn as assumed; the emulator's own error is that in other unseen runs. How "
        f"often the 90% intervals hold the parameters (ranks are whole: {100 * nominal():.1f}% if all is right), and whose "
        f"ranks among the posterior's draws are least even (chi-squared; of {len(free())} parameters one below "
        f"{1 / len(free()):.3f} is expected):", "",
        *table(("posterior", "data sets", "inside", "by parameter", "least even"), rows), "",
        f"Where the posteriors are, the emulator misses the model by {missed:.1f} times a figure's own error (median over "
        "the figures; the model's sampling noise is in it). The likelihood counts it, so that intervals are wider than the "
        "figures alone would make them: a better emulator would narrow them.",
    ]  # fmt: skip


def _percent(row: tuple[float, float, float]) -> str:
    low, median, high = (100 * x for x in row)
    digits = 1 if high < 10 else 0
    return f"{median:.{digits}f}% ({low:.{digits}f} to {high:.{digits}f})"
