"""What notebooks show: results, and the bar while they are made."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import sim
import sim.experiments
from sim.replications import notebook_progress as bar
from sim.results.finding import Displayed
from tests.build.offices import OFFICE, office

EVIL = "<script>alert(1)</script>"
RANGED = OFFICE.replace(
    "count: 2, hours", "count: {value: 2, source: assumed, range: [1, 4]}, hours"
).replace("en: A small office", f'en: "{EVIL} [bold]x[/bold]"')


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("office") / "office.yaml"
    file.write_text(RANGED, encoding="utf-8")
    scenario = sim.load(file)
    alone = sim.vary(scenario, overrides=["alone"])
    base = sim.load("yingkou/base", settings=[f"name={EVIL}"])
    return {
        "Scenario": scenario,
        "Result": sim.run(scenario, replications=2),
        "Comparison": sim.compare({"as it is": scenario, EVIL: alone}, replications=3),
        "LoadCurve": sim.load_curve(scenario, replications=2, points=2, precision=0.9),
        "Staffing": sim.staff(scenario, replications=4, groups=["clerks"]),
        "ShortestPromises": sim.promise(scenario, replications=2),
        "Sensitivity": sim.sensitivity(scenario, replications=2),
        "Sweep": sim.sweep(scenario, {"staff.clerks.count": [1, 2]}, replications=2),
        "Reforms": sim.reforms(base, levers=["one_window"], replications=1),
        "CaseLife": sim.case_life(scenario),
    }


NAMES = [
    "Scenario", "Result", "Comparison", "LoadCurve", "Staffing", "Sensitivity", "Sweep", "Reforms",
    "ShortestPromises", "CaseLife",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_everything_shows_itself_and_its_names_run_nothing(name, found):
    html = found[name]._repr_html_()
    tags = Tags(html)
    assert not tags.open
    assert tags.seen <= {"div", "span", "table", "thead", "tbody", "tr", "th", "td", "br"}
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<td" in html
    assert len(html) < 10_000


@pytest.mark.parametrize("name", NAMES)
def test_everything_introduces_itself_in_a_few_lines(name, found):
    text = repr(found[name])
    assert text.startswith(name)
    assert str(found[name]) == text
    assert len(text) < 1500
    assert text.count("\n") < 10
    assert not re.search(r"\[/?bold\]$", text)


@pytest.mark.parametrize("name", NAMES[1:])
def test_everything_says_its_answer_in_both_languages(name, found):
    english, chinese = (found[name].said(language) for language in ("en", "zh"))
    assert str(english)
    assert repr(english) == str(english)
    assert not re.search("[\u4e00-\u9fff]", str(english))
    assert re.search("[\u4e00-\u9fff]", str(chinese))
    assert not re.search("[\u4e00-\u9fff][,:;?!(]", str(chinese))
    assert "<script" not in chinese._repr_html_()
    assert english._repr_html_() == found[name]._repr_html_()


def test_a_table_in_words_has_names_and_headings(found):
    pools = found["Result"].labelled("pools", "zh")
    assert list(pools.columns[:3]) == ["名称", "人数", "忙碌率"]
    named = found["Result"].labelled("pools", "en")
    assert list(named.columns) == list(found["Result"].pools.columns)
    assert list(named["name"]) == ["Clerks", "idle"]
    with pytest.raises(ValueError, match="no table 'pool'; there are: limits"):
        found["Result"].labelled("pool")


def test_verdicts_have_colours_for_any_background(found):
    html = found["Result"]._repr_html_()
    assert re.search(r'<span style="color:#[0-9a-f]{6};font-weight:bold">(HOLDS|FAILS|UND)', html)
    assert "background" not in html


def test_what_is_exported_is_there():
    classes = [name for name in NAMES if name != "Scenario"]
    for name in classes:
        assert issubclass(getattr(sim, name), Displayed)
        assert name in sim.__all__
    for name in sim.__all__:
        assert getattr(sim, name).__name__.rpartition(".")[2] == name
    with pytest.raises(AttributeError, match="nothing"):
        sim.nothing  # noqa: B018
    with pytest.raises(AttributeError, match="did you mean 'sensitivity'"):
        sim.sensitivty  # noqa: B018


def test_plot_asks_the_figures_of_the_report(found, monkeypatch):
    asked: list[Any] = []
    figures = ModuleType("sim.report.figures")
    figures.plot = lambda *given, **options: asked.append((given, options)) or "figure"
    monkeypatch.setitem(sys.modules, "sim.report.figures", figures)
    result = found["Result"]
    assert result.plot("clocks", ax=1, language="zh", pools=3) == "figure"
    assert asked == [((result, "clocks"), {"ax": 1, "language": "zh", "pools": 3})]


# --- the bar ---------------------------------------------------------------------------------


class Notebook:
    """What IPython is to the bar: it remembers what was shown, and may fail."""

    def __init__(self, fails: bool = False) -> None:
        self.shown: list[dict[str, str]] = []
        self.fails = fails

    def install(self, monkeypatch: pytest.MonkeyPatch, kernel: object = True) -> Notebook:
        ipython, display = ModuleType("IPython"), ModuleType("IPython.display")
        ipython.get_ipython = lambda: SimpleNamespace(kernel=kernel)
        display.display = self.display
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        monkeypatch.setitem(sys.modules, "IPython.display", display)
        monkeypatch.setattr(bar, "FIRST_S", 0.0)
        monkeypatch.setattr(bar, "BETWEEN_S", 0.0)
        return self

    def display(self, data: dict[str, str], *, raw: bool, display_id: bool) -> SimpleNamespace:
        assert display_id
        self.update(data, raw=raw)
        return SimpleNamespace(update=self.update)

    def update(self, data: dict[str, str], *, raw: bool) -> None:
        assert raw
        if self.fails:
            raise RuntimeError("no browser")
        self.shown.append(data)


RUNS = {
    "run": lambda s, **how: sim.run(s, replications=3, **how),
    "until": lambda s, **how: sim.run(s, until="decided", max_replications=20, **how),
    "compare": lambda s, **how: sim.compare({"a": s, "b": s}, replications=2, **how),
    "load_curve": lambda s, **how: sim.load_curve(
        s, replications=2, points=2, precision=0.9, **how
    ),
    "staff": lambda s, **how: sim.staff(s, replications=2, groups=["clerks"], **how),
    "promise": lambda s, **how: sim.promise(s, replications=2, **how),
    "sweep": lambda s, **how: sim.sweep(s, {"run.seed": [1, 2]}, replications=2, **how),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_notebook_shows_a_bar_and_removes_it(name, tmp_path, monkeypatch):
    notebook = Notebook().install(monkeypatch)
    RUNS[name](office(tmp_path))
    first, *_, last = notebook.shown
    assert first["text/html"].startswith("<progress")
    assert last == {"text/html": "", "text/plain": ""}
    assert sum("<progress" in each["text/html"] for each in notebook.shown) > 1


@pytest.mark.parametrize("name", RUNS)
def test_no_bar_if_it_is_switched_off_or_something_else_is_told(name, tmp_path, monkeypatch):
    notebook = Notebook().install(monkeypatch)
    told: list[int] = []
    RUNS[name](office(tmp_path), progress=False)
    RUNS[name](office(tmp_path), progress=lambda done, total: told.append(done))
    assert notebook.shown == []
    assert told


def test_no_bar_outside_notebooks(tmp_path, monkeypatch):
    notebook = Notebook().install(monkeypatch, kernel=None)
    sim.run(office(tmp_path), replications=2)
    assert notebook.shown == []
    monkeypatch.setitem(sys.modules, "IPython", ModuleType("IPython"))  # half loaded
    assert not bar.in_notebook()


def test_a_notebook_that_fails_stops_nothing(tmp_path, monkeypatch):
    Notebook(fails=True).install(monkeypatch)
    assert sim.run(office(tmp_path), replications=3).replications == 3


def test_an_interruption_removes_the_bar(tmp_path, monkeypatch):
    notebook = Notebook().install(monkeypatch)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(
        sys.modules["sim.experiments.compare.comparison"], "Comparison", interrupted
    )
    scenario = office(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        sim.compare({"a": scenario, "b": scenario}, replications=2)
    assert notebook.shown[0]["text/html"]
    assert notebook.shown[-1]["text/html"] == ""


def test_the_bar_is_seldom_updated(monkeypatch):
    first_s, between_s = bar.FIRST_S, bar.BETWEEN_S
    notebook = Notebook().install(monkeypatch)
    monkeypatch.setattr(bar, "FIRST_S", first_s)
    monkeypatch.setattr(bar, "BETWEEN_S", between_s)
    clock = iter(n / 100 for n in range(10_000, 20_000))
    with bar.shown_bar(lambda: next(clock)) as tell:
        for done in range(1, 301):  # three seconds
            tell(done, 1050)
    assert 10 <= len(notebook.shown) - 1 <= 13
    assert 'value="50" max="1050"' in notebook.shown[0]["text/html"]
    # Half a second for 50, so ten for the other thousand.
    assert notebook.shown[0]["text/plain"] == "50 / 1,050 · 0:10"


def test_a_notebook_is_known_by_its_kernel(monkeypatch):
    Notebook().install(monkeypatch)
    assert bar.in_notebook()
    monkeypatch.delitem(sys.modules, "IPython")
    assert not bar.in_notebook()


@pytest.mark.slow
def test_a_real_kernel_shows_results_and_leaves_no_bar(tmp_path):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    (tmp_path / "office.yaml").write_text(OFFICE, encoding="utf-8")
    cells = [
        "import sim\nfrom sim.replications import notebook_progress as bar\nbar.FIRST_S = 0",
        "scenario = sim.load('office.yaml'); scenario",
        "sim.run(scenario, replications=100)",
        "sim.run(scenario, replications=2, progress=False)",
    ]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])
    nbclient.NotebookClient(
        made, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    _, shown, ran, without = (cell.outputs for cell in made.cells)
    assert "<table" in shown[0]["data"]["text/html"]
    removed, result = ran
    assert removed["data"]["text/html"] == ""
    assert "HOLDS" in result["data"]["text/html"]
    assert [each["output_type"] for each in without] == ["execute_result"]
