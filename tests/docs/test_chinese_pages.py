"""Chinese pages keep up with the English ones: each names the state of its page that it tells."""

import hashlib
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted(DOCS.rglob("*.zh.md"))
ENGLISH = {"tutorial/workbook.zh.md": "how-to/workbook.md"}
"""Chinese pages whose English page has another name."""
STATE = re.compile(r"<!-- 对应 (\S+) 的标题和代码：([0-9a-f]{12}) -->")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
HALF_WIDTH = re.compile(
    "[\u4e00-\u9fff）”][,:;!?]|[,:;!?][\u4e00-\u9fff（“]|[\u4e00-\u9fff]\\(|\\)[\u4e00-\u9fff]"
)


COMPLETE = ["how-to/scenario.zh.md", "explanation/results.zh.md", "explanation/clocks.zh.md"]
"""Chinese pages that show everything that the English page lets a user type, in its order."""
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXTRA = re.compile(r" {2,}#.*$|(?<=^# fragment).*$| --lang zh\b", re.MULTILINE)
SOURCE = re.compile(r'(source: "\w+): [^"]*"')


def english_of(page: Path) -> Path:
    name = page.relative_to(DOCS).as_posix()
    return DOCS / ENGLISH.get(name, name.replace(".zh.md", ".md"))


def state_of(text: str) -> str:
    """Return a fingerprint of what a page lets a user type or look for: headings and code words."""
    prose = FENCED.sub("", text)
    headings = re.findall(r"^#+ .*$", prose, re.MULTILINE)
    words = sorted(set(re.findall(r"`([^`\n]+)`", prose)))
    return hashlib.sha256("\n".join([*headings, *words]).encode()).hexdigest()[:12]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_chinese_page_is_of_the_state_of_its_english_page(page: Path) -> None:
    english = english_of(page)
    name, now = english.relative_to(DOCS).as_posix(), state_of(english.read_text("utf-8"))
    wanted = f"<!-- 对应 {name} 的标题和代码：{now} -->"
    assert STATE.findall(page.read_text("utf-8")) == [(name, now)], (
        f"{name} has changed: bring {page.name} up to date, then let it have the line {wanted}"
    )


def typed_in(text: str) -> list[tuple[str, str]]:
    """Return the code blocks without comments, the words of sources, and the language asked for."""
    return [
        (kind, SOURCE.sub(r'\1"', EXTRA.sub("", code)))
        for kind, code in BLOCK.findall(text)
        if kind != "text"
    ]


@pytest.mark.parametrize("name", COMPLETE)
def test_a_complete_chinese_page_shows_the_code_of_its_english_page(name: str) -> None:
    page = DOCS / name
    english = typed_in(english_of(page).read_text("utf-8"))
    assert typed_in(page.read_text("utf-8")) == english


@pytest.mark.parametrize("page", [*PAGES, DOCS.parent / "README.zh.md"], ids=lambda p: p.stem)
def test_a_chinese_page_leads_to_chinese_pages_where_there_are_some(page: Path) -> None:
    text = re.sub(r"^English: .*$", "", page.read_text("utf-8"), flags=re.MULTILINE)
    targets = {(page.parent / link).resolve() for link in re.findall(r"\]\(([^)#:]+\.md)", text)}
    assert not targets & {english_of(chinese) for chinese in PAGES}


def half_width_in(text: str) -> list[str]:
    """Return the signs of half width in Chinese prose; code and targets of links may have them."""
    prose = re.sub(r"`[^`\n]*`|<!--.*?-->", "`", FENCED.sub("", text))
    return HALF_WIDTH.findall(re.sub(r"\]\([^)\n]*\)", "]", prose))


@pytest.mark.parametrize("page", [*PAGES, DOCS.parent / "README.zh.md"], ids=lambda p: p.stem)
def test_chinese_text_has_signs_of_full_width(page: Path) -> None:
    assert not half_width_in(page.read_text("utf-8"))


def test_signs_of_half_width_are_seen_in_prose_and_left_alone_in_code() -> None:
    assert half_width_in("事项,受理(补正)办结:见`a`") == ["项,", "理(", ")办", "结:"]
    assert not half_width_in("事项，受理（补正）见[页](a.md#结)中的`项,(目)`\n```text\n项,\n```\n")


def test_a_change_of_headings_or_code_words_is_seen_and_of_outputs_is_not() -> None:
    page = "# A\n\nSay `--x`.\n\n```text\n1\n```\n"
    assert state_of(page) == state_of(page.replace("1", "2").replace("Say", "Write"))
    assert state_of(page) != state_of(page.replace("# A", "# B"))
    assert state_of(page) != state_of(page.replace("--x", "--y"))
