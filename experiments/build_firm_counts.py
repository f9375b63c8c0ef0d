"""Firms and employees by region, sector and size class, filled in from margins.

Nine sectors form the business economy. In every region a size class has one mean size in all of them, so the
cells of a region need only numbers of firms. In the European Union firms are A(sector) B(size) m(size)^t(sector),
the maximum-entropy table with the firms by sector and size and the employment by sector (the tilt t is the
sector's leaning to large firms). Every other region starts from that table and is scaled to its own firms by
size and employment by sector (iterative proportional fitting). Agriculture and public administration lie outside
the business statistics and are added on top with one size mix for all regions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HEADER = ("region", "sector", "size", "firms", "employees", "unit", "period", "source", "grade", "note")
SIZES = ("micro", "small", "medium", "large")
BUSINESS = (
    "manufacturing", "construction", "trade_hospitality", "transport", "information", "finance",
    "professional", "education", "health",
)  # fmt: skip
SECTORS = (
    "agriculture", "manufacturing", "construction", "trade_hospitality", "transport", "information", "finance",
    "professional", "public_administration", "education", "health",
)  # fmt: skip

# European Union, Eurostat structural business statistics 2023; million enterprises and million employed.
EU_FIRMS, EU_EMPLOYMENT = 33.1, 162.2
EU_SMALL_FIRMS, EU_SMALL_MEAN = 1.45, 19.5  # assumed: only micro and small together are published
EU_SIZE_FIRMS = np.array([EU_FIRMS - EU_SMALL_FIRMS - 0.246 - 0.053, EU_SMALL_FIRMS, 0.246, 0.053])
EU_SIZE_EMPLOYMENT = EU_EMPLOYMENT * np.array([0.48, 0.0, 0.15, 0.37])
EU_SIZE_EMPLOYMENT[1] = EU_SMALL_FIRMS * EU_SMALL_MEAN
EU_SIZE_EMPLOYMENT[0] -= EU_SIZE_EMPLOYMENT[1]
# Services by NACE section: (sector, firms, published?, employment, published?). Unpublished ones are orders of
# magnitude of Eurostat's tables typed from memory; a common factor makes services 63% of firms, 52% of jobs.
EU_SERVICES = (
    ("transport", 1.48, False, 10.6, False),  # H
    ("trade_hospitality", 2.0, False, 10.6, False),  # I
    ("trade_hospitality", 2.9, False, 5.2, False),  # R and S, folded in
    ("information", 1.5, False, 7.3, False),  # J
    ("finance", 0.95, False, 4.9, True),  # K, employment 2021 published
    ("professional", 0.155 * EU_FIRMS, True, 14.6, False),  # M, 15.5% of enterprises 2021 published
    ("professional", 3.5, False, 17.2, False),  # N, with L folded in
    ("education", 1.1, False, 2.2, False),  # P
    ("health", 2.3, True, 13.1, True),  # Q, 2021 published
)

# United States, Census SUSB: class bounds, firms, employees.
US_CLASSES = (
    (1, 5, 3556927, 5632339), (5, 10, 959641, 6329828), (10, 20, 609355, 8211284),
    (20, 100, 532972, 20893780), (100, 500, 92159, 18235627), (500, None, 20256, 69695369),
)  # fmt: skip

# Employment shares of the nine business sectors, in the order of BUSINESS; assumed (orders of magnitude of
# SUSB for the United States, of ILO estimates for the others, typed from memory).
SECTOR_SHARES = {
    "united_states": (13.3, 6.6, 44.2, 5.0, 3.6, 6.4, 27.0, 3.7, 20.6),
    "china": (0.31, 0.14, 0.23, 0.05, 0.04, 0.03, 0.125, 0.035, 0.04),
    "other_high_income": (0.19, 0.08, 0.27, 0.07, 0.05, 0.04, 0.15, 0.04, 0.11),
    "gulf": (0.15, 0.27, 0.26, 0.07, 0.03, 0.03, 0.12, 0.03, 0.04),
    "india": (0.30, 0.11, 0.27, 0.07, 0.05, 0.04, 0.07, 0.05, 0.04),
    "other_emerging": (0.25, 0.11, 0.31, 0.08, 0.03, 0.03, 0.10, 0.04, 0.05),
    "low_income": (0.24, 0.10, 0.35, 0.09, 0.02, 0.025, 0.075, 0.06, 0.04),
}
# Employment of employer enterprises (million), its shares by size class, and million enterprises or mean micro size.
EMPLOYMENT = {
    "china": (390.0, (0.28, 0.22, 0.18, 0.32), "enterprises", 60.2),
    "other_high_income": (122.0, (0.20, 0.22, 0.16, 0.42), "micro_mean", 3.0),
    "gulf": (20.0, (0.18, 0.24, 0.20, 0.38), "micro_mean", 3.5),
    "india": (95.0, (0.53, 0.20, 0.10, 0.17), "enterprises", 0.25 * 63.3),
    "other_emerging": (250.0, (0.35, 0.22, 0.15, 0.28), "micro_mean", 2.8),
    "low_income": (110.0, (0.50, 0.21, 0.11, 0.18), "micro_mean", 3.0),
}
# Agricultural employment (million), the part of it in employer farms, employment of public administration (million).
ON_TOP = {
    "china": (165.0, 0.02, 20.0), "united_states": (2.2, 0.35, 7.5), "european_union": (8.2, 0.35, 14.8),
    "other_high_income": (7.0, 0.35, 11.0), "gulf": (1.5, 0.35, 3.0), "india": (230.0, 0.02, 9.0),
    "other_emerging": (110.0, 0.08, 36.0), "low_income": (380.0, 0.01, 22.0),
}  # fmt: skip
# Size mix of organisations and mean size by class, assumed, the same everywhere.
SIZE_MIX = {
    "agriculture": ((0.90, 0.085, 0.013, 0.002), (2.2, 18.0, 95.0, 500.0)),
    "public_administration": ((0.30, 0.35, 0.25, 0.10), (4.5, 24.0, 110.0, 827.5)),
}


def split_class(low: float, cut: float, high: float, firms: float, employees: float) -> Floats:
    """Firms and employees of a published class below and above a cut, shape (2, 2), by a truncated Pareto tail.

    The exponent gives the class its published mean (bisection); the part above the cut takes the remainder.
    """

    def work(exponent: float, start: float, stop: float) -> float:
        # Unnormalised number of workers between two sizes, density exponent * size^(-exponent - 1).
        return exponent / (1 - exponent) * (stop ** (1 - exponent) - start ** (1 - exponent))

    below, above = -5.0001, 8.0001
    for _ in range(200):
        exponent = (below + above) / 2
        mean = work(exponent, low, high) / (low**-exponent - high**-exponent)
        below, above = (exponent, above) if mean > employees / firms else (below, exponent)
    share = (low**-exponent - cut**-exponent) / (low**-exponent - high**-exponent)
    worked = work(exponent, low, cut) / work(exponent, low, high)
    return np.array([[share * firms, worked * employees], [(1 - share) * firms, (1 - worked) * employees]])


def us_sizes() -> tuple[Floats, Floats]:
    """Firms and employees of the United States in this project's classes."""
    published = np.array([[firms, employees] for _, _, firms, employees in US_CLASSES], float)
    lower = split_class(20, 50, 100, *published[3])
    upper = split_class(100, 250, 500, *published[4])
    sizes = np.array([published[:2].sum(0), published[2] + lower[0], lower[1] + upper[0], upper[1] + published[5]])
    return sizes[:, 0], sizes[:, 1]


def eu_sectors() -> tuple[Floats, Floats]:
    """Firms and employment of the nine business sectors of the European Union (million)."""
    margins = np.zeros((2, len(BUSINESS)))
    margins[:, BUSINESS.index("manufacturing")] = 0.07 * EU_FIRMS, 0.21 * EU_EMPLOYMENT  # B to E
    margins[:, BUSINESS.index("construction")] = 0.12 * EU_FIRMS, 0.09 * EU_EMPLOYMENT
    margins[:, BUSINESS.index("trade_hospitality")] = 0.18 * EU_FIRMS, 0.18 * EU_EMPLOYMENT  # G alone so far
    for which, total in enumerate((0.63 * EU_FIRMS, 0.52 * EU_EMPLOYMENT)):
        values = [(row[0], row[1 + 2 * which], row[2 + 2 * which]) for row in EU_SERVICES]
        fixed = sum(value for _, value, published in values if published)
        free = sum(value for _, value, published in values if not published)
        for sector, value, published in values:
            margins[which, BUSINESS.index(sector)] += value if published else value * (total - fixed) / free
    return margins[0], margins[1]


def tilted_fit(firms: Floats, employment: Floats, size_firms: Floats, means: Floats) -> Floats:
    """Firms, shape (sector, size), with both margins of firms and the employment of every sector.

    Args:
        firms: Firms by sector.
        employment: Employment by sector.
        size_firms: Firms by size class.
        means: Mean size by class.
    """
    log_means, columns = np.log(means), size_firms.copy()
    cells = np.empty((len(firms), len(means)))
    for _ in range(3000):
        for s in range(len(firms)):
            low, high = -3.0, 3.0
            for _ in range(60):
                tilt = (low + high) / 2
                mix = columns * np.exp(tilt * log_means)
                mix /= mix.sum()
                low, high = (tilt, high) if mix @ means < employment[s] / firms[s] else (low, tilt)
            cells[s] = firms[s] * mix
        change = size_firms / cells.sum(0)
        columns *= change
        if np.abs(change - 1).max() < 1e-11:
            break
    return cells * change


def scaled_fit(seed: Floats, employment: Floats, size_firms: Floats, means: Floats) -> Floats:
    """Firms, shape (sector, size): the seed scaled to firms by size and employment by sector."""
    cells = seed.copy()
    for _ in range(3000):
        cells *= (employment / (cells @ means))[:, None]
        change = size_firms / cells.sum(0)
        cells *= change
        if np.abs(change - 1).max() < 1e-12:
            break
    return cells


def business_economy() -> dict[str, tuple[Floats, Floats]]:
    """Firms by sector and size, and mean size by class, for every region."""
    sector_firms, sector_employment = eu_sectors()
    eu_means = EU_SIZE_EMPLOYMENT / EU_SIZE_FIRMS
    # Published shares do not add up to one exactly; both sides are brought to the total by size.
    sector_employment *= EU_SIZE_EMPLOYMENT.sum() / sector_employment.sum()
    eu_cells = tilted_fit(sector_firms, sector_employment, EU_SIZE_FIRMS, eu_means) * 1e6
    tables = {"european_union": (eu_cells, eu_means)}
    # Market education in the EU is mostly teachers of their own account; elsewhere it gets the size mix of health.
    seed = eu_cells.copy()
    seed[BUSINESS.index("education")] = seed[BUSINESS.index("health")]
    for region, shares in SECTOR_SHARES.items():
        if region == "united_states":
            size_firms, size_employees = us_sizes()
        else:
            total, by_size, known, number = EMPLOYMENT[region]
            size_employees = total * 1e6 * np.array(by_size)
            size_firms = size_employees / eu_means
            rest = size_firms[1:].sum()
            size_firms[0] = number * 1e6 - rest if known == "enterprises" else size_employees[0] / number
        employment = np.array(shares) / sum(shares) * size_employees.sum()
        means = size_employees / size_firms
        tables[region] = (scaled_fit(seed, employment, size_firms, means), means)
    return tables


MEMORY = "typed from memory, to be checked"
PUBLISHED_EU = {
    "manufacturing": "industry B to E, 7% of enterprises and 21% of employment (2021: manufacturing alone "
    "2.1 million enterprises, 29.7 million employed)",
    "construction": "12% of enterprises and 9% of employment",
    "health": "2.3 million enterprises and 13.1 million employed (2021)",
}
EU_OTHER = (
    "size totals, trade (18% and 18%) and services as a whole (63% and 52%) are published; the split of services "
    f"by section is an order of magnitude of Eurostat's tables {MEMORY}"
)
BUSINESS_NOTES = {
    "united_states": (
        "2018/19",
        "susb_2019",
        "size totals of SUSB, classes 20-99 and 100-499 split at 50 and 250 by a Pareto tail; sector employment "
        f"is an order of magnitude of SUSB {MEMORY}; EU table as seed",
    ),
    "china": (
        "2024",
        "samr_2024",
        "60.2 million enterprises published, self-employed left out; 390 million employed and their size and sector "
        f"shares are assumed (order of magnitude of the economic census 2023 {MEMORY}); EU class means and seed",
    ),
    "india": (
        "2015/16-2023",
        "india_msme",
        "a quarter of the 63.3 million MSMEs counted: those with hired workers (order of magnitude of the economic "
        f"census 2013 {MEMORY}), own-account units left out; employment 95 million, size and sector shares "
        "assumed; EU class means and seed",
    ),
}
BUSINESS_ELSEWHERE = (
    "2023",
    "assumed",
    "no counts at hand: employer enterprises from assumed employment, size and sector shares (orders of magnitude "
    f"of ILO and national statistics {MEMORY}), own-account and informal units left out; EU class means and seed",
)


def provenance(region: str, sector: str) -> tuple[str, str, str, str]:
    """Period, source, grade and note of a cell."""
    if sector == "agriculture":
        note = (
            f"employer farms only: agricultural employment (ILO order of magnitude {MEMORY}) x part in employer farms"
        )
        return "2023", "assumed", "assumed", f"{note}; one size mix for all regions, added to the business economy"
    if sector == "public_administration":
        note = f"outside business statistics: employment of NACE O (ILO order of magnitude {MEMORY}) at 120 workers"
        return "2023", "assumed", "assumed", f"{note} per organisation; one size mix for all regions"
    if region == "european_union":
        if sector in PUBLISHED_EU:
            note = f"fitted to the published size totals and to {PUBLISHED_EU[sector]}"
            return "2023", "eurostat_sbs_2023_shares", "derived", note
        return "2023", "eurostat_sbs_2023_shares", "assumed", EU_OTHER
    period, source, note = BUSINESS_NOTES.get(region, BUSINESS_ELSEWHERE)
    return period, source, "assumed", note


def build_rows() -> list[tuple]:
    """All rows of firm_counts.csv."""
    business, rows = business_economy(), []
    for region in ON_TOP:
        farm_work, farm_part, public_work = ON_TOP[region]
        cells, means = business[region]
        for sector in SECTORS:
            if sector in SIZE_MIX:
                mix, sector_means = (np.array(x) for x in SIZE_MIX[sector])
                work = farm_work * farm_part if sector == "agriculture" else public_work
                firms = mix * work * 1e6 / (mix @ sector_means)
            else:
                firms, sector_means = cells[BUSINESS.index(sector)], means
            for size, count, mean in zip(SIZES, firms, sector_means, strict=True):
                cell = (round(float(count)), round(float(count * mean)))
                rows.append((region, sector, size, *cell, "firms; employees", *provenance(region, sector)))
    return rows
