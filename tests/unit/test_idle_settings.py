"""Settings of queues that change nothing are told, each once, in both languages."""

from __future__ import annotations

import pytest

from sim.report.run.notes import scenario_notes
from sim.scenario.mistakes.idle_levers import idle_settings
from tests.build.stories import scenario

OFFICE = """
name: office
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-01-31}, run_out: 40 cd}
hours: {day: {week: {mon-fri: "9:00-17:00"}}}
departments: {first: {counter: window}}
pools: {window: {}, desk: {}, files: {}}
staff: {all: {serves: [window, desk, files], count: 2, hours: day}}
case_types:
  permit:
    attributes: {kind: {shares: {key: 0.1, usual: 0.9}}}
    arrivals: {yearly: {volume: 300}}
    window: {pool: window, transfer_out: 0 min, transfer_back: 0 min}
    trip: 1 h
    stages: {only: {lead: first}}
    matters:
      A: {stage: only, department: first, intake: 1 min, check: 1 min,
        decision: {pool: desk, work: 1 h}}
  form:
    arrivals: {yearly: {volume: 300}}
    steps: {file: {pool: files, work: 1 h}}
limits: {all: {case_type: permit, limit: 4 wd, clock: gross_span}}
"""
LANE = "case_types.permit.effects=[{if: {kind: key}, priority: -1}]"
AT = "case_types.permit.effects.0.priority"


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ((), []),
        ((LANE,), [("priority", AT)]),
        ((LANE, "pools.files.rule=priority"), [("priority", AT), ("rule", "pools.files.rule")]),
        ((LANE, "pools.desk.rule=priority"), []),
        ((LANE, "pools.window.rule=escalate"), []),
        (("case_types.form.priority=1",), [("priority", "case_types.form.priority")]),
        (
            ("case_types.form.steps.file.priority=1",),
            [("priority", "case_types.form.steps.file.priority")],
        ),
        (("case_types.form.priority=1", "pools.files.rule=priority"), []),
        (("case_types.form.priority=0",), []),
        (("pools.desk.rule=priority",), [("rule", "pools.desk.rule")]),
        (("pools.desk.rule=earliest_due",), []),
        (("pools.files.rule=earliest_due",), [("due", "pools.files.rule")]),
        (("pools.files.rule=escalate",), [("due", "pools.files.rule")]),
        (("pools.files.rule=earliest_due", "case_types.form.priority=1"), []),
        (("pools.desk.escalate_below_wd=5",), [("escalate", "pools.desk.escalate_below_wd")]),
        (("pools.desk.rule=escalate", "pools.desk.escalate_below_wd=5"), []),
    ],
)
def test_settings_without_effect(settings: tuple[str, ...], found: list[tuple[str, str]]) -> None:
    idle = idle_settings(scenario(OFFICE, settings=settings))
    assert [(one.kind, ".".join(map(str, one.path))) for one in idle] == found


@pytest.mark.parametrize(("language", "words"), [("en", "changes nothing"), ("zh", "不起作用")])
def test_each_is_told_once(language: str, words: str) -> None:
    settings = (
        LANE,
        "pools.files.rule=priority",
        "pools.window.escalate_below_wd=5",
        "pools.desk.escalate_below_wd=5",
    )
    notes = scenario_notes(scenario(OFFICE, settings=settings), language)
    assert [note.split(" ")[0] for note in notes if words in note] == [
        AT,
        *("pools.window.escalate_below_wd", "pools.desk.escalate_below_wd", "pools.files.rule"),
    ]
