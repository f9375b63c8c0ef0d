"""What there is: scenarios, parameters, interventions, and how to cite the model."""

from __future__ import annotations

from typing import Annotated

import typer

from abm.cli import options


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (library, show, parameters, interventions, cite):
        app.command()(command)
    app.callback(invoke_without_command=True)(version)


def version(
    ctx: typer.Context, show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """Who adopts which AI: firms and governments choose between free open and paid proprietary models."""
    if show_version:
        import abm

        print(abm.__version__)
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        print(ctx.get_help())


def library() -> None:
    """List the scenarios that come with the package."""
    from abm.scenario.scenario import Scenario, library, limits

    for name in [*library(), *limits()]:
        scenario = Scenario.load(name)
        print(f"{name:20s} {scenario.title}. {scenario.story}")


def show(scenario: options.Name, set_: options.Settings = None, enact: options.Enacted = None) -> None:
    """Print a scenario as TOML."""
    print(options.scenario_of(scenario, set_, enact).to_toml(), end="")


def parameters(
    pattern: Annotated[str, typer.Argument(help="Show only names that contain this.")] = "",
) -> None:
    """List every declared parameter with its value, unit, range and source."""
    from abm.quantities import Alternatives, unknown
    from abm.scenario.parameters import DECLARATIONS, Parameters

    default = Parameters()
    names = [name for name in DECLARATIONS if pattern in name]
    if not names:
        raise unknown("parameter", pattern, DECLARATIONS)
    for name in names:
        q, value = DECLARATIONS[name], default.get(name)
        if isinstance(q, Alternatives):
            print(f"{name} = {value} [{', '.join(q.values)}]: {q.label}. {q.source}.")
        else:
            print(f"{name} = {value:g} {q.unit} [{q.low:g} to {q.high:g}]: {q.label}. {q.source}.")


def interventions(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a table with evidence and tests.")] = False,
) -> None:
    """List the kinds of interventions: who pulls them, level, range, targets and what they do."""
    from abm.scenario.kinds import KINDS

    if markdown:
        print(table_of_kinds(), end="")
        return
    for name, kind in KINDS.items():
        level = kind.level
        print(f"{name} ({kind.actor}): {kind.mechanism}")
        print(f"    level: {level.unit}, {level.low:g} to {level.high:g}; targets: {', '.join(kind.targets)}")


def table_of_kinds() -> str:
    """The page docs/instruments.md."""
    from abm.scenario.kinds import KINDS

    rows = [
        f"| `{name}` | {kind.actor} | {kind.level.unit}, {kind.level.low:g} to {kind.level.high:g} | {kind.mechanism} | "
        f"{kind.evidence} | `test_instruments.py -k {name}`, `test_money.py` |"
        for name, kind in KINDS.items()
    ]
    return "\n".join([
        "# Instruments and events", "",
        "Written by `abm interventions --markdown`. Each has a paired test over 20 seeds that it moves what it aims at in "
        "the right direction, and one of its money (both in `tests/invariants`). Names in brackets are sources of "
        "`abm/scenario/data/sources.csv`. `abm run baseline --enact KIND:region=R,level=L,start=Q,target=T` uses one.", "",
        "| kind | who | level | mechanism | evidence | tests |", "|---|---|---|---|---|---|", *rows,
    ]) + "\n"  # fmt: skip


def cite() -> None:
    """Print how to cite the model."""
    import abm

    print(
        f"The abm authors (2026). abm: who adopts which AI, an agent-based model of open and proprietary models "
        f"(version {abm.__version__}) [Computer software]. MIT License."
    )
