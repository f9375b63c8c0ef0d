"""Which page stands at which address."""

from collections.abc import Callable

import solara

from abm.ui import strings
from abm.ui.app import Layout, Page
from abm.ui.classes import named_class
from abm.ui.lessons.page import LessonPage
from abm.ui.lessons.student import ClassPage
from abm.ui.lessons.teacher import TeacherPage
from abm.ui.lessons.view import PATH as LESSON
from abm.ui.problems import Problem
from abm.ui.sweeps.page import SweepPage
from abm.ui.sweeps.view import PATH


def outside_class(page: Callable[[], solara.Element]) -> Callable[[], solara.Element]:
    """A page that is closed while this server holds a class: students would find the answers there, and slow the others."""

    @solara.component
    def Closed() -> None:
        if named_class() is None:
            page()
        else:
            Problem(strings.CLASS_ONLY)

    return Closed


# The layout of the first is that of all.
routes = [
    solara.Route("/", component=outside_class(Page), layout=Layout, label="abm"),
    solara.Route(PATH.strip("/"), component=outside_class(SweepPage), label="abm"),
    solara.Route(LESSON.strip("/"), component=outside_class(LessonPage), label="abm"),
    solara.Route("class", component=ClassPage, label="abm"),
    solara.Route("teacher", component=TeacherPage, label="abm"),
]
