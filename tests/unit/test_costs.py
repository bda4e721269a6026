"""Money: what posts and overtime cost, what a case and a day saved cost, by hand."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import sim
from sim.experiments.archive import packed, read
from sim.experiments.staffing.search import Search
from sim.experiments.staffing.teams import Team, all_teams
from sim.replications.model import Model
from sim.report.compare.report import comparison_report
from sim.report.reforms.report import reforms_data, reforms_report
from sim.report.run.data import result_data
from sim.report.run.report import result_report
from sim.results.costs import per_day
from sim.scenario import Scenario, ScenarioError, factors_of
from sim.supply.prices import PAID_H, years_between
from tests.build.stories import scenario

OFFICE = """
name: office
calendar: {country: CN}
period: {start: 2024-01-08, window: {from: 2024-01-08, to: 2024-01-19}, run_out: 40 cd}
hours:
  office: {week: {mon-fri: "9:00-17:00"}}
  evening: {week: {mon-fri: "17:00-20:00"}}
pools: {desk: {}, files: {}}
staff:
  clerks: {serves: [desk], count: 1, hours: office, overtime: {hours: evening, below_wd: 2}}
  other: {serves: [files], count: 1, hours: office}
  third: {serves: [files], count: 1, hours: office, from: 2030-01-01}
case_types:
  permit:
    arrivals: {at: [9 h, 10 h]}
    steps: {check: {pool: desk, work: {constant: 12 h}}}
  form:
    arrivals: {at: [8 h]}
    steps: {file: {pool: files, work: {constant: 1 h}}}
limits: {all: {case_type: permit, limit: 2 wd, clock: gross_span}}
overrides:
  second: {staff: {clerks: {count: 2}}}
  no_evening: {staff: {clerks: {overtime: null}}}
"""
COSTS = (
    "staff.clerks.cost=36600 CNY/year",
    "staff.clerks.overtime.cost=100 CNY/h",
    "staff.other.cost=7320 CNY/year",
    "staff.other.share=0.5",
)
YEARS = 12 / 366
"""Length of the window: 12 days of a leap year."""


def office(*settings: str) -> Scenario:
    return scenario(OFFICE, settings=settings)


@pytest.fixture(scope="module")
def priced() -> sim.Result:
    return sim.run(office(*COSTS), replications=2)


def test_the_cost_of_the_year_by_hand(priced: sim.Result) -> None:
    # Three hours of overtime in the window (see test_respond_scenario): 91.5 hours in a year.
    clerks, other, total = priced.rows("costs")
    assert (clerks.group, clerks.officers, clerks.posts) == ("clerks", 1, 36_600)
    assert clerks.overtime_h.value == pytest.approx(3 / YEARS)
    assert clerks.cost.value == pytest.approx(36_600 + 9_150)
    # Half of the time is for this work, and half of the cost is.
    assert (other.group, other.posts, other.overtime.value) == ("other", 3_660, 0)
    assert total.cost.value == pytest.approx(36_600 + 9_150 + 3_660)
    assert total.cost.low == pytest.approx(total.cost.high), "arrivals and work are fixed"


def test_the_cost_of_a_case_by_hand(priced: sim.Result) -> None:
    form, permit = sorted(priced.rows("case_costs"), key=lambda row: row.case_type)
    assert permit.cases == pytest.approx(2 / YEARS)
    assert permit.cost_per_case.value == pytest.approx((36_600 + 9_150) / 61)
    assert form.cost_per_case.value == pytest.approx(3_660 / 30.5)


def test_a_group_that_works_for_two_types_costs_both_by_its_hours() -> None:
    shared = sim.run(
        office(*COSTS, "case_types.form.steps.file.pool=desk", "limits.all.limit=9 wd"),
        replications=1,
    )
    form, permit = sorted(shared.rows("case_costs"), key=lambda row: row.case_type)
    assert permit.cost == pytest.approx(36_600 * 24 / 25)
    assert form.cost == pytest.approx(36_600 * 1 / 25)
    assert shared.money is not None
    assert shared.money.without_cases == ("other",)


def test_a_factor_is_one_on_the_paid_hour() -> None:
    factor = ("staff.clerks.overtime.cost=null", "staff.clerks.overtime.cost_factor=1.5")
    result = sim.run(office(*COSTS, *factor), replications=1)
    assert PAID_H == 2088
    clerks = result.rows("costs")[0]
    assert clerks.overtime.value == pytest.approx(1.5 * 36_600 / 2088 * 3 / YEARS)


def test_twice_the_cost_is_twice_the_money_and_no_time_changes(priced: sim.Result) -> None:
    double = ("staff.clerks.cost=73200 CNY/year", "staff.clerks.overtime.cost=200 CNY/h")
    twice = sim.run(office(*COSTS, *double, "staff.other.cost=14640 CNY/year"), replications=2)
    bare = sim.run(office("staff.other.share=0.5"), replications=2)
    for one, two in zip(priced.rows("costs"), twice.rows("costs"), strict=True):
        assert two.cost.value == pytest.approx(2 * one.cost.value)
    for one, two in zip(priced.rows("case_costs"), twice.rows("case_costs"), strict=True):
        assert two.cost_per_case.value == pytest.approx(2 * one.cost_per_case.value)
    for other in (twice, bare):
        assert other.rows("pools") == priced.rows("pools")
        assert other.rows("limits") == priced.rows("limits")
        assert other.rows("response") == priced.rows("response")


def test_without_costs_nothing_is_said_of_money() -> None:
    bare = sim.run(office(), replications=1)
    assert bare.money is None
    assert not {"costs", "case_costs"} & bare.tables.keys()
    assert not {"costs", "case_costs"} & result_data(bare).keys()
    assert "yuan" not in str(result_report(bare, "en"))
    assert "元" not in str(result_report(bare, "zh"))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("49,410 yuan a year: 40,260 for posts, 9,150 for overtime", "Cost per case")),
        ("zh", ("岗位 40,260 元", "单件成本")),
    ],
)
def test_the_report_tells_the_money(priced: sim.Result, language: str, told: tuple[str]) -> None:
    report = str(result_report(priced, language))
    assert all(part in report for part in told)
    assert len(result_data(priced)["costs"]) == 3


def test_what_is_left_out_is_named() -> None:
    result = sim.run(office("staff.clerks.cost=0 CNY/year"), replications=1)
    assert result.money is not None
    assert result.money.without_posts == ("other",), "nobody of the third group is there yet"
    assert result.money.without_overtime == ("clerks",)
    report = str(result_report(result, "en"))
    assert "Not counted, since no cost is given: files (other)." in report
    assert "no cost of an hour is given: desk." in report


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ((2024, 1, 1), (2024, 12, 31), 1),
        ((2023, 1, 1), (2025, 12, 31), 3),
        ((2023, 7, 1), (2024, 6, 30), 184 / 365 + 182 / 366),
        ((2024, 3, 2), (2024, 3, 1), 0),
    ],
)
def test_years(first: tuple[int, int, int], last: tuple[int, int, int], years: float) -> None:
    assert years_between(dt.date(*first), dt.date(*last)) == pytest.approx(years)


def test_who_comes_late_costs_for_the_days_on_the_roster() -> None:
    late = office(*COSTS, "staff.other.from=2024-01-17")
    row = sim.run(late, replications=1).rows("costs")[1]
    assert (row.officers, row.posts) == (pytest.approx(3 / 12), pytest.approx(3_660 * 3 / 12))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (("staff.clerks.cost=36600",), "write '36600 CNY/year'"),
        (('staff.clerks.cost="36,600 CNY/year"',), "write '36600 CNY/year'"),
        (("staff.clerks.cost=90 CNY/h",), "the unit CNY/year, such as '120000 CNY/year'"),
        (("staff.clerks.cost=-1 CNY/year",), "the unit CNY/year"),
        (("staff.clerks.cost=9000000000 CNY/year",), "at most 1,000,000,000 yuan"),
        (("staff.clerks.overtime.cost=true",), "the unit CNY/h, such as '90 CNY/h'"),
        (("staff.clerks.overtime.cost_factor=1.5",), "give that, 'cost', too"),
        ((*COSTS, "staff.clerks.overtime.cost_factor=1.5"), "the cost of an hour or a factor"),
        ((*COSTS, "staff.clerks.overtime.cost_factor=-1"), "must be at least 0"),
        (
            ("staff.clerks.cost={value: 5 CNY/year, range: [6 CNY/year, 9 CNY/year]}",),
            "must hold the value itself",
        ),
        (("staff.clerks.cost={value: 5 CNY/year, range: [1, 9]}",), "in the unit of the value"),
        (("staff.clerks.costs=1 CNY/year",), "did you mean 'cost'"),
    ],
)
def test_bad_costs_are_told(settings: tuple[str, ...], said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        office(*settings)
    assert said in str(error.value)


def test_a_range_of_a_cost_is_no_input_of_the_simulation() -> None:
    ranged = "{value: 5 CNY/year, source: assumed, range: [1 CNY/year, 9 CNY/year]}"
    assert factors_of(office(f"staff.clerks.cost={ranged}")) == ()


# --- per day saved ---------------------------------------------------------------------------


def test_the_cost_of_a_day_by_hand() -> None:
    change = per_day(np.array([100.0, 100.0]), np.array([24.0, 26.0]), 0.95)
    assert (change.cost.value, change.days.value) == (100, 25)
    assert change.per_day.value == pytest.approx(4)
    # 12.706 (t, one degree of freedom) × sd(100 - 4 d) ÷ √2 ÷ 25
    assert change.per_day.high - 4 == pytest.approx(12.7062 * 4 / 25, rel=1e-4)


def test_no_cost_of_a_day_unless_it_is_proven_that_days_are_saved() -> None:
    for days in ([24.0, -26.0], [-24.0, -26.0], [0.0, 0.0]):
        assert np.isnan(per_day(np.array([100.0, 100.0]), np.array(days), 0.95).per_day.value)


@pytest.fixture(scope="module")
def compared() -> sim.Comparison:
    first = office(*COSTS)
    named = {"now": first, "more": sim.vary(first, overrides=["second"]), "bare": office()}
    return sim.compare(named, replications=2)


def test_a_comparison_tells_the_cost_of_a_day_saved(compared: sim.Comparison) -> None:
    (row,) = compared.rows("costs")
    # Two clerks need no overtime: each case is done in the morning of its second day.
    assert (row.scenario, row.limit, row.unit) == ("more", "all", "wd")
    assert row.reference == pytest.approx(49_410)
    assert row.cost.value == pytest.approx(36_600 - 9_150)
    # Spans of 1 and 2 days before, 1 and 1 after: one day in the window, 30.5 a year.
    assert row.days_saved.value == pytest.approx(1 / YEARS)
    assert row.cost_per_day.value == pytest.approx(27_450 / 30.5)
    assert compared.without_costs == ("bare",)
    assert "Yuan per day saved" in str(comparison_report(compared, "en"))
    assert "每节省一天" in str(comparison_report(compared, "zh"))


@pytest.fixture(scope="module")
def levers() -> sim.Reforms:
    return sim.reforms(office(*COSTS), levers=["second", "no_evening"], replications=2)


def test_the_costs_of_levers_add_up(levers: sim.Reforms) -> None:
    costs = {(row.rule, row.lever): row for row in levers.rows("costs")}
    total = costs["total", ""].cost.value
    assert total == pytest.approx(36_600 - 9_150)
    for rule in ("stepwise", "shapley"):
        parts = [costs[rule, name].cost.value for name in ("second", "no_evening")]
        assert sum(parts) == pytest.approx(total)
    # The second clerk first: 36,600 - 9,150; with no evenings: 36,600. Both orders count alike.
    assert costs["shapley", "second"].cost.value == pytest.approx(36_600 - 9_150 / 2)
    assert costs["last", "second"].cost_per_day.value == pytest.approx(36_600 / 30.5)


def test_the_report_on_levers_tells_the_costs(levers: sim.Reforms) -> None:
    assert "每节省一天" in str(reforms_report(levers, "zh"))
    assert len(reforms_data(levers)["costs"]) == len(levers.rows("costs"))
    assert "costs" in levers.tables


def test_drawn_orders_have_wider_intervals() -> None:
    cost, days = np.full(5, 100.0), np.array([24.0, 25, 26, 25, 25])
    exact = per_day(cost, days, 0.95).per_day
    draws = np.array([[90.0, 110.0, 100.0], [20.0, 30.0, 25.0]])
    drawn = per_day(cost, days, 0.95, draws=draws).per_day
    assert drawn.value == exact.value
    assert drawn.high - drawn.low > exact.high - exact.low


def test_costs_are_kept_with_the_result(levers: sim.Reforms, tmp_path: Any) -> None:
    (tmp_path / "result.json.z").write_bytes(packed(levers))
    assert repr(read(tmp_path).rows("costs")) == repr(levers.rows("costs"))


# --- the search for staff --------------------------------------------------------------------


def test_teams_have_the_costs_of_the_scenario() -> None:
    def costs(*settings: str) -> list[tuple[float, bool]]:
        model = Model(office(*settings))
        teams = all_teams(model.scenario, model.process, model.pools, model.supply)
        return [(team.cost, team.priced) for team in teams]

    assert costs() == [(1, True)] * 3
    assert costs(*COSTS) == [(36_600, True), (3_660, True), (1, False)]


class Known:
    """Trials of one team whose overtime is known, and of which all plans hold."""

    priced = True

    def __init__(self, overtime: dict[int, float], cost: float, holds: set[int]) -> None:
        self.teams = (Team("a", "a", None, (0,), 1, cost=cost),)
        self._overtime, self._holds = overtime, holds

    def see(self, plans: Any, replications: int) -> None:
        """All is known."""

    def overtime(self, plan: tuple[int], replications: int | None = None) -> Any:
        return np.array([self._overtime[plan[0]]])

    def size_up(self, plan: tuple[int]) -> tuple[Any, ...]:
        holds = plan[0] in self._holds
        return (SimpleNamespace(verdict="holds" if holds else "fails", margin=float(holds)),)

    def margin_gain(self, *_: Any) -> Any:
        return SimpleNamespace(high=1.0)


def search(trials: Any) -> Search:
    return Search(trials, (), (5,), 10)


def test_a_post_comes_where_it_costs_less_than_the_overtime_it_saves() -> None:
    trials = Known({0: 900, 1: 500, 2: 100, 3: 0}, cost=300, holds={1, 2, 3})
    assert search(trials).add((1,)) == (2,)
    assert search(trials).add((2,)) is None, "a third one costs 300, and saves 100"
    assert search(trials).shrink((2,)) == (2,), "one fewer keeps the limits, but costs more"
    assert search(trials).exhaust((1,)) == ((2,), True)


def test_no_post_comes_for_cheap_overtime() -> None:
    trials = Known({0: 900, 1: 150, 2: 0}, cost=300, holds={1, 2})
    assert search(trials).add((1,)) is None
    assert search(trials).shrink((2,)) == (1,)
    assert search(trials).exhaust((2,)) == ((1,), True)
