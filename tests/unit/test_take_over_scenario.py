"""Take-over in a scenario: who may have it, and where a note says that it may help."""

from __future__ import annotations

import pytest

from sim.report.run.notes import scenario_notes
from sim.scenario import ScenarioError
from tests.build.stories import scenario

OFFICE = """
name: office
calendar: {country: CN}
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-01-31}}
hours: {office: {week: {mon-fri: "9:00-17:00"}}}
pools: {desk: {take_over: true}, files: {}}
staff:
  clerks: {serves: [desk], count: 2, hours: office}
  helper: {serves: [desk], count: 1, hours: office, share: 0.2}
  other: {serves: [files], count: 1, hours: office}
case_types:
  permit:
    arrivals: {yearly: {volume: 100}}
    steps:
      check: {pool: desk, work: {constant: 3 h}}
      file: {pool: files, work: {constant: 1 h}, after: [check]}
limits: {all: {case_type: permit, limit: 3 wd, clock: gross_span}}
"""


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (("pools.desk.rule=priority",), "it needs 'rule: fifo'"),
        (
            ("staff.helper.serves=[desk, files]",),
            "staff.helper.serves: pool 'desk' has 'take_over'",
        ),
        (
            ("staff.helper.speed=0.3333333333333333", "staff.clerks.share=0.999999"),
            "write them with fewer decimals",
        ),
    ],
)
def test_what_take_over_cannot_go_with_is_told(settings: tuple[str, ...], said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        scenario(OFFICE, settings=settings)
    assert said in str(error.value)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("settings", "noted"),
    [
        ((), False),
        (("pools.desk.take_over=false",), True),
        (("pools.desk.take_over=false", "staff.helper.share=1"), False),
        (("pools.desk.take_over=false", "pools.desk.rule=priority"), False),
        (("pools.desk.take_over=false", "staff.helper.serves=[desk, files]"), False),
    ],
)
def test_a_note_says_where_take_over_may_help(
    settings: tuple[str, ...], noted: bool, language: str
) -> None:
    notes = scenario_notes(scenario(OFFICE, settings=settings), language)
    assert any("take_over: true" in note for note in notes) == noted
