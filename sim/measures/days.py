"""What used up the days: working days by category, by matter and by department.

Days are measured here as a continuous quantity, so that parts add up: W(t) is the number of
working days before the date of t, plus the part of that date that has passed if it is a working
day. W is kept in seconds of working days (int64), and so adds up exactly; midnight to midnight
counts, since a case waits round the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendars import WorkingDays
from sim.clocks import Reading
from sim.demand.cases import Demand
from sim.engine.contract import DAY_S, DELAY, OPEN, Schedule, Workload
from sim.process.graph import Node, Owner, Role
from sim.process.table import Process

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


class Category(IntEnum):
    """What time was spent on. Whose time it is comes first; the authority's time is split."""

    WAITING = 0
    """The authority: from ready until an officer began."""
    WORK = 1
    """The authority: from begin to end of work, nights and weekends in between included."""
    TRANSFER = 2
    """The authority: papers under way between window and department."""
    CORRECTION = 3
    """The applicant: corrections, trips to the next counter."""
    EXCLUDED = 4
    """Special procedures and publicity; waiting for them too."""
    THIRD_PARTY = 5
    """A third party's review; waiting for it too."""
    OTHER = 6
    """The authority: other delays."""
    SUPERVISION = 7
    """Verification after the decision; on no clock."""


_OF_OWNER: Final = {
    Owner.APPLICANT: Category.CORRECTION,
    Owner.THIRD_PARTY: Category.THIRD_PARTY,
    Owner.SPECIAL: Category.EXCLUDED,
    Owner.PUBLICITY: Category.EXCLUDED,
    Owner.DEFERRED: Category.CORRECTION,
    Owner.SUPERVISION: Category.SUPERVISION,
}


@dataclass(frozen=True, eq=False)
class Grouping:
    """To which of G accounts each node's time is charged."""

    names: tuple[tuple[str, ...], ...]
    """[G] what the account is called."""
    of_node: NDArray[np.int32]
    """[N] the account of each node."""


def by_matter(process: Process) -> Grouping:
    """Group nodes by the matters that they cover.

    A step that serves several matters at once (a general window) has an account of its own, named
    after all of them: charging it to one matter would blame that one, splitting it would make up
    numbers. A step that covers no matter (an open network) is an account of its own, under its
    name.
    """
    return _grouping(process.nodes, [node.covers or (node.name,) for node in process.nodes])


def by_department(process: Process) -> Grouping:
    """Group nodes by department; ("",) is what is nobody's."""
    return _grouping(process.nodes, [(node.department,) for node in process.nodes])


def _grouping(nodes: Sequence[Node], keys: Sequence[tuple[str, ...]]) -> Grouping:
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    of_node = np.array([number[key] for key in keys], np.int32).reshape(len(nodes))
    return Grouping(tuple(number), of_node)


@dataclass(frozen=True, eq=False)
class DaysUsed:
    """Working days of some cases by account and category. Adds up over replications."""

    grouping: Grouping
    total_wd: Floats
    """[G, number of categories] working days of all the cases together."""
    cases: int
    """Number of the cases, whether or not they have a step in an account."""

    @property
    def mean_wd(self) -> Floats:
        """[G, number of categories] mean working days per case; NaN without cases."""
        if self.cases == 0:
            return np.full_like(self.total_wd, np.nan)
        return self.total_wd / self.cases


def working_seconds(days: WorkingDays, t: Ints) -> Ints:
    """Return W(t) in seconds: those of working dates before instant t (seconds, ≥ 0)."""
    day = t // DAY_S
    working = days.working[day]
    before = days.cumulative[day] - working
    return before * DAY_S + np.where(working, t - day * DAY_S, 0)


def days_used(
    process: Process,
    demand: Demand,
    schedule: Schedule,
    grouping: Grouping,
    of_case: Bools,
) -> DaysUsed:
    """Return what used up the days of some cases, over all their items that ended.

    Items in parallel each count in full: this is time spent, not time lost. What made cases late
    is `blame`.

    Parameters
    ----------
    process, demand, schedule
        One replication.
    grouping
        `by_matter(process)` or `by_department(process)`.
    of_case
        [C] the cases to account for: of one case type, if names of accounts shall not mix.
    """
    items = np.flatnonzero(of_case[demand.case] & (schedule.end != OPEN))
    always = np.full(len(items), np.iinfo(np.int64).max)
    total = _charge(
        process, demand, schedule, grouping, items, np.zeros(len(items), np.int64), always
    )
    return DaysUsed(grouping, total, int(of_case.sum()))


def critical_items(workload: Workload, schedule: Schedule, final_item: Ints) -> Bools:
    """Mark the items on the critical branch of each case.

    The branch leads from a case's final item back: always to the predecessor that ended last (if
    several, the one with the smallest number), down to an item without predecessors. Each item of
    it became ready when the one before ended, and the first when the case arrived; so the branch
    covers the time from arrival to the final item's end without gap or overlap.

    Parameters
    ----------
    workload, schedule
        One replication.
    final_item
        [K] items that have ended, in different cases, such as `Reading.stop_item`; `OPEN` for a
        case without one.

    Returns
    -------
    [I] bool
    """
    before = _last_predecessor(workload, schedule)
    critical = np.zeros(len(workload.pool), np.bool_)
    at = final_item[final_item != OPEN]
    while len(at):
        critical[at] = True
        at = before[at]
        at = at[at != OPEN]
    return critical


def _last_predecessor(workload: Workload, schedule: Schedule) -> Ints:
    """Return [I] the predecessor that made each item ready, or OPEN if it has none."""
    item = np.repeat(np.arange(len(workload.pool)), np.diff(workload.pred_ptr))
    ended = schedule.end[workload.pred]
    latest = np.full(len(workload.pool), OPEN, np.int64)
    np.maximum.at(latest, item, ended)
    is_last = ended == latest[item]
    none = np.iinfo(np.int64).max
    before = np.full(len(workload.pool), none)
    np.minimum.at(before, item[is_last], workload.pred[is_last])
    before[before == none] = OPEN
    return before


def blame(
    process: Process,
    demand: Demand,
    schedule: Schedule,
    grouping: Grouping,
    case: Ints,
    reading: Reading,
    late: Bools,
) -> DaysUsed:
    """Return what made late cases late: the working days on their critical branch.

    Only what lies between the clock's start and stop counts, split by category, so that what the
    clock does not count (correction, publicity) can be told from what it does. All accounts and
    categories together are W(stop) - W(start). The branch may lead through items outside the
    clock's scope, if the scope waited for them.

    Parameters
    ----------
    process, demand, schedule
        One replication.
    grouping
        `by_matter(process)` or `by_department(process)`.
    case
        [K] case numbers of the reading (`ClockReadings.case`).
    reading
        The clock that decides.
    late
        [K] the cases to blame for. Cases still open are left out: which of their branches will be
        the critical one is not known.
    """
    late = late & (reading.stop_item != OPEN)
    critical = np.flatnonzero(critical_items(demand.workload, schedule, reading.stop_item[late]))
    position = np.zeros(len(demand.case_type), np.int64)
    position[case] = np.arange(len(case))
    of_case = position[demand.case[critical]]
    total = _charge(
        process,
        demand,
        schedule,
        grouping,
        critical,
        reading.start_s[of_case],
        reading.stop_s[of_case],
    )
    return DaysUsed(grouping, total, int(late.sum()))


def _charge(
    process: Process,
    demand: Demand,
    schedule: Schedule,
    grouping: Grouping,
    items: Ints,
    begin: Ints,
    until: Ints,
) -> Floats:
    """Return [G, categories] working days of items that ended, each within its [begin, until]."""
    days = demand.workload.working_days
    node = demand.node[items]
    first, then = _categories(process, demand.workload.pool[items] != DELAY, node)
    ready, start, end = (
        working_seconds(days, np.clip(t[items], begin, np.maximum(begin, until)))
        for t in (schedule.ready, schedule.start, schedule.end)
    )
    account = grouping.of_node[node].astype(np.int64) * len(Category)
    total = np.zeros(len(grouping.names) * len(Category), np.int64)
    np.add.at(total, account + first, start - ready)
    np.add.at(total, account + then, end - start)
    return total.reshape(-1, len(Category)) / DAY_S


def _categories(process: Process, is_work: Bools, node: NDArray[np.int32]) -> tuple[Ints, Ints]:
    """Return the category of each item before its start, and from then on."""
    of_owner = np.full(len(Owner), OPEN, np.int64)
    for owner, category in _OF_OWNER.items():
        of_owner[owner] = category
    owned = of_owner[process.owner[node]]
    is_transfer = process.role[node] == Role.TRANSFER
    delay = np.where(is_transfer, Category.TRANSFER, Category.OTHER)
    first = np.where(is_work, Category.WAITING, delay)
    then = np.where(is_work, Category.WORK, delay)
    return np.where(owned == OPEN, first, owned), np.where(owned == OPEN, then, owned)
