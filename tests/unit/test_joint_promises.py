"""Promises that are kept together: by hand, and against an exhaustive search."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from sim.measures.joint_promises import NEVER, Dependencies, joint_promises

JOIN = Dependencies(((), (), (0, 1)))
"""Matters 0 and 1 are independent; 2 waits for both."""


def shortest(needs, dependencies: Dependencies, share: float) -> list[int]:
    return joint_promises(np.array(needs, np.int64), dependencies, share)[-1].tolist()


def test_the_critical_path_by_hand() -> None:
    days = np.array([2, 5, 3])
    assert JOIN.earliest_ends(days).tolist() == [2, 5, 8]
    assert JOIN.path_days(days) == 8
    assert JOIN.slack(days, 8).tolist() == [3, 0, 0]
    assert JOIN.critical_path(days) == (1, 2)


def test_the_cheapest_cut_by_hand() -> None:
    """Both 0-2 and 1-2 are critical: shorten 2 for 5 cases, or 0 and 1 for 2 + 2."""
    days = np.array([4, 4, 3])
    assert JOIN.cheapest_cut(days, np.array([2, 2, 5])) == (0, 1)
    assert JOIN.cheapest_cut(days, np.array([2, 4, 5])) == (2,)
    assert JOIN.cheapest_cut(days, np.array([2, 2, 4])) == (2,)  # the same, in fewer matters
    assert JOIN.cheapest_cut(np.array([1, 4, 3]), np.array([0, 2, 5])) == (1,)
    assert JOIN.cheapest_cut(np.array([0, 0, 0]), np.array([1, 1, 1])) == ()


def test_a_small_office_by_hand() -> None:
    """Ten cases: matter 0 takes 1 or 2 days, 1 takes 3, one time 9; 2 takes 2, one time 6.

    Kept by all: 2, 9, 6 with 15 days. Kept by nine: to drop the case with 9 days saves 6, to drop
    that with 6 days saves 4. Kept by eight: both are dropped, 3 + 2 days. Matter 0 is off the
    critical path, so it is promised what was ever needed: 2 days, not 1.
    """
    needs = [[1, 3, 2]] * 4 + [[2, 3, 2]] * 4 + [[1, 9, 2], [1, 3, 6]]
    assert shortest(needs, JOIN, 1.0) == [2, 9, 6]
    assert shortest(needs, JOIN, 0.9) == [2, 3, 6]
    assert shortest(needs, JOIN, 0.8) == [2, 3, 2]
    assert [JOIN.path_days(days) for days in joint_promises(np.array(needs), JOIN, 0.8)] == [
        *range(15, 4, -1)
    ]


def test_matters_are_kept_together_at_less_than_their_own_quantiles_add_up_to() -> None:
    """Cases that are late are late everywhere: dropping them shortens all matters at once."""
    chain = Dependencies(((), (0,), (1,)))
    needs = [[2, 2, 2]] * 9 + [[7, 8, 9]]
    assert shortest(needs, chain, 0.9) == [2, 2, 2]


def test_a_case_without_a_matter_is_not_bound_by_its_promise() -> None:
    chain = Dependencies(((), (0,)))
    assert shortest([[3, 0]] * 9 + [[3, 8]], chain, 0.9) == [3, 0]


def test_an_open_case_keeps_nothing() -> None:
    chain = Dependencies(((), (0,)))
    needs = np.array([[3, 1]] * 9 + [[3, NEVER]])
    assert shortest(needs, chain, 0.9) == [3, 1]
    assert joint_promises(needs, chain, 0.95) == []


def test_no_cases() -> None:
    assert joint_promises(np.empty((0, 3), np.int64), JOIN, 0.9) == []


def test_matters_without_days() -> None:
    assert shortest([[0, 0, 0]] * 4, JOIN, 0.9) == [0, 0, 0]
    assert JOIN.critical_path(np.array([0, 0, 0])) == ()


def test_the_order_of_the_cases_does_not_matter() -> None:
    generator = np.random.default_rng(6)
    needs = generator.poisson(3, (200, 3))
    first = joint_promises(needs, JOIN, 0.8)
    again = joint_promises(generator.permutation(needs), JOIN, 0.8)
    assert [days.tolist() for days in first] == [days.tolist() for days in again]


@pytest.mark.parametrize("dependencies", [JOIN, Dependencies(((), (0,), (0,)))])
def test_nothing_can_be_lengthened_for_nothing(dependencies: Dependencies) -> None:
    generator = np.random.default_rng(0)
    needs = generator.poisson(3, (30, 3)) * generator.integers(1, 4, (30, 1))
    for days in joint_promises(needs, dependencies, 0.3):
        slack = dependencies.slack(days, dependencies.path_days(days))
        assert ((slack == 0) | (days == needs.max(axis=0))).all()


def exhaustive(needs, dependencies: Dependencies, share: float) -> int:
    """Return the length of the shortest of all sets that enough cases keep."""
    levels = [sorted({0, *column}) for column in needs.T.tolist()]
    least = math.ceil(share * len(needs) - 1e-9)
    sets = (np.array(days) for days in itertools.product(*levels))
    return min(
        dependencies.path_days(days) for days in sets if (needs <= days).all(axis=1).sum() >= least
    )


@pytest.mark.parametrize("seed", range(40))
def test_as_short_as_an_exhaustive_search_finds(seed: int) -> None:
    """Random dependencies of 2 to 4 matters; cases with a luck of their own, or without."""
    generator = np.random.default_rng(seed)
    matters, cases = int(generator.integers(2, 5)), int(generator.integers(10, 60))
    dependencies = Dependencies(
        tuple(tuple(m for m in range(n) if generator.random() < 0.5) for n in range(matters))
    )
    luck = generator.gamma(2, 0.5, (cases, 1)) if seed % 2 else np.ones((cases, 1))
    needs = generator.poisson(generator.uniform(1, 4, matters) * luck)
    needs[generator.random(needs.shape) < 0.1] = 0
    share = float(generator.choice([0.5, 0.8, 0.9, 0.95]))
    found = joint_promises(needs, dependencies, share)[-1]
    assert (needs <= found).all(axis=1).mean() >= share
    assert dependencies.path_days(found) == exhaustive(needs, dependencies, share)
