"""The items of scopes, group by group: a clock counts the time of some of them.

Several scopes of one case type are read at once, as if each pair of a scope and a case were a case:
below, K counts such pairs, those of the first scope first. A group is such a pair, or one part of
it (a stage, a matter): group = pair · P + part, for P parts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.clocks.readings import History
from sim.demand.demand import Demand
from sim.engine.contract import DAY_S, NOTICE_WD, OPEN
from sim.limits import Scope
from sim.process.graph import Mark, Outcome, Owner, Pause, Phase, Role
from sim.process.table import Process

_LATEST: Final = np.int64(np.iinfo(np.int64).max)


@dataclass(frozen=True, eq=False)
class ScopeItems:
    """The J items of scopes in G groups, sorted by group and then by the instant of being ready.

    An item in several scopes, or parts, counts in each.
    """

    scopes: tuple[Scope, ...]

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
    cases: Ints
    """[K] case numbers."""
    goes_on: Bools
    """[G] the case is not refused, not withdrawn, and its acceptance did not lapse."""
    known: NDArray[np.uint8]
    """[G] all marks that any node of the scope, or part, carries."""
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

    def pauses(self, kinds: Collection[Pause]) -> Bools:
        """Return [J]: the item's time is one of these kinds of pause."""
        asked = np.zeros(len(Pause) + 1, np.bool_)  # the last entry stands for NO_PAUSE
        asked[[*kinds]] = True
        return asked[self.pause]

    def knows(self, mark: Mark) -> Bools:
        """Return [G]: some node of the scope, or part, carries the mark, in whichever case."""
        return np.asarray((self.known & np.uint8(mark)) != 0)

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
        last, few = np.full(self.groups, OPEN, np.int64), np.flatnonzero(eligible)
        np.maximum.at(last, self.group[few], t[few])
        return last

    @cached_property
    def in_scope(self) -> Bools:
        """[G] the group has an item."""
        return self.any(np.ones(len(self.group), np.bool_))

    def concerned(self, decided: Bools) -> Bools:
        """Return [K] whether the scope concerns the case; `decided`: it decides the case.

        A case may lack the matters of a scope and still have items in it, such as the receipt of
        all papers at one window. Of a case that is refused or withdrawn before they are decided it
        is not known whether it would have come to them; it counts as concerned.
        """
        names = np.repeat(
            [scope.matters is not None for scope in self.scopes],
            len(self.cases) // len(self.scopes),
        )
        return np.asarray(self.in_scope & (decided | ~self.goes_on | ~names))

    def regrouped(self, kept: Ints, group: Ints, known: NDArray[np.uint8]) -> ScopeItems:
        """Return items (positions `kept`, which may repeat) in the groups of P parts of each case.

        `known`: [K · P] as the field of this name.
        """
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
            goes_on=np.repeat(self.goes_on, len(known) // max(self.groups, 1)),
            known=known,
            deemed_s=None if self.deemed_s is None else self.deemed_s[kept],
        )


def counted_nodes(process: Process, *, apart: bool) -> Bools:
    """Return [N] the nodes whose time may count: all but supervision after the decision.

    `apart`: applications are read apart; the time between two belongs to neither.
    """
    counted: Bools = process.owner != Owner.SUPERVISION
    if apart:
        counted &= process.role != Role.RESUBMISSION
    return counted


def scope_items(history: History, scopes: Sequence[Scope]) -> ScopeItems:
    """Return the items of scopes, without supervision after the decision (on no clock).

    All scopes are of one case type, and there is at least one.
    """
    process, demand, schedule = history.process, history.demand, history.schedule
    case_type = scopes[0].case_type
    counted = counted_nodes(process, apart=demand.application is None)
    is_type = demand.case_type == process.case_types.index(case_type)
    cases = np.flatnonzero(is_type)
    of_type = history.by_case[case_type]
    in_scope = np.array([process.in_scope(case_type, s.matters) for s in scopes]) & counted
    scope, number = _in_each(in_scope, of_type, demand.node[of_type])
    node = demand.node[number]
    position = np.cumsum(is_type, dtype=np.int64) - 1
    known = np.bitwise_or.reduce(np.where(in_scope, process.marks, 0), axis=1)
    goes_on = np.isin(demand.outcome[cases], (Outcome.DONE, Outcome.REVOKED))
    return ScopeItems(
        scopes=tuple(scopes),
        number=number,
        group=position[demand.case[number]] + scope * len(cases),
        ready=schedule.ready[number],
        end=schedule.end[number],
        marks=demand.marks[number],
        pause=process.pause[node],
        running=(process.phase == Phase.RUNNING)[node],
        cases=np.tile(cases, len(scopes)),
        goes_on=np.tile(goes_on, len(scopes)),
        known=np.repeat(known, len(cases)),
        stopped_s=schedule.stopped_s,
    )


def _in_each(in_scope: Bools, number: Ints, node: NDArray[np.int32]) -> tuple[Ints, Ints]:
    """Return scope and number of each item of each scope, by scope and then in the order given.

    `in_scope`: [S, N] of each node; `number`, `node`: [J] of each item.
    """
    scopes = np.nonzero(in_scope.T)[1]
    count = in_scope.sum(axis=0)
    first = np.concatenate([[0], np.cumsum(count)])
    times = count[node]
    item = np.repeat(np.arange(len(number)), times)
    nth = np.arange(len(item)) - np.repeat(np.cumsum(times) - times, times)
    scope = scopes[first[node[item]] + nth]
    order = np.argsort(scope.astype(np.int16), kind="stable")
    return scope[order], number[item[order]]


def with_deemed_acceptance(history: History, items: ScopeItems) -> ScopeItems:
    """Return the items with `deemed_s`: the receipt of papers checked too late.

    Receipt and check of such papers are then on the running clock of their matters, and a
    correction of them comes after acceptance. So they are for papers that were late before second
    0, whose clock has started then.
    """
    process, demand, schedule = history.process, history.demand, history.schedule
    days = demand.workload.working_days
    check = np.flatnonzero(process.first_check[demand.node[items.number]])
    received = items.ready[check]
    number = items.number[check]
    has_one = np.diff(demand.workload.pred_ptr)[number] > 0
    link = demand.workload.pred[demand.workload.pred_ptr[number[has_one]]]
    is_intake = process.role[demand.node[link]] == Role.INTAKE
    received[np.flatnonzero(has_one)[is_intake]] = schedule.ready[link[is_intake]]
    told = np.where(items.end[check] == OPEN, items.stopped_s, items.end[check])
    waited = days.count(np.maximum(received, 0) // DAY_S, told // DAY_S)
    too_late = (waited > NOTICE_WD) & (received != OPEN)
    before = np.zeros(len(items.number), np.bool_)
    if demand.deemed is not None:
        before = demand.deemed[items.number]
        too_late &= ~before[check]
    if not too_late.any() and not before.any():
        return items
    deemed = np.full(len(items.number), OPEN, np.int64)
    deemed[check[too_late]] = received[too_late]
    accepted = before | _of_submissions(deemed != OPEN, process, demand, items)
    at_window = np.isin(process.role[demand.node[items.number]], (Role.INTAKE, Role.CHECK))
    corrected = accepted & (items.pause == Pause.CORRECTION_BEFORE_ACCEPTANCE)
    return replace(
        items,
        deemed_s=deemed,
        running=items.running | (accepted & at_window),
        pause=np.where(corrected, np.int8(Pause.CORRECTION_AFTER_ACCEPTANCE), items.pause),
    )


def _of_submissions(late: Bools, process: Process, demand: Demand, items: ScopeItems) -> Bools:
    """Return [J]: a step before acceptance of a submission that has one of the `late` checks."""
    numbers: dict[tuple[str, ...], int] = {}
    window = np.array([numbers.setdefault(node.covers, len(numbers)) for node in process.nodes])
    node = demand.node[items.number]
    submission = items.group * len(numbers) + window[node]
    if demand.application is not None:  # of a clock that goes on through several
        submission = submission * 256 + demand.application[items.number]
    before = process.phase[node] == Phase.BEFORE
    return np.asarray(before & np.isin(submission, submission[late]))
