"""What the published figures leave possible: draws of the parameters that `abm calibrate` has estimated."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from abm.quantities import InputError, unknown
from abm.scenario.scenario import Scenario

POSTERIORS = ("fit", "all")  # from the fit figures alone, for what is said out of sample, and from all, for projections
SHIPPED = Path(__file__).parent / "data"
NOT_OF_THE_MODEL = ("shift.", "misfit.")  # columns about series and families of figures, not about the world


@lru_cache(maxsize=4)
def posterior_table(posterior: str, folder: Path = SHIPPED) -> pd.DataFrame:
    """Draws from a posterior: a row each, a column for each parameter or figure by dotted name, shift and misfit.

    Any first rows are as good a sample as any other ones.

    Args:
        posterior: "fit" or "all".
        folder: Where its file is; the one that comes with the package by default.

    Raises:
        InputError: If there is no such posterior.
    """
    if posterior not in POSTERIORS:
        raise unknown("posterior", posterior, POSTERIORS)
    path = folder / f"posterior_{posterior}.csv"
    if not path.is_file():
        raise InputError(f"there is no posterior {posterior!r} in {folder.name}; make one with: abm calibrate --quick")
    return pd.read_csv(path)


def at_draw(scenario: Scenario, draw: int, posterior: str = "all") -> Scenario:
    """The scenario with the parameters of a draw; those that the scenario itself changes stay as it has them.

    A parameter that the scenario has at its default counts as not changed.

    Args:
        scenario: The question.
        draw: Row of the posterior, from 0.
        posterior: "fit" or "all".

    Raises:
        InputError: If there are not so many draws.
    """
    table = posterior_table(posterior)
    if not 0 <= draw < len(table):
        raise InputError(
            f"draw = {draw} is not among the {len(table)} draws of the posterior; ask for at most so many."
        )
    own = {**scenario.as_dict().get("parameters", {}), **dict(scenario.figures)}
    values = {str(name): float(value) for name, value in table.iloc[draw].items()}
    return scenario.replace(
        {name: value for name, value in values.items() if not name.startswith(NOT_OF_THE_MODEL) and name not in own}
    )
