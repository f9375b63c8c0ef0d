"""The look of the lessons."""

from pathlib import Path

LESSON_STYLE = Path(__file__).with_name("lessons.css")
# In class the courier says that there is no connection, and loads the page anew: Solara's curtain would take every tap.
CLASS_STYLE = ".v-overlay, .v-dialog__content { display: none !important; }"
