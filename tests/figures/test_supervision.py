"""The figures of matters, departments and years show the numbers of their results."""

from collections.abc import Iterator

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

import sim
from sim import figures
from tests.build.stories import scenario
from tests.build.two_matters import TWO

mpl.use("Agg")


@pytest.fixture(scope="module")
def result() -> sim.Result:
    return sim.run(scenario(TWO), replications=4, keep="summary", progress=False)


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def marks(ax: Axes, beginning: str) -> dict[str, list[float]]:
    """Return gid → values of the marks whose gid begins so."""
    lines = [line for line in ax.get_lines() if str(line.get_gid()).startswith(beginning)]
    return {str(line.get_gid()): [float(y) for y in line.get_ydata()] for line in lines}


def test_matters_stand_below_the_cases_without_any_late_one(result: sim.Result) -> None:
    ax = figures.matters_on_time(result)
    shares = [
        float(line.get_xdata()[0])
        for line in ax.get_lines()
        if str(line.get_gid()).startswith("share-")
    ]
    # `only_a` and the whole; then B, which is late more often, and A.
    assert shares == pytest.approx([2 / 3, 1 / 3, 1 / 3, 2 / 3])
    rows = [label.get_text() for label in ax.get_yticklabels()]
    assert rows == ["No matter late: only_a", "No matter late: project", "B", "A"]
    with pytest.raises(
        ValueError, match="no case type with own limits 'other'; there are: project"
    ):
        figures.matters_on_time(result, "other")


def test_departments_stand_in_the_order_of_their_ranks(result: sim.Result) -> None:
    ax = figures.departments_on_time(result, language="zh")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["da", "db"]
    notes = [text.get_text() for text in ax.texts]
    assert any("66.7" in note and "名次 1–1" in note for note in notes)


def test_every_year_is_a_mark(result: sim.Result) -> None:
    assert marks(figures.yearly_shares(result), "years-") == {"years-kept": [1, 1, 1, 1]}
    strict = scenario(TWO, "limits: {whole: {limit: 1 wd}}")
    missed = sim.run(strict, replications=3, keep="summary", progress=False)
    # Within a day: A and B of the first case alone.
    drawn = marks(figures.yearly_shares(missed, "whole"), "years-")
    assert drawn == {"years-missed": pytest.approx([1 / 3] * 3)}
    short = scenario(TWO, "period: {run_out: 0 cd}")
    unknown = sim.run(short, replications=3, keep="summary", progress=False)
    assert marks(figures.yearly_shares(unknown), "years-") == {"years-open": [0, 0, 0]}


def test_a_report_shows_them_with_their_numbers(result: sim.Result) -> None:
    shown = {plate.name: plate for plate in figures.plates(result)}
    assert "33.3 % of the cases have no late matter" in shown["matters-0"].caption
    assert "B (66.7 % late), A (33.3 % late)" in shown["matters-0"].caption
    assert shown["departments"].caption.startswith("Best mean rank: da (66.7 % of its items")
    assert shown["years-0"].title == "whole: target kept in 4 of 4 windows"
    assert "interval 39.8 % to 100.0 %" in shown["years-0"].caption  # 0.025 ** (1 / 4)
