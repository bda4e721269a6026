"""Reports in a browser: quiet, within their width, sorted, in two languages, fit for printing."""

from __future__ import annotations

import re

import pytest

from tests.build.browsing import LANGUAGES, SIZES, opened
from tests.build.looks import STICKING_OUT

pytestmark = pytest.mark.slow

NAMES = ("base", "zones", "comparison")
TOO_WIDE = """() => [...document.querySelectorAll(".edition .drawing > svg")]
    .filter((each) => each.getClientRects().length)
    .filter((each) => {
      const own = each.getBoundingClientRect();
      const room = each.parentElement.getBoundingClientRect();
      return own.width > room.width + 1 || room.width > innerWidth;
    })
    .map((each) => each.textContent.slice(0, 40))"""
SMALL_TEXT = """() => Math.min(...[...document.querySelectorAll(".edition .drawing > svg text")]
    .filter((each) => each.getClientRects().length && each.textContent.trim())
    .map((each) => {
      const drawn = each.getCTM();
      return Math.hypot(drawn.a, drawn.b) * parseFloat(getComputedStyle(each).fontSize);
    }))"""
LEAST_PX = 6.5
"""Of the smallest text of figures, which stands in cells and boxes."""


def test_the_watch_sees_what_is_wrong(browser, tmp_path):
    """What all tests here rely on: noise and requests are seen, and what sticks out."""
    file = tmp_path / "bad.html"
    file.write_text(
        "<p style='width:3000px'>x</p><img src='http://127.0.0.1:9/x.png'>"
        "<script>console.warn('noise')</script>",
        encoding="utf-8",
    )
    with pytest.raises(AssertionError, match="noise"), opened(browser, file) as page:
        assert page.evaluate("document.scrollingElement.scrollWidth") > 1280
        assert len(page.evaluate(STICKING_OUT)) == 1


def test_the_policy_stops_what_does_not_belong(browser, pages, tmp_path):
    """Were a name not escaped, its script and its picture would still do nothing."""
    file = tmp_path / "broken.html"
    inserted = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='x'\">"
    text = pages["base"].read_text("utf-8").replace("<main>", f"<main>{inserted}")
    file.write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert page.title() not in {"taken", "x"}
    assert page.locator("html").get_attribute("class") == "scripts", "the page's own script runs"
    page.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_sticks_out_and_nothing_is_said(name, size, browser, pages):
    with opened(browser, pages[name], SIZES[size]) as page:
        for language in LANGUAGES:
            page.click(f"[data-to='{language}']")
            width, room = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
            assert width <= room
            assert page.evaluate(STICKING_OUT) == []
            assert page.evaluate(TOO_WIDE) == []
            assert page.evaluate(SMALL_TEXT) >= LEAST_PX


@pytest.mark.parametrize("name", NAMES)
def test_the_switch_changes_the_language(name, browser, pages):
    first = "zh-CN" if name == "zones" else "en"
    (other,) = set(LANGUAGES) - {first}
    with opened(browser, pages[name]) as page:
        for language in (first, other, first):
            if language != page.locator("html").get_attribute("lang"):
                page.click(f"[data-to='{language}']")
            assert page.locator("html").get_attribute("lang") == language
            heading = page.locator("h1:visible")
            assert heading.count() == 1
            assert page.locator(".edition:visible").get_attribute("lang") == language
            assert bool(re.search("[\u4e00-\u9fff]", heading.inner_text())) == (language != "en")
            assert page.title() == heading.inner_text()
            pressed = page.locator("[data-to][aria-pressed=true]")
            assert pressed.get_attribute("data-to") == language


def test_the_switch_keeps_the_place(browser, pages):
    with opened(browser, pages["base"]) as page:
        page.evaluate("document.getElementById('en-r1-pools').scrollIntoView()")
        page.click("[data-to='zh-CN']")
        top = page.evaluate("document.getElementById('zh-r1-pools').getBoundingClientRect().top")
        assert abs(top) < 100


def test_without_scripts_the_first_language_is_there(browser, pages):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages["zones"].as_uri())
    assert page.locator("h1:visible").count() == 1
    assert page.locator(".edition:visible").get_attribute("lang") == "zh-CN"
    assert page.locator(".scripted:visible").count() == 0
    context.close()


def column(table, number: int) -> list[str]:
    return table.locator(f"tbody tr > :nth-child({number + 1})").all_inner_texts()


def test_numbers_are_sorted_as_numbers(browser, pages):
    with opened(browser, pages["base"]) as page:
        table = page.locator("section.pools:visible table")
        heading = table.locator("thead th").nth(3)
        assert heading.get_attribute("aria-sort") is None
        before = column(table, 3)
        heading.locator("button").click()
        assert heading.get_attribute("aria-sort") == "descending"
        waits = [float(each.removesuffix(" h").replace(",", "")) for each in column(table, 3)]
        assert waits == sorted(waits, reverse=True)
        assert [f"{each:.1f} h" for each in waits] != before
        assert [str(each) for each in waits] != sorted(map(str, waits), reverse=True), "not as text"
        heading.locator("button").press("Enter")
        assert heading.get_attribute("aria-sort") == "ascending"
        assert column(table, 3)[0] == f"{min(waits):.1f} h"


def test_texts_are_sorted_as_texts_and_one_column_at_a_time(browser, pages):
    with opened(browser, pages["base"]) as page:
        table = page.locator("section.pools:visible table")
        headings = table.locator("thead th")
        headings.nth(2).locator("button").click()
        headings.nth(0).locator("button").click()
        names = column(table, 0)
        assert names == sorted(names, key=str.lower)
        assert table.locator("[aria-sort]").count() == 1
        assert headings.nth(0).get_attribute("aria-sort") == "ascending"


def test_months_are_sorted_by_date_and_missing_numbers_come_last(browser, pages):
    with opened(browser, pages["base"]) as page:
        table = page.locator("section.months:visible table").first
        before = column(table, 0)
        assert before[0].startswith("January")
        table.locator("thead button").first.click()
        assert column(table, 0) == before
        table.locator("thead button").first.click()
        assert column(table, 0) == before[::-1]
        days = page.locator("section.days:visible table").first
        cell = days.locator("tbody tr").first.locator("td").last
        cell.evaluate("cell => { delete cell.dataset.key; cell.textContent = '–'; }")
        for _ in range(2):
            days.locator("thead button").last.click()
            assert column(days, days.locator("thead th").count() - 1)[-1] in {"–", "·"}


def test_a_total_stays_at_the_end(browser, pages):
    with opened(browser, pages["base"]) as page:
        table = page.locator("section.pools:visible table")
        total = table.locator("tbody tr").nth(3)
        name = total.locator("th").inner_text()
        total.evaluate("row => row.setAttribute('data-total', '')")
        for _ in range(2):
            table.locator("thead button").nth(1).click()
            assert column(table, 0)[-1] == name


def test_a_repeated_name_is_shown_once_sorted(browser, pages):
    with opened(browser, pages["base"]) as page:
        table = page.locator("section.limits:visible table").last
        assert table.locator(".again").count() > 4
        table.locator("thead button").nth(2).click()
        assert table.locator(".again").count() == 0


def test_the_filter_shows_what_is_looked_for(browser, pages):
    with opened(browser, pages["base"]) as page:
        part = page.locator("section.sources:visible")
        rows = part.locator("tbody tr:visible")
        whole = rows.count()
        assert part.locator("output").inner_text() == f"{whole} / {whole}"
        part.locator("input[type=search]").fill("planners")
        found = rows.count()
        assert 0 < found < whole
        assert part.locator("output").inner_text() == f"{found} / {whole}"
        part.locator("input[type=search]").fill("")
        part.locator("input[type=checkbox]").check()
        assert 0 < rows.count() < whole


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_first_screen_has_the_answer_and_what_it_rests_on(size, language, browser, pages):
    with opened(browser, pages["base"], SIZES[size], folded=True) as page:
        page.click(f"[data-to='{language}']")
        for part in (".answer .sentence", ".answer .facts", ".answer .rests"):
            box = page.locator(f"{part}:visible").bounding_box()
            assert box["y"] + box["height"] <= SIZES[size][1], part


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["base", "zones"])
def test_a_page_is_short_until_it_is_unfolded(name, language, browser, pages):
    with opened(browser, pages[name], folded=True) as page:
        page.click(f"[data-to='{language}']")
        height = "document.scrollingElement.scrollHeight"
        folded = page.evaluate(height)
        assert folded <= 6 * 900
        page.locator("[data-fold]:visible").first.click()
        assert page.evaluate(height) > 2 * folded
        page.locator("[data-fold]:visible").first.click()
        assert page.evaluate(height) < folded


def test_a_link_unfolds_what_it_leads_to(browser, pages):
    with opened(browser, pages["base"], folded=True) as page:
        table = page.locator("section.pools:visible table").first
        assert not table.is_visible()
        page.locator("nav.sections:visible a[href$='-pools']").click()
        table.wait_for(state="visible")
        page.locator(".rests:visible a").first.click()
        page.locator("section.sources:visible table").first.wait_for(state="visible")


def test_a_print_unfolds_all(browser, pages):
    with opened(browser, pages["base"], folded=True) as page:
        page.emulate_media(media="print")
        assert page.locator("section.pools:visible table").first.is_visible()
        assert page.locator("section.sources:visible table").first.is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_print_has_all_and_nothing_to_click(language, browser, pages):
    with opened(browser, pages["comparison"], (794, 1123)) as page:
        page.click(f"[data-to='{language}']")
        page.locator("section.sources:visible input[type=search]").first.fill("planners")
        page.emulate_media(media="print")
        assert page.locator(".scripted:visible").count() == 0
        rows = page.locator(f".edition[lang={language}] section.sources tbody tr")
        assert rows.count() == page.locator("section.sources tbody tr:visible").count()
        tall = "each => getComputedStyle(each).maxHeight + getComputedStyle(each).overflowY"
        assert page.locator(".long:visible").first.evaluate(tall) == "nonevisible"
        width, room = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
        assert width <= room
        assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")


def test_every_heading_can_be_reached_by_key(browser, pages):
    with opened(browser, pages["base"]) as page:
        page.locator("section.pools:visible thead button").first.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        sorted_by = page.locator("section.pools:visible thead th").nth(1)
        assert sorted_by.get_attribute("aria-sort") == "descending"
