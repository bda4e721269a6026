"""Contrasts of shares and means on common random numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t as student

from sim.experiments.compare.differences import _Pair
from sim.measures.contrasts import (
    mean_contrast,
    ratio_contrast,
    share_contrast,
    share_difference,
)
from sim.measures.shares import OnTimeCounts

DIFFERENCE = np.array([-1.0, 1.0])


def test_a_difference_that_never_varies_is_known_exactly() -> None:
    on_time = np.array([[80, 60, 90], [85, 65, 95]])
    found = ratio_contrast(DIFFERENCE, on_time, np.full((2, 3), 100), 0.95)
    assert (found.value, found.low, found.high) == pytest.approx((0.05, 0.05, 0.05))
    assert found.sign == 1


def test_a_mean_difference_by_hand() -> None:
    """Differences 1, 2, 3: mean 2, s = 1, t(2; 0.975) = 4.3027, half width 4.3027 / sqrt 3."""
    found = mean_contrast(DIFFERENCE, np.array([[1.0, 1, 1], [2, 3, 4]]), 0.95)
    assert found.value == 2
    assert found.high - 2 == pytest.approx(4.302653 / math.sqrt(3))
    assert found.low == pytest.approx(4 - found.high)
    assert found.sign == 0


def test_a_ratio_of_ones_is_a_mean() -> None:
    values = np.array([[1.0, 1, 1, 2], [2, 3, 4, 3]])
    mean = mean_contrast(DIFFERENCE, values, 0.95)
    ratio = ratio_contrast(DIFFERENCE, values, np.ones_like(values), 0.95)
    for one, other in zip(
        (mean.value, mean.low, mean.high), (ratio.value, ratio.low, ratio.high), strict=True
    ):
        assert one == pytest.approx(other)


def test_together_they_are_wider() -> None:
    values = np.array([[1.0, 1, 1, 2], [2, 3, 4, 3]])
    alone, together = (mean_contrast(DIFFERENCE, values, 0.95, of=of) for of in (1, 5))
    assert together.high > alone.high
    assert together.value == alone.value


def test_without_replications_nothing_is_known() -> None:
    found = ratio_contrast(DIFFERENCE, np.array([[1], [2]]), np.array([[2], [2]]), 0.95)
    assert (found.low, found.high, found.sign) == (-math.inf, math.inf, 0)
    none = np.zeros((2, 3), int)
    assert math.isnan(ratio_contrast(DIFFERENCE, none, none, 0.95).value)


def test_the_interval_covers_what_it_claims() -> None:
    """Two shares of dependent cases (a common factor of each replication): 90 of 100 cover."""
    rng, covered, trials = np.random.default_rng(7), 0, 2000
    for _ in range(trials):
        common = rng.beta(20, 5, 12)
        cases = rng.poisson(100, (2, 12)) + 1
        on_time = rng.binomial(cases, [common, np.sqrt(common)])
        found = ratio_contrast(DIFFERENCE, on_time, cases, 0.9)
        covered += found.low <= TRUE_DIFFERENCE <= found.high
    # Binomial(2000, 0.9) lies in 1800 ± 3.3 * 13.4; the t interval of a ratio errs a little.
    assert 0.87 < covered / trials < 0.93


# E sqrt X - E X of X ~ Beta(20, 5): B(20.5, 5) / B(20, 5) - 20/25.
TRUE_DIFFERENCE = (
    math.exp(math.lgamma(20.5) + math.lgamma(25) - math.lgamma(25.5) - math.lgamma(20)) - 0.8
)


def test_drawn_weights_bring_an_error_of_their_own() -> None:
    on_time, cases = np.array([[5, 6, 7, 8], [7, 7, 9, 9]]), np.full((2, 4), 10)
    weights = np.array([-1.0, 1.0])
    paired = ratio_contrast(weights, on_time, cases, 0.95)
    half = (paired.high - paired.low) / 2
    certain = ratio_contrast(weights, on_time, cases, 0.95, draws=np.full(9, 0.15))
    assert (certain.high - certain.low) / 2 == pytest.approx(half)
    draws = np.array([0.1, 0.2, 0.1, 0.2])
    wider = ratio_contrast(weights, on_time, cases, 0.95, draws=draws)
    # the same 3 degrees of freedom, so that half-widths add in squares
    alone = student.ppf(0.975, 3) * draws.std(ddof=1) / 2
    assert (wider.high - wider.low) / 2 == pytest.approx(np.hypot(half, alone))


def counts(surely, unknown):
    surely, unknown = np.array(surely), np.array(unknown)
    return OnTimeCounts(surely, surely + unknown, np.full(len(surely), 100))


def test_open_cases_widen_a_difference_of_shares_both_ways() -> None:
    """A: 80 % to 85 %; B: 90 % to 92 %, the same in all replications, so that only they widen it.

    The difference is 10 points if all are late; at least 90 - 85, at most 92 - 80.
    """
    a, b = counts([80, 80, 80], [5, 5, 5]), counts([90, 90, 90], [2, 2, 2])
    found = share_contrast(DIFFERENCE, [a, b], 0.95)
    assert (found.value, found.low, found.high) == pytest.approx((0.10, 0.05, 0.12))
    assert found.sign == 1
    many = counts([80, 80, 80], [15, 15, 15])
    assert share_contrast(DIFFERENCE, [many, b], 0.95).sign == 0


def test_without_open_cases_a_difference_of_shares_is_that_of_ratios() -> None:
    known = [counts([80, 60, 90], [0, 0, 0]), counts([88, 64, 99], [0, 0, 0])]
    plain = ratio_contrast(
        DIFFERENCE, np.array([[80, 60, 90], [88, 64, 99]]), np.full((2, 3), 100), 0.95
    )
    assert share_contrast(DIFFERENCE, known, 0.95) == plain


def test_a_share_cannot_change_by_more_than_one() -> None:
    wild = [counts([0, 100], [0, 0]), counts([100, 0], [0, 0])]
    found = share_contrast(DIFFERENCE, wild, 0.95)
    assert (found.low, found.high) == (-1, 1)


@pytest.mark.parametrize("replications", [2, 5, 40])
@pytest.mark.parametrize("better", [0, 10])
def test_equal_replications_leave_room_for_one_that_did_not_occur(replications, better) -> None:
    """By hand: the worst replication weighs more than w with (1 - w) ** R.

    With it the difference is d - (1 + d) w, so w = (d - low) / (1 + d) is the quantile.
    """
    a, b = ([80] * replications, [80 + better] * replications)
    none = [0] * replications
    found = share_difference(counts(a, none), counts(b, none), 0.95)
    d = better / 100
    assert found.value == pytest.approx(d)
    for end, worst in ((found.low, -1), (found.high, 1)):
        weight = (end - d) / (worst - d)
        assert (1 - weight) ** replications == pytest.approx(0.025, rel=0.1)
    assert found.sign == (better == 10 and replications == 40)


def test_two_replications_prove_no_difference() -> None:
    everything = counts([0, 0], [0, 0]), counts([100, 100], [0, 0])
    found = share_difference(*everything, 0.95)
    assert found.high == pytest.approx(1)
    assert found.value == 1
    assert found.sign == 0
    one = counts([0], [0]), counts([100], [0])
    assert share_difference(*one, 0.95).low == -math.inf


def test_a_difference_of_shares_is_that_the_other_way_round() -> None:
    a, b = counts([80, 60, 90, 75], [3, 0, 2, 1]), counts([88, 64, 99, 70], [0, 4, 0, 1])
    found, back = share_difference(a, b, 0.95), share_difference(b, a, 0.95)
    assert (found.value, found.low, found.high) == pytest.approx(
        (-back.value, -back.high, -back.low)
    )
    wider = share_difference(a, b, 0.95, of=4)
    assert wider.low < found.low
    assert wider.high > found.high


def test_open_cases_widen_a_difference_of_two_shares_both_ways() -> None:
    """Each end is that of the counts with which the unknown cases make it lowest, or highest."""
    a, b = counts([80, 70, 85], [5, 9, 2]), counts([90, 75, 80], [2, 4, 6])
    none = [0, 0, 0]
    found = share_difference(a, b, 0.95)
    lowest = share_difference(counts(a.at_best, none), b, 0.95)
    highest = share_difference(a, counts(b.at_best, none), 0.95)
    assert found.low == lowest.low
    assert found.high == highest.high


def test_replications_of_unlike_size_weigh_by_their_cases() -> None:
    """As the share itself: of 30 and 10 cases the first counts three times as much."""
    sizes = np.array([300, 100])
    a = OnTimeCounts(np.array([150, 90]), np.array([150, 90]), sizes)
    b = OnTimeCounts(np.array([180, 100]), np.array([180, 100]), sizes)
    assert share_difference(a, b, 0.95).value == pytest.approx(280 / 400 - 240 / 400)
    # Cases that only one scenario has move its share, and the interval with it.
    more = OnTimeCounts(b.surely, b.at_best, sizes + 20)
    assert share_difference(a, more, 0.95).value == pytest.approx(280 / 440 - 240 / 400)
    assert share_difference(a, more, 0.95).low < share_difference(a, b, 0.95).low
    there, back = share_difference(a, more, 0.95), share_difference(more, a, 0.95)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    # A replication in which no case arrives says nothing.
    empty = [
        OnTimeCounts(*(np.append(c, 0) for c in (x.surely, x.at_best, x.judged))) for x in (a, b)
    ]
    assert share_difference(*empty, 0.95) == share_difference(a, b, 0.95)


@pytest.mark.parametrize("replications", [10, 40])
def test_a_rare_bad_year_is_not_overlooked(replications) -> None:
    """One year in fifty takes half of the cases from B, which else has one in a hundred more.

    So the true difference is 0. Most studies see no such year: t intervals then prove B better
    in 8 studies of 10 with 10 replications, and in 4 of 10 with 40.
    """
    rng, wrong, trials = np.random.default_rng(5), 0, 300
    for _ in range(trials):
        bad = rng.random(replications) < 0.02
        a, b = np.full(replications, 98), np.where(bad, 49, 99)
        found = share_difference(counts(a, 0 * a), counts(b, 0 * b), 0.95)
        wrong += found.sign != 0
    assert wrong / trials < 0.05


def test_a_ratio_over_nothing_is_unknown() -> None:
    sums, counts = np.array([[1.0, 2], [3, 0]]), np.array([[2.0, 2], [0, 0]])
    pair = _Pair.of_ratios("on_time", "limit", "other", sums, counts)
    assert pair.reference == 0.75
    assert math.isnan(pair.value)
