"""`abm compare`: a what-if against its baseline, with the same luck."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abm.cli import options
from abm.cli.run import check_choices
from abm.quantities import InputError

if TYPE_CHECKING:
    import pandas as pd

    from abm.incidence import Gains
    from abm.simulation import Comparison

MONEY = ("surplus", "vendor_revenue", "vendor_profit", "public_outlay")
_FLIPS = 15  # flows printed
NOTE = "90% intervals over seeds: sampling noise only, not uncertainty about the world"
NOTE_OF_DRAWS = "90% of the posterior's draws, each with incidents and breakthroughs of its own, lie in the intervals"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(compare)


def compare(
    base: Annotated[str, typer.Argument(metavar="BASE", help="Baseline: a name of the library or a TOML file.")],
    variant: Annotated[str, typer.Argument(metavar="VARIANT", help="What-if; --set and --enact apply to it.")],
    seeds: Annotated[int, typer.Option(help="Paired runs, of each draw if any; 0 for 10, or 1 with draws.")] = 0,
    draws: Annotated[int, typer.Option(help="Draws from the posterior: what the model does not know; 0 for none.")] = 0,
    firms: options.Firms = "20000",
    quarter: Annotated[str, typer.Option(help="Quarter to report; the last one by default.")] = "",
    set_: options.Settings = None,
    enact: options.Enacted = None,
    start: options.Start = "",
    end: options.End = "",
    regions: options.Regions = "",
    weight: options.Weight = "firms",
    population: options.Population = "firms_10plus",
    workers: Annotated[int, typer.Option(help="Processes to use.")] = 1,
    flips: Annotated[bool, typer.Option("--flips", help="List who was moved, from which offer to which.")] = False,
    gains: Annotated[bool, typer.Option("--gains", help="Tell who gains and who pays.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Compare two scenarios seed by seed and print the paired differences."""
    from abm.incidence import gains as gains_of
    from abm.pairing import flips as flips_of
    from abm.simulation import compare as compare_scenarios

    count, note = options.firms_of(firms), NOTE_OF_DRAWS if draws else NOTE
    seeds = seeds or (1 if draws else 10)
    first = options.scenario_of(base, None, None, start, end, regions)
    second = options.scenario_of(variant, set_, enact, start, end, regions)
    check_choices(weight, population)
    options.prepare_engine("compiled")
    at = quarter or first.quarters[-1]
    if at not in first.quarters:
        raise InputError(f"quarter {at!r} is not in the run; choose one from {first.start} to {first.end}.")
    if workers < 1:
        raise InputError(f"workers = {workers} must be a whole number from 1.")
    with options.progress_bar(f"Comparing {first.name} and {second.name}") as tell:
        done = compare_scenarios(first, second, seeds, count, tell, workers, draws)
    rows = table_of(done, at, weight, population)
    moved = flips_of(first, second, at, count) if flips else None
    shared = gains_of(first, second, at, count, seeds) if gains else None
    if as_json:
        content = {
            "base": first.name, "variant": second.name, "difference": done.difference, "quarter": at,
            "seeds": seeds, "draws": draws, "firms": count, "penetration_population": population,
            "open_share_weight": weight, "interval": note,
            "story": list(done.story(at)), "indicators": rows,
        } | ({} if moved is None else {"flips": moved.to_dict(orient="records")})  # fmt: skip
        content |= {} if shared is None else {"gains": shared.as_dict()}
        print(json.dumps(content, allow_nan=False))
    else:
        _print(done, rows, at, weight, population, first.name, second.name, note)
        print("\n".join(done.story(at)))
        if moved is not None:
            _print_flips(moved, at)
        if shared is not None:
            from abm.scenario.kinds import SPENDING

            acts = set(first.interventions) ^ set(second.interventions)
            others = (first.governments, first.entrants) != (second.governments, second.entrants)
            _print_gains(shared, bool(acts) and not others and all(act.kind in SPENDING for act in acts))


def table_of(done: Comparison, quarter: str, weight: str, population: str) -> list[dict[str, Any]]:
    """Paired differences in a quarter, one row per indicator and region.

    Args:
        done: The comparison.
        quarter: Quarter to report.
        weight: Weight of the open share.
        population: Population of penetration.
    """
    rows = []
    for name in ("penetration", "open_share", "spending_hhi", *MONEY):
        world = done.paired(name, weight=weight, population=population)
        rows.append(_row(name, "world", world.sel(quarter=quarter)))
        if name in ("penetration", "open_share"):
            split = done.paired(name, by="region", weight=weight, population=population).sel(quarter=quarter)
            rows += [_row(name, str(r), split.sel(region=r)) for r in split["region"].to_numpy()]
    return rows


def _print_gains(shared: Gains, paying: bool) -> None:
    """Print who gains.

    Args:
        shared: The gains.
        paying: Whether all that differs are instruments on which treasuries spend.
    """

    def money(name: str) -> str:
        spread = shared.margin[name]
        return f"{1e-9 * getattr(shared, name):+.1f}" + ("" if math.isnan(spread) else f" (±{1e-9 * spread:.1f})")

    print(
        f"Changes from {shared.start} to {shared.end}, means of {shared.seeds} seeds, present values in {shared.start} at "
        f"{100 * shared.rate:g}% a year, billion USD; in brackets half of the 90% interval, sampling noise only:"
    )
    print(
        f"  users {money('users')}, of which productivity net of payments {money('productivity')}; vendors' profit before "
        f"research {money('vendors')}; treasuries pay {money('treasuries')}; research takes besides {money('research')}"
    )
    print(f"  net {money('net')}")
    print(
        f"  at cost: hosts and machines {money('hosts')}, integrators {money('integrators')}, trainers and testers "
        f"{money('trainers')}"
    )
    for by, parts in shared.users_by.items():
        print(f"  users by {by}: " + ", ".join(f"{name} {1e-9 * value:+.1f}" for name, value in parts.items()))
    if paying and shared.treasuries > 0:
        print(
            f"  of a dollar that treasuries pay more {100 * shared.users_part:.0f} cents are gained by users and "
            f"{100 * shared.pass_through:.0f} by vendors"
        )
    if shared.deadweight == shared.deadweight:
        print(
            f"  {100 * shared.deadweight:.0f}% of the subsidies go to firms that use AI in the baseline, too (deadweight); "
            f"{100 * shared.inframarginal:.0f}% pay for what these firms do there, too"
        )
    before, after = shared.gini
    print(f"  Gini of users' surplus per worker in {shared.end} {before:.3f} -> {after:.3f}; top tenth of workers "
          f"{100 * shared.top_tenth[0]:.0f}% -> {100 * shared.top_tenth[1]:.0f}% of it")  # fmt: skip


def _print_flips(moved: pd.DataFrame, quarter: str) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.width = max(console.width, 110)
    sampled = int(moved["sampled"].sum())
    table = Table(title=f"Moved by the policy by {quarter}, seed 1, {sampled} sampled firms", title_justify="left")
    for column in ("from", "to", "regions, by workers", "sizes", "real firms", "workers"):
        table.add_column(column, justify="right" if column in ("real firms", "workers") else "left")
    total = moved.groupby(["from", "to"])[["firms", "workers"]].sum().sort_values("workers", ascending=False)
    for flow in total.head(_FLIPS).reset_index().to_dict(orient="records"):
        part = moved[(moved["from"] == flow["from"]) & (moved["to"] == flow["to"])]
        groups = [part.groupby(by)["workers"].sum().sort_values(ascending=False) for by in ("region", "size")]
        names = [", ".join(str(name) for name in group.index[:3]) for group in groups]
        table.add_row(flow["from"], flow["to"], *names, f"{flow['firms']:,.0f}", f"{flow['workers']:,.0f}")
    console.print(table)
    if len(total) > _FLIPS:
        console.print(f"{len(total) - _FLIPS} smaller flows are left out; --json has all, by region, sector and size.")


def _row(name: str, region: str, values: Any) -> dict[str, Any]:
    numbers = {key: float(values[key]) for key in ("base", "variant", "difference", "low", "high")}
    return {"indicator": name, "region": region} | {k: None if math.isnan(v) else v for k, v in numbers.items()}


def _print(
    done: Comparison,
    rows: list[dict[str, Any]],
    quarter: str,
    weight: str,
    population: str,
    base: str,
    variant: str,
    note: str,
) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.width = max(console.width, 110)  # names and numbers are never cut; a narrow terminal wraps the lines
    console.print(f"[bold]{variant}[/bold] against [bold]{base}[/bold], {quarter}, {len(done.base)} paired runs")
    for line in done.difference:
        console.print(f"  {line}", highlight=False)
    table = Table(title=f"Penetration of {population}, open share by {weight}. {note}.", title_justify="left")
    for column in ("indicator", "region", base, variant, "difference", "from", "to"):
        table.add_column(column, justify="left" if column in ("indicator", "region") else "right")
    for row in rows:
        name = row["indicator"]
        scale, unit = (
            (1e-9, "bn USD a quarter") if name in MONEY else (1.0, "index") if name == "spending_hhi" else (100.0, "%")
        )
        digits = 3 if unit == "index" else 2
        cells = [row[k] for k in ("base", "variant", "difference", "low", "high")]
        table.add_row(
            f"{name}, {unit}", row["region"], *("-" if v is None else f"{scale * v:.{digits}f}" for v in cells)
        )
    console.print(table)
