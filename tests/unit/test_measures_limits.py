"""Who kept a limit: on time, late, open, overdue, withdrawn, refused, outside."""

import math
from dataclasses import replace
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


def test_a_case_that_lapsed_without_a_decision_is_none_that_kept_the_limit():
    lapsed = Case([Item(0, 0, DAY)], outcome=Outcome.LAPSED)
    decided = [decided_after(days, outcome=Outcome.LAPSED) for days in (2, 4)]
    got = reading([lapsed, *decided]).standing["promised"].tolist()
    assert got == [Standing.NO_DECISION, Standing.ON_TIME, Standing.LATE]


def test_counts_of_measured_cases():
    tally = reading().tallies["promised"]
    assert tally.measured == 11  # all but the one outside and the one not measured
    assert (tally.on_time, tally.late, tally.decided) == (2, 2, 4)
    assert (tally.open, tally.open_overdue) == (3, 1)
    assert (tally.withdrawn, tally.no_decision) == (2, 2)
    assert (tally.undetermined, tally.on_time_at_best) == (2, 4)
    assert tally.judged == 7
    assert sorted(tally.ended_days.tolist()) == [2, 3, 4, 5]
    assert sorted(tally.open_days.tolist()) == [0, 3, 4]


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
    assert summary.share == 2 / 7  # both undetermined cases are late
    assert summary.share_at_best == 4 / 7  # both are on time
    assert summary.decides
    assert (summary.on_time, summary.late, summary.open_overdue) == (4, 4, 2)
    assert (summary.measured, summary.open, summary.withdrawn, summary.no_decision) == (22, 6, 4, 4)
    # Days of the judged cases: 0+ 2 3 3+ 4 4+ 5, twice. Half of them, 7, have at most 3 so far;
    # if the open ones take long, the 7th of 2 2 3 3 4 4 5 5 has 5.
    assert [q.days for q in summary.quantiles] == [3, 5, 5, 5]
    assert all(q.at_least for q in summary.quantiles)
    assert summary.kept_days.days == 3
    assert summary.kept_days.at_least
    assert summary.spare_days == 0
    assert summary.undetermined == 4
    assert summary.verdict == "undecided"
    assert summary.low < 2 / 7 < 4 / 7 < summary.high


def test_nothing_is_proven_that_open_cases_could_overturn():
    """19 of 20 on time and 1 open: 95 % or 100 %. 10 of 20 and 10 open: 50 % or 100 %."""

    def judged(on_time, late, still_open, target):
        cases = (
            [decided_after(3)] * on_time + [decided_after(4)] * late + [accepted(7)] * still_open
        )
        tallies = [reading(cases).tallies["promised"]] * 100
        return summarise(replace(LIMIT, target_share=target), tallies)

    assert judged(19, 0, 1, 0.9).verdict == "holds"  # even 95 % reaches 90 %
    assert judged(10, 0, 10, 0.9).verdict == "undecided"
    assert judged(2, 12, 6, 0.9).verdict == "fails"  # even 40 % misses 90 %
    half = judged(10, 0, 10, 0.9)
    assert (half.share, half.share_at_best, half.high) == (0.5, 1, 1)
    # The lower end is that of 10 on time and 10 late, the upper end that of 20 on time.
    assert half.low == judged(10, 10, 0, 0.9).low
    assert judged(10, 4, 6, 0.9).high == judged(16, 4, 0, 0.9).high


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
        matters={
            name: SimpleNamespace(stage=stage, preparation=None) for name, stage in matter.items()
        }
    )

    def limit(stages=(), matters=()):
        return SimpleNamespace(
            case_type="project",
            scope=SimpleNamespace(stages=stages, matters=matters),
            clock="promised",
            per="application",
            limit=SimpleNamespace(value=30.0),
            target_share=0.95,
            confidence=0.9,
            extension=None,
            when={},
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
