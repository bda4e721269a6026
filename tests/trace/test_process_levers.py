"""Every lever by itself, on three matters in two stages, around the clock: minutes by hand."""

import pytest

from tests.build.stories import run
from tests.build.three_matters import LEVERS, PARALLEL_COUNTERS, PARALLEL_WINDOW, handling

SERIAL_WINDOW = {
    "one/intake": (0, 20),
    "one/check": (20, 23),
    "A/transfer_out": (23, 30),
    "A/review/handle": (30, 90),
    "A/decision": (90, 95),
    "A/transfer_back": (95, 103),
    "B/transfer_out": (95, 102),  # after A, in the listed order
    "B/review/handle": (102, 222),
    "B/decision": (222, 227),
    "B/transfer_back": (227, 235),
    "two/intake": (227, 257),  # after B, though C needs only A
    "two/check": (257, 260),
    "C/transfer_out": (260, 267),
    "C/review/handle": (267, 317),
    "C/decision": (317, 322),
    "C/transfer_back": (322, 330),
    "one/delivery": (235, 237),
    "two/delivery": (330, 333),
}

SERIAL_COUNTERS = {
    "A/intake": (0, 10),
    "A/check": (10, 11),
    "A/review/handle": (11, 71),
    "A/decision": (71, 76),
    "A/delivery": (76, 77),
    "B/trip": (77, 177),
    "B/intake": (177, 197),
    "B/check": (197, 199),
    "B/review/handle": (199, 319),
    "B/decision": (319, 324),
    "B/delivery": (324, 326),
    "C/trip": (326, 426),
    "C/intake": (426, 456),
    "C/check": (456, 459),
    "C/review/handle": (459, 509),
    "C/decision": (509, 514),
    "C/delivery": (514, 517),
}


@pytest.mark.parametrize(
    ("one_window", "parallel", "expected"),
    [
        (True, True, PARALLEL_WINDOW),
        (True, False, SERIAL_WINDOW),
        (False, True, PARALLEL_COUNTERS),
        (False, False, SERIAL_COUNTERS),
    ],
)
def test_one_window_and_parallel_approval(one_window, parallel, expected):
    levers = handling(one_window=one_window, parallel_approval=parallel)
    assert run(LEVERS, levers).minutes() == expected
    # a start-up follows neither of these two levers
    switched = handling(
        one_window=not one_window, parallel_approval=not parallel, integrated_startup=True
    )
    startup = "case_types: {project: {levers: startup}}"
    assert run(LEVERS, startup, switched).minutes() == PARALLEL_WINDOW


def test_the_lead_department_accounts_for_what_the_window_does():
    """Stage one is led by db here, though its first matter is da's; counters are their own."""
    led = "case_types: {project: {stages: {one: {lead: db}, two: {lead: da}}}}"

    def departments(*texts):
        return {n.name: n.department for n in run(LEVERS, led, *texts).nodes}

    assert (
        departments().items()
        >= {
            **dict.fromkeys(("one/intake", "one/check", "one/delivery"), "db"),
            **dict.fromkeys(("two/intake", "two/check", "two/delivery"), "da"),
            "A/review/handle": "da",  # who leads does not decide for the others
            "B/decision": "db",
        }.items()
    )
    hall = "departments: {hall: {}}\npools: {window: {department: hall}}"
    assert departments(hall)["one/check"] == "hall"
    own = departments(handling(one_window=False))
    assert (own["A/intake"], own["B/check"], own["C/delivery"]) == ("da", "db", "da")


@pytest.mark.parametrize(("on", "expected"), [(True, PARALLEL_WINDOW), (False, SERIAL_COUNTERS)])
def test_integrated_startup(on, expected):
    startup = "case_types: {project: {levers: startup}}"
    assert run(LEVERS, startup, handling(integrated_startup=on)).minutes() == expected
    # and a project does not follow that of start-ups
    assert run(LEVERS, handling(integrated_startup=on)).minutes() == PARALLEL_WINDOW


def test_the_serial_order_is_the_stated_one():
    order = "case_types: {project: {serial_order: [B, A, C]}}"
    times = run(LEVERS, order, handling(one_window=False, parallel_approval=False)).minutes()
    # B: 20 + 2 + 120 + 5 + 2 = 149, trip 100; A: 10 + 1 + 60 + 5 + 1 = 77
    assert times["B/intake"] == (0, 20)
    assert times["A/trip"] == (149, 249)
    assert times["A/delivery"] == (325, 326)
    assert times["C/trip"] == (326, 426)
    # with parallel approval the listed order decides nothing
    assert run(LEVERS, order).minutes() == PARALLEL_WINDOW


PRE_REVIEWED = PARALLEL_WINDOW | {
    "two/intake": (0, 30),
    "two/check": (30, 33),
    "C/transfer_out": (33, 40),
    "C/review/handle": (40, 90),
    "C/decision": (95, 100),  # reviewed at 90, decided as A's result arrives
    "C/transfer_back": (100, 108),
    "two/delivery": (108, 111),
}


def test_pre_review_gates_the_decision_only():
    assert run(LEVERS, handling(pre_review=True)).minutes() == PRE_REVIEWED
    # not for a matter that cannot be reviewed early, and not without parallel approval
    excluded = "case_types: {project: {matters: {C: {pre_review: false}}}}"
    assert run(LEVERS, excluded, handling(pre_review=True)).minutes() == PARALLEL_WINDOW
    serial = handling(pre_review=True, parallel_approval=False)
    assert run(LEVERS, serial).minutes() == SERIAL_WINDOW


def test_pre_review_at_own_counters():
    times = run(LEVERS, handling(pre_review=True, one_window=False)).minutes()
    # C is handed in at once: 30 + 3 + 50 = 83, later than A is in hand (77)
    assert "C/trip" not in times
    assert times["C/intake"] == (0, 30)
    assert times["C/decision"] == (83, 88)
    short = "case_types: {project: {matters: {C: {review: {handle: {work: 20 min}}}}}}"
    times = run(LEVERS, short, handling(pre_review=True, one_window=False)).minutes()
    assert times["C/decision"] == (77, 82)


def test_a_matter_without_a_decision_cannot_be_reviewed_early():
    """Its publicity would end, and be taken for its result, before what it requires is decided."""
    notice = """
    case_types: {project: {matters: {C: {review: null, decision: null, publicity: 10 min}}}}
    """
    times = run(LEVERS, notice, handling(pre_review=True)).minutes()
    assert times["two/intake"] == (95, 125)
    assert times["C/publicity"] == (135, 145)


JOINT = """
case_types:
  project:
    matters:
      A:
        co_review: {other: {pool: officers, work: 40 min}}
        meeting: {pool: meeting, work: 30 min, preparation: 0.5}
"""


def test_a_joint_meeting_takes_the_place_of_full_co_reviews():
    off = run(LEVERS, JOINT).minutes()
    assert off["A/co_review/other"] == (30, 70)
    assert off["A/decision"] == (90, 95)
    assert "A/meeting" not in off
    on = run(LEVERS, JOINT, handling(joint_meeting=True)).minutes()
    assert on["A/co_review/other"] == (30, 50)  # half of 40: preparation
    assert on["A/review/handle"] == (30, 90)  # in full
    # 1 January 2024 is a Monday: the meeting on Tuesday at 14:00 is minute 1440 + 840
    assert on["A/meeting"] == (2280, 2310)
    assert on["A/decision"] == (2310, 2315)
    serial = run(LEVERS, JOINT, handling(joint_meeting=True, parallel_approval=False)).minutes()
    assert "A/meeting" not in serial


def test_the_weekly_meeting_has_so_many_slots():
    five = "case_types: {project: {arrivals: {at: [0 min, 1 min, 2 min, 3 min, 4 min]}}}"
    hour = "case_types: {project: {matters: {A: {meeting: {work: 1 h}}}}}"
    story = run(LEVERS, JOINT, five, hour, handling(joint_meeting=True))
    starts = [story.minutes(case)["A/meeting"][0] for case in range(5)]
    week = 7 * 1440  # two hours, one case at a time: two each week
    assert starts == [2280, 2340, 2280 + week, 2340 + week, 2280 + 2 * week]


# --- when a stage opens --------------------------------------------------------------------------


def test_a_stage_opens_as_soon_as_its_first_listed_window_matter_may_begin():
    """Stage two now lists D, which needs nothing, before or after C, which needs A."""

    def times(order):
        matter = "department: da, stage: two, intake: 5 min, check: 1 min"
        decided = "decision: {pool: officers, work: 1 min}"
        text = f"""
        case_types:
          project: {{serial_order: {order}, matters: {{D: {{{matter}, {decided}}}}}}}
        """
        return run(LEVERS, text).minutes()

    first = times("[A, B, D, C]")
    assert first["two/intake"] == (0, 30)  # with D, at once; C's papers come in too
    assert first["two/check"] == (30, 34)  # 1 + 3
    assert first["C/transfer_out"] == (95, 102)  # circulated when A is decided
    assert first["D/transfer_out"] == (34, 41)
    later = times("[A, B, C, D]")
    assert later["two/intake"] == (95, 125)  # with C, after A
    assert later["D/transfer_out"] == (129, 136)


def test_a_matter_that_is_not_handed_in_opens_no_stage():
    text = """
    case_types:
      project:
        serial_order: [D, A, B, C]
        matters: {D: {department: da, stage: two, at_window: false, publicity: 10 min}}
    """
    times = run(LEVERS, text).minutes()
    assert times["D/publicity"] == (0, 10)  # requires nothing, waits for no window
    assert times["two/intake"] == (95, 125)


def test_stages_can_be_interleaved():
    """A (one) waits for D (two): in a valid order nothing can wait for itself."""
    text = """
    case_types:
      project:
        serial_order: [D, B, A, C]
        matters:
          A: {requires: [D]}
          D:
            department: db
            stage: two
            intake: 5 min
            check: 1 min
            decision: {pool: officers, work: 1 min}
    """
    times = run(LEVERS, text).minutes()
    assert times["two/intake"] == (0, 30)  # opens with D
    assert times["D/decision"] == (41, 42)  # check 3 + 1, transfer 7
    assert times["one/intake"] == (0, 20)  # opens with B
    assert times["A/transfer_out"] == (42, 49)
    assert times["C/transfer_out"] == (114, 121)  # A: 49 + 60 + 5
