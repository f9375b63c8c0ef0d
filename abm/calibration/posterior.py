"""What the figures say about the parameters: the posterior under an emulated likelihood, drawn with NUTS.

The likelihood is a synthetic one (Wood 2010, Nature 466, 1102-1104): moments are normal around the emulator's prediction
with the survey's error, the model's sampling noise, and a misfit of the model itself whose size is estimated per family
(Kennedy and O'Hagan 2001, JRSS B 63(3), 425-464). It is conditional on parameters only, so that any part of the figures
may be left out without new runs; a network that learns the posterior directly would have to be trained for each part.
Drawn by NumPyro's No-U-Turn sampler (https://num.pyro.ai), as some forty parameters are too many for samplers without
slopes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from abm.calibration.design import free
from abm.calibration.emulator import Emulator, forward
from abm.calibration.targets import errors, families, family_of_each, shift_prior, shifted, targets

Floats = NDArray[np.float64]
TREE_DEPTH = 8  # steps of a draw are at most two to this power
MISFIT = 0.2  # prior scale (half-normal) of the model's own misfit, log-odds or logarithms
MISFIT_POINTS = 2.0  # the same, ECI points


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws from a posterior.

    Attributes:
        points: Parameters in the unit cube, shape (draw, parameter).
        shifts: Shifts of series, in the order of `SHIFTS`, shape (draw, shift).
        misfit: Standard deviation of the model's own misfit by family, in the order of `families`, shape (draw, family).
        rhat: Largest split R-hat of all that is drawn (Vehtari et al. 2021): above 1.01 the chains do not agree.
        effective: Smallest effective number of draws.
    """

    points: Floats
    shifts: Floats
    misfit: Floats
    rhat: float
    effective: float


class Sampler:
    """The posterior given some of the targets, ready to be drawn from for any values of these.

    Args:
        emulator: The stand-in for the model.
        used: Targets that count, shape (target,).
        draws: Draws of each chain that are kept.
        warm_up: Draws of each chain that are not.
        chains: Number of chains.
    """

    def __init__(
        self, emulator: Emulator, used: NDArray[np.bool_], draws: int = 1000, warm_up: int = 600, chains: int = 2
    ) -> None:
        from numpyro.infer import MCMC, NUTS

        self.emulator, self.used = emulator, used
        self.chains = MCMC(
            NUTS(_model, max_tree_depth=TREE_DEPTH), num_warmup=warm_up, num_samples=draws, num_chains=chains,
            chain_method="vectorized", progress_bar=False, jit_model_args=True,
        )  # fmt: skip

    def draw(self, published: Floats, seed: int = 1) -> Draws:
        """Draw from the posterior.

        Args:
            published: Values on the scale of the targets' errors, shape (target,).
            seed: Seed of the sampler.
        """
        import jax
        from numpyro.diagnostics import summary

        self.chains.run(jax.random.PRNGKey(seed), *_inputs(self.emulator, published, self.used))
        grouped = self.chains.get_samples(group_by_chain=True)
        told = summary(grouped)
        flat = {name: np.asarray(values).reshape(-1, values.shape[-1]) for name, values in grouped.items()}
        return Draws(
            points=ndtr(flat["z"]), shifts=flat["shift"], misfit=misfit_scale() * flat["misfit"],
            rhat=max(float(np.max(one["r_hat"])) for one in told.values()),
            effective=min(float(np.min(one["n_eff"])) for one in told.values()),
        )  # fmt: skip


def misfit_scale() -> Floats:
    """Prior scale of the model's own misfit of each family, shape (family,)."""
    in_points = {one.family for one in targets() if one.indicator == "frontier"}
    return np.array([MISFIT_POINTS if family in in_points else MISFIT for family in families()])


def _inputs(emulator: Emulator, published: Floats, used: NDArray[np.bool_]) -> tuple[Any, ...]:
    """The model's arguments as arrays of constant shape: what does not count has an error without bounds."""
    family, network = family_of_each(), emulator.network
    variance = emulator.noise + np.where(used, errors() ** 2, 1e6)
    return network, emulator.centre, emulator.scale, published, variance, misfit_scale()[family], family, shifted()


def _model(
    network: Any, centre: Any, scale: Any, published: Any, variance: Any, size: Any, family: Any, shifted: Any
) -> None:
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist
    from jax.scipy.special import ndtr as normal_cdf

    z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([len(free())]).to_event(1))
    shift = numpyro.sample("shift", dist.Normal(*shift_prior()).to_event(1))
    misfit = numpyro.sample("misfit", dist.HalfNormal(1.0).expand([len(families())]).to_event(1))
    expected = centre + scale * forward(network, 2 * normal_cdf(z) - 1, jnp.tanh) + shifted @ shift
    own = size * misfit[family]
    numpyro.sample("figures", dist.Normal(expected, jnp.sqrt(variance + own**2)), obs=published)
