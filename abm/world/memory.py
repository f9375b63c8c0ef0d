"""How large a world fits into this machine: asked before anything is allocated."""

from __future__ import annotations

from pathlib import Path

import psutil

from abm.quantities import InputError
from abm.scenario.parameters import Interaction
from abm.world.firms import BYTES_PER_FIRM
from abm.world.network import stored_bytes_per_firm

MOST_FIRMS = 2**31 - 1  # rows are numbered in 32 bits
_SPARE = 300 * 2**20  # bytes left for the interpreter, the libraries and the chunks of a birth
_GROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def free_memory() -> int:
    """Bytes that a new world may take: what the machine has free, within the limit of the process's group."""
    free = psutil.virtual_memory().available
    for limit in _GROUP_LIMITS:
        text = limit.read_text().strip() if limit.is_file() else ""
        if text.isdigit():
            free = min(free, int(text) - psutil.Process().memory_info().rss)
    return free


def check_memory(firms: int, interaction: Interaction, free: int | None = None) -> None:
    """Refuse a world that the memory cannot hold.

    Args:
        firms: Number of firms.
        interaction: Number of peers and whether they are stored.
        free: Bytes that may be taken; what the machine has free by default.

    Raises:
        InputError: If the world is too large, with the number of firms that would fit.
    """
    each = BYTES_PER_FIRM + stored_bytes_per_firm(interaction)
    room = (free_memory() if free is None else free) - _SPARE
    if firms * each > room:
        fit = max(0, min(room // each, MOST_FIRMS))
        digits = max(0, len(str(fit)) - 3)
        raise InputError(
            f"firms = {firms} need {firms * each / 2**30:.1f} GiB at {each} bytes each, but "
            f"{max(0, room) / 2**30:.1f} GiB are free on this machine; at most {fit // 10**digits * 10**digits} firms fit."
        )
    if firms > MOST_FIRMS:
        raise InputError(f"firms = {firms} is more than {MOST_FIRMS} firms, the most that a run can number.")
