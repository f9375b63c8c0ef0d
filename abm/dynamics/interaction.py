"""How the choices of others count in a quarter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.theory.interaction import pull
from abm.world.world import World

Floats = NDArray[np.float64]


def interaction_of(world: World) -> dict[str, Any]:
    """The part of `abm.dynamics.conditions.Conditions` that is about others' choices.

    Where all firms are everybody's peers, firms see the weighted shares of the last quarter, or the numbers of sampled
    firms: one firm more or less then counts the same, whatever it stands for.
    """
    interaction = world.scenario.parameters.interaction
    offers = len(world.options.offer_lab)
    adopts, pulls = 0.0, np.zeros(offers)
    if interaction.network == "everyone":
        weighted = np.bincount(offer_of_codes(world), world.totals.firms.sum(axis=(0, 1, 2)), offers + 1)
        share = weighted[:-1] / max(weighted.sum(), 1e-300)
        adopts = float(share.sum())
        pulls = interaction.strength * pull(interaction.form, share, users_of_offers(world), interaction.users_before)
    return {
        "peer_strength": interaction.strength,
        "by_count": interaction.form == "count",
        "everyone_adopts": adopts,
        "everyone_pulls": pulls,
    }


def offer_of_codes(world: World) -> NDArray[np.intp]:
    """Offer of each option code, one past the last for none, shape (option + 1,)."""
    return np.concatenate([[len(world.options.offer_lab)], world.options.offer])


def users_of_offers(world: World) -> Floats:
    """Sampled firms that use each offer, shape (offer,)."""
    codes = np.bincount(world.firms.option, minlength=len(world.options.offer) + 1)
    return np.bincount(offer_of_codes(world), codes, len(world.options.offer_lab) + 1)[:-1]
