"""Times of a backlog file with an offset from UTC."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim.demand.backlog.cases import OpenCases
from sim.replications.model import Model
from sim.scenario import ScenarioError
from tests.build.backlogs import written

H = 3600
QUEUE = """
name: Queue
calendar: {country: CN}
period: {start: 2024-03-04, window: 2024-03-04, run_out: 10 cd}
hours: {always: 24x7}
pools: {desk: {}}
staff: {s: {serves: [desk], count: 1, hours: always}}
case_types:
  c:
    arrivals: {at: []}
    steps: {wait: {delay: 10 h}, work: {after: [wait], pool: desk, work: 1 h}}
"""
ROWS = """
case,case_type,submitted,under_way
a,c,2024-03-03T09:00:00Z,wait=2024-03-03 13:30:00Z
b,c,2024/3/3 9:00 +0800,
c,c,2024-03-02,
"""


def test_offsets_become_the_time_of_the_place(tmp_path):
    """9:00 and 13:30 UTC are 17:00 and 21:30 in Shanghai, seven hours and 2:30 before the start."""
    demand = Model(written(tmp_path, ROWS, QUEUE)).demand.draw(1, 0)
    carried = demand.backlog["c"]
    assert list(carried.name) == ["c", "b", "a"]
    assert carried.submitted_s.tolist() == [-48 * H, -15 * H, -7 * H]
    # of the ten hours under way two and a half are over
    waiting = demand.workload.amount[demand.node == 0]
    assert waiting.tolist() == [10 * H, 10 * H, 7.5 * H]


def refused(tmp_path, rows: str, *more: str) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        Model(written(tmp_path, rows, QUEUE, *more))
    return [str(problem) for problem in error.value.problems]


def test_offsets_without_a_place_are_refused(tmp_path):
    told = refused(tmp_path, ROWS, "calendar: {country: weekdays}")
    assert len(told) == 3
    assert told[0].startswith("open.csv:2: submitted: '2024-03-03T09:00:00Z': has an offset from")
    assert all("give calendar.time_zone" in one for one in told)


def test_rows_with_and_without_an_offset_mean_different_clocks(tmp_path):
    (told,) = refused(tmp_path, ROWS.replace("9:00 +0800", "9:00"))
    assert told.startswith("open.csv:3: submitted: '2024/3/3 9:00': has no offset from UTC, but")


@pytest.mark.parametrize("times", [1, 2, 3])
def test_cases_repeated_follow_one_another(times: int) -> None:
    layout = SimpleNamespace(matters=("m",), graph=SimpleNamespace(nodes=(0, 1)), attributes=())
    cases = OpenCases.just_submitted(layout, ("a", "b"), [-9 * H, -8 * H])
    cases.delays.extend((1, 0, -7 * H))  # case b waits at the first node
    repeated = cases.repeated(times)
    assert repeated.name == ("a", "b") * times
    assert repeated.submitted_s.tolist() == [-9 * H, -8 * H] * times
    assert repeated.begun_s(0).tolist() == [0, -7 * H] * times
    assert repeated.under_way.tolist() == [[False, False], [True, False]] * times
