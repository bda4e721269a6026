"""The parts of a forecast that need no run: dates moved, staff changed, dates summed up."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.demand import TooManyCasesError
from sim.engine.contract import DAY_S, DELAY, OPEN
from sim.experiments.forecast.measures import with_officer, with_overtime
from sim.experiments.forecast.outlook import Begin, OutlookTask, _Run, first_everywhere
from sim.experiments.forecast.summing import Summing
from sim.experiments.forecast.today import from_today
from sim.measures.limits import Standing
from sim.replications.model import Model
from sim.scenario import calendar_of
from tests.build.forecasts import city

START, LAST = dt.date(2023, 3, 1), dt.date(2023, 4, 30)


def test_growth_is_counted_from_the_same_year_when_dates_move() -> None:
    base = sim.load("yingkou/base")
    moved = from_today(base, START, LAST, arrivals=True)
    yearly = moved.case_types["project"].arrivals.yearly
    assert yearly is not None
    assert yearly.growth_from == base.period.window.first.year
    assert (moved.period.start, moved.period.window.last) == (START, LAST)
    none = from_today(base, START, LAST, arrivals=False)
    assert none.case_types["project"].arrivals.at == ()


def test_listed_arrivals_come_on_the_same_dates(tmp_path) -> None:
    listed = sim.vary(city(tmp_path), settings=["case_types.network.arrivals={at: [26 h]}"])
    moved = from_today(listed, START, LAST, arrivals=True)
    midnight = dt.datetime.combine(listed.period.start, dt.time())
    assert moved.case_types["network"].arrivals.at == (midnight + dt.timedelta(hours=26),)


def test_one_officer_more_and_two_hours_longer(tmp_path) -> None:
    scenario = city(tmp_path)
    assert with_officer(scenario, "handlers").staff["handlers"].count == 3
    longer = with_overtime(scenario, "leader")
    assert longer is not None
    assert longer.hours[longer.staff["leader"].hours].week == dict.fromkeys(
        ("mon", "tue", "wed", "thu", "fri"), "16:00-19:00"
    )
    late = sim.vary(scenario, settings=["hours.leader.week.mon-fri=20:00-23:00"])
    longer = with_overtime(late, "leader")
    assert longer is not None
    assert longer.hours[longer.staff["leader"].hours].week == dict.fromkeys(
        ("mon", "tue", "wed", "thu", "fri"), "20:00-24:00"
    )
    zones = sim.load("yingkou/zones")
    team, group = next(
        (f"{name}[{value}]", group)
        for name, group in zones.staff.items()
        if isinstance(group.count, dict)
        for value in group.count
    )
    name, value = team[:-1].split("[")
    more = with_officer(zones, team).staff[name].count
    assert more == {**group.count, value: group.count[value] + 1}


def test_one_case_goes_before_all_others_and_these_stay_alike(tmp_path) -> None:
    model = Model(city(tmp_path))
    demand, supply = model.demand.draw(1, 0), model.supply.draw(1, 0)
    first = first_everywhere(demand, 2, supply)
    assert (first.priority[demand.case == 2] == 0).all()
    assert (first.priority[demand.case != 2] > 0).all()
    assert np.flatnonzero(first.measured).tolist() == [2]


def test_dates_come_from_the_replications_that_went_on() -> None:
    """Of twelve, ten went on; in one of these no limit binds the case."""
    days = np.array([0, 6, 8, 8, 10, 10, 12, 14, 30, 99, 0, -1])
    binds = np.arange(12) != 9
    window = SimpleNamespace(last=START + dt.timedelta(days=10))
    summing = Summing.__new__(Summing)
    summing.model = SimpleNamespace(
        scenario=SimpleNamespace(period=SimpleNamespace(start=START, window=window))
    )
    summing._end_day, summing._binds, summing._dated = days[:, None, None], binds[:, None, None], 10
    expected, latest, by_date = summing._dates(0, 0)
    assert expected == START + dt.timedelta(days=11)  # 98 ÷ 9
    assert latest == START + dt.timedelta(days=30)  # the ninth of nine
    assert by_date == pytest.approx(7 / 11)
    summing._end_day[3] = -1  # eight of nine end: no 90 % latest date, and no mean
    assert summing._dates(0, 0)[:2] == (None, None)
    summing._end_day[:] = -1
    assert summing._dates(0, 0)[:2] == (None, None)
    summing._end_day, summing._binds, summing._dated = (
        np.arange(1, 21)[:, None, None],
        np.ones((20, 1, 1), bool),
        20,
    )
    assert summing._dates(0, 0)[1] == START + dt.timedelta(days=18)


# --- how long a run is ---------------------------------------------------------------------------

OPEN_CASE, LATE_CASE, IN_TIME = Standing.UNDETERMINED, Standing.OPEN_OVERDUE, Standing.ON_TIME


class Stepwise(OutlookTask):
    """A task whose case is decided from one run-out on, and whose clock stops by another."""

    def _run_to(self, at: int, number: int) -> _Run:
        if at > 8:
            raise TooManyCasesError([])
        standing = OPEN_CASE if at < 2 else LATE_CASE if at < 5 else Standing.LATE
        end_day = 70 if at >= 5 else -1
        return _Run(at, None, np.array([[standing]], np.int8), np.array([[end_day]], np.int32))


def stepwise(begin: Begin, run_outs: int = 10) -> OutlookTask:
    model = SimpleNamespace(run_outs=tuple(range(run_outs)))
    return Stepwise(model, 1, 1, None, begin=begin)


@pytest.mark.parametrize(
    ("begin", "dated", "needed"),
    [
        (Begin(0, 0), False, Begin(2, 0)),  # a step at a time until it is decided
        (Begin(0, 0), True, Begin(2, 6)),  # then two at a time until its clock has stopped
        (Begin(1, 4), False, Begin(2, 4)),
        (Begin(1, 4), True, Begin(1, 6)),  # what was decided at once tells nothing of shorter runs
        (Begin(3, 0), False, Begin(3, 0)),
        (Begin(9, 9), False, Begin(2, 0)),  # too many cases so late: anew from the shortest
    ],
)
def test_a_run_tells_how_long_it_had_to_be(begin, dated, needed) -> None:
    assert stepwise(begin)._run(0, dated=dated).needed == needed


def test_a_run_ends_with_the_longest_run_out() -> None:
    """Whatever is still open then."""
    run = stepwise(Begin(), run_outs=4)._run(0, dated=True)
    assert (run.at, run.needed) == (3, Begin(2, 3))


# --- what is summed up ---------------------------------------------------------------------------


def test_time_with_pools_counts_until_the_last_clock_stops() -> None:
    """Of three: one in time on day 3, one late whose clock runs on, one withdrawn."""
    day = DAY_S
    rows = [  # case, pool, ready, end
        (0, 0, 0, 1 * day + 60),
        (0, 1, 2 * day, 3 * day + 50),
        (0, 1, 3 * day, 4 * day),  # such as a delivery: after the stop
        (0, 0, 3 * day, OPEN),
        (0, DELAY, 0, 2 * day),
        (1, 1, 5 * day, 9 * day),
        (1, 1, 9 * day, OPEN),
        (2, 0, 0, 10),
    ]
    case, pool, ready, end = (np.array(column) for column in zip(*rows, strict=True))
    first = np.array([0, 5, 7, 8])
    history = SimpleNamespace(
        demand=SimpleNamespace(
            workload=SimpleNamespace(first_item=first, pool=pool.astype(np.int32)),
            case=case.astype(np.int32),
        ),
        schedule=SimpleNamespace(ready=ready, end=end),
        supply=SimpleNamespace(rule=np.zeros(2, np.int8)),
    )
    standing = np.array([[IN_TIME, LATE_CASE, Standing.WITHDRAWN]], np.int8)
    run = _Run(0, history, standing, np.array([[3, -1, 4]], np.int32))
    task = OutlookTask(SimpleNamespace(), 1, 3, None)
    expected = [[day + 60, day + 50], [0, 4 * day], [0, 0]]
    assert task._spent(run).tolist() == expected


def test_cases_at_risk_are_those_that_can_still_be_saved() -> None:
    """Neither what has missed its limit already, nor what hardly will; the likeliest first."""
    summing = Summing.__new__(Summing)
    summing.limits = [SimpleNamespace(days=5), SimpleNamespace(days=9)]
    summing.late = np.array([[0.9, 1.0, 0.04, 0.5, np.nan], [0.2, 0.06, 0.0, 0.7, np.nan]])
    used = {5: np.array([5, 6, 1, np.nan, 1]), 9: np.array([5, 6, 1, 3, 1])}
    summing._used = lambda limit: used[limit.days].astype(float)
    assert summing.at_risk(0.05) == [0, 3, 1]  # case 1 only for the second limit
    summing.late[1, 1] = 0.04
    assert summing.at_risk(0.05) == [0, 3]


def test_the_last_date_in_time_may_lie_beyond_the_shortest_run(tmp_path) -> None:
    """A limit of 45 working days that begins now ends later than a run of four weeks."""
    scenario = from_today(city(tmp_path), START, START, arrivals=True)
    summing = Summing.__new__(Summing)
    summing.model = Model(scenario, [])
    assert len(summing.model.working_days) < 365
    limit = SimpleNamespace(days=45, unit="wd")
    nth = calendar_of(scenario, last=START + dt.timedelta(days=100))
    assert summing._due(limit, 0.0) == nth.date_of(int(nth.nth[45]))
    assert summing._due(limit, 46.0) is None
    assert summing._due(SimpleNamespace(days=7, unit="cd"), 3.0) == START + dt.timedelta(days=3)
