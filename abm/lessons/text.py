"""A lesson's Markdown and LaTeX as HTML and MathML, which browsers draw without a script."""

from __future__ import annotations

import html
import re
import reprlib
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import Converter
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from abm.quantities import InputError

# As in Jupyter and Pandoc: no space inside the dollars, no digit behind them, so that prices are left alone.
_DISPLAYED = r"\$\$(.+?)\$\$"
_INLINE = r"(?<![\\$])\$(?![\s$])([^$]*?[^$\s\\])\$(?![\d$])"
_SAFE = {  # what a link may lead to; a picture that had to be fetched would tell who reads the lesson
    "href": re.compile(r"https?://|mailto:|#", re.IGNORECASE),
    "src": re.compile(r"data:image/(png|jpeg|gif|webp);", re.IGNORECASE),
}
_ATTRIBUTES = frozenset((
    "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle", "fence",
    "form", "frame", "height", "largeop", "linethickness", "lspace", "mathcolor", "mathvariant", "maxsize", "minsize",
    "movablelimits", "notation", "rowlines", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric",
    "voffset", "width", "xmlns",
))  # fmt: skip
_BLOCKS = ("indent", "code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote", "reference")


@lru_cache(maxsize=512)
def html_of(markdown: str) -> str:
    """Markdown with tables, and LaTeX between dollars, as HTML.

    HTML in it is shown as text and addresses of scripts are left out: a lesson may come from anybody.

    Args:
        markdown: The text; results have been filled in.

    Raises:
        InputError: If a formula cannot be read.

    >>> html_of("a *b* <i>")
    '<p>a <em>b</em> &lt;i&gt;</p>'
    """
    return str(_parser().convert(markdown))


@lru_cache(maxsize=512)
def inline_html_of(markdown: str) -> str:
    """The same for a sentence inside a paragraph or heading of the page.

    Args:
        markdown: The sentence.

    Raises:
        InputError: If a formula cannot be read.

    >>> inline_html_of("1. *b*")
    '1. <em>b</em>'
    """
    parser = _parser()
    for block in _BLOCKS:
        parser.parser.blockprocessors.deregister(block)
    parser.parser.blockprocessors.deregister("table")
    return str(parser.convert(" ".join(markdown.split()))).removeprefix("<p>").removesuffix("</p>")


def latex_as_code(markdown: str) -> str:
    """Markdown whose formulas are code, for readers of Markdown that know no LaTeX.

    Args:
        markdown: The text.

    >>> latex_as_code("the rate $p_i$")
    'the rate `p_i`'
    """
    displayed = re.sub(_DISPLAYED, lambda formula: f"\n```\n{formula[1].strip()}\n```\n", markdown, flags=re.DOTALL)
    return re.sub(_INLINE, r"`\1`", displayed)


def mathml_of(latex: str, display: str = "inline") -> str:
    """A formula as MathML.

    Args:
        latex: The formula, without its dollars.
        display: "inline", or "block" on a line of its own.

    Raises:
        InputError: If it cannot be read.
    """
    try:
        formula = Converter(display=display).convert_to_element(latex.strip())
    except Exception as error:  # they have no class in common, and most say all by their names
        said = str(error) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).removesuffix(" Error").lower()
        raise InputError(
            f"the formula {reprlib.repr(latex.strip())} cannot be read: {said}; correct its LaTeX."
        ) from None
    for part in formula.iter():
        _make_harmless(part)
    return tostring(formula, encoding="unicode")


def _make_harmless(part: Element) -> None:
    """Signs are given as entities, text as it was typed: only what is written anew is sure to be text."""
    part.text = html.unescape(part.text) if part.text else part.text
    for name in set(part.attrib) - _ATTRIBUTES:
        del part.attrib[name]


def _parser() -> Markdown:
    return Markdown(extensions=["tables", _Lesson()], output_format="html")


class _Formula(InlineProcessor):
    def __init__(self, pattern: str, md: Markdown, display: str) -> None:
        super().__init__(pattern, md)
        self._display = display

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:
        return self.md.htmlStash.store(mathml_of(m[1], self._display)), m.start(), m.end()


class _Addresses(Treeprocessor):
    def run(self, root: Any) -> None:
        for part in root.iter():
            for name, safe in _SAFE.items():
                if name in part.attrib and not safe.match(part.attrib[name].strip()):
                    del part.attrib[name]


class _Lesson(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        # Code comes first (190), escapes and emphasis afterwards (180 and less).
        md.inlinePatterns.register(_Formula(_DISPLAYED, md, "block"), "displayed formula", 186)
        md.inlinePatterns.register(_Formula(_INLINE, md, "inline"), "formula", 185)
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$"]
        md.treeprocessors.register(_Addresses(md), "addresses", 0)
