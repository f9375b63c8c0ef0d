"""Which page stands at which address."""

import solara

from abm.ui.app import Layout, Page
from abm.ui.sweeps.page import SweepPage
from abm.ui.sweeps.view import PATH

# The layout of the first is that of all.
routes = [
    solara.Route("/", component=Page, layout=Layout, label="abm"),
    solara.Route(PATH.strip("/"), component=SweepPage, label="abm"),
]
