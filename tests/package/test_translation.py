"""Every message that a user sees goes through the catalogue, and is translated there."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs import catalogue
from sim.translation import FOLDER, as_language, choose_of, language, noted, speaking, tr

SIM = Path(__file__).resolve().parents[2] / "sim"
ROOMS = (
    "__init__.py", "__main__.py", "bounds.py", "calendars", "cli", "demand", "experiments",
    "limits", "live", "process", "records", "replications", "report/page/render.py",
    "report/workbook.py", "results", "scenario", "spreadsheets",
    "storage",
)  # fmt: skip
NOT_SAID = frozenset(("kernel.py", "course_tables.py", "intervals.py", "form_words.py", "keys.py"))
"""Files whose texts are for the program: machine code, tables of names, checks of arrays; and the
words of workbooks, which stand there in both languages."""
OTHERWISE = re.compile(
    r"^period\.window=|^approval-sim \{\}|^Python \{\}|^<|^\?xml|and overtime$|extends \{\}\)$|"
    r"^working days of|^working days$|^calendar days$|^statutory, |yyyy|tasks which were|"
    r"unexpected end of stream|^end with parent$|^settings=|^A value with its origin\.$|^From \{\}|"
    r"^set: null$|^tried = sim\.vary|^set in \{\}$|^Value error, $"
)
"""Texts in files that are written, of other libraries, and those that users are to type."""
ASKED = frozenset(
    ("tr", "noted", "say", "Option", "Argument", "compile", "getattr", "sub", "search", "match")
)
"""Functions whose texts are no messages, or are messages of the catalogue already."""


# --- the catalogue ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def renewed() -> catalogue.Catalog:
    return catalogue.renewed()


def test_every_message_is_in_the_catalogue_and_none_besides(renewed: catalogue.Catalog) -> None:
    assert catalogue.as_po(renewed) == catalogue.PO.read_bytes(), "run python -m docs.catalogue"


def test_every_message_is_translated_with_the_same_places(renewed: catalogue.Catalog) -> None:
    assert not list(catalogue.faults(renewed))


def test_the_compiled_catalogue_is_of_today(renewed: catalogue.Catalog) -> None:
    assert catalogue.as_mo(renewed) == catalogue.MO.read_bytes(), "run python -m docs.catalogue"
    assert catalogue.MO.is_relative_to(FOLDER)


def test_every_message_is_given_the_values_it_names() -> None:
    wrong = []
    for file in sorted(SIM.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "tr":
                continue
            given = {keyword.arg for keyword in node.keywords}
            if not given or None in given or not isinstance(node.args[0], ast.Constant):
                continue
            named = {re.match(r"\w+", at)[0] for at in catalogue.fields_of(node.args[0].value)}
            if named != given:
                wrong.append(f"{file.name}:{node.lineno}: {sorted(named)} but {sorted(given)}")
    assert not wrong, "\n".join(wrong)


def message(english: str, chinese: str) -> catalogue.Message:
    flags = ["python-brace-format"] if "{" in english else []
    return catalogue.Message(english, chinese, flags=flags)


@pytest.mark.parametrize(
    ("english", "chinese", "wrong"),
    [
        ("must be text", "", "is not translated"),
        ("{file}: {rule}", "{file}: {rules}", "has other places"),
        ("{n:,} rows", "{n} 行", "has other places"),
        ("give --out DIR", "请给 --store DIR", "has no --out"),
        ("see own_limits", "见自身时限", "has no own_limits"),
        ("a, b", "甲,乙", "half width"),
        ("a (b)", "甲(b)", "half width"),
        ("must be: x", "必须是:x", "half width"),
        ("'a': x", "“a”: x", "half width"),
    ],
)
def test_what_is_wrong_with_a_message_is_found(english: str, chinese: str, wrong: str) -> None:
    found = list(catalogue.wrong_with(message(english, chinese)))
    assert [one for one in found if wrong in one]


def test_signs_within_what_a_user_types_may_be_of_half_width() -> None:
    good = message("write {week: {mon-fri: x}}", "请写 {week: {mon-fri: x}}，或 a, b")
    assert not list(catalogue.wrong_with(good))


# --- no message beside it ---------------------------------------------------------------------


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of what reads like English in functions, and is not given to `tr`."""
    tree = ast.parse(source)
    around = {inner: node for node in ast.walk(tree) for inner in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        text = text_of(node)
        words = re.findall(r"[A-Za-z]{2,}", text.replace("{}", ""))
        if len(words) > 1 and " " in text.strip() and is_loose(node, around):
            yield node.lineno, text


def text_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "{}" for part in node.values)
    return ""


def is_loose(node: ast.AST, around: dict[ast.AST, ast.AST]) -> bool:
    """Tell whether a text stands in the body of a function, and nothing says it is no message."""
    in_function = False
    while (outer := around.get(node)) is not None:
        called = outer.func if isinstance(outer, ast.Call) else None
        name = getattr(called, "id", getattr(called, "attr", ""))
        if name in ASKED or isinstance(outer, ast.JoinedStr | ast.Expr | ast.Compare):
            return name not in ASKED and isinstance(outer, ast.Expr) and in_function_call(node)
        if isinstance(outer, ast.arguments | ast.Subscript | ast.Assert):
            return False
        if isinstance(outer, ast.FunctionDef | ast.Lambda):
            in_function = True
        node = outer
    return in_function


def in_function_call(node: ast.AST) -> bool:
    """Tell docstrings from statements that call something: ``fail("…")``."""
    return isinstance(node, ast.Call | ast.Yield | ast.YieldFrom | ast.Await)


def test_every_message_goes_through_the_catalogue() -> None:
    loose = []
    for room in ROOMS:
        files = sorted((SIM / room).rglob("*.py")) if (SIM / room).is_dir() else [SIM / room]
        for file in files:
            if file.name not in NOT_SAID:
                source = file.read_text(encoding="utf-8")
                loose += [
                    f"{file.relative_to(SIM.parent)}:{line}: {text}"
                    for line, text in literals(source)
                    if not OTHERWISE.search(text)
                ]
    assert not loose, "give these to tr (docs/explanation/architecture.md):\n" + "\n".join(loose)


@pytest.mark.parametrize(
    "statement",
    [
        'fail("no such folder")',
        'fail(f"{file}: no such folder")',
        'raise ReadError("no such folder")',
        'return Problem("no such folder", file)',
        'rule = "no such folder"',
        'yield tree.problem(path, f"no such folder{hint}")',
    ],
)
def test_a_message_beside_the_catalogue_is_found(statement: str) -> None:
    assert list(literals(f"def call():\n    {statement}\n"))
    assert not list(literals('def call():\n    """No such folder."""\n    fail(tr("no folder"))\n'))


# --- the language -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN.GBK", "LANGUAGE": "en"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "SIM_LANG": "en"}, "en"),
        ({"LANG": "de_DE.UTF-8", "SIM_LANG": "zh"}, "zh"),
    ],
)
def test_the_language_is_that_of_the_variable_or_the_locale(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SIM_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == expected


def test_a_message_is_said_in_the_language_that_is_spoken() -> None:
    assert tr("{file} is a folder", file="a") == "a is a folder"
    with speaking("zh"):
        assert tr("{file} is a folder", file="a") == "a 是文件夹"
        assert tr(noted("must be {braces} as they are")) == "must be {braces} as they are"
    assert tr("{file} is a folder", file="a") == "a is a folder"


@pytest.mark.parametrize("name", ["zh", "zh-CN", "zh_CN.UTF-8", "ZH"])
def test_the_names_of_a_language(name: str) -> None:
    assert as_language(name) == "zh"
    assert as_language("zhuang") is None


def test_the_command_line_says_the_language_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SIM_LANG", "en")
    monkeypatch.setattr("sim.translation._chosen", [])
    choose_of(["run", "--", "--lang=zh"])
    assert language() == "en"
    choose_of(["run", "--lang=zh"])
    assert language() == "zh"
    choose_of(["--lang", "en", "run"])
    assert language() == "en"


HAN = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b(?:the|is|are|must|should|Usage|Error|Options|Try|Invalid|valid)\b")


def said(*words: str) -> str:
    """Return what the program says in Chinese of a command line, on either stream."""
    program = "import sys; from sim.__main__ import main; sys.argv[0] = 'sim'; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *words, "--lang", "zh"], capture_output=True, check=False
    )
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--help"),
        ("run", "yingkou/base", "-n", "x"),
        ("run", "yingkou/base", "--format", "xml"),
        ("rnu",),
        ("check", "yingkou/bose", "--set", "staff.planners.count=x"),
    ],
    ids=" ".join,
)
def test_help_and_errors_of_the_command_line_are_chinese(words: tuple[str, ...]) -> None:
    text = said(*words)
    assert HAN.search(text), text
    assert not ENGLISH.search(text), text
