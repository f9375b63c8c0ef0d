"""Which page stands at which address."""

import solara

from abm.ui.app import Layout, Page
from abm.ui.lessons.page import LessonPage
from abm.ui.lessons.student import ClassPage
from abm.ui.lessons.teacher import TeacherPage
from abm.ui.lessons.view import PATH as LESSON
from abm.ui.sweeps.page import SweepPage
from abm.ui.sweeps.view import PATH

# The layout of the first is that of all.
routes = [
    solara.Route("/", component=Page, layout=Layout, label="abm"),
    solara.Route(PATH.strip("/"), component=SweepPage, label="abm"),
    solara.Route(LESSON.strip("/"), component=LessonPage, label="abm"),
    solara.Route("class", component=ClassPage, label="abm"),
    solara.Route("teacher", component=TeacherPage, label="abm"),
]
