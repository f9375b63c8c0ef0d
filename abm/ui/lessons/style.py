"""The look of the lessons."""

from pathlib import Path

LESSON_STYLE = Path(__file__).with_name("lessons.css")
