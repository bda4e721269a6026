"""The page as HTML: well formed, told to those who do not see it, the same bytes every time."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.experiments.compare.comparison import compare_results
from sim.report.assumptions import quantities
from sim.report.page import Named, page_of
from tests.build.named_results import KINDS, PLAIN, office, result
from tests.build.pages import page, text_of
from tests.build.strict_page import Page


def without_tags(element) -> str:
    return re.sub(r"\s+", " ", element.text)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_well_formed(kind):
    assert page(kind).problems == []


def test_a_page_of_all_kinds_is_well_formed():
    assert page(*KINDS).problems == []


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("<p><b>x</p></b>", "closed by"),
        ('<p id="a">x</p><p id="a">y</p>', "'a' 2 times"),
        ('<p onclick="x()">y</p>', "handles events"),
        ('<a href="//example.org">x</a>', "leads elsewhere"),
        ("<div class=edition><h1>x</h1><h3>y</h3></div>", "heading 3 follows 1"),
        ("<div class=edition><h1>x</h1><table><tr><td>y</td></tr></table></div>", "caption"),
    ],
)
def test_the_reading_is_strict(broken, told):
    assert any(told in problem for problem in Page(broken).problems)


def test_the_policy_allows_the_one_script_and_nothing_else():
    text = text_of("run")
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == text.count("<script") == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert f"script-src 'sha256-{digest}'" in policy.replace("&#39;", "'")
    assert policy.startswith("default-src 'none'".replace("'", "&#39;")) or policy.startswith(
        "default-src 'none'"
    )
    assert "unsafe-inline" not in policy.partition("script-src")[2]


def test_the_script_is_the_same_for_all_results():
    scripts = {re.search(r"<script>(.*)</script>", text_of(k), re.DOTALL)[1] for k in KINDS}
    common, with_replay = sorted(scripts, key=len)
    assert with_replay.startswith(common), "that of a run also moves the replay"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_loaded_from_anywhere(kind):
    text = text_of(kind)
    assert set(re.findall(r"https?://[^\s\"'<)]*", text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert not re.search(r"url\((?!#)|@import|<link|<iframe|<object|<embed|<base|<img|<form", text)


def test_a_run_has_its_verdict_its_tables_and_how_to_repeat_it():
    edition = page("run").edition("en")
    sections = [each.get("class") for each in edition.all("section")]
    assert sections[0].startswith("card ")
    for name in ("late", "limits", "groups", "months", "pools", "days", "process", "outcomes"):
        assert name in sections, name
    assert sections[-4:] == ["sources", "manifest", "repeat", "reading"]
    (verdict,) = result("run").verdicts
    words = {"holds": "✓ HOLDS", "fails": "✗ FAILS", "undecided": "? UNDECIDED"}
    card = without_tags(edition.all("section")[0])
    assert words[verdict.verdict] in card
    assert f"{verdict.measured:,}" in card
    assert f"{100 * verdict.low:.1f} % and {100 * verdict.high:.1f} %" in card
    assert "sim run office.yaml" in edition.text
    assert office().sha256() in edition.text


def test_card_and_tables_state_the_same_confidence_after_several_looks():
    found = sim.run(office(), until="decided", max_replications=120)
    assert found.confidence_of["same_day"] > 0.95
    text = page_of([Named("r", found)]).replace("\N{NO-BREAK SPACE}", " ")
    assert "At 95 % confidence" in text
    assert "95 % interval" in text
    assert not re.search(r"9[6-9](\.\d)? % (confidence|interval)", text)


def test_the_sources_begin_with_what_is_assumed():
    table = page("run").edition("en").all("section")
    (sources,) = (each for each in table if each.get("class") == "sources")
    rows = sources.all("tbody")[0].all("tr")
    kinds = [row.all("td")[2].text for row in rows]
    assert kinds[0] == "assumed"
    assert "no source" in kinds
    assert [row for row in rows if "data-unsourced" in row.attributes] == [
        row for row, kind in zip(rows, kinds, strict=True) if kind in {"assumed", "no source"}
    ]
    assert any(each.text == "staff.clerks.count" for each in sources.all("th"))


def test_a_cell_says_by_which_number_it_is_sorted():
    (pools,) = (
        each
        for each in page("run").edition("en").all("table")
        if "All pools" in each.all("caption")[0].text
    )
    (row,) = pools.all("tbody")[0].all("tr")
    (pool,) = (each for each in result("run").pool_summaries if each.items)
    keys = [each.get("data-key") for each in row.all("td")]
    assert keys[0] == str(pool.officers)
    assert keys[1] == f"{100 * pool.utilisation:.0f}"


def test_several_results_have_a_list_of_contents():
    both = page("run", "load")
    (contents,) = both.edition("en").all("ol")
    links = [each.get("href") for each in contents.all("a")]
    assert links == ["#en-r1", "#en-r2"]
    assert len(both.edition("en").all("article")) == 2
    assert len(both.edition("en").all("h1")) == 1


def test_runs_on_the_same_cases_are_compared(no_figures):
    one, other = result("run"), result("compare").results[f"{PLAIN} alone"]
    assert one.seed == other.seed
    text = page_of([Named("two", one), Named("one", other)])
    assert len(Page(text).edition("en").all("article")) == 3
    assert "Compared with The office" in text
    short = other.__class__(other.model, other.seed, other.summaries[:2], {})
    text = page_of([Named("two", one), Named("one", short)])
    assert "Compared with" not in text
    assert len(Page(text).edition("en").all("article")) == 2


def test_a_result_without_a_command_says_so(no_figures):
    text = page_of([Named("run", result("sweep"))])
    assert "was not made by a command" in text
    assert "<pre" not in text


def test_results_need_names_of_their_own():
    with pytest.raises(ValueError, match="name of its own"):
        page_of([Named("a", result("run")), Named("a", result("load"))])
    with pytest.raises(ValueError, match="at least one"):
        page_of([])


def test_same_result_same_bytes():
    named = Named("run", result("run"), "sim run office.yaml")
    assert page_of([named]) == text_of("run")


@pytest.mark.slow
def test_same_bytes_in_another_process():
    """Whose sets and hashes have another order."""
    code = (
        "import sys; from tests.page.test_structure import text_of; "
        "sys.stdout.buffer.write(text_of('run', 'compare').encode())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True,
                          env=environment, cwd=Path(__file__).parents[2])  # fmt: skip
    assert made.stdout == text_of("run", "compare").encode()


@pytest.mark.slow
def test_a_page_of_eleven_zones_is_small():
    zones = sim.run(sim.load("yingkou/zones"), replications=2, keep="summary")
    text = page_of([Named("zones", zones)])
    assert Page(text).problems == []
    assert len(text.encode()) < 2_500_000


def test_the_answer_comes_first_with_what_it_rests_on():
    edition = page("run").edition("en")
    (answer,) = (e for e in edition.all("div") if e.get("class").startswith("answer "))
    (verdict,) = result("run").verdicts
    assert answer.get("class") == f"answer {verdict.verdict}"
    for term in ("What to do", "What it costs", "When at risk", "Rests on"):
        assert term in without_tags(answer)
    counted = [row.source.kind for row in quantities(office())]
    told = f"{counted.count('assumed')} of {len(counted)} numbers are assumed"
    assert told in without_tags(answer)
    before = edition.text.partition("Rests on")[0]
    assert "seed" not in before.lower()
    assert "replications" not in before.lower()


def test_all_but_the_first_section_is_folded():
    edition = page("run").edition("en")
    folds = {e.parent.get("class"): "open" in e.attributes for e in edition.all("details")}
    assert {name for name, is_open in folds.items() if is_open} == {"late"}
    assert {"limits", "months", "pools", "sources", "manifest", "reading"} <= folds.keys()
    (nav,) = (e for e in edition.all("nav") if e.get("class") == "sections")
    linked = {e.get("href").rpartition("-")[2] for e in nav.all("a")}
    assert folds.keys() - linked <= {"reading"}


def test_figures_stand_with_the_tables_of_their_subject():
    edition = page("run").edition("en")
    for name in ("limits", "months", "pools", "process"):
        (section,) = (e for e in edition.all("section") if e.get("class") == name)
        assert section.all("figure"), name


def test_scenarios_of_one_title_are_told_apart_by_what_differs(no_figures):
    one, other = result("run"), result("compare").results[f"{PLAIN} alone"]
    edition = Page(page_of([Named("r1", one), Named("r2", other)])).edition("en")
    (contents,) = edition.all("ol")
    first, second, _ = map(without_tags, contents.all("li"))
    assert "2 → 1" in second
    assert "2 → 1" not in first
    assert "r1" not in contents.text
    assert "r2" not in contents.text
    zh = Page(page_of([Named("r1", one), Named("r2", other)], "zh")).edition("zh")
    assert re.search("人数.2 → 1", zh.all("ol")[0].text)


def test_names_of_files_are_not_shown_in_a_comparison(no_figures):
    one, other = result("run"), result("compare").results[f"{PLAIN} alone"]
    text = page_of([Named("c", compare_results({"a/path.yaml": one, "b/path.yaml": other}))])
    assert "path.yaml" not in text
