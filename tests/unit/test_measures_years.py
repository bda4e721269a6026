"""Years that keep a target: worked out by hand, and against exact binomial truth."""

import math
from datetime import date

import numpy as np
import pytest
from scipy.stats import binom

from sim.measures.periods import periods_of
from sim.measures.years import Years, is_year, twice, years_in


def years(surely: object, judged: object, at_best: object = None, target: float = 0.95) -> Years:
    """Return years from [R, Y] counts."""
    best = surely if at_best is None else at_best
    arrays = (np.array(counts, np.int64) for counts in (surely, best, judged))
    return Years(*arrays, target=target, confidence=0.95)


# --- the window in years ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2021, 1, 1), date(2021, 12, 31), [range(12)]),
        (date(2021, 3, 1), date(2021, 5, 31), [range(14)]),  # 92 days: months; a part of a year
        (date(2021, 1, 15), date(2022, 1, 14), [range(13)]),  # a year in thirteen months
        (date(2020, 7, 1), date(2022, 6, 30), [range(12), range(12, 24)]),
        # The last four months belong to no whole year.
        (date(2020, 1, 1), date(2022, 4, 30), [range(12), range(12, 24)]),
    ],
)
def test_a_window_has_whole_years(first: date, last: date, expected: list[range]) -> None:
    periods = periods_of(first, last)
    if first == date(2021, 3, 1):
        expected = [range(len(periods))]
        assert not is_year(periods)
    else:
        assert is_year(periods)
    assert years_in(periods) == tuple(expected)


# --- by hand ---------------------------------------------------------------------------------


def test_four_years_of_which_one_misses() -> None:
    # Shares 100, 95, 90 and 100 %; at the target of 95 % a year is kept.
    own = years([[20], [19], [18], [10]], [[20], [20], [20], [10]])
    assert (own.number, own.kept, own.kept_at_best) == (4, 3, 3)
    np.testing.assert_allclose(own.shares, [0.9, 0.95, 1, 1])
    assert own.keeps.value == 0.75
    # Clopper-Pearson for 3 of 4, from tables: 0.1941 to 0.9937.
    assert own.keeps.low == pytest.approx(0.1941, abs=1e-4)
    assert own.keeps.high == pytest.approx(0.9937, abs=1e-4)
    # One failure: no pair of years misses twice; the interval is that of p, squared.
    assert own.fails_twice.value == 0
    assert own.fails_twice.high == pytest.approx((1 - 0.1941) ** 2, abs=1e-4)
    # The worst year in twenty: of four years the worst, and no bound below.
    assert (own.worst.value, own.worst.low) == (0.9, 0.0)


def test_an_open_case_counts_both_ways() -> None:
    # 18 of 20 on time and one unknown: 90 or 95 %.
    own = years([[18], [20]], [[20], [20]], at_best=[[19], [20]])
    assert (own.kept, own.kept_at_best) == (1, 2)
    assert (own.keeps.value, own.keeps.at_best) == (0.5, 1.0)
    # 1 of 2 surely: lower end of Clopper-Pearson 0.0126; 2 of 2 at best: upper end 1.
    assert own.keeps.low == pytest.approx(0.0126, abs=1e-4)
    assert own.keeps.high == 1
    assert (own.worst.value, own.worst.at_best) == (0.9, 0.95)


def test_a_year_without_cases_is_left_out() -> None:
    own = years([[0], [9]], [[0], [10]], target=0.9)
    assert (own.number, own.kept, own.keeps.value) == (1, 1, 1.0)


def test_no_year_is_known() -> None:
    own = years([[0], [0]], [[0], [0]])
    assert math.isnan(own.keeps.value)
    assert (own.keeps.low, own.keeps.high) == (0, 1)
    assert math.isnan(own.worst.value)


def test_two_years_running_from_pairs_of_replications() -> None:
    # 3 of 5 years miss: 3 * 2 = 6 of 5 * 4 = 20 ordered pairs.
    happens = np.array([True, False, True, True, False])
    assert twice(happens, np.ones(5, bool)) == pytest.approx(0.3)
    # Parts: (1/2 + 1 + 0)² - (1/4 + 1) = 1 of 3 * 2 pairs.
    assert twice(np.array([0.5, 1, 0]), np.ones(3, bool)) == pytest.approx(1 / 6)
    assert math.isnan(twice(happens, np.arange(5) == 0))


def test_two_years_running_from_neighbours() -> None:
    # Three years in each of three replications; missed: (no, yes, yes), (no, no, no), (yes, no,
    # yes). One of six pairs of neighbours misses twice.
    own = years([[10, 0, 0], [10, 10, 10], [0, 10, 0]], np.full((3, 3), 10))
    assert own.fails_twice.value == pytest.approx(1 / 6)
    assert own.keeps.value == pytest.approx(5 / 9)


# --- coverage, exactly -----------------------------------------------------------------------


@pytest.mark.parametrize("n", [5, 20, 100, 400])
@pytest.mark.parametrize("p", [0.5, 0.8, 0.92, 0.985, 0.999])
def test_the_interval_of_a_probability_covers_as_often_as_stated(n: int, p: float) -> None:
    covered = covered_twice = 0.0
    for kept in range(n + 1):
        own = years([[10]] * kept + [[0]] * (n - kept), [[10]] * n)
        weight = binom.pmf(kept, n, p)
        covered += weight * (own.keeps.low <= p <= own.keeps.high)
        covered_twice += weight * (own.fails_twice.low <= (1 - p) ** 2 <= own.fails_twice.high)
    assert covered >= 0.95 - 1e-9
    assert covered_twice >= 0.95 - 1e-9


@pytest.mark.parametrize("n", [1, 20, 71, 72, 100, 400])
def test_the_interval_of_the_worst_year_covers_as_often_as_stated(n: int) -> None:
    # Years with 1, 2, … n of n + 1 cases on time: a bound tells the rank of its year.
    worst = years(np.arange(1, n + 1)[:, None], np.full((n, 1), n + 1)).worst
    low, high = round(worst.low * (n + 1)), round(worst.high * (n + 1))
    # The number of values below the quantile of a continuous distribution is binomial.
    assert binom.cdf(high - 1, n, 0.05) - binom.cdf(low - 1, n, 0.05) >= 0.95 - 1e-9
    # Nothing shorter covers: the bounds are the order statistics nearest to the quantile.
    assert low == n or binom.cdf(low, n, 0.05) > 0.025
    assert high == n + 1 or binom.cdf(high - 2, n, 0.05) < 0.975
    # 0.95^72 = 0.0249 is the first power below 0.025: a lower end needs 72 years.
    assert (low >= 1) == (n >= 72)


def test_the_interval_of_the_worst_year_covers_where_years_are_alike() -> None:
    # Shares of 0.8 (3 %), 0.9 (4 %) and 1: at least 5 % of the years are at 0.9 or below.
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(2000):
        on_time = rng.choice([8, 9, 10], p=[0.03, 0.04, 0.93], size=(100, 1))
        worst = years(on_time, np.full((100, 1), 10)).worst
        covered += worst.low <= 0.9 <= worst.high
    assert covered / 2000 >= 0.95


def test_years_of_one_replication_count_as_a_cluster() -> None:
    # Twenty replications of ten years, each all kept or all missed: no more is known than from
    # twenty years, so the interval is at least as wide as that of 10 of 20.
    kept = np.repeat([[10], [5]], 10, axis=0) * np.ones((1, 10), int)
    own = years(kept, np.full((20, 10), 10))
    alone = years(kept[:, :1], np.full((20, 1), 10))
    assert own.keeps.value == alone.keeps.value == 0.5
    width = own.keeps.high - own.keeps.low
    assert width >= 0.9 * (alone.keeps.high - alone.keeps.low)
    # Nor of the worst: the 200 years alone would have a lower end.
    assert own.worst.low == alone.worst.low == 0
