"""The kinds of interventions: who pulls them, how much, at what, how they work and what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass

from abm.quantities import Quantity

_CHOSEN = "the user's choice"
ANY = ("all", "license", "origin", "lab", "offer")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of intervention is.

    Attributes:
        level: Declaration of its level.
        actor: Who pulls it: "government", "lab" or "world".
        mechanism: What it does, in one sentence.
        targets: Allowed target families; the first is the default.
        evidence: What is known of it, with the source's name in sources.csv; or that nothing is.
        worldwide: Whether it is the same in every region, whoever imposes it.
        once: Whether it happens in its first quarter only.
    """

    level: Quantity
    actor: str
    mechanism: str
    targets: tuple[str, ...]
    evidence: str
    worldwide: bool = False
    once: bool = False


def _level(label: str, unit: str, low: float, high: float) -> Quantity:
    return Quantity(label, unit, low, high, _CHOSEN)


SPENDING = ("subsidy", "compute_voucher", "training", "public_research", "assurance")  # kinds that treasuries pay for
KINDS: dict[str, Kind] = {
    "subsidy": Kind(
        _level("Adoption subsidy", "share of the AI bill paid by the treasury", 0.0, 0.9), "government",
        "The treasury pays this share of the price and of the adoption cost of the targeted offers.", ANY,
        "a subsidy may end with the vendor (Xu, Wang, Chen and Xie 2025): pass-through is measured, not assumed",
    ),
    "compute_voucher": Kind(
        _level("Compute voucher", "share of the cost of compute paid by the treasury", 0.0, 0.9), "government",
        "The treasury pays this share of what firms pay hosts, or for their own machines, to run open weights.", ANY,
        "Shanghai pays up to 80% of the rent of compute, typically 140,000 to 200,000 USD (press)",
    ),
    "training": Kind(
        _level("Training", "share of the workforce trained per year", 0.0, 0.5), "government",
        "Public training raises the readiness of every firm of the region; the treasury pays for it.", ("all",),
        "5.9 points more productivity gain per point of training spend (BIS working paper 1325)",
    ),
    "public_research": Kind(
        _level("Public research for open labs", "share of GDP per year", 0.0, 0.01), "government",
        "The treasury pays the open labs of its region this much for research, each the same; or all open labs.",
        ("license", "lab"),
        "India 1.25 billion USD AI mission; sums for open labs are not published",
    ),
    "procurement": Kind(
        _level("Procurement rule", "share of public organisations bound", 0.0, 1.0), "government",
        "Public organisations that are bound sign new contracts for the targeted offers only: open first, domestic first "
        "(origin:home), or the cheapest per token; where nothing of the kind is sold, all may be bought.",
        ("license", "origin", "lab", "offer", "cheapest"),
        "public procurement of open models is not surveyed: assumed to bind as written",
    ),
    "assurance": Kind(
        _level("Assurance", "share of the distrust in the model removed", 0.0, 1.0), "government",
        "Public testing and certification removes this share of the distrust in where the targeted models come from; the "
        "treasury pays for the tests of each.", ANY,
        "58-59 of the 71-87% willing to use Chinese models only if hosted elsewhere (artificial_analysis_2025)",
    ),
    "data_localisation": Kind(
        _level("Data localisation", "compliance cost as a share of the wage bill", 0.0, 0.05), "government",
        "Use of a service run by a foreign vendor costs this share of the wage bill; self-hosting is free of it.",
        ("all", "origin"),
        "privacy 8.0% and legal doubts 7.5% of EU firms name as barriers, above cost (eurostat_ai_2025)",
    ),
    "ban": Kind(
        _level("Ban", "share of firms bound", 0.0, 1.0), "government",
        "Firms that are bound may not use the targeted offers and choose anew at once.",
        ("origin", "license", "lab", "offer", "operator"),
        "DeepSeek banned or limited in Italy, Taiwan, Australia, South Korea, India in 2025 (deepseek_restrictions_india)",
    ),
    "export_control": Kind(
        _level("Export control", "share of own research lost", 0.0, 1.0), "government",
        "The labs of the targeted origin lose this share of their own research for want of compute.", ("origin", "lab"),
        "open lag 3 to 5 months in spite of controls (epoch_open_gap): its size is assumed", worldwide=True,
    ),
    "open_weights_mandate": Kind(
        Quantity("Mandate to publish weights", "1 in force, 0 not", 0, 1, _CHOSEN, integer=True), "government",
        "The targeted proprietary offers must publish their weights, so that anyone anywhere may host them at cost.",
        ("license", "origin", "lab", "offer"),
        "a mandate of openness can lower welfare (Xu, Wang, Chen and Xie 2025); none has been tried", worldwide=True,
    ),
    "liability": Kind(
        _level("Liability rule", "share of the expected damage borne by the vendor", 0.0, 1.0), "government",
        "Vendors pay their users this share of what they fear from the vendor's service; who runs open weights is liable "
        "himself.", ANY,
        "legal consequences are a barrier for 7.5% of EU firms (eurostat_ai_2025); the size of damages is assumed",
    ),
    "price_cap": Kind(
        _level("Price cap", "USD per million tokens, 0 for none", 0.0, 1000.0), "government",
        "Nobody may charge more for use in the region; a vendor whose serving cost lies above the cap does not sell there.",
        ANY, "no price of AI is regulated so far",
    ),
    "price_change": Kind(
        _level("Price change", "relative change of the price", -0.95, 5.0), "lab",
        "The prices of the labs' own services for the targeted offers change by this fraction; hosts are not affected.",
        ("license", "lab", "offer", "origin", "all"),
        "Claude Opus from 75 to 25, GPT-5.4 to 5.5 from 15 to 30 USD per million output tokens (llm_prices)", worldwide=True,
    ),
    "withdrawal": Kind(
        _level("Withdrawal", "share of firms that are not served", 0.0, 1.0), "lab",
        "The labs do not sell the targeted offers in these quarters: before a lab enters the market, or after it leaves. "
        "Weights that are open stay with hosts and users.", ("lab", "offer", "origin"),
        "labs enter and leave the market every year (offer_history.csv)",
    ),
    "leak": Kind(
        _level("Leak", "share of trust lost", 0.0, 1.0), "world",
        "Data leak from the vendors' own services: this share of the trust in them is lost, and so many users reconsider.",
        ("origin", "license", "lab", "offer", "all"),
        "81% worry about dependence on their vendor; what a leak costs in users is assumed", once=True,
    ),
    "outage": Kind(
        _level("Outage", "share of the quarter without service", 0.0, 1.0), "world",
        "The vendors' own services stand still for this share of the quarter, unpaid; trust in them is lost in proportion "
        "(trust.outage_loss), and so many users reconsider.", ("origin", "license", "lab", "offer", "all"),
        "assumed: the tables hold no series of outages", once=True,
    ),
    "cut_off": Kind(
        _level("Cut-off of service", "share of firms cut off", 0.0, 1.0), "world",
        "Vendors stop serving the region: the firms that are cut off must leave at once and cannot come back; open weights "
        "at hosts or on own machines run on. As much of the trust in these vendors' services is lost at once.",
        ("origin", "lab", "offer"),
        "US vendors are not sold in China (availability.csv): the same elsewhere is the sovereignty question",
    ),
    "backdoor": Kind(
        _level("Backdoor", "share of trust lost", 0.0, 1.0), "world",
        "A backdoor is found in the targeted models: this share of the trust in their origin is lost, whoever runs them, "
        "and so many users reconsider.", ("license", "origin", "lab", "offer"),
        "assumed: the tables hold no case", once=True,
    ),
    "funding_cut": Kind(
        _level("Funding cut", "share of outside money lost", 0.0, 1.0), "world",
        "Investors, sponsors and the public budgets behind the targeted labs give so much less for research.",
        ("license", "origin", "lab"),
        "what open labs live on is not published: sizes of budgets are assumed (lab_figures.csv)", worldwide=True,
    ),
    "breakthrough": Kind(
        _level("Breakthrough", "ECI points", 0.0, 30.0), "world",
        "The targeted offers gain so much capability in one quarter: a DeepSeek moment.", ("lab", "offer", "origin"),
        "the gap between closed and open shrank from 16 to 5 points by March 2025 (epoch_eci)", worldwide=True, once=True,
    ),
}  # fmt: skip
