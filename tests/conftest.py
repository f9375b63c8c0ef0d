"""Runs that several tests read; records are never written to."""

import pytest

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
