"""What labs do: research that raises capability, the cost of serving it, and the price that follows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from abm.theory.fixed_point import accelerated_fixed_point

Floats = NDArray[np.float64]


def capability_growth(
    own_research: ArrayLike,
    gap_to_frontier: ArrayLike,
    catch_up: ArrayLike,
    commons: ArrayLike,
    years: float,
) -> Floats:
    r"""Rise of a lab's capability in a period, $[r + \kappa] \Delta t + (1 - e^{-\phi \Delta t}) (c^* - c)^+$.

    Args:
        own_research: r, index points per year bought by its own budget.
        gap_to_frontier: $c^* - c$, points; a negative gap counts as zero.
        catch_up: $\phi$, rate per year at which a gap closes through published research and distillation.
        commons: $\kappa$, points per year read from the shared work of open users.
        years: Length of the period, years.

    Returns:
        Points gained in the period.

    Reference:
        Nelson and Phelps (1966), American Economic Review 56(1/2), 69-75, for the catch-up term.

    >>> float(capability_growth(10.0, 0.0, 2.0, 0.0, 0.25))
    2.5
    """
    gap = np.maximum(np.asarray(gap_to_frontier, float), 0.0)
    own = (np.asarray(own_research, float) + np.asarray(commons, float)) * years
    return own - np.expm1(-np.asarray(catch_up, float) * years) * gap


def catch_up_gap(start: float, frontier_growth: ArrayLike, catch_up: float, years: float) -> Floats:
    r"""How far a lab that only imitates is behind, $g_{t+1} = e^{-\phi \Delta t} g_t + \Delta c^*_t$.

    At steady growth of the frontier the gap settles on $\Delta c^* / (1 - e^{-\phi \Delta t})$: the imitator is then
    $1 / \phi$ years behind, however fast the frontier moves (in the limit of short periods).

    Args:
        start: Gap before the first period, points.
        frontier_growth: $\Delta c^*_t$, points that the frontier gains in each period, shape (period,).
        catch_up: $\phi$, rate per year at which a gap closes.
        years: Length of a period, years.

    Returns:
        Gap after each period, points, shape (period,).

    Reference:
        Nelson and Phelps (1966), American Economic Review 56(1/2), 69-75.

    >>> float(catch_up_gap(0.0, np.full(400, 2.0), math.log(2), 1.0)[-1])
    4.0
    """
    kept, gap, path = math.exp(-catch_up * years), start, []
    for growth in np.asarray(frontier_growth, float):
        gap = kept * gap + growth
        path.append(gap)
    return np.array(path)


def research_gain(
    budget_ratio: ArrayLike,
    reference_growth: float,
    elasticity: float,
    beyond: ArrayLike,
    difficulty: float,
) -> Floats:
    r"""Points a year from a budget, $r = r_0 b^{\epsilon} e^{-\theta (c - c_0)}$: concave in money, harder further out.

    Args:
        budget_ratio: b, budget over the reference one, a pure number >= 0.
        reference_growth: $r_0$, points per year at the reference budget and capability.
        elasticity: $\epsilon$ in (0, 1): twice the budget gives less than twice the points.
        beyond: $c - c_0$, capability beyond the reference one, points.
        difficulty: $\theta$, by how much the next point is harder than the last, log per point.

    Returns:
        Index points per year.

    Reference:
        Jones (1995), Journal of Political Economy 103(4), 759-784; Bloom, Jones, Van Reenen and Webb (2020), American
        Economic Review 110(4), 1104-1144.

    >>> float(research_gain(4.0, 10.0, 0.5, 0.0, 0.05))
    20.0
    """
    harder = np.exp(-difficulty * np.asarray(beyond, float))
    return reference_growth * np.asarray(budget_ratio, float) ** elasticity * harder


def serving_cost(capability: ArrayLike, reference: float, reference_cost: ArrayLike, slope: float) -> Floats:
    r"""Cost of serving a model, $k = k_0 e^{s (c - c_0)}$: at one time, a better model is dearer to serve.

    Args:
        capability: Points of the model.
        reference: $c_0$, points at which the cost is known.
        reference_cost: $k_0$, USD per work unit there.
        slope: s, log cost per point.

    Returns:
        USD per work unit.

    Reference:
        Epoch AI (2025), "LLM inference prices have fallen rapidly but unequally across tasks", for the spread of prices
        over capability at one date.

    >>> float(serving_cost(150.0, 150.0, 2.0, 0.15))
    2.0
    """
    return np.asarray(reference_cost, float) * np.exp(slope * (np.asarray(capability, float) - reference))


def cost_decline(years: ArrayLike, at_first: float, lasting: float, half_life: float) -> Floats:
    r"""Fall of the cost of constant capability, $D(t) = \delta_\infty t + (\delta_0 - \delta_\infty)(1 - 2^{-t/h}) h/\ln 2$.

    The rate is $\delta_0$ up to time zero and then approaches $\delta_\infty$, half of the way every $h$ years.

    Args:
        years: t, time since zero, years; before zero the fall counts as negative.
        at_first: $\delta_0$, log per year.
        lasting: $\delta_\infty$, log per year: what better hardware alone brings.
        half_life: h, years.

    Returns:
        Logarithm of the cost at time zero over that at t.

    Reference:
        Experience curves in time: Moore's law as in Nagy, Farmer, Bui and Trancik (2013), PLoS ONE 8(2), e52669.

    >>> float(cost_decline(-1.0, 2.3, 0.3, 2.0))
    -2.3
    """
    t = np.asarray(years, float)
    after = np.maximum(t, 0.0)
    fading = -np.expm1(-math.log(2) * after / half_life) * half_life / math.log(2)
    return at_first * np.minimum(t, 0.0) + lasting * after + (at_first - lasting) * fading


def worthwhile_capability(midpoint: float, spread: float, elasticity: float, slope: float) -> float:
    r"""Capability at which a model is worth most at cost.

    $c^\circ = c_0 + \sigma \log \frac{1 - h}{h}$ with $h = (\eta - 1) s \sigma$. What use is worth, $g(c) p^{1-\eta}$ with g
    logistic and $p \propto e^{s c}$, rises up to there and falls beyond: who serves more loses users to who serves less.

    Args:
        midpoint: $c_0$, capability that does half of the tasks, points.
        spread: $\sigma$, points per unit of log-odds of tasks done.
        elasticity: $\eta > 1$, price elasticity of use.
        slope: s, log cost per point.

    Returns:
        Points; infinite if capability costs nothing, minus infinity if it never pays.

    Reference:
        First-order condition of the value of use (`theory.demand`) at cost (`serving_cost`).

    >>> round(worthwhile_capability(130.0, 10.0, 1.2, 0.1), 2)
    143.86
    """
    done_less = (elasticity - 1) * slope * spread
    if done_less <= 0:
        return math.inf
    return midpoint + spread * math.log((1 - done_less) / done_less) if done_less < 1 else -math.inf


def bertrand_nash_markup(derivatives: ArrayLike, share: ArrayLike, owner: ArrayLike) -> Floats:
    r"""Mark-ups at which no seller gains by another price, $p - k = (\Omega \circ -\frac{\partial s}{\partial p}^T)^{-1} s$.

    $\Omega_{jk} = 1$ if one seller owns both offers. With one offer each and logit demand it is $1 / (\alpha (1 - s_j))$.

    Args:
        derivatives: $\partial s_j / \partial p_k$, shape (offer, offer whose price changes), per unit of money.
        share: Shares, shape (offer,).
        owner: Seller of each offer, shape (offer,).

    Returns:
        Price less marginal cost, money, shape (offer,).

    Reference:
        Bresnahan (1987), Journal of Industrial Economics 35(4); Berry, Levinsohn and Pakes (1995), Econometrica 63(4).

    >>> bertrand_nash_markup([[-0.5]], [0.5], [0]).tolist()
    [1.0]
    """
    seller = np.asarray(owner)
    own = (seller[:, None] == seller) * -np.asarray(derivatives, float).T
    return np.linalg.solve(own, np.asarray(share, float))


def experience_cost(
    cumulative: ArrayLike, reference_cost: float, reference_volume: float, learning_rate: float
) -> Floats:
    r"""Unit cost on an experience curve, $k = k_0 (x / x_0)^{\log_2(1 - \ell)}$: it falls by $\ell$ with each doubling.

    Args:
        cumulative: Volume produced so far x.
        reference_cost: $k_0$, cost at the reference volume, money.
        reference_volume: $x_0$, in the unit of `cumulative`.
        learning_rate: $\ell$ in [0, 1), share by which a doubling lowers the cost.

    Returns:
        Money per unit.

    Reference:
        Wright (1936), Journal of the Aeronautical Sciences 3(4), 122-128.

    >>> float(experience_cost(8.0, 100.0, 1.0, 0.2))
    51.2
    """
    exponent = np.log2(1 - learning_rate)
    return reference_cost * (np.asarray(cumulative, float) / reference_volume) ** exponent


class Sales(NamedTuple):
    r"""What sellers expect to sell at some prices.

    Attributes:
        units: Work units sold, shape (offer,).
        own: Part of the reaction of an offer's sales to its own price that lowers them, negative, shape (offer,).
        cross: The rest of the reactions, $\partial q_j / \partial p_k$ of offer j to the price of k, shape (offer, offer).
    """

    units: Floats
    own: Floats
    cross: Floats

    @property
    def derivatives(self) -> Floats:
        """Reaction of the sales of each offer to the price of each, shape (offer, offer whose price changes)."""
        return self.cross + np.diag(self.own)


def joint_prices(
    sales: Callable[[Floats], Sales], cost: Floats, owner: ArrayLike, start: Floats, tolerance: float = 1e-7
) -> tuple[Floats, bool]:
    r"""Bertrand-Nash prices of sellers that price all their offers jointly, from the $\zeta$ fixed point.

    $p = k - \Lambda^{-1} [q + (\Omega \circ \Gamma)^T (p - k)]$, where $\Lambda$ is the diagonal `own`, $\Gamma$ is `cross`
    and $\Omega_{jk} = 1$ if one seller owns both: the first-order conditions solved for the mark-up on the left. From
    prices above cost it never leads below; Anderson acceleration finds where it stays, in logarithms of prices.

    Args:
        sales: Sales as a function of prices.
        cost: k, money per work unit, shape (offer,).
        owner: Seller of each offer, shape (offer,).
        start: Prices to start from, at least the cost, shape (offer,).
        tolerance: Largest relative change of a price in a step at which prices are taken for found.

    Returns:
        Prices, shape (offer,), and whether they were found.

    Reference:
        Morrow and Skerlos (2011), Operations Research 59(2), 328-345.
    """
    seller = np.asarray(owner)
    same = seller[:, None] == seller

    def better(log_ratio: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # the search may look at absurd prices
            price = cost * np.exp(log_ratio)
            now = sales(price)
            return np.log1p(-(now.units + (same * now.cross).T @ (price - cost)) / now.own / cost)

    log_ratio, found = accelerated_fixed_point(better, np.log(start / cost), tolerance)
    return cost * np.exp(log_ratio), found
