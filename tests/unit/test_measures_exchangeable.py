"""One history against simulated ones: errors as stated, and power where there is a difference."""

from __future__ import annotations

import numpy as np
import pytest

from sim.measures.exchangeable import (
    distribution_distances,
    joint_test,
    needed,
    prediction_interval,
)

FAMILY = np.array([0, 0, 1, 1])
NONE = np.zeros(4)


def drawn(rng: np.random.Generator, histories: int) -> np.ndarray:
    """Return [H, 4] correlated statistics, one of them wild and one nearly always the same."""
    common = rng.normal(size=(histories, 1))
    wild = np.exp(2 * rng.normal(size=histories))
    rare = (rng.uniform(size=histories) < 0.02).astype(float)
    plain = common + rng.normal(size=(histories, 2))
    return np.column_stack([plain, wild, rare])


def test_a_right_scenario_is_rejected_no_more_often_than_stated() -> None:
    rng, rejected = np.random.default_rng(1), 0
    for _ in range(1000):
        every = drawn(rng, 100)
        test = joint_test(every[-1], every[:-1], NONE, NONE, FAMILY, 0.05)
        assert test.exceeds.any() == (test.p_value <= 0.05)
        rejected += test.exceeds.any()
    assert 20 <= rejected <= 65  # of 1,000: at most 50 expected; 65 exceeds chance at 2 %


def test_a_difference_is_seen_beside_wild_statistics_in_another_family() -> None:
    rng, found = np.random.default_rng(2), 0
    for _ in range(100):
        every = drawn(rng, 100)
        every[-1, 0] += 8
        test = joint_test(every[-1], every[:-1], NONE, NONE, FAMILY, 0.05)
        found += list(test.exceeds) == [True, False, False, False]
    assert found >= 85


def test_only_the_side_that_counts_is_looked_at() -> None:
    every = drawn(np.random.default_rng(3), 200)
    every[-1, 0] = 50
    for side, seen in ((1, True), (-1, False), (0, True)):
        sides = np.array([side, -1, 1, 1])
        test = joint_test(every[-1], every[:-1], NONE, sides, FAMILY, 0.05)
        assert test.exceeds[0] == seen


def test_the_floor_is_the_least_spread_and_undefined_numbers_tell_nothing() -> None:
    simulated = np.zeros((99, 4))
    simulated[:, 1] = np.nan
    observed = np.array([1.0, 5.0, 0.0, np.nan])
    floor = np.array([0.5, 0.5, 0.5, 0.5])
    test = joint_test(observed, simulated, floor, NONE, FAMILY, 0.05)
    assert test.score == pytest.approx([1.98, 0, 0, 0])


def test_too_few_replications_never_reject() -> None:
    assert needed(0.05, 4) == 79
    observed, simulated = np.full(4, 9.0), drawn(np.random.default_rng(4), 10)
    test = joint_test(observed, simulated, NONE, NONE, FAMILY, 0.05)
    assert test.p_value >= 1 / 11
    assert not test.exceeds.any()


def test_one_more_history_lies_in_the_prediction_interval_as_often_as_stated() -> None:
    rng = np.random.default_rng(5)
    simulated = np.sort(rng.exponential(size=(99, 2000)), axis=0)
    simulated[:10, 0] = np.nan
    low, high = prediction_interval(simulated, 0.8)
    assert (low[1:] == simulated[9, 1:]).all()
    assert (high[1:] == simulated[89, 1:]).all()
    further = rng.exponential(size=2000)
    assert ((low <= further) & (further <= high)).mean() == pytest.approx(0.8, abs=0.03)


def test_few_replications_bound_nothing() -> None:
    low, high = prediction_interval(np.array([[1.0], [2.0]]), 0.8)
    assert (low[0], high[0]) == (-np.inf, np.inf)


def test_the_distance_is_the_area_between_the_distribution_functions() -> None:
    days = [np.array([1, 1]), np.array([3, 3]), np.array([], int)]
    assert distribution_distances(days) == pytest.approx([1, 1, np.nan], nan_ok=True)
