"""The stores that the page may open: those that were named when it was started, each by the name of its folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from abm.quantities import InputError
from abm.sweep.store import MANIFEST

_NAMED: dict[str, Path] = {}


def name_stores(folders: Iterable[Path]) -> None:
    """Say which stores may be opened, before anybody looks: no address can name another folder.

    Args:
        folders: Their folders.

    Raises:
        InputError: If a folder holds no store, or two have one name.
    """
    found: dict[str, Path] = {}
    for folder in map(Path.resolve, folders):
        if not (folder / MANIFEST).is_file():
            raise InputError(
                f"{str(folder)!r} is no store of a sweep; make one with: abm sweep STUDY.toml --store {str(folder)!r}"
            )
        if found.setdefault(folder.name, folder) != folder:
            raise InputError(
                f"two stores are called {folder.name!r}: {str(found[folder.name])!r} and {str(folder)!r}. The page knows "
                "stores by the names of their folders; rename one."
            )
    _NAMED.clear()
    _NAMED.update(found)


def named() -> Mapping[str, Path]:
    """Folders of the stores by name, in the order in which they were named."""
    return MappingProxyType(_NAMED)
