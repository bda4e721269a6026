"""The span from start event to stop event, which several clocks share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.arrays import Bools, Ints
from sim.clocks.items import ScopeItems
from sim.demand.backlog import NOT_YET, Carried
from sim.engine.contract import OPEN
from sim.limits import ClockRule, Scope
from sim.process.graph import Mark


@dataclass(frozen=True, eq=False)
class Before:
    """The state of a clock before second 0, for G groups; all 0 without a backlog.

    A case with nothing left in scope is out of it.
    """

    started: Bools
    """[G] the start event was before second 0."""
    stopped: Bools
    """[G] the stop event was before second 0."""
    days: Ints
    """[G] days on the clock."""
    start_day: Ints
    """[G] 1 if the date of the start is a day that may count too, else 0."""

    @classmethod
    def nothing(cls, groups: int) -> Before:
        """Return the state of groups that no clock knew before second 0."""
        no, none = np.zeros(groups, np.bool_), np.zeros(groups, np.int64)
        return cls(no, no, none, none)


def before_start(
    rule: ClockRule, scopes: Sequence[Scope], cases: Ints, left: Bools, carried: Carried | None
) -> Before:
    """Return the state of a clock in the morning of day 0, for each scope and case.

    `cases`: [C] case numbers; `left`: [S · C] the case has something left in the scope.
    """
    groups = len(left)
    started, stopped = np.zeros(groups, np.bool_), np.zeros(groups, np.bool_)
    used, start_day = np.zeros(groups, np.int64), np.zeros(groups, np.int64)
    for scope, at in carried_at(scopes, cases, carried):
        assert carried is not None
        day = carried.started(
            scope.matters, by_acceptance=rule.by_acceptance, deemed=rule.deemed_acceptance
        )
        day = np.where(left[at], day, NOT_YET)
        running = day != NOT_YET
        started[at] = running
        stopped[at] = left[at] & carried.is_decided(scope.matters) & (rule.stop == Mark.DECISION)
        if rule.unit == "cd":
            used[at], start_day[at] = np.where(running, -1 - day, 0), running
        else:
            used[at] = carried.used_wd(rule.name, day)
            start_day[at] = running & carried.past.working[np.minimum(day, -1)]
    return Before(started, stopped, used, start_day)


def carried_at(
    scopes: Sequence[Scope], cases: Ints, carried: Carried | None
) -> Iterator[tuple[Scope, Ints]]:
    """Yield each scope with the positions of its cases of the backlog; none without a backlog."""
    if carried is None:
        return
    at = np.searchsorted(cases, carried.case)
    for number, scope in enumerate(scopes):
        yield scope, at + number * len(cases)


@dataclass(frozen=True, eq=False)
class Span:
    """The span of all clocks with the same start and stop event, for the G groups of the items."""

    items: ScopeItems
    start: Ints
    """[G] instant of the start event, or OPEN; 0 if it was before second 0."""
    is_open: Bools
    """[G] the stop event is still to come."""
    stop: Ints
    """[G] instant of the stop event, or OPEN; 0 if it was before second 0."""
    eligible: Bools
    """[J] the end of the item may be the stop event."""
    stopped_before: Bools
    """[G] the stop event was before second 0."""

    @classmethod
    def of(cls, items: ScopeItems, start: Mark, stop: Mark, before: Before) -> Span:
        """Return the span between both events; `before`: of any clock with these events."""
        eligible, is_open, stop_s = _stop(items, stop)
        return cls(
            items=items,
            start=np.where(before.started, 0, _start(items, start)),
            is_open=is_open & ~before.stopped,
            stop=np.where(before.stopped, 0, stop_s),
            eligible=eligible,
            stopped_before=before.stopped,
        )

    @cached_property
    def stop_item(self) -> Ints:
        """[G] the item whose end is the stop event, or OPEN."""
        items = self.items
        at_stop = self.eligible & (items.end == self.stop[items.group]) & (items.end != OPEN)
        return np.where(self.stopped_before, OPEN, items.earliest(at_stop, items.number))

    @property
    def started(self) -> Bools:
        """[G] the start event has happened."""
        return np.asarray(self.start != OPEN)

    @cached_property
    def until(self) -> Ints:
        """[G] the stop of the clocks; the stop of the run where they are still open."""
        return np.where(self.is_open, self.items.stopped_s, self.stop)

    @cached_property
    def open_items(self) -> tuple[Ints, Ints]:
        """[J] begin and end of each item's open time within the span; begin ≥ end if none."""
        items = self.items
        end = np.where(items.end == OPEN, items.stopped_s, items.end)
        end = np.minimum(end, self.until[items.group])
        start = self.start[items.group]
        # Items stay sorted by begin within a case: clipping moves no begin past another.
        begin = np.maximum(items.ready, start)
        end[(items.ready == OPEN) | (start == OPEN)] = OPEN
        return begin, end


def _start(items: ScopeItems, mark: Mark) -> Ints:
    """Return [G] the instant of the start event, or OPEN."""
    marked = items.has(mark)
    awaits = items.any(marked)
    if mark == Mark.ACCEPTANCE:
        # A case refused or withdrawn before acceptance is never accepted.
        awaits |= items.knows(mark) & ~items.goes_on
    event = items.end if mark == Mark.ACCEPTANCE else items.ready
    t = np.where(marked, event, items.ready)
    first = items.earliest((marked | ~awaits[items.group]) & (t != OPEN), t)
    if mark != Mark.ACCEPTANCE or items.deemed_s is None:
        return first
    deemed = items.earliest(items.deemed_s != OPEN, items.deemed_s)
    earlier = (deemed != OPEN) & ((first == OPEN) | (deemed < first))
    return np.where(earlier, deemed, first)


def _stop(items: ScopeItems, mark: Mark) -> tuple[Bools, Bools, Ints]:
    """Return [J] the items that may stop the clock, [G] whether the stop is to come, and when."""
    eligible = np.ones(len(items.group), np.bool_)
    if mark == Mark.DECISION:
        marked = items.has(mark)
        eligible = marked | ~items.any(marked)[items.group]
    is_open = items.any(eligible & (items.end == OPEN))
    stop = items.latest(eligible, items.end)
    stop[is_open] = OPEN
    return eligible, is_open, stop
