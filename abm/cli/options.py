"""Options that several commands share, and how they make a scenario."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from abm.quantities import Alternatives, InputError, unknown

if TYPE_CHECKING:
    from abm.scenario.scenario import Scenario

Name = Annotated[str, typer.Argument(metavar="SCENARIO", help="A name of the library or a TOML file.")]
Firms = Annotated[str, typer.Option(help="Number of sampled firms, or all: every real firm.")]
Seed = Annotated[int, typer.Option(help="Seed; the same seed gives the same run.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a parameter or figure; may be repeated."),
]
Enacted = Annotated[
    list[str] | None,
    typer.Option(
        "--enact",
        metavar="KIND:region=R,level=L,start=Q",
        help="Add an intervention (also end=Q, target=FAMILY:NAME); may be repeated.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Regions = Annotated[str, typer.Option(help="Simulate the firms of these regions only, separated by commas.")]
Engine = Annotated[str, typer.Option(help="compiled, or numpy: the readable reference, slower.")]
Threads = Annotated[int, typer.Option(help="Threads to use; 0 chooses. The results are the same.")]
Start = Annotated[str, typer.Option(help="First quarter, for example 2023Q1.")]
End = Annotated[str, typer.Option(help="Last quarter, for example 2030Q4.")]
Weight = Annotated[str, typer.Option(help="What the open share is a share of: firms, employment, tokens, spend.")]
Population = Annotated[str, typer.Option(help="Of whom: firms_10plus, firms_all, employment, people.")]


def firms_of(text: str) -> int | Literal["all"]:
    """The number of firms that a word means.

    Raises:
        InputError: If it is neither a whole number nor all.
    """
    if text == "all":
        return "all"
    try:
        return int(text)
    except ValueError:
        from abm.scenario.loading import load_tables
        from abm.world.genesis import smallest_sample

        raise InputError(
            f"firms = {text!r} is not a whole number; give at least {smallest_sample(load_tables())} sampled firms "
            "(20000 by default), or all for every real firm."
        ) from None


def prepare_engine(name: str) -> None:
    """Say so when the first run on a machine has to compile the engine."""
    from abm.world.engine import ENGINES

    if name not in ENGINES:
        raise unknown("engine", name, ENGINES)
    if name == "compiled":
        from abm.compiled import is_kept

        if not is_kept():
            print(
                "Compiling the engine for this machine, about 20 s; later runs start at once (--engine numpy does without).",
                file=sys.stderr,
            )


def scenario_of(
    name: str,
    settings: list[str] | None,
    enacted: list[str] | None,
    start: str = "",
    end: str = "",
    regions: str = "",
) -> Scenario:
    """The scenario that the words of a command mean.

    Raises:
        InputError: If something in them cannot be used.
    """
    from abm.scenario.policy import parse_intervention
    from abm.scenario.scenario import Scenario

    scenario = Scenario.load(name)
    changes: dict[str, object] = dict(_setting(text) for text in settings or [])
    changes |= {key: value for key, value in (("start", start), ("end", end)) if value}
    if regions:
        changes["regions"] = tuple(region.strip() for region in regions.split(","))
    if changes:
        scenario = scenario.replace(changes)
    if enacted:
        scenario = scenario.enact(*(parse_intervention(text) for text in enacted))
    return scenario


def _setting(text: str) -> tuple[str, object]:
    path, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"cannot read --set {text!r}; write PATH=VALUE, for example demand.price_elasticity=1.3.")
    path, value = path.strip(), value.strip()
    if path in ("start", "end", "history"):
        return path, value
    if "." not in path:
        raise InputError(f"--set {path!r} names no parameter; write a dotted name (abm parameters lists them).")
    try:
        return path, float(value)
    except ValueError:
        from abm.scenario.scenario import Scenario

        quantity = Scenario.load("baseline").quantity(path)
        if isinstance(quantity, Alternatives):
            return path, value
        raise InputError(
            f"{path} = {value!r} is not a number; give {quantity.range_in_words()} ({quantity.unit})."
        ) from None


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, drawn only on a terminal.

    Args:
        label: What is going on.

    Yields:
        A function that is told (done, in all).
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell
