"""What the kernel reads, writes and scribbles on: firms, peers and the workspace of a group."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm import rng
from abm.compiled import inlined
from abm.dynamics.conditions import Conditions
from abm.world.firms import Firms
from abm.world.network import HashedPeers, Network

Floats = NDArray[np.float64]

GROUP = 2048  # firms of a group
ROWS = 4  # slots of peers that a loop takes together
ROOM = GROUP + 32  # with room to pad any part of it to whole vectors
finalise, as_uniform = inlined(rng.finalise), inlined(rng.as_uniform)
place = np.uint64  # an index that cannot be negative, so that nobody checks


@inlined
def padded(many):  # type: ignore[no-untyped-def]
    """A number of firms rounded up to whole vectors, so that no loop has a slow rest; what lies beyond is scratch."""
    return (many + 31) & ~31


class Population(NamedTuple):
    """Columns of the firms and of their strata, see `abm.world.firms`."""

    employees: NDArray[np.float32]
    intensity: NDArray[np.float32]
    readiness: NDArray[np.float32]
    taste: NDArray[np.float32]
    option: NDArray[np.uint8]
    last_option: NDArray[np.uint8]
    tenure: NDArray[np.uint8]
    taste_quarter: NDArray[np.uint8]
    size: NDArray[np.intp]
    key: NDArray[np.uint64]
    weight: Floats
    start: NDArray[np.int64]


def population_of(firms: Firms) -> Population:
    """Firms in the form that the kernel reads: the same memory."""
    strata = firms.strata
    return Population(
        firms.employees, firms.intensity, firms.readiness, firms.taste, firms.option, firms.last_option,
        firms.tenure, firms.taste_quarter, strata.size, strata.key, strata.weight, strata.start,
    )  # fmt: skip


class Peers(NamedTuple):
    """A network of either kind, see `abm.world.network`; a stored one has ties, a hashed one none."""

    stored: bool
    tie_start: NDArray[np.int64]
    tie: NDArray[np.int32]
    slots: int  # most peers of a firm
    key: np.uint64
    reach: Floats
    scale: Floats
    offset: Floats
    threshold: Floats
    span: NDArray[np.int32]


def peers_of(network: Network) -> Peers:
    """A network in the form that the kernel reads."""
    nobody, flat, wide = np.zeros(0, np.int32), np.zeros(0), np.zeros((3, 0))
    if isinstance(network, HashedPeers):
        return Peers(
            False, np.zeros(0, np.int64), nobody, network.count, network.key, network.reach, network.scale,
            network.offset, network.threshold, network.span.ravel(),
        )  # fmt: skip
    most = int(np.diff(network.start).max(initial=0))
    return Peers(
        True, network.start, network.peers, most, np.uint64(0), np.ones(3), wide, wide, flat, nobody
    )  # fmt: skip


def plain(conditions: Conditions) -> Conditions:
    """The same tables, every array contiguous, of its own and writable, as the compiled code expects."""
    arrays: dict[str, Any] = {
        name: np.array(x) for name, x in conditions._asdict().items() if isinstance(x, np.ndarray)
    }
    return conditions._replace(**arrays)


class Workspace(NamedTuple):
    """Numbers of the firms of a group, those of the deciding ones closed up; scratch that nothing outlives."""

    # All firms of the group, shape (ROOM,).
    id: NDArray[np.uint64]
    stratum: NDArray[np.int64]
    draw: Floats
    use: Floats  # use intensity times readiness
    project: Floats  # adoption cost in units of the entry cost
    notices: NDArray[np.bool_]  # pays attention of its own
    wavers: NDArray[np.bool_]  # peers could draw its attention
    unsure: NDArray[np.int64]  # these, by their place in the group
    leavers: NDArray[np.int64]  # firms that may have to leave their option
    deciding: NDArray[np.int64]  # firms that decide, by their place in the group
    # Deciding firms, shape (ROOM,).
    who: NDArray[np.uint64]
    own: NDArray[np.int64]  # option in use, -1 for none
    key: NDArray[np.uint64]  # of its present tastes
    worth: Floats  # use
    stay: Floats  # adoption cost per project of the table, over the wage bill, for who stays
    move: Floats  # and for who moves
    scale: Floats  # wage bill over taste scale
    near_one: NDArray[np.float32]  # a uniform number is (1 + near_one) 2^exponent
    exponent: NDArray[np.float32]
    shock: NDArray[np.float32]  # of the last offer; in the end that of no AI
    angle: NDArray[np.float32]  # of a nest's shock, and its two parts, folded, shape (3, ROOM)
    best: Floats
    deployed: NDArray[np.int64]
    users: NDArray[np.uint16]  # peers that use an offer
    each: Floats  # utility from one peer
    closed: NDArray[np.bool_]  # shape (option, ROOM)
    # The best offer of each nest, shape (nest, ROOM).
    total: Floats  # utility with the offer's own shock
    option: NDArray[np.int64]
    # Firms that look at their peers, shape (ROOM,).
    codes: NDArray[np.uint8]  # what they see, shape (slot, ROOM), with slots of no AI up to a multiple of ROWS
    met: NDArray[np.int64]
    # Peers, shape (ROOM,).
    relative: Floats  # place of the firm in its own stratum
    spot: NDArray[np.int32]
    base: NDArray[np.int32]
    stop: NDArray[np.int32]
    rest: Floats
    # Random bits, shape (ROOM,).
    bits: NDArray[np.uint64]


@inlined
def new_workspace(options, nests, slots):  # type: ignore[no-untyped-def]
    """An empty workspace."""
    return Workspace(
        np.empty(ROOM, np.uint64), np.empty(ROOM, np.int64), np.empty(ROOM), np.empty(ROOM), np.empty(ROOM),
        np.empty(ROOM, np.bool_), np.empty(ROOM, np.bool_), np.empty(ROOM, np.int64), np.empty(ROOM, np.int64),
        np.empty(ROOM, np.int64),
        np.empty(ROOM, np.uint64), np.empty(ROOM, np.int64), np.empty(ROOM, np.uint64),
        np.empty(ROOM), np.empty(ROOM), np.empty(ROOM), np.empty(ROOM),
        np.empty(ROOM, np.float32), np.empty(ROOM, np.float32), np.empty(ROOM, np.float32),
        np.empty((3, ROOM), np.float32), np.empty(ROOM),
        np.empty(ROOM, np.int64), np.empty(ROOM, np.uint16), np.empty(ROOM),
        np.empty((options, ROOM), np.bool_),
        np.empty((nests, ROOM)), np.empty((nests, ROOM), np.int64),
        np.zeros(((slots + ROWS - 1) // ROWS * ROWS, ROOM), np.uint8), np.empty(ROOM, np.int64),
        np.empty(ROOM), np.empty(ROOM, np.int32), np.empty(ROOM, np.int32), np.empty(ROOM, np.int32),
        np.empty(ROOM), np.empty(ROOM, np.uint64),
    )  # fmt: skip
