"""Charts of a record: chart options for the page, and pictures for the command line.

No numbers are made here.
"""

from abm.figures.changes import Change, changes_option
from abm.figures.flows import flows_option
from abm.figures.goals import Reading, goals_option
from abm.figures.layers import Layer, layers_option
from abm.figures.lines import Line, Mark, line_option
from abm.figures.names import label_of, observations, targets
from abm.figures.options import bars_option, map_option
from abm.figures.palette import DARK, LIGHT, Palette, offer_colours
from abm.figures.pictures import write_charts
from abm.figures.terms import Term, terms_option

__all__ = [
    "DARK",
    "LIGHT",
    "Change",
    "Layer",
    "Line",
    "Mark",
    "Palette",
    "Reading",
    "Term",
    "bars_option",
    "changes_option",
    "flows_option",
    "goals_option",
    "label_of",
    "layers_option",
    "line_option",
    "map_option",
    "observations",
    "offer_colours",
    "targets",
    "terms_option",
    "write_charts",
]
