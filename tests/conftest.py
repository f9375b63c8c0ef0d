"""Runs that several tests read, records are never written to; and the numbers that tests have obtained."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

import abm


@pytest.fixture(scope="session")
def baseline():
    return abm.Scenario.load("baseline")


@pytest.fixture(scope="session")
def history(baseline):
    """The baseline over the observed quarters, with so many firms that sampling noise is far below what is tested."""
    return abm.simulate(baseline.replace(end="2026Q2"), firms=1_000_000, seed=1)


@pytest.fixture(scope="session")
def small_scenario(baseline):
    return baseline.replace(end="2027Q4")


@pytest.fixture(scope="session")
def small(small_scenario):
    return abm.simulate(small_scenario, firms=4_000, seed=5)


@pytest.fixture
def measured(record_property):
    """Assert that numbers are what they should be, and note the one furthest off for the page of claims."""

    def measure(obtained, expected, rtol=0.0, atol=0.0, claim=""):
        """Compare arrays that may have nan in the same places; `claim` says what they are if the test's name does not."""
        values, goal = np.broadcast_arrays(np.asarray(obtained, float), np.asarray(expected, float))
        np.testing.assert_array_equal(np.isnan(values), np.isnan(goal), claim)
        values, goal = values[~np.isnan(goal)], goal[~np.isnan(goal)]
        allowed = atol + rtol * np.abs(goal)
        beyond = np.abs(values - goal) / np.maximum(allowed, 1e-300)
        worst = int(beyond.argmax())
        numbers = [float(x[worst]) for x in (values, goal, allowed)]
        record_property("claim", [claim, len(goal), *numbers])
        assert beyond[worst] <= 1, f"{claim}: {numbers[0]} instead of {numbers[1]}, allowed {numbers[2]}"

    return measure


def pytest_addoption(parser):
    parser.addoption("--claims", help="write the numbers that tests have obtained to this file (JSON)")


def pytest_terminal_summary(terminalreporter):
    """Write claim, how many numbers, the one furthest off, what it should be and may be off by, and the test's name."""
    if file := terminalreporter.config.getoption("--claims"):
        passed = terminalreporter.stats.get("passed", [])
        claims = [
            [*value, report.nodeid] for report in passed for name, value in report.user_properties if name == "claim"
        ]
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_text(json.dumps(claims, indent=0), encoding="utf-8")


# How long an example takes says more about the machine's other work than about the code.
settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")
