"""The library of the Yingkou zones: what is assumed has a range and a reason."""

import re
from pathlib import Path

import pytest

import sim
from sim.scenario import Scenario, is_quantity, library_names, parameters_of, unvaried

YINGKOU = [name for name in library_names() if name.startswith("yingkou/")]
SHORTEST_REASON = len("assumed: one desk, or two")


def assumed(scenario: Scenario):
    return [
        each
        for each in parameters_of(scenario)
        if each.source.kind in {"assumed", "none"} and is_quantity(each.path)
    ]


@pytest.mark.parametrize("name", YINGKOU)
def test_nine_of_ten_assumptions_have_a_range_and_a_reason(name: str) -> None:
    scenario = sim.load(name)
    numbers = assumed(scenario)
    bounded = [each for each in numbers if each.range is not None]
    assert len(bounded) >= 0.9 * len(numbers)
    assert unvaried(scenario) == ()
    reasons = scenario.provenance.completed.annotations
    bare = [
        path
        for path, of in reasons.items()
        if of.range is not None
        and (
            of.source is None
            or (of.source.startswith("assumed") and len(of.source) < SHORTEST_REASON)
        )
    ]
    assert bare == []


@pytest.mark.parametrize("name", YINGKOU)
def test_shares_and_months_are_among_them(name: str) -> None:
    without = [
        each.path
        for each in assumed(sim.load(name))
        if each.range is None
        and re.search(r"share$|months$|absence$|count$", str(each.path[-1]))
        and each.path[-1] != "target_share"
    ]
    assert without == []


def test_published_months_have_the_published_quarters() -> None:
    """Of 6,541 starts 1,141 in the first quarter, about 3,700 in the second, 1,700 after it."""
    months = sim.load("yingkou/published").case_types["project"].arrivals.yearly.months
    quarters = [sum(months[first : first + 3]) / sum(months) for first in (0, 3, 6, 9)]
    starts = 1141 + 3700 + 1700
    assert quarters[0] == pytest.approx(1141 / starts, abs=0.01)
    assert quarters[1] == pytest.approx(3700 / starts, abs=0.01)
    assert quarters[2] + quarters[3] == pytest.approx(1700 / starts, abs=0.01)


def test_computed_volumes() -> None:
    volume = sim.load("yingkou/base").case_types["project"].arrivals.yearly.volume
    assert round(6541 * 80 / 1141 * 0.435) == 200 - 1 == volume - 1
    assert sim.load("yingkou/district_startups").case_types[
        "startup"
    ].arrivals.yearly.volume == pytest.approx(2155 * 0.26 * 4 + 0.65 * 800, rel=0.01)


def test_the_page_counts_the_assumptions_of_base() -> None:
    numbers = assumed(sim.load("yingkou/base"))
    ranged = sum(each.range is not None for each in numbers)
    page = Path(__file__).parents[2] / "docs" / "explanation" / "yingkou.md"
    told = f"Of {len(numbers)} assumptions {ranged} have one"
    assert told in " ".join(page.read_text(encoding="utf-8").split())
