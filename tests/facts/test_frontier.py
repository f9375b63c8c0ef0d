"""Labs that decide for themselves from 2023 on develop as the observed ones did."""

import numpy as np
import pytest

import abm


@pytest.fixture(scope="module")
def paths():
    """Best proprietary and best open model by quarter, observed and by the labs themselves."""
    found = []
    for history in ("observed", "endogenous"):
        data = abm.simulate(abm.Scenario.load("baseline").replace(end="2026Q2", history=history), firms=20_000).data
        is_open = data["offer_open"].values
        capability = data["capability"].values
        found += [np.where(part, capability, -np.inf).max(axis=1) for part in (~is_open, is_open)]
    return found


def lag(frontier, opened):
    """Months since the frontier stood where the best open model stands, by quarter; nan before the frontier moves."""
    months, rising = 3.0 * np.arange(len(frontier)), np.maximum.accumulate(frontier) + 1e-6 * np.arange(len(frontier))
    back = [months[k] - np.interp(opened[k], rising[: k + 1], months[: k + 1]) for k in range(len(months))]
    return np.where(opened >= rising[0], back, np.nan)


def test_the_frontier_is_near(paths, measured):
    """Root mean square distance; single quarters are off by more, as the model is smooth where GPT-4 stood alone."""
    observed, _, own, _ = paths
    measured(
        np.sqrt(np.mean((own - observed) ** 2)), 0.0, atol=4.0, claim="frontier, root mean square distance in points"
    )
    measured(own, observed, atol=7.0, claim="frontier in single quarters, points")


def test_the_open_lag_is_near(paths, measured):
    """On average since 2024Q3, and in single quarters, when models are released."""
    then, now = lag(*paths[:2])[6:], lag(*paths[2:])[6:]
    measured(now.mean(), then.mean(), atol=2.5, claim="mean open lag since 2024Q3, months")
    measured(now, then, atol=6.0, claim="open lag in single quarters, months")
