"""How long a run goes on after the window, by hand. Every day counts; nobody waits."""

import numpy as np
import pytest

from sim.demand import TooManyCasesError
from sim.experiments import run as simulate
from sim.replications.model import Model
from sim.scenario import load, run_outs
from tests.build.stories import scenario

ONE = """
name: One case
calendar: {country: everyday}
period: {start: 2024-01-01, window: 2024-01-01}
hours: {always: 24x7}
pools: {desk: {}}
staff: {s: {serves: [desk], count: 1, hours: always}}
case_types:
  c:
    arrivals: {at: [0 min]}
    steps: {wait: {delay: {constant: 30 wd}}}
limits:
  ten: {case_type: c, limit: 10 wd, clock: gross_span}
"""
CHINA = ("calendar.country=CN", "period.start=2026-01-05")


def result(*settings, replications=2):
    return simulate(scenario(ONE, settings=settings), replications=replications)


@pytest.mark.parametrize(
    ("takes", "limit", "run_out", "standing"),
    [
        (30, 40, 120, "on_time"),  # ends within the first run-out
        (119, 10, 120, "late"),
        (130, 10, 240, "late"),  # late from day 11 on, but the run waits for its days
        (300, 10, 240, "open_overdue"),  # known to be late: patience ends after 240 days
        (300, 400, 480, "on_time"),  # at 240 days it could still be either
        (700, 600, 960, "late"),  # at 480 days it could; at 960 it has ended
        (1800, 1800, 1826, "on_time"),
        (1800, 900, 960, "open_overdue"),
        (1900, 1890, 1826, "undetermined"),  # the horizon
    ],
)
def test_a_run_goes_on_until_every_measured_case_is_decided(takes, limit, run_out, standing):
    got = result(
        f"case_types.c.steps.wait.delay.constant={takes} wd", f"limits.ten.limit={limit} wd"
    )
    assert {summary.run_out for summary in got.summaries} == {run_out}
    assert got.cases["ten.standing"].unique().tolist() == [standing]
    assert got.longest_run_out == run_out


def test_a_stated_run_out_is_kept():
    got = result("period.run_out=5 cd")
    (verdict,) = got.verdicts
    assert got.longest_run_out == 5
    assert (verdict.undetermined, verdict.share, verdict.share_at_best) == (2, 0, 1)
    assert (verdict.low, verdict.high, verdict.verdict) == (0, 1, "undecided")
    assert result().verdicts[0].verdict == "fails"  # day 11 of the 30 has come


def test_the_run_out_taken_may_be_stated_and_changes_nothing():
    taken, stated = (
        result("case_types.c.steps.wait.delay.constant=130 wd", *more)
        for more in ((), ("period.run_out=240 cd",))
    )
    assert taken.cases.equals(stated.cases)
    assert taken.items.equals(stated.items)
    assert taken.records("limits") == stated.records("limits")


def test_a_run_ends_with_the_published_working_days():
    """Of China they are known up to 2026: on 1 December 30 days are left, on the 31st none."""
    for last, left in (("2026-12-01", (30,)), ("2026-12-31", (0,)), ("2026-06-01", (120, 213))):
        window = f"period.window={{from: 2026-01-05, to: {last}}}"
        assert run_outs(scenario(ONE, settings=(*CHINA, window))) == left
        fallback = (*CHINA, window, "calendar.fallback=statutory")
        assert run_outs(scenario(ONE, settings=fallback)) == (120, 240, 480, 960, 1826)


def test_no_run_out_leads_to_too_many_cases():
    """One case in 15 s is 5,760 a day: 697,000 in 121 days, 1,388,000 in 241."""
    window = "period.window=2024-01-01"
    arrivals = "case_types.c.arrivals={every: 15 s}"
    assert run_outs(scenario(ONE, settings=(window, arrivals))) == (120,)
    few = "case_types.c.arrivals={every: {gap: 15 s, limit: 3}}"
    assert len(run_outs(scenario(ONE, settings=(window, few)))) == 5


def test_recorded_gaps_may_turn_out_to_be_too_small_for_a_longer_run(tmp_path, monkeypatch):
    """Their mean is not known before they are drawn; the run ends with the run-out before.

    A case an hour is 2,904 cases in 121 days, and 5,784 in 241.
    """
    monkeypatch.setattr("sim.demand.arrivals.MAX_CASES", 5000)
    (tmp_path / "gaps.csv").write_text("h\n1\n")
    recorded = "every: {empirical: {file: gaps.csv, column: h, unit: h}}"
    text = ONE.replace("at: [0 min]", recorded).replace("30 wd", "300 wd")
    (tmp_path / "one.yaml").write_text(text.replace("10 wd", "400 wd"))
    model = Model(load(tmp_path / "one.yaml"))
    assert len(model.run_outs) == 5
    with pytest.raises(TooManyCasesError):
        model.replicate_to(240, 1, 0)
    assert model.replicate(1, 0).horizon_s == (120 + 1) * 86_400 - 1


QUEUE = """
name: A queue that lasts
calendar: {country: everyday}
period: {start: 2024-01-01, window: {from: 2024-01-05, to: 2024-01-20}}
hours: {day: {week: {daily: "8:00-16:00"}}}
pools: {desk: {}}
staff: {s: {serves: [desk], count: 1, hours: day, absence: 0.1}}
case_types:
  c:
    arrivals: {every: {exponential: 2 h}}
    steps:
      work: {pool: desk, work: {exponential: 6 h}}
      wait: {delay: {exponential: 20 wd}, after: [work]}
limits:
  far: {case_type: c, limit: 300 wd, clock: gross_span}
"""


def test_each_replication_takes_what_it_needs_on_either_engine_and_from_a_store(tmp_path):
    """A day brings 72 hours of work, and 8 are done: the cases of 20 days take about 180 days."""
    model = Model(scenario(QUEUE))
    taken = set()
    for number in range(4):
        fast, reference = (model.replicate(1, number, engine=e) for e in ("compiled", "simpy"))
        assert fast.horizon_s == reference.horizon_s
        assert np.array_equal(fast.schedule.end, reference.schedule.end)
        taken.add(fast.horizon_s)
    assert len(taken) > 1
    made, stored, resumed = (
        simulate(scenario(QUEUE), replications=4, store=store)
        for store in (None, tmp_path, tmp_path)
    )
    for other in (stored, resumed):
        assert other.cases.equals(made.cases)
        assert other.records("limits") == made.records("limits")
    runs_out = [summary.run_out for summary in made.summaries]
    assert [summary.run_out for summary in resumed.summaries] == runs_out
