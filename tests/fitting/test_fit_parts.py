"""Parts of a fit by hand: leave from stamps, spans of work from stamps, batches of arrivals."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from ruamel.yaml import YAML

from sim.calendars import Intervals, WorkingDays
from sim.engine.contract import DAY_S
from sim.fitting.arrivals import Observed, fit_arrivals
from sim.fitting.document import yaml_text
from sim.fitting.effort import _bounds
from sim.fitting.officers import _leave
from sim.records.from_events import NEVER

H = 3600
WEEKS = 8
CALENDAR = WorkingDays(date(2024, 1, 1), np.tile([True] * 5 + [False] * 2, WEEKS))


@pytest.mark.parametrize(
    ("missing", "a_day", "days_off"),
    [
        (5, 3, 5),  # a working week without a stamp, of someone who leaves three a day
        (4, 3, 0),  # not a whole week
        (5, 1, 0),  # five stamps missing may be chance
        (10, 1, 10),
    ],
)
def test_leave_is_a_working_week_without_a_stamp(missing: int, a_day: int, days_off: int) -> None:
    worked = np.delete(np.flatnonzero(CALENDAR.working), slice(15, 15 + missing))
    at = np.repeat(worked, a_day) * DAY_S + np.tile(np.arange(a_day) + 9, len(worked)) * H
    share, looked = _leave([at], SimpleNamespace(days=CALENDAR, now_s=0), None, date(2024, 2, 25))
    assert looked == 5 * WEEKS - 1  # the first working day begins the count
    assert share == pytest.approx(days_off / looked)


def test_spans_of_work_go_from_the_begin_or_the_papers_to_the_end() -> None:
    jobs = SimpleNamespace(
        there=np.array([8, 8, NEVER, 8, 8, 8, NEVER], np.int64),
        start=np.array([9, NEVER, 9, 9, 9, 9, NEVER], np.int64),
        end=np.array([11, 11, 13, NEVER, 13, 11, 11], np.int64),
        usable=np.array([True, True, True, True, True, False, True]),
        parts=np.array([1, 1, 1, 1, 2, 1, 1]),
    )
    for column in (jobs.there, jobs.start, jobs.end):
        column[column != NEVER] *= H
    spans = _bounds(jobs, Intervals.of([(0, DAY_S)]))
    assert spans.low.tolist() == spans.high.tolist() == [2, 3, 4, 2]  # 4 hours are of two parts


@pytest.mark.parametrize("sizes", [(1, 2, 4), (1, 1, 1)])
def test_cases_that_come_together_are_a_batch(sizes: tuple[int, ...]) -> None:
    worked = np.flatnonzero(CALENDAR.working)
    begins = worked * DAY_S + 9 * H
    at = np.repeat(begins, np.resize(sizes, len(worked)))
    seen = Observed(at, CALENDAR, 0, len(CALENDAR) - 1, True, "weekdays")
    batch = fit_arrivals(seen)["yearly"].get("batch")
    if sizes == (1, 1, 1):
        assert batch is None
    else:
        mean = np.resize(sizes, len(worked)).mean()
        assert (batch["low"].value, batch["high"].value) == (1, round(2 * mean - 1))


def test_names_are_written_as_they_are_read() -> None:
    """Quoted where YAML would read something else; never as numbers of signs."""
    tree = {"name": "营口: 一区", "也: 键": "plain", "code": "007"}
    text = yaml_text(tree, "my.yaml")
    assert YAML(typ="safe").load(text) == tree
    assert "营口: 一区" in text
    assert "也: 键" in text
