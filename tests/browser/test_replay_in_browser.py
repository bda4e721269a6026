"""The replay in a browser: it moves, stops, goes to any minute, follows a case, and fits."""

from __future__ import annotations

import json

import numpy as np
import pytest

import sim
from sim.report.page import page_of_replay
from sim.report.replay.film import Film
from tests.build import results
from tests.build.browsing import LANGUAGES, SIZES, opened
from tests.build.looks import STICKING_OUT
from tests.build.replay_data import NEAR, OVER, Shown

pytestmark = pytest.mark.slow

CUT_OFF = """() => [...document.querySelectorAll(
    ".film .name, .film .stage, .film dt, .film button")]
    .filter((each) => each.clientWidth && each.scrollWidth > each.clientWidth + 1)
    .map((each) => each.textContent)"""
STATE = "document.querySelector('.edition:lang(en) .film').replayState"
SHOWN = f"""(t) => {{
  const state = {STATE};
  state.goTo(t);
  const now = state.history.at(state.type, t);
  return {{ tally: now.tally, waits: [...now.waits], marks: now.marks.length }};
}}"""


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Return the page of a replay, and the data that it holds."""
    replay = sim.replay(results.city())
    file = tmp_path_factory.mktemp("replay") / "city.html"
    file.write_text(page_of_replay(replay), encoding="utf-8")
    return file, Shown(Film(replay).data)


def moment(page) -> int:
    return page.evaluate(f"{STATE}.t")


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_and_nothing_is_said(size, language, browser, city):
    with opened(browser, city[0], SIZES[size]) as page:
        page.click(f"[data-to='{language}']")
        page.locator(".place:visible").first.wait_for()
        page.locator(".usual:visible").click()
        for _ in range(12):
            page.locator("[data-days='1']:visible").click()
            width, room = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
            assert width <= room
        assert page.evaluate(STICKING_OUT) == []
        assert page.evaluate(CUT_OFF) == []
        assert page.locator(".mark:visible").count() > 10
        assert page.locator(".board .mine:visible").count() > 0
        assert page.locator(".followed:visible tbody tr").count() > 3


def test_it_plays_stops_and_goes_where_the_slider_is(browser, city):
    with opened(browser, city[0]) as page:
        button = page.locator(".play:visible")
        began = moment(page)
        button.click()
        assert button.inner_text() == "Pause"
        for _ in range(50):
            page.wait_for_timeout(100)
            if moment(page) > began + 300:
                break
        assert moment(page) > began + 300
        button.click()
        stopped = moment(page)
        page.wait_for_timeout(150)
        assert moment(page) == stopped
        assert button.inner_text() == "Play"
        before = page.locator(".moment:visible").inner_text()
        slider = page.locator("input[type=range]:visible")
        slider.fill(str(city[1].data["first"] + 20 * 1440))
        assert moment(page) == city[1].data["first"] + 20 * 1440
        assert page.locator(".moment:visible").inner_text() == "Sun 21 March 2021, 00:00" != before
        assert page.locator(".off:visible").inner_text() == "not a working day"
        slider.press("ArrowRight")
        assert moment(page) == city[1].data["first"] + 20 * 1440 + 60
        slider.press("Space")
        assert button.inner_text() == "Pause"
        slider.press("Space")
        page.click("[data-to='zh-CN']")
        assert page.locator(".moment:visible").inner_text().startswith("2021年3月21日 周日")


def test_every_minute_is_drawn_as_the_data_tell(browser, city):
    file, data = city
    with opened(browser, file) as page:
        page.locator(".place:visible").first.wait_for()
        first, last = data.data["first"], data.data["last"]
        for t in np.random.default_rng(3).integers(first, last, 25).tolist():
            drawn = page.evaluate(SHOWN, t)
            here = np.flatnonzero(data.open_cases(t) & (data.type == 0))
            colours = [data.worst(place, t) for place in here]
            assert drawn["tally"]["open"] == len(here)
            assert drawn["tally"]["near"] == colours.count(NEAR)
            assert drawn["tally"]["over"] == colours.count(OVER)
            waiting = np.bincount(data.waiting(t))
            assert dict(drawn["waits"]) == {p: n for p, n in enumerate(waiting.tolist()) if n}
            assert drawn["marks"] == (data.open_items(t) & (data.type[data.of] == 0)).sum()
            counts = page.locator(".place:visible .counts b").all_inner_texts()
            assert sum(map(int, filter(None, counts))) == drawn["marks"]


def test_a_case_is_followed_by_its_number_and_by_a_click(browser, city):
    file, data = city
    with opened(browser, file) as page:
        page.locator(".place:visible").first.wait_for()
        field = page.locator(".follow:visible input")
        field.fill("999999")
        field.press("Enter")
        assert page.locator(".hint:visible").inner_text() == "No such case here."
        project = int(data.number[(data.type == 0) & (data.arrival > data.data["first"])][0])
        field.fill(str(project))
        page.locator(".go:visible").click()
        assert "has not arrived yet" in page.locator(".followed:visible p").first.inner_text()
        page.locator(".arrival:visible").click()
        page.locator("[data-days='1']:visible").click()
        assert f"{project}: in process" in page.locator(".followed:visible p").first.inner_text()
        page.click("[data-to='zh-CN']")
        assert f"{project}\uff1a在办" in page.locator(".followed:visible p").first.inner_text()
        page.click("[data-to='en']")
        page.locator(".end:visible").click()
        assert page.locator(".followed:visible tr").count() == 0
        page.evaluate("document.querySelector('.film .board').scrollIntoView()")
        box = page.locator(
            ".board:visible .mark.waits, .board:visible .mark.away"
        ).last.bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert page.locator(".followed:visible tr").count() > 1


def test_with_less_motion_it_stands_still(browser, city):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(city[0].as_uri())
    assert page.locator(".play:visible").is_disabled()
    assert page.locator(".quiet:visible").count() == 1
    page.locator("[data-days='1']:visible").click()
    assert page.locator(".board:visible .mark").count() > 0
    context.close()


def test_a_print_has_the_picture_and_no_controls(browser, city):
    with opened(browser, city[0], (794, 1123)) as page:
        page.locator(".place:visible").first.wait_for()
        marks = page.locator(".board:visible .marks .mark").count()
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        assert page.locator(".printed:visible").count() == marks > 0
        assert page.locator(".controls:visible, .follow:visible").count() == 0
        assert page.locator(".moment:visible").count() == 1
        width, room = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
        assert width <= room


def test_the_page_of_a_run_has_its_replay(browser, pages):
    with opened(browser, pages["base"], folded=True) as page:
        assert page.locator(".film .place").count() == 0, "nothing is read before it is looked at"
        page.locator("section.replay:visible summary").click()
        page.locator(".place:visible").first.wait_for()
        weight = page.evaluate("document.querySelector('[data-replay]').dataset.replay.length")
        assert 50_000 < weight < 600_000
        assert json.loads(page.locator("[data-replay]").get_attribute("data-replay"))["usual"]
