"""`abm seek`: the cheapest mix of instruments that reaches a target."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from abm.cli import options
from abm.quantities import InputError

_TARGET = 'What is to be reached, for example "penetration(China, firms, 2027Q4) >= 0.70".'


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(seek)


def seek(
    scenario: options.Name,
    target: Annotated[str, typer.Option(help=_TARGET)],
    levers: Annotated[
        str, typer.Option(help="Instruments that may be used, separated by commas.")
    ] = "subsidy,training",
    probability: Annotated[float, typer.Option(help="Share of the draws of aggregate shocks that must meet it.")] = 0.9,
    minimise: Annotated[Literal["outlay"], typer.Option(help="What is to be as small as possible.")] = "outlay",
    start: Annotated[str, typer.Option(help="First quarter of the instruments; after the evidence by default.")] = "",
    set_: options.Settings = None,
    enact: options.Enacted = None,
    firms: options.Firms = "2000",
    draws: Annotated[int, typer.Option(help="Draws of aggregate shocks.")] = 10,
    as_json: options.AsJson = False,
) -> None:
    """Find the levels of instruments that reach a target with a probability at the least public outlay."""
    from abm.goal import seek as find

    asked, count = options.scenario_of(scenario, set_, enact), options.firms_of(firms)
    if count == "all":
        raise InputError("firms = all is too many to try many mixes with; give a number.")
    options.prepare_engine("compiled")
    kinds = tuple(kind.strip() for kind in levers.split(",") if kind.strip())
    with options.progress_bar(f"Seeking {target}") as tell:
        found = find(asked, target, kinds, probability, start, count, draws, tell)
    if as_json:
        print(json.dumps({"scenario": asked.name, "digest": asked.digest, **found.as_dict()}, allow_nan=False))
        return
    levels = ", ".join(f"{kind} {level:.3g}" for kind, level in found.levels.items())
    met = f"the target is met in {100 * found.probability:.0f}% of {found.draws} draws, mean {100 * found.value:.1f}%"
    if found.reachable:
        print(f"{found.target}: the cheapest mix of {found.tried} tried is {levels}.")
        print(f"It costs {1e-9 * found.outlay:.1f} billion USD until then; {met}.")
        print(f"What binds: {', '.join(found.binding) or 'nothing'}.")
    else:
        print(
            f"{found.target}: of {found.tried} mixes within the ranges none reaches it with probability {probability:g}."
        )
        print(f"Nearest comes {levels}: {met}, at a cost of {1e-9 * found.outlay:.1f} billion USD.")
    print("Only public outlay counts as a cost; what users and vendors gain or lose, abm compare --gains tells.")
    print("Probability is over draws from the posterior, each with incidents and breakthroughs of its own.")
