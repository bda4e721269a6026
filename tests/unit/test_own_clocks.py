"""Clocks of a scenario's own: by the same fields as the presets, in hours, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.clocks import Counting, read_clocks
from sim.limits import PRESETS, ResolvedLimit, Scope, clock_rules, due_clocks, resolved_limits
from sim.measures.limits import LimitJudgement, read_limit
from sim.replications.model import Model
from sim.report.clocks import amount_text, clock_label
from sim.scenario import Scenario, ScenarioError
from tests.build.stories import scenario

# Friday 5 January 2024, 16:00: one hour is left of the day; the work takes two.
OFFICE = """
name: Office
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-01-12}, run_out: 30 cd}
hours:
  office: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}
pools: {clerk: {}}
staff: {clerks: {serves: [clerk], count: 5, hours: office}}
case_types:
  paper:
    arrivals: {at: [2024-01-05 16:00:00]}
    steps: {work: {pool: clerk, work: 2 h}}
clocks:
  open: {unit: h, hours: office, start: receipt, stop: delivery, counts: everything,
         label: {en: open hours, zh: 办公小时}}
limits:
  quick: {case_type: paper, limit: 2 h, clock: open}
"""


def read(text: str = OFFICE, *settings: str) -> tuple[Scenario, dict[str, ResolvedLimit], dict]:
    loaded = scenario(text, settings=settings)
    history = Model(loaded).replicate(1, 0)
    limits = {limit.name: limit for limit in resolved_limits(loaded)}
    counting = Counting.of(loaded, history)
    readings = {name: read_limit(limit, history, counting) for name, limit in limits.items()}
    return loaded, limits, readings


def test_a_clock_in_hours_counts_the_open_time_of_an_office() -> None:
    # Fri 16-17 and Mon 9-10: two open hours; by days from Friday to Monday, one working day.
    _, limits, readings = read()
    clocks = readings["quick"].readings.clocks
    assert clocks["open"].value.tolist() == [2 * 3600]
    assert clocks["open"].shown.tolist() == [2.0]
    assert clocks["gross_span"].value.tolist() == [1]
    assert limits["quick"].ticks == 7200


@pytest.mark.parametrize(
    ("limit", "on_time"), [("2 h", 1), ("1.9 h", 0), ("1.99 h", 0), ("0.5 wd", 1), ("0.25 wd", 0)]
)
def test_a_limit_in_hours_is_kept_to_the_second(limit: str, on_time: int) -> None:
    _, _, readings = read(OFFICE, f"limits.quick.limit={limit}")
    assert readings["quick"].tallies["open"].on_time == on_time


def test_a_limit_in_hours_judges_no_clock_of_days() -> None:
    _, _, readings = read(OFFICE, "limits.quick.limit=0 h")
    tallies = readings["quick"].tallies
    assert tallies["open"].late == 1
    assert tallies["gross_span"].late == 0


def test_results_are_in_hours() -> None:
    result = sim.run(scenario(OFFICE), replications=2)
    (verdict,) = result.verdicts
    assert (verdict.unit, verdict.quantiles[0].days, verdict.spare_days) == ("h", 2.0, 0.0)
    (row,) = [row for row in result.records("limits") if row["decides"]]
    assert (row["clock"], row["unit"], row["limit_days"], row["p50"]) == ("open", "h", 2, 2.0)
    assert [row["clock"] for row in result.records("limits")] == ["open"]
    assert result.mean_days("quick", "open") == 2.0
    told = {days.clock: days for days in result.on_every_clock}
    assert (told["gross_span"].unit, told["gross_span"].quantiles[0].days) == ("wd", 1)
    assert not isinstance(told["gross_span"], LimitJudgement)
    assert clock_label(verdict.rule, "zh") == "办公小时"
    assert amount_text(verdict.quantiles[0].days, "h") == "2.0"


def test_the_due_day_of_a_limit_in_hours_is_the_working_days_that_it_fills() -> None:
    # An office day has seven hours: 15 h fill two working days.
    loaded = scenario(OFFICE, settings=("limits.quick.limit=15 h",))
    (clock,) = due_clocks(loaded, Model(loaded).process.graphs[0])
    assert clock.limit_wd == 2
    assert clock.from_arrival


OWN = """
extends: yingkou/base
clocks:
  like_promised:
    pauses: [applicant, correction_before_acceptance, correction_after_acceptance,
             special_procedure, third_party, publicity]
  from_receipt: {start: receipt, pauses: [correction_before_acceptance]}
  stages: {start: receipt, counts: matters, parts: sum_of_stages}
  longest: {start: receipt, counts: matters, parts: longest_stage}
"""


@pytest.fixture(scope="module")
def base() -> dict[str, np.ndarray]:
    loaded = scenario(OWN)
    history = Model(loaded).replicate_to(60, 1, 0)
    readings = read_clocks(history, Scope("project"), Counting.of(loaded, history))
    return {name: clock.value for name, clock in readings.clocks.items()}


def test_a_preset_written_out_counts_the_same(base: dict[str, np.ndarray]) -> None:
    assert (base["like_promised"] == base["promised"]).all()


def test_a_clock_counts_more_with_an_earlier_start_and_fewer_pauses(base: dict) -> None:
    assert (base["from_receipt"] >= base["promised"]).all()
    assert (base["from_receipt"] > base["promised"]).any()
    assert (base["stages"] >= base["longest"]).all()
    assert (base["stages"] >= base["state_project"]).all()


def test_of_several_stages_of_one_standard_stage_the_longest_counts() -> None:
    text = """
    extends: yingkou/base
    clocks: {stages: {start: receipt, counts: matters, parts: sum_of_stages}}
    """
    alone = scenario(text)
    stages = list(alone.case_types["project"].stages)
    one = scenario(
        text, settings=tuple(f"case_types.project.stages.{name}.standard=all" for name in stages)
    )
    for loaded in (alone, one):
        history = Model(loaded).replicate_to(30, 1, 0)
        counting = Counting.of(loaded, history)
        total = read_clocks(history, Scope("project"), counting).clocks["stages"].value
        members = [
            tuple(k for k, m in loaded.case_types["project"].matters.items() if m.stage == name)
            for name in stages
        ]
        each = [
            read_clocks(history, Scope("project", of), counting).clocks["stages"].value
            for of in members
        ]
        combined = np.max(each, axis=0) if loaded is one else np.sum(each, axis=0)
        assert (total == combined).all()


def test_a_network_is_read_on_the_clocks_that_need_no_matters() -> None:
    loaded, _, readings = read()
    rules = clock_rules(loaded)
    assert set(readings["quick"].readings.clocks) == {
        name for name, rule in rules.items() if not rule.by_part
    }


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        (["limits.quick.clock=opn"], "no such name under 'clocks'; did you mean 'open'?"),
        (["clocks.promised={}"], "is a preset clock: call this one otherwise"),
        (["clocks.open.hours=null"], "a clock in h counts the open time of an office"),
        (["clocks.open.hours=ofice"], "no such name under 'hours'; did you mean 'office'?"),
        (["clocks.open.unit=wd", "limits.quick.limit=2 wd"], "only a clock with the unit h has"),
        (["clocks.open.pauses=[publicity, publicity]"], "a pause is named twice"),
        (["clocks.open.stop=decided"], "'decision' or 'delivery'"),
        (
            ["limits.quick.limit=0.5 wd", "limits.quick.clock=promised"],
            "a limit on the clock 'promised' is a whole number of wd; for hours or part of a day "
            "name a clock in hours, such as clocks: {office_hours: {start: receipt, "
            "counts: everything, unit: h, hours: office}}",
        ),
        (
            ["limits.quick={case_type: paper, limit: 3 wd, clock: state_project}"],
            "counts by matter or stage, and 'paper' has neither",
        ),
        (
            ["backlog.generate.paper=[{count: 1, at: work, age: 2 wd}]"],
            "cannot go on for open cases, since a backlog does not tell all that it counts",
        ),
    ],
)
def test_what_a_clock_cannot_be_is_told(settings: list[str], rule: str) -> None:
    with pytest.raises(ScenarioError) as told:
        scenario(OFFICE, settings=tuple(settings))
    assert rule in str(told.value)


def test_presets_are_the_documented_ones() -> None:
    assert list(PRESETS) == [
        *("statutory", "promised", "net_approval", "gross_span", "calendar_days"),
        *("state_item", "state_stage", "state_project", "state_span"),
    ]
