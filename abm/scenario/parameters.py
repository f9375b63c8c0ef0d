"""Every free number of the model, declared once with its unit, range, label and source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any

from abm.quantities import Alternatives, Quantity, unknown

FITTED = "estimated: docs/calibration.md"
ASSUMED = "assumed; no published figure decides it"


def declared(
    default: float, label: str, unit: str, low: float, high: float, source: str, integer: bool = False,
    prior: tuple[float, float] | None = None,
) -> Any:  # fmt: skip
    """A dataclass field that carries its declaration."""
    quantity = Quantity(label, unit, low, high, source, integer, prior)
    return field(default=default, metadata={"quantity": quantity})


def named(default: str, label: str, values: tuple[str, ...], source: str) -> Any:
    """A dataclass field for a choice among named alternatives."""
    return field(default=default, metadata={"quantity": Alternatives(label, values, source)})


@dataclass(frozen=True, slots=True)
class Choice:
    """Random utility: how much taste matters and how alike the offers of a nest are."""

    taste_scale: float = declared(
        0.0002522, "Taste scale, fixed part", "share of the wage bill", 1e-5, 1.0, FITTED, prior=(0.0001, 0.006)
    )
    taste_scale_per_stake: float = declared(
        0.04202,
        "Taste scale per unit of the firm's stake in AI",
        "share of the stake",
        0.0,
        2.0,
        FITTED,
        prior=(0.01, 0.3),
    )
    dissimilarity_open: float = declared(
        0.2604, "Dissimilarity of the open offers", "1", 0.05, 1.0, FITTED, prior=(0.15, 0.95)
    )
    dissimilarity_proprietary: float = declared(
        0.5211, "Dissimilarity of the proprietary offers", "1", 0.05, 1.0, FITTED, prior=(0.15, 0.95)
    )
    taste_renewal: float = declared(
        0.09217,
        "Probability that tastes are new at a reconsideration",
        "probability",
        0.0,
        1.0,
        FITTED,
        prior=(0.05, 0.5),
    )


@dataclass(frozen=True, slots=True)
class Demand:
    """How much a user uses and what it is worth."""

    price_elasticity: float = declared(
        1.124, "Price elasticity of use, as a positive number", "1", 1.02, 3.0,
        "Fradkin (2025), The Emerging Market for Intelligence: -1.11 within model across providers", prior=(1.05, 1.4),
    )  # fmt: skip
    reference_price: float = declared(
        5.0, "Reference price", "USD per million tokens", 0.01, 100.0,
        "blended list price of flagship proprietary models in 2025, offer_history.csv",
    )  # fmt: skip
    spend_median: float = declared(
        241.1,
        "Median spend of a fully ready firm at the reference price",
        "USD per worker-year",
        0.1,
        1e5,
        FITTED,
        prior=(20.0, 300.0),
    )
    spend_log_spread: float = declared(
        1.254, "Log spread of use intensity across firms", "1", 0.0, 4.0,
        "estimated: docs/calibration.md; near 2.9 among paying customers of one payment firm (Ramp AI Index, mid 2026)",
        prior=(1.2, 2.9),
    )  # fmt: skip
    spend_ceiling: float = declared(
        89388.0, "Largest spend at the reference price", "USD per worker-year", 10.0, 1e7,
        "Ramp AI Index mid 2026: top hundredth 7,449 USD per employee-month, times twelve",
    )  # fmt: skip
    capability_midpoint: float = declared(
        156.5,
        "Capability that does half of the exposed tasks",
        "ECI points",
        80.0,
        250.0,
        "assumed: so that the best models of 2026, whose list prices users pay, are worth serving (worthwhile_capability)",
        prior=(130.0, 180.0),
    )
    capability_spread: float = declared(
        7.133,
        "Capability points per unit of log-odds of tasks done",
        "ECI points",
        1.0,
        60.0,
        "assumed, as the midpoint",
        prior=(6.0, 20.0),
    )
    exposure_reference: float = declared(
        0.1, "Exposed task share at which the exposure factor is one", "share of tasks", 0.01, 1.0, ASSUMED
    )
    exposure_exponent: float = declared(
        1.805, "Exponent of the exposed task share", "1", 0.0, 5.0, FITTED, prior=(1.0, 3.0)
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """What adopting, keeping and switching costs besides the use itself."""

    entry_cost: float = declared(
        6.14e04,
        "Entry cost of a vendor's product at 50 workers and no readiness",
        "USD",
        0.0,
        1e7,
        FITTED,
        prior=(10000.0, 200000.0),
    )
    reference_wage: float = declared(
        52000.0, "Wage at which the entry cost is stated; it grows with the root of the wage", "USD per worker-year",
        1000.0, 1e6, "derived: wage of european_union in region_figures.csv",
    )  # fmt: skip
    size_exponent: float = declared(
        0.6931, "Exponent of entry cost in the number of workers", "1", 0.0, 1.0, FITTED, prior=(0.3, 0.9)
    )
    maintenance: float = declared(
        0.4711, "Upkeep a year as a share of entry cost", "share per year", 0.0, 2.0, FITTED, prior=(0.15, 0.6)
    )
    contract_years: float = declared(
        2.0, "Length of a contract", "years", 0.25, 10.0,
        "assumed: enterprise software contracts run one to three years",
    )  # fmt: skip
    interest_rate: float = declared(
        0.08, "Firms' cost of capital", "share per year", 0.0, 0.5, "assumed: usual corporate hurdle rate"
    )
    switching_share: float = declared(
        0.5684,
        "Entry cost paid again when switching offer or deployment",
        "share of entry cost",
        0.0,
        2.0,
        FITTED,
        prior=(0.3, 1.5),
    )
    hosted_multiple: float = declared(
        2.672, "Entry cost of third-party hosting over a vendor's", "ratio", 0.1, 50.0, FITTED, prior=(0.8, 3.0)
    )
    self_hosted_multiple: float = declared(
        15.87, "Entry cost of self-hosting over a vendor's", "ratio", 0.1, 100.0, FITTED, prior=(3.0, 30.0)
    )


@dataclass(frozen=True, slots=True)
class Trust:
    """What distrust costs and how trust is learned."""

    distrust_cost: float = declared(
        0.01143, "Cost of full distrust", "share of the wage bill per year", 0.0, 1.0, FITTED, prior=(0.0005, 0.03)
    )
    learning: float = declared(
        0.1, "Rate at which quiet use by all firms of the region earns trust", "per year", 0.0, 5.0, ASSUMED
    )
    assurance_cost: float = declared(
        5e6,
        "Public cost of testing one offer",
        "USD per year",
        0.0,
        1e9,
        "assumed: a test centre of some thirty people",
    )
    outage_loss: float = declared(
        5.0, "Trust in a service lost per quarter without it", "share of trust per quarter", 0.0, 100.0,
        "assumed: a day without service costs one part in twenty",
    )  # fmt: skip
    memory: float = declared(4.0, "Time in which a departure from the prior fades to 1/e", "years", 0.1, 100.0, ASSUMED)


@dataclass(frozen=True, slots=True)
class Diffusion:
    """Attention: when a firm considers AI at all (Bass as a hazard)."""

    innovation: float = declared(1.218, "Autonomous attention", "per year", 0.0, 50.0, FITTED, prior=(0.2, 4.0))
    imitation: float = declared(
        0.3701, "Attention when all peers use AI", "per year", 0.0, 50.0, FITTED, prior=(0.3, 6.0)
    )


@dataclass(frozen=True, slots=True)
class Interaction:
    """Peers: how many, where, and how much their choices count."""

    strength: float = declared(
        1.827, "Utility when all peers use the offer (form share), per peer (count), per log-unit (log_share)", "utils",
        0.0, 20.0, FITTED, prior=(0.0, 2.0),
    )  # fmt: skip
    peers: int = declared(8, "Peers of a firm", "firms", 0, 64, ASSUMED, integer=True)
    own_sector_share: float = declared(
        0.75, "Share of peers drawn from the own region and sector", "share of peers", 0.0, 1.0, ASSUMED
    )
    own_region_share: float = declared(
        0.2, "Share of peers drawn from the own region, any sector", "share of peers", 0.0, 1.0, ASSUMED
    )
    network: str = named(
        "hashed", "Network of peers: drawn by hash, everyone, or stored",
        ("hashed", "everyone", "small_world", "stochastic_block", "file:"),
        "drawn by hash, so that a network of any size needs no memory",
    )  # fmt: skip
    form: str = named(
        "share", "What counts of the peers that use an offer: their share, number, or the logarithm of their share",
        ("share", "count", "log_share"), "share: Brock and Durlauf (2001); count: Arthur (1989); log_share: Polya's urn",
    )  # fmt: skip
    timing: str = named(
        "synchronous", "Whether firms decide at once, seeing the last quarter, or one after the other, seeing the present",
        ("synchronous", "sequential"), "at once, as surveys are published with a delay; sequential is for small worlds",
    )  # fmt: skip
    users_before: float = declared(
        1.0, "Peers counted for each offer besides those that use it (form log_share)", "peers", 1e-6, 1e6,
        "one ball of each colour, as in Polya's urn",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readiness:
    """Expertise: the first barrier that firms name."""

    size_slope: float = declared(
        0.17, "Log-odds of readiness per tenfold number of workers", "log-odds", -2.0, 5.0, FITTED, prior=(0.0, 0.8)
    )
    spread: float = declared(1.629, "Spread of readiness across firms", "log-odds", 0.0, 6.0, FITTED, prior=(0.5, 2.0))
    learning_by_use: float = declared(
        0.1117, "Gain of a user", "log-odds per year", 0.0, 5.0, FITTED, prior=(0.02, 0.6)
    )
    training_effect: float = declared(
        1.0, "Gain when the whole workforce has been trained once", "log-odds", 0.0, 5.0,
        "assumed; training raises firms' return to AI in BIS working paper 1325",
    )  # fmt: skip
    training_cost: float = declared(500.0, "Public cost of training one worker", "USD per worker", 0.0, 1e5, ASSUMED)


@dataclass(frozen=True, slots=True)
class Research:
    """How capability grows once the observed history ends."""

    frontier_growth: float = declared(
        20.61,
        "Own research at the reference budget and 130 points",
        "ECI points per year",
        0.0,
        100.0,
        FITTED,
        prior=(10.0, 100.0),
    )
    reference_budget: float = declared(
        1e10,
        "Reference budget of research",
        "USD per year",
        1e6,
        1e13,
        "assumed: a leading lab in 2026, lab_figures.csv",
    )
    difficulty: float = declared(
        0.01526,
        "By how much the next point is harder than the last",
        "log per ECI point",
        0.0,
        0.5,
        FITTED,
        prior=(0.01, 0.08),
    )
    catch_up: float = declared(
        0.8309,
        "Rate at which the gap to the frontier closes by imitation",
        "per year",
        0.0,
        10.0,
        FITTED,
        prior=(0.3, 3.0),
    )
    budget_elasticity: float = declared(
        0.3649,
        "Elasticity of own research in the money for it; below one: Jones (1995)",
        "1",
        0.0,
        1.0,
        FITTED,
        prior=(0.3, 1.0),
    )
    backing_growth: float = declared(
        0.8394,
        "Growth of outside money until the evidence ends",
        "log per year",
        0.0,
        3.0,
        FITTED,
        prior=(0.2, 1.2),
    )
    reinvested: float = declared(0.1, "Share of gross profit spent on research", "share of profit", 0.0, 1.0, ASSUMED)
    survival_share: float = declared(
        0.2, "Part of its reference budget below which a lab cannot go on", "share of the budget", 0.0, 1.0, ASSUMED
    )
    survival_years: float = declared(1.0, "Time that a lab goes on below it", "years", 0.25, 10.0, ASSUMED)
    failing_labs: str = named(
        "exit", "What a lab does that cannot go on: stay, stop its service, or publish its weights",
        ("stay", "exit", "open_weights"), "assumed: weights that are open stay with hosts and users in any case",
    )  # fmt: skip
    commons: float = declared(
        0.009526, "Gain of an open lab when all users are open; proprietary labs read half of it",
        "ECI points per year", 0.0, 20.0, FITTED, prior=(0.0, 2.0),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shocks:
    """What happens to the whole world by chance, in scenarios with a draw of shocks."""

    incident_rate: float = declared(0.15, "Incidents of a lab", "per year", 0.0, 5.0, ASSUMED)
    incident_size: float = declared(0.3, "Mean share of trust lost in an incident", "share of trust", 0.0, 0.5, ASSUMED)
    growth_spread: float = declared(
        4.0, "Spread of a year's gain in capability", "ECI points per root year", 0.0, 20.0,
        "assumed: between the 8.3 and 15.5 points a year of two periods (Epoch AI)",
    )  # fmt: skip
    growth_shared: float = declared(0.7, "Part of that variance that all labs share", "share", 0.0, 1.0, ASSUMED)


@dataclass(frozen=True, slots=True)
class People:
    """How people take up AI: Bass, with exposure at work."""

    innovation: float = declared(
        0.0175, "Autonomous take-up", "per year", 0.0, 1.0,
        FITTED, prior=(0.005, 0.1),
    )  # fmt: skip
    imitation: float = declared(1.582, "Take-up when everyone uses AI", "per year", 0.0, 10.0, FITTED, prior=(0.5, 4.0))
    work: float = declared(0.1, "Take-up when all work in firms with AI", "per year", 0.0, 10.0, ASSUMED)
    ceiling: float = declared(
        0.9056, "Share that ever uses AI where income is high", "share of people", 0.0, 1.0,
        FITTED, prior=(0.5, 0.95),
    )  # fmt: skip
    income_elasticity: float = declared(
        0.3, "Elasticity of that share in income per head below the reference", "1", 0.0, 2.0,
        "assumed: use falls sharply below 20,000 USD per head (Microsoft), elasticity of use itself 0.7 (Anthropic)",
    )  # fmt: skip
    reference_income: float = declared(
        13800.0, "Income per head from which on it is reached", "USD per person", 100.0, 1e6, "assumed: China's"
    )


@dataclass(frozen=True, slots=True)
class Market:
    """How prices and costs move once the observed history ends."""

    price_adjustment: float = declared(
        0.25, "Share of the way to the new price covered each quarter", "share per quarter", 0.0, 1.0, ASSUMED
    )
    cost_per_point: float = declared(
        0.2359, "Log serving cost per point of capability at one time", "log per ECI point", 0.0, 1.0,
        "derived: costs fall 10x a year (a16z) while the frontier gains 15.5 points (Epoch AI) at flat prices",
        prior=(0.1, 0.3),
    )  # fmt: skip
    cost_decline: float = declared(
        2.444, "Fall of the cost of constant capability until the evidence ends", "log per year", 0.0, 7.0,
        "10x a year (a16z); 9x to 900x by task (Epoch AI)", prior=(1.6, 3.5),
    )  # fmt: skip
    hardware_decline: float = declared(
        0.36, "Fall that lasts: what better hardware brings", "log per year", 0.0, 2.0,
        "derived: cost of hardware per computation falls 30% a year (Clarqo on Stanford's 2025 AI Index)",
    )  # fmt: skip
    decline_half_life: float = declared(
        2.0, "Time in which half of the faster fall fades after the evidence", "years", 0.1, 50.0, ASSUMED
    )
    cost_catch_up: float = declared(
        1.46, "Rate at which labs' serving costs at equal capability draw together", "per year", 0.0, 10.0,
        "assumed: about as fast as gaps of capability close; the open share of the 2030s depends on it", prior=(0.05, 2.0),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Population:
    """How the sample of firms is started."""

    warm_up: int = declared(
        8, "Quarters lived at the first quarter's offers before the record starts", "quarters", 0, 40,
        "assumed: 7.7% of EU firms used AI in 2021, before the history starts", integer=True,
    )  # fmt: skip
    turnover: float = declared(
        0.0, "Rate at which firms close and others open in their place", "per year", 0.0, 2.0,
        "assumed: none until calibration; about a tenth of EU firms are born and die in a year (business demography)",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters by group; `get` and `changed` take dotted names such as "demand.price_elasticity"."""

    choice: Choice = field(default_factory=Choice)
    demand: Demand = field(default_factory=Demand)
    cost: Cost = field(default_factory=Cost)
    trust: Trust = field(default_factory=Trust)
    diffusion: Diffusion = field(default_factory=Diffusion)
    interaction: Interaction = field(default_factory=Interaction)
    readiness: Readiness = field(default_factory=Readiness)
    research: Research = field(default_factory=Research)
    shocks: Shocks = field(default_factory=Shocks)
    people: People = field(default_factory=People)
    market: Market = field(default_factory=Market)
    population: Population = field(default_factory=Population)

    def get(self, name: str) -> Any:
        """Value of a dotted name.

        Raises:
            InputError: If there is no such parameter.
        """
        group, short = _split(name)
        return getattr(getattr(self, group), short)

    def changed(self, name: str, value: Any) -> Parameters:
        """A copy with one parameter changed.

        Raises:
            InputError: If the name is unknown or the value out of range.
        """
        group, short = _split(name)
        checked = DECLARATIONS[name].check(name, value)
        return replace(self, **{group: replace(getattr(self, group), **{short: checked})})

    def items(self) -> Iterator[tuple[str, Any]]:
        """Dotted names and values, in the order of declaration."""
        for name in DECLARATIONS:
            yield name, self.get(name)


def _declarations() -> dict[str, Quantity | Alternatives]:
    default = Parameters()
    return {
        f"{group.name}.{one.name}": one.metadata["quantity"]
        for group in fields(Parameters)
        for one in fields(getattr(default, group.name))
    }


DECLARATIONS: dict[str, Quantity | Alternatives] = _declarations()


def _split(name: str) -> tuple[str, str]:
    if name not in DECLARATIONS:
        raise unknown("parameter", name, DECLARATIONS, _nearest_remedy(name))
    group, short = name.split(".")
    return group, short


def _nearest_remedy(name: str) -> str:
    last = name.split(".")[-1]
    same = [known for known in DECLARATIONS if last and last in known]
    return f"Did you mean {' or '.join(same[:3])}?" if same else ""
