"""Rounds of review as intervals, by hand."""

import numpy as np

from sim.clocks.rounds import first_of_round, longest_round

NONE = np.empty(0, np.int64)


def rounds(intervals, corrections):
    """Return which intervals (group, begin, end) begin a round."""
    columns = [np.array(column, np.int64) for column in zip(*intervals, strict=True)]
    of_applicant = [np.array(c, np.int64) for c in zip(*corrections, strict=True)] or [NONE] * 2
    return first_of_round(*columns, *of_applicant).tolist()


def test_a_round_begins_where_the_clock_runs_again_after_a_correction():
    # One case: runs 0-5, the applicant has it 5-8, runs 8-9, publicity 9-12, runs 12-13.
    intervals = [(0, 0, 5), (0, 8, 9), (0, 12, 13)]
    assert rounds(intervals, [(0, 8)]) == [True, True, False]
    assert rounds(intervals, []) == [True, False, False]


def test_a_correction_beside_a_running_clock_ends_no_round():
    intervals = [(0, 0, 5), (0, 8, 9)]
    assert rounds(intervals, [(0, 4)]) == [True, False]
    assert rounds(intervals, [(0, 5)]) == [True, False]  # over when the clock stops
    assert rounds(intervals, [(0, 9)]) == [True, False]  # over after it runs again
    assert rounds(intervals, [(0, 6)]) == [True, True]
    assert rounds(intervals, [(0, 4), (0, 8)]) == [True, True]


def test_groups_do_not_touch_each_other():
    intervals = [(0, 0, 5), (0, 8, 9), (2, 0, 1), (2, 3, 4)]
    assert rounds(intervals, [(1, 2)]) == [True, False, True, False]
    assert rounds(intervals, [(1, 99)]) == [True, False, True, False]
    assert rounds(intervals, [(2, 3)]) == [True, False, True, True]
    assert rounds(intervals, [(0, 8)]) == [True, True, True, False]


def test_the_longest_round_of_each_group():
    group, amount = np.array([0, 0, 0, 2]), np.array([3, 4, 1, 7])
    first = np.array([True, True, False, True])
    assert longest_round(group, first, amount, np.zeros(3, int)).tolist() == [5, 0, 7]
    # What was used before belongs to the first round: 3 + 1, 4 + 1; a group without intervals: 6.
    assert longest_round(group, first, amount, np.array([1, 6, 0])).tolist() == [5, 6, 7]
    assert longest_round(group, first, amount, np.array([3, 6, 0])).tolist() == [6, 6, 7]
    assert longest_round(NONE, NONE > 0, NONE, np.array([0, 2])).tolist() == [0, 2]
