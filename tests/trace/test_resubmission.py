"""Handing in again (退件重报), minutes by hand: the matters of `three_matters`, nobody waits."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine import simulate
from sim.process.graph import Mark, Outcome
from tests.build.city import CITY
from tests.build.resubmitted import at_last, refusal
from tests.build.stories import Story, run
from tests.build.three_matters import LEVERS, PARALLEL_COUNTERS, PARALLEL_WINDOW, handling, matters

COUNTERS = handling(one_window=False)


def applications(story: Story, case: int = 0) -> dict[str, int]:
    column = story.demand.application
    assert column is not None
    return {name: int(column[item]) for name, item in story.items(case).items()}


# --- after a decision: the matter alone ----------------------------------------------------------


def test_refused_by_the_decision_and_handed_in_again_at_the_general_window():
    story = at_last(matters(A=refusal("at_decision", 0.5)))
    times = story.minutes()
    # A alone: its own intake (10) and check (1), and the whole course once more
    again = {
        "A/resubmission/2": (95, 135),
        "A/resubmission/2/intake": (135, 145),
        "A/resubmission/2/check": (145, 146),
        "A/resubmission/2/transfer_out": (146, 153),
        "A/resubmission/2/review/handle": (153, 213),
        "A/resubmission/2/decision": (213, 218),
    }
    later = 218 - 95  # all that waits for A's result comes later by this
    waits = ("two/", "C/", "A/transfer_back")
    expected = {
        name: (begin + later, end + later) if name.startswith(waits) else (begin, end)
        for name, (begin, end) in PARALLEL_WINDOW.items()
    }
    expected["one/delivery"] = (226, 228)  # A is back at 218 + 8; max(1, 2)
    assert times == expected | again
    assert story.marked(Mark.ACCEPTANCE) == ["one/check", "A/resubmission/2/check", "two/check"]
    decisions = ["A/decision", "A/resubmission/2/decision", "B/decision", "C/decision"]
    assert story.marked(Mark.DECISION) == decisions
    assert story.demand.cut_off.sum() == 0


def test_the_application_that_each_step_belongs_to():
    number = applications(at_last(matters(A=refusal("at_decision", 0.5))))
    first = {"one/intake", "one/check", "A/transfer_out", "A/review/handle", "A/decision"}
    first |= {"B/transfer_out", "B/review/handle", "B/decision", "B/transfer_back"}
    # C and the delivery of the stage follow from what was handed in again
    assert number == {name: 1 if name in first else 2 for name in number}
    assert number["one/delivery"] == number["C/decision"] == number["A/resubmission/2"] == 2


def test_refused_by_the_decision_and_handed_in_again_at_the_own_counter():
    story = at_last(matters(A=refusal("at_decision", 0.5)), COUNTERS)
    times = story.minutes()
    assert {name: t for name, t in times.items() if name.startswith("A/resubmission")} == {
        "A/resubmission/2": (76, 116),
        "A/resubmission/2/intake": (116, 126),
        "A/resubmission/2/check": (126, 127),
        "A/resubmission/2/review/handle": (127, 187),
        "A/resubmission/2/decision": (187, 192),
    }
    assert times["A/delivery"] == (192, 193)
    assert times["C/trip"] == (193, 293)
    unmoved = {name: t for name, t in PARALLEL_COUNTERS.items() if name.startswith("B/")}
    assert {name: t for name, t in times.items() if name.startswith("B/")} == unmoved


def test_refused_until_the_cap_which_is_reported():
    story = run(LEVERS, matters(A=refusal("at_decision", most=2)))
    times = story.minutes()
    assert times["A/resubmission/2/decision"] == (213, 218)
    assert times["A/resubmission/3"] == (218, 258)
    # 40 + 10 + 1 + 7 + 60 + 5 = 123 minutes each time
    assert times["A/resubmission/3/decision"] == (336, 341)
    assert story.outcome() is Outcome.REFUSED
    assert story.demand.cut_off.sum() == 1
    assert not any(name.startswith(("C/", "two/", "A/resubmission/4")) for name in times)
    assert applications(story)["A/resubmission/3/decision"] == 3


def test_never_handed_in_again_is_as_without_the_key():
    never = refusal("at_decision").replace("probability: 1.0", "probability: 0.0")
    story = run(LEVERS, matters(A=never))
    assert story.minutes() == run(LEVERS, matters(A="refusal: {at_decision: 1.0}")).minutes()
    assert story.outcome() is Outcome.REFUSED
    assert story.demand.cut_off.sum() == 0


def test_two_matters_are_handed_in_again_apart():
    text = refusal("at_decision", 0.5)
    stories = (run(LEVERS, matters(A=text, B=text), seed=seed) for seed in range(200))
    both = {"A/resubmission/2", "B/resubmission/2"}
    story = next(s for s in stories if s.outcome() is Outcome.DONE and both <= s.items(0).keys())
    times = story.minutes()
    assert times["A/resubmission/2"] == (95, 135)
    assert times["B/resubmission/2"] == (155, 195)
    # B: 195 + 20 + 2 + 7 + 120 + 5 = 349, back at 357; A has been back since 226
    assert times["B/transfer_back"] == (349, 357)
    assert times["one/delivery"] == (357, 359)
    assert times["two/intake"] == (218, 248)  # C requires A alone


# --- before acceptance: all that was handed in together ------------------------------------------


def test_not_accepted_at_the_general_window():
    story = at_last(matters(A=refusal("at_acceptance", 0.5)))
    times = story.minutes()
    assert times["one/check"] == (20, 23)
    assert times["one/resubmission/2/A"] == (23, 63)
    assert times["one/resubmission/2/intake"] == (63, 83)  # both matters: max(10, 20)
    assert times["one/resubmission/2/check"] == (83, 86)
    later = {n: (b + 63, e + 63) for n, (b, e) in PARALLEL_WINDOW.items() if n[:4] != "one/"}
    assert {name: t for name, t in times.items() if not name.startswith("one/")} == later
    assert story.marked(Mark.ACCEPTANCE) == ["one/resubmission/2/check", "two/check"]
    assert applications(story)["A/review/handle"] == 2


def test_not_accepted_because_of_both_counts_the_first():
    later = refusal("at_acceptance").replace("40 min", "70 min")
    story = run(LEVERS, matters(A=refusal("at_acceptance"), B=later))
    assert list(story.minutes())[2:4] == ["one/resubmission/2/A", "one/resubmission/2/intake"]
    story = run(LEVERS, matters(B=later))
    assert story.minutes()["one/resubmission/2/B"] == (23, 93)


def test_each_matter_has_a_cap_of_its_own():
    """A is never accepted and handed in again once; B would have been handed in twice."""
    text = matters(A=refusal("at_acceptance"), B=refusal("at_acceptance", 0.0, most=2))
    story = run(LEVERS, text)
    assert "one/resubmission/2/A" in story.minutes()
    assert not any(name.startswith("one/resubmission/3") for name in story.minutes())
    assert story.outcome() is Outcome.NOT_ACCEPTED
    assert story.demand.cut_off.tolist() == [True]


def test_accepted_at_last_and_then_refused_by_the_decision():
    text = """refusal: {at_acceptance: 0.5, at_decision: 0.5,
        resubmission: {probability: 1.0, after: 40 min, max_times: 1}}"""
    stories = (run(LEVERS, matters(A=text), seed=seed) for seed in range(200))
    both = {"one/resubmission/2/A", "A/resubmission/2"}
    story = next(s for s in stories if s.outcome() is Outcome.DONE and both <= s.items(0).keys())
    times = story.minutes()
    assert times["A/decision"] == (153, 158)  # 90 + 63
    assert times["A/resubmission/2/decision"] == (276, 281)  # 123 later
    assert applications(story)["A/decision"] == 2
    assert applications(story)["A/resubmission/2/decision"] == 3
    # the draws of the stage's second application are not those of the matter's second
    names = [t.stream for node in story.nodes for t in node.terms]
    assert "project/A/resubmission/one/2/check" in names
    assert "project/A/resubmission/2/check" in names


def test_not_accepted_at_the_own_counter():
    story = at_last(matters(A=refusal("at_acceptance", 0.5)), COUNTERS)
    times = story.minutes()
    assert times["A/check"] == (10, 11)
    assert times["A/resubmission/2"] == (11, 51)
    assert times["A/resubmission/2/decision"] == (122, 127)  # 51 + 10 + 1 + 60
    assert "A/review/handle" not in times


def test_a_resubmission_waits_only_for_the_end_of_the_application_before():
    """C is reviewed early, so its decision waits for A's; but C is not accepted, at minute 33."""
    early = handling(pre_review=True)
    times = run(LEVERS, early, matters(C=refusal("at_acceptance"))).minutes()
    assert times["C/resubmission/2"] == (33, 73)
    assert times["A/decision"] == (90, 95)


# --- withdrawal, lapse, other ends ---------------------------------------------------------------


WITHDRAWN = "correction: {probability: 1.0, again: 0.0, turnaround: 30 min, withdrawal: 1.0}"


@pytest.mark.parametrize("share", [1.0, 0.0])
def test_withdrawn_and_handed_in_again_has_a_share_of_its_own(share):
    other = 1.0 - share
    text = (
        f"resubmission: {{probability: {other}, withdrawn: {share}, after: 40 min, max_times: 1}}"
    )
    story = run(LEVERS, matters(A=f"{WITHDRAWN}, refusal: {{{text}}}"))
    times = story.minutes()
    assert times["one/correction"] == (23, 53)
    assert story.outcome() is Outcome.WITHDRAWN
    if share:
        assert times["one/resubmission/2/A"] == (53, 93)
        assert times["one/resubmission/2/correction"] == (116, 146)  # 93 + 20 + 3
        assert story.demand.cut_off.sum() == 1
    else:
        assert list(times) == ["one/intake", "one/check", "one/correction"]


def test_withdrawn_while_missing_papers_are_still_to_come():
    """Conditionally accepted: the papers come on 2 January, long after the review has ended."""
    text = f"""{refusal("at_decision", 0.0)},
        correction: {{probability: 1.0, again: 0.0, turnaround: 1 wd}},
        deficiency: {{minor: 1.0, deadline: 2 wd}},
        review_correction: {{probability: 1.0, again: 0.0, turnaround: 30 min, withdrawal: 1.0}}"""
    times = run(LEVERS, handling(conditional_acceptance=True), matters(A=text)).minutes()
    assert times["A/papers"] == pytest.approx((23, 2 * 1440 - 1 / 60))
    assert times["A/review_correction"] == (90, 120)
    assert times["A/resubmission/2"] == (120, 160)


def test_withdrawn_in_the_review_while_a_co_review_goes_on():
    text = f"""{refusal("at_decision", 0.0)},
        co_review: {{other: {{pool: officers, work: 300 min}}}},
        review_correction: {{probability: 1.0, again: 0.0, turnaround: 30 min, withdrawal: 0.5}}"""
    story = at_last(matters(A=text))
    times = story.minutes()
    assert times["A/review_correction"] == (90, 120)
    assert times["A/co_review/other"] == (30, 330)  # in vain
    assert times["A/resubmission/2"] == (120, 160)
    assert "A/decision" not in times


def test_lapsed_and_handed_in_again():
    text = f"""{refusal("at_decision", 0.0)},
        correction: {{probability: 1.0, again: 0.0, turnaround: 2 wd}},
        deficiency: {{minor: 1.0, deadline: 1 wd}}"""
    story = run(LEVERS, handling(conditional_acceptance=True), matters(A=text))
    times = story.minutes()
    close = 2 * 1440 - 1 / 60  # the close of 2 January, one second before midnight
    assert times["A/papers"] == pytest.approx((23, close))
    assert times["A/review/handle"] == (30, 90)  # the clock ran; the decision waited
    assert "A/decision" not in times
    assert times["A/resubmission/2"] == pytest.approx((close, close + 40))
    assert times["A/resubmission/2/intake"][0] == pytest.approx(close + 40)
    assert story.outcome() is Outcome.LAPSED
    assert story.demand.cut_off.sum() == 1


def test_a_case_that_ends_elsewhere_ends():
    """A is handed in again and granted, but B is refused for good: nothing is delivered."""
    text = matters(A=refusal("at_decision", 0.5), B="refusal: {at_decision: 1.0}")
    stories = (run(LEVERS, text, seed=seed) for seed in range(50))
    story = next(
        s for s in stories if "C/decision" in s.items(0) and "A/resubmission/2" in s.items(0)
    )
    assert story.outcome() is Outcome.REFUSED
    assert "one/delivery" not in story.minutes()


def test_a_matter_away_from_windows():
    inside = f"at_window: false, {refusal('at_decision', 0.5)}"
    times = at_last(matters(A=inside)).minutes()
    assert times["A/decision"] == (60, 65)
    assert times["A/resubmission/2"] == (65, 105)
    assert times["A/resubmission/2/decision"] == (165, 170)


# --- counts --------------------------------------------------------------------------------------


def test_numbers_of_applications_follow_their_probabilities():
    """Refused with 0.5, handed in again with 0.6: a share of 0.3 goes on, each time."""
    text = refusal("at_decision", 0.5, most=2).replace("probability: 1.0", "probability: 0.6")
    many = "case_types: {project: {arrivals: {at: null, every: {gap: 10 s, limit: 4000}}}}"
    demand = run(LEVERS, many, matters(A=text, B="if: {kind: y}", C="if: {kind: y}")).demand
    assert demand.application is not None
    last = np.zeros(4000, int)
    np.maximum.at(last, demand.case, demand.application.astype(int))
    for number, share in ((2, 0.3), (3, 0.09)):
        spread = (share * (1 - share) / 4000) ** 0.5
        assert (last >= number).mean() == pytest.approx(share, abs=3.3 * spread)
    # refused for good: 0.2 of all first, second … applications; at the cap, 0.5 of the third
    refused = 0.2 * 1.3 + 0.5 * 0.09
    spread = (refused * (1 - refused) / 4000) ** 0.5
    assert (demand.outcome == Outcome.REFUSED).mean() == pytest.approx(refused, abs=3.3 * spread)
    cut_off = 0.3**3
    spread = (cut_off * (1 - cut_off) / 4000) ** 0.5
    assert demand.cut_off.sum() / 4000 == pytest.approx(cut_off, abs=3.3 * spread)


def test_both_engines_return_the_same():
    text = refusal("at_decision", 0.4, most=3).replace("40 min", "{exponential: 5 wd}")
    history = run(CITY, f"case_types: {{project: {{matters: {{A: {{{text}}}}}}}}}").replication
    assert history.applications >= 3
    compiled, simpy = (
        simulate(history.demand.workload, history.supply, history.horizon_s, engine=engine)
        for engine in ("compiled", "simpy")
    )
    for name in ("ready", "start", "end", "officer"):
        assert np.array_equal(getattr(compiled, name), getattr(simpy, name))
