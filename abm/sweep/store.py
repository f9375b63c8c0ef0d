"""Where the runs of a study are kept: a folder of Parquet parts, each whole or not there, its fingerprint in its name.

    manifest.json     the study, the version and parameters of the package, the machine, runs in a part
    parts/            runs-000000000-000000999-<fingerprint>.parquet
    set_aside/        parts that were found damaged
    unfinished/       what is being written
    logs/             what jobs on a cluster say

A part holds consecutive runs. Which ones is fixed when the store is made, so that any number of drivers on any engine write
the same parts: to write one twice does no harm. The fingerprint covers every byte; Parquet's own checksums, page by page,
let other readers notice damage, too.
"""

from __future__ import annotations

import hashlib
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from abm.quantities import InputError
from abm.sweep.study import ERROR, OWN_COLUMNS, POINT, QUARTER, RUN, SEED, Row, Study
from abm.sweep.whole import write_whole

MANIFEST, PARTS, ASIDE, UNFINISHED, LOGS = "manifest.json", "parts", "set_aside", "unfinished", "logs"
_LONG_AGO = 86_400.0  # seconds; a part is written within a few
_NAME = re.compile(r"runs-(\d{9,})-(\d{9,})-([0-9a-f]{16})\.parquet")


@dataclass(frozen=True)
class Store:
    """The runs of a study on disk.

    Attributes:
        folder: Where.
        study: The study.
        runs_per_part: Runs in each part but the last.
        manifest: What the manifest says.
    """

    folder: Path
    study: Study
    runs_per_part: int
    manifest: dict[str, Any] = field(repr=False)

    @property
    def parts(self) -> int:
        """Parts in all."""
        return -(-self.study.runs // self.runs_per_part)

    def runs_of(self, part: int) -> range:
        """The runs of a part."""
        return range(part * self.runs_per_part, min((part + 1) * self.runs_per_part, self.study.runs))

    def kept(self) -> dict[int, Path]:
        """Files of the parts that are there, by number of the part, in order.

        Of two for the same runs the one with fewer failures counts; if they have equally many and differ in what did not
        fail, neither is believed, and both are set aside.
        """
        files: dict[int, list[Path]] = {}
        for path in sorted((self.folder / PARTS).glob("runs-*.parquet")):
            if match := _NAME.fullmatch(path.name):
                part = int(match[1]) // self.runs_per_part
                if part < self.parts and self.runs_of(part) == range(int(match[1]), int(match[2]) + 1):
                    files.setdefault(part, []).append(path)
        believed = {part: self._believed(paths) for part, paths in files.items()}
        return {part: path for part, path in believed.items() if path is not None}

    def _believed(self, paths: list[Path]) -> Path | None:
        if len(paths) < 2:
            return paths[0] if paths else None
        ranked = sorted(paths, key=lambda path: (len(_failed(path)), path.name))
        first, second = ranked[:2]
        if len(_failed(first)) == len(_failed(second)) and not _alike(first, second):
            for path in paths:
                self._put_aside(path)
            return None
        return first

    def checked(self) -> tuple[dict[int, Path], list[str]]:
        """Parts that are there and whole, by number; names of those that were not, which are set aside now."""
        whole, damaged = {}, []
        for part, path in self.kept().items():
            try:
                content = path.read_bytes()
            except FileNotFoundError:  # somebody else has set it aside
                continue
            if _fingerprint(content) == path.stem.rpartition("-")[2]:
                whole[part] = path
            else:
                damaged.append(path.name)
                self._put_aside(path)
        return whole, damaged

    def keep(self, part: int, rows: list[Row]) -> Path:
        """Write a part: whole, or not at all.

        Raises:
            OSError: If there is no room, or the folder cannot be written.
        """
        content = BytesIO()
        pq.write_table(pa.Table.from_pylist(rows, self.schema), content, compression="zstd", write_page_checksum=True)
        data, runs = content.getvalue(), self.runs_of(part)
        name = f"runs-{runs[0]:09d}-{runs[-1]:09d}-{_fingerprint(data)}.parquet"
        write_whole(self.folder / PARTS / name, data, self.folder / UNFINISHED)
        return self.folder / PARTS / name

    @cached_property
    def schema(self) -> pa.Schema:
        """Columns of the parts."""
        own = {RUN: pa.int64(), POINT: pa.int64(), SEED: pa.int32(), QUARTER: pa.string()}
        factors = {
            one.name: pa.string() if any(isinstance(value, str) for value in one.values)
            else pa.int64() if one.declared.integer and one.lever is None else pa.float64()
            for one in self.study.factors
        }  # fmt: skip
        kept = dict.fromkeys(self.study.indicators, pa.float64())
        assert set(OWN_COLUMNS) == {*own, ERROR}
        return pa.schema([*(own | factors | kept).items(), (ERROR, pa.string())])

    def table(self) -> pa.Table:
        """All rows that are there, in the order of the runs.

        Raises:
            InputError: If a part is damaged.
        """
        tables = []
        for path in self.kept().values():
            try:
                tables.append(_read(path))
            except (OSError, pa.ArrowException):
                raise InputError(
                    f"part {path.name} is damaged; abm sweep status {str(self.folder)!r} sets it aside, and running the "
                    "study again makes it anew."
                ) from None
        return pa.concat_tables(tables) if tables else self.schema.empty_table()

    def rows_in(self, path: Path) -> dict[int, list[Row]]:
        """Rows of a part, by run."""
        found: dict[int, list[Row]] = {}
        for row in _read(path).to_pylist():
            found.setdefault(row[RUN], []).append(row)
        return found

    def file_of(self, part: int) -> Path | None:
        """The file of a part that is there."""
        runs = self.runs_of(part)
        return self._believed(sorted((self.folder / PARTS).glob(f"runs-{runs[0]:09d}-{runs[-1]:09d}-*.parquet")))

    def failures(self, kept: dict[int, Path]) -> dict[int, list[int]]:
        """Runs that have failed, by part.

        Args:
            kept: Files of the parts.
        """
        found = {part: _failed(path) for part, path in kept.items()}
        return {part: runs for part, runs in found.items() if runs}

    def tidy(self) -> None:
        """Remove what was left unfinished when its writer was killed, long ago."""
        for path in (self.folder / UNFINISHED).glob("runs-*"):
            with suppress(OSError):  # its writer has finished it, or it is somebody else's
                if time.time() - path.stat().st_mtime > _LONG_AGO:
                    path.unlink()

    def _put_aside(self, path: Path) -> None:
        aside = self.folder / ASIDE
        aside.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):  # somebody else has done it
            path.replace(aside / path.name)


def _read(path: Path) -> pa.Table:
    """A part, its pages checked; twice as fast as `pyarrow.parquet.read_table` where there are many small ones."""
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        return file.read()


def _failed(path: Path) -> list[int]:
    """Runs of a part that have failed; the footer of the file says of most parts that there are none."""
    try:
        file = pq.ParquetFile(path)
    except FileNotFoundError:  # somebody else has set it aside
        return []
    last = file.metadata.row_group(0).column(file.metadata.num_columns - 1)
    if last.statistics is not None and last.statistics.null_count == file.metadata.num_rows:
        return []
    table = file.read(columns=[RUN, ERROR])
    return sorted({run for run, error in zip(*(one.to_pylist() for one in table.columns), strict=True) if error})


def _alike(one: Path, other: Path) -> bool:
    """Whether two parts say the same but for why runs have failed."""
    try:
        first, second = (_read(path).drop_columns([ERROR]) for path in (one, other))
    except (OSError, pa.ArrowException):
        return False
    return bool(first.to_pandas().equals(second.to_pandas()))


def _fingerprint(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()
