"""No text of a file becomes anything but text."""

import re

import pytest

from sim.report.page import Named, page_of
from sim.report.page.chapter import checked_svg
from tests.build.named_results import HOSTILE, KINDS, result
from tests.build.strict_page import Page

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">{}</svg>'


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "reforms"])
def test_hostile_names_are_shown_as_they_are(kind):
    text = page_of([Named(HOSTILE, result(kind, HOSTILE), f"sim {kind} {HOSTILE}")])
    page = Page(text)
    assert page.problems == []
    assert text.count("<script") == 1
    assert "<img" not in text
    assert "onerror" not in {key for each in page.root.all() for key in each.attributes}
    assert HOSTILE in page.root.text
    assert "<script>alert(1)" not in text
    assert "{{ 7 * 7 }}" in text, "no name is taken for a template"


def test_hostile_names_of_several_results():
    named = [Named(HOSTILE, result("run", HOSTILE)), Named("b", result("sweep", HOSTILE))]
    page = Page(page_of(named))
    assert page.problems == []
    assert HOSTILE in page.edition("en").all("ol")[0].text


def test_the_style_and_the_script_end_where_they_should(no_figures):
    text = page_of([Named("a", result("run", HOSTILE))])
    assert text.count("</style>") == 1
    assert len(re.findall("</script>", text)) == 1


def test_a_drawing_is_checked_svg():
    good = SVG.format('<defs><path id="a" d="M0 0"/></defs><use x:href="#a" clip-path="url(#a)"/>')
    assert checked_svg(good) == good


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "<style>* { fill: url(http://example.org) }</style>",
        '<foreignObject><b xmlns="http://www.w3.org/1999/xhtml">x</b></foreignObject>',
        '<a x:href="#a"><text>x</text></a>',
        '<use x:href="http://example.org/#a"/>',
        '<use href="data:image/svg+xml,x"/>',
        '<rect onload="alert(1)"/>',
        '<rect ONCLICK="alert(1)"/>',
        "<rect style=\"fill: url( 'http://example.org')\"/>",
        '<image href="http://example.org/x.png"/>',
    ],
)
def test_a_drawing_that_could_do_more_is_refused(bad):
    with pytest.raises(ValueError, match="must not contain"):
        checked_svg(SVG.format(bad))
