"""Three matters in two stages, around the clock, nobody waits; their courses to the minute.

stage one: A, B · stage two: C, which requires A · listed order A, B, C
intake 10, 20, 30 · check 1, 2, 3 · review 60, 120, 50 · decision 5 · delivery 1, 2, 3
transfer out 7, back 8 · trip 100
"""

LEVERS = """
name: Levers
calendar: {country: everyday}
period: {start: 2024-01-01, window: 2024-01-01, run_out: 60 cd}
hours:
  always: 24x7
  meeting: {week: {tue: "14:00-16:00"}, holidays: open}
departments: {da: {counter: counter_a}, db: {counter: counter_b}}
pools: {window: {}, counter_a: {}, counter_b: {}, officers: {}, meeting: {}}
staff:
  window: {serves: [window], count: 9, hours: always}
  counters: {serves: [counter_a, counter_b], count: 9, hours: always}
  officers: {serves: [officers], count: 9, hours: always}
  slots: {serves: [meeting], count: 1, hours: meeting}
case_types:
  project:
    arrivals: {at: [0 min]}
    attributes: {kind: {shares: {x: 1.0, y: 0.0}}}
    window: {pool: window, transfer_out: 7 min, transfer_back: 8 min}
    trip: 100 min
    stages: {one: {lead: da}, two: {lead: db}}
    matters:
      A:
        department: da
        stage: one
        intake: 10 min
        check: 1 min
        review: {handle: {pool: officers, work: 60 min}}
        decision: {pool: officers, work: 5 min}
        delivery: 1 min
      B:
        department: db
        stage: one
        intake: 20 min
        check: 2 min
        review: {handle: {pool: officers, work: 120 min}}
        decision: {pool: officers, work: 5 min}
        delivery: 2 min
      C:
        department: da
        stage: two
        requires: [A]
        intake: 30 min
        check: 3 min
        review: {handle: {pool: officers, work: 50 min}}
        decision: {pool: officers, work: 5 min}
        delivery: 3 min
"""


def handling(**levers):
    words = ", ".join(f"{name}: {str(value).lower()}" for name, value in levers.items())
    return f"handling: {{{words}}}"


def matters(**changes):
    """Lay texts over matters: A="correction: …"."""
    words = ", ".join(f"{name}: {{{text}}}" for name, text in changes.items())
    return f"case_types: {{project: {{matters: {{{words}}}}}}}"


PARALLEL_WINDOW = {
    "one/intake": (0, 20),  # one receipt, as long as the longest: max(10, 20)
    "one/check": (20, 23),  # everybody's papers: 1 + 2
    "A/transfer_out": (23, 30),
    "A/review/handle": (30, 90),
    "A/decision": (90, 95),
    "A/transfer_back": (95, 103),
    "B/transfer_out": (23, 30),
    "B/review/handle": (30, 150),
    "B/decision": (150, 155),
    "B/transfer_back": (155, 163),
    "two/intake": (95, 125),  # as A is decided, not as it is delivered
    "two/check": (125, 128),
    "C/transfer_out": (128, 135),
    "C/review/handle": (135, 185),
    "C/decision": (185, 190),
    "C/transfer_back": (190, 198),
    "one/delivery": (163, 165),  # all results of the stage together: max(1, 2)
    "two/delivery": (198, 201),
}

PARALLEL_COUNTERS = {
    "A/intake": (0, 10),
    "A/check": (10, 11),
    "A/review/handle": (11, 71),
    "A/decision": (71, 76),
    "A/delivery": (76, 77),
    "B/intake": (0, 20),
    "B/check": (20, 22),
    "B/review/handle": (22, 142),
    "B/decision": (142, 147),
    "B/delivery": (147, 149),
    "C/trip": (77, 177),  # with A's certificate in hand
    "C/intake": (177, 207),
    "C/check": (207, 210),
    "C/review/handle": (210, 260),
    "C/decision": (260, 265),
    "C/delivery": (265, 268),
}

SLOW = """
pools: {slow: {}}
staff: {slow: {serves: [slow], count: 1, hours: meeting}}
case_types:
  project:
    arrivals: {at: [0 min, 1 min]}
    matters:
      A: {co_review: {other: {pool: slow, work: 3 h, tacit_after: 1 wd}}}
"""
