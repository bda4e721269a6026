"""Intervals for shares, verdicts, looks, quantiles."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta
from scipy.stats import t as student

from sim.measures.shares import confidence_at_look, quantiles, share_interval, verdict


def ints(*values):
    return np.array(values, dtype=np.int64)


def wilson(p, n, z):
    """Wilson (1927)."""
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return pytest.approx((centre - half, centre + half))


# Good and bad months: a replication shares its luck (beta), its cases do not (binomial).
@pytest.mark.parametrize("replications", [10, 30])
@pytest.mark.parametrize(("a", "b"), [(8, 2), (45, 5), (19, 1)])
def test_coverage(replications, a, b):
    rng = np.random.default_rng(20200707)
    mean, runs, hits, width = a / (a + b), 1000, 0, 0.0
    for _ in range(runs):
        cases = rng.poisson(60, replications) + 1
        on_time = rng.binomial(cases, rng.beta(a, b, replications))
        _, low, high = share_interval(on_time, cases, 0.95)
        hits += low <= mean <= high
        width += (high - low) / runs
    assert hits / runs >= 0.93
    # Power: an interval of everything would cover too. Normal theory, and a third for t and Wilson.
    spread = mean * (1 - mean) / (a + b + 1)
    ideal = 2 * 1.96 * math.sqrt((spread + mean * (1 - mean) / 60) / replications)
    assert width < 1.5 * ideal


def test_independent_cases_have_the_wilson_interval():
    # Equal replications: no variance between them, so the design effect is its lower bound 1.
    # Wilson's n = 400, p = 0.9, and t(0.975, 3) = 3.182446 in place of z.
    share, low, high = share_interval(ints(90, 90, 90, 90), ints(100, 100, 100, 100), 0.95)
    assert share == 0.9
    assert (low, high) == wilson(0.9, 400, 3.182446305284263)


def test_clusters_widen_the_interval():
    # y = 100, 80, 90, 90: variance of p = 4/3 · (10² + 10²) / 400² = 1/600; independent 0.09/400;
    # design effect 7.407, effective sample size 54. Kurtosis k₄/k₂² = 3/2 · (5 · 2 - 9) = 1.5, so
    # that ν = 40 / (8 + 3 · 1.45) is over 3: t(0.975, 3).
    _, low, high = share_interval(ints(100, 80, 90, 90), ints(100, 100, 100, 100), 0.95)
    assert (low, high) == wilson(0.9, 54, 3.182446305284263)


def test_one_bad_replication_leaves_two_degrees_of_freedom():
    # Residuals -40, 10, 10, 10, 10: variance of p = 5/4 · 2000 / 500² = 0.01, n = 9. Kurtosis
    # 5 · (40⁴ + 4 · 10⁴) / 2000² = 3.25, k₄/k₂² = 4/6 · (6 · 3.25 - 12) = 5, less 0.46 / 0.09 / 100
    # of independent cases: ν = 60 / (10 + 4 · 4.94889) = 2.0137. With R - 1 it would be 4.
    # The confidence is low enough for the five replications to be no bound.
    _, low, high = share_interval(ints(50, 100, 100, 100, 100), ints(*[100] * 5), 0.8)
    assert (low, high) == wilson(0.9, 9, student.ppf(0.9, 60 / (10 + 4 * (5 - 0.46 / 9))))


def test_no_interval_is_wider_than_that_of_as_many_cases_as_replications():
    # The same at 95 %: if 4.5 of 5 cases were on time, Clopper and Pearson's bounds would be the
    # quantiles of beta(4.5, 1.5) and beta(5.5, 0.5). Wilson's are 0.2685 and 0.9943.
    _, low, high = share_interval(ints(50, 100, 100, 100, 100), ints(*[100] * 5), 0.95)
    assert low == pytest.approx(beta.ppf(0.025, 4.5, 1.5))
    wide = wilson(0.9, 9, student.ppf(0.975, 60 / (10 + 4 * (5 - 0.46 / 9))))
    assert (low, high) != wide
    assert (0.26851010884257154, high) == wide
    # Replications of different sizes count for fewer: 110² / (3 · 20² + 10² + 40²) = 121 / 29.
    _, low, high = share_interval(ints(20, 20, 20, 10, 0), ints(20, 20, 20, 10, 40), 0.95)
    yes, no = 121 / 29 * 7 / 11, 121 / 29 * 4 / 11
    bounds = beta.ppf(0.025, yes, no + 1), beta.ppf(0.975, yes + 1, no)
    assert (low, high) == pytest.approx(bounds)


def test_a_search_takes_the_degrees_of_freedom_of_normal_replications():
    _, low, high = share_interval(
        ints(50, 100, 100, 100, 100), ints(*[100] * 5), 0.8, heavy_tails=False
    )
    assert (low, high) == wilson(0.9, 9, student.ppf(0.9, 4))


def test_a_single_late_case_is_no_bad_replication():
    # Rare late cases are kurtotic, k₄/k₂² = 20 here, and should be: 19.91 if independent.
    one_late = ints(49, *[50] * 19)
    _, low, high = share_interval(one_late, ints(*[50] * 20), 0.999)
    effect = 20 / 19 * (0.95**2 + 19 * 0.05**2) / 0.999  # 1.001
    assert (low, high) == wilson(0.999, 1000 / effect, student.ppf(0.9995, 19))


def test_tails_do_not_matter_where_the_variance_is_that_of_independent_cases():
    # Nine alike and one that is off by one: kurtosis 10, but less spread than chance alone makes.
    _, low, high = share_interval(ints(91, *[90] * 9), ints(*[100] * 10), 0.95)
    assert (low, high) == wilson(0.901, 1000, student.ppf(0.975, 9))


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


@pytest.mark.parametrize("all_of_them", [True, False])
def test_all_or_none(all_of_them):
    cases = ints(*[50] * 20)
    share, low, high = share_interval(cases * all_of_them, cases, 0.95)
    assert share == all_of_them
    # At p = 1 Wilson's other bound is n / (n + z²), z = t(0.975, 19) = 2.093024.
    bound = 1000 / (1000 + 2.093024054408263**2)
    assert (low, high) == pytest.approx((bound, 1.0) if all_of_them else (0.0, 1 - bound))
    assert (high if all_of_them else low) == share  # exactly


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
