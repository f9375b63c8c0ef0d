"""Capability, list price and hosted price of every offer and quarter, from the frontier and stated rules.

Capability: the lab whose model leads a frontier is at it; another lab is at the frontier of some quarters
ago, never falling. Closed labs and small tiers follow the published trend of 8.3 points a year through 2023
(GPT-4 stood alone far above it) and the frontier from 2024Q1 on. Price: the lab's own list price, three input
tokens to one output token, held until the next list price. Hosted price of open weights: a market level times
the square root of the offer's list price over the geometric mean of the open offers, at most the list price.
"""

from __future__ import annotations

from math import prod

HEADER = ("offer", "quarter", "quantity", "value", "unit", "period", "source", "grade", "note")
QUARTERS = tuple(f"{2023 + i // 4}Q{i % 4 + 1}" for i in range(14))
ECI, MEMORY = "epoch_eci", "general knowledge, to be checked"
HELD = "before its first list price: hosted open models at Mixtral's price"
LAUNCH = "published for 2026, quarter of launch assumed"
NO_API = "the lab sells no API"
FLOOR = 100.0  # lowest capability of an offer that did not exist yet or has no measured model
TREND_SLOPE = 8.3  # closed frontier, points a year until April 2024 (Epoch)
CLOSED_LEADER = (
    "openai", "openai", "openai", "openai", "anthropic", "google", "openai", "openai", "google", "openai",
    "openai", "google", "google openai", "openai",
)  # fmt: skip
# Quarters in which an open lab has the best model of its frontier (China's, or the open one) in the index ...
OPEN_LEADER = {
    "llama": ("2023Q1", "2023Q2", "2023Q3"),
    "mistral": ("2023Q4", "2024Q1"),
    "deepseek": ("2024Q2", "2024Q4", "2025Q1", "2025Q2"),
    "qwen": ("2023Q3", "2024Q3", "2025Q3"),
}
# ... and in which it stands for the leader, because that is another Chinese lab (Yi, Kimi, GLM) or not yet known.
STANDS_IN = {"qwen": ("2023Q4", "2024Q1", "2025Q4", "2026Q1"), "deepseek": ("2026Q2",)}
LLM_PRICES, CLARQO = "llm_prices", "clarqo_list_prices"
# Offer: (first quarter, input price, output price, source, grade, note); USD per million tokens.
LIST_PRICES: dict[str, tuple[tuple[str, float, float, str, str, str], ...]] = {
    "openai_flagship": (
        ("2023Q1", 30, 60, CLARQO, "assumed", f"GPT-4; output published, input half of it ({MEMORY})"),
        ("2023Q4", 10, 30, CLARQO, "assumed", f"GPT-4 Turbo; output published, input a third ({MEMORY})"),
        ("2024Q2", 5, 15, CLARQO, "assumed", f"GPT-4o; output published, input a third ({MEMORY})"),
        ("2025Q3", 1.25, 10, LLM_PRICES, "derived", "GPT-5"),
        ("2025Q4", 1.75, 14, LLM_PRICES, "derived", "GPT-5.2"),
        ("2026Q1", 2.5, 15, LLM_PRICES, "derived", f"GPT-5.4; {LAUNCH}"),
        ("2026Q2", 5, 30, LLM_PRICES, "derived", f"GPT-5.5; {LAUNCH}"),
    ),
    "openai_small": (
        ("2023Q1", 2, 2, "assumed", "assumed", f"GPT-3.5 Turbo at about 2 ({MEMORY})"),
        ("2024Q3", 0.15, 0.6, CLARQO, "assumed", f"GPT-4o mini; output published, input a quarter ({MEMORY})"),
        ("2025Q3", 0.25, 2, LLM_PRICES, "derived", "GPT-5 mini"),
    ),
    "google_flagship": (
        ("2023Q1", 1.25, 5, LLM_PRICES, "assumed", "no price at hand before Gemini 1.5 Pro: held back"),
        ("2024Q2", 1.25, 5, LLM_PRICES, "derived", "Gemini 1.5 Pro (its first months were dearer)"),
        ("2025Q1", 1.25, 10, LLM_PRICES, "derived", "Gemini 2.5 Pro"),
        ("2025Q4", 2, 12, LLM_PRICES, "derived", "Gemini 3 Pro"),
    ),
    "google_small": (
        ("2023Q1", 0.5, 1.5, "assumed", "assumed", f"Gemini 1.0 Pro type ({MEMORY})"),
        ("2024Q2", 0.075, 0.3, "assumed", "assumed", f"Gemini 1.5 Flash after its price cut ({MEMORY})"),
        ("2025Q2", 0.3, 2.5, LLM_PRICES, "derived", "Gemini 2.5 Flash"),
        ("2026Q2", 1.5, 9, LLM_PRICES, "derived", f"Gemini 3.5 Flash; {LAUNCH}"),
    ),
    "anthropic_flagship": (
        ("2023Q1", 8, 24, "assumed", "assumed", f"Claude 1 and 2 ({MEMORY})"),
        ("2024Q1", 15, 75, LLM_PRICES, "derived", "Claude 3 Opus"),
        ("2024Q2", 3, 15, "assumed", "assumed", f"Claude 3.5 and 3.7 Sonnet, the lab's best then ({MEMORY})"),
        ("2025Q2", 3, 15, "assumed", "assumed", f"Claude Sonnet 4 ({MEMORY}); Opus 4 costs 15 and 75"),
        ("2025Q3", 3, 15, LLM_PRICES, "derived", "Claude Sonnet 4.5"),
        ("2025Q4", 5, 25, LLM_PRICES, "derived", "Claude Opus 4.5; Opus 4.8 of 2026 is the same"),
    ),
    "anthropic_small": (
        ("2023Q1", 0.8, 2.4, "assumed", "assumed", f"Claude Instant ({MEMORY})"),
        ("2024Q1", 0.25, 1.25, "assumed", "assumed", f"Claude 3 Haiku ({MEMORY})"),
        ("2024Q4", 0.8, 4, "assumed", "assumed", f"Claude 3.5 Haiku ({MEMORY})"),
        ("2025Q4", 1, 5, LLM_PRICES, "derived", "Claude Haiku 4.5"),
    ),
    "deepseek": (
        ("2023Q1", 0.7, 0.7, LLM_PRICES, "assumed", HELD),
        ("2024Q2", 0.14, 0.28, LLM_PRICES, "assumed", "V2 at V3's introductory price"),
        ("2024Q4", 0.14, 0.28, LLM_PRICES, "derived", "V3, introductory price until 2025-02-08"),
        ("2025Q1", 0.27, 1.1, LLM_PRICES, "derived", "V3 from 2025-02-08"),
        ("2025Q2", 0.55, 2.19, LLM_PRICES, "derived", "R1"),
        ("2025Q4", 0.28, 0.42, "assumed", "assumed", f"V3.2 ({MEMORY})"),
        ("2026Q2", 1.74, 3.48, LLM_PRICES, "derived", f"V4-Pro; {LAUNCH}"),
    ),
    "qwen": (
        ("2023Q1", 0.7, 0.7, LLM_PRICES, "assumed", HELD),
        ("2024Q3", 0.4, 1.2, "assumed", "assumed", f"Qwen Plus type ({MEMORY})"),
        ("2026Q2", 0.5, 3, LLM_PRICES, "derived", f"Qwen 3.6 Plus; {LAUNCH}"),
    ),
    "llama": (
        ("2023Q1", 0.7, 0.7, LLM_PRICES, "assumed", f"{NO_API}: third-party hosts at Mixtral's price"),
        ("2024Q4", 0.4, 0.4, "assumed", "assumed", f"{NO_API}: half way (in logs) from 0.7 to 0.23"),
        ("2025Q1", 0.23, 0.23, "nagle_yue_prices", "derived", f"{NO_API}: mean open price of 2025"),
    ),
    "mistral": (
        ("2023Q1", 0.7, 0.7, LLM_PRICES, "assumed", "before its first list price: Mixtral's price held back"),
        ("2023Q4", 0.7, 0.7, LLM_PRICES, "derived", "Mixtral 8x7B"),
        ("2024Q3", 2, 6, LLM_PRICES, "derived", "Mistral Large"),
        ("2025Q4", 0.5, 1.5, "assumed", "assumed", f"Mistral Large 3 ({MEMORY})"),
    ),
    "doubao": (
        ("2023Q1", 1.66, 1.66, "assumed", "assumed", f"ERNIE 3.5 at 12 CNY per million ({MEMORY})"),
        ("2024Q2", 0.11, 0.28, "assumed", "assumed", f"Doubao Pro at 0.8 and 2 CNY per million ({MEMORY})"),
        ("2025Q2", 0.11, 1.11, "assumed", "assumed", f"Doubao 1.6 at 0.8 and 8 CNY per million ({MEMORY})"),
    ),
}  # fmt: skip
OPEN = ("deepseek", "qwen", "llama", "mistral")
# Market level of hosted open models, USD per million tokens: Mixtral's list price, then the average of 2025.
MARKET_2024, MARKET_2025 = 0.7, 0.23

Row = tuple[float, str, str, str]


def list_price(offer: str, quarter: str) -> Row:
    """Blended list price with source, grade and note."""
    _, entry, output, source, grade, note = [row for row in LIST_PRICES[offer] if row[0] <= quarter][-1]
    note = f"{note}: 0.75 x {entry:g} input + 0.25 x {output:g} output"
    return 0.75 * entry + 0.25 * output, source, grade, note


def hosted_price(offer: str, i: int) -> Row:
    """Price of an open offer at third-party hosts in quarter number i."""
    own = {name: list_price(name, QUARTERS[i])[0] for name in OPEN}
    average = prod(own.values()) ** 0.25
    start, stop, last = QUARTERS.index("2024Q2"), QUARTERS.index("2025Q1"), QUARTERS.index("2025Q4")
    fall = min(max((i - start) / (stop - start), 0.0), 1.0)
    market = MARKET_2024 * (MARKET_2025 / MARKET_2024) ** fall
    if i > last:  # newer and larger open models are dearer to serve
        market *= average / prod(list_price(name, QUARTERS[last])[0] for name in OPEN) ** 0.25
    value = min(own[offer], market * (own[offer] / average) ** 0.5)
    note = (
        "market level (0.70 until 2024Q2 as Mixtral, average of open models 0.23 in 2025, between them falling at "
        "a constant rate, then as the open list prices) x square root of the offer's list price over the open "
        "mean, at most the list price"
    )
    return value, "nagle_yue_prices", "assumed", note


class Frontiers:
    """Frontier values by quarter, continued before 2023Q1 where a lag needs it."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        names = ("closed", "open", "china")
        self.value = {name: [float(r["value"]) for r in rows if r["frontier"] == name] for name in names}
        self.grade = {name: [r["grade"] for r in rows if r["frontier"] == name] for name in names}

    def trend(self, i: int) -> float:
        """Closed frontier that followers trail: the trend until 2024Q1, the frontier itself from then on."""
        turn = QUARTERS.index("2024Q1")
        value = self.value["closed"]
        return value[i] if i >= turn else value[turn] - TREND_SLOPE * (turn - i) / 4

    def at(self, name: str, i: int) -> float:
        """Frontier with the floor, also before the first quarter."""
        return max(FLOOR, self.value[name][i]) if i >= 0 else FLOOR


def capability(offer: str, i: int, frontiers: Frontiers) -> tuple[float, str, str]:
    """Capability before the running maximum, with grade and note."""
    quarter, lab = QUARTERS[i], offer.split("_")[0]
    if offer.endswith("_small"):
        return frontiers.trend(i - 3), "assumed", "closed frontier three quarters ago (trend before 2024Q1)"
    if offer.endswith("_flagship"):
        grade = "primary" if frontiers.grade["closed"][i] == "primary" else "derived"
        if lab in CLOSED_LEADER[i].split():
            return frontiers.value["closed"][i], grade, "the lab of the best closed model"
        return frontiers.trend(i - 1), "assumed", "closed frontier one quarter ago (trend before 2024Q1)"
    frontier = "open" if offer in ("llama", "mistral") else "china"
    if quarter in OPEN_LEADER.get(offer, ()):
        return frontiers.value[frontier][i], frontiers.grade[frontier][i], "the lab of this frontier's best model"
    if quarter in STANDS_IN.get(offer, ()):
        return frontiers.at("china", i), "assumed", "stands for the lab of the best Chinese model"
    if frontier == "china":
        return frontiers.at("china", i - 1), "assumed", "Chinese frontier one quarter ago"
    if offer == "llama" and quarter <= "2024Q1":
        return frontiers.at("open", i), "assumed", "open frontier"
    lag = 2 if offer == "llama" or quarter < "2023Q4" else 3
    return frontiers.at("open", i - lag), "assumed", f"open frontier {('two', 'three')[lag - 2]} quarters ago"


def build_rows(frontier_rows: list[dict[str, str]]) -> list[tuple]:
    """All rows of offer_history.csv."""
    frontiers, rows = Frontiers(frontier_rows), []
    for offer in LIST_PRICES:
        best = 0.0
        for i, quarter in enumerate(QUARTERS):
            value, grade, note = capability(offer, i, frontiers)
            if value < best:
                value, grade, note = best, "assumed", f"{note}; never falling: its own earlier value"
            if value <= FLOOR:
                note = f"{note}; floor of 100 points, no measured model of this lab yet"
            best = value
            row = (offer, quarter, "capability", f"{value:.1f}", "ECI points", quarter, ECI, grade, note)
            rows.append(row)
    unit = "USD per million tokens"
    for offer in LIST_PRICES:
        for quarter in QUARTERS:
            value, *rest = list_price(offer, quarter)
            rows.append((offer, quarter, "price", f"{value:.4g}", unit, quarter, *rest))
    for offer in OPEN:
        for i, quarter in enumerate(QUARTERS):
            value, *rest = hosted_price(offer, i)
            rows.append((offer, quarter, "hosted_price", f"{value:.4g}", unit, quarter, *rest))
    return rows
