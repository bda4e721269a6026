"""Sums by group, and combinations over the items of each case."""

from __future__ import annotations

import numpy as np

from sim.arrays import over_items, total


def test_sums_are_whole_numbers_and_groups_may_be_empty():
    sums = total(np.array([2, 0, 2]), np.array([10**15, 7, 1]), 4)
    assert sums.tolist() == [7, 0, 10**15 + 1, 0]
    assert total(np.empty(0, np.int64), np.empty(0, np.int64), 2).tolist() == [0, 0]


def test_cases_without_items_get_what_was_asked_for():
    first_item = np.array([0, 0, 2, 2, 3, 3])
    latest = over_items(np.maximum, np.array([4, 9, -1]), first_item, 0)
    assert latest.tolist() == [0, 9, 0, -1, 0]
    any_late = over_items(np.logical_or, np.array([False, True, False]), first_item, False)
    assert any_late.tolist() == [False, True, False, False, False]
    assert over_items(np.maximum, np.empty(0, np.int64), np.zeros(3, np.int64), 5).tolist() == [
        5,
        5,
    ]
