"""Names from scenario files are harmless in figures, and every character has a glyph."""

from __future__ import annotations

import copy
import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from matplotlib import font_manager
from matplotlib import pyplot as plt

import sim
from sim.report import words
from sim.report.drawing import fonts
from sim.report.drawing.labels import columns, folded, one_line
from sim.scenario import Text
from tests.build import results

HOSTILE = [
    "<script>alert(1)</script>",
    "$\\frac{",
    "=1+1",
    "x" * 200,
    "审批局" * 70,
    "开发区 🏗️ 😀 𠮷",
    "two\nlines\tand \u202e a turn \u0007",
    "--> ]]> &amp; \" '",
]


def named(label: str) -> sim.Result:
    """Return a result whose limits and pools are all called so."""
    result = results.run()
    scenario = result.scenario

    def renamed(parts):
        label_of = {"label": Text(en=label)}
        return {name: part.model_copy(update=label_of) for name, part in parts.items()}

    model = copy.copy(result.model)
    model.scenario = scenario.model_copy(
        update={"pools": renamed(scenario.pools), "limits": renamed(scenario.limits)}
    )
    return replace(result, model=model)


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_are_drawn_as_text(label: str) -> None:
    result = named(label)
    ax = sim.figures.on_time(result)
    (shown,) = ax.get_yticklabels()
    assert shown.get_text().replace("\n", "")[:3] == one_line(label)[:3]
    assert not shown.get_parse_math()
    svg = sim.figures.to_svg(ax.get_figure(), "a")
    texts = [element.text or "" for element in ET.fromstring(svg).iter()]
    assert "<script" not in svg
    assert not any("\u202e" in text or columns(text) > 60 for text in texts)
    assert shown.get_text().splitlines()[0].strip() in texts
    plt.close("all")


def test_a_hostile_label_in_every_figure_of_a_report() -> None:
    for plate in sim.figures.plates(named("<script>x</script> $\\frac{\n开发区" + "x" * 100)):
        svg = sim.figures.to_svg(plate.draw(), plate.name)
        ET.fromstring(svg)
        assert "<script" not in svg
        assert "\n" not in plate.title + plate.caption


def test_taming() -> None:
    assert one_line("  two\nlines\x00 ") == "two lines"
    assert one_line("a" * 50, 10) == "a" * 9 + "…"
    assert columns(one_line("审" * 50, 11)) <= 11
    assert one_line("\U00013000野") == "〓野"  # a hieroglyph
    assert one_line("\ud800x\u202e") == "x"
    assert one_line("$x$") == "$x$"


def test_folding_breaks_at_blanks_dots_and_characters() -> None:
    assert folded("Construction permit office", 14) == "Construction\npermit office"
    assert folded("case_types.project.volume", 20) == "case_types.project.\nvolume"
    assert folded("建设工程规划许可", 8) == "建设工程\n规划许可"
    assert folded("x" * 50, 10) == "x" * 10 + "\n" + "x" * 9 + "…"
    assert folded("short") == "short"


def texts_of_figures():
    """Yield the tables of texts that stand beside the figures."""
    figures = re.compile(r"sim\.report\.(drawing|case_life|\w+\.figures)\b")
    for module in [module for name, module in sys.modules.items() if figures.match(name)]:
        for name in ("WORDS", "SHARED", "OWNER_WORDS", "TITLES", "CAPTIONS"):
            yield vars(module).get(name, {})


def test_every_character_of_the_words_has_a_glyph() -> None:
    tables = [words.WORDS, *texts_of_figures()]
    assert sum(len(table) for table in tables) > 300
    everything = {
        char
        for table in tables
        for pair in table.values()
        for text in pair
        for char in text
        if char != "\n"
    }
    assert {char for char in everything if ord(char) not in fonts.covered()} == set()


def test_chinese_needs_no_installed_font(monkeypatch) -> None:
    """With the shipped font alone; a missing glyph is a warning, and so an error here."""
    shipped = [e for e in font_manager.fontManager.ttflist if e.name not in fonts.INSTALLED]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", shipped)
    font_manager._get_font.cache_clear()
    fonts.families.cache_clear()
    fonts.covered.cache_clear()
    try:
        assert fonts.families() == (fonts.LATIN, fonts.SHIPPED_FAMILY)
        ax = sim.figures.on_time(results.run(), language="zh")
        ax.get_figure().canvas.draw()
        assert ax.get_yticklabels()[0].get_text() == "两日办结"
    finally:
        monkeypatch.undo()
        fonts.families.cache_clear()
        fonts.covered.cache_clear()
        plt.close("all")


def test_axes_made_elsewhere_take_the_fonts_and_share_their_place() -> None:
    figure, (left, right) = plt.subplots(1, 2)
    sim.figures.on_time_by_period(results.run(), ax=left, language="zh")
    sim.figures.pool_load(results.run(), ax=right, language="zh")
    by_hand = figure.add_axes((0.6, 0.1, 0.3, 0.3))
    sim.figures.pool_load(results.run(), ax=by_hand, language="zh")
    figure.canvas.draw()  # a missing glyph is a warning, and so an error
    assert len(figure.axes) == 3 + 2 + 2
    for ax in (right, by_hand):
        panels = [each for each in figure.axes if each.get_shared_y_axes().joined(ax, each)]
        boxes = sorted((each.get_position() for each in panels), key=lambda box: box.x0)
        assert len(boxes) == 3
        assert all(a.x1 <= b.x0 + 1e-9 for a, b in pairwise(boxes))
        assert len({(round(box.y0, 6), round(box.y1, 6)) for box in boxes}) == 1
    plt.close("all")


def test_the_shipped_font_has_the_characters_of_gb2312_and_is_small() -> None:
    from fontTools.ttLib import TTFont

    with TTFont(fonts.SHIPPED) as font:
        has = font.getBestCmap().keys()
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                char = bytes([row, cell]).decode("gb2312")
            except UnicodeDecodeError:
                continue
            assert ord(char) in has
    assert fonts.SHIPPED.stat().st_size < 1_500_000
    licence = fonts.SHIPPED.with_name("LICENSE-Apache-2.0.txt").read_text(encoding="utf-8")
    assert "Apache License" in licence
