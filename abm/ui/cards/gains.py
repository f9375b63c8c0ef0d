"""Who gains and who pays: users, labs and treasuries."""

from __future__ import annotations

from dataclasses import replace

import solara

import abm
from abm import figures
from abm.scenario.loading import load_tables
from abm.ui import strings
from abm.ui.cards.sector import of_all_sectors
from abm.ui.cards.shown import Shown
from abm.ui.choices import ChangeView, View
from abm.ui.naming import label_of
from abm.ui.parts import Switch
from abm.ui.runs import Answer
from abm.ui.words import money, signed_money, table


def gains_card(answer: Answer, view: View, change: ChangeView, palette: figures.Palette) -> solara.Element:
    """Who gains and who pays in the chosen quarter, what-if against baseline."""
    region = label_of("region", answer.question.region)
    switch = Switch((region, strings.WORLD), view.gains_in_world,
                    lambda on: change(lambda v: replace(v, gains_in_world=on)))  # fmt: skip
    return of_all_sectors(gains_shown(answer, view, palette), view).card("gains", switch)


def gains_shown(answer: Answer, view: View, palette: figures.Palette) -> Shown:
    """Changes of users' surplus by size of firm, of labs' profit by licence and of what treasuries pay."""
    region = "" if view.gains_in_world else answer.question.region
    where = label_of("region", region) if region else strings.WORLD.lower()
    base, what_if = (_flows(record, view.quarter, region) for record in (answer.base, answer.what_if))
    changes = {who: what_if[who] - base[who] for who in base}
    less, _, more = palette.change
    colours = {who: more for who in base} | {
        strings.GAINS_LABS["proprietary"]: palette.proprietary, strings.GAINS_LABS["open"]: palette.open,
        strings.GAINS_TREASURIES: less,
    }  # fmt: skip
    note = strings.GAINS_NOTE.format(
        where=where, quarter=view.quarter, total=signed_money(sum(changes.values())),
        labs=strings.GAINS_LABS_OF["region" if region else "world"],
    )  # fmt: skip
    rows = [[who, money(base[who]), money(what_if[who]), signed_money(size)] for who, size in changes.items()]
    bars = [figures.Change(who, size, signed_money(size), colours[who]) for who, size in changes.items()]
    spoken = "; ".join(f"{bar.label}: {bar.words}" for bar in bars)
    return Shown(
        title=strings.GAINS, note=note, option=figures.changes_option(bars, palette),
        label=f"{strings.GAINS}. {note} {spoken}.", numbers=table(strings.GAINS_HEADS, rows),
        columns={
            strings.WHO_HEAD: list(base), strings.BASELINE: list(base.values()), strings.WHAT_IF: list(what_if.values()),
            strings.CHANGE_HEAD: list(changes.values()),
        },
        height="250px",
    )  # fmt: skip


def _flows(record: abm.Record, quarter: str, region: str) -> dict[str, float]:
    """What each has in the quarter, USD, what is paid negative; of a region, or "" for the world."""
    where = {"quarter": quarter} | ({"region": region} if region else {})
    users = record.at("surplus", by="size", **where)
    found = {
        strings.GAINS_SIZE.format(label=label_of("size", size)): float(gained)
        for size, gained in zip(load_tables().listed("size"), users, strict=True)
    }
    profits, labs = record.at("vendor_profit", by="lab", quarter=quarter), _labs(record)
    profit = dict(zip(record.listed("lab"), profits, strict=True))
    for licence, name in strings.GAINS_LABS.items():
        mine = [lab for lab, (is_open, home) in labs.items() if is_open == (licence == "open") and region in ("", home)]
        found[name] = float(sum(profit[lab] for lab in mine))
    return found | {strings.GAINS_TREASURIES: -float(record.at("public_outlay", **where))}


def _labs(record: abm.Record) -> dict[str, tuple[bool, str]]:
    """Whether all that a lab offers is open, and its home, by lab."""
    data = record.data
    licence = dict(zip(data["offer"].to_numpy().tolist(), data["offer_open"].to_numpy().tolist(), strict=True))
    named = (data[f"option_{what}"].to_numpy()[1:].tolist() for what in ("offer", "lab", "origin"))  # 0 is to use no AI
    labs: dict[str, tuple[bool, str]] = {}
    for offer, lab, home in zip(*named, strict=True):
        labs[lab] = (labs.get(lab, (True, home))[0] and licence[offer], home)
    return labs
