"""The applicant's own time before papers are handed in: minutes by hand.

The matters of `three_matters`, around the clock, where nobody waits. 1 wd is 1,440 minutes here.
"""

from dataclasses import replace

import pytest

import sim
from sim.clocks import Counting, read_clocks
from sim.limits import Scope, clock_rules
from sim.process.graph import Pause, Role
from sim.report.labels import Labels
from sim.report.run.data import result_data
from sim.report.run.own_time import own_time_table
from sim.report.run.report import result_report
from sim.scenario import ScenarioError
from tests.build.stories import run, scenario
from tests.build.three_matters import (
    LEVERS,
    PARALLEL_COUNTERS,
    PARALLEL_WINDOW,
    handling,
    matters,
)

DRAWS = matters(C="preparation: {constant: 200 min}")
COUNTERS = handling(one_window=False)


def later(times, by, *units):
    """Shift the steps of these units by some minutes."""
    return {
        name: (begin + by, end + by) if name.partition("/")[0] in units else (begin, end)
        for name, (begin, end) in times.items()
    }


def clocks(story, scope=("A", "B", "C")):
    """Return the minutes that the clocks of the scenario ran, round the clock."""
    counting = Counting.of(story.model.scenario, story.replication)
    rules = tuple(clock_rules(story.model.scenario).values())
    reading = read_clocks(
        story.replication, Scope("project", scope), replace(counting, rules=rules)
    )
    return {name: int(clock.elapsed_s[0]) / 60 for name, clock in reading.clocks.items()}


def test_papers_are_prepared_when_what_the_matter_requires_is_decided():
    # A is decided at 95; its result goes back and is handed over meanwhile, as without
    story = run(LEVERS, DRAWS)
    expected = later(PARALLEL_WINDOW, 200, "two", "C") | {"two/preparation": (95, 295)}
    assert story.minutes() == expected


def test_papers_that_are_handed_in_together_wait_for_the_slowest():
    slow = matters(A="preparation: {constant: 30 min}", B="preparation: {constant: 40 min}")
    expected = later(PARALLEL_WINDOW, 40, "one", "two", "A", "B", "C")
    assert run(LEVERS, slow).minutes() == expected | {"one/preparation": (0, 40)}


def test_at_own_counters_the_applicant_prepares_when_he_is_there():
    # the certificate is in hand at 77, the next visit at 177
    expected = later(PARALLEL_COUNTERS, 200, "C") | {
        "C/trip": PARALLEL_COUNTERS["C/trip"],
        "C/preparation": (177, 377),
    }
    assert run(LEVERS, DRAWS, COUNTERS).minutes() == expected


def test_papers_for_no_window_are_prepared_too():
    drawings = matters(C="at_window: false, preparation: {constant: 200 min}")
    times = run(LEVERS, drawings).minutes()
    assert times["C/preparation"] == (95, 295)
    assert times["C/review/handle"] == (295, 345)


@pytest.mark.parametrize("at_window", ["true", "false"])
def test_only_the_first_application_is_prepared(at_window):
    refused = matters(
        C=f"at_window: {at_window}, preparation: {{constant: 200 min}}, refusal: {{at_decision: "
        "1.0, resubmission: {probability: 1.0, after: 10 min, max_times: 1}}"
    )
    times = run(LEVERS, refused).minutes()
    prepared = "two/preparation" if at_window == "true" else "C/preparation"
    assert [name for name in times if "preparation" in name] == [prepared]
    end = 390 if at_window == "true" else 350  # refused, and handed in again ten minutes later
    assert times["C/resubmission/2"] == (end, end + 10)
    begun = "intake" if at_window == "true" else "review/handle"
    assert times[f"C/resubmission/2/{begun}"][0] == end + 10


def test_no_promised_clock_runs_meanwhile_and_the_span_is_longer():
    before, story = clocks(run(LEVERS)), run(LEVERS, DRAWS)
    after = clocks(story)
    # Accepted at 23, B's clock runs to 155. Without: C follows at 95, decided at 190, handed over
    # at 201. With: the applicant prepares to 295, alone from 165, when A and B are handed over.
    assert (before["promised"], before["gross_span"]) == (167, 201)
    assert "in_procedure" not in before
    assert after["gross_span"] == 401
    assert after["in_procedure"] == 401 - (295 - 165)
    # 23 to 163 (the results' way back belongs to the scope), to 165, then C from 295 to 390
    assert after["promised"] == 165 - 23 + 390 - 295
    # a matter by itself begins with its receipt: prepared papers are no part of it
    assert clocks(story, ("C",)) == {
        **clocks(run(LEVERS), ("C",)),
        "in_procedure": 106,
    }
    node = next(node for node in story.nodes if node.role is Role.PREPARATION)
    assert (node.serves, node.pause, node.covers) == ((), Pause.APPLICANT, ("C",))


def test_drawings_for_a_third_party_are_no_part_of_its_time_either():
    text = "at_window: false, third_party: true"
    plain, own = (
        run(LEVERS, matters(C=f"{text}{more}"))
        for more in ("", ", preparation: {constant: 200 min}")
    )
    before, after = clocks(plain, ("C",)), clocks(own, ("C",))
    assert before["state_item"] == before["gross_span"] == 55
    assert {name: after[name] for name in before} == before


def test_counselling_shortens_the_preparation_of_those_who_have_it():
    helped = """
    case_types:
      project:
        assistance: {pool: officers, work: 15 min, preparation: 0.25, if: {kind: KIND}}
    handling: {assisted_service: true}
    """
    times = run(LEVERS, DRAWS, helped.replace("KIND", "x")).minutes()
    # fifteen minutes of counselling before each of the two stages
    assert times["two/preparation"] == (95 + 15, 95 + 15 + 50)
    assert times["two/assistance"] == (160, 175)
    others = run(LEVERS, DRAWS, helped.replace("KIND", "y")).minutes()
    assert others["two/preparation"] == (95, 295)


RUN = """
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-01-31}, run_out: 60 cd}
case_types:
  project:
    arrivals: {at: [0 min, 100 min, 200 min]}
    matters: {C: {preparation: {constant: PREPARED}}}
limits: {all: {case_type: project, limit: 9 wd}}
"""


def test_the_own_time_is_told_and_is_what_the_span_grows_by():
    short, long = (
        sim.run(scenario(LEVERS, RUN.replace("PREPARED", time)), replications=2, progress=False)
        for time in ("3 wd", "8 wd")
    )
    (less,), (more,) = short.rows("own_time"), long.rows("own_time")
    assert (less.of, less.cases) == ("all", 6)
    assert (less.own_wd, more.own_wd) == (3, 8)
    assert more.span_wd - less.span_wd == 5
    assert less.authority_wd == more.authority_wd
    assert less.authority_share == less.authority_wd / less.span_wd
    assert (less.own_low, less.own_high) == (3, 3)
    assert result_data(short)["own_time"][0]["own_wd"] == 3
    for language, word in (("en", "applicant's own time"), ("zh", "建设单位合理化用时")):
        tables = list(own_time_table(short, Labels(short.scenario, language)))
        assert [row[2] for row in tables[0].rows] == ["3.0 (3.0 – 3.0)"]
        told = result_report(short, language)
        assert any(
            word in getattr(block, "title", "") for part in told.parts for block in part.blocks
        )


def test_without_preparation_nothing_is_told():
    plain = scenario(LEVERS, RUN.replace("matters: {C: {preparation: {constant: PREPARED}}}", ""))
    result = sim.run(plain, replications=1, progress=False)
    assert result.rows("own_time") == ()
    assert not list(own_time_table(result, Labels(plain, "en")))


def test_preparations_that_end_together_pass_on_one_calendar():
    slow = matters(A="preparation: {constant: 30 min}", B="preparation: {constant: 1 wd}")
    with pytest.raises(ScenarioError, match="the preparations of matters handed in together"):
        run(LEVERS, slow)


def test_the_name_of_its_clock_is_taken():
    with pytest.raises(ScenarioError, match="is a preset clock"):
        scenario(LEVERS, "clocks: {in_procedure: {unit: cd}}")
