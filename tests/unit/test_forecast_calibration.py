"""The measure of calibration, on probabilities and truths made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.build.calibration import brier, tenths


def test_a_tenth_has_mean_share_and_interval() -> None:
    one, other = tenths(
        [0.12, 0.18, 0.12, 0.18, 1.0], [True, False, False, False, True], [1, 1, 2, 2, 3]
    )
    assert (one.low, one.cases, one.cities) == (0.1, 4, 2)
    assert one.predicted == pytest.approx(0.15)
    assert one.observed == 0.25
    # With city 1 alone half of the cases are late, with city 2 alone none is.
    assert one.interval == pytest.approx((0.0, 0.5))
    assert one.holds
    assert (other.low, other.cases, other.observed) == (0.9, 1, 1.0)
    assert other.interval == (1.0, 1.0)


def test_cases_of_one_city_are_no_independent_proof() -> None:
    """Ten cities of which five are late as a whole do not refute 0.3; a hundred cases would."""
    city = np.repeat(np.arange(10), 10)
    shared, (alone,) = (
        tenths([0.3] * 100, city < 5, city),
        tenths([0.3] * 100, city < 5, range(100)),
    )
    assert shared[0].holds
    assert not alone.holds


def test_wrong_probabilities_are_found() -> None:
    """Of 200 cities with 10 cases each, those told half the truth do not hold."""
    draw = np.random.default_rng(1)
    city = np.repeat(np.arange(200), 10)
    luck = np.repeat(draw.uniform(0.3, 0.5, 200), 10)
    late = draw.uniform(size=2000) < luck
    assert all(one.holds for one in tenths(luck, late, city))
    assert not any(one.holds for one in tenths(luck / 2, late, city))


def test_the_score_is_the_mean_squared_error() -> None:
    assert brier([0.0, 0.5, 1.0], [False, True, False]) == pytest.approx((0 + 0.25 + 1) / 3)
