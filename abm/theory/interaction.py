"""Choices that depend on others' choices: multiple equilibria, tipping, and lock-in by history."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import betaln, gammaln

Floats = NDArray[np.float64]


FORMS = ("share", "count", "log_share")


def pull(form: str, share: ArrayLike, users: ArrayLike, before: float) -> Floats:
    r"""What others' use of each offer counts in a firm's utility, per unit of strength.

    Args:
        form: "share" for $s_j$, "count" for $n_j$, "log_share" for $\log \frac{n_j + b}{\sum_k (n_k + b)}$.
        share: $s_j$, share of the peers that use each offer, shape (..., offer).
        users: $n_j$, number of the peers that use it, of the same shape.
        before: $b > 0$, peers counted for each offer besides its users.

    Returns:
        Pulls, shape (..., offer).

    Reference:
        Brock and Durlauf (2001) for shares, Arthur (1989) for numbers, Arthur, Ermoliev and Kaniovski (1987) for
        choice in proportion to shares.

    >>> pull("log_share", [0.25, 0.0], [1.0, 0.0], 1.0).round(4).tolist()
    [-0.4055, -1.0986]
    """
    if form == "share":
        return np.asarray(share, float)
    number = np.asarray(users, float)
    if form == "count":
        return number
    return np.log((number + before) / (number + before).sum(axis=-1, keepdims=True))


def brock_durlauf_roots(strength: float, field: float = 0.0) -> Floats:
    r"""Equilibrium differences of shares between two offers, the roots of $m = \tanh((h + J m) / 2)$.

    Two offers, extreme-value tastes of scale one, utility $J s_j$ from the share $s_j$ that uses the same offer, and
    $m = s_1 - s_2$. There is one root for $J \le 2$, and there are three for $J > 2$ and a small field.

    Args:
        strength: $J \ge 0$, utility when everybody uses the offer.
        field: $h$, private value of the first offer less that of the second, in units of the taste scale.

    Returns:
        Roots in ascending order, shape (root,), each in [-1, 1].

    Reference:
        Brock and Durlauf (2001), Review of Economic Studies 68(2), 235-260, proposition 2, written for shares.

    >>> brock_durlauf_roots(1.0).round(6).tolist()
    [0.0]
    >>> brock_durlauf_roots(3.0).round(4).tolist()
    [-0.8586, 0.0, 0.8586]
    """

    def gap(m: float) -> float:
        return float(np.tanh((field + strength * m) / 2) - m)

    edges = [-2.0, 2.0]  # beyond all roots: those of a strong pull are one to the last bit
    if strength > 2:  # the curve crosses the diagonal at most once between the points where it runs along it
        bend = np.sqrt(1 - 2 / strength)
        turn = (2 * np.arctanh(bend) * np.array([-1, 1]) - field) / strength
        edges = sorted([*edges, *turn.tolist()])
    roots = []
    for low, high in pairwise(edges):
        if gap(low) == 0 or gap(low) * gap(high) < 0:
            roots.append(float(brentq(gap, low, high, xtol=1e-15, rtol=1e-14)))
    return np.array(roots)


def is_stable(root: float, strength: float) -> bool:
    r"""Whether shares return to a root after a small push, $\frac{J}{2} (1 - m^2) < 1$.

    Args:
        root: $m$, a root of `brock_durlauf_roots`.
        strength: $J$.

    Returns:
        True if the root attracts at a geometric rate; at $J = 2$ the root 0 attracts more slowly and is not counted.

    Reference:
        Brock and Durlauf (2001), proposition 3.

    >>> is_stable(0.0, 1.9), is_stable(0.0, 2.1)
    (True, False)
    """
    return strength / 2 * (1 - root**2) < 1


def tipping_field(strength: float) -> float:
    r"""Field below which nobody's use of the first offer sustains itself, $h^* = 2 \,\mathrm{artanh}(b) - J b$.

    With $b = \sqrt{1 - 2/J}$ the difference of shares where the upper root meets the middle one and vanishes. By
    symmetry the lower root vanishes at $-h^*$: between the two fields history decides (hysteresis).

    Args:
        strength: $J$; up to 2 there is one root at any field and the result is 0.

    Returns:
        Field in units of the taste scale, zero or negative.

    Reference:
        Fold of the equilibrium condition of Brock and Durlauf (2001); hysteresis as in Galam and Moscovici (1991).

    >>> round(tipping_field(3.0), 4)
    -0.4151
    """
    if strength <= 2:
        return 0.0
    bend = np.sqrt(1 - 2 / strength)
    return float(2 * np.arctanh(bend) - strength * bend)


def ruin_probability(up: float, to_upper: int, to_lower: int) -> float:
    r"""Chance that a random walk meets its upper barrier first, $\frac{1 - r^b}{1 - r^{a+b}}$, $r = (1-p)/p$.

    In Arthur's model of competing technologies the difference of adopters walks until one technology's lead makes
    everybody choose it: its barriers absorb.

    Args:
        up: $p$, chance of a step up, in (0, 1).
        to_upper: $a \ge 1$, steps to the upper barrier.
        to_lower: $b \ge 1$, steps to the lower barrier.

    Returns:
        Probability; $b / (a + b)$ at $p = 1/2$.

    Reference:
        Feller (1968), volume 1, XIV.2; Arthur (1989), Economic Journal 99, 116-131.

    >>> ruin_probability(0.5, 3, 1)
    0.25
    """
    drift = np.log(up) - np.log1p(-up)
    if abs(drift) < 1e-12:
        return to_lower / (to_upper + to_lower)
    # Powers of the smaller of r and 1 / r, so that far barriers do not overflow.
    chance = np.expm1(-to_lower * abs(drift)) / np.expm1(-(to_upper + to_lower) * abs(drift))
    return float(chance if drift > 0 else chance * np.exp(-to_upper * -drift))


def ruin_duration(up: float, to_upper: int, to_lower: int) -> float:
    r"""Expected number of steps until a barrier is met, $\frac{b - (a + b) P}{q - p}$ with $P$ from `ruin_probability`.

    Args:
        up: $p$, chance of a step up, in (0, 1).
        to_upper: $a$, steps to the upper barrier.
        to_lower: $b$, steps to the lower barrier.

    Returns:
        Steps; $a b$ at $p = 1/2$.

    Reference:
        Feller (1968), volume 1, XIV.3.

    >>> ruin_duration(0.5, 3, 2)
    6.0
    """
    if abs(up - 0.5) < 1e-7:  # nearer than the quotient of two small numbers can tell
        return float(to_upper * to_lower)
    probability = ruin_probability(up, to_upper, to_lower)
    return (to_lower - (to_upper + to_lower) * probability) / (1 - 2 * up)


def polya_distribution(draws: int, first: float = 1.0, second: float = 1.0) -> Floats:
    r"""Chance that $k$ of $n$ draws from Polya's urn are of the first colour, the beta-binomial law.

    $P(k) = \binom{n}{k} \frac{B(k + \alpha, n - k + \beta)}{B(\alpha, \beta)}$; with one ball of each colour all $k$ are
    equally likely, and the share tends to a uniform number. A firm that chooses with utility $\log s_j$ and
    extreme-value tastes takes each offer with a probability of its share $s_j$: sequential entry is this urn.

    Args:
        draws: $n$, number of draws.
        first: $\alpha$, balls of the first colour at the start.
        second: $\beta$, balls of the second.

    Returns:
        Probabilities of k = 0 to n, shape (draws + 1,).

    Reference:
        Eggenberger and Polya (1923); Arthur, Ermoliev and Kaniovski (1987), European Journal of Operational Research 30.

    >>> polya_distribution(3).round(12).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    k = np.arange(draws + 1)
    ways = gammaln(draws + 1) - gammaln(k + 1) - gammaln(draws - k + 1)
    return np.exp(ways + betaln(k + first, draws - k + second) - betaln(first, second))
