"""The shortest promise that a share of the cases keeps: by hand, and coverage of its interval."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, geom

from sim.measures.shares import share_interval
from sim.measures.shortest_promise import (
    NOT_BOUND,
    ShortestPromise,
    encode,
    shortest_promises,
    shown_days,
    still_open,
)


def ended(*days: int) -> np.ndarray:
    return np.array(days, np.int32)


def promise(*codes: np.ndarray, target: float = 0.9, confidence: float = 0.95) -> ShortestPromise:
    (found,) = shortest_promises(codes, (target,), confidence)
    return found


def test_one_number_says_days_and_whether_a_case_is_open_and_bound() -> None:
    code = encode(
        np.array([3, 0, 7, 5]),
        np.array([False, True, True, False]),
        np.array([True, True, True, False]),
    )
    assert code.tolist() == [3, -2, -9, NOT_BOUND]
    assert shown_days(code).tolist() == [3, 0, 7, NOT_BOUND]
    assert still_open(code).tolist() == [False, True, True, False]


def test_it_is_the_smallest_number_of_days_that_enough_cases_need() -> None:
    days = [ended(*range(1, 11)), ended(*range(1, 11))]  # 1 … 10, twice
    for target, expected in ((0.9, 9), (0.95, 10), (0.89, 9), (0.05, 1), (0.1, 1), (0.11, 2)):
        assert promise(*days, target=target).days == expected


def test_a_share_reached_exactly_is_reached_in_floats_too() -> None:
    assert promise(ended(*range(1, 11)), ended(), target=3 * 0.1).days == 3  # 3 * 0.1 > 0.3


def test_the_interval_inverts_that_of_the_share() -> None:
    generator = np.random.default_rng(1)
    days = [generator.geometric(0.2, 60).astype(np.int32) for _ in range(80)]
    cases = np.full(80, 60)
    interval = [
        share_interval(np.array([(each <= d).sum() for each in days]), cases, 0.95)
        for d in range(max(each.max() for each in days) + 1)
    ]
    found = promise(*days)
    assert found.low == next(d for d, (_, _, high) in enumerate(interval) if high >= 0.9)
    proven = [d for d, (_, low, _) in enumerate(interval) if low >= 0.9]
    assert found.high == proven[0]
    assert found.low < found.days < found.high


def test_few_cases_prove_no_promise() -> None:
    found = promise(ended(1, 2, 3), ended(2, 3, 4))
    assert (found.days, found.high) == (4, None)
    assert found.low == 2  # on day 1, 1 - (0.025 · 2 / 3) ** 0.5 = 0.87 at most


def test_one_replication_gives_no_interval() -> None:
    found = promise(ended(*[5] * 1000), ended())
    assert (found.days, found.low, found.high) == (5, 0, None)


def test_nothing_measured() -> None:
    nothing = ShortestPromise(0.9, None, None, 0, None)
    assert promise() == promise(ended()) == promise(ended(), ended(NOT_BOUND)) == nothing


def test_a_case_that_is_not_bound_does_not_count() -> None:
    assert promise(ended(4, NOT_BOUND, 5), ended(3)) == promise(ended(4, 5), ended(3))


def test_an_open_case_keeps_no_promise_or_ends_at_once() -> None:
    """19 of 20 cases end on day 2; one is open on day 6, and then two."""
    one_open = [ended(*[2] * 10), ended(*[2] * 9, -2 - 6)]
    assert promise(*one_open, target=0.95).days == 2
    found = promise(*one_open, target=0.99)
    assert (found.days, found.at_best, found.high) == (None, 6, None)
    two_open = [ended(*[2] * 9, -2 - 1), ended(*[2] * 9, -2 - 6)]
    found = promise(*two_open, target=0.95)
    assert (found.days, found.at_best, found.low) == (None, 2, 2)


def test_open_cases_only_widen_the_interval() -> None:
    generator = np.random.default_rng(2)
    days = [generator.geometric(0.2, 80).astype(np.int32) for _ in range(80)]
    cut = [np.where(each > 14, -2 - 14, each).astype(np.int32) for each in days]
    full, partly = promise(*days), promise(*cut)
    assert partly.low <= full.low <= full.high <= (partly.high or 10**9)
    assert partly.days == full.days == partly.at_best  # few are cut off


def test_a_higher_target_needs_no_fewer_days() -> None:
    generator = np.random.default_rng(3)
    days = [generator.geometric(0.1, 50).astype(np.int32) for _ in range(10)]
    found = shortest_promises(days, (0.5, 0.8, 0.9, 0.95), 0.9)
    assert [each.days for each in found] == sorted(each.days for each in found)
    assert [each.low for each in found] == sorted(each.low for each in found)
    alone = [promise(*days, target=each.target, confidence=0.9) for each in found]
    assert list(found) == alone


@pytest.mark.study
@pytest.mark.parametrize("target", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_the_interval_holds_the_true_promise_as_often_as_it_claims(target, spread) -> None:
    """400 studies of 80 replications of 100 cases, alike (0) or each with a luck of its own."""
    generator = np.random.default_rng(4)
    studies, mean = 400, 10
    luck = mean * generator.lognormal(0, spread, (studies, 80, 1))
    days = generator.geometric(1 / (1 + luck), (studies, 80, 100)).astype(np.int32)
    exact = exact_promise(mean, spread, target)
    found = [promise(*study, target=target) for study in days]
    too_high = sum(each.low > exact for each in found)
    too_low = sum(each.high is not None and each.high < exact for each in found)
    print(f"{target} {spread}: true {exact}, too high {too_high}, too low {too_low} of {studies}")
    assert too_high <= binom.ppf(0.999, studies, 0.025)
    assert too_low <= binom.ppf(0.999, studies, 0.025)
    if target == 0.9:  # 80 replications leave room for 4.5 % of bad ones
        widths = [(each.high or 10**9) - each.low for each in found]
        assert np.median(widths) <= exact


def exact_promise(mean: float, spread: float, target: float) -> int:
    """Return the quantile of a geometric number whose mean is lognormal, by quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    luck = 1 / (1 + mean * np.exp(spread * nodes))
    share = (geom.cdf(np.arange(1000)[:, None], luck) * weights).sum(axis=1) / weights.sum()
    return int(np.argmax(share >= target))
