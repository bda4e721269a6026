"""The state's statistics of items, stages and projects, as the national approval system has them.

The rules are read from public code of two vendors' builds (工程建设项目审批管理系统):

- 审批用时 in working days, 跨度用时 in calendar days; open ones count to now;
- an item is overdue (超期) if its 审批用时 exceeds its limit; a stage also if any of its items is;
  a project if any item is. Items that were withdrawn, refused, not accepted, lapsed or revoked have
  no time and are never overdue;
- 建设单位合理化用时 of a stage: the applicant's own time. The working days from the end of the
  stage before (for the first: from its receipt) to its own end on which no item of it was open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.arrays import Bools, Ints
from sim.clocks import ClockReadings, Counting, History, read_clocks
from sim.engine.contract import DAY_S, OPEN
from sim.limits import (
    STATE_ITEM,
    STATE_ITEM_SPAN,
    STATE_PROJECT,
    STATE_SPAN,
    STATE_STAGE,
    STATE_STAGE_OPEN,
    ClockRule,
    Scope,
)
from sim.process.graph import Mark


@dataclass(frozen=True, eq=False)
class StateDays:
    """The statistics of one item, stage or project for K cases of a case type."""

    kind: str
    """`item`, `stage` or `project`."""
    name: str
    case: Ints
    """[K] the cases."""
    counted: Bools
    """[K] it has a time."""
    open: Bools
    """[K] it has not ended."""
    days: Ints
    """[K] 审批用时, in working days."""
    span: Ints
    """[K] 跨度用时, in calendar days."""
    overdue: Bools
    """[K] 超期."""
    applicant: Ints | None = None
    """[K] 建设单位合理化用时 of a stage that has ended, in working days; else -1."""


def state_days(
    history: History,
    case_type: str,
    stages: Mapping[str, Sequence[str]],
    matter_limits: Mapping[str, Ints],
    stage_limits: Mapping[str, int],
    counting: Counting,
) -> list[StateDays]:
    """Return the statistics of each item, stage and project of a case type.

    Parameters
    ----------
    stages
        Stage → its matters, in the order of the process.
    matter_limits
        Matter → [C] the working days that it may take in each case; a negative number: no limit.
    stage_limits
        Stage → the working days that it may take.
    counting
        How days are counted.
    """
    reader = _Reader(history, case_type, counting)
    found = []
    all_items: list[StateDays] = []
    before: Ints | None = None
    for stage, matters in stages.items():
        items = [reader.item(name, matter_limits.get(name)) for name in matters]
        of_stage, before = reader.stage(stage, matters, items, stage_limits.get(stage), before)
        found += [of_stage, *items]
        all_items += items
    return [*found, reader.project(case_type, all_items)]


class _Reader:
    def __init__(self, history: History, case_type: str, counting: Counting) -> None:
        self.history, self.case_type, self.counting = history, case_type, counting
        self.days = history.demand.workload.working_days

    def read(self, matters: Sequence[str] | None, *rules: ClockRule) -> ClockReadings:
        scope = Scope(self.case_type, None if matters is None else tuple(matters))
        return read_clocks(self.history, scope, replace(self.counting, rules=rules))

    def item(self, matter: str, allowed: Ints | None) -> StateDays:
        read = self.read([matter], STATE_ITEM, STATE_ITEM_SPAN)
        clock, span = (read.clocks[rule.name] for rule in (STATE_ITEM, STATE_ITEM_SPAN))
        failed = failed_cases(self.history, matter)[read.case]
        counted = (
            read.in_scope & clock.started & ~failed & has_matter(self.history, matter)[read.case]
        )
        late = np.zeros(len(counted), np.bool_)
        if allowed is not None:
            limit = allowed[read.case]
            late = counted & (limit >= 0) & (clock.value > limit)
        return StateDays(
            "item", matter, read.case, counted, clock.open, clock.value, span.value, late
        )

    def stage(
        self,
        name: str,
        matters: Sequence[str],
        items: Sequence[StateDays],
        allowed: int | None,
        before: Ints | None,
    ) -> tuple[StateDays, Ints]:
        """Return the statistics of a stage, and [K] when each case was done with it, or `OPEN`.

        `before`: the same of the stages before it.
        """
        read = self.read(matters, STATE_STAGE, STATE_STAGE_OPEN, STATE_SPAN)
        clock, whole, span = (
            read.clocks[rule.name] for rule in (STATE_STAGE, STATE_STAGE_OPEN, STATE_SPAN)
        )
        none = np.zeros(len(read.case), np.bool_)
        alive = np.logical_or.reduce(
            [
                none,
                *(
                    has_matter(self.history, matter)[read.case]
                    & ~failed_cases(self.history, matter)[read.case]
                    for matter in matters
                ),
            ]
        )
        counted = read.in_scope & clock.started & alive
        late = np.logical_or.reduce([none, *(item.overdue for item in items)])
        if allowed is not None:
            late = late | (counted & (clock.value > allowed))
        since = span.start_s if before is None else np.where(before == OPEN, span.start_s, before)
        ended = counted & ~span.open & (span.stop_s != OPEN)
        n = self.days.cumulative
        passed = n[np.maximum(span.stop_s, 0) // DAY_S] - n[np.maximum(since, 0) // DAY_S]
        applicant = np.where(ended, np.maximum(passed - whole.value, 0), -1)
        done = np.where(ended, np.maximum(span.stop_s, since), since)
        found = StateDays(
            "stage", name, read.case, counted, span.open, clock.value, span.value, late, applicant
        )
        return found, done

    def project(self, name: str, items: Sequence[StateDays]) -> StateDays:
        read = self.read(None, STATE_PROJECT, STATE_SPAN)
        clock, span = (read.clocks[rule.name] for rule in (STATE_PROJECT, STATE_SPAN))
        counted = read.in_scope & span.started
        late = np.zeros(len(read.case), np.bool_)
        for item in items:
            late |= item.overdue
        return StateDays(
            "project", name, read.case, counted, span.open, clock.value, span.value, late
        )


def has_matter(history: History, matter: str) -> Bools:
    """Return [C]: the case has a step of the matter alone."""
    return _any_case(history, _steps_of(history, matter, alone=True))


def failed_cases(history: History, matter: str) -> Bools:
    """Return [C]: the last application of the matter ended without success."""
    demand, schedule = history.demand, history.schedule
    steps = _steps_of(history, matter, alone=False)
    number = np.ones(len(demand.node), np.int64)
    if demand.application is not None:
        number = demand.application.astype(np.int64)
    last = np.zeros(len(demand.case_type), np.int64)
    np.maximum.at(last, demand.case[steps], number[steps])
    fails = (demand.marks[steps] & np.uint8(Mark.FAILURE)) != 0
    final = number[steps] == last[demand.case[steps]]
    return _any_case(history, steps[fails & final & (schedule.end[steps] != OPEN)])


def _steps_of(history: History, matter: str, *, alone: bool) -> Ints:
    serves = np.array(
        [
            matter in node.serves and (len(node.serves) == 1 or not alone)
            for node in history.process.nodes
        ],
        np.bool_,
    )
    if not len(serves):
        return np.empty(0, np.int64)
    return np.flatnonzero(serves[history.demand.node])


def _any_case(history: History, steps: Ints) -> Bools:
    found = np.zeros(len(history.demand.case_type), np.bool_)
    found[history.demand.case[steps]] = True
    return found
