"""Where a share crosses its target: by hand."""

from __future__ import annotations

import math

import pytest

from sim.measures.crossing import Point, crossing, wide_brackets

TARGET = 0.9


def points(*rows: tuple[float, float, float, float], cases: int = 100) -> list[Point]:
    return [Point(load, share, low, high, cases) for load, low, share, high in rows]


FALLING = points(
    (1, 0.94, 0.96, 0.98), (2, 0.88, 0.92, 0.96), (4, 0.7, 0.84, 0.92), (8, 0, 0.1, 0.2)
)


def test_it_is_interpolated_in_log_load() -> None:
    found = crossing(FALLING, TARGET)
    assert found.status == "breaks"
    assert found.proven
    assert found.load == pytest.approx(2 * 2 ** (0.02 / 0.08))
    assert found.low == pytest.approx(2 ** (0.04 / 0.06))
    assert found.high == pytest.approx(4 * 2 ** (0.02 / 0.72))


def test_broken_already() -> None:
    proven = crossing(FALLING[3:], TARGET)
    assert (proven.status, proven.proven, proven.low, proven.high) == ("broken", True, 0, 8)
    assert math.isnan(proven.load)
    unproven = crossing(FALLING[2:], TARGET)
    assert (unproven.status, unproven.proven, unproven.low) == ("broken", False, 0)
    assert 4 < unproven.high < 8


def test_kept_everywhere() -> None:
    proven = crossing(FALLING[:1], TARGET)
    assert (proven.status, proven.proven, proven.low) == ("keeps", True, 1)
    assert proven.high == math.inf
    unproven = crossing(FALLING[:2], TARGET)
    assert (unproven.status, unproven.proven, unproven.high) == ("keeps", False, math.inf)
    assert 1 < unproven.low < 2


def test_an_end_that_the_range_does_not_bound_is_not_proven() -> None:
    found = crossing(FALLING[1:], TARGET)
    assert (found.status, found.proven, found.low) == ("breaks", False, 0)


def test_the_interval_reaches_from_the_first_to_the_last_crossing() -> None:
    twice = points((1, 0.95, 0.97, 0.99), (2, 0.8, 0.85, 0.89), (4, 0.91, 0.92, 0.93), (8, 0, 0, 0))
    found = crossing(twice, TARGET)
    assert 1 < found.low < found.load < 2
    assert 4 < found.high < 8


def test_loads_without_cases_tell_nothing() -> None:
    none = points((0.5, 0, math.nan, 1), cases=0)
    assert crossing(none, TARGET).status == "no_cases"
    assert not crossing(none, TARGET).proven
    assert crossing(none + FALLING, TARGET) == crossing(FALLING, TARGET)


def test_the_search_looks_where_a_curve_crosses() -> None:
    assert wide_brackets(FALLING, TARGET, 1.5) == [(1, 2), (2, 4), (4, 8)]
    assert wide_brackets(FALLING, TARGET, 2) == []
    assert wide_brackets(FALLING[:1], TARGET, 1.5) == []
