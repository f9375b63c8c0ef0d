"""What a lesson's file may hold, part by part."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

GROUP = "group"  # stands for the region of the student's ministry


class Part(BaseModel):
    """A part of the file: nothing else may stand in it, nothing can be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Run(Part):
    """A world that is run.

    Attributes:
        scenario: As in a scenario's file.
        like: Run whose scenario it starts from, instead of a `base`.
        firms: Number of sampled firms.
        histories: Number of runs, with seeds 1, 2, ...
    """

    scenario: dict[str, Any] = {}
    like: str = ""
    firms: int = 20_000
    histories: int = 1


class Limit(Part):
    """A limit of the model, compared with its theorem.

    Attributes:
        limit: Its name, as for `abm theory`.
        scenario: What is changed in its scenario, as in a scenario's file.
        firms: Number of sampled firms, 0 for what it takes by itself.
        runs: Number of histories, for a limit of many; 0 for what it takes by itself.
    """

    limit: str
    scenario: dict[str, Any] = {}
    firms: int = 0
    runs: int = 0


class Measure(Part):
    """A named number, or a series over the quarters; over the histories first, where its run has several.

    Attributes:
        formula: Worked out from measures above it.
        value: A figure from outside, with its `source`.
        source: Where it is published.
        run: Run whose record is read: its `indicator`, the `variable` of its arrays, one of its `frontier`s, or a
            `parameter` of its scenario.
        indicator: Name of an indicator.
        variable: Name of a variable of the record, added up over the dimensions that are not named.
        frontier: "proprietary" or "open": the best model of the kind, ECI points; "lag": months that open ones are behind.
        parameter: Dotted name of a parameter.
        quarter: The quarter; the whole series without one.
        weight: What a share is a share of.
        population: Whose share it is.
        region: Place along a dimension; "group" is that of the student's ministry.
        sector: As region.
        size: As region.
        offer: As region.
        lab: As region.
        choice: As region: an offer and its deployment.
        option: As region: the same where no AI is among them, "none".
        limit: Limit whose numbers are read: its `part`.
        part: "simulated", "closed_form", "band", "x" or "names" of a limit's picture, or one of its notes; or a part
            of the gains, such as "users", "vendors" or "pass_through".
        between: Two runs whose gains are compared up to the quarter.
    """

    formula: str = ""
    value: float | None = None
    source: str = ""
    run: str = ""
    indicator: str = ""
    variable: str = ""
    frontier: Literal["", "proprietary", "open", "lag"] = ""
    parameter: str = ""
    quarter: str = ""
    weight: str = "firms"
    population: str = "firms_10plus"
    region: str = ""
    sector: str = ""
    size: str = ""
    offer: str = ""
    lab: str = ""
    choice: str = ""
    option: str = ""
    limit: str = ""
    part: str = ""
    between: tuple[str, str] | None = None

    @property
    def place(self) -> dict[str, str]:
        """Where it is read along the dimensions that it names."""
        named = ("region", "sector", "size", "offer", "lab", "choice", "option")
        return {one: getattr(self, one) for one in named if getattr(self, one)}


class Option(Part):
    """An answer to choose; `right` is a formula that says whether it is true in the run."""

    text: str
    right: str


class Prediction(Part):
    """What the student predicts before the run.

    Attributes:
        kind: "number", "choice" or "curve".
        text: What is asked.
        answer: Formula of the number or of the series over the quarters of `run`.
        unit: "%" for shares; any other follows the number.
        low: Least number, or lower end of the axis.
        high: Largest number, or upper end of the axis.
        step: Step of a number.
        near: A prediction that is off by no more is close.
        options: Answers to a choice by their key.
        run: Run over whose quarters a curve goes.
        known: Last quarter of a curve that the student is shown.
    """

    kind: Literal["number", "choice", "curve"]
    text: str
    answer: str = ""
    unit: str = "%"
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    near: float = 0.05
    options: dict[str, Option] = {}
    run: str = ""
    known: str = ""


class Curve(Part):
    """A curve of a picture: formulas of its values, and of where they stand if not at the quarters."""

    name: str
    y: str
    x: str = ""
    low: str = ""
    high: str = ""
    look: Literal["simulation", "compared", "theorem", "points", "bars", "class"] = "simulation"
    each: bool = False


class Level(Part):
    """A level line of a picture."""

    name: str
    at: str


class Picture(Part):
    """A picture of a step.

    Attributes:
        shown: "outcome", beside the prediction, or "theorem", the theorem laid over the simulation.
        title: What it shows.
        across: What goes across; the quarters of `run` if that is given.
        up: What goes up.
        share: Whether values are shares, drawn as percentages.
        log: Whether the upright axis is logarithmic.
        run: Run over whose quarters it goes.
        names: Names of the bars, or the measure that holds them.
        curves: Its curves.
        levels: Its level lines.
    """

    shown: Literal["outcome", "theorem"]
    title: str
    across: str = ""
    up: str = ""
    share: bool = True
    log: bool = False
    run: str = ""
    names: list[str] | str = []
    curves: list[Curve]
    levels: list[Level] = []


class Claim(Part):
    """A sentence about the run, and the formula that says whether it holds in it."""

    text: str
    holds: str


class Exercise(Part):
    """A question whose answer the model gives.

    Attributes:
        question: The question.
        answer: Formula of a number.
        unit: "%" for shares; any other follows the number.
        within: How far off an answer may be.
        options: Answers to choose from instead, by key.
        hint: What to try.
        solution: The way to the answer.
    """

    question: str
    answer: str = ""
    unit: str = "%"
    within: float = 0.01
    options: dict[str, Option] = {}
    hint: str = ""
    solution: str


class Step(Part):
    """A part of the hour: how many minutes, and what happens."""

    minutes: int
    what: str


class Roles(Part):
    """A role play: each group is the ministry of a region and holds its levers.

    Attributes:
        run: Run that the ministries' levers are added to.
        ministries: Name of each ministry by its region.
        levers: Kinds of instruments that each holds, and what each aims at.
        start: First quarter in force.
        suggested: Levels by region with which the lesson's own text is worked out.
    """

    run: str
    ministries: dict[str, str]
    levers: dict[str, str]
    start: str
    suggested: dict[str, dict[str, float]] = {}
