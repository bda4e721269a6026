"""Ranking zones: ranks by hand, ties, missing years, what is chance and what is not."""

import math

import numpy as np
import pytest

from sim.measures.ranking import rank_groups


def ranked(*years, cases=10, bottom=3):
    """Rank from on-time counts per year; None is a group without a case."""
    judged = np.array([[0 if n is None else cases for n in year] for year in years])
    on_time = np.array([[0 if n is None else n for n in year] for year in years])
    return rank_groups(on_time, judged, bottom)


def simulated(quality, sizes, years=200, seed=1, common=0.0):
    """Draw years of zones with these on-time probabilities and numbers of cases."""
    rng = np.random.default_rng(seed)
    cases = np.tile(np.asarray(sizes), (years, 1))
    shift = common * rng.standard_normal((years, 1))
    return rng.binomial(cases, np.clip(np.asarray(quality) + shift, 0, 1)), cases


def test_ranks_by_hand():
    got = ranked([9, 5, 7, 3], [8, 9, 2, 1], bottom=2)
    assert got.mean_rank.tolist() == [1.5, 2, 2.5, 4]  # 1 3 2 4, and 2 1 3 4
    assert got.low_rank.tolist() == [1, 1, 2, 4]
    assert got.high_rank.tolist() == [2, 3, 3, 4]
    assert got.bottom_share.tolist() == [0, 0.5, 0.5, 1]
    # Spearman of 1 3 2 4 and 2 1 3 4: 1 - 6 (1 + 4 + 1 + 0) / (4 · 15)
    assert got.signal == pytest.approx(0.4)


def test_equal_shares_have_the_mean_of_their_ranks():
    got = ranked([9, 9, 5, 5, 5], bottom=2)
    assert got.mean_rank.tolist() == [1.5, 1.5, 4, 4, 4]
    # two places at the bottom for three groups
    assert got.bottom_share.tolist() == pytest.approx([0, 0, 2 / 3, 2 / 3, 2 / 3])
    across = ranked([9, 5, 5, 1], bottom=2)
    assert across.bottom_share.tolist() == [0, 0.5, 0.5, 1]


def test_a_group_without_cases_is_not_ranked_in_that_year():
    got = ranked([9, None, 5, 1], [9, 7, 5, 1], bottom=1)
    assert got.mean_rank.tolist() == [1, 2, 2.5, 3.5]  # 1 - 2 3, then 1 2 3 4
    assert got.bottom_share.tolist() == [0, 0, 0, 1]
    # centred: -1 · 0 1, then -1.5 -0.5 0.5 1.5; the second group has one year alone
    products, squares = (1.5 + 0 + 1.5) / 1, (1 + 2.25) / 2 + 0.25 / 2 + (1 + 2.25) / 2
    assert got.signal == pytest.approx(products / squares)
    never = ranked([9, None, 5], [9, None, 5], bottom=1)
    assert math.isnan(never.mean_rank[1])
    assert math.isnan(never.low_rank[1])
    assert math.isnan(never.bottom_share[1])
    assert math.isnan(never.bottom_if_alike[1])
    assert never.signal == 1


def test_shares_count_and_not_numbers_of_cases():
    got = rank_groups(np.array([[9, 90, 1]]), np.array([[10, 100, 1]]), 1)
    assert got.mean_rank.tolist() == [2.5, 2.5, 1]


def test_the_range_of_ranks_is_made_of_ranks_that_occurred():
    years = [[9, 1]] * 18 + [[1, 9]] * 2  # rank 1 in 18 of 20 years
    got = ranked(*years)
    assert (got.low_rank[0], got.high_rank[0]) == (1, 2)
    got = ranked(*[[9, 1]] * 20)
    assert (got.low_rank[0], got.high_rank[0]) == (1, 1)


def test_the_same_ranking_every_year_is_all_signal_whatever_the_year():
    # good and bad years: the shares vary much more between years than between groups
    assert ranked([9, 8, 7], [4, 3, 2], [6, 5, 4]).signal == pytest.approx(1)
    assert ranked([9, 8, 7, 6], [7, 6, 5, 4], bottom=1).bottom_share.tolist() == [0, 0, 0, 1]


def test_a_reversed_ranking_is_no_signal():
    assert ranked([9, 8, 7], [7, 8, 9]).signal == 0


def test_equal_groups_are_a_lottery():
    got = rank_groups(*simulated([0.9] * 11, [60] * 11))
    assert got.signal == pytest.approx(0, abs=0.02)
    assert got.bottom_share == pytest.approx(np.full(11, 3 / 11), abs=0.1)
    assert got.bottom_share.sum() == pytest.approx(3)
    assert got.bottom_if_alike == pytest.approx(np.full(11, 3 / 11), abs=0.03)
    assert (got.low_rank <= 1.5).all()
    assert (got.high_rank >= 10.5).all()


def test_very_different_groups_are_hardly_chance():
    got = rank_groups(*simulated(np.linspace(0.1, 0.9, 11), [200] * 11))
    assert got.signal > 0.95
    assert got.bottom_share[:3].min() > 0.9
    assert got.bottom_share[4:].max() == 0
    assert got.mean_rank[10] < 1.1
    assert got.signal_if_alike < 0.05


def test_years_good_or_bad_for_all_take_nothing_from_the_signal():
    quality, sizes = np.linspace(0.5, 0.7, 11), [200] * 11
    steady = rank_groups(*simulated(quality, sizes)).signal
    stormy = rank_groups(*simulated(quality, sizes, common=0.1)).signal
    assert stormy == pytest.approx(steady, abs=0.05)


def test_size_alone_makes_a_ranking_where_nearly_all_are_in_time():
    """The large zone has a late case nearly every year, the small ones seldom."""
    sizes = [200] + [10] * 10
    got = rank_groups(*simulated([0.98] * 11, sizes))
    assert got.bottom_share[0] > 0.5  # though it is as good as the others
    assert got.bottom_if_alike[0] == pytest.approx(got.bottom_share[0], abs=0.1)
    assert got.signal > 0.02
    assert got.signal_if_alike == pytest.approx(got.signal, abs=0.02)


def test_everyone_always_in_time_leaves_nothing_to_rank():
    got = ranked([10, 10, 10, 10], [10, 10, 10, 10])
    assert math.isnan(got.signal)
    assert math.isnan(got.signal_if_alike)
    assert got.mean_rank.tolist() == [2.5] * 4
    assert got.bottom_share.tolist() == [0.75] * 4


def test_one_year_says_nothing_on_chance():
    got = ranked([9, 5, 1])
    assert math.isnan(got.signal)
    assert got.mean_rank.tolist() == [1, 2, 3]


def test_not_everyone_can_be_last():
    assert ranked([9, 5, 1], bottom=3).bottom == 2
    alone = ranked([9], [8])
    assert alone.bottom == 0
    assert alone.bottom_share.tolist() == [0]


def test_a_lottery_shows_no_signal_though_some_years_are_missing():
    """Leaving out groups, instead of years, would leave out the small ones."""
    on_time, cases = simulated([0.8] * 11, [3] * 11, years=400)
    cases = np.where(np.random.default_rng(2).random(cases.shape) < 0.3, 0, cases)
    got = rank_groups(np.minimum(on_time, cases), cases)
    assert got.signal == pytest.approx(0, abs=0.02)
    assert got.mean_rank == pytest.approx(np.full(11, 4.35), abs=0.4)  # 7.7 ranked on average


def test_missing_years_do_not_hide_a_signal():
    on_time, cases = simulated(np.linspace(0.1, 0.9, 11), [200] * 11)
    cases = np.where(np.random.default_rng(2).random(cases.shape) < 0.2, 0, cases)
    assert rank_groups(np.minimum(on_time, cases), cases).signal > 0.85


def test_the_same_numbers_every_time():
    data = simulated([0.9] * 5, [20] * 5, years=7)
    one, two = rank_groups(*data), rank_groups(*data)
    assert one.bottom_if_alike.tolist() == two.bottom_if_alike.tolist()
    assert one.signal_if_alike == two.signal_if_alike


def test_open_cases_widen_the_ranks_both_ways():
    """10 cases each; on time for sure 9, 5, 3, and at best 9, 5, 6.

    The third may pass the second: at best it has rank 2, and the second then rank 3.
    """
    surely, at_best, judged = (np.array([row, row]) for row in ([9, 5, 3], [9, 5, 6], [10, 10, 10]))
    got = rank_groups(surely, judged, 1, at_best=at_best)
    assert got.mean_rank.tolist() == [1, 2, 3]
    assert got.low_rank.tolist() == [1, 2, 2]
    assert got.high_rank.tolist() == [1, 3, 3]
