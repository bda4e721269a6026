"""An event log as arrays: who did what in which case, from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.arrays import Bools, Ints
from sim.records.register import Register
from sim.scenario import ReadError
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

NOBODY: Final = -1
"""Officer of an event that names none."""
NO_TIME: Final = np.iinfo(np.int64).min
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
ENDS: Final = frozenset({"", "complete", "end", "completed", "finish"})
"""Words of the lifecycle for the end of an activity; "": a log that has no lifecycle."""
STARTS: Final = frozenset({"start", "started", "begin"})


@dataclass(frozen=True, eq=False)
class EventLog:
    """n events of C cases, by arrival of the case, then start, then end.

    Instants are whole milliseconds of local time since 1970.
    """

    case: Ints
    """[n] number of the case, ascending: in the order of their first starts."""
    activity: Ints
    """[n] place in `activities`."""
    officer: Ints
    """[n] place in `officers`, or `NOBODY`."""
    start: Ints
    end: Ints
    """[n] not before `start`."""
    cases: tuple[str, ...]
    activities: tuple[str, ...]
    officers: tuple[str, ...]
    starts_known: bool = True
    """Whether starts are recorded; else every event begins as it ends."""
    dates_alone: bool = False
    """Whether stamps tell no time of day."""

    def __len__(self) -> int:
        return len(self.case)

    @cached_property
    def first(self) -> Ints:
        """[C + 1] number of the first event of each case; last, the number of events."""
        return np.searchsorted(self.case, np.arange(len(self.cases) + 1))

    @cached_property
    def arrival(self) -> Ints:
        """[C] when each case begins."""
        return self.start[self.first[:-1]]

    @cached_property
    def last_end(self) -> Ints:
        """[C] when the last event of each case ends."""
        return np.maximum.reduceat(self.end, self.first[:-1])

    def of_cases(self, kept: Bools) -> EventLog:
        """Return the log of the cases [C] that are True."""
        numbers = np.cumsum(kept) - 1
        rows = kept[self.case]
        return replace(
            self, case=numbers[self.case[rows]], activity=self.activity[rows],
            officer=self.officer[rows], start=self.start[rows], end=self.end[rows],
            cases=tuple(name for name, keep in zip(self.cases, kept, strict=True) if keep),
        )  # fmt: skip

    def table(self) -> pd.DataFrame:
        """Return a row for each event: case, activity, officer, start and end (local times)."""
        import pandas as pd

        officers = np.array([*self.officers, ""], object)
        return pd.DataFrame(
            {
                "case": np.array(self.cases, object)[self.case],
                "activity": np.array(self.activities, object)[self.activity],
                "officer": officers[self.officer],
                "start": self.start.astype("datetime64[ms]"),
                "end": self.end.astype("datetime64[ms]"),
            }
        )


def event_log(
    case: Sequence[Any] | Any,
    activity: Sequence[Any] | Any,
    officer: Sequence[Any] | Any,
    start: Any,
    end: Any,
    *,
    starts_known: bool = True,
    dates_alone: bool = False,
) -> EventLog:
    """Return the log of n events in any order.

    Parameters
    ----------
    case, activity, officer
        [n] names; an officer "": none is recorded.
    start, end
        [n] milliseconds of local time since 1970. An end before its start is taken for the start.
    """
    import pandas as pd

    start, end = np.asarray(start, np.int64), np.asarray(end, np.int64)
    end = np.maximum(start, end)
    codes, cases = pd.factorize(np.asarray(case, object))
    arrival = np.full(len(cases), np.iinfo(np.int64).max)
    np.minimum.at(arrival, codes, start)
    by_arrival = np.argsort(arrival, kind="stable")
    place = np.empty(len(cases), np.int64)
    place[by_arrival] = np.arange(len(cases))
    number = place[codes] if len(codes) else codes.astype(np.int64)
    order = np.lexsort((np.arange(len(start)), end, start, number))
    done, activities = pd.factorize(np.asarray(activity, object)[order], sort=True)
    by, officers = pd.factorize(np.asarray(officer, object)[order], sort=False)
    if "" in set(officers):
        empty = int(np.flatnonzero(officers == "")[0])
        by = np.where(by == empty, NOBODY, by - (by > empty))
        officers = np.delete(officers, empty)
    return EventLog(
        number[order].astype(np.int64), done.astype(np.int64), by.astype(np.int64), start[order],
        end[order], tuple(str(name) for name in cases[by_arrival]),
        tuple(str(name) for name in activities), tuple(str(name) for name in officers),
        starts_known, dates_alone,
    )  # fmt: skip


def log_of(register: Register) -> EventLog:
    """Return the events of a register that are activities of a log, each with start and end.

    Starts and ends that stand in one row, or in two events of one case, activity and officer that
    the lifecycle calls so, are put together; an end without a start begins as it ends. Other words
    of the lifecycle (schedule, suspend …) are passed over. A register of steps alone, such as that
    of a simulation without matters, has its finished steps for activities.

    Raises
    ------
    ReadError
        If no event has a case, an activity and a time.
    """
    events = register.events
    at = events["at"].to_numpy().astype("datetime64[ms]")
    activity = np.asarray(events["activity"], object)
    given = ~np.isnat(at) & (activity != "")
    item = events["item"].to_numpy()
    case = register.items["case"].to_numpy()[item]
    names = register.cases["case"].to_numpy(object)[case]
    given &= names != ""
    if not given.any() and len(register.steps) > 0:
        return _log_of_steps(register)
    if not given.any():
        raise ReadError(
            tr("holds no event with a case, an activity and a time: there is nothing to fit")
        )
    ms = np.where(given, at.astype(np.int64), 0)
    phase = np.char.lower(np.asarray(events["lifecycle"], object)[given].astype(str))
    rows = events[["source", "row"]].to_numpy()[given]
    officer = np.asarray(events["officer"], object)[given]
    start, kept = _starts(names[given], activity[given], officer, phase, ms[given], rows)
    known = bool((start < ms[given])[kept].any()) or bool(np.isin(phase, [*STARTS]).any())
    dates = bool(events["day_only"].to_numpy()[given].all())
    return event_log(
        names[given][kept], activity[given][kept], officer[kept], start[kept], ms[given][kept],
        starts_known=known, dates_alone=dates,
    )  # fmt: skip


def _log_of_steps(register: Register) -> EventLog:
    """Return the log of the steps that have ended; ReadError if there is none."""
    steps = register.steps
    steps = steps[(steps["start"].notna() & steps["end"].notna()).to_numpy()]
    if steps.empty:
        raise ReadError(tr("no step of the register has begun and ended: there is nothing to fit"))
    names = register.cases["case"].to_numpy(object)[steps["case"].to_numpy()]
    start, end = (
        steps[edge].to_numpy().astype("datetime64[ms]").astype(np.int64)
        for edge in ("start", "end")
    )
    activity, officer = (steps[name].astype(str).to_numpy(object) for name in ("name", "officer"))
    return event_log(names, activity, officer, start, end)


def _starts(case: Any, activity: Any, officer: Any, phase: Any, ms: Ints, rows: Ints) -> Any:
    """Return [n] when each event began, and [n] which events are ends (or starts without one)."""
    import pandas as pd

    begins, ends = np.isin(phase, [*STARTS]), np.isin(phase, [*ENDS])
    if not ends.any() and not begins.any():  # a lifecycle of other words: each event counts
        return ms.copy(), np.ones(len(ms), np.bool_)
    row = pd.factorize(pd.MultiIndex.from_arrays([rows[:, 0], rows[:, 1]]))[0]
    in_rows = np.bincount(row, weights=begins) * np.bincount(row, weights=ends)
    paired = bool(in_rows.any())
    keys = [row] if paired else [pd.factorize(part)[0] for part in (case, activity, officer)]
    key = pd.factorize(pd.MultiIndex.from_arrays([*keys]))[0]
    start, kept = ms.copy(), ends.copy()
    waiting: dict[int, list[int]] = {}
    # At one instant, a start comes before the end of the same activity, which took no time.
    for n in np.lexsort((ends, ms, key)).tolist():
        if begins[n]:
            waiting.setdefault(int(key[n]), []).append(n)
        elif ends[n] and waiting.get(int(key[n])):
            start[n] = ms[waiting[int(key[n])].pop(0)]
    for never_ended in waiting.values():
        kept[never_ended] = True
    return start, kept


def part_before_and_after(log: EventLog, share: float) -> tuple[EventLog, EventLog]:
    """Return the cases that end before an instant, and those that begin after it.

    The instant: a `share` of the events ends later. Cases under way then are in neither part, as in
    published comparisons of simulated logs. Both parts lack long cases for that: the second ends
    with the log, so a case in it is no longer than the time from its begin to the log's end.
    """
    at = np.sort(log.end)[max(0, min(len(log) - 1, int(len(log) * (1 - share)) - 1))]
    return log.of_cases(log.last_end <= at), log.of_cases(log.arrival > at)
