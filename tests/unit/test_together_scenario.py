"""Work for several officers in a scenario: what it becomes, what cannot be, who is blamed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from sim.clocks import History
from sim.engine import simulate
from sim.engine.contract import NO_TEAM
from sim.measures.days import Category, days_used
from sim.measures.together import with_the_missing
from sim.records.simulated import register_of
from sim.replications.model import Model
from sim.scenario import ScenarioError
from tests.build.stories import scenario

H = 3600
OFFICE = """
name: office
calendar: {country: everyday}
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-01-19}, run_out: 30 cd}
hours:
  office: {week: {mon-sun: "9:00-17:00"}}
  late: {week: {mon-sun: "13:00-17:00"}}
  night: {week: {mon-sun: "18:00-20:00"}}
departments: {planning: {}, rescue: {}}
pools: {planners: {department: planning}, fire: {department: rescue}}
staff:
  planners: {serves: [planners], count: 2, hours: office}
  fire: {serves: [fire], count: 1, hours: late}
case_types:
  site:
    arrivals: {at: [9 h, 10 h]}
    steps:
      visit: {pool: planners, officers: 2, with: [fire], work: {constant: 2 h}}
      paper: {pool: planners, work: {constant: 1 h}, after: [visit]}
limits: {all: {case_type: site, limit: 1 wd, clock: gross_span}}
"""
VISIT = "case_types.site.steps.visit"


def history(*settings: str, text: str = OFFICE) -> History:
    model = Model(scenario(text, settings=settings))
    demand, supply = model.demand.draw(1, 0), model.supply.draw(1, 0)
    schedule = simulate(demand.workload, supply, model.supply.horizon_s)
    return History(model.process, demand, supply, schedule)


def test_each_officer_has_an_item_and_what_follows_waits_for_the_first() -> None:
    ours = history()
    names = [node.name for node in ours.process.nodes]
    assert names == ["visit", "visit/with/planners/2", "visit/with/fire", "paper"]
    workload = ours.demand.workload
    assert workload.team is not None
    assert workload.team.tolist() == [0, 0, 0, NO_TEAM, 4, 4, 4, NO_TEAM]
    assert workload.amount[:3].tolist() == [2 * H] * 3
    assert workload.pred.tolist() == [0, 4]
    assert ours.schedule.start[:3].tolist() == [13 * H] * 3
    assert len(set(ours.schedule.officer[:3].tolist())) == 3


def test_one_officer_is_the_plain_step_bit_for_bit() -> None:
    plain = history(text=OFFICE.replace("officers: 2, with: [fire], ", ""))
    one = history(text=OFFICE.replace("officers: 2, with: [fire], ", "officers: 1, with: {}, "))
    assert one.demand.workload.team is None
    assert [node.name for node in one.process.nodes] == ["visit", "paper"]
    for name in ("ready", "start", "end", "officer"):
        ours, its = (getattr(each.schedule, name) for each in (one, plain))
        assert ours.tobytes() == its.tobytes()


def test_a_list_and_a_mapping_mean_the_same() -> None:
    named = history(f"{VISIT}.with={{fire: 1}}")
    assert named.process.nodes == history().process.nodes


@pytest.mark.parametrize(
    ("setting", "key", "rule"),
    [
        ("staff.planners.count=1", "officers", "needs 2 officers of 'planners' at the same time"),
        (f"{VISIT}.with={{fire: 2}}", "with", "but the pool has 1, so it could never begin"),
        (f"{VISIT}.with={{fier: 1}}", "with.fier", "did you mean 'fire'?"),
        (f"{VISIT}.with=[planners]", "with", "write how many of it come under 'officers'"),
        (f"{VISIT}.with=[fire, fire]", "with", "a pool is named twice"),
        (f"{VISIT}.officers=0", "officers", "at least 1"),
        ("pools.fire.take_over=true", "with", "has 'take_over', which moves officers"),
        ("staff.planners.serves=[planners, fire]", "with", "nobody can take two places at once"),
        ("staff.fire.hours=night", "with", "never on duty at the same time: planners, fire"),
        (
            "staff.fire.until=2023-12-31",
            "with",
            "'fire' never has enough officers on duty at the same time (here 1)",
        ),
        (f"{VISIT}2={{delay: 1 h, officers: 2}}", "visit2", "go with a pool and its work"),
    ],
)
def test_what_could_never_begin_is_told(setting: str, key: str, rule: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario(OFFICE, settings=(setting,))
    problems = caught.value.problems
    assert len(problems) == 1, [str(problem) for problem in problems]
    assert problems[0].key.startswith(VISIT)
    assert problems[0].key.endswith(key)
    assert rule in problems[0].rule


def test_half_the_pool_in_the_morning_is_not_two_at_once() -> None:
    text = OFFICE.replace(
        "planners: {serves: [planners], count: 2, hours: office}",
        "early: {serves: [planners], count: 1, hours: morning}\n"
        "  planners: {serves: [planners], count: 1, hours: late}",
    ).replace("  night:", '  morning: {week: {mon-sun: "9:00-12:00"}}\n  night:')
    with pytest.raises(ScenarioError, match="'planners' never has enough officers on duty"):
        scenario(text)


def test_the_pool_that_was_missing_is_blamed() -> None:
    # Case 0 waits from 9 to 13 for the fire officer. Case 1 waits on from 15 to 15, as the fire
    # officer and both planners have done the first visit then: the first seat of equals.
    ours = with_the_missing(history())
    names = [ours.process.nodes[node].name for node in ours.demand.node]
    assert (names[0], names[4]) == ("visit/with/fire", "visit")
    # With the fire officer there all day, and a planner who is busy until 12, it is the planners.
    busy = history(
        "staff.fire.hours=office",
        "case_types.file={arrivals: {at: [8 h]}, "
        "steps: {read: {pool: planners, work: {constant: 3 h}}}}",
    )
    names = [busy.process.nodes[n].name for n in with_the_missing(busy).demand.node]
    assert next(name for name in names if name.startswith("visit")) == "visit"


def test_of_a_team_each_pool_counts_once_in_days_and_each_officer_in_staff_time() -> None:
    ours = history()
    charge = days_used(ours, np.ones(2, np.bool_))
    work = charge.seconds[:, Category.WORK].tolist()
    assert work == [4 * H, 0, 4 * H, 2 * H]
    worked = Counter(ours.schedule.officer.tolist())
    assert sum(worked.values()) == 8


def test_the_register_has_a_row_for_each_officer() -> None:
    ours = history()
    register = register_of(scenario(OFFICE), ours)
    begun = register.events[register.events["lifecycle"] == "start"]
    rows = begun[begun["activity"].astype(str).str.startswith("visit")]
    assert len(rows) == 6
    assert rows.groupby("item")["officer"].nunique().tolist() == [3, 3]
    assert rows.groupby("item")["at"].nunique().tolist() == [1, 1]


def test_the_backlog_holds_the_whole_team() -> None:
    """A case in the middle of the visit waits for all three again; one past it for none."""
    backlog = (
        "backlog.generate={site: [{count: 2, at: visit, age: 3 wd}, "
        "{count: 1, at: paper, age: 3 wd}]}"
    )
    ours = history(backlog)
    items = Counter(ours.demand.case[: -2 * 4].tolist())
    assert sorted(items.values()) == [1, 4, 4]
    assert ours.demand.workload.team is not None
    _, seats = np.unique(
        ours.demand.workload.team[ours.demand.workload.team >= 0], return_counts=True
    )
    assert seats.tolist() == [3] * 4
