"""Discrete choice with random utility: nested logit, its logsum, and the shocks that make it exact."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def nested_logit(utility: ArrayLike, nest: ArrayLike, dissimilarity: ArrayLike) -> tuple[Floats, Floats]:
    r"""Choice probabilities and logsum of a two-level nested logit.

    With utilities $v_j$ and nests $n$ of dissimilarity $\lambda_n$:
    $P_j = \frac{e^{v_j/\lambda_n}}{D_n} \frac{D_n^{\lambda_n}}{\sum_m D_m^{\lambda_m}}$, where
    $D_n = \sum_{k \in n} e^{v_k/\lambda_n}$; the logsum is $\log \sum_m D_m^{\lambda_m}$.

    Args:
        utility: Systematic utilities, shape (..., alternative), pure numbers; -inf means not available.
        nest: Nest of each alternative, shape (alternative,), whole numbers from 0.
        dissimilarity: Dissimilarity of each nest, shape (nest,), in (0, 1].

    Returns:
        Probabilities, shape (..., alternative), and logsum, shape (...,), in the unit of utility.

    Reference:
        McFadden (1978), "Modelling the choice of residential location"; Train (2009), ch. 4.

    >>> p, s = nested_logit([0.0, 0.0], [0, 1], [1.0, 1.0])
    >>> p.tolist(), round(float(s), 6)
    ([0.5, 0.5], 0.693147)
    """
    v = np.asarray(utility, float)
    nests = np.asarray(nest)
    scale = np.asarray(dissimilarity, float)
    inside = np.full((*v.shape[:-1], len(scale)), -np.inf)
    for n, lam in enumerate(scale):
        inside[..., n] = _log_sum_exp(v[..., nests == n] / lam)
    nest_value = scale * inside
    logsum = _log_sum_exp(nest_value)
    with np.errstate(invalid="ignore"):
        log_p = v / scale[nests] - inside[..., nests] + nest_value[..., nests] - logsum[..., None]
    return np.where(np.isneginf(v), 0.0, np.exp(log_p)), logsum


def choice_derivatives(utility: ArrayLike, nest: ArrayLike, dissimilarity: ArrayLike) -> Floats:
    r"""How choice probabilities react to utilities in nested logit.

    $\frac{\partial P_j}{\partial v_k} = P_j [1_{j=k} / \lambda_n + (1 - 1 / \lambda_n) 1_{k \in n(j)} P_{k|n} - P_k]$.

    Args:
        utility: Systematic utilities, shape (alternative,).
        nest: Nest of each alternative, shape (alternative,).
        dissimilarity: Dissimilarity of each nest, shape (nest,), in (0, 1].

    Returns:
        Derivatives, shape (alternative, alternative whose utility changes); symmetric, rows add up to zero.

    Reference:
        Train (2009), section 4.2; symmetry is Slutsky's: Daly and Zachary (1978).

    >>> choice_derivatives([0.0, 0.0], [0, 1], [1.0, 1.0]).tolist()
    [[0.25, -0.25], [-0.25, 0.25]]
    """
    p, _ = nested_logit(utility, nest, dissimilarity)
    nests, scale = np.asarray(nest), np.asarray(dissimilarity, float)
    whole = np.bincount(nests, p, len(scale))[nests]
    inside = np.divide(p, whole, out=np.zeros_like(p), where=whole > 0)
    inverse = 1 / scale[nests][:, None]
    same = nests[:, None] == nests
    return p[:, None] * (np.eye(len(p)) * inverse + (1 - inverse) * same * inside - p)


def price_elasticities(
    utility: ArrayLike, nest: ArrayLike, dissimilarity: ArrayLike, price: ArrayLike, marginal_utility: float
) -> Floats:
    r"""Own and cross price elasticities of choice, $\eta_{jk} = -\alpha p_k \frac{\partial P_j / \partial v_k}{P_j}$.

    Args:
        utility: Systematic utilities at these prices, shape (alternative,).
        nest: Nest of each alternative, shape (alternative,).
        dissimilarity: Dissimilarity of each nest, shape (nest,).
        price: Prices, money, shape (alternative,).
        marginal_utility: $\alpha$, utility per unit of money.

    Returns:
        Elasticities, negative on the diagonal, shape (alternative, alternative whose price changes).

    Reference:
        Train (2009), section 3.6; Berry (1994), RAND Journal of Economics 25(2), 242-262.

    >>> price_elasticities([0.0, 0.0], [0, 1], [1.0, 1.0], [2.0, 4.0], 1.0).tolist()
    [[-1.0, 2.0], [1.0, -2.0]]
    """
    p, _ = nested_logit(utility, nest, dissimilarity)
    change = choice_derivatives(utility, nest, dissimilarity)
    return -marginal_utility * np.asarray(price, float) * change / p[:, None]


def diversion_ratios(utility: ArrayLike, nest: ArrayLike, dissimilarity: ArrayLike) -> Floats:
    r"""Of the users that a worse alternative loses, the part that each other one gains.

    $D_{jk} = -\frac{\partial P_k / \partial v_j}{\partial P_j / \partial v_j}$; without nests $P_k / (1 - P_j)$.

    Args:
        utility: Systematic utilities, shape (alternative,).
        nest: Nest of each alternative, shape (alternative,).
        dissimilarity: Dissimilarity of each nest, shape (nest,).

    Returns:
        Ratios, shape (alternative that loses, alternative that gains), zero on the diagonal; rows add up to one.

    Reference:
        Shapiro (1996), Antitrust 10; Conlon and Mortimer (2021), RAND Journal of Economics 52(4), 693-726.

    >>> diversion_ratios([0.0, 0.0, 0.0], [0, 1, 2], [1.0, 1.0, 1.0])[0].round(12).tolist()
    [0.0, 0.5, 0.5]
    """
    change = choice_derivatives(utility, nest, dissimilarity)
    ratio = -change / np.diag(change)[:, None]
    np.fill_diagonal(ratio, 0.0)
    return ratio


def consumer_surplus(logsum: ArrayLike, marginal_utility: ArrayLike) -> Floats:
    r"""Expected surplus of choosing freely, up to a constant, $\log \sum_m D_m^{\lambda_m} / \alpha$.

    Args:
        logsum: Logsum of `nested_logit`, any shape.
        marginal_utility: $\alpha$, utility per unit of money, of a shape that broadcasts.

    Returns:
        Money; only differences have a meaning.

    Reference:
        Small and Rosen (1981), Econometrica 49(1), 105-130; Williams (1977), Environment and Planning A 9(3).

    >>> round(float(consumer_surplus(np.log(2.0), 0.5)), 4)
    1.3863
    """
    return np.asarray(logsum, float) / np.asarray(marginal_utility, float)


def _log_sum_exp(x: Floats) -> Floats:
    top = x.max(axis=-1, initial=-np.inf)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return safe + np.log(np.exp(x - safe[..., None]).sum(axis=-1))


def gumbel(uniform: Floats) -> Floats:
    """Standard Gumbel draw by inversion, -log(-log u).

    Args:
        uniform: Uniforms in (0, 1), any shape.

    Returns:
        Draws of the same shape; mean 0.5772 (Euler's constant), variance pi^2/6.

    Reference:
        Gumbel (1958); Train (2009), section 9.2.3.

    >>> round(float(gumbel(np.array(0.36787944))), 6)
    -0.0
    """
    return -np.log(-np.log(uniform))


def log_positive_stable(index: float, uniform_angle: Floats, uniform_size: Floats) -> Floats:
    r"""Logarithm of a one-sided stable draw with Laplace transform $E[e^{-sS}] = e^{-s^\alpha}$.

    With $\theta = \pi u_1$ and $E = -\log u_2$:
    $S = \frac{\sin \alpha\theta}{(\sin\theta)^{1/\alpha}}
    \left(\frac{\sin((1-\alpha)\theta)}{E}\right)^{(1-\alpha)/\alpha}$. An index of one gives S = 1.

    Args:
        index: Stability index alpha in (0, 1].
        uniform_angle: Uniforms in (0, 1), any shape.
        uniform_size: Independent uniforms in (0, 1) of the same shape.

    Returns:
        log S, of the same shape.

    Reference:
        Kanter (1975), Annals of Probability 3(4), 697-707, https://doi.org/10.1214/aop/1176996309.

    >>> log_positive_stable(1.0, np.array([0.3]), np.array([0.7])).tolist()
    [0.0]
    """
    if index == 1.0:
        return np.zeros_like(uniform_angle)
    angle = np.pi * uniform_angle
    return (
        np.log(np.sin(index * angle))
        - np.log(np.sin(angle)) / index
        + (np.log(np.sin((1 - index) * angle)) - np.log(-np.log(uniform_size))) * (1 - index) / index
    )


def nested_shock(dissimilarity: float | Floats, gumbel_draw: Floats, log_stable: Floats) -> Floats:
    r"""Shock of an alternative such that the maximum over alternatives is exactly nested logit.

    $\varepsilon_j = \lambda_n (G_j + \log S_n)$ with Gumbel $G_j$ and positive stable $S_n$ of index $\lambda_n$
    shared by the nest: then $\lambda_n(G_j + \log S_n)$ is Gumbel and correlated $1-\lambda_n^2$ within it.

    Args:
        dissimilarity: Dissimilarity of the nest, in (0, 1].
        gumbel_draw: Gumbel draws of the alternatives.
        log_stable: Log positive stable draws of the nest, of a shape that broadcasts with them.

    Returns:
        Shocks in units of utility.

    Reference:
        Galichon (2022), "On the representation of the nested logit model", Econometric Theory 38(2);
        Hougaard (1986), Biometrika 73(3), 671-678, for the stable mixture.

    >>> nested_shock(0.5, np.array([1.0]), np.array([0.2])).tolist()
    [0.6]
    """
    return dissimilarity * (gumbel_draw + log_stable)
