"""Where a mapping stays, found from a few of its values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def accelerated_fixed_point(
    mapping: Callable[[Floats], Floats], start: Floats, tolerance: float, memory: int = 5, most: int = 60
) -> tuple[Floats, bool]:
    r"""A fixed point $x = g(x)$ by Anderson acceleration.

    The next point is $g(x_k) - \sum_i \gamma_i \, [g(x_{i+1}) - g(x_i)]$ over the last steps, with the weights $\gamma$
    that make $|f(x_k) - \sum_i \gamma_i \, [f(x_{i+1}) - f(x_i)]|$, the same combination of residuals $f = g(x) - x$,
    least. On linear mappings it is as good as GMRES; it needs no derivatives, and one value of the mapping a step.

    Args:
        mapping: g, from shape (coordinate,) to the same.
        start: Where to begin, shape (coordinate,).
        tolerance: Largest residual of any coordinate at which the point is taken for found.
        memory: Steps that are remembered.
        most: Values of the mapping after which the search is given up.

    Returns:
        The last value of the mapping, shape (coordinate,), and whether it is a fixed point.

    Reference:
        Anderson (1965), Journal of the ACM 12(4), 547-560, https://doi.org/10.1145/321296.321305; Walker and Ni (2011), SIAM
        Journal on Numerical Analysis 49(4), 1715-1735, https://doi.org/10.1137/10078356X.

    >>> point, found = accelerated_fixed_point(np.cos, np.array([1.0]), 1e-12)
    >>> round(float(point[0]), 9), found
    (0.739085133, True)
    """
    point = value = residual = start
    values, residuals = np.empty((2, memory, len(start)))  # changes in the last steps
    for step in range(most):
        last, last_residual = value, residual
        value = mapping(point)
        residual = value - point
        if not np.isfinite(residual).all():
            break
        if np.abs(residual).max(initial=0.0) <= tolerance:
            return value, True
        point = value
        if step:
            known, row = min(step, memory), (step - 1) % memory
            values[row], residuals[row] = value - last, residual - last_residual
            point = value - np.linalg.lstsq(residuals[:known].T, residual, rcond=None)[0] @ values[:known]
    return value, False
