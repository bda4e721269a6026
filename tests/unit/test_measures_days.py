"""What used up the days: categories, accounts, the critical branch, blame."""

from datetime import date

import numpy as np
import pytest

from sim.calendars import WorkingDays, working_days
from sim.clocks import read_clocks
from sim.engine import simulate
from sim.limits import Scope
from sim.measures.days import (
    Category,
    blame,
    by_department,
    by_matter,
    critical_items,
    days_used,
    working_seconds,
)
from sim.process.graph import Mark, Owner, Phase, Role
from tests.build.schedules import DAY, HOUR, Case, Item, build, history, node, process, random_run

# Days 0 and 1 work, 2 does not, 3 works, …
DAYS = WorkingDays(date(2024, 1, 1), np.array([1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1], bool))

P = process(
    node("check", phase=Phase.BEFORE, marks=Mark.ACCEPTANCE, covers=("a", "b"), department="w"),
    node("send", role=Role.TRANSFER, department=""),
    node("review"),
    node("correction", owner=Owner.APPLICANT),
    node("publicity", owner=Owner.PUBLICITY),
    node("expert", owner=Owner.SPECIAL),
    node("drawings", owner=Owner.THIRD_PARTY, covers=("b",), department="e"),
    node("rest", covers=()),
    node("decision", marks=Mark.DECISION),
)


def test_working_seconds_count_part_of_a_working_date():
    t = np.array([0, HOUR, DAY, 2 * DAY, 2 * DAY + HOUR, 3 * DAY, 3 * DAY + HOUR])
    got = working_seconds(DAYS, t)
    assert got.tolist() == [0, HOUR, DAY, 2 * DAY, 2 * DAY, 2 * DAY, 2 * DAY + HOUR]


def test_working_seconds_are_a_count_of_seconds():
    days = working_days("CN", date(2021, 9, 20), date(2021, 10, 20))
    t = np.random.default_rng(5).integers(0, 30 * DAY, 50)
    hours = np.array([days.working[h // 24] for h in range(30 * 24)])
    naive = [hours[: x // HOUR].sum() * HOUR + x % HOUR * hours[x // HOUR] for x in t]
    assert working_seconds(days, t).tolist() == naive


ITEMS = [
    Item(0, 0, DAY // 2, start=DAY // 4, pool=0, officer=0),  # waits ¼, work ¼
    Item(1, DAY // 2, DAY),  # transfer ½
    Item(2, DAY, 3 * DAY, start=2 * DAY, pool=1, officer=0),  # waits 1, works on a day off: 0
    Item(3, 3 * DAY, 4 * DAY),  # correction 1
    Item(4, 4 * DAY, 6 * DAY),  # publicity 2
    Item(5, 6 * DAY, 7 * DAY, start=6 * DAY + DAY // 2, pool=1, officer=0),  # special: 1, wait too
    Item(6, 0, 2 * DAY),  # third party 2
    Item(7, 7 * DAY, 8 * DAY),  # other 1
    Item(8, 8 * DAY, None, start=9 * DAY, pool=1, officer=0),  # open: not accounted for
]
C = Category


def accounts(used):
    cells = np.argwhere(used.total_wd > 0)
    return {(*used.grouping.names[g], Category(c)): float(used.total_wd[g, c]) for g, c in cells}


def test_days_by_matter():
    demand, schedule = build(P, [Case(ITEMS)], 10 * DAY, DAYS)
    used = days_used(history(P, demand, schedule), np.array([True])).by(by_matter(P))
    assert accounts(used) == {
        ("a", "b", C.WAITING): 0.25,
        ("a", "b", C.WORK): 0.25,
        ("a", C.TRANSFER): 0.5,
        ("a", C.WAITING): 1,
        ("a", C.CORRECTION): 1,
        ("a", C.EXCLUDED): 2 + 1,
        ("b", C.THIRD_PARTY): 2,
        ("rest", C.OTHER): 1,
    }


def test_days_by_department():
    demand, schedule = build(P, [Case(ITEMS), Case(ITEMS), Case(ITEMS)], 10 * DAY, DAYS)
    used = days_used(history(P, demand, schedule), np.array([True, False, True])).by(
        by_department(P)
    )
    assert used.cases == 2
    assert accounts(used) == {
        ("w", C.WAITING): 0.5,
        ("w", C.WORK): 0.5,
        ("owner:authority", C.TRANSFER): 1,
        ("d", C.WAITING): 2,
        ("d", C.CORRECTION): 2,
        ("d", C.EXCLUDED): 6,
        ("e", C.THIRD_PARTY): 4,
        ("d", C.OTHER): 2,
    }
    assert used.cases == 2
    nobody = days_used(history(P, demand, schedule), np.zeros(3, bool)).by(by_department(P))
    assert nobody.cases == 0
    assert nobody.total_wd.sum() == 0


def test_critical_branch_takes_the_last_predecessor_and_the_first_of_equals():
    items = [
        Item(0, 0, DAY),
        Item(2, DAY, 3 * DAY, after=[0]),
        Item(2, DAY, 3 * DAY, after=[0]),  # ends with the one before: that one has the lower number
        Item(2, DAY, 2 * DAY, after=[0]),
        Item(8, 3 * DAY, 4 * DAY, after=[3, 1, 2]),
        Item(7, 4 * DAY, 9 * DAY, after=[4]),  # after the final item
    ]
    demand, schedule = build(P, [Case(items), Case(items), Case(items)], 10 * DAY, DAYS)
    critical = critical_items(demand.workload, schedule, np.array([4, -1, 16]))
    assert critical.reshape(3, 6).tolist() == [
        [True, True, False, False, True, False],
        [False] * 6,
        [True, True, False, False, True, False],
    ]


def late_case():
    return Case(
        [
            Item(0, 0, DAY + DAY // 2, start=DAY // 2, pool=0, officer=0),  # accepted on day 1½
            Item(1, DAY + DAY // 2, 3 * DAY, after=[0]),  # transfer: ½ (day 2 is off)
            Item(3, 3 * DAY, 5 * DAY, after=[1]),  # correction: 2
            Item(6, DAY + DAY // 2, 4 * DAY, after=[0]),  # third party, in parallel: not to blame
            Item(8, 5 * DAY, 8 * DAY, start=7 * DAY, pool=1, officer=0, after=[2, 3]),  # 2 + 1
            Item(7, 8 * DAY, 9 * DAY, after=[4]),  # after the decision
        ]
    )


def test_blame_is_the_critical_branch_within_the_clock():
    open_case = late_case()
    open_case.items[4].end = None
    open_case.items[5].ready = open_case.items[5].start = open_case.items[5].end = None
    demand, schedule = build(P, [late_case(), open_case, late_case()], 10 * DAY, DAYS)
    readings = read_clocks(history(P, demand, schedule), Scope("project"))
    reading = readings.clocks["promised"]
    late = np.array([True, True, False])
    used = blame(history(P, demand, schedule), readings.case, reading, late).by(by_department(P))
    assert used.cases == 1  # the open one is left out
    assert accounts(used) == {
        ("owner:authority", C.TRANSFER): 0.5,
        ("d", C.CORRECTION): 2,
        ("d", C.WAITING): 2,
        ("d", C.WORK): 1,
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_critical_branch_tiles_the_case(seed):
    proc, demand, supply, horizon = random_run(seed)
    schedule = simulate(demand.workload, supply, horizon)
    readings = read_clocks(history(proc, demand, schedule), Scope("project"))
    reading = readings.clocks["gross_span"]
    assert np.count_nonzero(reading.open) > 0  # the horizon cuts some off
    critical = np.flatnonzero(critical_items(demand.workload, schedule, reading.stop_item))
    # No gap, no overlap: along the branch of a case, each item is ready as the one before ends.
    order = critical[np.lexsort((critical, schedule.end[critical], demand.case[critical]))]
    follows = demand.case[order[1:]] == demand.case[order[:-1]]
    assert follows.sum() > 300
    assert np.all((schedule.ready[order[1:]] == schedule.end[order[:-1]])[follows])
    days = demand.workload.working_days
    spent = np.zeros(len(readings.case), np.int64)
    used = working_seconds(days, schedule.end[critical]) - working_seconds(
        days, schedule.ready[critical]
    )
    np.add.at(spent, demand.case[critical], used)
    arrival = working_seconds(days, demand.workload.arrival_s)
    done = ~reading.open
    end = working_seconds(days, np.maximum(reading.stop_s, 0))
    assert np.array_equal(spent[done], (end - arrival)[done])


@pytest.mark.parametrize("clock", ["statutory", "promised", "gross_span"])
def test_blame_adds_up_to_the_span_of_the_clock(clock):
    proc, demand, supply, horizon = random_run(11)
    schedule = simulate(demand.workload, supply, horizon)
    readings = read_clocks(history(proc, demand, schedule), Scope("project", ("a",)))
    reading = readings.clocks[clock]
    late = reading.value > np.median(reading.value)
    used = blame(history(proc, demand, schedule), readings.case, reading, late).by(by_matter(proc))
    late &= ~reading.open
    days = demand.workload.working_days
    span = working_seconds(days, reading.stop_s[late]) - working_seconds(
        days, reading.start_s[late]
    )
    assert used.cases == late.sum() > 10
    assert used.total_wd.sum() == pytest.approx(span.sum() / DAY, rel=1e-12)
