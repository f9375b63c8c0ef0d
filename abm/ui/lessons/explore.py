"""The worlds of a lesson on the what-if page, where every lever can be moved further."""

from __future__ import annotations

from dataclasses import replace

import solara

import abm
from abm.lessons.worked import Worked
from abm.scenario.loading import load_tables
from abm.ui import strings
from abm.ui.address import address_of
from abm.ui.choices import Desk, Question, View, own_scenario


def ways(work: Worked, look: View) -> list[tuple[str, str]]:
    """Title and address of each world of the lesson that is the whole world: limits live in a simplified one.

    Args:
        work: The lesson worked out.
        look: Language and shade of the page.
    """
    found: dict[str, str] = {}
    for scenario in work.scenarios.values():
        if not scenario.regions and scenario.title not in found:
            question = replace(Question(own=own_scenario(scenario.to_toml())), region=_acting(scenario, work.group))
            found[scenario.title] = f"/?{address_of(Desk(question), look)}"
    return list(found.items())


def _acting(scenario: abm.Scenario, group: str) -> str:
    """Region whose numbers are shown: where something is done, unless the student's ministry says which."""
    named = [act.region for act in scenario.interventions if act.region in load_tables().region_names]
    return group or (named[0] if named else Question().region)


@solara.component
def Explore(work: Worked, look: View) -> None:
    """Links to the worlds of a lesson; nothing where they are simplified ones.

    Args:
        work: The lesson worked out.
        look: Language and shade of the page.
    """
    found = ways(work, look)
    with solara.Div(classes=["perhaps"]):
        if found:
            with solara.v.Html(tag="section", class_="card", attributes={"aria-label": strings.LESSON_EXPLORE}):
                solara.v.Html(tag="h2", children=[strings.LESSON_EXPLORE])
                with solara.v.Html(tag="ul", class_="ways-on"):
                    for title, address in found:
                        with solara.v.Html(tag="li"):
                            solara.v.Html(tag="a", attributes={"href": address}, children=[title])
