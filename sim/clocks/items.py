"""The items of one scope, group by group: a clock counts the time of some of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.clocks.readings import History
from sim.demand.demand import Demand
from sim.engine.contract import DAY_S, OPEN
from sim.limits import NOTICE_WD, Scope
from sim.process.graph import Mark, Outcome, Owner, Pause, Phase, Role
from sim.process.table import Process

_LATEST: Final = np.int64(np.iinfo(np.int64).max)


@dataclass(frozen=True, eq=False)
class ScopeItems:
    """J items in G groups, sorted by group and then by the instant at which they were ready.

    A group is a case, or one part of a case (a stage, a matter): group = case · P + part, for P
    parts. An item that serves several parts stands in the group of each.
    """

    number: Ints
    """[J] item number, as in the workload."""
    group: Ints
    """[J]"""
    ready: Ints
    end: Ints
    marks: NDArray[np.uint8]
    pause: NDArray[np.int8]
    """[J] the kind of pause that the item's time is, a `Pause`; or NO_PAUSE."""
    running: Bools
    """[J] the item lies between acceptance and decision of its own matter."""
    goes_on: Bools
    """[G] the case is not refused, not withdrawn, and its acceptance did not lapse."""
    known: NDArray[np.uint8]
    """[P] all marks that any node of the part carries."""
    stopped_s: int
    deemed_s: Ints | None = None
    """[J] the instant of receipt, if this check came so late that receipt counts as acceptance;
    else OPEN."""

    @property
    def groups(self) -> int:
        """G."""
        return len(self.goes_on)

    def has(self, mark: Mark) -> Bools:
        """Return [J]: the item carries the mark."""
        return np.asarray((self.marks & np.uint8(mark)) != 0)

    def may_have(self, mark: Mark) -> Bools:
        """Return [G]: some node of the group's part carries the mark."""
        known = (self.known & np.uint8(mark)) != 0
        return np.tile(known, self.groups // len(known))

    def pauses(self, kinds: Collection[Pause]) -> Bools:
        """Return [J]: the item's time is one of these kinds of pause."""
        asked = np.zeros(len(Pause) + 1, np.bool_)  # the last entry stands for NO_PAUSE
        asked[[*kinds]] = True
        return asked[self.pause]

    def any(self, true: Bools) -> Bools:
        """Return [G]: `true` ([J]) holds for an item of the group."""
        result = np.zeros(self.groups, np.bool_)
        result[self.group[np.flatnonzero(true)]] = True
        return result

    def earliest(self, eligible: Bools, t: Ints) -> Ints:
        """Return [G] the smallest t of the eligible items of each group, or OPEN."""
        first, few = np.full(self.groups, _LATEST), np.flatnonzero(eligible)
        np.minimum.at(first, self.group[few], t[few])
        first[first == _LATEST] = OPEN
        return first

    def latest(self, eligible: Bools, t: Ints) -> Ints:
        """Return [G] the largest t of the eligible items of each group, or OPEN."""
        last = np.full(self.groups, OPEN, np.int64)
        np.maximum.at(last, self.group, np.where(eligible, t, OPEN))
        return last

    @cached_property
    def in_scope(self) -> Bools:
        """[G] the group has an item."""
        return self.any(np.ones(len(self.group), np.bool_))

    def regrouped(
        self, kept: Ints, group: Ints, goes_on: Bools, known: NDArray[np.uint8]
    ) -> ScopeItems:
        """Return the items `kept` (positions, which may repeat) in other groups."""
        order = np.argsort(group, kind="stable")
        kept = kept[order]
        return replace(
            self,
            number=self.number[kept],
            group=group[order],
            ready=self.ready[kept],
            end=self.end[kept],
            marks=self.marks[kept],
            pause=self.pause[kept],
            running=self.running[kept],
            goes_on=goes_on,
            known=known,
            deemed_s=None if self.deemed_s is None else self.deemed_s[kept],
        )


def cases_of(history: History, scope: Scope) -> Ints:
    """Return [K] the cases of a scope's case type; `scope_items` groups items by them."""
    demand, kind = history.demand, history.process.case_types.index(scope.case_type)
    return np.flatnonzero(demand.case_type == kind)


def scope_items(history: History, scope: Scope) -> ScopeItems:
    """Return the items of a scope, without supervision after the decision (on no clock)."""
    process, demand, schedule = history.process, history.demand, history.schedule
    in_scope = process.in_scope(scope.case_type, scope.matters)
    in_scope &= process.owner != Owner.SUPERVISION
    is_type = demand.case_type == process.case_types.index(scope.case_type)
    position = np.cumsum(is_type, dtype=np.int64) - 1
    number = np.flatnonzero(in_scope[demand.node])
    key = schedule.ready[number] + demand.case[number] * np.int64(schedule.stopped_s + 2)
    number = number[np.argsort(key)]
    del key
    node = demand.node[number]
    return ScopeItems(
        number=number,
        group=position[demand.case[number]],
        ready=schedule.ready[number],
        end=schedule.end[number],
        marks=demand.marks[number],
        pause=process.pause[node],
        running=(process.phase == Phase.RUNNING)[node],
        goes_on=np.isin(demand.outcome, (Outcome.DONE, Outcome.REVOKED))[is_type],
        known=np.bitwise_or.reduce(process.marks[in_scope], keepdims=True),
        stopped_s=schedule.stopped_s,
    )


def with_deemed_acceptance(history: History, items: ScopeItems) -> ScopeItems:
    """Return the items with `deemed_s`: the receipt of papers checked too late.

    Receipt and check of such papers are then on the running clock of their matters, and a
    correction of them comes after acceptance.
    """
    process, demand, schedule = history.process, history.demand, history.schedule
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
    accepted = _of_submissions(late, process, demand, items)
    role = process.role[demand.node[items.number]]
    corrected = accepted & (items.pause == Pause.CORRECTION_BEFORE_ACCEPTANCE)
    return replace(
        items,
        deemed_s=np.where(late, received, OPEN),
        running=items.running | (accepted & np.isin(role, (Role.INTAKE, Role.CHECK))),
        pause=np.where(corrected, Pause.CORRECTION_AFTER_ACCEPTANCE, items.pause).astype(np.int8),
    )


def _of_submissions(late: Bools, process: Process, demand: Demand, items: ScopeItems) -> Bools:
    """Return [J]: a step before acceptance of a submission that has one of the `late` checks."""
    numbers: dict[tuple[str, ...], int] = {}
    window = np.array([numbers.setdefault(node.covers, len(numbers)) for node in process.nodes])
    node = demand.node[items.number]
    submission = items.group * len(numbers) + window[node]
    before = process.phase[node] == Phase.BEFORE
    return np.asarray(before & np.isin(submission, submission[late]))
