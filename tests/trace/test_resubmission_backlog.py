"""Open cases that are refused and handed in again: their first application is what they bring.

The project of `tests.build.backlogs`: China, autumn 2021. Office 9-12 and 13-17; the leader signs
16-17. Off: 1 to 7 October; **Sat 9 Oct works**.
"""

from __future__ import annotations

import pytest

from sim.clocks import read_clocks
from sim.limits import Scope
from sim.process.graph import Outcome
from sim.replications.model import Model
from sim.scenario import ScenarioError
from tests.build.backlogs import HAND, simulated, written
from tests.build.stories import Story

REFUSED = """
case_types:
  project:
    matters:
      A: {refusal: {at_decision: 1.0, resubmission: {probability: 1.0, after: 1 cd, max_times: 1}}}
"""
AT_REVIEW = """
case,case_type,submitted,accepted,accepted_on,{more}
old,project,2021-09-13,one,2021-09-15,{value}
"""


def rows(more: str, value: str) -> str:
    return AT_REVIEW.replace("{more}", more).replace("{value}", value)


def test_an_open_case_is_refused_and_goes_through_the_whole_course(tmp_path):
    story = Story(*simulated(written(tmp_path, rows("done", ""), HAND, REFUSED)))
    told = [line.split(" | ") for line in story.table()]
    assert [f"{name} {start} {end}" for name, _, start, end in told] == [
        "A/review/handle 09-23 09:00 09-23 11:00",
        "A/publicity 09-23 11:00 09-30 23:59:59",
        "A/decision 10-08 16:00 10-08 16:30",
        "A/resubmission/2 10-08 16:30 10-09 23:59:59",
        "A/resubmission/2/intake 10-11 09:00 10-11 09:30",
        "A/resubmission/2/check 10-11 09:30 10-11 10:00",
        "A/resubmission/2/review/handle 10-11 10:00 10-11 12:00",
        "A/resubmission/2/publicity 10-11 12:00 10-18 23:59:59",
        "A/resubmission/2/decision 10-19 16:00 10-19 16:30",
    ]
    assert story.outcome() is Outcome.REFUSED

    def promised(per: str) -> list[int]:
        readings = read_clocks(story.replication, Scope("project", None, per))
        return readings.clocks["promised"].value.tolist()

    # application 1: 16, 17, 18, 22 before the start, the 23rd, and 8 Oct after the publicity: 6.
    # Application 2: accepted on the 11th, publicity to the 18th, signed on the 19th: 1
    assert promised("application") == [6]
    # from the 9th 23:59:59: the 11th; then the 19th
    assert promised("case") == [8]


def test_a_case_that_was_handed_in_again_is_a_new_one_in_the_backlog(tmp_path):
    scenario = written(tmp_path, rows("done", "A/resubmission/2/check"), HAND, REFUSED)
    with pytest.raises(ScenarioError, match="'A/resubmission/2/check': no such part"):
        Model(scenario)


@pytest.mark.parametrize(
    "row",
    [
        "accepted,accepted_on\nold,project,2021-09-13,one,2021-09-15",
        "done,accepted_on\nold,project,2021-09-13,A/review/handle,2021-09-15",
        "done,accepted_on\nold,project,2021-09-13,A/decision,2021-09-15",
        "done\nold,project,2021-09-13,",
    ],
)
def test_what_is_over_is_over_for_the_first_application(tmp_path, row):
    """A permission to hand in again changes nothing for a case that is never refused."""
    never = REFUSED.replace("at_decision: 1.0", "at_decision: 0.0")
    found = []
    for number, texts in enumerate(((HAND,), (HAND, never))):
        folder = tmp_path / str(number)
        folder.mkdir()
        text = f"case,case_type,submitted,{row}\n"
        story = Story(*simulated(written(folder, text, *texts)))
        clocks = read_clocks(story.replication, Scope("project")).clocks
        found.append((story.table(), {name: clocks[name].value.tolist() for name in clocks}))
    assert found[0] == found[1]
    assert found[0][1]["gross_span"][0] > 0
