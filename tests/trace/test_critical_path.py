"""What restructuring alone is worth: the critical path to the construction permit.

No queue, no correction, no special fire review, publicity of 5 working days (domain page §2.3):
the days of the matters, laid on the true dependencies or one after another, give these totals.

How days become work. A matter of d days is a review of 8·d hours by an officer whose day has 8
hours (9 to 17), of whom there are enough; receipt, check and decision take no time. A case that
comes in at 17:00 of a Sunday begins on Monday, and everything ends at 17:00 of some working day, so
that the next matter begins on the next one: d days of work are d working days on the clock, and
they add up. The publicity is a legal period, which ends at the close of its last day and adds up as
well. So the totals come out of the real process builder, calendar, levers and clocks.
"""

from itertools import product

import pytest

from sim.clocks import read_clocks
from sim.limits import Scope
from tests.build.stories import run

# matter: legal, promised one by one, promised in parallel; what it truly requires
MATTERS = {
    "FIL": (0, 1, 0, []),
    "EIA": (22, 10, 7, ["FIL"]),
    "WSC": (20, 10, 3, ["FIL"]),
    "LUP": (20, 5, 3, ["FIL"]),
    "LAND": (30, 5, 3, ["LUP"]),
    "DES": (20, 10, 7, ["LUP"]),
    "PUB": (5, 5, 5, ["DES"]),
    "CAD": (20, 5, 3, ["LUP"]),
    "CPP": (20, 7, 5, ["PUB"]),
    "DWG": (10, 10, 7, ["DES"]),
    "QSS": (0, 5, 0, ["DES"]),
    "CP": (7, 7, 5, ["CPP", "CAD", "DWG", "QSS"]),
}
OFF_THE_CLOCK = {"LAND", "PUB", "DWG"}
LEGAL, PROMISED, SHORTENED = range(3)

FRAME = """
name: Critical path
period: {{start: 2022-01-02, window: 2022-01-02, run_out: 700 cd}}
hours:
  office: {{week: {{mon-fri: "9:00-17:00"}}}}
  always: 24x7
departments: {{d: {{counter: window}}}}
pools: {{window: {{}}, officers: {{}}}}
staff:
  window: {{serves: [window], count: 9, hours: always}}
  officers: {{serves: [officers], count: 99, hours: office}}
case_types:
  project:
    arrivals: {{at: [2022-01-02T17:00:00]}}
    window: {{pool: window, transfer_out: 0 min, transfer_back: 0 min}}
    trip: 0 min
    stages: {{all: {{lead: d}}}}
    matter_defaults: {{department: d, stage: all, intake: 0 min, check: 0 min}}
    matters: {{{matters}}}
handling: {{one_window: {one_window}, parallel_approval: {parallel}}}
"""


def matter(name, days, requires):
    if name == "PUB":
        body = f"at_window: false, publicity: {days} wd"
    else:
        # what takes no time waits for nobody's morning, nor does the decision
        work = f"{{handle: {{pool: {'officers' if days else 'window'}, work: {8 * days} h}}}}"
        body = f"review: {work}, decision: {{pool: window, work: 0 min}}"
    body += ", third_party: true" if name == "DWG" else ""
    return f"{name}: {{requires: [{', '.join(requires)}], {body}}}"


def case(column, *, parallel, one_window=True, no_time=(), longer=()):
    """Run one case; matters of `no_time` take none, those `longer` 30 days more."""
    matters = ", ".join(
        matter(name, 0 if name in no_time else row[column] + 30 * (name in longer), row[-1])
        for name, row in MATTERS.items()
    )
    words = {"one_window": str(one_window).lower(), "parallel": str(parallel).lower()}
    return run(FRAME.format(matters=matters, **words))


def readings(story, scope=None):
    done = story.replication
    found = read_clocks(done, Scope("project", scope))
    return {name: int(clock.value[0]) for name, clock in found.clocks.items()}


def to_the_permit(story):
    """Return the working days from the submission to the decision on the construction permit."""
    done = story.replication
    items = story.items(0)
    begin = done.demand.workload.arrival_s[0] // 86_400
    end = done.schedule.end[items["CP/decision"]] // 86_400
    return int(story.model.working_days.count(begin, end))


@pytest.mark.parametrize(
    ("what", "column", "parallel", "all_items", "on_the_clock"),
    [
        ("one after another, as the law allows", LEGAL, False, 174, 129),
        ("one after another, as promised", PROMISED, False, 80, 60),
        ("the same promises in parallel", PROMISED, True, 35, 30),
        ("in parallel, with shortened promises", SHORTENED, True, 25, 20),
    ],
)
@pytest.mark.parametrize("one_window", [True, False])
def test_the_critical_path(what, column, parallel, all_items, on_the_clock, one_window):
    whole = case(column, parallel=parallel, one_window=one_window)
    assert to_the_permit(whole) == all_items, what
    rest = case(column, parallel=parallel, one_window=one_window, no_time=OFF_THE_CLOCK)
    assert to_the_permit(rest) == on_the_clock, what


def by_hand(days, parallel):
    """Return the longest path to CP, or the sum."""
    if not parallel:
        return sum(days.values())
    done = {}
    for name, (*_, requires) in MATTERS.items():
        done[name] = max((done[other] for other in requires), default=0) + days[name]
    return done["CP"]


def test_the_totals_are_those_of_the_longest_path():
    for column, parallel in product(range(3), (False, True)):
        days = {name: row[column] for name, row in MATTERS.items()}
        assert to_the_permit(case(column, parallel=parallel)) == by_hand(days, parallel)


@pytest.mark.parametrize("longer", ["CPP", "CAD", "DWG", "QSS", "EIA"])
def test_the_permit_waits_for_whatever_it_requires(longer):
    days = {name: row[PROMISED] + 30 * (name == longer) for name, row in MATTERS.items()}
    permit = to_the_permit(case(PROMISED, parallel=True, longer={longer}))
    assert permit == by_hand(days, True)
    assert (permit == 35) == (longer == "EIA")  # which gates the start of works, not the permit


@pytest.mark.parametrize(
    ("column", "parallel", "all_items", "counted"),
    [
        (LEGAL, False, 174, 129),
        (PROMISED, False, 80, 60),
        (PROMISED, True, 35, 30),
        (SHORTENED, True, 25, 20),
    ],
)
def test_the_clocks_of_one_run_give_both_totals(column, parallel, all_items, counted):
    """Land registration is out of scope, QSS merged into the permit where matters are parallel."""
    merged = ["QSS"] if parallel else []
    story = case(column, parallel=parallel, no_time=merged)
    clocks = readings(story, [name for name in MATTERS if name != "LAND"])
    assert (clocks["gross_span"], clocks["promised"]) == (all_items, counted)


def test_the_promised_clock_runs_on_beside_a_publicity_period():
    """With a QSS of its own not 30 but 35: while the design is on show (days 16 to 21), it runs.

    Of several matters a clock counts the union: publicity stops that of its own matter alone. That
    30 is the time without publicity is another statement, on the path (`test_the_critical_path`).
    """
    clocks = readings(case(PROMISED, parallel=True), [name for name in MATTERS if name != "LAND"])
    assert clocks["promised"] == 35
