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
