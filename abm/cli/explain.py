"""`abm explain`: why a firm chose what it chose."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from abm.cli import options

if TYPE_CHECKING:
    from abm.explanation import Explanation

_FIRM = "Address of the firm: region.sector.size.CLASS.NUMBER, for example china.finance.large.0.3."


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(explain)


def explain(
    scenario: options.Name,
    firm: Annotated[str, typer.Option(help=_FIRM)],
    quarter: Annotated[str, typer.Option(help="Quarter of the choice, for example 2027Q4.")],
    set_: options.Settings = None,
    enact: options.Enacted = None,
    firms: options.Firms = "20000",
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
) -> None:
    """Say why a firm chose what it chose in a quarter, and what would have made another choice the most likely."""
    from abm.explanation import explain as explain_firm

    asked, count = options.scenario_of(scenario, set_, enact), options.firms_of(firms)
    options.prepare_engine("compiled")
    done = explain_firm(asked, firm, quarter, count, seed)
    if as_json:
        print(json.dumps({"scenario": asked.name, "digest": asked.digest, **done.as_dict()}, allow_nan=False))
    else:
        _print(done)


def _print(done: Explanation) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.width = max(console.width, 118)  # numbers are never cut
    facts = ", ".join(f"{key} {value:,.4g}" if isinstance(value, float) else value for key, value in done.facts.items())
    console.print(f"[bold]{done.firm}[/bold] in {done.quarter}: {facts}", highlight=False)
    verb = "keeps" if done.chosen == done.used else "takes"
    console.print(f"It uses {done.used}; {done.why}; it {verb} {done.chosen}.", highlight=False)
    seen = ", ".join(f"{offer} {100 * share:.0f}%" for offer, share in done.peers.items())
    console.print(f"Its peers used last quarter: {seen or 'it has none'}.", highlight=False)
    table = Table(title="Per year, % of the wage bill; utilities in units of taste", title_justify="left")
    columns = ("use", "entry", "distrust", "rules", "value", "USD", "peers", "taste", "utility", "chance, %")
    for column in ("option", *columns):
        table.add_column(column, justify="left" if column == "option" else "right")
    for one in done.alternatives:
        shares = (one.use, -one.entry, -one.distrust, -one.compliance, one.value)
        utility = "closed" if one.closed else f"{one.utility:.2f}"
        table.add_row(
            one.option, *(f"{100 * share:.3f}" for share in shares), f"{one.dollars:,.0f}", f"{one.peers:.2f}",
            f"{one.taste:.2f}", utility, f"{100 * one.probability:.1f}",
        )  # fmt: skip
    console.print(table)
    console.print(f"Tastes not known, {done.likely} is the most likely offer.", highlight=False)
    for flip in done.flips:
        unit = " USD per million tokens" if flip.lever == "price" else ""
        console.print(
            f"With a {flip.lever} of {flip.option} of {flip.after:.3g}{unit} instead of {flip.before:.3g} it would be "
            f"{flip.becomes}.", highlight=False,
        )  # fmt: skip
