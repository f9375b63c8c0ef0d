"""The words of the page in the language of its user: each language is a file of its own, `languages/en.toml` the first."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import solara

FOLDER = Path(__file__).with_name("languages")
ENGLISH = "en"
LANGUAGE: solara.Reactive[str] = solara.reactive(ENGLISH)  # of one user: Solara keeps one value for each open page


@lru_cache(maxsize=8)
def words_of(language: str) -> dict[str, Any]:
    """All words of a language, by name.

    Args:
        language: Name of a file in `languages`.
    """
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def languages() -> dict[str, str]:
    """Languages by the name that each gives itself, English first."""
    names = sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda name: (name != ENGLISH, name))
    return {name: words_of(name)["LANGUAGE_NAME"] for name in names}


def __getattr__(name: str) -> Any:
    """A sentence, or a table of them, by its name in the language's file."""
    try:
        return words_of(LANGUAGE.value)[name]
    except KeyError:
        raise AttributeError(name) from None


def named(what: str, name: str, english: str) -> str:
    """A name from the data tables or the declarations in the user's language.

    Args:
        what: What it is the name of, a table of `NAMES` in the language's file.
        name: Its key there.
        english: What the tables or declarations say.
    """
    return str(words_of(LANGUAGE.value).get("NAMES", {}).get(what, {}).get(name, english))
