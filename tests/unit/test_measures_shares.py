"""Intervals for shares, verdicts, looks, quantiles."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom
from scipy.stats import t as student

from sim.measures.shares import (
    clopper_pearson,
    confidence_at_look,
    confidence_of_each,
    quantiles,
    share_interval,
    verdict,
)


def ints(*values):
    return np.array(values, dtype=np.int64)


def wilson(p, n, z):
    """Wilson (1927)."""
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return pytest.approx((centre - half, centre + half))


# Good and bad months: a replication shares its luck (beta), its cases do not (binomial).
@pytest.mark.parametrize("replications", [10, 30])
@pytest.mark.parametrize(("a", "b"), [(8, 2), (45, 5), (19, 1), (0.9, 0.1)])
def test_each_side_errs_with_half_of_the_rest_at_most(replications, a, b):
    rng = np.random.default_rng(20200707)
    mean, runs, too_high, too_low = a / (a + b), 1000, 0, 0
    for _ in range(runs):
        cases = rng.poisson(60, replications) + 1
        on_time = rng.binomial(cases, rng.beta(a, b, replications))
        _, low, high = share_interval(on_time, cases, 0.95)
        too_high += low > mean
        too_low += high < mean
    assert max(too_high, too_low) <= binom.ppf(0.999, runs, 0.025)


@pytest.mark.parametrize(("a", "b"), [(8, 2), (45, 5), (19, 1)])
def test_the_worst_replication_counts_for_little_among_many(a, b):
    rng = np.random.default_rng(20200707)
    mean, number = a / (a + b), 1000
    cases = rng.poisson(60, number) + 1
    on_time = rng.binomial(cases, rng.beta(a, b, number))
    _, low, high = share_interval(on_time, cases, 0.95)
    spread = mean * (1 - mean) / (a + b + 1)
    ideal = 2 * 1.96 * math.sqrt((spread + mean * (1 - mean) / 60) / number)
    assert ideal < high - low < 1.35 * ideal


@pytest.mark.parametrize(("yes", "number"), [(8, 10), (19, 20), (36, 40), (70, 72)])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.999])
def test_replications_that_are_good_or_bad_as_a_whole_have_the_exact_interval(
    yes, number, confidence
):
    on_time = ints(*[60] * yes, *[0] * (number - yes))
    _, low, high = share_interval(on_time, ints(*[60] * number), confidence)
    error = (1 - confidence) / 2
    exact = beta.ppf(error, yes, number - yes + 1), beta.ppf(1 - error, yes + 1, number - yes)
    assert (low, high) == pytest.approx(exact, abs=1e-3)
    assert clopper_pearson(yes / number, number, confidence) == pytest.approx(exact)


@pytest.mark.parametrize("number", [2, 5, 20, 72, 400])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.999])
def test_good_replications_alone_leave_room_for_a_bad_one(number, confidence):
    """With R good ones, a part q of bad ones escapes with (1 - q)^R; the approximation: 5 %."""
    _, low, high = share_interval(ints(*[60] * number), ints(*[60] * number), confidence)
    assert high == 1
    assert 0.93 < low**number / ((1 - confidence) / 2) <= 1


def test_the_lower_end_is_a_quantile_of_the_weighted_share():
    # Three replications of 100 and one without a case on time, weights exponential. At p below all
    # shares only the last is negative, -100 p, and Σ w (y - p n) ≤ 0 has the probability
    # Π 1 / (1 + (y - 100 p) / (100 p)) = Π 100 p / y.
    _, low, _ = share_interval(ints(80, 90, 100), ints(100, 100, 100), 0.95)
    assert low < 0.8
    assert (100 * low) ** 3 / (80 * 90 * 100) == pytest.approx(0.025, rel=0.05)
    # A larger replication weighs more: Σ n = 400, mean 400 / 3.
    _, low, _ = share_interval(ints(80, 90, 200), ints(100, 100, 200), 0.95)
    worst = 400 / 3 * low
    parts = [worst / (worst + y - n * low) for y, n in ((80, 100), (90, 100), (200, 200))]
    assert math.prod(parts) == pytest.approx(0.025, rel=0.05)


def test_the_score_is_that_of_simulated_weights():
    rng = np.random.default_rng(7)
    on_time, cases = rng.binomial(50, rng.beta(9, 1, 30)), ints(*[50] * 30)
    _, low, high = share_interval(on_time, cases, 0.9)
    weights = rng.exponential(size=(200_000, 31))
    y, n = np.append(on_time, 0), np.append(cases, 50)
    assert (weights @ (y - low * n) <= 0).mean() == pytest.approx(0.05, rel=0.05)
    late = n - np.append(on_time, 50)
    assert (weights @ (late - (1 - high) * n) <= 0).mean() == pytest.approx(0.05, rel=0.05)


def test_a_search_takes_the_degrees_of_freedom_of_normal_replications():
    _, low, high = share_interval(
        ints(50, 100, 100, 100, 100), ints(*[100] * 5), 0.8, for_search=True
    )
    assert (low, high) == wilson(0.9, 9, student.ppf(0.9, 4))


def test_a_search_takes_cases_as_independent_where_they_spread_less():
    # Equal replications: the design effect is its lower bound 1. Wilson's n = 400, t(0.975, 3).
    cases = ints(*[100] * 4)
    share, low, high = share_interval(ints(90, 90, 90, 90), cases, 0.95, for_search=True)
    assert share == 0.9
    assert (low, high) == wilson(0.9, 400, 3.182446305284263)
    # y = 100, 80, 90, 90: variance of p = 4/3 · (10² + 10²) / 400² = 1/600; independent 0.09/400;
    # design effect 7.407, effective sample size 54.
    _, low, high = share_interval(ints(100, 80, 90, 90), cases, 0.95, for_search=True)
    assert (low, high) == wilson(0.9, 54, 3.182446305284263)


@pytest.mark.parametrize("all_of_them", [True, False])
def test_a_search_without_late_cases(all_of_them):
    cases = ints(*[50] * 20)
    share, low, high = share_interval(cases * all_of_them, cases, 0.95, for_search=True)
    # At p = 1 Wilson's other bound is n / (n + z²), z = t(0.975, 19) = 2.093024.
    bound = 1000 / (1000 + 2.093024054408263**2)
    assert (low, high) == pytest.approx((bound, 1.0) if all_of_them else (0.0, 1 - bound))
    assert (high if all_of_them else low) == share  # exactly


replications = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300)).map(sorted), min_size=2, max_size=30
)
confidences = st.floats(0.5, 0.9999)
TINY = 1e-9


@given(replications, confidences)
def test_the_interval_holds_the_share_and_stays_within_0_and_1(pairs, confidence):
    on_time, cases = ints(*pairs).T
    share, low, high = share_interval(on_time, cases, confidence)
    assert 0 <= low <= high <= 1
    assert math.isnan(share) or low - TINY <= share <= high + TINY


@given(replications, confidences)
def test_on_time_and_late_are_treated_alike(pairs, confidence):
    on_time, cases = ints(*pairs).T
    _, low, high = share_interval(on_time, cases, confidence)
    _, low_late, high_late = share_interval(cases - on_time, cases, confidence)
    assert (low, high) == pytest.approx((1 - high_late, 1 - low_late), abs=TINY)


@given(replications, confidences, confidences)
def test_more_confidence_needs_more_room(pairs, one, other):
    on_time, cases = ints(*pairs).T
    _, low, high = share_interval(on_time, cases, min(one, other))
    _, lower, higher = share_interval(on_time, cases, max(one, other))
    assert lower <= low + TINY
    assert higher >= high - TINY


@given(replications, st.randoms(use_true_random=False))
def test_the_order_of_replications_does_not_matter(pairs, random):
    on_time, cases = ints(*pairs).T
    shuffled = random.sample(pairs, len(pairs))
    assert share_interval(*ints(*shuffled).T, 0.95) == pytest.approx(
        share_interval(on_time, cases, 0.95), abs=TINY, nan_ok=True
    )


@pytest.mark.parametrize("confidence", [0.95, 0.999, 1 - 0.05 / 300])
@pytest.mark.parametrize("number", [2, 3, 4])
def test_few_replications(number, confidence):
    cases = ints(*[100] * number)
    _, low, high = share_interval(cases - np.arange(number), cases, confidence)
    assert 0 <= low < high < 1


def test_ratio_of_sums_not_mean_of_ratios():
    share, _, _ = share_interval(ints(1, 90), ints(2, 98), 0.95)
    assert share == 0.91


def test_nothing_is_known_from_one_replication_or_no_case():
    assert share_interval(ints(9), ints(10), 0.95) == (0.9, 0.0, 1.0)
    assert share_interval(ints(9, 0), ints(10, 0), 0.95) == (0.9, 0.0, 1.0)
    share, low, high = share_interval(ints(0, 0), ints(0, 0), 0.95)
    assert math.isnan(share)
    assert (low, high) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.95, 0.99, "holds"),
        (0.949, 0.99, "undecided"),
        (0.90, 0.95, "undecided"),
        (0.90, 0.949, "fails"),
        (0.0, 1.0, "undecided"),
    ],
)
def test_verdict(low, high, expected):
    assert verdict(low, high, 0.95) == expected


def test_intervals_that_hold_together_share_the_error():
    assert confidence_of_each(0.95, 1) == 0.95
    assert 6 * (1 - confidence_of_each(0.95, 6)) == pytest.approx(0.05)


def test_looks_spend_the_error_once():
    spent = sum(1 - confidence_at_look(0.95, k) for k in range(1, 20_000))
    assert 0.0499 < spent < 0.05
    assert 1 - confidence_at_look(0.95, 2) == pytest.approx((1 - confidence_at_look(0.95, 1)) / 4)
    with pytest.raises(ValueError, match="look 0"):
        confidence_at_look(0.95, 0)


def test_quantile_is_the_smallest_value_that_enough_cases_keep():
    days = ints(*range(20, 0, -1))
    got = quantiles(days, ints(), (0.05, 0.5, 0.51, 0.95, 1.0))
    assert [q.days for q in got] == [1, 10, 11, 19, 20]
    assert not any(q.at_least for q in got)


@pytest.mark.parametrize("n", [1, 3, 7, 20, 100])
def test_quantiles_are_inverted_cdf(n):
    days = np.random.default_rng(n).integers(0, 15, n)
    for q in quantiles(days, ints(), (0.5, 0.9, 0.95, 1.0)):
        assert np.count_nonzero(days <= q.days) >= q.share * n - 1e-9
        assert np.count_nonzero(days < q.days) < q.share * n - 1e-9


def test_overdue_cases_enter_as_a_lower_bound():
    # Nine ended on days 1 … 9, one is open on day 5: it may be anywhere from 5 on.
    half, three_quarters, most = quantiles(ints(*range(1, 10)), ints(5), (0.5, 0.75, 1.0))
    assert (half.days, half.at_least) == (5, False)
    assert (three_quarters.days, three_quarters.at_least) == (7, True)
    assert (most.days, most.at_least) == (9, True)


def test_quantiles_of_nothing():
    (q,) = quantiles(ints(), ints(), (0.5,))
    assert math.isnan(q.days)
