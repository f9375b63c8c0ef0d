"""The choice formulas against closed forms, quadrature and each other."""

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from abm.rng import firm_ids, name_key, uniform
from abm.theory.choice import (
    choice_derivatives,
    consumer_surplus,
    diversion_ratios,
    gumbel,
    log_positive_stable,
    nested_logit,
    nested_shock,
    price_elasticities,
)

UTILITY = np.array([0.0, 0.4, -0.3, 0.9, 0.1, -1.0])
NEST = np.array([0, 1, 1, 2, 2, 2])
DISSIMILARITY = np.array([1.0, 0.5, 0.7])


def test_nested_logit_with_dissimilarity_one_is_multinomial(measured):
    p, logsum = nested_logit(UTILITY, NEST, np.ones(3))
    e = np.exp(UTILITY)
    measured(p, e / e.sum(), rtol=1e-13)
    measured(logsum, np.log(e.sum()), rtol=1e-14)


def test_gradient_of_the_logsum_is_the_choice_probability(measured):
    """Williams-Daly-Zachary, by central differences."""
    p, _ = nested_logit(UTILITY, NEST, DISSIMILARITY)
    step = 1e-5
    for j in range(len(UTILITY)):
        up, down = UTILITY.copy(), UTILITY.copy()
        up[j] += step
        down[j] -= step
        slope = (nested_logit(up, NEST, DISSIMILARITY)[1] - nested_logit(down, NEST, DISSIMILARITY)[1]) / (2 * step)
        measured(slope, p[j], atol=1e-9)


def moved(j, step):
    utility = UTILITY.copy()
    utility[j] += step
    return nested_logit(utility, NEST, DISSIMILARITY)[0]


def test_derivatives_of_choice_by_central_differences(measured):
    """Also symmetric (Slutsky) and adding up to zero over the alternatives."""
    derivatives, step = choice_derivatives(UTILITY, NEST, DISSIMILARITY), 1e-5
    for j in range(len(UTILITY)):
        measured(derivatives[:, j], (moved(j, step) - moved(j, -step)) / (2 * step), atol=1e-9)
    measured(derivatives, derivatives.T, atol=1e-15)
    measured(derivatives.sum(axis=0), 0, atol=1e-15)


def test_price_elasticities_are_logarithmic_slopes(measured):
    price, alpha, step = np.array([1.0, 2.0, 0.5, 4.0, 3.0, 1.5]), 0.7, 1e-6
    elasticity = price_elasticities(UTILITY, NEST, DISSIMILARITY, price, alpha)
    for k in range(len(UTILITY)):
        up, down = (np.log(moved(k, -alpha * price[k] * sign * step)) for sign in (1, -1))
        measured(elasticity[:, k], (up - down) / (2 * step), rtol=1e-6)
    assert (np.diag(elasticity) < 0).all() and (elasticity[~np.eye(6, dtype=bool)] > 0).all()


def test_lost_users_all_go_somewhere(measured):
    """By a finite worsening that is small; within the nest more than in proportion, without nests in proportion."""
    ratios, before, after = diversion_ratios(UTILITY, NEST, DISSIMILARITY), moved(3, 0.0), moved(3, -1e-6)
    measured(ratios.sum(axis=1), 1, rtol=1e-13)
    gained = (after - before) / (before[3] - after[3])
    measured(np.delete(ratios[3], 3), np.delete(gained, 3), rtol=1e-5)
    assert (ratios[3, [4, 5]] > before[[4, 5]] / (1 - before[3])).all()
    flat = diversion_ratios(UTILITY, NEST, np.ones(3))
    p, _ = nested_logit(UTILITY, NEST, np.ones(3))
    measured(flat[0, 1:], p[1:] / (1 - p[0]), rtol=1e-12)


def test_surplus_of_a_price_cut_is_the_area_under_demand(measured):
    """Small and Rosen (1981): the change of surplus is the integral of the choice probability over the price."""
    alpha, cut = 0.4, 1.5
    gain = consumer_surplus(nested_logit(UTILITY + alpha * cut * (np.arange(6) == 2), NEST, DISSIMILARITY)[1], alpha)
    base = consumer_surplus(nested_logit(UTILITY, NEST, DISSIMILARITY)[1], alpha)
    area = quad(lambda lower: moved(2, alpha * lower)[2], 0, cut)[0]
    measured(float(gain - base), area, rtol=1e-9)


def test_unavailable_alternatives_and_empty_nests_take_no_share(measured):
    utility = np.where(NEST == 1, -np.inf, UTILITY)
    p, logsum = nested_logit(utility, NEST, DISSIMILARITY)
    kept = NEST != 1
    q, without = nested_logit(UTILITY[kept], np.array([0, 1, 1, 1]), np.array([1.0, 0.7]))
    measured(p[kept], q, rtol=1e-13)
    assert (p[~kept] == 0).all()
    measured(logsum, float(without), rtol=1e-6)


def test_choice_does_not_react_to_what_is_not_available(measured):
    """Also where a whole nest is missing, and without a warning."""
    utility = np.where(NEST == 1, -np.inf, UTILITY)
    with np.errstate(all="raise"):
        derivatives = choice_derivatives(utility, NEST, DISSIMILARITY)
    kept = NEST != 1
    left = choice_derivatives(UTILITY[kept], np.array([0, 1, 1, 1]), np.array([1.0, 0.7]))
    measured(derivatives[np.ix_(kept, kept)], left, rtol=1e-12)
    assert (derivatives[~kept] == 0).all() and (derivatives[:, ~kept] == 0).all()


@pytest.mark.parametrize("shift", [-5000.0, 5000.0])
def test_only_differences_of_utility_matter(measured, shift):
    """Also where exponentials of utilities are no numbers any more; the logsum moves by the shift."""
    p, logsum = nested_logit(UTILITY, NEST, DISSIMILARITY)
    q, moved_logsum = nested_logit(UTILITY + shift, NEST, DISSIMILARITY)
    measured(q, p, rtol=1e-11)
    measured(moved_logsum, float(logsum) + shift, rtol=1e-14)


def test_red_bus_blue_bus(measured):
    """Two perfect twins share one vote as their dissimilarity goes to zero (McFadden 1974)."""
    p, _ = nested_logit([0.0, 0.0, 0.0], [0, 1, 1], [1.0, 0.001])
    measured(p, [0.5, 0.25, 0.25], atol=1e-3)


@pytest.mark.parametrize("index", [0.2, 0.5, 0.61, 0.9])
@pytest.mark.parametrize("s", [0.3, 1.0, 2.5])
def test_positive_stable_laplace_transform(measured, index, s):
    """E exp(-s S) = exp(-s^alpha), by quadrature over the angle and the log of the exponential part."""

    def inner(u1):
        def integrand(y):
            size = np.exp(-np.exp(y))
            if size in (0.0, 1.0):
                return 0.0
            draw = np.exp(log_positive_stable(index, np.array(u1), np.array(size)))
            return np.exp(-s * draw) * np.exp(y - np.exp(y))

        return quad(integrand, -36, 6, limit=200)[0]

    value = quad(inner, 0, 1, limit=200)[0]
    measured(value, np.exp(-(s**index)), atol=1e-5)


def test_half_stable_is_levy():
    """At alpha = 1/2 the law is Levy with scale 1/2 (Feller 1971, XIII.6): a known distribution, p > 1e-3."""
    ids = firm_ids(name_key("levy"), np.arange(200_000))
    draws = np.exp(log_positive_stable(0.5, uniform(1, "a", ids), uniform(1, "b", ids)))
    assert stats.kstest(draws, stats.levy(scale=0.5).cdf).pvalue > 1e-3


def test_shocks_give_exactly_nested_logit_shares_and_logsum():
    """10^6 draws: every share within 4 sigma, the mean maximum within 4 standard errors of logsum + Euler."""
    n = 1_000_000
    ids = firm_ids(name_key("shocks"), np.arange(n))
    total = np.empty((n, len(UTILITY)))
    for nest, dissimilarity in enumerate(DISSIMILARITY):
        common = log_positive_stable(
            dissimilarity, uniform(2, "angle", ids, name=str(nest)), uniform(2, "size", ids, name=str(nest))
        )
        for j in np.flatnonzero(nest == NEST):
            own = gumbel(uniform(2, "own", ids, name=str(j)))
            total[:, j] = UTILITY[j] + nested_shock(dissimilarity, own, common)
    p, logsum = nested_logit(UTILITY, NEST, DISSIMILARITY)
    shares = np.bincount(total.argmax(axis=1), minlength=len(UTILITY)) / n
    assert (np.abs(shares - p) < 4 * np.sqrt(p * (1 - p) / n)).all()
    best = total.max(axis=1)
    assert abs(best.mean() - np.euler_gamma - logsum) < 4 * best.std() / np.sqrt(n)
