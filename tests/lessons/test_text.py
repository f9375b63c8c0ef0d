"""A lesson's text as HTML: formulas are drawn without a script, and nobody's lesson can bring one."""

import re
from html.parser import HTMLParser

import pytest

from abm.lessons.lesson import Lesson, library
from abm.lessons.text import html_of, inline_html_of, latex_as_code, mathml_of
from abm.lessons.worked import worked
from abm.quantities import InputError


class Elements(HTMLParser):
    """Names and attributes of all elements, as a browser would see them."""

    def __init__(self, html):
        super().__init__()
        self.names, self.attributes, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def test_latex_survives_markdown():
    html = html_of(r"With $a_i * b_i$ and *c*, $\lambda_{j}$ and `$x$`, for $5 or $6, \$7.")
    assert html.count("<math") == 2 and html.count("<msub>") == 3
    assert "<em>c</em>" in html and "<code>$x$</code>" in html and html.endswith("for $5 or $6, $7.</p>")
    displayed = html_of("See\n\n$$ P = \\frac{e^{V_1}}{1 + e^{V_1}},\n\\qquad x_i * y_i $$\n\nthen.")
    assert 'display="block"' in displayed and "<em>" not in displayed and "\\" not in displayed
    assert "<td><math" in html_of("| a | b |\n|---|---|\n| $x_1$ | 2 |")


def test_a_sentence_stays_one():
    assert inline_html_of("1. *b*\n# c") == "1. <em>b</em> # c"
    assert inline_html_of("> $a < b$").startswith("&gt; <math")


@pytest.mark.parametrize("of", [html_of, inline_html_of])
@pytest.mark.parametrize("attack", [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b onclick='x'>b</b>", "a\n\n<div><script></script></div>",
    "[x](javascript:alert(1))", "[x]( JaVaScRiPt:alert(1))", "[x](&#106;avascript:alert(1))", "[x](data:text/html,y)",
    "<javascript:alert(1)>", "[x][1]\n\n[1]: javascript:alert(1)", "![x](https://elsewhere.org/pixel.png)",
    "![x](javascript:alert(1))", '[x](https://a.org "\\" onmouseover=\\"alert(1)")', "`<script>`", "    <script>",
    r"$\text{<script>alert(1)</script>}$", r"$\text{&lt;img src=x onerror=alert(1)&gt;}$", "$<script>$", "$$<b onclick=x>$$",
    r"$\href{javascript:alert(1)}{x}$", r"$\style{background:url(https://elsewhere.org)}{x}$", r"$\class{a}{x}$",
    r"$\color{red\" onload=\"alert(1)}{x}$", "\x02wzxhzdk:0\x03 <i>", "<!-- --><script>", "<?php x ?>", "&lt;script&gt;",
])  # fmt: skip
def test_a_lesson_brings_no_script(of, attack):
    seen = Elements(of(attack))
    assert not set(seen.names) & {"script", "b", "div", "i", "iframe", "style"}
    for name, value in seen.attributes:
        assert not name.startswith("on") and name not in ("style", "class", "id"), (name, value)
        if name in ("href", "src"):
            assert re.match("https?:|mailto:|#", value) and "elsewhere" not in value


@pytest.mark.parametrize("latex", [r"\frac", r"\left( x", "x_", "{" * 5000])
def test_a_formula_that_cannot_be_read_is_refused(latex):
    with pytest.raises(InputError, match=r"the formula .* cannot be read: .*; correct its LaTeX"):
        mathml_of(latex)


def test_formulas_are_code_where_latex_is_unknown():
    assert latex_as_code("a $x_i$ b\n$$ y $$") == "a `x_i` b\n\n```\ny\n```\n"


@pytest.mark.parametrize("name", library())
def test_all_formulas_of_the_lessons_are_known(name):
    """What the converter does not know it leaves as it stands."""
    done = worked(Lesson.load(name))
    for heading in done.lesson.sections:
        seen = Elements(html_of(done.section(heading)))
        assert "\\" not in seen.text and "$" not in seen.text, heading
        assert not re.search(r"\*\w|\w\*|^- ", seen.text, flags=re.MULTILINE), heading
