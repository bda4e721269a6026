"""Who kept a limit: on time, late, open, overdue, withdrawn, refused, outside."""

import math
from types import SimpleNamespace

import numpy as np

from sim.limits import PRESETS, ResolvedLimit, Scope, resolved_limits
from sim.measures.limits import Standing, read_limit, summarise
from sim.process.graph import Mark, Outcome, Owner, Phase
from tests.build.schedules import DAY, Case, Item, build, history, node, process

P = process(
    node("check", phase=Phase.BEFORE, marks=Mark.ACCEPTANCE | Mark.SUBMISSION),
    node("decision", marks=Mark.DECISION),
    node("other", covers=("b",)),
    node("correction", owner=Owner.APPLICANT),
)
STOP = 10 * DAY
LIMIT = ResolvedLimit("p", Scope("project", ("a",)), PRESETS["promised"], 3, 0.5, 0.95)


def decided_after(days, **options):
    return Case([Item(0, 0, 0), Item(1, 0, days * DAY)], **options)


def accepted(day, **options):
    """Accepted on this day and open ever since."""
    return Case([Item(0, 0, day * DAY), Item(1, day * DAY, None)], **options)


CASES = {
    "on the last day": (decided_after(3), Standing.ON_TIME),
    "a day late": (decided_after(4), Standing.LATE),
    "overdue": (accepted(6), Standing.OPEN_OVERDUE),
    "not yet overdue": (accepted(7), Standing.UNDETERMINED),
    "not accepted yet": (
        Case([Item(0, 0, None), Item(1, None, None)]),
        Standing.UNDETERMINED,
    ),
    "withdrawn": (
        Case([Item(0, 0, 0), Item(3, 0, DAY)], outcome=Outcome.WITHDRAWN),
        Standing.WITHDRAWN,
    ),
    "withdrawn when overdue": (
        Case([Item(0, 0, 0), Item(1, 0, 9 * DAY)], outcome=Outcome.WITHDRAWN),
        Standing.WITHDRAWN,
    ),
    "refused in time": (decided_after(2, outcome=Outcome.REFUSED), Standing.ON_TIME),
    "refused late": (decided_after(5, outcome=Outcome.REFUSED), Standing.LATE),
    "not accepted": (
        Case([Item(0, 0, DAY)], outcome=Outcome.NOT_ACCEPTED),
        Standing.NO_DECISION,
    ),
    "refused elsewhere": (
        Case([Item(0, 0, DAY), Item(2, 0, DAY)], outcome=Outcome.REFUSED),
        Standing.NO_DECISION,
    ),
    "outside": (Case([Item(2, 0, 9 * DAY)]), Standing.OUT_OF_SCOPE),
    "not measured": (decided_after(8, measured=False), Standing.LATE),
}


def reading(cases=None, limit=LIMIT):
    if cases is None:
        cases = [case for case, _ in CASES.values()]
    demand, schedule = build(P, cases, STOP)
    return read_limit(limit, history(P, demand, schedule))


def test_standing():
    got = reading().standing["promised"]
    assert dict(zip(CASES, got.tolist(), strict=True)) == {n: s for n, (_, s) in CASES.items()}


def test_counts_of_measured_cases():
    tally = reading().tallies["promised"]
    assert tally.measured == 11  # all but the one outside and the one not measured
    assert (tally.on_time, tally.late, tally.decided) == (2, 2, 4)
    assert (tally.open, tally.open_overdue) == (3, 1)
    assert (tally.withdrawn, tally.no_decision) == (2, 2)
    assert tally.judged == 5
    assert sorted(tally.ended_days.tolist()) == [2, 3, 4, 5]
    assert tally.overdue_days.tolist() == [4]


def test_all_clocks_are_held_against_the_limit():
    case = Case([Item(0, 0, 2 * DAY), Item(1, 2 * DAY, 5 * DAY)])
    tallies = reading([case]).tallies
    assert {name: tally.on_time for name, tally in tallies.items()} == {
        "statutory": 1,
        "promised": 1,
        "net_approval": 1,
        "gross_span": 0,
        "calendar_days": 0,
        "state_span": 0,
    }


def test_summary():
    tally = reading().tallies["promised"]
    summary = summarise(LIMIT, [tally, tally])
    assert summary.share == 2 / 5  # on time / (decided + open and overdue)
    assert summary.decides
    assert (summary.on_time, summary.late, summary.open_overdue) == (4, 4, 2)
    assert (summary.measured, summary.open, summary.withdrawn, summary.no_decision) == (22, 6, 4, 4)
    # Days of the judged cases: 2 3 4 4+ 5, twice. Half of them have at most 4.
    assert [q.days for q in summary.quantiles] == [4, 5, 5, 5]
    assert summary.kept_days.days == 4
    assert summary.spare_days == -1
    assert summary.verdict == "undecided"
    assert summary.low < 0.4 < summary.high


def test_summary_of_many_agreeing_replications():
    many = [reading([decided_after(3)] * 9 + [decided_after(4)]).tallies["promised"]] * 40
    assert summarise(LIMIT, many).verdict == "holds"
    assert summarise(LIMIT, many).spare_days == 0
    strict = ResolvedLimit("p", Scope("project", ("a",)), PRESETS["promised"], 3, 0.95, 0.95)
    assert summarise(strict, many).verdict == "fails"
    assert summarise(strict, many).spare_days == -1
    # A stricter confidence widens the interval.
    assert summarise(strict, many, confidence=0.9999999).low < summarise(strict, many).low


def test_summary_of_nothing():
    summary = summarise(LIMIT, [reading([]).tallies["promised"]] * 3)
    assert math.isnan(summary.share)
    assert summary.verdict == "undecided"
    assert math.isnan(summary.spare_days)


def test_scopes_are_resolved_to_matters():
    matter = {"a": "land", "b": "works", "c": "land", "d": "building"}
    case_type = SimpleNamespace(
        matters={name: SimpleNamespace(stage=stage) for name, stage in matter.items()}
    )

    def limit(stages=(), matters=()):
        return SimpleNamespace(
            case_type="project",
            scope=SimpleNamespace(stages=stages, matters=matters),
            clock="promised",
            limit=SimpleNamespace(value=30.0),
            target_share=0.95,
            confidence=0.9,
            extension=None,
        )

    scenario = SimpleNamespace(
        clocks={},
        case_types={"project": case_type},
        limits={"whole": limit(), "some": limit(["land"], ["d"])},
    )
    whole, some = resolved_limits(scenario)
    assert whole.scope.matters is None
    assert some == ResolvedLimit(
        "some", Scope("project", ("a", "c", "d")), PRESETS["promised"], 30, 0.95, 0.9
    )


def test_case_numbers_of_the_reading():
    assert np.array_equal(reading().readings.case, np.arange(len(CASES)))
