"""Due days follow the clock that they stand for: of each application, and from the receipt of
papers that are checked too late. By hand, and against the clocks themselves.
"""

from __future__ import annotations

import dataclasses

import pytest

from sim.clocks import Counting, History, read_clocks
from sim.engine.contract import OPEN, Rule
from sim.limits import Scope, resolved_limits
from sim.process.graph import Role
from sim.replications.model import Model as ScenarioModel
from tests.build.both_engines import checked
from tests.build.city import CITY
from tests.build.dues import Dues, with_dues
from tests.build.stories import scenario
from tests.build.workloads import DAY, Case, Item, Model, Officer, delay, work

START = delay(0, starts_clock=True, counted=False)


def days_off(n: int, *after: int, **more: bool) -> Item:
    return delay(n * DAY, *after, counted=False, **more)


def papers(days: int, *after: int, check: int, **more: object) -> Item:
    return dataclasses.replace(delay(days * DAY, *after), check=check, **more)


def again(item: Item) -> Item:
    return dataclasses.replace(item, application=2)


def last(*after: int) -> Item:
    return work(1, *after, counted=False)


@pytest.mark.parametrize(
    ("items", "due"),
    [
        # Every day is a working day, N(day) = day + 1; the case arrives on day 0 with limit 3.
        # The officer comes on day 8.
        pytest.param(
            (START, days_off(4, 0), again(delay(DAY, 1)), again(last(1))),
            5 + 3,
            id="a second application, from day 4 on: provisional",
        ),
        pytest.param(
            (START, days_off(4, 0), again(delay(DAY, 1)), last(1)),
            1 + 3,
            id="what goes on of the first keeps its due day",
        ),
        pytest.param(
            (START, days_off(4, 0), again(delay(DAY, 1, starts_clock=True)), again(last(2))),
            6 + 3,
            id="its clock starts on day 5",
        ),
        pytest.param(
            (
                *(START, days_off(2, 0), again(delay(DAY, 1, starts_clock=True))),
                *(again(days_off(2, 2)), again(delay(0, 3)), again(last(4))),
            ),
            4 + 3 + 2,
            id="from day 3 on, suspended 3-5",
        ),
        pytest.param(
            (START, delay(2 * DAY, 0), days_off(2, 1), again(delay(DAY)), delay(0, 2), last(0)),
            1 + 3 + 2,
            id="an application that is open suspends no other: the first stands still 2-4",
        ),
        pytest.param(
            (papers(0, check=1), papers(6, 0, check=1, starts_clock=True), last(1)),
            1 + 3,
            id="received on day 0, told on day 6: too late",
        ),
        pytest.param(
            (papers(0, check=1), papers(5, 0, check=1, starts_clock=True), last(1)),
            6 + 3,
            id="told on day 5, in time: the clock starts there",
        ),
        pytest.param(
            (papers(6, check=0, starts_clock=True), last(0)),
            1 + 3,
            id="no receipt: the check is the first step",
        ),
        pytest.param(
            (days_off(1), papers(0, 0, check=2), papers(9, 1, check=2), last(0)),
            2 + 3,
            id="received on day 1, not told by day 8",
        ),
        pytest.param(
            (days_off(3), papers(0, 0, check=2), papers(9, 1, check=2), last(0)),
            1 + 3,
            id="received on day 3: until day 8 it may still be in time",
        ),
        pytest.param(
            (papers(9, check=0), delay(2 * DAY, starts_clock=True), last()),
            1 + 3,
            id="other papers were accepted on day 2; these, late, were received on day 0",
        ),
        pytest.param(
            (START, delay(DAY), papers(6, 1, check=2), last()),
            1 + 3,
            id="the clock had started on day 0, before the receipt",
        ),
        pytest.param(
            (papers(6, check=0), papers(1, 0, check=0, counted=False), delay(0, 1), last()),
            1 + 3 + 1,
            id="received on day 0, late; suspended 6-7 for a correction",
        ),
        pytest.param(
            (
                papers(6, check=0),
                papers(1, 0, check=0, counted=False, counted_late=True),
                *(delay(0, 1), last()),
            ),
            1 + 3,
            id="a correction that counts after a late check",
        ),
        pytest.param(
            (
                papers(6, check=0),
                papers(1, 0, check=0, counted=False, begins_round_late=True),
                last(),
            ),
            8 + 3,
            id="a correction that begins a round after a late check",
        ),
        pytest.param(
            (
                papers(5, check=0, starts_clock=True),
                papers(1, 0, check=0, counted=False, begins_round_late=True),
                *(delay(0, 1), last()),
            ),
            6 + 3 + 1,
            id="but not after one in time",
        ),
    ],
)
def test_due_days(items: tuple[Item, ...], due: int) -> None:
    """A race shows the due day: rival k is due on N = 1 + k, and goes first when equal.

    All wait for the officer of day 8, so 1 + k rivals go before a case due on N = 1 + k, one
    second each.
    """
    runner = Case(1, items, limit=3)
    rivals = tuple(Case(0, (last(),), limit=k) for k in range(12))
    officer = Officer(duty=((8 * DAY, 9 * DAY),))
    s = checked(Model((*rivals, runner), (officer,), (Rule.EARLIEST_DUE,)))
    assert s.start[-1] - 8 * DAY == due


def test_papers_become_late_while_others_wait() -> None:
    """One item a day. The check is late from day 6 on: then A is due on N = 1 + 4, before B.

    A was accepted elsewhere on day 3: due 4 + 4 = 8 until then; B has limit 6: due 7. Both wait for
    an officer who comes on days 5 and 6; C has limit 1.
    """
    a = Case(0, (papers(20, check=0), delay(3 * DAY, starts_clock=True), last()), limit=4)
    b, c = (Case(0, (last(),), limit=limit) for limit in (6, 1))
    shifts = ((5 * DAY, 5 * DAY + 1), (6 * DAY, 6 * DAY + 1), (7 * DAY, 7 * DAY + 1))
    s = checked(Model((a, b, c), (Officer(duty=shifts),), (Rule.EARLIEST_DUE,)))
    assert s.start[[2, 3, 4]].tolist() == [6 * DAY, 7 * DAY, 5 * DAY]


# --- scenarios -----------------------------------------------------------------------------------

PERMIT = """
name: Permit
calendar: {country: weekdays}
period: {start: 2024-01-01, window: 2024-01-01, run_out: 90 cd}
hours: {office: {week: {mon-fri: "9:00-17:00"}}}
departments: {bureau: {}}
pools: {window: {}, officers: {department: bureau, rule: earliest_due}}
staff:
  window: {serves: [window], count: 1, hours: office}
  officers: {serves: [officers], count: 1, hours: office}
case_types:
  permit:
    arrivals: {at: [2024-01-01 09:00:00]}
    window: {pool: window, transfer_out: 0 min, transfer_back: 0 min}
    trip: 1 h
    stages: {s: {lead: bureau}}
    matters:
      A:
        department: bureau
        stage: s
        intake: 30 min
        check: 30 min
        review: {handle: {pool: officers, work: 12 h}}
        decision: {pool: officers, work: 1 h}
limits:
  all: {case_type: permit, limit: 4 wd, per: PER}
"""
REFUSED = """
case_types: {permit: {matters: {A: {refusal: {at_decision: 1.0,
  resubmission: {probability: 1.0, after: 2 wd, max_times: 1}}}}}}
"""


def dues(*texts: str, per: str = "application") -> dict[str, tuple[int, int]]:
    """Return step → its due day as it is ready and as it ends, as numbers of working days."""
    model = ScenarioModel(scenario(PERMIT.replace("PER", per), *texts))
    history, kept = with_dues(model)
    names = [model.process.nodes[node].name for node in history.demand.node]
    return {name: (kept.at_ready[i], kept.at_end[i]) for i, name in enumerate(names)}


def test_the_due_day_of_a_second_application_counts_from_its_own_acceptance() -> None:
    """Mon 1 Jan (N = 1) accepted at 10: due 5. Reviewed to Tue 14:00, refused Tue 15:00.

    The applicant hands in again at the close of Thu 4 Jan (N = 4): due 8 until it is accepted, on
    Fri 5 Jan (N = 5) at 10: due 9.
    """
    told = dues(REFUSED)
    assert told["A/decision"] == (5, 5)
    assert told["A/resubmission/2/intake"] == (4 + 4, 4 + 4)
    assert told["A/resubmission/2/check"] == (4 + 4, 5 + 4)
    assert told["A/resubmission/2/review/handle"] == (9, 9)
    assert told["A/resubmission/2/decision"] == (9, 9)


def test_a_clock_that_goes_on_has_one_due_day_moved_by_the_wait() -> None:
    """Per case: due 5, and 2 more for the working days from Tue 2 to Thu 4 Jan (close)."""
    told = dues(REFUSED, per="case")
    assert told["A/decision"] == (5, 5)
    assert told["A/resubmission/2/check"] == (5 + 2, 5 + 2)
    assert told["A/resubmission/2/decision"] == (7, 7)


LATE = "case_types: {permit: {matters: {A: {check: 48 h}}}}"
"""Six days of eight hours from Mon 9:30: to Tue 9 Jan (N = 7), the sixth working day after."""
SENT_BACK = """
case_types: {permit: {matters: {A: {
  correction: {probability: 1.0, again: 0.0, turnaround: {constant: 2 wd}}}}}}
"""


def test_papers_checked_too_late_are_due_from_their_receipt() -> None:
    told = dues(LATE)
    assert told["s/check"] == (1 + 4, 1 + 4)
    assert told["A/review/handle"] == (5, 5)
    in_time = dues(LATE.replace("48 h", "47.5 h"))  # to the end of Mon 8 Jan (N = 6)
    assert in_time["s/check"] == (5, 6 + 4)
    ignored = dues(LATE, "handling: {ignore_deemed_acceptance: true}")
    assert ignored["s/check"] == (5, 7 + 4)


def test_where_papers_are_sent_back_too_late_the_law_counts_the_correction() -> None:
    """Two working days from Tue 9 Jan 9:30 to Thu 11 Jan 9:30 (N = 9): the promised clock pauses
    for them, the statutory one does not, since they come after the acceptance.
    """
    assert dues(LATE, SENT_BACK)["A/review/handle"] == (1 + 4 + 2, 1 + 4 + 2)
    by_law = "limits: {all: {clock: statutory}}"
    assert dues(LATE, SENT_BACK, by_law)["A/review/handle"] == (5, 5)
    # In time, the clock starts after the correction, whoever counts.
    in_time = LATE.replace("48 h", "1 h")
    assert dues(in_time, SENT_BACK, by_law)["A/review/handle"][0] == 3 + 4  # Wed 3 Jan


def test_a_late_notice_of_the_second_application_is_its_own() -> None:
    """The papers of both are checked for six days: due from the receipt of each."""
    told = dues(LATE, REFUSED)
    # Told on Tue 9 Jan 9:30, reviewed to Wed 13:30, refused 14:30 (N = 8); handed in again at the
    # close of Fri 12 Jan (N = 10).
    assert told["A/decision"] == (5, 5)
    assert told["A/resubmission/2/review/handle"] == (10 + 4, 10 + 4)


# --- against the clocks --------------------------------------------------------------------------

SLOW = """
pools: {officers: {rule: earliest_due}, zonal: {rule: escalate, escalate_below_wd: 3}}
staff: {window: {count: 1}}
case_types:
  project:
    matter_defaults: {check: {exponential: 3 h}}
    matters:
      A: {refusal: {at_decision: 0.3,
           resubmission: {probability: 0.9, after: {exponential: 3 wd}, max_times: 2}}}
      B:
        review: {handle: {pool: officers, work: 1 h}}
        review_correction: {probability: 0.8, again: 0.5, turnaround: {exponential: 8 wd}}
clocks:
  patient: {pauses: [correction_after_acceptance]}
"""


@pytest.mark.parametrize("handling", ["one_window: true", "one_window: false"])
@pytest.mark.parametrize(
    "limit",
    [
        *("per: application", "per: case", "clock: statutory", "clock: gross_span"),
        *("per: case, clock: statutory", "clock: patient"),
    ],
)
def test_a_due_day_less_today_is_what_the_clock_has_left(handling: str, limit: str) -> None:
    model = ScenarioModel(
        scenario(CITY, SLOW, f"handling: {{{handling}}}", f"limits: {{all: {{{limit}}}}}")
    )
    history, kept = with_dues(model)
    counted = history if "per: case" in limit else history.apart
    found = compared(model, counted, kept)
    assert len(found) > 40
    undeemed = compared(model, counted, kept, deemed=False)
    differ = sum(due != days for due, days in undeemed)
    assert differ > 20 or limit == "clock: gross_span"  # late notices matter
    assert [due for due, _ in found] == [days for _, days in found]


def compared(
    model: ScenarioModel, history: History, kept: Dues, *, deemed: bool = True
) -> list[tuple[int, int]]:
    """Return what is left at the end of each clock, by the due day and by the clock.

    Clocks that stop in a suspension are left out: nobody waits for what was withdrawn.
    """
    (limit,) = resolved_limits(model.scenario)
    counting = dataclasses.replace(
        Counting.of(model.scenario, history), deemed_acceptance=deemed, rules=(limit.rule,)
    )
    reading = read_clocks(history, Scope("project", None, "case"), counting).clocks[limit.clock]
    n = model.working_days.cumulative
    role = model.process.role[history.demand.node]
    return [
        (kept.at_end[item] - int(n[stop // DAY]), int(limit.days) - value)
        for item, stop, value, started in zip(
            *(reading.stop_item.tolist(), reading.stop_s.tolist()),
            *(reading.value.tolist(), reading.started.tolist()),
            strict=True,
        )
        if item != OPEN and started and role[item] != Role.CORRECTION
    ]
