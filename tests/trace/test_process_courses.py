"""Corrections, refusals, withdrawals, conditions, attribute pools: minutes by hand.

The matters of `three_matters`, around the clock, nobody waits.
"""

import pytest

from sim.clocks import read_clocks
from sim.engine.contract import OPEN
from sim.limits import Scope
from sim.process import build_process
from sim.process.graph import Mark, Outcome
from sim.scenario import ScenarioError
from tests.build.stories import run, scenario
from tests.build.three_matters import LEVERS, PARALLEL_WINDOW, handling, matters

COUNTERS = handling(one_window=False)


SENT_BACK = matters(
    A="check: 2 min, correction: {probability: 1.0, again: 1.0, max_rounds: 1, turnaround: 30 min}",
    B="check: 4 min, correction: {probability: 1.0, again: 1.0, max_rounds: 2, turnaround: 50 min}",
)


def test_one_notice_for_all_matters_at_the_general_window():
    story = run(LEVERS, SENT_BACK)
    times = story.minutes()
    assert times["one/check"] == (20, 26)  # 2 + 4
    assert times["one/correction"] == (26, 76)  # one notice; the slower of 30 and 50
    assert times["one/check/2"] == (76, 79)  # half of 2 and of 4
    assert times["one/correction/2"] == (79, 129)  # B alone is sent back again
    assert times["one/check/3"] == (129, 131)  # half of 4: B alone
    assert "one/correction/3" not in times  # rounds: the larger of 1 and 2
    assert times["A/transfer_out"] == (131, 138)
    assert story.marked(Mark.ACCEPTANCE) == ["one/check/3", "two/check"]


def test_a_notice_from_every_counter():
    story = run(LEVERS, SENT_BACK, COUNTERS)
    times = story.minutes()
    assert times["A/check"] == (10, 12)
    assert times["A/correction"] == (12, 42)
    assert times["A/check/2"] == (42, 43)
    assert times["A/review/handle"] == (43, 103)
    assert times["B/check"] == (20, 24)
    assert times["B/correction"] == (24, 74)
    assert times["B/check/2"] == (74, 76)
    assert times["B/correction/2"] == (76, 126)
    assert times["B/check/3"] == (126, 128)
    assert story.marked(Mark.ACCEPTANCE) == ["A/check/2", "B/check/3", "C/check"]


def test_turnarounds_of_one_notice_pass_on_one_calendar():
    def both(a, b):
        return matters(
            A=f"correction: {{probability: 1.0, again: 0.0, turnaround: {a}}}",
            B=f"correction: {{probability: 1.0, again: 0.0, turnaround: {b}}}",
        )

    # hours and calendar days pass alike
    times = run(LEVERS, both("90 min", "{constant: 0.5 cd}")).minutes()
    assert times["one/correction"] == (23, 743)
    for a, b in (("1 h", "0.5 wd"), ("2 cd", "{constant: 2 cd}"), ("2 wd", "2 cd")):
        with pytest.raises(ScenarioError, match="one calendar"):
            build_process(scenario(LEVERS, both(a, b)))
        build_process(scenario(LEVERS, both(a, b), COUNTERS))


# --- the cap on rounds ---------------------------------------------------------------------------


def cut_off(*texts):
    return run(LEVERS, *texts).demand.cut_off.sum()


def test_rounds_are_cut_off_at_their_cap_and_counted():
    def rounds(again, most, more=""):
        correction = f"probability: 1.0, again: {again}, max_rounds: {most}, turnaround: 1 min"
        return matters(A=f"correction: {{{correction}{more}}}")

    assert cut_off(rounds(1.0, 2)) == 1
    assert cut_off(rounds(0.0, 2)) == 0
    # who withdraws has no further round that could be cut off
    assert cut_off(rounds(1.0, 2, ", withdrawal: 1.0")) == 0
    # nor has a matter that the case does not have, or never comes to
    assert cut_off(rounds(1.0, 2), matters(A="if: {kind: y}")) == 0
    assert cut_off(rounds(1.0, 2), matters(B="refusal: {at_acceptance: 1.0}")) == 0
    # not even if another matter of the stage is sent back as often
    other = matters(
        B="correction: {probability: 1.0, again: 0.0, max_rounds: 1, turnaround: 1 min}"
    )
    assert cut_off(rounds(1.0, 1), other, matters(A="if: {kind: y}")) == 0
    # at a share of half again: of the cases with 2 rounds, half would have had a third
    many = "case_types: {project: {arrivals: {at: null, every: {gap: 10 s, limit: 4000}}}}"
    share = cut_off(rounds(0.5, 2), many) / 4000
    assert share == pytest.approx(0.25, abs=3.3 * (0.25 * 0.75 / 4000) ** 0.5)


def test_rounds_cut_off_in_the_review_and_in_a_network():
    review = "review_correction: {probability: 1.0, again: 1.0, max_rounds: 1, turnaround: 9 min}"
    assert cut_off(matters(A=review)) == 1
    network = NETWORK.replace("again: 0.0", "again: 1.0")
    assert run(network).demand.cut_off.sum() == 1
    assert run(NETWORK).demand.cut_off.sum() == 0


# --- refusal and withdrawal ----------------------------------------------------------------------


def test_refused_at_the_general_window():
    story = run(LEVERS, matters(A="refusal: {at_acceptance: 1.0}"))
    # the check of the stage is over for all its matters; C needs A
    assert story.minutes() == {"one/intake": (0, 20), "one/check": (20, 23)}
    assert story.outcome() is Outcome.NOT_ACCEPTED
    assert story.marked(Mark.ACCEPTANCE) == []


def test_refused_at_the_own_counter():
    story = run(LEVERS, matters(A="refusal: {at_acceptance: 1.0}"), COUNTERS)
    # what does not wait for A goes on
    names = ["A/intake", "A/check", "B/intake", "B/check", "B/review/handle", "B/decision"]
    assert list(story.minutes()) == [*names, "B/delivery"]
    assert story.outcome() is Outcome.NOT_ACCEPTED
    assert story.marked(Mark.ACCEPTANCE) == ["B/check"]


def test_refused_by_the_decision():
    story = run(LEVERS, matters(A="refusal: {at_decision: 1.0}"))
    gone = {"A/transfer_back", "one/delivery"}
    expected = {
        name: times
        for name, times in PARALLEL_WINDOW.items()
        if name not in gone and not name.startswith(("two/", "C/"))
    }
    assert story.minutes() == expected
    assert story.outcome() is Outcome.REFUSED
    assert story.marked(Mark.DECISION) == ["A/decision", "B/decision"]


WITHDRAWN = "correction: {probability: 1.0, again: 0.0, turnaround: 30 min, withdrawal: 1.0}"


@pytest.mark.parametrize("levers", [handling(), COUNTERS])
def test_withdrawn_instead_of_corrected_is_never_accepted(levers):
    story = run(LEVERS, matters(A=WITHDRAWN, B="if: {kind: y}"), levers)
    names = [name.split("/")[1] for name in story.minutes()]
    assert names == ["intake", "check", "correction"]
    assert story.outcome() is Outcome.WITHDRAWN
    assert story.marked(Mark.ACCEPTANCE) == []
    done = story.replication
    clocks = read_clocks(done, Scope("project")).clocks
    assert not clocks["statutory"].started[0]
    assert clocks["gross_span"].started[0]
    assert clocks["statutory"].start_s[0] == OPEN


def test_withdrawn_in_the_second_round():
    """Two cases differ in nothing but the draw: whoever is withdrawn leaves no later step."""
    many = "case_types: {project: {arrivals: {at: null, every: {gap: 10 s, limit: 300}}}}"
    text = WITHDRAWN.replace("again: 0.0", "again: 1.0").replace(
        "withdrawal: 1.0", "withdrawal: 0.3"
    )
    story = run(LEVERS, matters(A=text), many)
    seen = set()
    for case in range(300):
        names, outcome = list(story.minutes(case)), story.outcome(case)
        rounds = sum(name.startswith("one/correction") for name in names)
        if outcome is Outcome.WITHDRAWN:
            assert names[-1].startswith("one/correction")
            assert story.marked(Mark.ACCEPTANCE, case) == []
        else:
            assert rounds == 3
            assert story.marked(Mark.ACCEPTANCE, case) == ["one/check/4", "two/check"]
        seen.add((outcome, rounds))
    withdrawn = Outcome.WITHDRAWN
    assert seen == {(Outcome.DONE, 3), (withdrawn, 1), (withdrawn, 2), (withdrawn, 3)}


def test_withdrawn_during_the_review():
    text = WITHDRAWN.replace("correction:", "review_correction:", 1)
    story = run(LEVERS, matters(A=text))
    names = [name for name in story.minutes() if name.startswith("A/")]
    assert names == ["A/transfer_out", "A/review/handle", "A/review_correction"]
    assert story.outcome() is Outcome.WITHDRAWN
    assert story.marked(Mark.ACCEPTANCE) == ["one/check"]  # it was accepted before


# --- correction in the review --------------------------------------------------------------------


def test_correction_in_the_review_repeats_the_first_review():
    text = """review_correction: {probability: 1.0, again: 1.0, max_rounds: 2, turnaround: 40 min,
        redo: 0.25}, co_review: {other: {pool: officers, work: 10 min}}"""
    story = run(LEVERS, matters(A=text))
    times = story.minutes()
    assert times["A/review/handle"] == (30, 90)
    assert times["A/review_correction"] == (90, 130)
    assert times["A/review/handle/2"] == (130, 145)  # 60 × 0.25
    assert times["A/review_correction/2"] == (145, 185)
    assert times["A/review/handle/3"] == (185, 200)
    assert times["A/co_review/other"] == (30, 40)  # not repeated
    assert times["A/decision"] == (200, 205)


def test_a_first_review_that_does_not_take_place_sends_nothing_back():
    text = """review: {handle: {if: {kind: y}}, sign: {pool: officers, work: 7 min}},
        review_correction: {probability: 1.0, turnaround: 40 min}"""
    times = run(LEVERS, matters(A=text)).minutes()
    assert "A/review/handle" not in times
    assert "A/review_correction" not in times
    assert times["A/review/sign"] == (30, 37)


# --- conditions ----------------------------------------------------------------------------------


def test_an_absent_matter_is_bridged():
    """C requires B, B requires A, and the case has no B: C waits for what B would wait for."""
    text = matters(B="if: {kind: y}, requires: [A], stage: two", C="requires: [B], stage: one")
    times = run(LEVERS, text).minutes()
    assert times["one/intake"] == (0, 30)  # A and C: max(10, 30)
    assert times["one/check"] == (30, 34)  # 1 + 3
    assert times["A/decision"] == (101, 106)  # 34 + 7 + 60
    assert times["C/transfer_out"] == (106, 113)
    assert not any(name.startswith(("B/", "two/")) for name in times)


def test_the_window_counts_only_the_matters_of_the_case():
    times = run(LEVERS, matters(B="if: {kind: y}")).minutes()
    assert times["one/intake"] == (0, 10)
    assert times["one/check"] == (10, 11)
    assert times["one/delivery"] == (91, 92)  # A alone: 11 + 7 + 60 + 5 + 8
    assert "B/decision" not in times


def test_nobody_goes_to_a_window_with_nothing():
    text = """
    case_types:
      project:
        attributes: {kind: {shares: {x: 1.0, y: 0.0, z: 0.0}}}
        matters: {A: {if: {kind: y}}, B: {if: {kind: z}}}
    """
    times = run(LEVERS, text).minutes()
    assert not any(name.startswith("one/") for name in times)
    assert times["two/intake"] == (0, 30)  # C requires A, which the case does not have


def test_the_first_visit_of_a_case_has_no_trip_before_it():
    serial = handling(one_window=False, parallel_approval=False)
    times = run(LEVERS, matters(A="if: {kind: y}"), serial).minutes()
    assert "B/trip" not in times
    assert times["B/delivery"] == (147, 149)
    assert times["C/trip"] == (149, 249)
    # nor where what comes before needs no visit
    inside = "at_window: false, review: null, decision: null, publicity: 10 min"
    times = run(LEVERS, matters(A=inside), serial).minutes()
    assert times["A/publicity"] == (0, 10)
    assert "B/trip" not in times
    assert times["B/intake"] == (10, 30)


def test_conditional_parts_of_a_matter():
    text = """
    case_types:
      project:
        matters:
          A:
            review: {check: {pool: officers, work: 9 min, if: {kind: y}}}
            co_review: {other: {pool: officers, work: 90 min, if: {kind: y}}}
            special:
              absent: {delay: 50 min, if: {kind: y}}
              never: {delay: 50 min, probability: 0.0}
              held: {delay: 4 min, if: {kind: [x, y]}}
    """
    times = run(LEVERS, text).minutes()
    assert [name for name in times if name.startswith("A/")] == [
        "A/transfer_out",
        "A/review/handle",
        "A/special/held",
        "A/decision",
        "A/transfer_back",
    ]
    assert times["A/special/held"] == (90, 94)
    assert times["A/decision"] == (94, 99)


# --- transfers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", ["0 min", "0 wd", "{exponential: 1 h, scale: 0.0}"])
def test_a_transfer_that_takes_no_time_does_not_exist(nothing):
    text = f"case_types: {{project: {{window: {{transfer_out: {nothing}}}}}}}"
    times = run(LEVERS, text).minutes()
    assert "A/transfer_out" not in times
    assert times["A/review/handle"] == (23, 83)


# --- open networks -------------------------------------------------------------------------------

NETWORK = """
name: Network
calendar: {country: everyday}
period: {start: 2024-01-01, window: 2024-01-01, run_out: 60 cd}
hours: {always: 24x7}
pools: {p: {}, q: {}}
staff:
  p: {serves: [p], count: 9, hours: always}
  q: {serves: [q], count: 9, hours: always}
case_types:
  t:
    arrivals: {at: [0 min]}
    attributes: {kind: {shares: {x: 1.0, y: 0.0}}}
    steps:
      a: {pool: p, work: 10 min}
      b:
        after: [a]
        pool: q
        work: 20 min
        rework:
          probability: 1.0
          again: 0.0
          max_rounds: 2
          via: {call: {pool: p, work: 3 min}, wait: {delay: 30 min, owner: applicant}}
          redo: [a]
      c: {after: [b], delay: 5 min}
"""


def test_rework_goes_back_through_via_and_redo():
    assert run(NETWORK).minutes() == {
        "a": (0, 10),
        "b": (10, 30),
        "b/call": (30, 33),
        "b/wait": (33, 63),
        "b/a/2": (63, 73),
        "b/2": (73, 93),
        "c": (93, 98),
    }
    twice = run(NETWORK.replace("again: 0.0", "again: 1.0")).minutes()
    assert twice["b/call/2"] == (93, 96)
    assert twice["b/wait/2"] == (96, 126)
    assert twice["b/a/3"] == (126, 136)
    assert twice["b/3"] == (136, 156)
    assert twice["c"] == (156, 161)


def test_a_loop_around_absent_steps():
    # without a, the way back repeats b alone; without b, nothing is sent back
    no_a = "case_types: {t: {steps: {a: {if: {kind: y}}}}}"
    times = run(NETWORK, no_a).minutes()
    assert list(times) == ["b", "b/call", "b/wait", "b/2", "c"]
    assert times["c"] == (73, 78)  # 20 + 3 + 30 + 20
    no_b = "case_types: {t: {steps: {b: {if: {kind: y}}}}}"
    assert run(NETWORK, no_b).minutes() == {"a": (0, 10), "c": (10, 15)}


def test_and_join_over_absent_and_random_steps():
    text = """
    case_types:
      t:
        arrivals: {at: null, every: {gap: 2 min, limit: 200}}
        steps:
          b: null
          c: {after: [a], delay: 30 min}
          d: {after: [c], delay: 7 min, if: {kind: y}}
          e: {after: [a], delay: 20 min, probability: 0.5}
          f: {after: [d, e], pool: q, work: 1 min}
    """
    story = run(NETWORK, text)  # 10 minutes' work every 2 minutes: nobody waits
    held = 0
    for case in range(200):
        times = story.minutes(case)
        begin = 2 * (case + 1)  # the first gap comes before the first case
        assert times["a"] == (begin, begin + 10)
        # d is absent: f waits for c (10 + 30) and, if it takes place, for e (10 + 20)
        assert times["f"] == (begin + 40, begin + 41)
        held += "e" in times
    assert 70 < held < 130  # 100 ± 4 standard deviations


def test_two_steps_of_one_name_are_refused():
    """The way back to `a` and the repetition of `a` would both be ``b/a/2``."""
    text = NETWORK.replace("call: {pool", "a: {pool")
    with pytest.raises(ScenarioError, match=r"'b/a/2'"):
        build_process(scenario(text))


# --- pools per attribute -------------------------------------------------------------------------

ZONES = """
pools: {p: {per: zone}}
staff:
  p: {count: {east: 1, west: 2}}
case_types:
  t:
    arrivals: {at: null, every: {gap: 1 min, limit: 40}}
    attributes: {zone: {shares: {east: 0.5, west: 0.5}}}
    steps: {b: null, c: null, a: {pool: p, work: 30 min}}
"""


def test_a_case_goes_to_the_pool_of_its_own_value():
    story = run(NETWORK, ZONES)
    model, done = story.model, story.replication
    assert model.pools.names == ("p[east]", "p[west]", "q")
    officers = [officer.name for officer in model.supply.officers]
    assert officers[:3] == ["p[east]/1", "p[west]/1", "p[west]/2"]
    zones = done.demand.attribute_values["zone"]
    free = {"east": [0.0], "west": [0.0, 0.0]}
    for case, code in enumerate(done.demand.attributes["zone"]):
        queue = free[zones[code]]  # when each officer of the zone is free: first come, first served
        start = max(case + 1, min(queue))
        queue[queue.index(min(queue))] = start + 30
        assert story.minutes(case)["a"] == (start, start + 30)
        item = story.items(case)["a"]
        assert officers[done.schedule.officer[item]].startswith(f"p[{zones[code]}]")


def test_a_roving_officer_serves_the_pools_of_all_values():
    story = run(NETWORK, ZONES, "staff: {p: {count: 1}}")
    starts = [story.minutes(case)["a"][0] for case in range(40)]
    assert starts == [1 + 30 * case for case in range(40)]
