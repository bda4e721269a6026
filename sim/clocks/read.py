"""Reads the clocks of scopes in one replication."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType

import numpy as np

from sim.arrays import Bools, Ints
from sim.clocks.applications import longest
from sim.clocks.counting import DEFAULT, Asked, Counting, clocks_of
from sim.clocks.intervals import Grouped, merge, minus, ordered
from sim.clocks.items import ScopeItems, scope_items, with_deemed_acceptance
from sim.clocks.parts import Parts
from sim.clocks.readings import ClockReadings, History, Reading
from sim.clocks.rounds import first_of_round, longest_round
from sim.clocks.span import Before, Span, before_start, carried_at
from sim.engine import chosen
from sim.engine.contract import DAY_S, OPEN
from sim.limits import ClockRule, Counts, Level, Scope
from sim.process.graph import Mark


def read_clocks(history: History, scope: Scope, counting: Counting = DEFAULT) -> ClockReadings:
    """Read the clocks of one scope for every case of a case type.

    Parameters
    ----------
    scope
        The items whose time the clocks may count.
    counting
        The clocks; those that cannot measure the case type are left out.

    Notes
    -----
    A case that is refused or withdrawn has no items past that point, so its clocks stop with its
    last item. A case that was refused or withdrawn before acceptance never starts the clocks that
    begin with acceptance. Clocks that ran before second 0 go on, and show the same days as if the
    simulation had begun earlier.
    """
    return read_each(history, {scope: tuple(counting.rules)}, counting)[scope]


def read_each(
    history: History, asked: Asked, counting: Counting = DEFAULT
) -> Mapping[Scope, ClockReadings]:
    """Read in each of several scopes the clocks asked for there; see `read_clocks`.

    The clocks of `counting` do not matter.
    """
    if next(iter(asked)).per == "case" or history.applications == 1:
        return _read(history, asked, counting)
    apart, whole = (_read(each, asked, counting) for each in (history.apart, history))
    return {scope: longest(apart[scope], whole[scope], history) for scope in asked}


def _read(history: History, asked: Asked, counting: Counting) -> Mapping[Scope, ClockReadings]:
    if chosen(history.engine) == "simpy":
        return read_arrays(history, asked, counting)
    from sim.clocks.compiled import read_compiled  # loads the library when it is needed

    return read_compiled(history, asked, counting)


def read_arrays(
    history: History, asked: Asked, counting: Counting
) -> Mapping[Scope, ClockReadings]:
    """Read the clocks of scopes array by array: the reference for `sim.clocks.compiled`.

    Scopes that ask for the same clocks are read together.
    """
    alike: dict[tuple[ClockRule, ...], list[Scope]] = {}
    for scope, rules in asked.items():
        alike.setdefault(rules, []).append(scope)
    read: dict[Scope, ClockReadings] = {}
    for rules, scopes in alike.items():
        stacked = _read_stacked(history, scopes, replace(counting, rules=rules))
        read |= dict(zip(scopes, _unstacked(stacked, len(scopes)), strict=True))
    return {scope: read[scope] for scope in asked}


def _read_stacked(history: History, scopes: Sequence[Scope], counting: Counting) -> ClockReadings:
    """Read scopes together: the readings of the first come first, then those of the second."""
    reader = _Reader(history, scopes, counting)
    items, carried = reader.recorded, reader.carried
    rules = clocks_of(counting.rules, reader.graph, resumed=carried is not None)
    clocks = {rule.name: reader.reading(rule) for rule in rules}
    decided = items.any(items.has(Mark.DECISION)) | ~items.knows(Mark.DECISION)
    for scope, at in carried_at(scopes, reader.cases, carried):
        assert carried is not None
        decided[at] |= carried.any_decided(scope.matters)
    concerned = items.concerned(decided)
    return ClockReadings(items.cases, concerned, decided, MappingProxyType(clocks))


def _unstacked(readings: ClockReadings, scopes: int) -> Iterator[ClockReadings]:
    """Yield the readings of each scope from those of all."""
    cases = len(readings.case) // scopes
    for number in range(scopes):
        here = slice(number * cases, (number + 1) * cases)
        clocks = {
            name: Reading(
                rule=reading.rule,
                value=reading.value[here],
                elapsed_s=reading.elapsed_s[here],
                started=reading.started[here],
                open=reading.open[here],
                start_s=reading.start_s[here],
                stop_s=reading.stop_s[here],
                stop_item=reading.stop_item[here],
            )
            for name, reading in readings.clocks.items()
        }
        yield ClockReadings(
            readings.case[here],
            readings.in_scope[here],
            readings.decided_here[here],
            MappingProxyType(clocks),
        )


def running_intervals(
    history: History, scope: Scope, rule: ClockRule, counting: Counting = DEFAULT
) -> Grouped:
    """Return the intervals in which a clock ran, by case and then by time.

    They are three arrays [n]: case number, begin and end of an interval without a pause. The last
    interval of a clock that still runs ends when the run stopped. A clock with parts ran while that
    of any part did.
    """
    if scope.per != "case" and history.applications > 1 and not rule.without_refused:
        case, begin, end = running_intervals(history.apart, scope, rule, counting)
        return case // history.applications, begin, end
    reader = _Reader(history, (scope,), counting)
    group, begin, end = reader.intervals(rule)
    case = group // (reader.parts.number(rule.each) if rule.by_part else 1)
    if rule.each is not Level.CASE:
        case, begin, end = merge(*ordered(case, begin, end))
    return reader.recorded.cases[case], begin, end


def clock_so_far(
    history: History, scope: Scope, rule: ClockRule, counting: Counting = DEFAULT
) -> tuple[Ints, Callable[[Ints], Ints]]:
    """Return [K] case numbers, and a function that tells how far their clocks had come.

    The function takes [K] an instant for each case, and returns [K] what its clock shows of the
    time up to then, in the smallest amounts of the clock. What is known only later counts: an
    acceptance that the law deems given began with the receipt.
    """
    if scope.per != "case" and history.applications > 1 and not rule.without_refused:
        most = history.applications
        case, amount = clock_so_far(history.apart, scope, rule, counting)
        return case[::most] // most, lambda t: amount(np.repeat(t, most)).reshape(-1, most).max(1)
    reader = _Reader(history, (scope,), counting)
    group, begin, end = reader.intervals(rule)
    parts = reader.parts.number(rule.each) if rule.by_part else 1

    def amount_at(t: Ints) -> Ints:
        until = np.repeat(t, parts)[group]
        ran = begin < until
        value, _ = reader.amounts(rule, group[ran], begin[ran], np.minimum(end, until)[ran])
        return value

    return reader.recorded.cases, amount_at


class _Reader:
    """The items and spans of scopes, which several clocks share."""

    def __init__(self, history: History, scopes: Sequence[Scope], counting: Counting) -> None:
        self.history, self.counting = history, counting
        self.days = history.demand.workload.working_days
        self.graph = history.process.graphs[history.process.case_types.index(scopes[0].case_type)]
        self.carried = history.demand.backlog.get(scopes[0].case_type)
        self.recorded = scope_items(history, scopes)
        """The items by case; no late notice counts as acceptance."""
        self.cases = self.recorded.cases[: len(self.recorded.cases) // len(scopes)]
        self._grouped: dict[tuple[object, ...], ScopeItems] = {}
        self._spans: dict[tuple[object, ...], Span] = {}
        self._intervals: dict[tuple[object, ...], Grouped] = {}

    # --- items -------------------------------------------------------------------------------

    @cached_property
    def deemed(self) -> ScopeItems:
        """The items by case, with the acceptance that the law deems given."""
        return with_deemed_acceptance(self.history, self.recorded)

    @cached_property
    def parts(self) -> Parts:
        """The matters and stages of the scopes."""
        return Parts.of(self.history, self.recorded)

    def by_case(self, rule: ClockRule) -> ScopeItems:
        """Return the items of the scope as a clock sees them, grouped by case."""
        follows = self.counting.deemed_acceptance and rule.deemed_acceptance
        return self.deemed if follows else self.recorded

    def grouped(self, rule: ClockRule, level: Level) -> ScopeItems:
        """Return the items that a clock may count, in groups of a level."""
        if not rule.by_part:
            return self.by_case(rule)
        key = (rule.deemed_acceptance, rule.without_refused, level)
        if key not in self._grouped:
            self._grouped[key] = self.parts.items(
                self.by_case(rule), level, without_failed=rule.without_refused
            )
        return self._grouped[key]

    def groups(self, rule: ClockRule) -> int:
        """Return the number of groups that have a clock each."""
        return (
            len(self.recorded.cases) * self.parts.number(rule.each)
            if rule.by_part
            else (self.recorded.groups)
        )

    # --- spans and intervals -----------------------------------------------------------------

    def whole_span(self, rule: ClockRule, before: Before) -> Span:
        """Return the span of the whole scope in each case."""
        key = (rule.deemed_acceptance, rule.start, rule.stop)
        if key not in self._spans:
            self._spans[key] = Span.of(self.by_case(rule), rule.start, rule.stop, before)
        return self._spans[key]

    def span(self, rule: ClockRule, level: Level) -> Span:
        """Return the span of each group of a level."""
        if not rule.by_part:
            return self.whole_span(rule, self.before(rule))
        key = (rule.deemed_acceptance, rule.start, rule.stop, rule.without_refused, level)
        if key not in self._spans:
            items = self.grouped(rule, level)
            nothing = Before.nothing(items.groups)
            self._spans[key] = Span.of(items, rule.start, rule.stop, nothing)
        return self._spans[key]

    def before(self, rule: ClockRule) -> Before:
        """Return the state of a clock before second 0, case by case."""
        scopes, left = self.recorded.scopes, self.recorded.in_scope
        return before_start(rule, scopes, self.cases, left, self.carried)

    def intervals(self, rule: ClockRule) -> Grouped:
        """Return the group, begin and end of every interval that counts."""
        key = (
            *(rule.start, rule.stop, rule.pauses, rule.counts, rule.each),
            *(rule.without_refused, rule.deemed_acceptance),
        )
        if key not in self._intervals:
            if rule.counts in {Counts.STEPS, Counts.RUNNING_STEPS}:
                self._intervals[key] = self._open_steps(rule)
            else:
                self._intervals[key] = minus(self._between(rule), self._paused(rule))
        return self._intervals[key]

    def _open_steps(self, rule: ClockRule) -> Grouped:
        span = self.span(rule, rule.each)
        items = span.items
        begin, end = span.open_items
        counted = (begin < end) & ~items.pauses(rule.pauses)
        if rule.counts is Counts.RUNNING_STEPS:
            counted &= items.running
        return merge(items.group[counted], begin[counted], end[counted])

    def _between(self, rule: ClockRule) -> Grouped:
        """Return the time between start and stop, of the groups or of the matters in them."""
        by_matter = rule.counts is Counts.MATTERS
        span = self.span(rule, Level.MATTER if by_matter else rule.each)
        group = np.flatnonzero(span.started & (span.start < span.until))
        begin, end = span.start[group], span.until[group]
        if not by_matter:
            return group, begin, end
        return merge(*ordered(self.parts.outer(group, rule.each), begin, end))

    def _paused(self, rule: ClockRule) -> Grouped:
        """Return the time in which a step of the group pauses the clock."""
        if not rule.pauses:
            none = np.empty(0, np.int64)
            return none, none, none
        by_matter = rule.counts is Counts.MATTERS
        items = self.grouped(rule, Level.MATTER if by_matter else rule.each)
        here = np.flatnonzero(items.pauses(rule.pauses) & (items.ready != OPEN))
        group, end = items.group[here], items.end[here]
        end = np.where(end == OPEN, items.stopped_s, end)
        if not by_matter:
            return merge(group, items.ready[here], end)
        return merge(*ordered(self.parts.outer(group, rule.each), items.ready[here], end))

    # --- readings ----------------------------------------------------------------------------

    def reading(self, rule: ClockRule) -> Reading:
        """Read one clock."""
        whole = self.whole_span(rule, self.before(rule))
        value, elapsed = self.amounts(rule, *self.intervals(rule))
        is_open = whole.is_open | self._part_open(rule) if rule.by_part else whole.is_open
        return Reading(
            rule=rule,
            value=value,
            elapsed_s=elapsed,
            started=whole.started,
            open=is_open,
            start_s=whole.start,
            stop_s=np.where(is_open, OPEN, whole.stop),
            stop_item=np.where(is_open, OPEN, whole.stop_item),
        )

    def amounts(self, rule: ClockRule, group: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Return [K] what the intervals in which a clock ran come to, and [K] their seconds."""
        own = Before.nothing(self.groups(rule)) if rule.by_part else self.before(rule)
        first = self._first(rule, group, begin, end)
        lengths = self._lengths(rule, own, group, begin, end)
        if rule.ends_on_working_day:
            lengths -= self._days_off_at_end(first, lengths, end)
        used = own.days
        if self.counting.count_start_day and rule.unit != "h":
            used = used + self._start_day(rule, own)
            lengths += self._start_days_of_rounds(rule, first, group, begin)
        value = longest_round(group, first, lengths, used)
        elapsed = longest_round(group, first, end - begin, np.zeros_like(used))
        if rule.each is not Level.CASE:
            value = self.parts.combined(value, rule.each, summed=rule.summed)
            elapsed = self.parts.combined(elapsed, rule.each, summed=rule.summed)
        return value, elapsed

    def _part_open(self, rule: ClockRule) -> Bools:
        """Return [K]: a part that the clock counts has not ended.

        The last decision of a scope does not end a part without one, such as a publicity.
        """
        level = Level.MATTER if rule.counts is Counts.MATTERS else rule.each
        by_part = self.span(rule, level).is_open.reshape(-1, self.parts.number(level))
        return np.asarray(by_part.any(axis=1))

    def _first(self, rule: ClockRule, group: Ints, begin: Ints, end: Ints) -> Bools:
        """Return [n]: the interval is the first of a round, or of its group without rounds."""
        if not rule.per_round:
            return np.append(group[:1] >= 0, group[1:] != group[:-1])
        items = self.grouped(rule, rule.each)
        corrected = items.pauses(rule.round_ends(network=not self.graph.stages))
        corrected &= items.end != OPEN
        return first_of_round(group, begin, end, items.group[corrected], items.end[corrected])

    def _days_off_at_end(self, first: Bools, lengths: Ints, end: Ints) -> Ints:
        """Return [n] the days off directly before the last date of each round; else 0.

        A limit of the law that would run out on one of them runs out on the next working day
        (Civil Code art. 203). So the shortest limit that the round keeps has that many days less.
        """
        yesterday = np.maximum(end // DAY_S - 1, 0)
        off = yesterday - self.days.nth[self.days.cumulative[yesterday]]
        is_last = np.append(first[1:], first[:1])
        return np.where(is_last, np.minimum(off, lengths), 0)

    def _start_days_of_rounds(
        self, rule: ClockRule, first: Bools, group: Ints, begin: Ints
    ) -> Ints:
        """Return [n] 1 where a round after the first of its group starts on a date that counts."""
        later = first & np.append(group[:1] < 0, group[1:] == group[:-1])
        working = self.days.working[begin // DAY_S] if rule.unit == "wd" else True
        return np.asarray(later & working, np.int64)

    def _lengths(
        self, rule: ClockRule, before: Before, group: Ints, begin: Ints, end: Ints
    ) -> Ints:
        """Return [n] what each interval counts in the smallest amounts of the clock's unit."""
        if rule.hours is not None:
            return self.counting.hours[rule.hours].elapsed(begin, end)
        # A clock that runs in the morning of day 0 began before it, so that day counts.
        goes_on = before.started[group] & (begin == 0)
        first_day, last_day = begin // DAY_S, end // DAY_S
        if rule.unit == "cd":
            return last_day - np.where(goes_on, -1, first_day)
        n = self.days.cumulative
        return n[last_day] - np.where(goes_on, 0, n[first_day])

    def _start_day(self, rule: ClockRule, before: Before) -> Ints:
        """Return 1 for each group whose day of the start counts too, else 0."""
        span = self.span(rule, rule.each)
        day = np.ones_like(span.start)
        if rule.unit == "wd":
            day = self.days.working[span.start // DAY_S].astype(np.int64)
        return np.where(span.started, np.where(before.started, before.start_day, day), 0)
