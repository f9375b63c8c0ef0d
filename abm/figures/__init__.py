"""Charts of a record: chart options for the page, and pictures for the command line. No numbers are made here."""

from abm.figures.lines import Line, Mark, line_option
from abm.figures.names import label_of, observations, targets
from abm.figures.options import bars_option, map_option
from abm.figures.palette import DARK, LIGHT, Palette, offer_colours
from abm.figures.pictures import write_charts

__all__ = [
    "DARK",
    "LIGHT",
    "Line",
    "Mark",
    "Palette",
    "bars_option",
    "label_of",
    "line_option",
    "map_option",
    "observations",
    "offer_colours",
    "targets",
    "write_charts",
]
