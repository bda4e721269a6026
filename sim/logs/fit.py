"""From an event log to a network of steps."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np

from sim.arrays import Ints
from sim.logs.duty import MONDAY_MS, WEEK_MS, Week, week_of, weeks_of
from sim.logs.event_log import NOBODY, EventLog
from sim.logs.network import Activity, Delay, DelayKind, Network, Origin, Route
from sim.logs.routes import concurrent, waited_for

LEAST_OWN: Final = 20
"""Events of an activity from which on an officer has durations of his own."""
EXPLAINED_MS: Final = 60_000
"""An event that begins so soon after an officer could begin it waited for nothing else."""
LEAST_EXPLAINED: Final = 0.95
"""Share of such events in an activity without further delay."""
MOST: Final = 1000
"""Recorded times that are kept of one kind: more tell no more, and make the file long."""
HELPER: Final = 0.1
"""Who did less than this part of what an officer of an activity does on average, only helps."""


def fit_network(
    log: EventLog, name: str = "log", *, last: int | None = None, delay: DelayKind = "working"
) -> Network:
    """Fit a network to an event log, with choices that are given.

    Parameters
    ----------
    log
        At least one event.
    last
        How many cases are used, the last to arrive; None: all. Hours of duty are always those of
        the whole log: few cases show them badly.
    delay
        What stands for delays that no officer explains.
    """
    together, hours = weeks_of(log)
    weeks = int((log.end.max() - log.start.min()) // WEEK_MS) + 1
    arrivals = week_of(log.arrival, log.arrival[:0], weeks) or together
    kept = np.arange(len(log.cases)) >= len(log.cases) - (last or len(log.cases))
    used = log.of_cases(kept)
    after, ready = waited_for(used)
    events = _Events(used, hours, together, ready)
    return Network(
        _origin(log, name, used),
        tuple(events.activity(number, delay) for number in range(len(log.activities))),
        tuple(f"officer {n + 1:0{len(str(len(log.officers)))}}" for n in range(len(log.officers))),
        tuple(hours), together, arrivals, bool(arrivals.closes(used.arrival).any()),
        _thinned(np.sort(np.diff(arrivals.worked(used.arrival)))),
        _routes(used, after),
    )  # fmt: skip


def _origin(log: EventLog, name: str, used: EventLog) -> Origin:
    epoch = dt.datetime(1970, 1, 1)
    first, last = (
        epoch + dt.timedelta(milliseconds=int(at)) for at in (log.start.min(), log.end.max())
    )
    return Origin(
        name, len(log), len(log.cases), first, last, len(used.cases), log.starts_known,
        log.dates_alone, int(np.triu(concurrent(used)).sum()),
    )  # fmt: skip


def _routes(log: EventLog, after: list[tuple[int, ...]]) -> tuple[Route, ...]:
    first = log.first.tolist()
    activity = log.activity.tolist()
    counts = Counter((tuple(activity[a:b]), tuple(after[a:b])) for a, b in pairwise(first))
    return tuple(Route(n, *key) for key, n in sorted(counts.items()))


def _thinned(values: Ints) -> Ints:
    """Return at most `MOST` of the values, at equal distances."""
    if len(values) <= MOST:
        return values
    return values[((np.arange(MOST) + 0.5) * (len(values) / MOST)).astype(np.int64)]


@dataclass(frozen=True, eq=False)
class _Events:
    """Recorded events with what is needed to measure durations and delays."""

    log: EventLog
    hours: list[Week]
    together: Week
    ready: Ints

    def activity(self, number: int, kind: DelayKind) -> Activity:
        """Return what was recorded of one activity."""
        log = self.log
        rows = np.flatnonzero(log.activity == number)
        officer, rests = log.officer[rows], self.rests[rows]
        name = log.activities[number]
        if not len(rows):
            return Activity(name, {}, np.zeros(1, np.int64), {})
        explained = float((rests <= EXPLAINED_MS).mean()) >= LEAST_EXPLAINED
        delay = None if explained else self._delay(rows, kind)
        by_clock = delay is not None and kind == "clock"
        lasted = log.end[rows] - log.start[rows] if by_clock else self.on_duty[rows]
        counts = np.bincount(officer[officer >= 0], minlength=len(self.hours))
        by = {int(one): int(counts[one]) for one in np.flatnonzero(counts)}
        least = HELPER * np.mean([*by.values()]) if by else 0.0
        by = {one: count for one, count in by.items() if count >= least}
        own = {
            one: _thinned(np.sort(lasted[officer == one]))
            for one, count in by.items()
            if count >= LEAST_OWN
        }
        return Activity(name, by, _thinned(np.sort(lasted)), own, delay)

    def _delay(self, rows: Ints, kind: DelayKind) -> Delay:
        log = self.log
        if kind == "clock":
            in_week = (self.ready[rows] - MONDAY_MS) % WEEK_MS
            waits = log.start[rows] - self.ready[rows]
            order = np.lexsort((waits, in_week))
            return Delay(kind, _thinned(waits[order]), _thinned(in_week[order]))
        rests = _thinned(np.sort(self.rests[rows]))
        return Delay(kind, rests, np.zeros(len(rests), np.int64))

    @cached_property
    def on_duty(self) -> Ints:
        """[n] time of duty between start and end; by the clock where no duty explains it."""
        found = self._by_officer(self.log.start, self.log.end)
        lasted = self.log.end - self.log.start
        return np.where((found <= 0) & (lasted > 0), lasted, found)

    @cached_property
    def rests(self) -> Ints:
        """[n] time of duty from when an event's officer could have begun it to its start."""
        log, ready = self.log, self.ready.copy()
        free = dict.fromkeys(range(len(self.hours)), 0)
        for event in np.argsort(log.start, kind="stable").tolist():
            officer = int(log.officer[event])
            if officer == NOBODY:
                continue
            start = int(log.start[event])
            if free[officer] <= start:  # else he has several in hand, and waited for none of them
                ready[event] = max(int(ready[event]), free[officer])
            free[officer] = max(free[officer], int(log.end[event]))
        return self._by_officer(ready, log.start)

    def _by_officer(self, since: Ints, until: Ints) -> Ints:
        found = np.zeros(len(since), np.int64)
        for officer, week in enumerate([*self.hours, self.together]):
            rows = self.log.officer == (officer if officer < len(self.hours) else NOBODY)
            found[rows] = week.worked(until[rows]) - week.worked(since[rows])
        return found
