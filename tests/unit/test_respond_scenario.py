"""Overtime, help, spells and learning in a scenario: what they become, cost, and cannot go with."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.calendars import Intervals
from sim.engine.contract import ANY_TIME, Supply
from sim.replications.model import Model
from sim.report.run.data import result_data
from sim.report.run.report import result_report
from sim.scenario import ScenarioError
from sim.scenario.schema.model import Learning
from sim.supply.roster import while_learning
from tests.build.stories import scenario

DAY, H = 86_400, 3600
MONDAY, TUESDAY = 0, 1

OFFICE = """
name: office
calendar: {country: CN}
period: {start: 2024-01-08, window: {from: 2024-01-08, to: 2024-01-19}, run_out: 40 cd}
hours:
  office: {week: {mon-fri: "9:00-17:00"}}
  evening: {week: {mon-fri: "16:00-20:00", sat: "9:00-11:00"}}
pools: {desk: {}, files: {}}
staff:
  clerks: {serves: [desk], count: 1, hours: office}
  other: {serves: [files], count: 1, hours: office}
case_types:
  permit:
    arrivals: {at: [9 h, 10 h]}
    steps: {check: {pool: desk, work: {constant: 12 h}}}
  form:
    arrivals: {at: [8 h]}
    steps: {file: {pool: files, work: {constant: 1 h}}}
limits: {all: {case_type: permit, limit: 2 wd, clock: gross_span}}
"""
OVERTIME = "staff.clerks.overtime={hours: evening, below_wd: 2}"
HELP = "staff.other.helps={desk: {queue_over: 1, below_wd: 5}}"


def supply(*settings: str) -> tuple[Model, Supply]:
    model = Model(scenario(OFFICE, settings=settings))
    return model, model.supply.draw(1, 0)


def test_overtime_is_what_the_hours_add_to_duty() -> None:
    _, ours = supply(OVERTIME)
    assert ours.conditions is not None
    week = ours.conditions.overtime.row(int(ours.calendar[0])).clip(0, 7 * DAY)
    evenings = [(d * DAY + 17 * H, d * DAY + 20 * H) for d in range(5)]
    saturday = (5 * DAY + 9 * H, 5 * DAY + 11 * H)
    assert [*zip(week.start, week.end, strict=True)] == [*evenings, saturday]
    assert ours.duty.row(int(ours.calendar[0])).contains(np.array([9 * H, 19 * H])).all()
    assert ours.conditions.overtime_below_wd.tolist() == [2, ANY_TIME]
    assert ours.has_conditions.tolist() == [True, False]


def test_who_is_absent_has_no_overtime() -> None:
    _, ours = supply(OVERTIME, "staff.clerks.absence=0.5")
    assert ours.conditions is not None
    row = int(ours.calendar[0])
    duty, overtime = ours.duty.row(row), ours.conditions.overtime.row(row)
    worked = {int(t) // DAY for t in duty.start}
    assert {int(t) // DAY for t in overtime.start} <= worked
    assert 5 in worked  # absence takes working days alone; on Saturday there is overtime
    assert len(worked) < 40


def test_help_is_a_link_with_a_condition() -> None:
    model, ours = supply(HELP)
    assert ours.conditions is not None
    other = [officer.group for officer in model.supply.officers].index("other")
    link = slice(ours.pool_ptr[other], ours.pool_ptr[other + 1])
    pools = [model.pools.names[pool] for pool in ours.pool_of[link]]
    at = pools.index("desk")
    assert ours.conditions.helps[link].tolist() == [pool == "desk" for pool in pools]
    assert ours.conditions.queue_over[link][at] == 1
    assert ours.conditions.below_wd[link][at] == 5


def test_overtime_and_help_are_counted() -> None:
    # At 9 on Monday a case of 12 h begins; at 10 the second one comes. Evenings from 17 to 20: case
    # 1 has 2 days left on Monday and is not begun; case 0, the same. On Tuesday both have one left.
    # Monday 8 h of case 0; Tuesday 9-13 the rest. Case 1: Tuesday 13-17, 17-20 in overtime (7 h),
    # and Wednesday 9-14.
    result = sim.run(scenario(OFFICE, settings=(OVERTIME,)), replications=1)
    row = result.rows("response")[0]
    assert (row.pool, row.overtime_h, row.help_h) == ("desk", 3, 0)
    assert row.share_of_work == 3 / 24
    assert result_data(result)["response"][0]["overtime_most_h"] == 3
    desk = next(pool for pool in result.pool_summaries if pool.name == "desk")
    assert (desk.officers, round(desk.utilisation, 6)) == (1, round(24 / 80, 6))


def test_help_counts_for_the_pool_and_the_helper_for_his_own() -> None:
    # Three come at once: the clerk takes one, two wait. The helper has an hour of his own first.
    settings = (HELP, "case_types.permit.arrivals.at=[9 h, 9 h, 9 h]")
    result = sim.run(scenario(OFFICE, settings=settings), replications=1)
    row = result.rows("response")[0]
    assert (row.pool, row.overtime_h, row.help_h) == ("desk", 0, 12)
    busy = {pool.name: (pool.officers, pool.utilisation) for pool in result.pool_summaries}
    assert busy == {"desk": (1, 24 / 80), "files": (1, 13 / 80)}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_shows_the_hours(language: str) -> None:
    def titles(*settings: str) -> str:
        result = sim.run(scenario(OFFICE, settings=settings), replications=1)
        return str(result_report(result, language))

    title = {"en": "Overtime and help", "zh": "加班与支援"}[language]
    assert title in titles(OVERTIME)
    assert title not in titles()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (("staff.clerks.overtime={hours: evenings, below_wd: 2}",), "did you mean 'evening'"),
        (("staff.clerks.overtime={hours: office, below_wd: 2}",), "adds nothing to 'office'"),
        ((OVERTIME, "staff.clerks.hand_over=false"), "begins and ends with empty hands"),
        ((OVERTIME, "staff.clerks.rework=0.1"), "begins and ends with empty hands"),
        ((OVERTIME, "pools.desk.take_over=true"), "staff.clerks.overtime: pool 'desk' has"),
        (("staff.other.helps={desk: {}}",), "who always helps serves the pool"),
        (("staff.other.helps={files: {queue_over: 1}}",), "serve this pool anyway"),
        (("staff.other.helps={desks: {queue_over: 1}}",), "no such name under 'pools'"),
        ((HELP, "pools.desk.take_over=true"), "nobody can help in it"),
        (("staff.clerks.helps={files: {below_wd: 3}}",), "no case with a limit needs 'files'"),
        (
            ("staff.other.overtime={hours: evening, below_wd: 2}",),
            "no case with a limit needs 'files'",
        ),
        (("staff.clerks.absence_spell_wd=5",), "no spells without absence"),
        (
            ("staff.clerks.absence=0.9", "staff.clerks.absence_spell_wd=5"),
            "a spell lasts 9 working days or more",
        ),
        (("staff.clerks.learning={share: 0.5, over: 90 cd}",), "give the first day of duty"),
        (
            ("staff.clerks.from=2024-01-09", "staff.clerks.learning={share: 0.5, over: 90 wd}"),
            "a whole number of cd",
        ),
    ],
)
def test_what_does_not_go_together_is_told(settings: tuple[str, ...], said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        scenario(OFFICE, settings=settings)
    assert said in str(error.value)


def test_who_is_new_has_a_part_of_the_day_for_cases() -> None:
    # From Tuesday on; half of 8 h on the first day, a tenth of the other half more on each day.
    learner = "staff.clerks.learning={share: 0.5, over: 10 cd}"
    _, ours = supply("staff.clerks.from=2024-01-09", learner)
    duty = ours.duty.row(int(ours.calendar[0]))
    ends = {int(end) // DAY: int(end) % DAY / H for end in duty.clip(0, 14 * DAY).end}
    assert MONDAY not in ends
    assert ends[TUESDAY] == 13
    assert ends[2] == pytest.approx(13.4, abs=1 / H)
    assert ends[7] == pytest.approx(9 + 8 * 0.8, abs=1 / H)
    assert ends[11] == 17


def test_the_part_of_the_day_for_cases_is_rounded_up_to_whole_seconds() -> None:
    duty = Intervals.of(np.array([[9 * 60, 9 * 60 + 100]]))
    third = Learning(share=1 / 3, over="3 cd")  # a third of 100 s
    assert while_learning(duty, 0, third).end.tolist() == [9 * 60 + 34]
