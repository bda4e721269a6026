"""Reads the clocks of scopes in one replication."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from sim.arrays import Ints, total
from sim.calendars import WorkingDays
from sim.clocks.applications import longest
from sim.clocks.items import ScopeItems, scope_items, with_deemed_acceptance
from sim.clocks.readings import ClockReadings, History, Reading
from sim.clocks.span import Before, Span, before_start, carried_at
from sim.engine.contract import DAY_S
from sim.limits import CLOCKS, ClockRule, Scope
from sim.process.graph import Mark


def read_clocks(
    history: History,
    scope: Scope,
    clocks: Collection[str] = tuple(CLOCKS),
    *,
    count_start_day: bool = False,
    deemed_acceptance: bool = False,
) -> ClockReadings:
    """Read clocks of one scope for every case of a case type.

    Parameters
    ----------
    scope
        The items whose time the clocks may count.
    clocks
        Names of the clocks; default: all.
    count_start_day
        Count the date of the start event too, if it is a working day (for calendar days: always).
        The same date is added to all clocks that start together, which keeps them in order.
    deemed_acceptance
        Start the clock at the receipt of papers if their first check took longer than
        `NOTICE_WD`, also if they were then sent back.

    Notes
    -----
    A case that is refused or withdrawn has no items past that point, so its clocks stop with its
    last item. A case that was refused or withdrawn before acceptance never starts the clocks that
    begin with acceptance. Clocks that ran before second 0 go on, and show the same days as if the
    simulation had begun earlier.
    """
    return read_stacked(
        history,
        (scope,),
        clocks,
        count_start_day=count_start_day,
        deemed_acceptance=deemed_acceptance,
    )


def read_stacked(
    history: History,
    scopes: Sequence[Scope],
    clocks: Collection[str],
    *,
    count_start_day: bool = False,
    deemed_acceptance: bool = False,
) -> ClockReadings:
    """Read clocks of S scopes of one case type in one pass; see `read_clocks`.

    The readings of the first scope come first, then those of the second: K = S times the cases.
    All have the same `per`.
    """
    if scopes[0].per != "case" and history.applications > 1:
        alone = [replace(scope, per="case") for scope in scopes]
        how = {"count_start_day": count_start_day, "deemed_acceptance": deemed_acceptance}
        return longest(read_stacked(history.apart, alone, clocks, **how), history)
    items = _items(history, scopes, deemed_acceptance)
    days = history.demand.workload.working_days
    carried = history.demand.backlog.get(scopes[0].case_type)
    read: dict[str, Reading] = {}
    spans: dict[tuple[Mark, Mark], Span] = {}
    for name in clocks:
        rule = CLOCKS[name]
        before = before_start(rule, items, carried)
        events = rule.start, rule.stop
        if events not in spans:
            spans[events] = Span.of(items, *events, before)
        read[name] = _read(rule, spans[events], days, count_start_day, before)
    decided = items.any(items.has(Mark.DECISION)) | ~items.knows(Mark.DECISION)
    for scope, at in carried_at(items, carried):
        assert carried is not None
        decided[at] |= carried.any_decided(scope.matters)
    concerned = items.concerned(decided)
    return ClockReadings(items.cases, concerned, decided, MappingProxyType(read))


def running_intervals(
    history: History, scope: Scope, clock: str, *, deemed_acceptance: bool = False
) -> tuple[Ints, Ints, Ints]:
    """Return the intervals in which one of `CLOCKS` ran, by case and then by time.

    They are three arrays [n]: case number, begin and end of an interval without a pause. The last
    interval of a clock that still runs ends when the run stopped. Parameters: see `read_clocks`.
    """
    if scope.per != "case" and history.applications > 1:
        alone = replace(scope, per="case")
        case, begin, end = running_intervals(
            history.apart, alone, clock, deemed_acceptance=deemed_acceptance
        )
        return case // history.applications, begin, end
    items = _items(history, (scope,), deemed_acceptance)
    rule, carried = CLOCKS[clock], history.demand.backlog.get(scope.case_type)
    before = before_start(rule, items, carried)
    case, begin, end = _intervals(rule, Span.of(items, rule.start, rule.stop, before))
    return items.cases[case], begin, end


def _items(history: History, scopes: Sequence[Scope], deemed_acceptance: bool) -> ScopeItems:
    items = scope_items(history, scopes)
    return with_deemed_acceptance(history, items) if deemed_acceptance else items


def _intervals(rule: ClockRule, span: Span) -> tuple[Ints, Ints, Ints]:
    """Return the case, begin and end of every interval that counts."""
    if rule.whole_span:
        started = span.started
        return np.flatnonzero(started), span.start[started], span.until[started]
    items = span.items
    begin, end = span.open_items
    counted = (begin < end) & ~items.owned_by(rule.pauses_for)
    if rule.running_only:
        counted &= items.running
    return merge(items.case[counted], begin[counted], end[counted])


def _read(
    rule: ClockRule, span: Span, days: WorkingDays, count_start_day: bool, before: Before
) -> Reading:
    started = span.started
    case, begin, end = _intervals(rule, span)
    # A clock that runs in the morning of day 0 began before it, so that day counts.
    goes_on = before.started[case] & (begin == 0)
    first_day, last_day = begin // DAY_S, end // DAY_S
    if rule.unit == "cd":
        length = last_day - np.where(goes_on, -1, first_day)
        start_day = np.ones_like(span.start)
    else:
        length = days.cumulative[last_day] - np.where(goes_on, 0, days.cumulative[first_day])
        start_day = days.working[span.start // DAY_S].astype(np.int64)
    value = before.days + total(case, length, len(started))
    if count_start_day:
        value += np.where(started, np.where(before.started, before.start_day, start_day), 0)
    return Reading(
        value=value,
        elapsed_s=total(case, end - begin, len(started)),
        started=started,
        open=span.is_open,
        start_s=span.start,
        stop_s=span.stop,
        stop_item=span.stop_item,
    )


def merge(group: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Join the overlapping and touching intervals of each group: parallel time counts once.

    Arguments are sorted by group and then by begin; 0 ≤ begin ≤ end. The result covers the same
    seconds with intervals that lie apart, in the same order.
    """
    if len(group) == 0:
        return group, begin, end
    # Lay the groups end to end on one axis, so that no interval reaches the next group.
    length = int(end.max()) + 1
    # In place: for ten million intervals, each further array takes eighty megabytes.
    axis = group * length
    reach = axis + end
    np.maximum.accumulate(reach, out=reach)
    axis += begin
    new = np.ones(len(group), np.bool_)
    new[1:] = axis[1:] > reach[:-1]
    last = np.append(new[1:], True)
    return group[new], begin[new], reach[last] - group[last] * length
