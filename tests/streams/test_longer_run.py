"""A longer run has the cases of a shorter one, with the same draws, and later cases after them."""

import numpy as np
import pytest

from sim.replications.model import Model
from tests.build.city import CITY, draws
from tests.build.stories import run, scenario

MORE = """
case_types:
  project:
    more_arrivals:
      cluster: {yearly: {volume: 300, batch: {low: 2, high: 9}}, attributes: {kind: x}}
      steady: {every: {exponential: 9 h}, factor: 1.3}
"""
BACKLOG = """
backlog:
  generate:
    project: [{count: 30, at: A, age: {exponential: 5 wd}}]
"""


def with_run_out(days, *texts):
    return run(CITY, *texts, f"period: {{run_out: {days} cd}}")


@pytest.mark.parametrize("texts", [(), (MORE,), (BACKLOG,)], ids=["city", "more", "backlog"])
def test_earlier_cases_keep_their_draws(texts):
    short, long = (draws(with_run_out(days, *texts)) for days in (5, 200))
    assert len(long) > 1.5 * len(short)
    assert {case: long[case] for case in short} == short


def test_measured_cases_that_end_in_a_short_run_are_the_same_in_a_long_one():
    short, long = (with_run_out(days).replication for days in (120, 300))
    assert short.schedule.stopped_s == long.schedule.stopped_s < short.horizon_s
    for column in ("ready", "start", "end", "officer"):
        known, later = getattr(short.schedule, column), getattr(long.schedule, column)
        assert np.array_equal(known, later[: len(known)])


def test_absence_of_earlier_days_stays():
    model = Model(scenario(CITY, "period: {run_out: null}"))
    short, long = (model.supply_to(days).draw(1, 0).duty for days in model.run_outs[:2])
    edge = model.horizon_s
    for row in range(len(short.ptr) - 1):
        known, later = (
            [t for t in duty.start[duty.ptr[row] : duty.ptr[row + 1]] if t < edge]
            for duty in (short, long)
        )
        assert known == later
