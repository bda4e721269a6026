"""Handed in again (退件重报): a clock for each application, or one that goes on. Days by hand.

One permit, around the clock, weekdays only: receipt and check of an hour each, a review of 48
hours, a decision of an hour, always a refusal; handed in again once, a working day later.

- Application 1: handed in on Thu 7 March 2024 at 9, accepted at 11, refused on Sat 9 at 12: 1 wd.
- Application 2: a working day after Saturday is over at the end of Monday; handed in on Tue 12 at
  0:00, accepted at 2, refused on Thu 14 at 3: 2 wd (Wed, Thu).
"""

from __future__ import annotations

import pytest

from sim import run as run_scenario
from sim.clocks import read_clocks, running_intervals
from sim.limits import PRESETS, Scope, resolved_limits
from sim.measures.limits import Standing, read_limit
from sim.process.graph import Outcome
from tests.build.resubmitted import at_last, refusal
from tests.build.stories import run, scenario
from tests.build.three_matters import matters

PERMIT = """
name: One permit
calendar: {country: weekdays}
period: {start: 2024-03-04, window: {from: 2024-03-04, to: 2024-03-08}, run_out: 30 cd}
hours: {always: 24x7}
departments: {hall: {counter: desk}}
pools: {desk: {department: hall}}
staff: {clerk: {serves: [desk], count: 5, hours: always}}
case_types:
  permit:
    arrivals: {at: [2024-03-07 09:00:00]}
    window: {pool: desk, transfer_out: 0 min, transfer_back: 0 min}
    trip: 1 wd
    stages: {all: {lead: hall}}
    matters:
      M:
        department: hall
        stage: all
        intake: 1 h
        check: 1 h
        review: {handle: {pool: desk, work: 48 h}}
        decision: {pool: desk, work: 1 h}
        refusal:
          at_decision: 1.0
          resubmission: {probability: 1.0, after: {constant: 1 wd}, max_times: 1}
limits:
  two: {case_type: permit, limit: 2 wd, clock: statutory}
"""
GOES_ON = "limits: {two: {per: case}}"
"""The clock goes on."""
DAY = 86_400


def days(*texts: str, per: str = "application") -> dict[str, int]:
    story = run(PERMIT, *texts)
    clocks = read_clocks(story.replication, Scope("permit", per=per)).clocks
    names = ("statutory", "promised", "net_approval", "gross_span", "calendar_days")
    return {name: int(clocks[name].value[0]) for name in names}


def test_the_longest_application_counts():
    assert days() == {
        "statutory": 2,
        "promised": 2,
        "net_approval": 2,
        "gross_span": 2,  # 7 to 9 March: 1; 12 to 14 March: 2
        "calendar_days": 2,  # 2 and 2
    }


def test_the_clock_goes_on():
    assert days(per="case") == {
        "statutory": 3,  # 8; then from the 12th, as it is handed in: 13, 14
        "promised": 3,
        "net_approval": 3,  # 8; then from the 12th, as it is accepted again: 13, 14
        "gross_span": 5,  # 8, 11, 12, 13, 14: from 7 to 14 March
        "calendar_days": 7,
    }


@pytest.mark.parametrize("per", ["application", "case"])
def test_supervision_after_a_commitment_is_on_no_clock(per: str):
    """N is decided at once on a word, and verified 15 working days after that."""
    beside = """
    handling: {{commitment: true}}
    case_types:
      permit:
        matters:
          N:
            department: hall
            stage: all
            intake: 0 min
            check: 0 min
            review: {{handle: {{pool: desk, work: 1 h}}}}
            decision: {{pool: desk, work: 1 h}}
            commitment:
              work: 10 min
              verification: {{pool: desk, work: 48 h, after: {{constant: {after}}}}}
    """
    late = run(PERMIT, beside.format(after="15 wd"))
    verified = late.minutes()["N/commitment/verification"]
    assert verified[1] - verified[0] == 2 * 1440
    assert days(beside.format(after="15 wd"), per=per) == days(per=per)


def test_a_limit_of_two_days_by_either_rule():
    for texts, standing in (((), Standing.ON_TIME), ((GOES_ON,), Standing.LATE)):
        story = run(PERMIT, *texts)
        (limit,) = resolved_limits(story.model.scenario)
        reading = read_limit(limit, story.replication)
        assert reading.standing["statutory"].tolist() == [standing]


def test_a_limit_per_round_begins_anew_with_each_application():
    """Neither application has a correction: one round each, of 1 and 2 days."""
    story = run(PERMIT, "limits: {two: {clock: promised, per: round}}")
    (limit,) = resolved_limits(story.model.scenario)
    reading = read_limit(limit, story.replication)
    assert reading.readings.clocks["promised"].value.tolist() == [2]
    assert reading.standing["promised"].tolist() == [Standing.ON_TIME]


def test_both_rules_are_told_whichever_decides():
    for texts, per in (((), "application"), ((GOES_ON,), "case")):
        result = run_scenario(scenario(PERMIT, *texts), replications=1)
        (row,) = result.resubmissions.to_dict("records")
        assert (row["cases"], row["handed_in_again"], row["times"]) == (1, 1, 1)
        assert row["per"] == per
        assert (row["application_on_time_share"], row["case_on_time_share"]) == (1, 0)
        assert (row["application_days"], row["case_days"], row["hidden_days"]) == (2, 3, 1)
        assert result.verdicts[0].late == (1 if per == "case" else 0)
        assert result.states == {"permit": {"refused": 1}}  # the case counts once


def test_without_a_refusal_both_rules_agree():
    none = "case_types: {permit: {matters: {M: {refusal: {at_decision: 0.0}}}}}"
    assert days(none) == days(none, per="case")
    (row,) = run_scenario(scenario(PERMIT, none), replications=1).resubmissions.to_dict("records")
    assert (row["handed_in_again"], row["times"]) == (0, 0)
    assert row["application_on_time_share"] == row["case_on_time_share"] == 1
    off = none.replace("at_decision: 0.0", "resubmission: null")
    assert run_scenario(scenario(PERMIT, off), replications=1).resubmissions.empty


def test_before_the_second_application_the_case_is_open():
    """The run stops on Sun 10 March: refused after 1 wd, and not handed in again yet."""
    text = "period: {run_out: 2 cd}"
    for limit, standing in ((1, Standing.UNDETERMINED), (0, Standing.OPEN_OVERDUE)):
        story = run(PERMIT, text, f"limits: {{two: {{limit: {limit} wd}}}}")
        reading = read_limit(*resolved_limits(story.model.scenario), story.replication)
        assert reading.readings.clocks["statutory"].value.tolist() == [1]
        assert reading.standing["statutory"].tolist() == [standing]
    result = run_scenario(scenario(PERMIT, text), replications=1)
    (row,) = result.resubmissions.to_dict("records")
    assert row["handed_in_again"] == 0  # so far
    assert (row["application_verdict"], row["case_verdict"]) == ("undecided", "undecided")


def test_when_the_clocks_ran():
    history = run(PERMIT).replication

    def ran(per: str, clock: str) -> list[tuple[float, float]]:
        case, begin, end = running_intervals(history, Scope("permit", per=per), PRESETS[clock])
        assert set(case.tolist()) <= {0}
        return [(b / DAY, e / DAY) for b, e in zip(begin.tolist(), end.tolist(), strict=True)]

    # from acceptance to decision: the 4th day at 11, day 5 at 12; then day 8 at 2, day 10 at 3
    first, second = (3 + 11 / 24, 5 + 12 / 24), (8 + 2 / 24, 10 + 3 / 24)
    assert ran("application", "statutory") == [pytest.approx(first), pytest.approx(second)]
    # the clock that goes on runs again from the moment of handing in
    assert ran("case", "statutory") == [pytest.approx(first), pytest.approx((8, second[1]))]
    assert ran("case", "gross_span") == [pytest.approx((3 + 9 / 24, second[1]))]
    whole = [pytest.approx((3 + 9 / 24, first[1])), pytest.approx((8, second[1]))]
    assert ran("application", "gross_span") == whole


def test_what_follows_from_an_application_belongs_to_it():
    """A is refused and handed in again, C waits for A, B is decided beside them. Minutes."""
    story = at_last(matters(A=refusal("at_decision", 0.5)))

    def minutes(per: str, matters: tuple[str, ...] | None = None) -> float:
        scope = Scope("project", matters, per)
        return float(read_clocks(story.replication, scope).clocks["statutory"].elapsed_s[0] / 60)

    # application 1: accepted at 23, B is decided at 155. Application 2: accepted at 146; A is
    # decided at 218, and C, handed in then, at 313
    assert minutes("application") == 313 - 146
    # one clock: from 23 to 313; B is under way while A is out of hand, from 95 to 135
    assert minutes("case") == 313 - 23
    assert minutes("application", ("A",)) == 95 - 23  # the other one: 218 - 146
    assert minutes("case", ("A",)) == (95 - 23) + (218 - 135)
    # C has one application, whatever its number, and so has B
    for alone, expected in (("B", 155 - 23), ("C", 313 - 251)):
        assert minutes("application", (alone,)) == minutes("case", (alone,)) == expected


def test_an_application_that_was_not_accepted_starts_no_clock_of_its_own():
    """Both matters are handed in again together: accepted at 86, as if for the first time."""
    story = at_last(matters(A=refusal("at_acceptance", 0.5)))
    apart, together = (
        read_clocks(story.replication, Scope("project", None, per)).clocks
        for per in ("application", "case")
    )
    for clocks in (apart, together):
        assert clocks["statutory"].start_s.tolist() == [86 * 60]
        assert clocks["statutory"].elapsed_s.tolist() == [(253 - 86) * 60]  # C: 190 + 63
    assert apart["gross_span"].start_s.tolist() == [63 * 60]
    assert together["gross_span"].start_s.tolist() == [0]


def test_the_time_between_two_applications_belongs_to_neither():
    """A matter away from windows has no submission: its clocks start with its first step."""
    story = at_last(matters(A=f"at_window: false, {refusal('at_decision', 0.5)}"))
    for per, minutes in (("application", 65), ("case", 170)):  # 60 + 5; at 105 once more
        scope = Scope("project", ("A",), per)
        gross = read_clocks(story.replication, scope).clocks["gross_span"]
        assert gross.elapsed_s.tolist() == [minutes * 60]


def test_a_clock_that_has_started_is_told_before_one_that_has_not():
    """Handed in on Fri 8 March: accepted at 11, refused on Sun 10 at 12. The run stops that day."""
    text = "case_types: {permit: {arrivals: {at: [2024-03-08 09:00:00]}}}"
    history = run(PERMIT, text, "period: {run_out: 2 cd}").replication
    law = read_clocks(history, Scope("permit")).clocks["statutory"]
    assert law.started.tolist() == [True]
    assert law.value.tolist() == [0]
    assert law.start_s.tolist() == [int((4 + 11 / 24) * DAY)]


def test_an_application_that_is_not_accepted_has_no_clock_of_acceptance():
    """Three days at the counter, a few hours in the review; refused at the counter at first."""
    text = """
    case_types:
      permit:
        matters:
          M:
            intake: 72 h
            review: {handle: {work: 2 h}}
            refusal: {at_acceptance: 0.5, at_decision: 0.0}
    """
    stories = (run(PERMIT, text, seed=seed) for seed in range(20))
    story = next(s for s in stories if {"M/resubmission/2", "M/decision"} - s.items(0).keys() ==
                 {"M/decision"} and s.outcome() is Outcome.DONE)  # fmt: skip
    clocks = read_clocks(story.replication, Scope("permit")).clocks
    assert clocks["statutory"].value.tolist() == [0]  # accepted and decided on one day
    assert clocks["gross_span"].value.tolist() == [3]


def test_a_matter_that_a_case_lacks_is_not_judged_by_an_application_that_was_refused():
    """Papers of A and B are received together; the case turns out to need no B."""
    lacks = matters(A=refusal("at_acceptance", 0.5), B="if: {kind: y}")
    readings = read_clocks(at_last(lacks).replication, Scope("project", ("B",)))
    assert readings.in_scope.tolist() == [False]


@pytest.mark.parametrize(("day", "apart", "together", "granted"), [(7, 2, 3, 2), (5, 2, 2, 0)])
def test_the_state_counts_only_the_application_that_was_granted(day, apart, together, granted):
    """Refused at first, granted at last.

    Of Thu 7 March: 1 and 2 days, as above. Of Tue 5: refused on Thu 7 at 12, after 2 days; handed
    in again on Fri 8 at 12, accepted at 14, granted on Sun 10 at 15, after none.
    """
    text = f"""
    case_types:
      permit:
        arrivals: {{at: [2024-03-0{day} 09:00:00]}}
        matters: {{M: {{refusal: {{at_decision: 0.5}}}}}}
    """
    stories = (run(PERMIT, text, seed=seed) for seed in range(20))
    story = next(s for s in stories if len(s.items(0)) > 5 and s.outcome() is Outcome.DONE)
    for per, law in (("application", apart), ("case", together)):
        clocks = read_clocks(story.replication, Scope("permit", per=per)).clocks
        assert clocks["statutory"].value.tolist() == [law]
        for name in ("state_item", "state_stage", "state_project"):
            assert clocks[name].value.tolist() == [granted]
