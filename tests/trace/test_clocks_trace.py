"""All preset clocks of one case, worked out on the calendar of autumn 2021.

September and October 2021 in China: Mon 20 and Tue 21 Sep off (Mid-Autumn), **Sun 26 Sep works**
(make-up), Fri 1 to Thu 7 Oct off (National Day), **Sat 9 Oct works** (make-up).
"""

from datetime import date

import pytest

from sim.calendars import working_days
from sim.clocks import Counting, read_clocks
from sim.engine.contract import DAY_S
from sim.limits import PRESETS, Scope
from sim.process.graph import Mark, Owner, Phase, Role
from tests.build.schedules import DAY, HOUR, Case, Item, build, history, node, process

CN = working_days("CN", date(2021, 9, 20), date(2021, 10, 31))
B, A = Phase.BEFORE, Phase.AFTER

NODES = process(
    node("a/intake", phase=B, marks=Mark.SUBMISSION),
    node("a/check", phase=B, marks=Mark.ACCEPTANCE),
    node("a/transfer"),
    node("a/review"),
    node("a/correction", role=Role.CORRECTION, owner=Owner.APPLICANT),
    node("a/review/2"),
    node("a/special", owner=Owner.SPECIAL),
    node("a/publicity", owner=Owner.PUBLICITY),
    node("a/decision", marks=Mark.DECISION),
    node("a/delivery", phase=A, marks=Mark.DELIVERY),
    node("b/check", phase=B, marks=Mark.ACCEPTANCE, covers=("b",)),
    node("b/review", covers=("b",)),
    node("b/decision", marks=Mark.DECISION, covers=("b",)),
    stages={"a": "land", "b": "works"},
)


def at(month, day, hour=0, minute=0, second=0):
    return (date(2021, month, day) - CN.origin).days * DAY + hour * HOUR + minute * 60 + second


ITEMS = [
    Item(0, at(9, 22, 9), at(9, 22, 9, 30)),  # Wed: handed in
    Item(1, at(9, 22, 9, 30), at(9, 23, 10)),  # Thu: accepted
    Item(2, at(9, 23, 10), at(9, 24, 10)),
    Item(3, at(9, 24, 10), at(9, 26, 16)),  # found wanting on the make-up Sunday
    Item(4, at(9, 26, 16), at(9, 28, 10)),  # the applicant corrects until Tue
    Item(5, at(9, 28, 10), at(9, 29, 15)),
    Item(6, at(9, 29, 15), at(9, 30, 12)),  # expert review
    Item(7, at(9, 30, 12), at(10, 10, 23, 59, 59)),  # 10 calendar days of publicity
    Item(8, at(10, 10, 23, 59, 59), at(10, 12, 11)),  # decided on Tue
    Item(9, at(10, 12, 11), at(10, 13, 9)),  # handed over on Wed
    Item(10, at(9, 27, 9), at(9, 28, 9)),  # b is checked while a waits for the applicant
    Item(11, at(9, 28, 10), at(9, 29, 12)),  # in parallel with a's second review
    Item(12, at(9, 29, 12), at(9, 29, 14)),
]

# Working days after the date of each begin, up to and including the date of each end.
REVIEW = 2  # 23 Sep 10:00 - 26 Sep 16:00: Fri 24, Sun 26 (Sat 25 is off)
B_CHECK = 1  # 27 Sep 9:00 - 28 Sep 9:00: Tue 28
REVIEW_2 = 1  # 28 Sep 10:00 - 29 Sep 15:00: Wed 29; b's review is inside it and counts once
DECISION = 2  # 10 Oct 23:59:59 - 12 Oct 11:00: Mon 11, Tue 12
PUBLICITY = 2  # 30 Sep 12:00 - 10 Oct 23:59:59: Fri 8, make-up Sat 9
CORRECTION = 2  # 26 Sep 16:00 - 28 Sep 10:00: Mon 27, Tue 28; b's check is inside it
SPECIAL = 1  # 29 Sep 15:00 - 30 Sep 12:00: Thu 30
B_REVIEW = 1  # 28 Sep 9:00, accepted, - 29 Sep 14:00, decided: Wed 29
WHOLE = {
    # No law excludes a correction after acceptance; it hides b's check.
    "statutory": REVIEW + CORRECTION + REVIEW_2 + PUBLICITY + DECISION,
    "promised": REVIEW + B_CHECK + REVIEW_2 + DECISION,
    "net_approval": REVIEW + REVIEW_2 + DECISION,  # b's clock does not run yet at its check
    # 22 Sep (not counted) - 13 Oct: 23, 24, 26, 27, 28, 29, 30 Sep, 8, 9, 11, 12, 13 Oct
    "gross_span": 12,
    "calendar_days": 21,
    # The longer item is a: from acceptance to decision without its pauses.
    "state_item": REVIEW + REVIEW_2 + DECISION,
    # a's stage is the longer one; it begins with the receipt on 22 Sep, so Thu 23 counts too.
    "state_stage": 1 + REVIEW + REVIEW_2 + DECISION,
    # b's stage has b's check and review: Tue 28, Wed 29; a's pauses do not stop it.
    "state_project": 1 + REVIEW + REVIEW_2 + DECISION + B_CHECK + B_REVIEW,
    "state_span": 20,  # 22 Sep - 12 Oct
}
# b alone: accepted 28 Sep 9:00, decided 29 Sep 14:00; ready for the first time on 27 Sep.
# Nothing of b is open from 9:00 to 10:00 on the 28th: that splits nothing, the date is the same.
ONLY_B = {
    "statutory": 1,
    "promised": 1,
    "net_approval": 1,
    "gross_span": 2,
    "calendar_days": 2,
    "state_item": B_REVIEW,
    "state_stage": B_CHECK + B_REVIEW,
    "state_project": B_CHECK + B_REVIEW,
    "state_span": 2,
}


END = at(10, 20)


def read(matters=None, stopped=END, **options):
    items = [
        Item(
            i.node,
            i.ready if i.ready <= stopped else None,
            i.end if i.end <= stopped else None,
        )
        for i in ITEMS
    ]
    case = Case(items, arrival=at(9, 22, 9))
    demand, schedule = build(NODES, [case], stopped, CN)
    done = history(NODES, demand, schedule)
    return read_clocks(done, Scope("project", matters), Counting(**options)).clocks


def test_every_preset():
    clocks = read()
    assert list(clocks) == list(PRESETS)
    assert {name: int(c.value[0]) for name, c in clocks.items()} == WHOLE
    assert all(c.started[0] and not c.open[0] for c in clocks.values())


def test_events():
    clocks = read()
    for name in ("statutory", "promised", "net_approval"):
        assert clocks[name].start_s[0] == at(9, 23, 10)
        assert clocks[name].stop_s[0] == at(10, 12, 11)
        assert clocks[name].stop_item[0] == 8
        assert CN.date_of(clocks[name].start_s[0] // DAY_S) == date(2021, 9, 23)
        assert CN.date_of(clocks[name].stop_s[0] // DAY_S) == date(2021, 10, 12)
    for name in ("gross_span", "calendar_days"):
        assert clocks[name].start_s[0] == at(9, 22, 9)
        assert clocks[name].stop_s[0] == at(10, 13, 9)
        assert clocks[name].stop_item[0] == 9


def test_elapsed_seconds():
    # 78 h review, 24 h b's check, 29 h second review, 35 h and 1 s decision
    assert read()["promised"].elapsed_s[0] == (78 + 24 + 29 + 35) * HOUR + 1
    assert read()["calendar_days"].elapsed_s[0] == 21 * DAY  # 9:00 to 9:00


def test_start_day_counts():
    # 22 and 23 September are working days; of calendar days every date counts. Each of the two
    # stages has a first day.
    clocks = read(count_start_day=True)
    first_days = dict.fromkeys(WHOLE, 1) | {"state_project": 2}
    assert {name: int(c.value[0]) for name, c in clocks.items()} == {
        name: days + first_days[name] for name, days in WHOLE.items()
    }


def test_scope_of_one_matter():
    clocks = read(["b"])
    assert {name: int(c.value[0]) for name, c in clocks.items()} == ONLY_B
    assert clocks["promised"].stop_item[0] == 12


@pytest.mark.parametrize(
    ("stopped", "promised", "statutory", "gross"),
    [
        (at(9, 23, 9), 0, 0, 1),  # not yet accepted
        (at(9, 25, 12), 1, 1, 2),  # in review on Saturday: Fri 24
        (at(9, 26, 12), 2, 2, 3),  # still in review on the make-up Sunday
        (at(10, 8, 12), 4, 6, 8),  # in publicity: its Friday counts by law, not by promise
        (at(10, 11, 8), 5, 8, 10),  # before the decision
        (at(10, 12, 12), 6, 9, 11),  # decided, not handed over
    ],
)
def test_what_the_clocks_show_on_the_way(stopped, promised, statutory, gross):
    clocks = read(stopped=stopped)
    assert clocks["promised"].value[0] == promised
    assert clocks["statutory"].value[0] == statutory
    assert clocks["gross_span"].value[0] == gross
    decided = stopped >= at(10, 12, 11)
    assert clocks["promised"].open[0] == (not decided)
    assert (clocks["promised"].stop_s[0] == -1) == (not decided)
    assert clocks["gross_span"].open[0]
    assert clocks["promised"].started[0] == (stopped > at(9, 23, 10))
