"""The model without chance against draws, against a Markov chain written out, and against what must be conserved."""

import numpy as np

from abm.rng import firm_ids, name_key, uniform
from abm.theory.choice import gumbel, log_positive_stable, nested_shock
from abm.theory.mean_field import chosen_options, mean_field_step

OFFER, NEST = np.array([0, 0, 1, 2]), np.array([0, 1, 1])
VALUE, PULL, DISSIMILARITY = np.array([0.3, 0.5, 0.1, -0.4]), np.array([0.2, 0.0, 0.6]), np.array([0.7, 0.5])


def test_chances_are_those_of_firms_that_take_the_best_of_all():
    """400,000 firms with explicit shocks: each share within four standard errors, the worse deployment never taken."""
    many = 400_000
    ids = firm_ids(name_key("mean field"), np.arange(many))
    total = np.empty((many, 4))
    total[:, 0] = gumbel(uniform(1, "none", ids))
    for j, nest in enumerate(NEST):
        angle, size = (uniform(1, part, ids, name=str(nest)) for part in ("angle", "size"))
        common = log_positive_stable(float(DISSIMILARITY[nest]), angle, size)
        shock = nested_shock(float(DISSIMILARITY[nest]), gumbel(uniform(1, "own", ids, name=str(j))), common)
        total[:, j + 1] = VALUE[j == OFFER].max() + PULL[j] + shock
    p = chosen_options(VALUE, PULL, OFFER, NEST, DISSIMILARITY)
    share = np.bincount(total.argmax(axis=1), minlength=4) / many
    expected = p[[0, 2, 3, 4]]
    assert p[1] == 0
    assert (np.abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / many)).all()


def test_what_is_not_available_is_not_chosen(measured):
    value = np.array([[-np.inf, -np.inf, 0.1, -np.inf], [-np.inf] * 4])
    p = chosen_options(value, PULL, OFFER, NEST, DISSIMILARITY)
    measured(p.sum(axis=1), 1, rtol=1e-7)
    assert (p[0, [1, 2, 4]] == 0).all() and p[1, 0] == 1


def test_kinds_of_firms_choose_each_for_themselves(measured):
    """Which deployment is best differs from kind to kind."""
    value = np.array([[0.3, 0.5, 0.1, -0.4], [0.5, 0.3, 0.1, 0.9], [-np.inf, 0.2, -np.inf, 0.0]])
    together = chosen_options(value, PULL, OFFER, NEST, DISSIMILARITY)
    each = [chosen_options(one, PULL, OFFER, NEST, DISSIMILARITY) for one in value]
    measured(together, each, rtol=1e-14)
    assert together[0, 1] == 0 < together[0, 2] and together[1, 2] == 0 < together[1, 1]


def test_states_follow_the_markov_chain(measured):
    """Against the transition matrix of one kind of firm, written state by state: none, and each option and quarter."""
    draw = np.random.default_rng(1)
    options, quarters = 3, 4
    entering = draw.dirichlet(np.ones(options + 1))
    renewing = draw.dirichlet(np.ones(options + 1), options)
    attention = 0.3

    def place(option, quarter):
        return 1 + option * quarters + quarter

    chain = np.zeros((1 + options * quarters,) * 2)
    chain[0, 0] = 1 - attention + attention * entering[0]
    for o in range(options):
        chain[0, place(o, 0)] += attention * entering[o + 1]
        for q in range(quarters - 1):
            chain[place(o, q), place(o, q + 1)] = 1
        chain[place(o, quarters - 1), 0] = renewing[o, 0]
        for n in range(options):
            chain[place(o, quarters - 1), place(n, 0)] += renewing[o, n + 1]
    state = np.zeros(1 + options * quarters)
    state[0] = 1.0
    none, users = np.array([1.0]), np.zeros((1, options, quarters))
    for _ in range(25):
        state = state @ chain
        none, users = mean_field_step(none, users, np.array([attention]), entering[None], renewing[None])
    measured(none[0], state[0], rtol=1e-12)
    measured(users[0].ravel(), state[1:], rtol=1e-12)
    measured(none + users.sum(axis=(1, 2)), 1, rtol=1e-12)
