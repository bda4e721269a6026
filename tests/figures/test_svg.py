"""A figure as SVG: the same bytes every time, and at home in any page."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

import sim
from tests.build import results

DRAW = """
from tests.build import results
import sim
for plate in sim.figures.plates(results.run(), "zh"):
    print(sim.figures.to_svg(plate.draw(), plate.name))
"""


def svg(name: str = "a", language: str = "en") -> str:
    plate = next(p for p in sim.figures.plates(results.run(), language) if p.name == "clock-0")
    return sim.figures.to_svg(plate.draw(), name)


def test_it_is_an_element_that_scales_with_its_box() -> None:
    text = svg()
    assert text.startswith("<svg ")
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert root.get("viewBox").startswith("0 0 283")
    assert not {"width", "height"} & set(root.attrib)
    for absent in ("<?xml", "DOCTYPE", "metadata", "<style", "dc:date", "<image"):
        assert absent not in text


def test_text_is_text_in_the_fonts_of_the_reader() -> None:
    root = ET.fromstring(svg(language="zh"))
    texts = [element for element in root.iter() if element.tag.endswith("}text")]
    assert any("用时" in (element.text or "") for element in texts)
    fonts = r"font-family: .*PingFang SC.*Noto Sans CJK SC.*sans-serif"
    assert re.search(fonts, root.get("style", ""))  # all texts inherit them
    for element in texts:
        style = element.get("style", "")
        assert "font-family" not in style
        assert "font: " not in style or "PingFang SC" in style
        assert "Approval" not in style


def test_two_on_one_page_never_clash() -> None:
    ids = [
        {each.get("id") for each in ET.fromstring(svg(name)).iter() if each.get("id")}
        for name in ("a", "b")
    ]
    assert ids[0]
    assert ids[0].isdisjoint(ids[1])


def test_the_same_bytes_every_time() -> None:
    assert svg() == svg()


@pytest.mark.slow
def test_the_same_bytes_in_another_process() -> None:
    """Where hashes of texts, and so the order of sets, are others."""
    there = subprocess.run(
        [sys.executable, "-c", DRAW], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    plates = sim.figures.plates(results.run(), "zh")
    here = (sim.figures.to_svg(plate.draw(), plate.name) + "\n" for plate in plates)
    assert there.stdout == "".join(here)


@pytest.mark.parametrize("name", ["", "1st", "a b", 'a"', "审批"])
def test_a_name_must_be_good_for_an_id(name: str) -> None:
    with pytest.raises(ValueError, match="must be letters"):
        svg(name)
