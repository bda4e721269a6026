"""Both languages say everything, and each in its own way."""

import datetime as dt
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from sim.measures.shares import Verdict
from sim.report import words as common_words
from sim.report.language import typeset
from sim.report.numbers import date_text, month_text
from sim.report.page import Named, page_of, words
from tests.build.named_results import KINDS, result
from tests.build.pages import page, text_of
from tests.build.strict_page import Page

FOLDER = Path(words.__file__).parent
NAMES = {
    "approval", "sim", "SHA", "min", "wd", "sensitivity", "English",
    "run", "office", "yaml", "staff", "compare", "reforms",
}  # fmt: skip
"""What is the same in Chinese: names, and units as a scenario file writes them."""
OF_A_FILE = ("sources", "manifest", "repeat")
"""Sections that quote the scenario file, the libraries and the command."""


def said(element) -> str:
    if element.tag == "section" and element.get("class") in OF_A_FILE:
        return element.all("h2", "h3")[0].text
    parts = [each if isinstance(each, str) else said(each) for each in element.children]
    told = (element.get(key) for key in ("aria-label", "title", "data-title"))
    return " ".join([*parts, *told])


@pytest.mark.parametrize("kind", KINDS)
def test_no_english_is_left_in_chinese(kind):
    text = said(page(kind).edition("zh"))
    paths = re.compile(r"[a-z_]+(\.[a-z_]+)+(=\d+)?|--[a-z]+|The office( alone)?")
    rest = paths.sub("", text)
    assert set(re.findall("[A-Za-z]{3,}", rest)) <= NAMES


@pytest.mark.parametrize("kind", KINDS)
def test_no_chinese_is_left_in_english(kind):
    assert not re.findall("[\u4e00-\u9fff]+", said(page(kind).edition("en")))


@pytest.mark.parametrize("kind", KINDS)
def test_both_editions_have_the_same_parts(kind):
    def shape(language: str) -> list[tuple[str, str]]:
        return [(each.tag, each.get("data-place")) for each in page(kind).edition(language).all()
                if each.tag in {"section", "table", "figure", "tr", "article", "dt"}]  # fmt: skip

    assert shape("en") == shape("zh")


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh", "zh-CN")])
def test_the_language_shown_first(language, tag, no_figures):
    text = page_of([Named("run", result("run"))], language)
    tree = Page(text)
    assert tree.root.all("html")[0].get("lang") == tag
    (title,) = (each.text for each in tree.root.all("title"))
    assert title == {"en": "The office", "zh": "小窗口"}[language]
    pressed = [
        each.get("data-to")
        for each in tree.root.all("button")
        if each.get("aria-pressed") == "true"
    ]
    assert pressed == [tag]


def test_only_the_first_language_differs(no_figures):
    english, chinese = (page_of([Named("run", result("run"))], each) for each in ("en", "zh"))
    body = re.compile(r'<div class="edition".*', re.DOTALL)
    assert body.search(english)[0] == body.search(chinese)[0]


@pytest.mark.parametrize("key", words.WORDS)
def test_every_pair_is_whole(key):
    english, chinese = words.WORDS[key]
    assert english != chinese or not re.search("[a-z]", english)
    fields = [
        sorted({name for _, name, _, _ in Formatter().parse(each) if name})
        for each in (english, chinese)
    ]
    assert fields[0] == fields[1]
    assert not re.search("[\u4e00-\u9fff]", english)


def test_every_word_is_said_in_both_languages(monkeypatch, no_figures):
    said_in: dict[str, set] = {"en": set(), "zh": set()}

    def noted(pair, language, /, **values):
        said_in[language].add(pair)
        return original(pair, language, **values)

    original = common_words.phrase
    monkeypatch.setattr(common_words, "phrase", noted)
    page_of([Named(kind, result(kind), "sim") for kind in KINDS])
    assert said_in["en"] == said_in["zh"]
    assert len(said_in["en"]) > 60


def test_no_word_of_the_page_is_idle():
    text = "".join(
        each.read_text("utf-8") for each in FOLDER.rglob("*") if each.suffix in {".py", ".html"}
    )
    made = (
        "section_",
        "card_",
        "source_",
        "kind_",
        "read_",
        "answer_",
        "do_",
        "cost_",
    )  # their ends are data
    for key in words.WORDS:
        times = len(re.findall(f"[\"']{key}[\"']", text))
        assert times > 1 or key.startswith(made) or key in get_args(Verdict), key


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("5 %", "5\N{NO-BREAK SPACE}%", "5%"),
        ("守住,未定", "守住,未定", "守住\uff0c未定"),
        ("按期 5 (共 3 件): 好", "按期 5 (共 3 件): 好", "按期 5\uff08共 3 件\uff09\uff1a好"),
        ("a, b: c (d)", "a, b: c (d)", "a, b: c (d)"),
        ("占 5%(1 – 9%)", "占 5%(1 – 9%)", "占 5%\uff081 – 9%\uff09"),
        ("5% (1 – 9%)", "5% (1 – 9%)", "5% (1 – 9%)"),
        (
            "用时 (-2.7; -5.2 至 -0.3)",
            "用时 (-2.7; -5.2 至 -0.3)",
            "用时\uff08-2.7\uff1b-5.2 至 -0.3\uff09",
        ),
        ("a; b", "a; b", "a; b"),
        ("至 3;2 件;…;b", "至 3;2 件;…;b", "至 3\uff1b2 件\uff1b…\uff1bb"),
    ],
)
def test_signs_are_set_as_the_language_does(text, english, chinese):
    assert typeset(text, "en") == english
    assert typeset(text, "zh") == chinese


def test_dates_are_written_out():
    assert date_text(dt.date(2021, 3, 1), "en") == "1 March 2021"
    assert date_text(dt.date(2021, 3, 1), "zh") == "2021年3月1日"
    assert month_text(dt.date(2021, 3, 1), "en") == "March 2021"
    assert month_text(dt.date(2021, 3, 1), "zh") == "2021年3月"


def test_the_title_of_several_counts_them():
    assert "Report: 2 results" in text_of("run", "load")
