"""Matters and stages against their own limits, worked out by hand in `tests/build/two_matters`."""

from pathlib import Path

import pytest

import sim
from sim.experiments import run_all
from sim.measures.limits import joined, judge_share
from sim.results.own_limits import JudgedPart
from tests.build.city import CITY
from tests.build.stories import scenario
from tests.build.two_matters import TWO


def judged(*texts: str) -> dict[tuple[str, str, str], JudgedPart]:
    """Return (kind, name, standard) → judgement of one replication."""
    result = sim.run(scenario(*texts), replications=1, keep="summary", progress=False)
    return {(part.kind, part.name, part.standard): part for part in result.own_limits_judged}


def on_time(part: JudgedPart) -> str:
    return f"{part.judged.on_time}/{part.judged.on_time + part.judged.late}"


def test_matters_stage_and_cases_by_hand() -> None:
    parts = judged(TWO)
    assert {key: on_time(part) for key, part in parts.items()} == {
        # A on day 0, 1, 2; B on day 1, 2, 3. Nobody has C.
        ("matter", "A", "promised"): "2/3",
        ("matter", "B", "promised"): "1/3",
        ("matter", "B", "statutory"): "2/3",
        ("matter", "C", "promised"): "0/0",
        # The stage ends with B, within 3 days; but only the first case has no late matter.
        ("stage", "one", "budget"): "3/3",
        ("stage", "one", "no_late_matter"): "1/3",
        ("stage", "one", "state_rule"): "1/3",
        ("case_type", "project", "no_late_matter"): "1/3",
        # `whole` is the case type itself; the scope of `only_a` has one matter.
        ("limit", "only_a", "no_late_matter"): "2/3",
    }
    assert parts["matter", "C", "promised"].judged.measured == 0
    statutory = parts["matter", "B", "statutory"].by_days
    assert statutory is not None
    assert (statutory.clock, statutory.limit.days) == ("statutory", 2)
    assert statutory.quantiles[2].days == 3
    assert parts["matter", "A", "promised"].department == "da"
    assert parts["stage", "one", "budget"].department == "da"


def test_a_stage_is_late_by_the_states_rule_if_an_item_or_the_stage_is() -> None:
    # A within 2 days in all cases, B within 9; but the stage takes 1, 2 and 3 days of its 2.
    longer = """
    case_types:
      project:
        stages: {one: {budget: 2 wd}}
        matters: {A: {promised: 2 wd}, B: {promised: 9 wd, statutory: 9 wd}}
    """
    parts = judged(TWO, longer)
    assert on_time(parts["stage", "one", "no_late_matter"]) == "3/3"
    assert on_time(parts["stage", "one", "budget"]) == "2/3"
    assert on_time(parts["stage", "one", "state_rule"]) == "2/3"


def test_the_clock_of_the_state_counts_the_wait_for_another_matter() -> None:
    # B waits for A, and is then reviewed for 30 hours: A is decided in hours 20, 40 and 60, B in
    # hours 50, 80 and 110, on days 2, 3 and 4. Accepted with A, it has waited on the state's clock;
    # on the promised clock it starts when it can: days 0 to 2, 1 to 3, 2 to 4.
    chain = (
        "case_types: {project: {matters: {B: {requires: [A], promised: 2 wd, statutory: null}}}}"
    )
    assert on_time(judged(TWO, chain)["matter", "B", "promised"]) == "3/3"
    state = "own_limits: {matter_clock: state_item, stage_clock: state_stage}"
    parts = judged(TWO, chain, state)
    assert on_time(parts["matter", "B", "promised"]) == "1/3"
    assert parts["matter", "B", "promised"].by_days.clock == "state_item"
    assert parts["stage", "one", "budget"].by_days.clock == "state_stage"


def test_a_promise_in_hours_counts_the_hours_of_those_who_decide() -> None:
    # One minute of a decision, after the review of 20 hours: 20 h 1 min, 40 h 1 min, 60 h 1 min on
    # duty around the clock; with an intake of a minute and a check of one before the acceptance.
    hours = "case_types: {project: {matters: {A: {promised: 41 h}, B: {promised: null}}}}"
    part = judged(TWO, hours)["matter", "A", "promised"]
    assert on_time(part) == "2/3"
    assert part.by_days.limit.rule.hours == "always"
    assert part.by_days.quantiles[3].days == pytest.approx(60 + 1 / 60)


def test_a_third_party_answers_for_its_own_time() -> None:
    # B is a third party's review: on the promised clock of a limit it takes no time at all.
    third = "case_types: {project: {matters: {B: {third_party: true}}}}"
    parts = judged(
        TWO, third, "limits: {b: {case_type: project, scope: {matters: [B]}, limit: 0 wd}}"
    )
    assert on_time(parts["matter", "B", "promised"]) == "1/3"


def test_a_period_of_the_law_counts_from_where_the_law_says() -> None:
    # The intake takes 30 hours, so all are accepted on day 1, and A is decided in hours 50, 70 and
    # 90, on days 2, 2 and 3: two days from receipt are exceeded once, from acceptance never.
    law = """
    case_types:
      project: {matters: {A: {intake: 30 h, statutory: {limit: 2 cd, from: receipt}}}}
    """
    part = judged(TWO, law)["matter", "A", "statutory"]
    assert on_time(part) == "2/3"
    assert (part.by_days.clock, part.by_days.unit) == ("statutory_cd_from_receipt", "cd")
    accepted = "case_types: {project: {matters: {A: {intake: 30 h, statutory: 2 cd}}}}"
    assert on_time(judged(TWO, accepted)["matter", "A", "statutory"]) == "3/3"


def test_only_cases_with_the_matter_count() -> None:
    # Every case has C, done at once.
    kinds = "case_types: {project: {attributes: {kind: {shares: {plain: 0.0, rare: 1.0}}}}}"
    assert on_time(judged(TWO, kinds)["matter", "C", "promised"]) == "3/3"


def test_the_law_decides_where_nothing_is_promised() -> None:
    # B may take the two days of the law: late in the third case only, which A is, too.
    law = "case_types: {project: {matters: {B: {promised: null}}}}"
    parts = judged(TWO, law)
    assert ("matter", "B", "promised") not in parts
    assert on_time(parts["case_type", "project", "no_late_matter"]) == "2/3"


def test_a_matter_counts_though_the_case_is_refused_later() -> None:
    # B is reviewed once A is decided, on day 0, 1 and 2, and needs another 30 hours; all are
    # refused by A, so that nobody comes to B.
    refused = """
    case_types:
      project:
        matters: {A: {refusal: {at_decision: 1.0}}, B: {requires: [A]}}
    """
    parts = judged(TWO, refused)
    assert on_time(parts["matter", "A", "promised"]) == "2/3"
    assert on_time(parts["matter", "B", "promised"]) == "0/0"
    assert parts["matter", "B", "promised"].judged.no_decision == 3
    assert on_time(parts["case_type", "project", "no_late_matter"]) == "2/3"


def test_a_matter_counts_though_the_case_is_withdrawn_later() -> None:
    withdrawn = """
    case_types:
      project:
        stages: {two: {lead: db}}
        matters:
          B:
            stage: two
            requires: [A]
            correction: {probability: 1.0, turnaround: 1 h, withdrawal: 1.0}
    """
    parts = judged(TWO, withdrawn)
    assert on_time(parts["matter", "A", "promised"]) == "2/3"
    assert parts["matter", "B", "promised"].judged.withdrawn == 3


def test_by_the_states_rule_a_stage_is_overdue_though_its_case_is_withdrawn_later() -> None:
    withdrawn = """
    own_limits: {matter_clock: state_item, stage_clock: state_stage}
    case_types:
      project:
        stages: {one: {budget: 1 wd}, two: {lead: db}}
        matters:
          A: {promised: 9 wd}
          B:
            stage: two
            requires: [A]
            correction: {probability: 1.0, turnaround: 1 h, withdrawal: 1.0}
    """
    # A is decided on day 0, 1 and 2. The budget leaves out a case that kept it: it was withdrawn.
    parts = judged(TWO, withdrawn)
    budget = parts["stage", "one", "budget"].judged
    assert (budget.late, budget.withdrawn) == (1, 2)
    assert on_time(parts["stage", "one", "state_rule"]) == "2/3"


def test_the_table_of_cases_tells_who_kept_all_own_limits() -> None:
    longer = """
    case_types:
      project: {stages: {one: {budget: 2 wd}}, matters: {A: {promised: 2 wd}, B: {promised: 9 wd}}}
    """
    result = sim.run(scenario(TWO, longer), replications=1, progress=False)
    cases = result.cases.set_index("case")
    assert cases["no_late_matter/stage/project/one.on_time"].to_dict() == {
        0: True,
        1: True,
        2: True,
    }
    assert cases["state_rule/stage/project/one.on_time"].to_dict() == {0: True, 1: True, 2: False}
    without = sim.run(scenario(TWO), replications=1, keep="limits", progress=False)
    assert without.own_limits_judged == ()


def test_open_cases_count_both_ways() -> None:
    # The run ends with the first day, on which only A of the first case is decided. The others are
    # open with 0 days: on time or late.
    short = judged(TWO, "period: {run_out: 0 cd}")
    of_a = short["matter", "A", "promised"].judged
    assert (of_a.on_time, of_a.undetermined) == (1, 2)
    assert (of_a.share, of_a.share_at_best) == (pytest.approx(1 / 3), 1)
    everything = short["case_type", "project", "no_late_matter"].judged
    assert (everything.on_time, everything.late, everything.undetermined) == (0, 0, 3)


def test_departments_have_all_their_matters() -> None:
    result = sim.run(scenario(TWO), replications=3, keep="summary", progress=False)
    rows = result.departments.set_index("department")
    # da has A alone; db has B and C, of which no case has C. Three replications, all alike.
    assert rows.matters.to_dict() == {"da": "A", "db": "B C"}
    assert rows.on_time.to_dict() == {"da": 6, "db": 3}
    assert rows.mean_rank.to_dict() == {"da": 1, "db": 2}
    # Among the last one of two in every year, so in any two running.
    assert rows.bottom_twice.to_dict() == {"da": 0, "db": 1}
    # 3 of 3, at 95 %: at least 0.025 ** (1 / 3) = 0.2924, twice 0.0855.
    assert rows.bottom_twice_low["db"] == pytest.approx(0.0855, abs=1e-4)


PROMISED = """
case_types:
  project:
    stages: {{one: {{budget: {stage} wd}}, two: {{budget: {stage} wd}}}}
    matters:
      A: {{promised: {matter} wd, statutory: 20 wd}}
      B: {{promised: {matter} wd}}
      C: {{statutory: {matter} wd}}
"""


def test_longer_promises_are_kept_by_more_and_sets_by_fewer() -> None:
    before: dict[tuple[str, str, str], JudgedPart] = {}
    for days in (1, 3, 8):
        parts = judged(CITY, PROMISED.format(matter=days, stage=2 * days))
        for key, part in parts.items():
            assert part.judged.measured > 0
            if key in before:
                assert before[key].judged.on_time <= part.judged.on_time
        for name in ("A", "C"):  # every case has them, unless it is refused or withdrawn before
            standard = "promised" if name == "A" else "statutory"
            late = parts["matter", name, standard].judged.late
            assert late <= parts["case_type", "project", "no_late_matter"].judged.late
        before = parts


def test_counts_of_a_conditional_matter_are_the_cases_that_have_it() -> None:
    city = scenario(CITY, PROMISED.format(matter=3, stage=5))
    result = sim.run(city, replications=2, progress=False)
    parts = {(part.name, part.standard): part.judged for part in result.own_limits_judged}
    of_b = parts["B", "promised"]
    with_b = (result.cases["attribute.kind"] == "y").sum()
    assert of_b.on_time + of_b.late + of_b.open <= with_b
    assert of_b.on_time + of_b.late + of_b.open + of_b.withdrawn + of_b.no_decision >= with_b
    assert of_b.on_time + of_b.late < parts["A", "promised"].on_time + parts["A", "promised"].late


def test_intervals_of_departments_hold_together() -> None:
    """Each of the D departments has 1 - (1 - confidence) / D: Bonferroni."""
    result = sim.run(scenario(TWO), replications=3, keep="summary", progress=False)
    limits = {own.name: own for own in result.model.own_limits.decisive}
    assert result.league is not None
    departments = len(result.league.members)
    assert departments > 1
    rules = result.scenario.own_limits
    for member in result.league.members:
        names = [limits[matter].limit.name for matter in member.matters]
        counts = [
            joined([summary.own_limits[name] for name in names]) for summary in result.summaries
        ]
        each = 1 - (1 - rules.confidence) / departments
        assert repr(member.judged) == repr(judge_share(counts, rules.target_share, each))


def test_a_store_filled_by_an_experiment_serves_a_run(tmp_path: Path) -> None:
    # Experiments do not count own limits; a run makes such replications again.
    two = scenario(TWO)
    (made,) = run_all([two], replications=2, seed=1, store=tmp_path)
    assert made.own_limits_judged == ()
    assert made.league is None
    result = sim.run(two, replications=2, seed=1, keep="summary", store=tmp_path, progress=False)
    assert len(result.own_limits_judged) == 9
    (again,) = run_all([two], replications=2, seed=1, store=tmp_path)
    assert len(again.own_limits_judged) == 9
