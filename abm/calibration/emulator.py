"""A fast stand-in for the model: a network that has learned its moments as functions of the parameters.

A neural network from scikit-learn (https://scikit-learn.org), which needs no tuning by hand and gives its weights away, so
that the sampler can follow its slopes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.rng import uniform

Floats = NDArray[np.float64]
HIDDEN = (128, 128)
KEPT_APART = 0.1  # share of the runs on which the network is tested


@dataclass(frozen=True, slots=True)
class Emulator:
    """A network that predicts moments.

    Attributes:
        network: Weights and offsets of its layers.
        centre: Mean of each moment, shape (target,).
        scale: Standard deviation of each moment, shape (target,).
        noise: Mean square of what it misses in runs that it has not seen, shape (target,): the model's sampling noise and
            its own error.
    """

    network: list[tuple[Floats, Floats]]
    centre: Floats
    scale: Floats
    noise: Floats

    def predict(self, points: Floats) -> Floats:
        """Moments at points of the unit cube, shapes (run, parameter) to (run, target)."""
        return np.asarray(self.centre + self.scale * forward(self.network, 2 * points - 1, np.tanh), float)


def forward(network: list[tuple[Floats, Floats]], inputs: Any, tanh: Callable[[Any], Any]) -> Any:
    """Output of a network, for arrays of NumPy or of the sampler's library.

    Args:
        network: Weights and offsets of its layers.
        inputs: Numbers from -1 to 1, shape (..., parameter).
        tanh: The function between layers, of the inputs' library.
    """
    for layer, (weight, offset) in enumerate(network):
        inputs = inputs @ weight + offset
        if layer < len(network) - 1:
            inputs = tanh(inputs)
    return inputs


def kept_apart(many: int) -> NDArray[np.bool_]:
    """Runs that the network does not see, shape (run,): the same ones of as many."""
    return uniform(1, "kept apart", np.arange(many, dtype=np.uint64), 0) < KEPT_APART


def train(points: Floats, found: Floats, near: NDArray[np.bool_] | None = None) -> Emulator:
    """Learn the moments.

    Args:
        points: Points of the unit cube, shape (run, parameter).
        found: Moments there, shape (run, target).
        near: Whether each run lies where the posterior is, shape (run,): the noise is that of these runs. All by default.
    """
    from sklearn.neural_network import MLPRegressor

    apart = kept_apart(len(points))
    centre, scale = found[~apart].mean(axis=0), found[~apart].std(axis=0) + 1e-9
    learner = MLPRegressor(
        hidden_layer_sizes=HIDDEN, activation="tanh", alpha=1e-3, learning_rate_init=2e-3, batch_size=256, max_iter=300,
        early_stopping=True, n_iter_no_change=12, random_state=1,
    )  # fmt: skip
    learner.fit(2 * points[~apart] - 1, (found[~apart] - centre) / scale)
    made = Emulator(list(zip(learner.coefs_, learner.intercepts_, strict=True)), centre, scale, np.zeros(len(centre)))
    tested = apart if near is None else apart & near
    return replace(made, noise=missed(made, points[tested], found[tested]))


def missed(emulator: Emulator, points: Floats, found: Floats) -> Floats:
    """Mean square of what an emulator misses in some runs, shape (target,)."""
    return np.asarray(((found - emulator.predict(points)) ** 2).mean(axis=0), float)
