"""Clocks: from a schedule to the days that count, under each of five definitions.

The policy names limits but not the clock that measures them, so every limit is read on all five
clocks and names the one that decides (model page §8; `domain.md` §1.3).

A clock has a *start event*, a *stop event*, and items whose time counts. An item is open from
ready to end. The clock runs on the union of [ready, end) over the counted items of its scope,
clipped to [start, stop]; what overlaps or touches is one interval, so parallel days count once.
An interval is measured on dates: N(day of its end) - N(day of its begin), where N(d) is the number
of working days up to and including day d. The date on which an interval begins does not count
(Civil Code art. 201), which makes the measure additive over intervals that touch. A legal period
ends at 23:59:59 of its last day, so midnight needs no special case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendars import WorkingDays
from sim.demand.backlog import NOT_YET, Carried
from sim.demand.cases import Demand
from sim.engine.contract import DAY_S, OPEN, Schedule
from sim.process.graph import Mark, Outcome, Owner, Phase, Role
from sim.process.table import Process

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

NOTICE_WD: Final = 5
"""Working days within which the applicant must be told what is missing; past them the papers count
as accepted on the day they were received (Licensing Law art. 32)."""

_LATEST: Final = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """What one clock measures."""

    label: str
    """Its name, for reports."""
    start: Mark
    """`ACCEPTANCE`: when the first such item of the scope ends. `SUBMISSION`: when the first such
    item is ready. A case without one in scope: when its first item in scope is ready."""
    stop: Mark
    """`DECISION`: when the last such item of the scope ends; without one, and for `DELIVERY`, when
    the last item in scope ends."""
    pauses_for: frozenset[Owner]
    """Owners whose time does not count."""
    running_only: bool
    """Count an item only while the clock of its own matter runs (`Phase.RUNNING`)."""
    whole_span: bool
    """Everything from start to stop counts, gaps between items too."""
    unit: Literal["wd", "cd"]
    """Working days, or calendar days."""
    source: str
    """Where the definition comes from."""


_BY_LAW: Final = frozenset({Owner.APPLICANT, Owner.THIRD_PARTY, Owner.SPECIAL})
_NONE: Final[frozenset[Owner]] = frozenset()

CLOCKS: Final[Mapping[str, ClockRule]] = MappingProxyType(
    {
        "statutory": ClockRule(
            label="statutory clock 法定时限",
            start=Mark.ACCEPTANCE,
            stop=Mark.DECISION,
            pauses_for=_BY_LAW,
            running_only=False,
            whole_span=False,
            unit="wd",
            source="Administrative Licensing Law arts. 42 (from acceptance to decision), 45 "
            "(hearing, inspection, expert review not counted), 82 (working days). That the "
            "applicant's and third parties' time does not count is the practice of art. 32 "
            "(correction precedes acceptance).",
        ),
        "promised": ClockRule(
            label="promised clock 承诺时限",
            start=Mark.ACCEPTANCE,
            stop=Mark.DECISION,
            pauses_for=_BY_LAW | {Owner.PUBLICITY},
            running_only=False,
            whole_span=False,
            unit="wd",
            source="As the statutory clock; publicity is not counted either: Binzhou 2020 art. 19, "
            "Shanghai planning regulation art. 37, Zhengzhou art. 86 (domain.md §1.2, §1.3).",
        ),
        "net_approval": ClockRule(
            label="net approval time 审批用时",
            start=Mark.ACCEPTANCE,
            stop=Mark.DECISION,
            pauses_for=_BY_LAW | {Owner.PUBLICITY},
            running_only=True,
            whole_span=False,
            unit="wd",
            source="Union of the running clocks of the matters, as in ministry statistics "
            "(domain.md §1.3: general knowledge, no source found).",
        ),
        "gross_span": ClockRule(
            label="gross span 跨度用时",
            start=Mark.SUBMISSION,
            stop=Mark.DELIVERY,
            pauses_for=_NONE,
            running_only=False,
            whole_span=True,
            unit="wd",
            source="First submission to last certificate, everything included, as in ministry "
            "statistics (domain.md §1.3: general knowledge, no source found).",
        ),
        "calendar_days": ClockRule(
            label="calendar days 自然日",
            start=Mark.SUBMISSION,
            stop=Mark.DELIVERY,
            pauses_for=_NONE,
            running_only=False,
            whole_span=True,
            unit="cd",
            source="The gross span in calendar days, for comparison with World Bank Doing Business "
            "(domain.md §5).",
        ),
    }
)
"""The five clocks by name, in the order in which reports show them."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One clock for K cases. An instant that has not come, or never will, is `OPEN`."""

    value: Ints
    """[K] days on the clock: working days, or calendar days for the unit cd. Of an open case, what
    the clock shows when the run stopped; 0 if it never started."""
    elapsed_s: Ints
    """[K] seconds on the clock, round the clock: for comparison with theory. Of a case that was
    open at the start, from second 0 on."""
    started: Bools
    """[K] the start event has happened."""
    open: Bools
    """[K] the stop event is still to come."""
    start_s: Ints
    """[K] instant of the start event; 0 if it was before that."""
    stop_s: Ints
    """[K] instant of the stop event; 0 if it was before that."""
    stop_item: Ints
    """[K] the item whose end is the stop event; the smallest number if several end then; OPEN if
    the clock stopped before second 0."""

    @property
    def start_day(self) -> Ints:
        """[K] date of the start event as a day number."""
        return np.where(self.start_s == OPEN, OPEN, self.start_s // DAY_S)

    @property
    def stop_day(self) -> Ints:
        """[K] date of the stop event as a day number."""
        return np.where(self.stop_s == OPEN, OPEN, self.stop_s // DAY_S)


@dataclass(frozen=True, eq=False)
class ClockReadings:
    """All five clocks of one scope, for the K cases of its case type."""

    case: Ints
    """[K] case numbers, ascending."""
    in_scope: Bools
    """[K] the case has an item in scope."""
    decided_here: Bools
    """[K] the scope can decide this case: it has a decision in scope (to come or past), or the
    scope's steps know no decisions at all, as in an open network."""
    clocks: Mapping[str, Reading]
    """The readings, by the names of `CLOCKS`."""


def read_clocks(
    process: Process,
    demand: Demand,
    schedule: Schedule,
    case_type: str,
    matters: Collection[str] | None = None,
    *,
    count_start_day: bool = False,
    deemed_acceptance: bool = False,
) -> ClockReadings:
    """Read the five clocks of one scope for every case of a case type.

    Parameters
    ----------
    process, demand, schedule
        The process, one replication's cases, and what became of them.
    case_type, matters
        The scope: items of these matters; None is the whole case.
    count_start_day
        Count the date of the start event too, if it is a working day (for calendar days: always).
        The same date is added to all clocks that start together, which keeps them in order.
    deemed_acceptance
        Let the clock start when papers were received whose first check took longer than
        `NOTICE_WD`, also if they were then sent back.

    Returns
    -------
    ClockReadings
        A case that is refused or withdrawn has no items past that point, so its clocks stop with
        its last item. A case that was refused or withdrawn before acceptance never starts those
        clocks that begin with acceptance. Clocks that ran before second 0 go on: they show what
        they would show if the simulation had begun earlier.
    """
    in_scope = process.in_scope(case_type, matters) & (process.owner != Owner.SUPERVISION)
    items = _scope_items(process, demand, schedule, in_scope, case_type)
    if deemed_acceptance:
        items = _with_deemed_acceptance(process, demand, schedule, items)
    days = demand.workload.working_days
    carried = demand.backlog.get(case_type)
    clocks = {}
    for name, rule in CLOCKS.items():
        before = _before(name, rule, items, carried, matters)
        clocks[name] = _read(rule, items, days, count_start_day, before)
    decided = _any(items, items.has(Mark.DECISION)) | (not items.known & Mark.DECISION)
    if carried is not None:
        decided[np.searchsorted(items.cases, carried.case)] |= carried.any_decided(matters)
    return ClockReadings(
        case=items.cases,
        in_scope=_any(items, np.ones(len(items.case), np.bool_)),
        decided_here=decided,
        clocks=MappingProxyType(clocks),
    )


@dataclass(frozen=True, eq=False)
class _Items:
    """The J items of a scope, sorted by case and then by the instant at which they were ready."""

    number: Ints
    case: Ints
    """[J] position in `cases`."""
    ready: Ints
    end: Ints
    marks: NDArray[np.uint8]
    owner: NDArray[np.int8]
    running: Bools
    cases: Ints
    """[K] case numbers."""
    goes_on: Bools
    """[K] the case is neither refused nor withdrawn, nor did its acceptance lapse."""
    known: int
    """All marks that any node of the scope carries."""
    stopped_s: int
    deemed_s: Ints | None = None
    """[J] the instant of receipt, where this check came so late that it counts as acceptance; else
    OPEN."""

    def has(self, mark: Mark) -> Bools:
        """Return [J]: the item carries the mark."""
        return np.asarray((self.marks & np.uint8(mark)) != 0)


def _scope_items(
    process: Process, demand: Demand, schedule: Schedule, in_scope: Bools, case_type: str
) -> _Items:
    is_type = demand.case_type == process.case_types.index(case_type)
    position = np.cumsum(is_type, dtype=np.int64) - 1
    number = np.flatnonzero(in_scope[demand.node])
    key = demand.case[number] * np.int64(schedule.stopped_s + 2) + schedule.ready[number]
    number = number[np.argsort(key, kind="stable")]
    node = demand.node[number]
    known = 0
    for i in np.flatnonzero(in_scope):
        known |= int(process.nodes[i].marks)
    return _Items(
        number=number,
        case=position[demand.case[number]],
        ready=schedule.ready[number],
        end=schedule.end[number],
        marks=demand.marks[number],
        owner=process.owner[node],
        running=process.phase[node] == Phase.RUNNING,
        cases=np.flatnonzero(is_type),
        goes_on=np.isin(demand.outcome, (Outcome.DONE, Outcome.REVOKED))[is_type],
        known=known,
        stopped_s=schedule.stopped_s,
    )


def _with_deemed_acceptance(
    process: Process, demand: Demand, schedule: Schedule, items: _Items
) -> _Items:
    """Find the first checks that came too late, and when their papers had been received."""
    days = demand.workload.working_days
    received = items.ready.copy()
    has_one = np.diff(demand.workload.pred_ptr)[items.number] > 0
    before = demand.workload.pred[demand.workload.pred_ptr[items.number[has_one]]]
    is_intake = process.role[demand.node[before]] == Role.INTAKE
    received[np.flatnonzero(has_one)[is_intake]] = schedule.ready[before[is_intake]]
    told = np.where(items.end == OPEN, items.stopped_s, items.end)
    first_check = process.first_check[demand.node[items.number]] & (received != OPEN)
    waited = days.count(np.maximum(received, 0) // DAY_S, told // DAY_S)
    late = first_check & (waited > NOTICE_WD)
    return replace(
        items,
        deemed_s=np.where(late, received, OPEN),
        running=items.running | _at_window_since(late, process, demand, items),
    )


def _at_window_since(late: Bools, process: Process, demand: Demand, items: _Items) -> Bools:
    """Return [J]: receipt or check of a submission that counts as accepted since its receipt."""
    numbers: dict[tuple[str, ...], int] = {}
    window = np.array([numbers.setdefault(node.covers, len(numbers)) for node in process.nodes])
    node = demand.node[items.number]
    submission = items.case * len(numbers) + window[node]
    at_window = np.isin(process.role[node], (Role.INTAKE, Role.CHECK))
    before = process.phase[node] == Phase.BEFORE
    return np.asarray(at_window & before & np.isin(submission, submission[late]))


@dataclass(frozen=True, eq=False)
class _Before:
    """What a clock showed before second 0, for the K cases; all 0 without a backlog.

    A case with nothing left in scope is out of it.
    """

    started: Bools
    stopped: Bools
    days: Ints
    start_day: Ints
    """1 where the date of the start may count, too."""


def _before(
    name: str,
    rule: ClockRule,
    items: _Items,
    carried: Carried | None,
    matters: Collection[str] | None,
) -> _Before:
    cases = len(items.cases)
    started, stopped = np.zeros(cases, np.bool_), np.zeros(cases, np.bool_)
    used, start_day = np.zeros(cases, np.int64), np.zeros(cases, np.int64)
    if carried is not None:
        at = np.searchsorted(items.cases, carried.case)
        left = _any(items, np.ones(len(items.case), np.bool_))[at]
        day = carried.started(matters, by_acceptance=rule.start == Mark.ACCEPTANCE)
        day = np.where(left, day, NOT_YET)
        running = day != NOT_YET
        started[at] = running
        stopped[at] = left & carried.is_decided(matters) & (rule.stop == Mark.DECISION)
        if rule.unit == "cd":
            used[at], start_day[at] = np.where(running, -1 - day, 0), running
        else:
            used[at] = carried.used_wd(name, day)
            start_day[at] = running & carried.past.working[np.minimum(day, -1)]
    return _Before(started, stopped, used, start_day)


def _read(
    rule: ClockRule, items: _Items, days: WorkingDays, count_start_day: bool, before: _Before
) -> Reading:
    start = np.where(before.started, 0, _start(items, rule.start))
    is_open, stop, stop_item = _stop(items, rule.stop)
    is_open &= ~before.stopped
    stop, stop_item = np.where(before.stopped, 0, stop), np.where(before.stopped, OPEN, stop_item)
    started = start != OPEN
    # What the clock shows now, if it still runs.
    until = np.where(is_open, items.stopped_s, stop)
    if rule.whole_span:
        case, begin, end = np.flatnonzero(started), start[started], until[started]
    else:
        case, begin, end = _running(items, _counted(rule, items), start, until)
    # What runs in the morning of day 0 began before it: that day counts.
    goes_on = before.started[case] & (begin == 0)
    if rule.unit == "cd":
        length = end // DAY_S - np.where(goes_on, -1, begin // DAY_S)
        first = np.ones_like(start)
    else:
        length = days.cumulative[end // DAY_S] - np.where(
            goes_on, 0, days.cumulative[begin // DAY_S]
        )
        first = days.working[start // DAY_S].astype(np.int64)
    first = np.where(before.started, before.start_day, first)
    value, elapsed = before.days.copy(), np.zeros_like(start)
    np.add.at(value, case, length)
    np.add.at(elapsed, case, end - begin)
    if count_start_day:
        value += np.where(started, first, 0)
    return Reading(value, elapsed, started, is_open, start, stop, stop_item)


def _start(items: _Items, mark: Mark) -> Ints:
    """Return [K] the instant of the start event, or OPEN."""
    marked = items.has(mark)
    awaits = _any(items, marked)
    if mark == Mark.ACCEPTANCE and items.known & mark:
        # Refused or withdrawn before it was accepted: it never will be.
        awaits |= ~items.goes_on
    event = items.end if mark == Mark.ACCEPTANCE else items.ready
    t = np.where(marked, event, items.ready)
    eligible = (marked | ~awaits[items.case]) & (t != OPEN)
    first = _earliest(items, eligible, t)
    if mark != Mark.ACCEPTANCE or items.deemed_s is None:
        return first
    deemed = _earliest(items, items.deemed_s != OPEN, items.deemed_s)
    earlier = (deemed != OPEN) & ((first == OPEN) | (deemed < first))
    return np.where(earlier, deemed, first)


def _stop(items: _Items, mark: Mark) -> tuple[Bools, Ints, Ints]:
    """Return [K] whether the stop event is to come, its instant and its item, or OPEN."""
    marked = items.has(mark) & (mark == Mark.DECISION)
    eligible = marked | ~_any(items, marked)[items.case]
    is_open = _any(items, eligible & (items.end == OPEN))
    stop = np.full(len(items.cases), OPEN, np.int64)
    np.maximum.at(stop, items.case[eligible], items.end[eligible])
    stop[is_open] = OPEN
    at_stop = eligible & (items.end == stop[items.case]) & (items.end != OPEN)
    return is_open, stop, _earliest(items, at_stop, items.number)


def _counted(rule: ClockRule, items: _Items) -> Bools:
    """Return [J]: the clock runs while this item is open."""
    pauses = np.isin(items.owner, sorted(rule.pauses_for))
    return ~pauses & items.running if rule.running_only else ~pauses


def _running(
    items: _Items, counted: Bools, start: Ints, until: Ints
) -> tuple[NDArray[np.int64], Ints, Ints]:
    """Return the case, begin and end of every interval on which the clock runs."""
    counted = counted & (items.ready != OPEN) & (start[items.case] != OPEN)
    case, ready, end = items.case[counted], items.ready[counted], items.end[counted]
    end = np.where(end == OPEN, items.stopped_s, end)
    begin, end = np.maximum(ready, start[case]), np.minimum(end, until[case])
    inside = begin < end
    # Still sorted: clipping moves no begin of a case past another.
    return merge(case[inside], begin[inside], end[inside])


def merge(group: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Join the overlapping and touching intervals of each group.

    Parameters
    ----------
    group, begin, end
        [n] sorted by group and then by begin; 0 ≤ begin ≤ end, in seconds.

    Returns
    -------
    group, begin, end
        [m] the same seconds as intervals that lie apart, in the same order.
    """
    if len(group) == 0:
        return group, begin, end
    # Groups laid end to end on one axis: no interval reaches the next group's.
    offset = group * (int(end.max()) + 1)
    reach = np.maximum.accumulate(end + offset)
    new = np.ones(len(group), np.bool_)
    new[1:] = begin[1:] + offset[1:] > reach[:-1]
    last = np.append(new[1:], True)
    return group[new], begin[new], reach[last] - offset[last]


def _any(items: _Items, true: Bools) -> Bools:
    """Return [K]: it is true of an item of the case."""
    return np.bincount(items.case[true], minlength=len(items.cases)) > 0


def _earliest(items: _Items, eligible: Bools, t: Ints) -> Ints:
    """Return [K] the smallest t of the eligible items of each case, or OPEN."""
    first = np.full(len(items.cases), _LATEST, np.int64)
    np.minimum.at(first, items.case[eligible], t[eligible])
    first[first == _LATEST] = OPEN
    return first
