"""A fast stand-in for the model: networks that have learned its moments as functions of the parameters.

Neural networks from scikit-learn (https://scikit-learn.org), which need no tuning by hand and give their weights away, so
that the sampler can follow their slopes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abm.rng import uniform

Floats = NDArray[np.float64]
HIDDEN = (128, 128)
KEPT_APART = 0.1  # share of the runs on which the networks are tested


@dataclass(frozen=True, slots=True)
class Emulator:
    """Networks of one shape whose mean is taken.

    Attributes:
        weights: For each network its layers' weights and offsets.
        centre: Mean of each moment, shape (target,).
        scale: Standard deviation of each moment, shape (target,).
        noise: Covariance of what the networks miss in runs they have not seen, shape (target, target): the model's sampling
            noise and their own error.
        explained: Part of the variance over the prior that they explain there, shape (target,).
    """

    weights: list[list[tuple[Floats, Floats]]]
    centre: Floats
    scale: Floats
    noise: Floats
    explained: Floats

    def predict(self, points: Floats) -> Floats:
        """Moments at points of the unit cube, shapes (run, parameter) to (run, target)."""
        outputs = [_forward(network, 2 * points - 1) for network in self.weights]
        return self.centre + self.scale * np.mean(outputs, axis=0)


def _forward(network: list[tuple[Floats, Floats]], inputs: Floats) -> Floats:
    for layer, (weight, offset) in enumerate(network):
        inputs = inputs @ weight + offset
        if layer < len(network) - 1:
            inputs = np.tanh(inputs)
    return inputs


def train(points: Floats, found: Floats, near: Floats | None = None, networks: int = 1, seed: int = 1) -> Emulator:
    """Learn the moments.

    Args:
        points: Points of the unit cube, shape (run, parameter).
        found: Moments there, shape (run, target).
        near: Whether each run lies where the posterior is, shape (run,): the noise is that of these runs. All by default.
        networks: Number of networks, from other starting weights.
        seed: Seed of the split and of the weights.
    """
    from sklearn.neural_network import MLPRegressor

    apart = uniform(seed, "kept apart", np.arange(len(points), dtype=np.uint64), 0) < KEPT_APART
    centre, scale = found[~apart].mean(axis=0), found[~apart].std(axis=0) + 1e-9
    weights = []
    for k in range(networks):
        network = MLPRegressor(
            hidden_layer_sizes=HIDDEN, activation="tanh", alpha=1e-3, learning_rate_init=2e-3, batch_size=256, max_iter=300,
            early_stopping=True, n_iter_no_change=12, random_state=seed + k,
        )  # fmt: skip
        network.fit(2 * points[~apart] - 1, (found[~apart] - centre) / scale)
        weights.append(list(zip(network.coefs_, network.intercepts_, strict=True)))
    blank = Emulator(weights, centre, scale, np.eye(len(centre)), np.zeros(len(centre)))
    missed = found[apart] - blank.predict(points[apart])
    tested = missed if near is None else missed[near[apart]]
    return Emulator(
        weights, centre, scale, np.cov(tested.T, bias=True), 1 - missed.var(axis=0) / found[apart].var(axis=0)
    )
