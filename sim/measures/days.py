"""The use of days: working days by category, by matter and by department.

Days are measured here as a continuous quantity, so that parts add up: W(t) is the number of
working days before the date of t, plus the part of that date that has passed if it is a working
day. W is kept in seconds of working days (int64), so sums are exact. Whole days from midnight to
midnight count, since a case waits round the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Floats, Ints, total
from sim.calendars import WorkingDays
from sim.clocks import History, Reading
from sim.engine.contract import DAY_S, DELAY, OPEN, Schedule, Workload
from sim.engine.parts import waits_again
from sim.limits import ClockRule
from sim.measures.together import with_the_missing
from sim.process.graph import Owner, Role
from sim.process.table import Process


class Category(IntEnum):
    """The use of time, by the owner of the time; the authority's time is split further."""

    WAITING = 0
    """The authority: from ready until an officer began, and between officers after a hand-over."""
    WORK = 1
    """The authority: from begin to end of work, nights and weekends in between included."""
    TRANSFER = 2
    """The authority: papers under way between window and department."""
    CORRECTION = 3
    """The applicant: corrections, preparation, trips to the next counter, time before handing in
    again."""
    EXCLUDED = 4
    """Special procedures and publicity; waiting for them too."""
    THIRD_PARTY = 5
    """A third party's review; waiting for it too."""
    OTHER = 6
    """The authority: other delays."""
    SUPERVISION = 7
    """Verification after the decision; on no clock."""


OWNER_PREFIX: Final = "owner:"
"""Begins the name of an account of time for which no department accounts: `owner:authority`, and so
on. No name of a scenario holds a colon."""

_OF_OWNER: Final = {
    Owner.APPLICANT: Category.CORRECTION,
    Owner.THIRD_PARTY: Category.THIRD_PARTY,
    Owner.SPECIAL: Category.EXCLUDED,
    Owner.PUBLICITY: Category.EXCLUDED,
    Owner.DEFERRED: Category.CORRECTION,
    Owner.SUPERVISION: Category.SUPERVISION,
}


def not_counted(process: Process, rule: ClockRule) -> frozenset[Category]:
    """Return the categories that a clock never counts: each of their steps pauses it."""
    counted: set[Category] = set()
    paused: set[Category] = set()
    for node in process.nodes:
        if (category := _OF_OWNER.get(node.owner)) is not None:
            (paused if node.pause in rule.pauses else counted).add(category)
    return frozenset(paused - counted)


@dataclass(frozen=True, eq=False)
class Grouping:
    """G accounts, and the account to which each node's time is charged."""

    names: tuple[tuple[str, ...], ...]
    """[G] the names of the account."""
    of_node: NDArray[np.int32]
    """[N] the account of each node."""


def by_matter(process: Process) -> Grouping:
    """Group nodes by the matters that they cover.

    A step that serves several matters at once (a general window) has an account of its own, named
    after all of them: to charge it to one matter would blame that one, to split it would invent
    numbers. A step that covers no matter (an open network) has an account under its own name.
    """
    return _grouping([node.covers or (node.name,) for node in process.nodes])


def by_department(process: Process) -> Grouping:
    """Group nodes by department; time without one has an account for each owner of it.

    The time of applicants is never a department's, whoever waits for it.
    """
    return _grouping([(node.department or _account_of(node.owner),) for node in process.nodes])


def _account_of(owner: Owner) -> str:
    """Return the account of an owner's time for which no department accounts."""
    whose = {Owner.DEFERRED: Owner.APPLICANT, Owner.SUPERVISION: Owner.AUTHORITY}.get(owner, owner)
    return OWNER_PREFIX + whose.name.lower()


def _grouping(keys: Sequence[tuple[str, ...]]) -> Grouping:
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return Grouping(tuple(number), np.array([number[key] for key in keys], np.int32))


@dataclass(frozen=True, eq=False)
class DaysUsed:
    """Working days of some cases by account and category; replications can be summed."""

    grouping: Grouping
    total_wd: Floats
    """[G, number of categories] working days of all the cases together."""
    cases: int
    """Number of the cases, whether or not they have a step in an account."""


@dataclass(frozen=True, eq=False)
class Charge:
    """Time that some cases spent, by node and category; `by` sums it up by account."""

    seconds: Ints
    """[N, number of categories] seconds of working days of all the cases together."""
    cases: int

    @classmethod
    def of(cls, process: Process, node_s: Ints, cases: int) -> Charge:
        """Put the seconds of nodes, see `node_seconds`, in categories."""
        nodes = len(process.nodes)
        node = np.tile(np.arange(nodes), 2)
        seconds = np.zeros((nodes, len(Category)), np.int64)
        is_work = np.arange(2 * nodes) >= nodes
        for category, spent in zip(_categories(process, is_work, node), node_s, strict=True):
            np.add.at(seconds, (node, category), spent)
        # Of a team, each pool counts once, however many of its officers come.
        seconds[process.first_of_pool != np.arange(nodes)] = 0
        return cls(seconds, cases)

    def by(self, grouping: Grouping) -> DaysUsed:
        """Charge the nodes' time to accounts."""
        total = np.zeros((len(grouping.names), len(Category)), np.int64)
        np.add.at(total, grouping.of_node, self.seconds)
        return DaysUsed(grouping, total / DAY_S, self.cases)


def working_seconds(days: WorkingDays, t: Ints) -> Ints:
    """Return W(t): the seconds of working dates before instant t ≥ 0."""
    day = t // DAY_S
    # On a working date W runs with t, else it stands still.
    at_midnight = (days.cumulative - days.working) * DAY_S
    behind = at_midnight - days.working * np.arange(len(days)) * DAY_S
    return behind[day] + days.working[day] * t


def days_used(history: History, of_case: Bools) -> Charge:
    """Return the use of the days of some cases, over all their items that ended.

    Parallel items each count in full: this is time spent, not time lost; for causes of lateness
    see `blame`. `of_case`: [C] the cases, of one case type, so that names of accounts do not mix.
    """
    demand, schedule = history.demand, history.schedule
    items = np.flatnonzero(of_case[demand.case] & (schedule.end != OPEN))
    times = (t[items] for t in (schedule.ready, schedule.start, schedule.end))
    return Charge.of(history.process, node_seconds(history, items, *times), int(of_case.sum()))


def critical_items(workload: Workload, schedule: Schedule, final_item: Ints) -> Bools:
    """Return [I] whether each item is on the critical branch of its case.

    The branch leads back from a case's final item, always to the predecessor that ended last (among
    several, the smallest number), to an item without predecessors. Each item on it became ready
    when the one before ended, the first when the case arrived; so the branch covers the time from
    arrival to the final item's end without gap or overlap.

    `final_item`: [K] items that have ended, in different cases, such as `Reading.stop_item`; `OPEN`
    for a case without one.
    """
    critical = np.zeros(len(workload.pool), np.bool_)
    at = final_item[final_item != OPEN]
    while len(at):
        critical[at] = True
        at = _last_predecessors(workload, schedule, at)
    return critical


def _last_predecessors(workload: Workload, schedule: Schedule, items: Ints) -> Ints:
    """Return the predecessors that made these items ready; items without any have none."""
    begin, end = workload.pred_ptr[items], workload.pred_ptr[items + 1]
    begin, links = begin[begin < end], (end - begin)[begin < end]
    if len(links) == 0:
        return links
    first = np.cumsum(links) - links  # where each item's links begin
    before = workload.pred[np.repeat(begin - first, links) + np.arange(links.sum())]
    ended = schedule.end[before]
    is_last = ended == np.repeat(np.maximum.reduceat(ended, first), links)
    return np.minimum.reduceat(np.where(is_last, before, len(workload.pool)), first)


def blame(history: History, case: Ints, reading: Reading, late: Bools) -> Charge:
    """Return the working days on the critical branch of late cases: the cause of lateness.

    Only time between the clock's start and stop counts. It is split by category, which separates
    time that the clock counts from time that it does not (correction, publicity). All accounts and
    categories together are W(stop) - W(start). The branch may lead through items outside the
    clock's scope, if the scope waited for them. Cases still open are left out: their critical
    branch is not known yet. Where several officers came together, the pool of the one who could
    come last is to blame for the step.

    Parameters
    ----------
    case, reading
        [K] the case numbers of the readings, and the clock that decides.
    late
        [K] the cases to blame for.
    """
    history = with_the_missing(history)
    demand, schedule = history.demand, history.schedule
    late = late & (reading.stop_item != OPEN)
    critical = np.flatnonzero(critical_items(demand.workload, schedule, reading.stop_item[late]))
    position = np.zeros(len(demand.case_type), np.int64)
    position[case] = np.arange(len(case))
    of_case = position[demand.case[critical]]
    begin, until = reading.start_s[of_case], reading.stop_s[of_case]
    times = (
        np.clip(t[critical], begin, np.maximum(begin, until))
        for t in (schedule.ready, schedule.start, schedule.end)
    )
    return Charge.of(history.process, node_seconds(history, critical, *times), int(late.sum()))


def node_seconds(history: History, items: Ints, ready: Ints, start: Ints, end: Ints) -> Ints:
    """Return [2, 2 N] seconds of working days of items with these times, by node.

    The first row is what passed before an item's start and, after a hand-over, between officers;
    the second is what passed since. The first N are delays, the others work.
    """
    process, demand = history.process, history.demand
    days = demand.workload.working_days
    between = _between_officers(history, items, start, end)
    ready, start, end = (working_seconds(days, t) for t in (ready, start, end))
    nodes = len(process.nodes)
    kind = demand.node[items] + nodes * (demand.workload.pool[items] != DELAY)
    before = total(kind, start - ready + between, 2 * nodes)
    return np.stack([before, total(kind, end - start - between, 2 * nodes)])


def _between_officers(history: History, items: Ints, start: Ints, end: Ints) -> Ints:
    """Return [n] the seconds of working days, from start to end, that items waited again.

    That is after a hand-over. `items`: [n] rising; `start`, `end`: [n].
    """
    days, again = history.demand.workload.working_days, waits_again(history.schedule)
    place = np.searchsorted(items, again.item)
    mine = np.flatnonzero(np.append(items, OPEN)[place] == again.item)
    place = place[mine]
    begin, until = (
        working_seconds(days, np.clip(t[mine], start[place], end[place]))
        for t in (again.begin, again.end)
    )
    return total(place, until - begin, len(items))


def _categories(process: Process, is_work: Bools, node: Ints) -> tuple[Ints, Ints]:
    """Return the category of each item's time before its start, and after it."""
    of_owner = np.array([_OF_OWNER.get(owner, OPEN) for owner in Owner], np.int64)
    owned = of_owner[process.owner[node]]
    is_transfer = process.role[node] == Role.TRANSFER
    delay = np.where(is_transfer, Category.TRANSFER, Category.OTHER)
    first = np.where(is_work, Category.WAITING, delay)
    then = np.where(is_work, Category.WORK, delay)
    return np.where(owned == OPEN, first, owned), np.where(owned == OPEN, then, owned)
