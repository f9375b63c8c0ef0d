"""The record of a run: labelled arrays, the only thing that figures, the page and studies see."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from abm.quantities import InputError, unknown
from abm.scenario.loading import in_order

if TYPE_CHECKING:
    from abm.observe.indicators import Numbers
    from abm.scenario.scenario import Scenario


class Record:
    """What was measured in one run.

    Attributes:
        data: Arrays over quarter, region, sector, size, option, offer, lab and account, with units. They are not to be
            changed: indicators are worked out once.
    """

    def __init__(self, data: xr.Dataset) -> None:
        self.data = data
        self._indicators: dict[tuple[object, ...], Numbers] = {}

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.data.attrs["scenario"])

    @property
    def digest(self) -> str:
        """Fingerprint of the scenario."""
        return str(self.data.attrs["digest"])

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return int(self.data.attrs["seed"])

    @property
    def sampled_firms(self) -> int:
        """Number of sampled firms."""
        return int(self.data.attrs["sampled_firms"])

    @property
    def quarters(self) -> list[str]:
        """Names of the recorded quarters."""
        return [str(q) for q in self.data["quarter"].to_numpy()]

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        from abm.scenario.scenario import Scenario

        return Scenario.from_toml(str(self.data.attrs["toml"]))

    def indicator(
        self,
        name: str,
        by: str | tuple[str, ...] | None = None,
        weight: str = "firms",
        population: str = "firms_10plus",
    ) -> xr.DataArray:
        """A declared indicator over the quarters.

        Args:
            name: Name in `abm.observe.indicators.INDICATORS`.
            by: Dimension or dimensions to keep besides the quarter: region, sector, size, offer, lab.
            weight: What a share is a share of: firms, employment, tokens or spend.
            population: For penetration: firms_10plus, firms_all or employment.

        Returns:
            Values with dimensions (quarter, *by), unit and label in the attributes.

        Raises:
            InputError: If a name is unknown or the indicator cannot be broken down so.
        """
        from abm.observe.indicators import INDICATORS

        values, names = self._numbers(name, (by,) if isinstance(by, str) else tuple(by or ()), weight, population)
        coords = {one: np.array(list(along)) for one, along in names.items()}
        attrs = {"units": INDICATORS[name].unit, "long_name": INDICATORS[name].label}
        return xr.DataArray(values.copy(), coords, tuple(names), attrs=attrs)

    def at(
        self,
        name: str,
        by: str | tuple[str, ...] = (),
        weight: str = "firms",
        population: str = "firms_10plus",
        **where: str,
    ) -> NDArray[np.float64]:
        """Values of an indicator at named places, without labels: what `indicator` selects, many times faster.

        Args:
            name: Name in `abm.observe.indicators.INDICATORS`.
            by: Dimension or dimensions to keep, in this order.
            weight: What a share is a share of.
            population: For penetration: whose share it is.
            **where: The place along other dimensions, such as region="china" or quarter="2030Q4".

        Returns:
            Values with dimensions (quarter, *by), or (*by) at one quarter, not to be changed.

        Raises:
            InputError: If a name is unknown or the indicator cannot be broken down so.
        """
        chosen = tuple(one for one in where if one != "quarter")
        keep = (by,) if isinstance(by, str) else by
        values, names = self._numbers(name, (*chosen, *keep), weight, population)
        for one, place in where.items():
            if place not in names[one]:
                raise unknown(one, place, names[one])
        return values[tuple(names[one][where[one]] if one in where else slice(None) for one in names)]

    def listed(self, dimension: str) -> list[str]:
        """Names along a dimension, in the order of indicators."""
        return in_order(dimension, (str(one) for one in self.data[dimension].to_numpy()))

    def _numbers(self, name: str, by: tuple[str, ...], weight: str, population: str) -> Numbers:
        """An indicator, worked out once."""
        from abm.observe.indicators import INDICATORS

        if name not in INDICATORS:
            raise unknown("indicator", name, INDICATORS)
        asked = (name, by, weight, population)
        if asked not in self._indicators:
            self._indicators[asked] = INDICATORS[name].of(self.data, by, weight, population)
        return self._indicators[asked]

    def save(self, path: str | Path) -> Path:
        """Write the record as NetCDF, whole or not at all.

        Raises:
            InputError: If the file cannot be written.
        """
        target = Path(path)
        partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            packed = {v: {"zlib": True, "complevel": 1} for v in self.data.data_vars}
            self.data.to_netcdf(partial, engine="netcdf4", encoding=packed)
            partial.replace(target)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise InputError(
                f"cannot write {str(target)!r}: {error.strerror or error}; choose another folder."
            ) from None
        return target

    @staticmethod
    def load(path: str | Path) -> Record:
        """Read a record written by `save`.

        Raises:
            InputError: If the file is missing or no record.
        """
        try:
            with xr.open_dataset(path, engine="netcdf4") as data:
                loaded = data.load()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not a NetCDF record"
            raise InputError(f"record {str(path)!r} cannot be read: {reason}.") from None
        if "digest" not in loaded.attrs:
            raise InputError(f"record {str(path)!r} cannot be read: it was not written by this program.")
        return Record(loaded)

    def to_pandas(self) -> pd.DataFrame:
        """Firms, employment, tokens, spend and surplus as one table, a row per quarter and cell that is not empty."""
        frame = self.data[["firms", "employment", "tokens", "spend", "surplus"]].to_dataframe().reset_index()
        return frame[frame["firms"] > 0].reset_index(drop=True)

    def __repr__(self) -> str:
        first, last = self.quarters[0], self.quarters[-1]
        return f"<Record {self.name} {self.digest} seed {self.seed}, {self.sampled_firms} firms, {first} to {last}>"
