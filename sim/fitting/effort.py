"""Effective time of work, from the stamps of officers: work ÷ share of time ÷ speed, in hours.

An officer does one thing after another. So what lies between two of his stamps, in his hours of
duty, is the work on the second item, as far as that item was there:

- *begin and end are stamped* (部门开始办理, 办结, by one officer): from the begin, or his last
  stamp if that is later, to the end.
- *only the end is stamped*, and it is known when the papers were there (受理): likewise.
- *only the begin is stamped* (a leader signs afterwards): up to his next begin, if the next item
  was certainly waiting then. Else the work lasted at most until that begin, and at least until a
  colleague last began an item that had certainly been waiting: nothing waits for an idle officer.
  Looked at are the jobs during which something waited from the start, if they are enough: with the
  others, how much is known would depend on how long the work was.
- *only the end is stamped, and when the papers came is only bounded*: where they were certainly
  there at his last stamp. Where they were likely there, the median of such spans is told apart.

Items that were paused after acceptance are left out. Without officers, the spans from availability
to the stamp, waiting included, only bound the work from above.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.calendars import Intervals
from sim.fitting.durations import Family, Spans, fit_spans
from sim.fitting.lives import NOBODY
from sim.records.from_events import NEVER

ENOUGH: Final = 5
"""Exact spans from which on the work is fitted."""
LIKELY: Final = 10
"""Spans of jobs whose papers were only likely there, from which on their median is told."""
PLENTY: Final = 30
"""Exact spans of jobs with a queue behind them, from which on no others are looked at."""


@dataclass(frozen=True, eq=False)
class Jobs:
    """The n jobs of one station."""

    station: int
    officer: Ints
    there: Ints
    """[n] from when on the papers were certainly there; `NEVER`: not known."""
    start: Ints
    """[n] stamp of the begin, or `NEVER`."""
    end: Ints
    """[n] stamp of the end, or `NEVER`."""
    usable: Bools
    """[n] not paused, and its times are what they seem."""
    parts: Floats
    """[n] equal parts of which each job consists; the time of one of them is wanted."""
    likely: Ints | None = None
    """[n] from when on the papers were likely there, where `there` is an upper bound only."""


@dataclass(frozen=True)
class _Before:
    """The stamps of an officer up to an instant."""

    end: int = -1
    """The last end."""
    at: int = -1
    """The last stamp, and its kind: 0 begin, 1 end."""
    kind: int = 1


@dataclass(frozen=True, slots=True)
class _Span:
    """What is known of one job: its work lies between two numbers of hours."""

    station: int
    parts: float
    low: float
    high: float
    sure: bool = True
    """The papers were certainly there at its begin."""
    queued: bool = True
    """Something was certainly waiting when it began, or its begin is known."""


@dataclass(frozen=True)
class Effort:
    """The effective time of one station."""

    family: Family | None
    bounds: Family | None
    """Spans with waiting in them."""
    rough: bool = False
    """Few jobs had a queue behind them: how much is known depends on how long the work was."""
    likely: float = float("nan")
    """The median span of jobs whose papers were likely there at the stamp before; NaN: too few."""


def efforts(
    jobs: list[Jobs], duty: dict[int, Intervals], pools: dict[int, str]
) -> dict[int, Effort]:
    """Return station → effective time of one part, in hours.

    `duty`: station → the hours of its pool; `pools`: station → the name of its pool.
    """
    table = _by_officer(jobs, pools)
    found: dict[int, list[_Span]] = {one.station: [] for one in jobs}
    for rows in table.officers():
        for span in table.spans(rows, duty):
            found[span.station].append(span)
    result = {}
    for one in jobs:
        spans = [span for span in found[one.station] if span.sure]
        likely = [span.high for span in found[one.station] if not span.sure]
        queued = [span for span in spans if span.queued]
        plenty = sum(span.low == span.high for span in queued) >= PLENTY
        rough = not plenty and len(queued) < len(spans)
        if plenty:
            spans = queued
        known = sum(span.low == span.high for span in spans)
        family = _family(spans) if known >= ENOUGH else None
        bounds = fit_spans(_bounds(one, duty[one.station]))
        middle = float(np.median(likely)) if len(likely) >= LIKELY else float("nan")
        result[one.station] = Effort(family, bounds, rough, middle)
    return result


def _family(spans: list[_Span]) -> Family | None:
    """Return the distribution of one part; parts of one job vary independently of each other."""
    parts = np.array([span.parts for span in spans])
    low, high = (np.array([getattr(span, end) for span in spans]) for end in ("low", "high"))
    family = fit_spans(Spans(low / parts, high / parts))
    return None if family is None else family.wider(float(np.sqrt(parts.mean())))


def _bounds(jobs: Jobs, duty: Intervals) -> Spans:
    """Return the spans from availability, or the begin, to the last stamp, in hours."""
    begin = np.where(jobs.start != NEVER, jobs.start, jobs.there)
    end = np.where(jobs.end != NEVER, jobs.end, jobs.start)
    some = jobs.usable & (begin != NEVER) & (end != NEVER) & (end > begin)
    hours = np.asarray(duty.elapsed(begin[some], end[some])) / 3600
    return Spans.exact((hours / jobs.parts[some])[hours > 0])


@dataclass(frozen=True, eq=False)
class _Table:
    """All jobs with an officer, by officer and last stamp; n rows."""

    station: Ints
    officer: Ints
    there: Ints
    start: Ints
    end: Ints
    usable: Bools
    parts: Floats
    likely: Ints
    begun: dict[int, _Begun]
    """Station → the jobs of its pool whose begin alone is stamped."""

    def officers(self) -> list[Ints]:
        """Return the rows of each officer."""
        if not len(self.officer):
            return []
        cut = np.flatnonzero(np.diff(self.officer)) + 1
        return np.split(np.arange(len(self.officer)), cut)

    def spans(self, rows: Ints, duty: dict[int, Intervals]) -> Iterator[_Span]:
        """Yield what the stamps of an officer tell of his jobs."""
        begins = [r for r in rows if self.start[r] != NEVER]
        stamps = sorted(
            [(int(self.start[r]), 0, int(r)) for r in begins]
            + [(int(self.end[r]), 1, int(r)) for r in rows if self.end[r] != NEVER]
        )
        before = _Before()
        for place, (at, kind, row) in enumerate(stamps):
            station, span = int(self.station[row]), None
            queued = sure = True
            if self.usable[row] and kind == 1:
                sure = self.likely[row] == NEVER or self.there[row] <= before.end
                span = self._ended(at, row, before, duty[station])
            elif self.usable[row] and self.end[row] == NEVER and place + 1 < len(stamps):
                others = self.begun[station]
                span = self._begun(at, stamps[place + 1], others, duty[station])
                queued = others.officers == 1 or others.waiting(at) > 0
            if span is not None and span[1] > 0:
                yield _Span(station, float(self.parts[row]), *span, sure, queued)
            before = _Before(at if kind == 1 else before.end, at, kind)

    def _begun(
        self, at: int, following: tuple[int, int, int], others: _Begun, duty: Intervals
    ) -> tuple[float, float]:
        """Return the span of a job whose begin alone is stamped."""
        then, kind, row = following
        most = duty.elapsed(at, then) / 3600
        if kind == 0 and self.there[row] < then:
            return most, most
        if others.officers == 1:  # the next item comes when it comes: a bound on the left
            until = duty.elapsed(at, max(int(self.there[row]), at)) / 3600 if kind == 0 else most
            return 0.0, max(until, most)
        return duty.elapsed(at, others.last_waited(at, then)) / 3600, most

    def _ended(
        self, at: int, row: int, before: _Before, duty: Intervals
    ) -> tuple[float, float] | None:
        """Return the span of a job whose end is stamped."""
        own, there = int(self.start[row]), int(self.there[row])
        if own != NEVER:
            hours = duty.elapsed(max(own, before.end), at) / 3600
            return hours, hours
        if before.kind == 0:  # something else was begun meanwhile
            return 0.0, duty.elapsed(before.at, at) / 3600
        if self.likely[row] != NEVER and there > before.end >= self.likely[row]:
            there = before.end
        if there == NEVER or (self.likely[row] != NEVER and there > before.end):
            return None
        hours = duty.elapsed(max(there, before.end), at) / 3600
        return hours, hours


@dataclass(frozen=True, eq=False)
class _Begun:
    """Jobs of a pool whose begin alone is stamped, in their order."""

    there: Ints
    start: Ints
    waited: Ints
    """Begins of the jobs that had certainly waited."""
    officers: int
    """Officers who begin them."""

    @classmethod
    def of(cls, there: Ints, start: Ints, officer: Ints) -> _Begun:
        """Return the jobs, each there at its begin at the latest."""
        waited = np.sort(start[there < start])
        who = len(np.unique(officer[officer != NOBODY]))
        return cls(np.sort(np.minimum(there, start)), np.sort(start), waited, who)

    def waiting(self, at: int) -> int:
        """Return how many jobs were certainly there and not begun."""
        there = np.searchsorted(self.there, at, "right")
        return int(there - np.searchsorted(self.start, at, "right"))

    def last_waited(self, after: int, before: int) -> int:
        """Return when the last job that had waited was begun between two instants; else the first.

        Until then no officer of the pool was idle.
        """
        place = int(np.searchsorted(self.waited, before, "left")) - 1
        return max(int(self.waited[place]), after) if place >= 0 else after


def _by_officer(jobs: list[Jobs], pools: dict[int, str]) -> _Table:
    none = np.zeros(0, np.int64)

    def column(name: str) -> Any:
        return np.concatenate([none, *(getattr(one, name) for one in jobs)])

    def each(name: str) -> Ints:
        rows = (np.full(len(one.officer), getattr(one, name)) for one in jobs)
        return np.concatenate([none, *rows]).astype(np.int64)

    station = each("station")
    never = (np.full(len(one.officer), NEVER) for one in jobs)
    pairs = zip(jobs, never, strict=True)
    likely = np.concatenate([none, *(n if one.likely is None else one.likely for one, n in pairs)])
    officer, start, end, there = (column(c) for c in ("officer", "start", "end", "there"))
    begins = (start != NEVER) & (end == NEVER)
    begun = {}
    for one in jobs:
        mine = [number for number, name in pools.items() if name == pools[one.station]]
        rows = begins & np.isin(station, mine)
        begun[one.station] = _Begun.of(there[rows], start[rows], officer[rows])
    stamp = np.where(end != NEVER, end, start)
    order = np.lexsort((stamp, officer))
    order = order[(officer[order] != NOBODY) & (stamp[order] != NEVER)]
    usable = column("usable").astype(np.bool_)
    return _Table(
        station[order], officer[order], there[order], start[order], end[order], usable[order],
        column("parts").astype(np.float64)[order], likely[order], begun,
    )  # fmt: skip
