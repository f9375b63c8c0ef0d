"""The firms' quarter as Mesa's users write it: one agent object per firm, Mesa's generator, staged activation.

It decides as `abm.dynamics.reference` does, from the same tables but with chance of its own, so that both agree in
distribution and not firm by firm. The compiled kernel is timed against it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

import mesa
import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import Conditions, conditions_of
from abm.dynamics.decide import decide
from abm.dynamics.period import PERIOD
from abm.dynamics.reference import LEAST_READINESS, MOST_READINESS
from abm.world.firms import NO_AI
from abm.world.network import NOBODY
from abm.world.totals import QUANTITIES
from abm.world.world import World

FIRMS, EMPLOYMENT, READINESS, CAPACITY, CAPACITY_SQUARED, PROJECT, ENTERED, TASTE = range(len(QUANTITIES))


class Segment:
    """What the firms of a region and sector share in a quarter, from tables that are plain lists."""

    def __init__(self, region: int, sector: int) -> None:
        self.region, self.sector = region, sector

    def renew(self, c: Conditions) -> None:
        """Take over the tables of a quarter."""
        r, s = self.region, self.sector
        self.menu = [  # what is sold: code, offer, use value, project, drag
            (o + 1, c.offer[o], c.use_value[r][s][o], c.project[r][o], c.drag[r][s][o])
            for o, sold in enumerate(c.available[r])
            if sold
        ]
        self.sold = {line[0] for line in self.menu}
        self.rules = [  # name, chance that it may bind, chance that it then does, closed options, whether users leave
            (c.rule_clock[i][0], c.rule_public[i][s], c.rule_share[i], c.rule_options[i], c.rule_now[i])
            for i, region in enumerate(c.rule_region)
            if region == r
        ]
        self.growth = [math.exp(gain) for gain in c.gain[r]]  # factor on the odds of readiness, without and with AI
        self.innovation, self.shaken = c.innovation[s], c.shaken[r]
        self.taste_fixed, self.taste_slope = c.taste_fixed, c.taste_stake * c.stake[r][s]


class Firm(mesa.Agent):
    """A firm.

    Args:
        model: The twin.
        segment: What the firms of its region and sector share.
        cell: Cell of the totals that it belongs to without AI; the code of its option is added to it.
        weight: Real firms that it stands for.
        columns: Its employees, intensity, readiness, taste, option and tenure, as in `abm.world.firms`.
    """

    def __init__(self, model: Twin, segment: Segment, cell: int, weight: float, *columns: float) -> None:
        super().__init__(model)
        self.segment, self.cell, self.weight = segment, cell, weight
        self.employees, self.intensity, readiness, self.taste, self.option, self.tenure = columns
        self.readiness = min(max(readiness, LEAST_READINESS), MOST_READINESS)
        self.workers = weight * self.employees
        self.project = (self.employees / 50) ** model.size_exponent  # adoption cost without readiness
        self.deciding, self.peers, self.seen = False, [], []  # seen are the options of the peers that use AI
        self.publicness = self.random.random()  # low in public organisations
        self.luck: dict[int, float] = {}  # by restriction
        self.draw_tastes()

    def draw_tastes(self) -> None:
        """Draw nested extreme-value shocks of the offers, and the shock of no AI, in utils."""
        draw, log, scales = self.random.random, math.log, self.model.dissimilarity
        common = [log_stable(scale, draw(), draw()) for scale in scales]
        self.shocks = [scales[nest] * (common[nest] - log(-log(draw()))) for nest in self.model.nests]
        self.shock_of_none = -log(-log(draw()))

    def look(self) -> None:
        """Learn by use, and look at the peers where it is time to choose anew."""
        segment, option = self.segment, self.option
        growth = segment.growth[option != NO_AI]
        if growth != 1.0:
            grown = growth * self.readiness
            self.readiness = min(grown / (1.0 - self.readiness + grown), MOST_READINESS)
        if option != NO_AI:
            self.tenure += 1
            leaves = option not in segment.sold or (segment.rules and option in self.closed(at_once=True))
            shaken = segment.shaken[option] and self.random.random() < segment.shaken[option]
            self.deciding = leaves or shaken or self.model.conditions.contract_ends[self.tenure]
        else:  # it notices AI when an exponential waiting time is over, often whatever its peers do
            wait, imitation = -math.log(1.0 - self.random.random()), self.model.conditions.imitation
            self.deciding = wait < segment.innovation + imitation
        if self.deciding:
            self.seen = [peer.option for peer in self.peers if peer.option != NO_AI]
            if option == NO_AI:
                self.deciding = wait < segment.innovation + imitation * len(self.seen) / max(len(self.peers), 1)

    def closed(self, at_once: bool) -> set[int]:
        """Codes that restrictions close to this firm, all or only those that it must leave at once."""
        codes: set[int] = set()
        for name, public, share, options, now in self.segment.rules:
            if name not in self.luck:  # drawn once, so that the bound firms stay the same
                self.luck[name] = self.random.random()
            if (now or not at_once) and self.publicness < public and self.luck[name] < share:
                codes.update(o + 1 for o, shut in enumerate(options) if shut)
        return codes

    def choose(self) -> float:
        """Take the best of no AI and all options; return the share of the entry cost that is paid."""
        c, segment, was = self.model.conditions, self.segment, self.option
        if self.random.random() < c.taste_renewal:
            self.draw_tastes()
        pull = self.shocks.copy()
        for code in self.seen:
            pull[c.offer_of[code]] += c.peer_strength / len(self.peers)
        menu = segment.menu
        if segment.rules:
            closed = self.closed(at_once=False)
            menu = [line for line in menu if line[0] not in closed]
        use = self.intensity * self.readiness
        size = (1.0 - self.readiness) * self.project / self.employees
        due = 1.0 if was == NO_AI else c.switching_share
        stay, move = c.maintenance * size, (c.maintenance + c.annuity * due) * size
        scale = segment.taste_fixed + segment.taste_slope * self.intensity
        best, chosen, taste = self.shock_of_none, NO_AI, 0.0
        for code, offer, use_value, project, drag in menu:
            value = use * use_value - (stay if code == was else move) * project - drag
            utility = value / scale + pull[offer]
            if utility > best:
                best, chosen, taste = utility, code, scale * (self.shocks[offer] - self.shock_of_none)
        self.taste = taste
        if chosen == was:
            return 0.0
        self.option, self.tenure = chosen, 0
        return 0.0 if chosen == NO_AI else due

    def act(self) -> None:
        """Choose where it is time to, and add the firm to the totals of its cell."""
        entered = self.choose() if self.deciding else 0.0
        total, readiness = self.model.totals[self.cell + self.option], self.readiness
        total[FIRMS] += self.weight
        total[EMPLOYMENT] += self.workers
        total[READINESS] += self.workers * readiness
        if self.option != NO_AI:
            use = self.intensity * readiness
            capacity, project = self.workers * use, self.weight * self.project * (1.0 - readiness)
            total[CAPACITY] += capacity
            total[CAPACITY_SQUARED] += capacity * capacity
            total[PROJECT] += project
            total[ENTERED] += project * entered
            total[TASTE] += self.workers * self.taste


class Twin(mesa.Model):
    """The firms of a world as Mesa agents.

    Args:
        world: The world whose firms and network are copied. Tastes are drawn anew and know nothing of the options in
            use, so that the twin of a world agrees with it in distribution if made at its birth.
        seed: Seed of Mesa's generator.
    """

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(rng=seed)
        firms, choice = world.firms, world.scenario.parameters.choice
        self.dissimilarity = (choice.dissimilarity_open, choice.dissimilarity_proprietary)
        self.nests = [0 if is_open else 1 for is_open in world.options.offer_open]
        self.size_exponent, self.shape = world.scenario.parameters.cost.size_exponent, world.totals_shape
        self.segments = [Segment(r, s) for r in range(self.shape[0]) for s in range(self.shape[1])]
        kind = np.ravel_multi_index((firms.region, firms.sector), self.shape[:2])
        cell = (kind * self.shape[2] + firms.size) * self.shape[3]
        columns = (firms.employees, firms.intensity, firms.readiness, firms.taste, firms.option, firms.tenure)
        Firm.create_agents(
            self, len(firms), [self.segments[i] for i in kind], *(x.tolist() for x in (cell, firms.weight, *columns))
        )
        agents = self.agents.to_list()
        for firm, rows in zip(agents, world.network.of(np.arange(len(firms))).tolist(), strict=True):
            firm.peers = [agents[row] for row in rows if row != NOBODY]

    def quarter(self, conditions: Conditions) -> NDArray[np.float64]:
        """Let one quarter under some conditions pass.

        Returns:
            Totals, shape (region, sector, size, option, quantity).
        """
        self.conditions = Conditions._make(x.tolist() if isinstance(x, np.ndarray) else x for x in conditions)
        for segment in self.segments:
            segment.renew(self.conditions)
        self.totals: dict[int, list[float]] = defaultdict(lambda: [0.0] * len(QUANTITIES))
        self.step()
        table = np.zeros((math.prod(self.shape[:4]), len(QUANTITIES)))
        table[list(self.totals)] = list(self.totals.values())
        return table.reshape(self.shape)

    def step(self) -> None:
        """All firms look, then all act, so that they decide at the same time."""
        self.agents.do("look")
        self.agents.do("act")


def log_stable(index: float, angle: float, size: float) -> float:
    """Logarithm of a one-sided stable draw from two uniforms, as `abm.theory.choice.log_positive_stable`."""
    theta, rest = math.pi * angle, 1.0 - index
    if rest == 0.0:
        return 0.0
    tail = math.log(math.sin(rest * theta)) - math.log(-math.log(size))
    return math.log(math.sin(index * theta)) - math.log(math.sin(theta)) / index + tail * rest / index


def decisions(world: World, quarters: int) -> Iterator[Conditions]:
    """Let a world live, and hand over the conditions of each quarter before its firms decide."""
    for _ in range(quarters):
        world.quarter += 1
        for verb in PERIOD:
            if verb is decide:
                yield conditions_of(world)
            verb(world)
