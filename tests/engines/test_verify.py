"""`verify` and the replay find what is wrong: break a good schedule, one thing at a time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from sim.engine import simulate
from sim.engine.checks import verify
from sim.engine.contract import NO_OFFICER, OPEN, DelayRule, Parts, Rule, Schedule
from tests.build.passes import found_by_passes
from tests.build.replay import check_dispatch
from tests.build.workloads import DAY, Case, H, Model, Officer, delay, office, work

MODEL = Model(
    cases=(
        Case(9 * H, (work(2 * H), delay(1 * H, 0), work(1 * H, 1, pool=1))),
        Case(10 * H, (work(7 * H), delay(1, 0, rule=DelayRule.WORKING_DAYS))),
        Case(20 * H, (delay(9 * H, rule=DelayRule.ON_CALENDAR), work(5 * DAY))),
    ),
    officers=(Officer((0,), office(range(9))), Officer((1,), office(range(9)), in_hand=True)),
    rules=(Rule.FIFO, Rule.FIFO),
    calendars=(office(range(9)),),
    horizon=4 * DAY,
)
# items       0      1      2      3       4        5        6
# ready       9     11     12     10    d1 10    d0 20     d0 20
# start       9     11     12     11    d1 10    d0 20     d1 10
# end        11     12     13   d1 10   d2 end   d2 10      open
# officer     0      -      1      0       -        -        0


@pytest.fixture
def good() -> Schedule:
    return simulate(MODEL.workload, MODEL.supply, MODEL.horizon)


def broken(good: Schedule, name: str, item: int, value: int) -> Schedule:
    array = getattr(good, name).copy()
    array[item] = value
    return replace(good, **{name: array})


def assert_found(model: Model, wrong: Schedule, found: str) -> None:
    """Both forms of the check find it."""
    problems = verify(model.workload, model.supply, wrong, model.horizon)
    assert any(problem.startswith(found) for problem in problems), problems
    problems = found_by_passes(model, wrong)
    assert any(problem.startswith(found) for problem in problems), problems


def test_the_good_one_is_as_worked_out(good: Schedule) -> None:
    assert good.ready.tolist() == [9 * H, 11 * H, 12 * H, 10 * H, 34 * H, 20 * H, 20 * H]
    assert good.start.tolist() == [9 * H, 11 * H, 12 * H, 11 * H, 34 * H, 20 * H, 34 * H]
    ends = [11 * H, 12 * H, 13 * H, 34 * H, 3 * DAY - 1, 2 * DAY + 10 * H, OPEN]
    assert good.end.tolist() == ends
    assert verify(MODEL.workload, MODEL.supply, good, MODEL.horizon) == []
    assert check_dispatch(MODEL.workload, MODEL.supply, good) == []


@pytest.mark.parametrize(
    ("name", "item", "value", "found"),
    [
        ("ready", 0, 9 * H + 1, "ready is not the latest"),
        ("ready", 2, OPEN, "ready is not the latest"),
        ("ready", 6, 9 * H, "ready is not the latest"),
        ("start", 3, 9 * H + 1, "began before it was ready"),
        ("start", 2, OPEN, "ended before it began"),
        ("start", 2, 13 * H + 1, "ended before it began"),
        ("start", 6, 5 * DAY, "began after the stop"),
        ("start", 1, 11 * H + 1, "delay that did not start"),
        ("officer", 1, 0, "delay with an officer"),
        ("end", 1, 12 * H + 1, "delay does not end as its rule says"),
        ("end", 4, 2 * DAY - 1, "delay does not end as its rule says"),
        ("end", 5, OPEN, "delay does not end as its rule says"),
        ("end", 3, 18 * H, "work does not end when it is done"),
        ("end", 2, OPEN, "work does not end when it is done"),
        ("end", 6, 4 * DAY, "work does not end when it is done"),
        ("officer", 0, NO_OFFICER, "work without an officer"),
        ("start", 6, OPEN, "an officer but no start"),
        ("officer", 0, 1, "the officer does not serve the pool"),
        ("start", 2, 17 * H, "begun while the officer was off duty"),
        ("start", 3, 11 * H - 1, "the officer was busy with another item"),
        ("start", 6, 34 * H - 1, "the officer was busy with another item"),
        ("officer", 0, 2, "an officer number is out of range"),
        ("officer", 0, -2, "an officer number is out of range"),
    ],
)
def test_verify_finds(good: Schedule, name: str, item: int, value: int, found: str) -> None:
    assert_found(MODEL, broken(good, name, item, value), found)


def test_verify_finds_a_wrong_stop(good: Schedule) -> None:
    wrong = replace(good, stopped_s=good.stopped_s - 1)
    assert verify(MODEL.workload, MODEL.supply, wrong, MODEL.horizon) == [
        "stopped at 345599, not at 345600"
    ]


def test_verify_finds_missing_items(good: Schedule) -> None:
    wrong = replace(good, end=good.end[:-1])
    problems = verify(MODEL.workload, MODEL.supply, wrong, MODEL.horizon)
    assert problems == ["end has shape (6,) for 7 items"]


def test_a_message_names_the_first_three(good: Schedule) -> None:
    wrong = replace(good, ready=np.full_like(good.ready, 5))
    problems = verify(MODEL.workload, MODEL.supply, wrong, MODEL.horizon)
    first = "ready is not the latest of arrival and predecessors' ends"
    assert problems[0] == f"{first}: item 0 (5), item 1 (5), item 2 (5) and 4 more"


def swapped(good: Schedule, a: int, b: int, *names: str) -> Schedule:
    arrays = {}
    for name in names:
        arrays[name] = getattr(good, name).copy()
        arrays[name][[a, b]] = arrays[name][[b, a]]
    return replace(good, **arrays)


def test_the_replay_finds_a_wrong_order() -> None:
    cases = (Case(0, (work(5),)), Case(0, (work(5),)), Case(1, (work(5),)))
    model = Model(cases, (Officer(),))
    good = simulate(model.workload, model.supply, model.horizon)
    wrong = swapped(good, 1, 2, "start", "end")
    assert verify(model.workload, model.supply, wrong, model.horizon) == []  # verify is blind here
    (problem,) = check_dispatch(model.workload, model.supply, wrong)
    assert problem.startswith("at 5 item 1 had to begin with officer 0")


def test_the_replay_finds_a_wrong_officer() -> None:
    model = Model((Case(0, (work(5),)), Case(0, (work(5),))), (Officer(), Officer()))
    good = simulate(model.workload, model.supply, model.horizon)
    wrong = swapped(good, 0, 1, "officer")
    assert verify(model.workload, model.supply, wrong, model.horizon) == []
    (problem,) = check_dispatch(model.workload, model.supply, wrong)
    assert problem.startswith("at 0 item 0 had to begin with officer 0")


def test_the_replay_finds_idling() -> None:
    model = Model((Case(0, (work(5),)),), (Officer(),))
    late = Schedule(*(np.array([x]) for x in (0, 3, 8, 0)), stopped_s=8)
    assert verify(model.workload, model.supply, late, model.horizon) == []
    (problem,) = check_dispatch(model.workload, model.supply, late)
    assert problem.startswith("at 0 item 0 had to begin with officer 0, but it began at 3")


def test_the_package_loads_without_simpy() -> None:
    code = "import sys, sim.engine; assert 'simpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


# Tacit consent

TACIT = Model(
    cases=(
        Case(9 * H, (work(9 * H, tacit=0),)),
        Case(10 * H, (work(1 * H, tacit=0), work(1 * H, 0))),
        Case(11 * H, (work(1 * H, tacit=1),)),
        Case(12 * H, (work(1 * H, pool=1, tacit=9),)),
    ),
    officers=(Officer(duty=office(range(9))),),
    rules=(Rule.FIFO, Rule.FIFO),
    horizon=3 * DAY,
)
CLOSE = DAY - 1
# items       0      1      2      3       4
# ready       9     10    close   11      12
# start       9    close  d1 10  d1 9    open     item 0: 8 h until 17, then silence
# end       close  close  d1 11  d1 10   open
# officer     0      -      0      0       -


@pytest.fixture
def lapsed() -> Schedule:
    return simulate(TACIT.workload, TACIT.supply, TACIT.horizon)


def test_the_lapsed_one_is_as_worked_out(lapsed: Schedule) -> None:
    assert lapsed.ready.tolist() == [9 * H, 10 * H, CLOSE, 11 * H, 12 * H]
    assert lapsed.start.tolist() == [9 * H, CLOSE, 34 * H, 33 * H, OPEN]
    assert lapsed.end.tolist() == [CLOSE, CLOSE, 35 * H, 34 * H, OPEN]
    assert lapsed.officer.tolist() == [0, NO_OFFICER, 0, 0, NO_OFFICER]
    assert verify(TACIT.workload, TACIT.supply, lapsed, TACIT.horizon) == []
    assert check_dispatch(TACIT.workload, TACIT.supply, lapsed) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"end": (0, 34 * H)}, "work does not end when it is done or lapses"),
        ({"end": (0, OPEN)}, "work does not end when it is done or lapses"),
        ({"end": (0, CLOSE - 1)}, "work does not end when it is done or lapses"),
        ({"end": (3, 2 * DAY - 1)}, "work does not end when it is done or lapses"),
        ({"officer": (1, 0)}, "begun by an officer though silence counts"),
        ({"start": (1, 33 * H), "end": (1, 34 * H), "officer": (1, 0)}, "begun by an officer"),
        ({"start": (1, OPEN), "end": (1, OPEN)}, "waits though silence counts as consent"),
        ({"end": (1, CLOSE + 1)}, "silence does not end as it lapses"),
        ({"end": (1, OPEN)}, "silence does not end as it lapses"),
        ({"start": (1, CLOSE - 1)}, "work without an officer"),
        ({"start": (1, CLOSE + 1), "end": (1, CLOSE + 1)}, "work without an officer"),
        ({"start": (3, CLOSE), "end": (3, CLOSE), "officer": (3, -1)}, "work without an officer"),
        ({"start": (4, 2 * DAY), "end": (4, 2 * DAY)}, "work without an officer"),
    ],
)
def test_verify_finds_wrong_silence(
    lapsed: Schedule, changes: dict[str, tuple[int, int]], found: str
) -> None:
    for name, (item, value) in changes.items():
        lapsed = broken(lapsed, name, item, value)
    assert_found(TACIT, lapsed, found)


@pytest.mark.parametrize(("stop", "problems"), [(CLOSE - 1, 0), (CLOSE, 1)])
def test_verify_finds_who_waits_at_the_lapse(stop: int, problems: int) -> None:
    # Nobody serves the pool. A run that stops a second before the close is right to say so.
    model = Model((Case(0, (work(1, tacit=0),)),), ())
    waits = Schedule(*(np.array([x]) for x in (0, OPEN, OPEN, NO_OFFICER)), stopped_s=stop)
    found = verify(model.workload, model.supply, waits, stop)
    assert len(found_by_passes(replace(model, horizon=stop), waits)) == problems
    assert found == ["waits though silence counts as consent: item 0 (0)"][:problems]


def test_verify_ignores_the_period_of_a_delay() -> None:
    # One begins at the close of a date, as silence would.
    delays = (replace(delay(2 * DAY), tacit=0), replace(delay(DAY, 0), tacit=1))
    model = Model((Case(CLOSE, delays),), ())
    good = simulate(model.workload, model.supply, model.horizon)
    assert good.end.tolist() == [CLOSE + 2 * DAY, CLOSE + 3 * DAY]
    assert verify(model.workload, model.supply, good, model.horizon) == []


def test_the_replay_finds_a_lapse_that_did_not_happen() -> None:
    # Nobody serves the pool; the schedule says that the item waits in vain.
    model = Model((Case(0, (work(1, tacit=0),)),), (), horizon=DAY)
    waits = Schedule(*(np.array([x]) for x in (0, OPEN, OPEN, NO_OFFICER)), stopped_s=DAY)
    (problem,) = check_dispatch(model.workload, model.supply, waits)
    assert problem == f"start of item 0 is {OPEN}; replayed at {CLOSE}"


def test_the_replay_finds_who_was_served_instead_of_lapsing() -> None:
    # Officer 0 becomes free at the very close and takes the item that has just lapsed.
    model = Model((Case(0, (work(DAY - 1),)), Case(5, (work(0, tacit=0),))), (Officer(),))
    good = simulate(model.workload, model.supply, model.horizon)
    assert good.officer.tolist() == [0, NO_OFFICER]
    wrong = broken(good, "officer", 1, 0)
    assert check_dispatch(model.workload, model.supply, wrong) == [
        "item 1 lapsed while it waited, but has officer 0"
    ]


# Hand-over

HANDED = Model(
    cases=(Case(14 * H, (work(5 * H, tacit=5),)), Case(16 * H, (work(1 * H),))),
    officers=(
        Officer(duty=office([0, 2, 3, 4]), hands_over=True),
        Officer(duty=office([1, 2, 3, 4], 10 * H, 18 * H)),
        Officer((1,), office(range(5))),
    ),
    rules=(Rule.FIFO, Rule.FIFO),
    horizon=4 * DAY,
)
# Item 0: officer 0 on day 0 from 14 to 17, officer 1 on day 1 from 10 to 12. Item 1: 12 to 13.


@pytest.fixture
def handed() -> Schedule:
    return simulate(HANDED.workload, HANDED.supply, HANDED.horizon)


def test_the_one_handed_over_is_as_worked_out(handed: Schedule) -> None:
    assert handed.parts.start.tolist() == [14 * H, 34 * H]
    assert handed.parts.end.tolist() == [17 * H, 36 * H]
    assert handed.end.tolist() == [36 * H, 37 * H]
    assert handed.officer.tolist() == [1, 1]
    assert verify(HANDED.workload, HANDED.supply, handed, HANDED.horizon) == []
    assert check_dispatch(HANDED.workload, HANDED.supply, handed) == []


def with_parts(schedule: Schedule, **columns: list[int]) -> Schedule:
    changed = {
        name: np.array(x, getattr(schedule.parts, name).dtype) for name, x in columns.items()
    }
    return replace(schedule, parts=replace(schedule.parts, **changed))


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"end": [17 * H, OPEN]}, "work does not end"),
        ({"end": [16 * H, 36 * H]}, "work does not end"),
        ({"start": [14 * H, 33 * H]}, "begun while the officer was off duty"),
        ({"start": [14 * H + 1, 34 * H]}, "the parts are not those of the item"),
        ({"officer": [0, 2]}, "the officer does not serve the pool"),
        ({"officer": [0, 3]}, "an officer number of a part is out of range"),
        ({"item": [0, 2]}, "an item number of a part is out of range"),
        ({"officer": [1, 1]}, "begun while the officer was off duty"),
        ({"start": [14 * H, 16 * H]}, "the parts are not those of the item"),
        ({"item": [0, 1]}, "the parts are not those of the item"),
    ],
)
def test_verify_finds_wrong_parts(
    handed: Schedule, columns: dict[str, list[int]], found: str
) -> None:
    wrong = with_parts(handed, **columns)
    assert_found(HANDED, wrong, found)


def test_verify_finds_what_should_have_been_handed_over(handed: Schedule) -> None:
    # In one piece: 3 h on day 0, the other 2 on day 2, when officer 0 is back.
    none = Parts()
    kept = broken(broken(handed, "officer", 0, 0), "end", 0, 2 * DAY + 11 * H)
    assert_found(HANDED, replace(kept, parts=none), "laid down without need, or not in time")
    # That is what the contract asks for where the officer does not hand over.
    keeps = replace(HANDED, officers=(replace(HANDED.officers[0], hands_over=False),))
    schedule = simulate(keeps.workload, keeps.supply, keeps.horizon)
    assert schedule.end[0] == 2 * DAY + 11 * H
    # And the other way round: with parts, where there should be none.
    problems = verify(HANDED.workload, replace(HANDED, officers=(
        replace(HANDED.officers[0], hands_over=False), *HANDED.officers[1:])).supply,
        handed, HANDED.horizon)  # fmt: skip
    assert any(p.startswith("laid down without need, or not in time: item 0") for p in problems)


def test_verify_finds_a_colleague_who_is_busy_twice(handed: Schedule) -> None:
    early = broken(broken(handed, "start", 1, 35 * H), "end", 1, 36 * H)
    assert_found(HANDED, early, "the officer was busy with another item")


def test_the_replay_finds_what_was_taken_up_too_late(handed: Schedule) -> None:
    # Officer 1 takes item 1 first, though the rest of item 0 is older. `verify` is blind for that.
    wrong = with_parts(handed, start=[14 * H, 35 * H], end=[17 * H, 37 * H])
    for name, item, value in (("end", 0, 37), ("start", 1, 34), ("end", 1, 35)):
        wrong = broken(wrong, name, item, value * H)
    assert verify(HANDED.workload, HANDED.supply, wrong, HANDED.horizon) == []
    (problem,) = check_dispatch(HANDED.workload, HANDED.supply, wrong)
    assert problem.startswith(f"at {34 * H} item 0 had to begin with officer 1")
