"""The further levers, each off and on, around the clock: minutes by hand.

The matters of `three_matters`: stage one: A, B · stage two: C, which requires A
intake 10, 20, 30 · check 1, 2, 3 · review 60, 120, 50 · decision 5 · delivery 1, 2, 3
transfer out 7, back 8 · trip 100. The second looks take half as long. 1 wd is 1,440 minutes here:
every day is a working day. Monday, 1 January 2024 is minute 0; officers enough, nobody waits.
"""

import pytest

from sim.clocks import History, read_clocks
from sim.limits import Scope
from sim.process.graph import Mark, Outcome, Owner, Phase
from sim.replications.model import Model
from sim.scenario import ScenarioError
from tests.build.stories import Story, run, scenario
from tests.build.three_matters import (
    LEVERS,
    PARALLEL_COUNTERS,
    PARALLEL_WINDOW,
    SLOW,
    handling,
    matters,
)

DAY = 1440
FIVE = ("statutory", "promised", "net_approval", "gross_span", "calendar_days")


def clocks(story, scope=None):
    """Return the minutes that each of `FIVE` clocks ran, round the clock."""
    done = story.replication
    reading = read_clocks(done, Scope("project", scope))
    return {name: int(reading.clocks[name].elapsed_s[0]) / 60 for name in FIVE}


def node(story, name):
    return next(each for each in story.nodes if each.name == name)


def drawn(*texts):
    """Draw the cases; nothing is simulated."""
    model = Model(scenario(*texts))
    return Story(model, History(model.process, model.demand.draw(1, 0), None, None))


def changed(times, before):
    return {name: times[name] for name in times if times[name] != before.get(name)}


# --- online channel 全链通 -----------------------------------------------------------------------


ONLINE = {
    "one/check": (0, 3),  # no receipt at a counter; 1 + 2
    "A/review/handle": (3, 63),  # nothing on paper: no way from and to the window
    "A/decision": (63, 68),
    "B/review/handle": (3, 123),
    "B/decision": (123, 128),
    "two/check": (68, 71),
    "C/review/handle": (71, 121),
    "C/decision": (121, 126),
}


def test_online_cases_need_no_counter_and_no_papers_on_their_way():
    story = run(LEVERS, handling(online_share=1.0))
    assert story.minutes() == ONLINE
    assert story.marked(Mark.SUBMISSION) == story.marked(Mark.ACCEPTANCE) == list(ONLINE)[::5]
    assert story.marked(Mark.DECISION) == ["A/decision", "B/decision", "C/decision"]
    assert story.marked(Mark.DELIVERY) == []
    # accepted at 3, decided at 128; B's clock runs all that time
    assert clocks(story) == {
        "statutory": 125,
        "promised": 125,
        "net_approval": 125,
        "gross_span": 128,
        "calendar_days": 128,
    }
    # off: accepted at 23; decided at 190; C's receipt and check, 95-128, while B's clock runs to
    # 155; handed over at 201
    off = run(LEVERS)
    assert off.minutes() == PARALLEL_WINDOW
    assert clocks(off) == {
        "statutory": 167,
        "promised": 167,
        "net_approval": 167,
        "gross_span": 201,
        "calendar_days": 201,
    }


def test_online_at_own_counters_saves_the_trips():
    assert run(LEVERS, handling(online_share=1.0, one_window=False)).minutes() == {
        "A/check": (0, 1),
        "A/review/handle": (1, 61),
        "A/decision": (61, 66),
        "B/check": (0, 2),
        "B/review/handle": (2, 122),
        "B/decision": (122, 127),
        "C/check": (66, 69),
        "C/review/handle": (69, 119),
        "C/decision": (119, 124),
    }


# --- conditional acceptance 容缺受理 -------------------------------------------------------------


def lacking(turnaround, minor=1.0, deadline="1 wd"):
    """Sent back for certain, once."""
    return (
        f"correction: {{probability: 1.0, again: 0.0, turnaround: {turnaround}}}, "
        f"deficiency: {{minor: {minor}, deadline: {deadline}}}"
    )


HALF_A_DAY = matters(A=lacking("{constant: 0.5 wd}"))
CONDITIONAL = handling(conditional_acceptance=True)


def test_a_minor_deficiency_blocks_acceptance_without_the_lever():
    story = run(LEVERS, HALF_A_DAY)
    times = story.minutes()
    assert times["one/correction"] == (23, 743)  # 720 minutes
    assert times["one/check/2"] == (743, 743.5)  # half of A's minute
    assert times["A/decision"] == (810.5, 815.5)  # 743.5 + 7 + 60
    assert times["two/delivery"] == (918.5, 921.5)  # 30 + 3 + 7 + 50 + 5 + 8 later
    assert story.marked(Mark.ACCEPTANCE) == ["one/check/2", "two/check"]
    # accepted at 743.5, decided at 910.5; C's receipt and check 815.5-848.5 while B's clock runs
    # to 743.5 + 7 + 120 + 5 = 875.5
    assert clocks(story) == {
        "statutory": 167,
        "promised": 167,
        "net_approval": 167,
        "gross_span": 921.5,
        "calendar_days": 921.5,
    }


def test_accepted_at_once_and_decided_when_the_papers_are_there():
    story = run(LEVERS, HALF_A_DAY, CONDITIONAL)
    later = {
        "A/papers": (23, 743),  # from the notice on
        "A/papers/check": (743, 743.5),
        "A/decision": (743.5, 748.5),  # reviewed since 90
        "A/transfer_back": (748.5, 756.5),
        "two/intake": (748.5, 778.5),
        "two/check": (778.5, 781.5),
        "C/transfer_out": (781.5, 788.5),
        "C/review/handle": (788.5, 838.5),
        "C/decision": (838.5, 843.5),
        "C/transfer_back": (843.5, 851.5),
        "one/delivery": (756.5, 758.5),
        "two/delivery": (851.5, 854.5),
    }
    assert story.minutes() == PARALLEL_WINDOW | later
    assert story.marked(Mark.ACCEPTANCE) == ["one/check", "two/check"]
    assert story.outcome() is Outcome.DONE
    papers = node(story, "A/papers")
    assert (papers.owner, papers.phase, papers.department) == (Owner.DEFERRED, Phase.RUNNING, "")
    assert node(story, "A/papers/check").pool == "window"
    # The clock starts at 23 and runs while the papers are missing: longer than without the lever,
    # though the case is over 67 minutes earlier.
    assert clocks(story) == {
        "statutory": 820.5,
        "promised": 820.5,
        "net_approval": 787.5,  # not C's receipt and check: 33
        "gross_span": 854.5,
        "calendar_days": 854.5,
    }


def test_past_the_deadline_the_acceptance_lapses():
    late = matters(A=lacking("{constant: 1.5 wd}"))
    story = run(LEVERS, late, CONDITIONAL)
    assert story.minutes() == {
        "one/intake": (0, 20),
        "one/check": (20, 23),
        "A/papers": (23, 23 + DAY),  # to the deadline
        "A/transfer_out": (23, 30),
        "A/review/handle": (30, 90),  # in vain
        "B/transfer_out": (23, 30),
        "B/review/handle": (30, 150),
        "B/decision": (150, 155),
        "B/transfer_back": (155, 163),
    }
    assert story.outcome() is Outcome.LAPSED
    assert run(LEVERS, late).outcome() is Outcome.DONE
    # the last second of the deadline is in time
    just = run(LEVERS, matters(A=lacking("{constant: 1 wd}")), CONDITIONAL)
    assert just.minutes()["A/papers/check"] == (23 + DAY, 23.5 + DAY)
    assert just.outcome() is Outcome.DONE


@pytest.mark.parametrize(
    ("turnaround", "outcome"), [("1 wd", Outcome.DONE), ("2 wd", Outcome.LAPSED)]
)
def test_a_legal_turnaround_is_held_against_the_deadline_in_days(turnaround, outcome):
    story = run(LEVERS, matters(A=lacking(turnaround)), CONDITIONAL)
    assert story.minutes()["A/papers"] == (23, 2 * DAY - 1 / 60)  # to the close of the next day
    assert story.outcome() is outcome


def test_only_major_deficiencies_block_what_is_handed_in_together():
    both = matters(A=lacking("{constant: 0.25 wd}", minor=0.0), B=lacking("{constant: 0.5 wd}"))
    story = run(LEVERS, both, CONDITIONAL)
    times = story.minutes()
    assert times["one/correction"] == (23, 383)  # A's 360 minutes
    assert times["one/check/2"] == (383, 383.5)  # A's papers alone
    assert story.marked(Mark.ACCEPTANCE) == ["one/check/2", "two/check"]
    assert times["A/decision"] == (450.5, 455.5)  # + 7 + 60
    # B's papers have been asked for in the same notice
    assert times["B/papers"] == (23, 743)
    assert times["B/papers/check"] == (743, 744)
    assert times["B/review/handle"] == (390.5, 510.5)
    assert times["B/decision"] == (744, 749)
    # without the lever both wait for the slower: the notice is answered at 743
    off = run(LEVERS, both).minutes()
    assert off["one/check/2"] == (743, 744.5)
    assert off["B/decision"] == (871.5, 876.5)


def test_papers_that_come_before_the_acceptance_are_checked_after_it():
    early = matters(A=lacking("{constant: 0.25 wd}", minor=0.0), B=lacking("{constant: 0.125 wd}"))
    times = run(LEVERS, early, CONDITIONAL).minutes()
    assert times["B/papers"] == (23, 203)
    assert times["B/papers/check"] == (383.5, 384.5)
    # who withdraws instead of correcting A's brings nothing more to be checked
    withdrawn = "case_types: {project: {matters: {A: {correction: {withdrawal: 1.0}}}}}"
    story = run(LEVERS, early, withdrawn, CONDITIONAL)
    assert story.outcome() is Outcome.WITHDRAWN
    assert list(story.minutes()) == ["one/intake", "one/check", "one/correction", "B/papers"]
    assert story.marked(Mark.ACCEPTANCE) == []


def test_minor_deficiencies_of_both():
    both = matters(A=lacking("{constant: 0.25 wd}"), B=lacking("{constant: 0.5 wd}"))
    times = run(LEVERS, both, CONDITIONAL).minutes()
    assert "one/correction" not in times
    assert times["A/decision"] == (383.5, 388.5)
    assert times["B/decision"] == (744, 749)


def test_conditional_acceptance_at_own_counters():
    times = run(LEVERS, HALF_A_DAY, handling(conditional_acceptance=True, one_window=False))
    # accepted at 11, reviewed to 71; the papers 11-731, looked at for half a minute
    assert times.minutes()["A/papers"] == (11, 731)
    assert times.minutes()["A/decision"] == (731.5, 736.5)
    assert times.marked(Mark.ACCEPTANCE) == ["A/check", "B/check", "C/check"]


# --- commitment 告知承诺 -------------------------------------------------------------------------


def committed(violation=0.0, revoked=0.0, taken_by=1.0):
    """A has a special procedure and publicity, too: 30 and 10 minutes without a commitment."""
    return matters(
        A=f"""
        special: {{expert: {{delay: 30 min}}}}, publicity: 10 min,
        commitment: {{
          work: 3 min, taken_by: {taken_by},
          verification: {{
            pool: officers, work: 40 min, after: {{constant: 0.5 wd}},
            violation: {violation}, revoked: {revoked}, rectification: {{constant: 1 wd}}}}}}
        """
    )


COMMITMENT = handling(commitment=True)
ON_ONES_WORD = {
    "A/transfer_out": (23, 30),
    "A/commitment": (30, 33),  # no review, no procedures, no publicity
    "A/commitment/verification/due": (33, 753),
    "A/commitment/verification": (753, 793),
    "A/transfer_back": (33, 41),
    "two/intake": (33, 63),
    "two/check": (63, 66),
    "C/transfer_out": (66, 73),
    "C/review/handle": (73, 123),
    "C/decision": (123, 128),
    "C/transfer_back": (128, 136),
    "two/delivery": (136, 139),
}


def test_decided_at_once_on_a_commitment():
    off = run(LEVERS, committed())
    assert off.minutes()["A/special/expert"] == (90, 120)
    assert off.minutes()["A/decision"] == (130, 135)
    story = run(LEVERS, committed(), COMMITMENT)
    gone = {"A/review/handle", "A/decision"}
    kept = {name: times for name, times in PARALLEL_WINDOW.items() if name not in gone}
    assert story.minutes() == kept | ON_ONES_WORD
    assert story.marked(Mark.DECISION) == ["A/commitment", "B/decision", "C/decision"]
    # Of matter A alone: accepted at 23, decided at 33; handed over with B's at 165.
    # The verification from 33 to 793 is on no clock.
    assert clocks(story, ["A"]) == {
        "statutory": 10,
        "promised": 10,
        "net_approval": 10,
        "gross_span": 165,
        "calendar_days": 165,
    }
    # off: 23 to 135; the law leaves out the expert, the promise publicity, too
    assert clocks(off, ["A"]) == {
        "statutory": 82,
        "promised": 72,
        "net_approval": 72,
        "gross_span": 165,
        "calendar_days": 165,
    }


def test_what_the_verification_finds_is_put_right_or_the_permit_revoked():
    found = run(LEVERS, committed(violation=1.0), COMMITMENT)
    assert found.minutes()["A/commitment/rectification"] == (793, 793 + DAY)
    assert found.minutes()["A/commitment/verification/2"] == (793 + DAY, 813 + DAY)
    assert found.outcome() is Outcome.DONE
    revoked = run(LEVERS, committed(violation=1.0, revoked=1.0), COMMITMENT)
    assert "A/commitment/rectification" not in revoked.minutes()
    assert revoked.outcome() is Outcome.REVOKED
    assert "two/delivery" in revoked.minutes()  # what was decided on its strength goes on
    # nothing is revoked without a violation
    assert run(LEVERS, committed(revoked=1.0), COMMITMENT).outcome() is Outcome.DONE
    for story in (found, revoked):
        late = [each for each in story.nodes if each.name.startswith("A/commitment/")]
        assert {each.owner for each in late} == {Owner.SUPERVISION}
        assert clocks(story, ["A"]) == clocks(run(LEVERS, committed(), COMMITMENT), ["A"])


def test_who_does_not_commit_himself_has_the_full_review():
    assert (
        run(LEVERS, committed(taken_by=0.0), COMMITMENT).minutes()
        == run(LEVERS, committed()).minutes()
    )
    many = "case_types: {project: {arrivals: {at: null, every: {gap: 10 s, limit: 1000}}}}"
    story = drawn(LEVERS, committed(taken_by=0.3), many, COMMITMENT)
    ways = [{"A/commitment", "A/decision"} & story.items(case).keys() for case in range(1000)]
    assert {len(way) for way in ways} == {1}
    share = sum("A/commitment" in way for way in ways) / 1000
    assert share == pytest.approx(0.3, abs=3.3 * (0.21 / 1000) ** 0.5)


def test_a_matter_may_have_a_verification_of_its_own_beside_the_commitment():
    own = matters(A="verification: {pool: officers, work: 40 min}")
    for taken_by, steps in ((0.0, {"A/verification"}), (1.0, {"A/commitment/verification"})):
        times = run(LEVERS, committed(taken_by=taken_by), own, COMMITMENT).minutes()
        assert {name for name in times if name.endswith("verification")} == steps
    run(LEVERS, committed(taken_by=0.5), own, handling(commitment=True, build_first=True))


def test_a_case_without_a_decision_has_none_on_a_commitment():
    undecided = matters(A="decision: {pool: officers, work: 5 min, if: {kind: y}}")
    times = run(LEVERS, committed(), undecided, COMMITMENT).minutes()
    assert not any(name.startswith("A/commitment") for name in times)


# --- build first, verify later 先建后验 ----------------------------------------------------------


def verified(violation):
    return matters(
        A=f"""
        verification: {{
          pool: officers, work: 40 min, after: {{constant: 0.5 wd}},
          violation: {violation}, rectification: {{constant: 1 wd}}}}
        """
    )


def test_a_verification_moves_behind_the_decision():
    off = run(LEVERS, verified(1.0))
    times = off.minutes()
    assert times["A/verification"] == (90, 130)
    assert times["A/rectification"] == (130, 130 + DAY)
    assert times["A/verification/2"] == (130 + DAY, 150 + DAY)  # half of 40
    assert times["A/decision"] == (150 + DAY, 155 + DAY)
    assert node(off, "A/rectification").owner is Owner.APPLICANT
    # of A alone: 23 to 155 + DAY, by practice without the applicant's day, which no law excludes
    assert clocks(off, ["A"])["promised"] == 132
    assert clocks(off, ["A"])["statutory"] == 132 + DAY
    on = run(LEVERS, verified(1.0), handling(build_first=True))
    assert changed(on.minutes(), PARALLEL_WINDOW) == {
        "A/verification/due": (95, 815),
        "A/verification": (815, 855),
        "A/rectification": (855, 855 + DAY),
        "A/verification/2": (855 + DAY, 875 + DAY),
    }
    assert clocks(on, ["A"])["promised"] == clocks(on, ["A"])["statutory"] == 72  # 23 to 95
    later = [each for each in on.nodes if "verif" in each.name or "rectif" in each.name]
    assert {(each.owner, each.phase) for each in later} == {(Owner.SUPERVISION, Phase.AFTER)}
    # the same work, whenever it is done
    assert clocks(run(LEVERS, verified(0.0)), ["A"])["promised"] == 112  # 23 to 135
    assert "A/rectification" not in run(LEVERS, verified(0.0)).minutes()


def test_without_a_decision_there_is_nothing_to_move_a_verification_behind():
    notice = matters(A="review: null, decision: null, publicity: 10 min")
    for levers in ("{}", "{build_first: true}"):
        times = run(LEVERS, verified(0.0), notice, f"handling: {levers}").minutes()
        assert times["A/verification"] == (30, 70)
        assert times["A/publicity"] == (70, 80)


# --- delegation 下放 / 授权 / 委托 / 派驻 --------------------------------------------------------


DELEGABLE = """
hours: {stationed: {week: {tue: "9:00-12:00", thu: "9:00-12:00"}, holidays: open}}
departments: {dz: {}}
pools: {officers: {department: da}, zone: {department: dz}, stationed: {department: da}}
staff:
  zone: {serves: [zone], count: 9, hours: always}
  stationed: {serves: [stationed], count: 1, hours: stationed}
case_types:
  project:
    matters:
      A:
        delegation:
          devolved: {pool: zone, effort: 2.0}
          authorised: {pool: zone, effort: 2.0}
          entrusted: {pool: zone, effort: 2.0}
          stationed: {pool: stationed}
"""


@pytest.mark.parametrize(
    ("form", "decides"), [("devolved", "dz"), ("authorised", "dz"), ("entrusted", "da")]
)
def test_the_zone_decides_without_papers_on_their_way(form, decides):
    assert run(LEVERS, DELEGABLE).minutes() == PARALLEL_WINDOW
    story = run(LEVERS, DELEGABLE, handling(delegation=form))
    times = story.minutes()
    assert changed(times, PARALLEL_WINDOW) == {
        "A/review/handle": (23, 143),  # 60 × 2
        "A/decision": (143, 153),  # 5 × 2
        "two/intake": (153, 183),
        "two/check": (183, 186),
        "C/transfer_out": (186, 193),  # C is not delegated
        "C/review/handle": (193, 243),
        "C/decision": (243, 248),
        "C/transfer_back": (248, 256),
        "two/delivery": (256, 259),
    }
    assert PARALLEL_WINDOW.keys() - times.keys() == {"A/transfer_out", "A/transfer_back"}
    for name in ("A/review/handle", "A/decision"):
        assert (node(story, name).pool, node(story, name).department) == ("zone", decides)
    assert node(story, "B/review/handle").pool == "officers"
    # A alone: 23 to 153; off: 23 to 95
    assert clocks(story, ["A"])["promised"] == 130
    assert clocks(run(LEVERS, DELEGABLE), ["A"])["promised"] == 72


def test_errors_of_a_delegated_review_cost_another_one():
    error = matters(A="delegation: {devolved: {error: 1.0}}")
    times = run(LEVERS, DELEGABLE, error, handling(delegation="devolved")).minutes()
    assert times["A/review/handle/again"] == (143, 263)
    assert times["A/decision"] == (263, 273)
    other = run(LEVERS, DELEGABLE, error, handling(delegation="authorised")).minutes()
    assert "A/review/handle/again" not in other


def test_stationed_staff_is_there_on_its_days():
    story = run(LEVERS, DELEGABLE, handling(delegation="stationed"))
    # Tuesday at 9:00 is 1440 + 540; no transfer
    assert story.minutes()["A/review/handle"] == (1980, 2040)
    assert story.minutes()["A/decision"] == (2040, 2045)
    assert "A/transfer_out" not in story.minutes()
    assert node(story, "A/decision").department == "da"
    long = matters(A="review: {handle: {work: 4 h}}")
    times = run(LEVERS, DELEGABLE, long, handling(delegation="stationed")).minutes()
    # three hours on Tuesday, the fourth on Thursday from 3 × 1440 + 540
    assert times["A/review/handle"] == (1980, 4920)


def test_a_matter_that_names_no_such_form_stays_where_it_is():
    none = matters(A="delegation: {stationed: null}")
    assert run(LEVERS, DELEGABLE, none, handling(delegation="stationed")).minutes() == (
        PARALLEL_WINDOW
    )


def test_a_delegated_matter_at_its_own_counter():
    story = run(LEVERS, DELEGABLE, handling(delegation="devolved", one_window=False))
    assert story.minutes()["A/intake"] == PARALLEL_COUNTERS["A/intake"]
    assert story.minutes()["A/decision"] == (131, 141)  # 11 + 120 + 10
    assert node(story, "A/decision").pool == "zone"


# --- area-wide assessment 区域评估 ---------------------------------------------------------------


def test_an_assessment_shrinks():
    half = matters(A="area_assessment: 0.5")
    assert run(LEVERS, half).minutes() == PARALLEL_WINDOW
    times = run(LEVERS, half, handling(area_assessment=True)).minutes()
    assert times["one/check"] == (20, 23)  # handed in as ever
    assert times["A/review/handle"] == (30, 60)
    assert times["A/decision"] == (60, 62.5)
    assert times["B/decision"] == (150, 155)


def test_an_assessment_that_shrinks_does_so_in_the_zone_too():
    """Two levers at once: the zone takes twice as long, for half of the work."""
    half = matters(A="area_assessment: 0.5")
    both = handling(delegation="devolved", area_assessment=True)
    times = run(LEVERS, DELEGABLE, half, both).minutes()
    assert times["A/review/handle"] == (23, 83)  # 60 × 2 × 0.5, and no papers on their way
    assert times["A/decision"] == (83, 88)


def test_an_assessment_vanishes_and_hands_its_requirements_on():
    gone = matters(A="area_assessment: 0.0", B="requires: [A]")
    on = handling(area_assessment=True)
    times = run(LEVERS, gone, on).minutes()
    assert not any(name.startswith("A/") for name in times)
    assert times["one/intake"] == (0, 20)
    assert times["one/check"] == (20, 22)  # B's two minutes
    assert times["B/review/handle"] == (29, 149)
    assert times["two/intake"] == (0, 30)  # C needed A alone
    # C → B → A with B gone: C waits for A
    chain = matters(B="requires: [A], area_assessment: 0.0", C="requires: [B]")
    times = run(LEVERS, chain, on).minutes()
    assert times["A/decision"] == (78, 83)  # 10 + 1 + 7 + 60
    assert times["two/intake"] == (83, 113)


def test_a_case_type_of_which_nothing_is_left_is_refused():
    gone = matters(**dict.fromkeys("ABC", "area_assessment: 0.0"))
    assert run(LEVERS, gone).minutes()
    with pytest.raises(ScenarioError, match="area-wide assessment leaves no step of it"):
        run(LEVERS, gone, handling(area_assessment=True))


# --- assisted service 帮办代办 -------------------------------------------------------------------


def assisted(factor, condition=""):
    return f"""
    pools: {{assistants: {{department: da}}}}
    staff: {{assistants: {{serves: [assistants], count: 9, hours: always}}}}
    case_types:
      project:
        assistance: {{pool: assistants, work: 50 min, correction: {factor}{condition}}}
    """


ASSISTED = handling(assisted_service=True)
SENT_BACK = "correction: {probability: 1.0, again: 0.0, turnaround: 30 min}"


def test_assistants_prepare_the_papers():
    back = matters(A=SENT_BACK)
    off = run(LEVERS, assisted(0.0), back)
    assert off.minutes()["one/correction"] == (23, 53)
    on = run(LEVERS, assisted(0.0), back, ASSISTED)
    assert on.minutes() == {
        "one/assistance": (0, 50),
        # 50 minutes later, and never sent back
        "one/intake": (50, 70),
        "one/check": (70, 73),
        "A/transfer_out": (73, 80),
        "A/review/handle": (80, 140),
        "A/decision": (140, 145),
        "A/transfer_back": (145, 153),
        "B/transfer_out": (73, 80),
        "B/review/handle": (80, 200),
        "B/decision": (200, 205),
        "B/transfer_back": (205, 213),
        "two/assistance": (145, 195),
        "two/intake": (195, 225),
        "two/check": (225, 228),
        "C/transfer_out": (228, 235),
        "C/review/handle": (235, 285),
        "C/decision": (285, 290),
        "C/transfer_back": (290, 298),
        "one/delivery": (213, 215),
        "two/delivery": (298, 301),
    }
    # The assistants' time is the applicant's. The span begins when papers are handed in, at 50.
    assert node(on, "one/assistance").owner is Owner.APPLICANT
    assert node(on, "one/assistance").pool == "assistants"
    assert clocks(on) == {
        "statutory": 217,  # 73 to 290: B's clock runs to 205, C's submission follows at 195
        "promised": 217,
        "net_approval": 194,  # not 205 to 228
        "gross_span": 251,
        "calendar_days": 251,
    }


def test_online_the_span_begins_with_the_submission_too():
    story = run(LEVERS, assisted(1.0), handling(assisted_service=True, online_share=1.0))
    assert story.minutes()["one/check"] == (50, 53)
    assert story.marked(Mark.SUBMISSION) == ["one/check", "two/check"]
    # B is decided at 53 + 120 + 5 = 178; C at 118 + 50 + 3 + 50 + 5 = 226, which is the end
    assert clocks(story)["gross_span"] == 226 - 50


def test_only_whom_assistants_help():
    back = matters(A=SENT_BACK, B="review_correction: {probability: 1.0, turnaround: 9 min}")
    off = run(LEVERS, assisted(0.0, ", if: {kind: y}"), back)
    assert off.minutes() == run(LEVERS, back).minutes()
    on = run(LEVERS, assisted(0.0, ", if: {kind: y}"), back, ASSISTED)
    assert on.minutes() == off.minutes()
    helped = run(LEVERS, assisted(0.0), back, ASSISTED).minutes()
    assert not any("correction" in name for name in helped)


def test_what_is_not_handed_in_is_not_assisted():
    """A third party's review, such as that of the drawings, finds what it finds."""
    review = "review_correction: {probability: 1.0, again: 0.0, turnaround: 9 min}"
    apart = matters(B=f"at_window: false, intake: null, check: null, delivery: null, {review}")
    times = run(LEVERS, assisted(0.0), apart, ASSISTED).minutes()
    assert times["B/review_correction"] == (120, 129)


def test_nobody_is_assisted_with_nothing():
    """No case has A and B, for which stage one is: not the same condition, but none holds."""
    absent = matters(
        A="if: {kind: y}", B="if: {kind: y, other: n}", C="requires: [], if: {kind: x}"
    )
    other = "case_types: {project: {attributes: {other: {shares: {n: 1.0}}}}}"
    times = run(LEVERS, assisted(1.0), other, absent, ASSISTED).minutes()
    assert [name for name in times if name.startswith("one/")] == []
    assert times["two/assistance"] == (0, 50)


def test_the_factor_is_on_the_probability():
    many = "case_types: {project: {arrivals: {at: null, every: {gap: 10 s, limit: 2000}}}}"
    half = matters(A="correction: {probability: 0.5, again: 0.5, turnaround: 30 min}")

    def share(*texts):
        story = drawn(LEVERS, assisted(0.4), many, half, *texts)
        rounds = [
            sum(name.startswith("one/correction") for name in story.items(case))
            for case in range(2000)
        ]
        return [sum(each >= k for each in rounds) / 2000 for k in (1, 2)], rounds

    (off, off_twice), without = share()
    (on, on_twice), with_help = share(ASSISTED)
    error = 3.3 * (0.25 / 2000) ** 0.5
    assert (off, off_twice) == pytest.approx((0.5, 0.25), abs=error)
    assert (on, on_twice) == pytest.approx((0.2, 0.1), abs=error)  # 0.5 × 0.4; again stays 0.5
    assert all(a <= b for a, b in zip(with_help, without, strict=True))


# --- tacit consent 超时默认 ----------------------------------------------------------------------


CLOSE_OF_TUESDAY = 2 * DAY - 1 / 60


def test_a_late_co_review_counts_as_consent():
    off = run(LEVERS, SLOW)
    # Tuesday 14-16 is minute 2280 to 2400; the third hour is next Tuesday's first
    assert off.minutes(0)["A/co_review/other"] == (2280, 2340 + 7 * DAY)
    assert off.minutes(1)["A/co_review/other"] == (2340 + 7 * DAY, 2400 + 14 * DAY)
    on = run(LEVERS, SLOW, handling(tacit_consent=True))
    # Ready at 30 and 31 on Monday, due at the close of the next working day, Tuesday.
    # The one is in hand then:
    assert on.minutes(0)["A/co_review/other"] == (2280, CLOSE_OF_TUESDAY)
    assert on.replication.schedule.officer[on.items(0)["A/co_review/other"]] >= 0
    # the other still waits, and is never begun:
    assert on.minutes(1)["A/co_review/other"] == (CLOSE_OF_TUESDAY, CLOSE_OF_TUESDAY)
    assert on.replication.schedule.officer[on.items(1)["A/co_review/other"]] == -1
    for case in (0, 1):
        assert on.minutes(case)["A/decision"][0] == CLOSE_OF_TUESDAY
    assert on.outcome(1) is Outcome.DONE


def test_a_co_review_in_time_is_a_real_one():
    quick = matters(A="co_review: {other: {work: 50 min}}")
    on, off = (run(LEVERS, SLOW, quick, handling(tacit_consent=lever)) for lever in (True, False))
    for case in (0, 1):
        assert on.minutes(case) == off.minutes(case)
    assert on.minutes(1)["A/co_review/other"] == (2330, 2380)


def test_no_period_no_silence():
    patient = matters(A="co_review: {other: {tacit_after: null}}")
    on = run(LEVERS, SLOW, patient, handling(tacit_consent=True))
    assert on.minutes(0) == run(LEVERS, SLOW).minutes(0)
