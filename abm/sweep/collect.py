"""All runs of a store in one file."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow.parquet as pq

from abm.quantities import InputError, unknown
from abm.sweep.store import Store

KINDS = (".csv", ".json", ".parquet")


def collected(store: Store) -> tuple[Path, int]:
    """Write all rows into one Parquet file in the store's folder: the same bytes however the sweep was run.

    Returns:
        The file, and the number of its rows.

    Raises:
        InputError: If a part is damaged or the file cannot be written.
    """
    path = store.folder / "collected.parquet"
    return path, exported(store, path)


def exported(store: Store, path: Path) -> int:
    """Write all rows into a file, whole or not at all.

    Args:
        store: The store.
        path: The file; its ending says of which kind.

    Returns:
        Number of rows.

    Raises:
        InputError: If the ending is unknown, a part is damaged or the file cannot be written.
    """
    if path.suffix not in KINDS:
        raise unknown("kind of file", path.suffix, KINDS)
    table = store.table()
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".parquet":
            pq.write_table(table.combine_chunks(), unfinished, compression="zstd", write_page_checksum=True)
        elif path.suffix == ".csv":
            table.to_pandas().to_csv(unfinished, index=False)
        else:
            table.to_pandas().to_json(unfinished, orient="records", lines=True)
        unfinished.replace(path)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be written: {error.strerror or error}; name another file.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return len(table)
