"""What labs do: research that raises capability, the cost of serving it, and the price that follows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


def concave_research(budget_ratio: ArrayLike, reference_growth: ArrayLike, elasticity: float) -> Floats:
    r"""Points a year from a budget, $r = r_0 b^{\epsilon}$ with $b$ the budget relative to the reference one.

    Args:
        budget_ratio: Budget over its reference value, a pure number >= 0.
        reference_growth: $r_0$, points per year at the reference budget.
        elasticity: $\epsilon$ in (0, 1): twice the budget gives less than twice the points.

    Returns:
        Index points per year.

    Reference:
        Jones (1995), Journal of Political Economy 103(4), 759-784.

    >>> float(concave_research(4.0, 10.0, 0.5))
    20.0
    """
    return np.asarray(reference_growth, float) * np.asarray(budget_ratio, float) ** elasticity


def serving_cost(capability: ArrayLike, frontier: float, frontier_cost: float, slope: float) -> Floats:
    r"""Cost of serving a model, $k = k^* e^{s (c - c^*)}$: the frontier costs the same, the rest falls behind it.

    With a frontier that gains $\dot c$ points a year, constant capability gets cheaper at rate $s \dot c$.

    Args:
        capability: Points of the model.
        frontier: Points of the best model $c^*$.
        frontier_cost: $k^*$, USD per work unit at the frontier.
        slope: s, log cost per point.

    Returns:
        USD per work unit.

    Reference:
        Experience curve in capability instead of volume: Wright (1936); measured by Epoch AI (2025), "LLM
        inference prices have fallen rapidly but unequally across tasks".

    >>> float(serving_cost(150.0, 150.0, 2.0, 0.15))
    2.0
    """
    return frontier_cost * np.exp(slope * (np.asarray(capability, float) - frontier))


def monopolistic_price(cost: ArrayLike, elasticity: ArrayLike) -> Floats:
    r"""Price that satisfies the seller's first-order condition, $p = k E / (E - 1)$ (Lerner).

    Args:
        cost: Marginal cost k, USD per work unit.
        elasticity: Own-price elasticity E > 1 of the demand it faces, as a positive number.

    Returns:
        USD per work unit.

    Reference:
        Lerner (1934), Review of Economic Studies 1(3); for logit demand: Anderson, de Palma and Thisse (1992).

    >>> float(monopolistic_price(2.0, 2.0))
    4.0
    """
    e = np.asarray(elasticity, float)
    return np.asarray(cost, float) * e / (e - 1)


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


def nested_logit_elasticity(
    spend_over_taste: ArrayLike, share: ArrayLike, share_in_nest: ArrayLike, dissimilarity: ArrayLike
) -> Floats:
    r"""Own-price elasticity of the choice of an offer in nested logit.

    $E = \frac{x p}{\mu} [\frac{1}{\lambda} - (\frac{1}{\lambda} - 1) s_{j|n} - s_j]$.

    By Roy's identity a one per cent dearer offer costs the firm one per cent of its spend $x p$; divided by the
    taste scale $\mu$ that is its loss of utility.

    Args:
        spend_over_taste: $x p / \mu$, a pure number.
        share: Share of firms that choose the offer.
        share_in_nest: Its share within its nest.
        dissimilarity: $\lambda$ of the nest.

    Returns:
        Elasticity as a positive number, of the number of users (the use per user adds its own).

    Reference:
        Berry (1994), RAND Journal of Economics 25(2), 242-262, equation 29.

    >>> float(nested_logit_elasticity(2.0, 0.25, 0.5, 1.0))
    1.5
    """
    inverse = 1 / np.asarray(dissimilarity, float)
    spread = inverse - (inverse - 1) * np.asarray(share_in_nest, float) - np.asarray(share, float)
    return np.asarray(spend_over_taste, float) * spread
