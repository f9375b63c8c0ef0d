"""The model without chance: what every kind of firm does on average when all look at everybody's shares.

Chances of renewal depend on what is used, so that entry and switching costs have their place; what labs, trust and
readiness do is given from outside, quarter by quarter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from abm.theory.choice import nested_logit

Floats = NDArray[np.float64]
NONE_NEST = 0  # none is a nest of its own


def chosen_options(
    value: ArrayLike, pull: ArrayLike, offer: ArrayLike, nest: ArrayLike, dissimilarity: ArrayLike
) -> Floats:
    r"""Chances to choose no AI and each option, when the best deployment stands for an offer.

    $U_j = \max_{d} v_{jd} + J_j + \varepsilon_j$ against $U_0 = \varepsilon_0$, nested extreme value: nested logit over the
    offers, all of it on the best deployment of each.

    Args:
        value: Utilities of the options without the pull of others, shape (..., option); -inf where not available.
        pull: Utility from others' use of each offer, shape (offer,).
        offer: Offer of each option, from 0, shape (option,).
        nest: Nest of each offer, 0 open and 1 proprietary, shape (offer,).
        dissimilarity: Of each nest, shape (nest,).

    Returns:
        Probabilities, none first, shape (..., option + 1).

    Reference:
        McFadden (1978); Train (2009), ch. 4.

    >>> chosen_options([0.0, -1.0], [0.0], [0, 0], [0], [1.0]).tolist()
    [0.5, 0.5, 0.0]
    """
    v, of = np.asarray(value, float), np.asarray(offer)
    offers = len(np.asarray(pull))
    best = np.stack([v[..., of == j].max(axis=-1, initial=-np.inf) for j in range(offers)], axis=-1)
    alternatives = np.concatenate([np.zeros((*v.shape[:-1], 1)), best + np.asarray(pull, float)], axis=-1)
    nests = np.concatenate([[NONE_NEST], np.asarray(nest) + 1])
    p, _ = nested_logit(alternatives, nests, np.concatenate([[1.0], np.asarray(dissimilarity, float)]))
    taken = np.zeros(v.shape)
    for j in range(offers):
        places = np.flatnonzero(of == j)
        first = v[..., places].argmax(axis=-1)
        np.put_along_axis(taken, places[first][..., None], p[..., j + 1, None], axis=-1)
    return np.concatenate([p[..., :1], taken], axis=-1)


def mean_field_step(
    none: ArrayLike, users: ArrayLike, attention: ArrayLike, entering: ArrayLike, renewing: ArrayLike
) -> tuple[Floats, Floats]:
    """One quarter of expected states: some of those without AI choose, and everyone whose contract ends.

    Args:
        none: Chance that a kind of firm has no AI, shape (kind,).
        users: Chance that it uses an option and has done so for so many quarters of its contract, shape (kind,
            option, quarter of the contract).
        attention: Chance that a firm without AI chooses, shape (kind,).
        entering: Chances of its choice, none first, shape (kind, option + 1).
        renewing: The same for a user of each option, shape (kind, option in use, option + 1).

    Returns:
        `none` and `users` after the quarter.

    Reference:
        The forward equation of a Markov chain; as the limit of many agents: Kurtz (1970), Journal of Applied
        Probability 7(1), 49-58.

    >>> none, users = mean_field_step([1.0], [[[0.0]]], [0.5], [[0.4, 0.6]], [[[1.0, 0.0]]])
    >>> none.round(6).tolist(), users.round(6).tolist()
    ([0.7], [[[0.3]]])
    """
    without, using = np.asarray(none, float), np.asarray(users, float)
    choosing = without * np.asarray(attention, float)
    after = np.roll(using, 1, axis=2)
    ending = using[:, :, -1]
    chosen = choosing[:, None] * np.asarray(entering, float)
    chosen = chosen + np.einsum("ko,kon->kn", ending, np.asarray(renewing, float))
    after[:, :, 0] = chosen[:, 1:]
    return without - choosing + chosen[:, 0], after
