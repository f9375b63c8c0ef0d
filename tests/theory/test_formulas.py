"""Demand, diffusion, learning, supply and distributions against closed forms."""

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import minimize_scalar

from abm.scenario.parameters import Market
from abm.scenario.posterior import posterior_table
from abm.theory.choice import choice_derivatives, nested_logit
from abm.theory.demand import annuity_factor, capable_share, use, value_of_use
from abm.theory.diffusion import attention_probability, bass_peak, bass_recursion, bass_share, logistic_share
from abm.theory.distribution import (
    effective_sample_size,
    gini,
    herfindahl,
    pareto_exponent,
    top_share,
    truncated_pareto,
    truncated_pareto_mean,
)
from abm.theory.learning import deployment_trust, learned_trust, raised_readiness
from abm.theory.supply import (
    Sales,
    bertrand_nash_markup,
    capability_growth,
    catch_up_gap,
    cost_decline,
    experience_cost,
    joint_prices,
    research_gain,
    serving_cost,
    worthwhile_capability,
)


def test_roys_identity_and_surplus_integral(measured):
    """-dB/dp = x, and B is the area under the demand curve above the price."""
    price, step = 3.7, 1e-5
    slope = (value_of_use(50, price + step, 5, 1.3) - value_of_use(50, price - step, 5, 1.3)) / (2 * step)
    measured(-slope, float(use(50, price, 5, 1.3)), rtol=1e-8)
    area = quad(lambda p: float(use(50, p, 5, 1.3)), price, np.inf)[0]
    measured(float(value_of_use(50, price, 5, 1.3)), area, rtol=1e-6)


def test_capable_share_is_a_logistic_curve(measured):
    measured(capable_share(141.0, 130, 11) / (1 - capable_share(141.0, 130, 11)), np.e, rtol=1e-6)


@pytest.mark.parametrize("years", [1.0, 2.0, 7.0])
def test_annuity_repays_the_loan(measured, years):
    payment = annuity_factor(0.08, years)
    measured(sum(payment / 1.08**t for t in range(1, int(years) + 1)), 1.0, rtol=1e-6)
    assert annuity_factor(0.0, years) == 1 / years
    measured(annuity_factor(1e-9, years), 1 / years, rtol=1e-6)
    measured(annuity_factor(1e-175, years), 1 / years, rtol=1e-6)


def test_bass_share_solves_its_equation_and_peaks_where_it_should(measured):
    p, q = 0.03, 0.38
    solution = solve_ivp(lambda t, f: (p + q * f) * (1 - f), (0, 20), [0.0], rtol=1e-10, atol=1e-12, dense_output=True)
    times = np.linspace(0, 20, 41)
    measured(bass_share(times, p, q), solution.sol(times)[0], atol=1e-8)
    rate = minimize_scalar(lambda t: -(bass_share(t + 1e-4, p, q) - bass_share(t - 1e-4, p, q)), bounds=(1, 15))
    measured(rate.x, np.log(q / p) / (p + q), atol=0.01)


def test_bass_peaks_where_its_rate_does(measured):
    p, q = 0.02, 0.5
    rate = minimize_scalar(lambda t: -(p + q * bass_share(t, p, q)) * (1 - bass_share(t, p, q)), bounds=(1, 15))
    time, share = bass_peak(p, q)
    measured(time, rate.x, atol=1e-4)
    measured(float(bass_share(time, p, q)), share, rtol=1e-12)
    assert bass_peak(0.5, 0.5) == bass_peak(0.5, 0.1) == (0.0, 0.0)


def test_logistic_share_solves_its_equation_and_is_bass_without_innovators(measured):
    solution = solve_ivp(lambda t, f: 0.6 * f * (1 - f), (0, 15), [0.02], rtol=1e-10, atol=1e-12, dense_output=True)
    times = np.linspace(0, 15, 31)
    measured(logistic_share(times, 0.6, 0.02), solution.sol(times)[0], atol=1e-8)
    later = times + 40.0  # the innovators of a Bass process with a tiny p no longer matter then
    start = float(bass_share(40.0, 1e-12, 0.6))
    measured(bass_share(later, 1e-12, 0.6), logistic_share(times, 0.6, start), rtol=1e-9)


def test_discrete_bass_approaches_the_continuous_curve_at_first_order(measured):
    errors = []
    for steps in (4, 8, 16):
        path = bass_recursion(0.03, 0.38, 1 / steps, 20 * steps)
        times = np.arange(1, 20 * steps + 1) / steps
        errors.append(np.abs(path - bass_share(times, 0.03, 0.38)).max())
    measured(errors[0] / errors[1], 2, rtol=0.05)
    measured(errors[1] / errors[2], 2, rtol=0.05)


def test_discrete_bass_goes_on_from_where_it_was(measured):
    whole = bass_recursion(0.5, 1.2, 0.25, 20)
    measured(bass_recursion(0.5, 1.2, 0.25, 12, start=whole[7]), whole[8:], rtol=1e-14)


def test_attention_is_a_hazard(measured):
    one, two = attention_probability(0.5, 1.0, 0.3, 0.25), attention_probability(0.5, 1.0, 0.3, 0.5)
    measured(1 - two, (1 - one) ** 2, rtol=1e-6)


def test_trust_of_a_deployment_is_between_its_parts(measured):
    measured(float(deployment_trust(0.7, 0.9, 0.9)), 0.9, rtol=1e-6)
    measured(float(deployment_trust(1.0, 0.2, 0.9)), 0.2, rtol=1e-6)
    measured(float(deployment_trust(0.0, 0.2, 0.9)), 0.9, rtol=1e-6)


def test_trust_rests_where_gain_and_forgetting_balance(measured):
    """Fixed point: a(1-T) = f(T - T0), from the two rates."""
    trust = 0.4
    for _ in range(4000):
        trust = float(learned_trust(trust, 0.4, 0.5, 0.2, 4.0, 0.25))
    a, f = 1 - np.exp(-0.2 * 0.5 * 0.25), 1 - np.exp(-0.25 / 4)
    measured(trust, (a + f * 0.4) / (a + f), rtol=1e-9)


def test_trust_is_never_more_than_full():
    """Quick learning and quick forgetting towards full trust would both move it the whole way."""
    assert float(learned_trust(0.2, 1.0, 1.0, 20.0, 0.05, 1.0)) == 1.0


def test_readiness_rises_on_the_log_odds_scale(measured):
    a = np.array([0.1, 0.5, 0.97])
    b = raised_readiness(a, 0.3)
    measured(np.log(b / (1 - b)) - np.log(a / (1 - a)), 0.3, rtol=1e-7)


def test_catch_up_closes_a_gap_exponentially(measured):
    gap = 8.0
    for _ in range(8):
        gap -= float(capability_growth(0.0, gap, 0.5, 0.0, 0.25))
    measured(gap, 8.0 * np.exp(-0.5 * 2), rtol=1e-6)
    assert float(capability_growth(0.0, -5.0, 0.5, 0.0, 0.25)) == 0.0


def test_an_imitator_is_as_far_behind_as_its_steps_leave_it(measured):
    """A lab that sees the frontier of the last quarter, step by step, while that grows unevenly."""
    growth = np.array([4.0, 3.5, 5.0, 0.0, 2.0, 2.0, 7.0])
    frontier, own, gaps = 150.0, 142.0, []
    for points in growth:
        own += float(capability_growth(0.0, frontier - own, 0.8, 0.0, 0.25))
        frontier += points
        gaps.append(frontier - own)
    measured(catch_up_gap(8.0, growth, 0.8, 0.25), gaps, rtol=1e-12)


@pytest.mark.parametrize("growth", [0.5, 8.0])
def test_an_imitator_ends_as_many_years_behind_as_catching_up_takes(measured, growth):
    """Gap over the frontier's pace: one over the rate in short periods, more in long ones, whatever the pace."""
    for years in (0.25, 1e-4):
        behind = catch_up_gap(8.0, np.full(int(60 / years), growth * years), 0.8, years)[-1] / growth
        measured(behind, years / (1 - np.exp(-0.8 * years)), rtol=1e-9)
    measured(behind, 1 / 0.8, rtol=1e-4)


def test_own_research_and_the_commons_add_up_at_the_frontier(measured):
    measured(float(capability_growth(10.0, 0.0, 0.5, 3.0, 0.25)), (10.0 + 3.0) / 4, rtol=1e-6)


def test_budgets_buy_research_with_their_elasticity(measured):
    """Ratios of points over ratios of budgets, on the log scale; the reference budget buys the reference points."""
    budgets = np.array([0.25, 1.0, 3.0])
    points = research_gain(budgets, 12.0, 0.3, 0.0, 0.05)
    measured(points[1], 12.0, rtol=1e-6)
    measured(research_gain(budgets, 12.0, 0.3, 20.0, 0.05), points / np.e, rtol=1e-12, claim="a point 20 points out")
    measured(np.diff(np.log(points)) / np.diff(np.log(budgets)), 0.3, rtol=1e-12)


def test_the_posterior_of_costs_holds_what_is_published():
    """Constant capability 10x cheaper a year (a16z), and flat prices of a frontier 30.2 points up in three years."""
    draws = posterior_table("all")
    cost = {name: draws[f"market.{name}"].to_numpy() for name in ("cost_decline", "cost_per_point")}
    market = Market()
    fold = np.exp([
        cost_decline(0.0, rate, market.hardware_decline, market.decline_half_life)
        - cost_decline(-1.0, rate, market.hardware_decline, market.decline_half_life)
        for rate in cost["cost_decline"]
    ])  # fmt: skip
    later = [float(serving_cost(126.1 + 30.2 / 3, 126.1, 1.0, slope)) for slope in cost["cost_per_point"]]
    for drawn, published in ((fold, 10.0), (later / fold, 1.0)):
        low, high = np.quantile(drawn, [0.05, 0.95])
        assert low < published < high


def test_costs_fall_at_the_first_rate_before_and_towards_the_lasting_one_after(measured):
    """D(t) against its rate integrated by quadrature, and the rate halfway after one half-life."""

    def rate(t):
        return 2.3 if t < 0 else 0.4 + 1.9 * 2 ** (-t / 1.5)

    for years in (-3.0, 0.0, 0.25, 1.5, 9.0):
        measured(float(cost_decline(years, 2.3, 0.4, 1.5)), quad(rate, 0.0, years)[0], rtol=1e-9, atol=1e-12)
    step = 1e-6
    slope = (cost_decline(1.5 + step, 2.3, 0.4, 1.5) - cost_decline(1.5 - step, 2.3, 0.4, 1.5)) / (2 * step)
    measured(float(slope), (2.3 + 0.4) / 2, rtol=1e-8)


@pytest.mark.parametrize("elasticity, slope", [(1.11, 0.15), (1.5, 0.05), (1.2, 0.3)])
def test_what_use_is_worth_at_cost_is_greatest_at_the_worthwhile_capability(measured, elasticity, slope):
    def worth(capability):
        price = serving_cost(capability, 140.0, 2.0, slope)
        done = capable_share(capability, 150.0, 12.0)
        return float(done * value_of_use(100.0, price, 5.0, elasticity))

    best = minimize_scalar(lambda c: -np.log(worth(c)), bounds=(50, 300), method="bounded", options={"xatol": 1e-8})
    measured(worthwhile_capability(150.0, 12.0, elasticity, slope), best.x, rtol=1e-6)


def test_capability_that_costs_nothing_or_too_much():
    assert worthwhile_capability(150.0, 12.0, 1.2, 0.0) == np.inf
    assert (
        worthwhile_capability(150.0, 10.0, 2.0, 0.1) == -np.inf
    )  # (eta - 1) s sigma = 1: it is never ahead of the tasks
    assert worthwhile_capability(150.0, 12.0, 2.0, 0.1) == -np.inf  # (eta - 1) s sigma = 1.2: cost outruns the tasks


@pytest.mark.parametrize("exponent", [-0.5, 0.0, 0.7, 1.0, 1.6])
def test_truncated_pareto(measured, exponent):
    low, high = 10.0, 50.0
    mean = quad(lambda u: float(truncated_pareto(u, low, high, exponent)), 0, 1)[0]
    measured(truncated_pareto_mean(low, high, exponent), mean, rtol=1e-8)
    measured(pareto_exponent(mean, low, high), exponent, atol=1e-6)
    measured(truncated_pareto(0.0, low, high, exponent), low, rtol=1e-6)
    measured(truncated_pareto(1.0, low, high, exponent), high, rtol=1e-6)


@pytest.mark.parametrize("mean", [60.0, 50.0, 10.0, 5.0])
def test_pareto_exponent_refuses_a_mean_outside_its_class(mean):
    with pytest.raises(ValueError, match="strictly between"):
        pareto_exponent(mean, 10.0, 50.0)


@pytest.mark.parametrize("exponent", [-19.9, 59.9])
def test_means_close_to_a_bound_have_extreme_exponents(measured, exponent):
    measured(pareto_exponent(truncated_pareto_mean(10.0, 50.0, exponent), 10.0, 50.0), exponent, atol=1e-6)


def test_sizes_of_an_exponent_of_zero_are_log_uniform_without_a_warning(measured):
    with np.errstate(all="raise"):
        measured(truncated_pareto([0.0, 0.5, 1.0], 4.0, 9.0, 0.0), [4.0, 6.0, 9.0], rtol=1e-14)


def test_concentration_and_effective_sample(measured):
    measured(herfindahl(np.full(5, 0.2)), 1 / 5, rtol=1e-6)
    assert herfindahl([1.0]) == 1.0
    measured(herfindahl([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]]), [0.5, 0.38], rtol=1e-7)  # one for each market
    measured(effective_sample_size([2.0, 2.0, 2.0, 2.0]), 4, rtol=1e-6)
    measured(effective_sample_size([1.0, 1e-9]), 1, rtol=1e-6)
    assert effective_sample_size([]) == 0


COST, ALPHA = np.array([1.0, 2.0, 1.5]), 0.8


def three_offers(price):
    """Shares of three offers against no AI, and their derivatives by price."""
    utility = np.append(0.0, np.array([2.0, 3.0, 2.2]) - ALPHA * price)
    nest, dissimilarity = np.array([0, 1, 1, 2]), np.array([1.0, 0.6, 1.0])
    share, change = nested_logit(utility, nest, dissimilarity)[0], choice_derivatives(utility, nest, dissimilarity)
    return share[1:], -ALPHA * change[1:, 1:]


def by_mark_ups(owner):
    """Prices by iterating the mark-ups."""
    price = COST + 1.0
    for _ in range(2000):
        share, change = three_offers(price)
        price = 0.7 * price + 0.3 * (COST + bertrand_nash_markup(change, share, owner))
    return price


def found_jointly(owner):
    """Prices by the fixed point that is used in the model, with any part of the reaction as the diagonal one."""

    def sales(price):
        share, change = three_offers(price)
        own = np.diag(change) * 1.3
        parts = Sales(share, own, change - np.diag(own))
        np.testing.assert_allclose(parts.derivatives, change, atol=1e-15)
        tried.append(price)
        return parts

    tried = []
    price, found = joint_prices(sales, COST, owner, COST * 1.1, tolerance=1e-12)
    assert found
    tried.clear()
    again, found = joint_prices(sales, COST, owner, price)
    assert found
    np.testing.assert_allclose(tried[0], price, rtol=1e-12)  # the search begins where it is told
    np.testing.assert_allclose(again, price, rtol=1e-6)
    return price


@pytest.mark.parametrize("prices", [by_mark_ups, found_jointly])
@pytest.mark.parametrize("owner", [[0, 1, 2], [0, 0, 1], [0, 0, 0]])
def test_no_seller_gains_by_another_price(measured, owner, prices):
    """Each seller's profit by central differences at the prices that are found."""
    price, step = prices(owner), 1e-5
    for j in range(3):
        mine = np.equal(owner, owner[j])
        profits = []
        for sign in (1, -1):
            tried = price + sign * step * (np.arange(3) == j)
            profits.append(((tried - COST) * three_offers(tried)[0])[mine].sum())
        measured((profits[0] - profits[1]) / (2 * step), 0, atol=1e-8)


def test_prices_that_do_not_exist_are_not_found():
    """Sales with an elasticity of one half: every higher price earns more."""

    def sales(price):
        return Sales(price**-0.5, -0.5 * price**-1.5, np.zeros((1, 1)))

    _, found = joint_prices(sales, np.ones(1), [0], np.full(1, 2.0))
    assert not found


def test_one_offer_each_gives_the_logit_mark_up(measured):
    """Anderson, de Palma and Thisse (1992): 1 / (alpha (1 - s))."""
    utility, alpha = np.array([0.0, 0.5, -0.2]), 2.0
    share, _ = nested_logit(utility, [0, 1, 2], np.ones(3))
    change = choice_derivatives(utility, [0, 1, 2], np.ones(3))
    markup = bertrand_nash_markup(-alpha * change[1:, 1:], share[1:], [0, 1])
    measured(markup, 1 / (alpha * (1 - share[1:])), rtol=1e-12)


def test_each_doubling_costs_a_fifth_less(measured):
    cost = experience_cost(2.0 ** np.arange(6), 100.0, 1.0, 0.2)
    measured(cost[1:] / cost[:-1], 0.8, rtol=1e-14)
    measured(float(experience_cost(12.0, 100.0, 3.0, 0.2)), 64.0, rtol=1e-6)  # two doublings of the reference volume


def test_gini_is_half_the_mean_difference_over_the_mean(measured):
    draw = np.random.default_rng(3)
    has, many = draw.exponential(2.0, 200), draw.integers(1, 5, 200)
    each = np.repeat(has, many)
    expected = np.abs(each[:, None] - each).mean() / (2 * each.mean())
    measured(gini(has, many), expected, rtol=1e-12)
    measured(gini(draw.exponential(2.0, 400_000), np.ones(400_000)), 0.5, atol=4e-3)  # of the exponential law
    assert gini(np.full(5, 3.0), np.arange(1, 6)) == pytest.approx(0, abs=1e-15)
    measured(gini(has / 1e3, many), expected, rtol=1e-12)  # whatever the unit
    with np.errstate(all="raise"):
        assert np.isnan(gini([0.0], [1.0])) and np.isnan(top_share([0.0], [1.0], 0.1))


def test_top_share_is_what_the_richest_hold(measured):
    each = np.sort(np.random.default_rng(4).pareto(1.5, 1000))
    measured(top_share(each, np.ones(1000), 0.1), each[-100:].sum() / each.sum(), rtol=1e-12)
    measured(top_share([5.0, 1.0], [1.0, 3.0], 0.5), (5 + 1) / 8, rtol=1e-12)  # half of all: the one, and one of three
    measured(top_share(each, np.ones(1000), 1.0), 1, rtol=1e-12)
    measured(top_share([0.003, 0.001], [1.0, 9.0], 0.05), 0.5 * 3 / 12, rtol=1e-12)  # half of the one who has most
