"""The working time of roster groups in a window: for which cases, and how much of it overtime."""

from __future__ import annotations

from dataclasses import dataclass

from sim.arrays import Ints, total
from sim.demand.demand import Demand
from sim.engine.contract import Schedule, Supply
from sim.measures.duty import WorkTimes


@dataclass(frozen=True, eq=False)
class StaffWork:
    """Work of G roster groups for the cases of T case types: whole numbers."""

    worked_s: Ints
    """[G, T] seconds that the officers of a group worked in the window on cases of a type, overtime
    included."""
    overtime_s: Ints
    """[G] seconds of overtime that the officers of a group worked in the window."""


def staff_work(
    demand: Demand,
    supply: Supply,
    schedule: Schedule,
    group: Ints,
    shape: tuple[int, int],
    begin: int,
    until: int,
) -> StaffWork:
    """Sum up the work in the window [begin, until) by roster group and case type.

    `group`: [O] the group of each officer; `shape`: numbers of groups and of case types.
    """
    groups, types = shape
    times = WorkTimes.of(supply, schedule)
    mine = group[times.officer]
    place = mine * types + demand.case_type[demand.case[times.item]]
    worked = total(place, times.within(begin, until), groups * types)
    overtime = total(mine, times.in_overtime(begin, until), groups)
    return StaffWork(worked.reshape(groups, types), overtime)
