"""The model as a competent SimPy user would write it by hand: what the engine is measured against.

A process per case, which starts a process per branch of its course; a branch does its steps one
after another and waits for what it needs of other branches (`AllOf`, or a single event). A team is
a `Store` of its officers: whoever has work takes an officer out and puts them back. Office hours
are not events: when work begins and ends is computed. Officers on leave are taken out of the store
until they are back.

The cases, steps, durations and duty times are those of `sim` (`cases_of`, `staff_of`); nothing
else of the engine is used. Two things are left out because the base scenario does not need them:
officers shared between teams, and other orders than first come, first served; both are refused.
What happens within one second happens in SimPy's order, not in that of the engine's contract.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Generator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import simpy

from sim.calendars import IntervalTable
from sim.engine import DAY_S, DELAY, DelayRule, Rule, Supply, Workload

Steps = Generator[simpy.Event, Any, None]


class Hours:
    """Open hours: sorted intervals [begin, end) in seconds."""

    def __init__(self, begins: list[int], ends: list[int]) -> None:
        self.begins = begins
        self.ends = ends

    def next_open(self, t: int) -> int:
        """Return t if it is open then, else the next opening."""
        k = bisect_right(self.ends, t)
        return max(t, self.begins[k])

    def finish(self, t: int, work: int) -> int:
        """Return when `work` seconds begun at t are done, pausing outside the hours."""
        k = bisect_right(self.ends, t)
        while True:
            t = max(t, self.begins[k])
            if t + work <= self.ends[k]:
                return t + work
            work -= self.ends[k] - t
            k += 1


@dataclass(eq=False)
class Officer:
    """One officer, who has at most one thing in hand."""

    hours: Hours
    speed: int
    """Per mille."""
    finishes: bool
    """Goes on past closing time with the work in hand."""
    team: simpy.Store = field(init=False)
    busy: bool = False
    away: bool = False


@dataclass(frozen=True)
class Step:
    """One thing to do in a case: work for a pool, or a delay."""

    number: int
    pool: int
    amount: int
    delay: DelayRule
    needs: tuple[int, ...]
    """Steps of other branches that come first."""
    awaited: bool
    """Another branch needs this one."""


@dataclass(frozen=True)
class Case:
    """One case: its branches, each a list of steps."""

    arrival: int
    measured: bool
    branches: list[list[Step]]


@dataclass(frozen=True)
class Staff:
    """All officers, and whose work each pool is."""

    officers: list[Officer]
    teams: list[list[Officer]]
    team_of_pool: list[int]


@dataclass
class Record:
    """Ready, start and end of each step, in seconds; -1: not yet."""

    ready: list[int]
    start: list[int]
    end: list[int]


class Office:
    """The simulation."""

    def __init__(
        self, cases: list[Case], staff: Staff, calendar: Hours, working_days: list[int], steps: int
    ) -> None:
        self.env = simpy.Environment()
        self.cases = cases
        self.calendar = calendar
        self.working_days = working_days
        self.record = Record([-1] * steps, [-1] * steps, [-1] * steps)
        self.to_do = sum(case.measured for case in cases)
        self.all_done = self.env.event()

        stores = []
        for team in staff.teams:
            store = simpy.Store(self.env)
            stores.append(store)
            store.items.extend(team)
            openings = sorted({begin for officer in team for begin in officer.hours.begins})
            for officer in team:
                officer.team = store
                self.env.process(self.absences(officer, openings))
        self.team = [stores[number] for number in staff.team_of_pool]

    def run(self, horizon: int) -> Record:
        """Run until all measured cases are done, at most up to the horizon."""
        self.env.process(self.arrivals())
        self.env.run(until=self.all_done | self.env.timeout(horizon))
        return self.record

    def arrivals(self) -> Steps:
        """Start each case when it arrives."""
        for case in self.cases:
            yield self.env.timeout(case.arrival - self.env.now)
            self.env.process(self.case(case))

    def case(self, case: Case) -> Steps:
        """Start the branches of a case, and wait for all of them."""
        done = {
            step.number: self.env.event()
            for branch in case.branches
            for step in branch
            if step.awaited
        }
        branches = [self.env.process(self.branch(branch, done)) for branch in case.branches]
        yield self.env.all_of(branches)
        if case.measured:
            self.to_do -= 1
            if self.to_do == 0:
                self.all_done.succeed()

    def branch(self, steps: list[Step], done: dict[int, simpy.Event]) -> Steps:
        """Do one step after another; `done` are the steps that other branches wait for."""
        for step in steps:
            if len(step.needs) == 1:
                yield done[step.needs[0]]
            elif step.needs:
                yield self.env.all_of([done[number] for number in step.needs])
            self.record.ready[step.number] = self.env.now
            if step.pool == DELAY:
                yield from self.delay(step)
            else:
                yield from self.work(step)
            self.record.end[step.number] = self.env.now
            if step.awaited:
                done[step.number].succeed()

    def delay(self, step: Step) -> Steps:
        """Let the time pass."""
        now = self.env.now
        self.record.start[step.number] = now
        yield self.env.timeout(self.delay_end(step, now) - now)

    def delay_end(self, step: Step, now: int) -> int:
        """Return when a delay ends that begins now."""
        if step.amount == 0:
            return now
        if step.delay == DelayRule.ELAPSED:
            return now + step.amount
        if step.delay == DelayRule.ON_CALENDAR:
            return self.calendar.finish(now, step.amount)
        last_day = now // DAY_S + step.amount
        if step.delay == DelayRule.WORKING_DAYS:
            passed = bisect_right(self.working_days, now // DAY_S)
            last_day = self.working_days[passed + step.amount - 1]
        return last_day * DAY_S + DAY_S - 1

    def work(self, step: Step) -> Steps:
        """Wait for an officer of the team, who does the work."""
        team = self.team[step.pool]
        officer = yield team.get()
        officer.busy = True
        now = self.env.now
        start = officer.hours.next_open(now)
        work = -(-step.amount * 1000 // officer.speed)  # rounded up
        end = start + work if officer.finishes else officer.hours.finish(start, work)
        self.record.start[step.number] = start
        yield self.env.timeout(end - now)
        officer.busy = False
        if not officer.away:
            team.put(officer)

    def absences(self, officer: Officer, openings: list[int]) -> Steps:
        """Take the officer out of the store whenever colleagues are on duty without them."""
        gone = [0, *officer.hours.ends[:-1]]
        for leaves, returns in zip(gone, officer.hours.begins, strict=True):
            if openings[bisect_left(openings, leaves)] >= returns:
                continue  # the team is closed as well
            yield self.env.timeout(leaves - self.env.now)
            officer.away = True
            if officer in officer.team.items:
                officer.team.items.remove(officer)
            yield self.env.timeout(returns - self.env.now)
            officer.away = False
            if not officer.busy:
                officer.team.put(officer)


def simulate(
    cases: list[Case],
    staff: Staff,
    calendar: Hours,
    working_days: list[int],
    steps: int,
    horizon: int,
) -> Record:
    """Run the hand-written model once; `staff` starts anew."""
    for officer in staff.officers:
        officer.busy = officer.away = False
    return Office(cases, staff, calendar, working_days, steps).run(horizon)


# From the arrays of `sim` to cases and staff. This is no part of the hand-written model: there, the
# course of a case would be code. The benchmark therefore does not count its time.


def inputs_of(workload: Workload, supply: Supply, *, by_branch: bool = True) -> dict[str, Any]:
    """Return the arguments of `simulate` but the horizon."""
    return {
        "cases": cases_of(workload, by_branch=by_branch),
        "staff": staff_of(supply),
        "calendar": _hours(workload.calendars)[0],
        "working_days": np.flatnonzero(workload.working_days.working).tolist(),
        "steps": len(workload.pool),
    }


def cases_of(workload: Workload, *, by_branch: bool = True) -> list[Case]:
    """Return the cases; a branch goes on as long as one step simply follows another.

    Not `by_branch`: each step is a branch of its own, so that the model has a process per step.
    """
    if np.unique(workload.calendar[workload.pool == DELAY]).size > 1:
        raise ValueError("written for delays on one calendar")
    ptr, pred = workload.pred_ptr.tolist(), workload.pred.tolist()
    needs = [pred[a:b] for a, b in pairwise(ptr)]
    followers = np.bincount(workload.pred, minlength=len(needs)).tolist()
    pool, amount = workload.pool.tolist(), workload.amount.tolist()
    delay = [DelayRule(rule) for rule in workload.delay_rule.tolist()]

    def goes_on(i: int) -> bool:
        """Tell whether item i simply follows its only predecessor."""
        return by_branch and len(needs[i]) == 1 and followers[needs[i][0]] == 1

    inner = {needs[i][0] for i in range(len(needs)) if goes_on(i)}
    cases = []
    for arrival, measured, (first, stop) in zip(
        workload.arrival_s.tolist(),
        workload.measured.tolist(),
        pairwise(workload.first_item.tolist()),
        strict=True,
    ):
        branch_of: dict[int, list[Step]] = {}
        branches: list[list[Step]] = []
        for i in range(first, stop):
            follows = goes_on(i)
            if follows:
                branch = branch_of[needs[i][0]]
            else:
                branch = []
                branches.append(branch)
            branch_of[i] = branch
            others = () if follows else tuple(needs[i])
            awaited = followers[i] > 0 and i not in inner
            branch.append(Step(i, pool[i], amount[i], delay[i], others, awaited))
        cases.append(Case(arrival, measured, branches))
    return cases


def staff_of(supply: Supply) -> Staff:
    """Return the officers, and teams of those who serve the same pools."""
    if np.any(supply.rule != Rule.FIFO):
        raise ValueError("written for first come, first served")
    hours = _hours(supply.duty)
    officers = [
        Officer(hours[row], speed, finishes)
        for row, speed, finishes in zip(
            supply.calendar.tolist(),
            supply.speed_permille.tolist(),
            supply.finishes_in_hand.tolist(),
            strict=True,
        )
    ]
    teams: dict[tuple[int, ...], list[Officer]] = {}
    for officer, (a, b) in zip(officers, pairwise(supply.pool_ptr.tolist()), strict=True):
        teams.setdefault(tuple(supply.pool_of[a:b].tolist()), []).append(officer)
    team_of_pool = [-1] * len(supply.rule)
    for number, pools in enumerate(teams):
        for pool in pools:
            if team_of_pool[pool] != -1:
                raise ValueError(f"written for teams apart; pool {pool} has officers of two")
            team_of_pool[pool] = number
    return Staff(officers, list(teams.values()), team_of_pool)


def _hours(table: IntervalTable) -> list[Hours]:
    begin, end = table.start.tolist(), table.end.tolist()
    return [Hours(begin[a:b], end[a:b]) for a, b in pairwise(table.ptr.tolist())]
