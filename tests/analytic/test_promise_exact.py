"""The shortest promise is known exactly: in M/M/1, and in a tandem where nothing is random.

The time W in an M/M/1 system is exponential with rate θ = μ - λ a day. A case that arrives at a
uniform time of day keeps a promise of d days, counted from date to date, with the probability
1 - exp(-θ (d + 1)) (exp(θ) - 1) / θ: see `test_breaking_load`. The shortest promise is the first d
for which that reaches the target.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from sim import promise
from sim.experiments.promise.joint import estimated, joint_sets, proven
from sim.experiments.promise.result import PromiseRow
from sim.measures.joint_promises import Dependencies
from tests.build.stories import scenario

Days = NDArray[np.int32]
TARGETS = (0.90, 0.95, 0.99)

MM1 = """
name: M/M/1
calendar: {country: everyday}
period: {start: 2024-01-01, window: {from: 2024-03-01, to: 2025-02-28}, run_out: 100 cd}
hours: {always: 24x7}
pools: {counter: {}}
staff: {clerk: {serves: [counter], count: 1, hours: always}}
case_types:
  request:
    arrivals: {every: {exponential: 21 h}}
    steps: {serve: {pool: counter, work: {exponential: 14 h}}}
limits: {promised: {case_type: request, limit: 5 wd, clock: gross_span}}
"""
THETA = 24 / 14 - 24 / 21
EXACT = {0.90: 4, 0.95: 5, 0.99: 8}
"""By the formula; `test_the_formula` checks them."""

TANDEM = """
name: Two offices
calendar: {country: everyday}
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-12-31}, run_out: 100 cd}
hours: {always: 24x7}
departments: {market: {counter: desk}, seals: {counter: desk}}
pools: {window: {}, desk: {}, first: {department: market}, second: {department: seals}}
staff:
  window: {serves: [window, desk], count: 9, hours: always}
  first: {serves: [first], count: 3, hours: always}
  second: {serves: [second], count: 4, hours: always}
case_types:
  permit:
    arrivals: {every: {constant: 24 h}}
    window: {pool: window, transfer_out: 0 min, transfer_back: 0 min}
    trip: 0 min
    stages: {review: {lead: market, budget: 3 wd}, seal: {lead: seals}}
    matters:
      A:
        {department: market, stage: review, intake: 1 min, check: 1 min, promised: 1 wd,
         review: {handle: {pool: first, work: 48 h}}, decision: {pool: first, work: 30 min}}
      B:
        {department: seals, stage: seal, requires: [A], intake: 1 min, check: 1 min,
         promised: 4 h, decision: {pool: second, work: 72 h}}
limits: {both: {case_type: permit, limit: 6 wd, clock: promised}}
"""
"""A is accepted two minutes past midnight and takes 2 days and half an hour, B then 3 days. Nobody
ever waits."""


def on_time_share(days: int) -> float:
    return 1 - math.exp(-THETA * (days + 1)) * math.expm1(THETA) / THETA


def of_limit(found, name: str) -> dict[float, PromiseRow]:
    return {
        row.target: row for row in found.promise_rows if (row.kind, row.name) == ("limit", name)
    }


def test_the_formula() -> None:
    for target, days in EXACT.items():
        assert on_time_share(days) >= target > on_time_share(days - 1)


def test_mm1() -> None:
    found = promise(scenario(MM1), TARGETS[:2], replications=240, seed=2)
    for target, row in of_limit(found, "promised").items():
        assert row.days == EXACT[target]
        assert row.low <= EXACT[target] <= row.high
        assert row.high - row.low <= 1 + row.days // 5
        assert (row.open, row.promised_now, row.unit) == (0, 5, "wd")


@pytest.mark.study
def test_the_interval_holds_the_exact_promise_as_often_as_it_claims() -> None:
    """150 studies of 10 replications."""
    studies, loaded = 150, scenario(MM1)
    found = [of_limit(promise(loaded, TARGETS, replications=10, seed=s), "promised")
             for s in range(studies)]  # fmt: skip
    for target, exact in EXACT.items():
        too_high = sum(study[target].low > exact for study in found)
        too_low = sum((study[target].high or math.inf) < exact for study in found)
        print(f"{target}: true {exact}, too high {too_high}, too low {too_low} of {studies}")
        assert too_high <= binom.ppf(0.999, studies, 0.025)
        assert too_low <= binom.ppf(0.999, studies, 0.025)


def test_a_tandem_without_chance() -> None:
    found = promise(scenario(TANDEM), (0.9,), replications=40, seed=1)
    exact = {"both": 5, "permit": 5, "review": 2, "seal": 3, "A": 2, "B": 3}
    assert {row.name for row in found.promise_rows} == exact.keys()
    for row in found.promise_rows:
        assert (row.days, row.low, row.high) == (exact[row.name],) * 3, row
        assert row.cases == 40 * 365
    now = {row.name: row.promised_now for row in found.promise_rows}
    assert now == {"both": 6, "permit": None, "review": 3, "seal": None, "A": 1, "B": None}


def test_a_tandem_without_chance_promised_together() -> None:
    found = promise(scenario(TANDEM), (0.9,), replications=80, seed=1)
    assert [one.answer.target for one in found.joint_promises] == [0.9]
    for one in found.joint_promises:
        row = one.answer
        assert (row.kind, row.name, row.proven) == ("case_type", "permit", True)
        assert (dict(one.days), one.path) == ({"A": 2, "B": 3}, ("A", "B"))
        assert row.path_days == row.estimated_days == 5
        assert row.share == row.high == 1
        assert row.cases == 40 * 365


FORK = Dependencies(((), (0,), (0,), (1, 2)))


def drawn(generator: np.random.Generator, replications: int, spread: float) -> Days:
    """Return [replications, 50, 4] days: geometric, each replication with a luck of its own."""
    luck = np.array([2, 4, 5, 3]) * generator.lognormal(0, spread, (replications, 1, 1))
    return generator.geometric(1 / (1 + luck), (replications, 50, 4)).astype(np.int32)


@pytest.mark.study
@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_a_set_that_is_called_proven_is_kept_by_enough_cases(spread: float) -> None:
    """120 studies of 100 replications; the truth is a million cases."""
    generator = np.random.default_rng(8)
    many = drawn(generator, 20_000, spread).reshape(-1, 4)
    studies, wrong, estimates, longer = 120, [], [], []
    for _ in range(studies):
        sets = joint_sets(list(drawn(generator, 100, spread)), FORK, 0.9, 0.95)
        chosen, sure = estimated(sets, 0.9), proven(sets, 0.9)
        assert chosen is not None
        estimates.append((many <= chosen.days).all(axis=1).mean() < 0.9)
        if sure is not None:
            wrong.append((many <= sure.days).all(axis=1).mean() < 0.9)
            longer.append(sure.path_days / chosen.path_days)
    print(
        f"{spread}: {sum(wrong)} of {len(wrong)} proven sets are kept by too few, and "
        f"{sum(estimates)} of {studies} estimates; proven paths are {np.median(longer):.2f} as long"
    )
    assert sum(wrong) <= binom.ppf(0.999, studies, 0.025)
    assert len(wrong) > 0.8 * studies
    assert np.median(longer) < 1.5
