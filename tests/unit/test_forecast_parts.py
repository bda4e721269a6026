"""The parts of a forecast that need no run: dates moved, staff changed, dates summed up."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.experiments.forecast.measures import with_officer, with_overtime
from sim.experiments.forecast.outlook import Begin, first_everywhere, usual
from sim.experiments.forecast.summing import Summing
from sim.experiments.forecast.today import from_today
from sim.replications.model import Model
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


def test_runs_begin_with_the_usual_lengths() -> None:
    """Three of four need no longer one."""
    needed = [Begin(0, 5), Begin(2, 3), Begin(1, 4), Begin(9, 9)]
    assert usual(needed) == Begin(2, 5)
    assert usual(needed[:3]) == Begin(2, 5)
    assert usual([Begin(2, 3), Begin(1, 4), Begin(2, 3), Begin(9, 1), Begin(1, 2)]) == Begin(2, 3)


def test_dates_come_from_the_replications_that_went_on() -> None:
    """Of twelve, ten went on; in one of these no limit binds the case."""
    days = np.array([4, 6, 8, 8, 10, 10, 12, 14, 30, 99, 1, -1])
    binds = np.arange(12) != 9
    window = SimpleNamespace(last=START + dt.timedelta(days=10))
    summing = Summing.__new__(Summing)
    summing.model = SimpleNamespace(
        scenario=SimpleNamespace(period=SimpleNamespace(start=START, window=window))
    )
    summing._end_day, summing._binds, summing._dated = days[:, None, None], binds[:, None, None], 10
    expected, latest, by_date = summing._dates(0, 0)
    assert expected == START + dt.timedelta(days=11)  # 102 ÷ 9
    assert latest == START + dt.timedelta(days=30)  # the ninth of nine
    assert by_date == pytest.approx(7 / 11)
    summing._end_day[3] = -1  # eight of nine end: no 90 % latest date, and no mean
    assert summing._dates(0, 0)[:2] == (None, None)
    summing._end_day, summing._binds, summing._dated = (
        np.arange(1, 21)[:, None, None],
        np.ones((20, 1, 1), bool),
        20,
    )
    assert summing._dates(0, 0)[1] == START + dt.timedelta(days=18)
