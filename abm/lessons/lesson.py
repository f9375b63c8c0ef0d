"""A lesson: one file of TOML and Markdown that asks, lets predict, runs, explains and examines."""

from __future__ import annotations

import contextlib
import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from abm.lessons.blanks import fill
from abm.lessons.checks import check
from abm.lessons.declared import Claim, Exercise, Limit, Measure, Part, Picture, Prediction, Roles, Run, Step
from abm.lessons.formula import evaluate
from abm.quantities import InputError, unknown
from abm.scenario.files import refused, text_of
from abm.scenario.scenario import Scenario

LIBRARY = Path(__file__).parent / "library"
_FENCE = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)


def _measure(given: Any) -> Any:
    """A formula may stand for a measure; a number in it may not be typed."""
    return {"formula": given} if isinstance(given, str) else given


class Lesson(Part):
    """A lesson.

    Attributes:
        name: Name of its file.
        number: Its place among the lessons.
        title: Its title.
        question: What it asks, in one sentence.
        theorem: The theorem that it teaches, in one or two sentences.
        source: Where that is published.
        leaves_out: One thing that the model leaves out here.
        timing: The hour, step by step.
        runs: Worlds by name.
        limits: Limits of the model by name.
        measures: Measures by name, each after those that it uses.
        prediction: What is predicted.
        pictures: Pictures.
        claims: What the text says of the run.
        exercises: Exercises.
        roles: The role play, if it is one.
        sections: Markdown by heading.
    """

    name: str
    number: int
    title: str
    question: str
    theorem: str
    source: str
    leaves_out: str
    timing: list[Step]
    runs: dict[str, Run] = Field(default_factory=dict)
    limits: dict[str, Limit] = Field(default_factory=dict)
    measures: dict[str, Annotated[Measure, BeforeValidator(_measure)]]
    prediction: Prediction
    pictures: list[Picture]
    claims: list[Claim]
    exercises: list[Exercise]
    roles: Roles | None = None
    sections: dict[str, str]

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return sum(step.minutes for step in self.timing)

    @property
    def facts(self) -> dict[str, Any]:
        """Measures that no run is needed for, by name: published figures, and what follows from them or from theory."""
        known: dict[str, Any] = {name: one.value for name, one in self.measures.items() if one.value is not None}
        for name, one in self.measures.items():
            if one.formula:
                with contextlib.suppress(InputError):  # it needs a run
                    known[name] = evaluate(one.formula, known)
        return known

    def before(self, text: str) -> str:
        """A text that is read before the run, with its blanks filled."""
        return fill(text, self.facts)

    def scenario(self, run: str) -> Scenario:
        """The scenario of a run, without the levers of ministries.

        Raises:
            InputError: If there is no such run or it is no scenario.
        """
        if run not in self.runs:
            raise unknown(f"run of lesson {self.name!r}", run, self.runs)
        one = self.runs[run]
        past = self.scenario(one.like) if one.like else None
        return Scenario.of(one.scenario, name=run, past=past)

    def quarters(self, run: str) -> list[str]:
        """Quarters of a run."""
        return self.scenario(run).quarters

    @staticmethod
    def load(name_or_path: str | Path) -> Lesson:
        """A lesson of the library by name, or from a file by path.

        Raises:
            InputError: If there is no such lesson, or the file is none.
        """
        path = Path(name_or_path)
        if path.suffix != ".md":
            if str(name_or_path) not in library():
                raise unknown("lesson", name_or_path, library(), "Give a name or the path of a lesson's .md file.")
            return _of_library(str(name_or_path))
        return Lesson.read(text_of(path, f"lesson {str(name_or_path)!r}"), path.stem)

    @staticmethod
    def read(text: str, name: str) -> Lesson:
        """A lesson from its text.

        Args:
            text: TOML between two lines of three plus signs, then Markdown.
            name: Its name.

        Raises:
            InputError: If it cannot be read, something is missing, or a result is typed where it must be computed.
        """
        found = _FENCE.match(text.replace("\r\n", "\n"))
        if not found:
            raise InputError(f"lesson {name!r} must begin with TOML between two lines that hold +++ and nothing else.")
        try:
            content = tomllib.loads(found[1])
            lesson = Lesson.model_validate({**content, "name": name, "sections": _sections(found[2])})
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"lesson {name!r} is not valid TOML: {error}.") from None
        except ValidationError as error:
            raise refused(error, f"lesson {name!r}", Lesson, _PARTS) from None
        check(lesson)
        return lesson


_PARTS: dict[str, type[BaseModel]] = {
    "runs": Run, "limits": Limit, "measures": Measure, "prediction": Prediction, "pictures": Picture, "claims": Claim,
    "exercises": Exercise, "roles": Roles, "timing": Step,
}  # fmt: skip


@lru_cache(maxsize=1)
def library() -> tuple[str, ...]:
    """Names of the lessons that come with the package, in their order."""
    return tuple(path.stem.partition("_")[2] for path in sorted(LIBRARY.glob("*.md")))


@lru_cache(maxsize=32)
def _of_library(name: str) -> Lesson:
    path = next(path for path in LIBRARY.glob("*.md") if path.stem.partition("_")[2] == name)
    return Lesson.read(path.read_text(encoding="utf-8"), name)


def _sections(markdown: str) -> dict[str, str]:
    """Markdown by its headings of the second level."""
    parts = re.split(r"^## (.+)$", markdown, flags=re.MULTILINE)
    return {heading.strip(): body.strip() for heading, body in zip(parts[1::2], parts[2::2], strict=True)}
