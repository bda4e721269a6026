"""Limits that hold for some cases only, by hand: one clerk, two kinds of case.

Weekdays 9-16, so seven hours. Simple cases (S) take 1 h, complex ones (C) 14 h.
"""

import pytest

import sim
from sim.clocks import History
from sim.engine.contract import NO_LIMIT
from sim.measures.limits import LimitReading, Standing
from sim.replications.readings import read_limits
from tests.build.stories import scenario

TEXT = """
name: Two kinds
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-01-05}, run_out: 60 cd}
hours: {day: {week: {mon-fri: "9:00-16:00"}}}
pools: {clerk: {}}
staff: {clerks: {serves: [clerk], count: 1, hours: day}}
case_types:
  paper:
    attributes: {kind: {shares: {simple: 0, complex: 1}}}
    arrivals: {at: []}
    more_arrivals: {simple: {at: [], attributes: {kind: simple}}}
    steps:
      short: {pool: clerk, work: 1 h, if: {kind: simple}}
      long: {pool: clerk, work: 14 h, if: {kind: complex}}
limits:
  complex: {case_type: paper, limit: 3 wd, clock: gross_span, if: {kind: complex}}
  simple: {case_type: paper, limit: 1 wd, clock: gross_span, if: {kind: simple}}
"""

# All come at half past. C on Monday 9 is done on Wednesday 9:30 (2 wd), S on Monday 10 on Wednesday
# 10:30 (2 wd), C on Monday 11 on Friday 10:30 (4 wd), S on Friday 9 at 11:30 (0 wd).
FOUR = "C 01 09, S 01 10, C 01 11, S 05 09"


def arrivals(cases: str) -> tuple[str, ...]:
    """Return the settings for cases such as "C 01 09": a complex one on the first at nine."""
    at: dict[str, list[str]] = {"C": [], "S": []}
    for kind, day, hour in (case.split() for case in cases.split(", ")):
        at[kind].append(f"2024-01-{day} {hour}:30:00")
    return tuple(
        f"case_types.paper.{where}.at=[{', '.join(at[kind])}]"
        for kind, where in (("C", "arrivals"), ("S", "more_arrivals.simple"))
    )


def read(*settings: str, cases: str = FOUR) -> tuple[sim.Model, History, dict[str, LimitReading]]:
    model = sim.Model(scenario(TEXT, settings=(*arrivals(cases), *settings)))
    done = model.replicate(seed=1, number=0)
    return model, done, {reading.name: reading for reading in read_limits(model.scenario, done)}


def standings(reading: LimitReading) -> list[str]:
    return [Standing(s).name for s in reading.standing["gross_span"]]


def test_each_limit_judges_the_cases_that_match():
    _, _, limits = read()
    assert standings(limits["complex"]) == ["ON_TIME", "OUT_OF_SCOPE", "LATE", "OUT_OF_SCOPE"]
    assert standings(limits["simple"]) == ["OUT_OF_SCOPE", "LATE", "OUT_OF_SCOPE", "ON_TIME"]
    for name in limits:
        tally = limits[name].tallies["gross_span"]
        assert (tally.measured, tally.on_time, tally.late) == (2, 1, 1)


def test_several_values_and_no_value():
    _, _, limits = read("limits.simple.if={kind: [simple, complex]}", "limits.simple.limit=2 wd")
    assert standings(limits["simple"]) == ["ON_TIME", "ON_TIME", "LATE", "ON_TIME"]
    # A limit that no case matches judges nothing.
    model, _, limits = read(
        "limits.simple.if={kind: other}",
        "case_types.paper.attributes.kind.shares={simple: 0, complex: 1, other: 0}",
    )
    assert set(standings(limits["simple"])) == {"OUT_OF_SCOPE"}
    result = sim.run(model.scenario, replications=2)
    (empty,) = [each for each in result.verdicts if each.limit.name == "simple"]
    assert (empty.measured, empty.verdict) == (0, "undecided")


@pytest.mark.parametrize(("rule", "ends"), [("fifo", "C"), ("earliest_due", "S")])
def test_a_case_is_due_by_its_own_limit(rule, ends):
    # Two C and one S come on Monday. When the first C is done, on Wednesday at 9:30, the other C is
    # due on Thursday (3 wd) and S on Tuesday (1 wd): S goes first, though it came last.
    cases = "C 01 09, C 01 10, S 01 11"
    _, done, _ = read(f"pools.clerk.rule={rule}", cases=cases)
    day, hour = 86_400, 3600
    half_past_nine = 9 * hour + hour // 2
    first_c = 2 * day + half_past_nine
    expected = {
        # C for 6.5 h on Wednesday, 7 h on Thursday, half an hour on Friday; then S
        "C": [first_c, 4 * day + half_past_nine, 4 * day + half_past_nine + hour],
        # S on Wednesday to 10:30; C for 5.5 h on Wednesday, 7 h on Thursday, 1.5 h on Friday
        "S": [first_c, 4 * day + half_past_nine + hour, 2 * day + half_past_nine + hour],
    }
    assert done.schedule.end.tolist() == expected[ends]


def test_the_first_limit_by_name_that_a_case_matches_gives_its_due_date():
    cases = "C 01 09, S 01 10"
    _, done, _ = read(
        "limits.a_limit={case_type: paper, limit: 9 wd, clock: gross_span}", cases=cases
    )
    assert done.demand.workload.limit_wd.tolist() == [9, 9]
    _, done, _ = read(
        "limits.z_limit={case_type: paper, limit: 9 wd, clock: gross_span}", cases=cases
    )
    assert done.demand.workload.limit_wd.tolist() == [3, 1]
    _, done, _ = read("limits.simple=null", cases=cases)
    assert done.demand.workload.limit_wd.tolist() == [3, NO_LIMIT]


def test_an_attribute_or_value_that_does_not_exist_is_refused():
    with pytest.raises(sim.ScenarioError) as refused:
        read("limits.simple.if={kind: simpel}", "limits.complex.if={knd: complex}")
    text = str(refused.value)
    assert "limits.simple.if.kind" in text and "did you mean 'simple'" in text
    assert "no attribute 'knd'; did you mean 'kind'?" in text
