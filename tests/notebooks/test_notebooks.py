"""The notebooks run from clean, quickly, and hold neither outputs nor model logic."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sim

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.py"))
each_notebook = pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)


def test_a_figure_changes_no_setting_but_lets_matplotlib_become_interactive(monkeypatch) -> None:
    import matplotlib as mpl

    from sim.report.drawing.style import SETTINGS, style

    monkeypatch.setitem(mpl.rcParams, "interactive", False)
    before = {name: mpl.rcParams[name] for name in SETTINGS}
    with style():
        mpl.rcParams["interactive"] = True  # as a notebook's first figure does
        assert mpl.rcParams["font.size"] == SETTINGS["font.size"]
    assert mpl.is_interactive()
    assert {name: mpl.rcParams[name] for name in SETTINGS} == before


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) >= 6


@each_notebook
def test_jupyter_opens_it(file: Path) -> None:
    import jupytext

    notebook = jupytext.read(file)
    assert notebook.metadata["kernelspec"]["language"] == "python"
    assert notebook.metadata["jupytext"]["text_representation"]["format_name"] == "percent"
    assert notebook.cells[0].cell_type == "markdown"
    assert notebook.cells[0].source.startswith("# ")
    assert any("结论" in cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@each_notebook
def test_it_defines_no_logic(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, defined)]


@each_notebook
def test_it_imports_only_the_package_and_tables(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported = [node.names for node in ast.walk(tree) if isinstance(node, ast.Import)]
    assert {of.name for names in imported for of in names} <= {"sim", "pandas", "matplotlib"}


@each_notebook
def test_one_line_sets_the_language_and_what_it_says_itself_is_said_in_both(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(re.findall(r'^language = "en"', text, re.MULTILINE)) == 1
    assert not re.search(r'print\(f?"', text)
    chosen = re.findall(r"(\{[^{}]*?(?:\{[^{}]*\}[^{}]*?)*\})\[language\]", text)
    assert all(set(ast.literal_eval(each)) == {"en", "zh"} for each in chosen)


def test_english_and_codes_are_noticed() -> None:
    assert _not_chinese("三项许可30个工作日 P90 μ*，95% 置信区间，Shapley 值") == []
    assert _not_chinese("三项许可 project_30：守住") == ["project_30"]
    assert _not_chinese("最忙的是 planners") == ["planners"]
    assert _not_chinese("`sim show yingkou/base` 可列出全部") == []
    assert _not_chinese("守住 (nobody waits)") == ["nobody waits"]


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@each_notebook
def test_it_runs_from_clean_in_chinese(file: Path, tmp_path: Path) -> None:
    import jupytext
    from nbclient import NotebookClient

    notebook = jupytext.read(file)
    for cell in notebook.cells:
        cell.source = cell.source.replace('language = "en"', 'language = "zh"')
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": tmp_path}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert not [each for each in outputs if each.output_type == "error"]
    assert not [each for each in outputs if each.get("name") == "stderr"], "warnings"
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:  # a loop draws one figure or more
        assert _pictures(cell) >= _drawn(cell), cell.source
    answer = _cell_after(notebook, "## The answer")
    assert any(each.get("name") == "stdout" and each.text.strip() for each in answer.outputs)
    assert not [found for text in _read(outputs) for found in _not_chinese(text)]


def _read(outputs: list[Any]) -> Iterator[str]:
    """Yield what a reader sees as text: what is printed, and tables without their tags."""
    for output in outputs:
        if output.get("name") == "stdout":
            yield output.text
        shown = output.get("data", {})
        if "application/vnd.jupyter.widget-view+json" not in shown:
            plain = re.sub(
                r"<style.*?</style>|<[^>]*>", " ", shown.get("text/html", ""), flags=re.S
            )
            yield html.unescape(plain)


def _not_chinese(text: str) -> list[str]:
    """Return the codes and the English in a text: names of a scenario, and words in a row."""
    scenario = sim.load("yingkou/base")
    text = re.sub(r"`[^`]*`|\bsim [a-z-]+", "", text)  # a command
    codes = {*scenario.limits, *scenario.pools, *scenario.staff, *scenario.case_types}
    words = re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b|\b[a-z]{3,}\b", text)
    english = re.findall(r"\b[A-Za-z]{2,} [a-z]{2,}\b", text)
    return [word for word in words if "_" in word or word in codes] + english


def _pictures(cell) -> int:
    """Return the number of pictures that a reader of the executed notebook sees below a cell."""
    return sum("image/png" in output.get("data", {}) for output in cell.outputs)


def _drawn(cell) -> int:
    """Return how many calls in a cell draw a figure: `x.plot(…)` and `sim.figures.x(…)`."""
    calls = [node.func for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
    return sum(
        ast.unparse(function).startswith("sim.figures.") or ast.unparse(function).endswith(".plot")
        for function in calls
    )


def _cell_after(notebook, heading: str):
    """Return the first code cell behind the heading of the answer."""
    behind = False
    for cell in notebook.cells:
        if cell.cell_type == "code" and behind:
            return cell
        behind |= cell.cell_type == "markdown" and heading in cell.source.partition("\n")[0]
    raise AssertionError(f"no cell behind '{heading}'")
