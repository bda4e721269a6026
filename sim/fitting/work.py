"""Who does what at each matter: stations, their jobs, and what is left between them (transfer).

A matter has a review and a decision if one officer begins it and mostly another ends it; else the
decision is all its work. Papers that were handed in together are accepted by one job.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.calendars import Intervals, working_day_intervals
from sim.fitting.course import Course, usable
from sim.fitting.durations import Family, Spans, fit_spans
from sim.fitting.effort import Effort, Jobs, efforts
from sim.fitting.lives import BEFORE, DAY_S, NOBODY, PUBLICITY, Lives
from sim.fitting.officers import Pool, Station, Supply, supply_of
from sim.records.from_events import NEVER

SURE: Final = 0.95
"""Quantile of a transfer after which papers count as certainly at the department."""
VERY_SURE: Final = 0.999
"""Quantile of a review after which it is certainly over, though nothing was decided yet."""
_OPENING_S: Final = 120
_FEW: Final = 10
_AT_ONCE: Final = 50
"""Papers that no one was before, from which on no others are looked at."""
_ALONE: Final = 15
"""Items that were alone in their pool, from which on no others are looked at."""


@dataclass(frozen=True, eq=False)
class Task:
    """One kind of work of a course."""

    role: str
    course: Course
    key: tuple[str, ...]
    rows: Ints
    """Items, one for each job."""
    department: str


@dataclass(frozen=True)
class Transfer:
    """The way from the window to the department, in working days."""

    family: Family | None
    sure_s: int
    """Seconds of working days after which the papers are certainly there."""


class Work:
    """The tasks of all courses, the pools that do them, and how long they take."""

    def __init__(self, lives: Lives, courses: dict[str, Course]) -> None:
        self.lives, self.courses = lives, courses

    # --- tasks and pools ----------------------------------------------------------------------

    def has_review(self, course: Course, matter: str) -> bool:
        """Whether one officer begins a matter and another ends it."""
        lives, rows = self.lives, course.items(matter)
        both = rows[(lives.reviewer[rows] != NOBODY) & (lives.decider[rows] != NOBODY)]
        both = both[lives.begun[both] != NEVER]
        return len(both) > 0 and bool((lives.reviewer[both] == lives.decider[both]).mean() < 0.5)

    def is_publicity(self, course: Course, matter: str) -> bool:
        """Whether a matter is a period of publicity and nothing else."""
        lives, rows = self.lives, course.items(matter)
        decided = rows[lives.decided[rows]]
        if course.at_window(matter) or not len(decided):
            return False
        ends = np.full(len(lives.case), -1, np.int64)
        pauses = lives.pauses
        mine = (pauses.kind == PUBLICITY) & (pauses.end != NEVER)
        np.maximum.at(ends, pauses.item[mine], pauses.end[mine])
        return bool((np.abs(ends[decided] - lives.ended[decided]) <= 60).mean() > 0.9)

    @cached_property
    def tasks(self) -> list[Task]:
        """All tasks at which officers leave stamps."""
        found: list[Task] = []
        for name, course in self.courses.items():
            window = [m for m in course.matters if course.at_window(m)]
            if course.one_window and window:
                rows = np.concatenate([course.items(m) for m in window])
                first = np.unique(course.groups[rows], return_index=True)[1]
                department = course.department(window[0])
                found.append(Task("window", course, (name,), rows[first], department))
            for matter in course.matters:
                rows, department = course.items(matter), course.department(matter)
                key = (name, matter)
                if matter in window and not course.one_window:
                    found.append(Task("window", course, key, rows, department))
                if self.is_publicity(course, matter):
                    continue
                if self.has_review(course, matter):
                    found.append(Task("review", course, key, rows, department))
                found.append(Task("decision", course, key, rows, department))
        return found

    def _stamps(self, task: Task) -> tuple[Ints, Ints]:
        """Return officer and second of a task's stamps, for each of its rows."""
        lives, rows = self.lives, task.rows
        if task.role == "window":
            return lives.acceptor[rows], lives.accepted[rows]
        if task.role == "review":
            return lives.reviewer[rows], lives.begun[rows]
        return lives.decider[rows], np.where(lives.decided[rows], lives.ended[rows], NEVER)

    @cached_property
    def supply(self) -> Supply:
        """The pools and officers."""
        stations = []
        for task in self.tasks:
            officer, at = self._stamps(task)
            known = at != NEVER
            within = at[known] - (task.role != "review")
            office = self.lives.office[task.role][task.rows][known]
            stations.append(
                Station(task.role, task.department, task.key, officer[known], within,
                        tuple(office.tolist()))
            )  # fmt: skip
        return supply_of(stations, self.lives, set())

    def pool(self, role: str, key: tuple[str, ...]) -> Pool | None:
        """Return the pool of a task."""
        return self.supply.pool_of(role, key)

    def _pool_name(self, task: Task) -> str:
        pool = self.pool(task.role, task.key)
        assert pool is not None
        return pool.name

    def _duty(self, task: Task) -> Intervals:
        return self.supply.duty[self._pool_name(task)]

    # --- when papers are there ----------------------------------------------------------------

    def handed_on(self, course: Course, matter: str) -> Ints:
        """Return for each item when it was accepted and all that it waits for was decided."""
        lives, rows = self.lives, course.items(matter)
        at = np.where(course.at_window(matter), lives.accepted[rows], lives.received[rows])
        for one in course.requires[matter]:
            needed = course.items(one)
            done = np.full(len(lives.arrival), -1, np.int64)
            over = needed[lives.decided[needed]]
            np.maximum.at(done, lives.case[over], lives.ended[over])
            at = np.maximum(at, done[lives.case[rows]])
        return np.asarray(at)

    @cached_property
    def transfer(self) -> dict[str, Transfer]:
        """Course → the way from its window to departments, seen where nobody had to wait."""
        return {name: self._transfer(course) for name, course in self.courses.items()}

    def _transfer(self, course: Course) -> Transfer:
        window = [m for m in course.matters if course.at_window(m)]
        ways = [self._ways(course, m) for m in window if not self.is_publicity(course, m)]
        spans = Spans.exact(np.zeros(0))
        for _, found in sorted(ways, key=lambda way: -way[0]):  # the surest first
            if len(spans) < _ALONE:
                spans = spans.joined(found)
        if not self.lives.has_hours or len(spans) < _FEW or float(np.median(spans.high)) < 1 / 48:
            return Transfer(None, 0)
        family = fit_spans(spans)
        assert family is not None
        return Transfer(family, int(family.quantile(SURE) * DAY_S))

    def _ways(self, course: Course, matter: str) -> tuple[float, Spans]:
        """Return spans in working days from hand-over to begin, where an officer was idle.

        Also return how sure this is. An officer who begins and ends his work with a stamp was
        certainly idle if he had ended all that he had begun; else nobody else may have had anything
        in hand. What began at the opening of an office
        had arrived at some time since it closed.
        """
        lives, rows = self.lives, course.items(matter)
        role = "review" if self.has_review(course, matter) else "decision"
        pool = self.pool(role, (self._name(course), matter))
        handed = self.handed_on(course, matter)
        fine = usable(rows, lives) & (lives.begun[rows] != NEVER) & (handed <= lives.begun[rows])
        if pool is None or not fine.any():
            return 0.0, Spans.exact(np.zeros(0))
        if role == "decision":
            idle = self._was_idle(rows[fine])
        else:
            in_hand = self._in_hand(pool, handed[fine])
            alone = in_hand <= 0
            idle = alone if alone.sum() >= _ALONE else in_hand < max(len(pool.members), 1)
        at, begun = handed[fine][idle], lives.begun[rows][fine][idle]
        duty = self.supply.duty[pool.name]
        opening = np.searchsorted(duty.start, begun, "right") - 1
        early = (opening > 0) & (begun - duty.start[np.maximum(opening, 0)] <= _OPENING_S)
        closed = duty.end[np.maximum(opening - 1, 0)]
        first = np.where(early, np.maximum(closed, at), begun)
        low, high = (
            (lives.working_s(t) - lives.working_s(at)) / DAY_S
            for t in (np.minimum(first, begun), begun)
        )
        sure = (role == "decision") + float(idle.mean())
        return sure, Spans(low, np.maximum(high, 1e-4))

    @cached_property
    def _own_jobs(self) -> dict[int, tuple[Ints, Ints]]:
        """Officer → begins and ends of the jobs that he both began and ended, each sorted."""
        lives = self.lives
        mine = (lives.reviewer == lives.decider) & (lives.decider != NOBODY) & lives.decided
        mine &= lives.begun != NEVER
        found = {}
        for officer in np.unique(lives.decider[mine]).tolist():
            rows = np.flatnonzero(mine & (lives.decider == officer))
            found[officer] = np.sort(lives.begun[rows]), np.sort(lives.ended[rows])
        return found

    def _was_idle(self, rows: Ints) -> Bools:
        """Return [n]: the officer of an item had ended everything before he began it."""
        lives = self.lives
        idle = np.zeros(len(rows), np.bool_)
        for place, row in enumerate(rows.tolist()):
            begins, ends = self._own_jobs.get(int(lives.reviewer[row]), (None, None))
            if begins is not None and ends is not None:
                at = lives.begun[row]
                idle[place] = np.searchsorted(begins, at, "left") == np.searchsorted(
                    ends, at - 1, "right"
                )
        return idle

    def _name(self, course: Course) -> str:
        return next(name for name, one in self.courses.items() if one is course)

    def _in_hand(self, pool: Pool, at: Ints) -> Ints:
        """Return how many other items of a pool were accepted and not decided at each instant."""
        lives = self.lives
        keys = {station.key for station in pool.stations}
        rows = [t.rows for t in self.tasks if t.key in keys and t.role != "window"]
        every = np.unique(np.concatenate(rows)) if rows else np.zeros(0, np.int64)
        begin = np.sort(lives.accepted[every][lives.accepted[every] != NEVER])
        end = np.sort(lives.ended[every][lives.ended[every] != NEVER])
        # the item itself is among those that were accepted
        return np.asarray(
            np.searchsorted(begin, at, "right") - np.searchsorted(end, at, "right") - 1
        )

    # --- how long it takes --------------------------------------------------------------------

    @cached_property
    def efforts(self) -> list[Effort]:
        """The effective time of each task, in hours; dates alone do not tell it."""
        duty = {number: self._duty(task) for number, task in enumerate(self.tasks)}
        pools = {number: self._pool_name(task) for number, task in enumerate(self.tasks)}
        jobs = [self._jobs(n, task, {}) for n, task in enumerate(self.tasks)]
        reviews = efforts(jobs, duty, pools)
        lasts = {
            task.key: tuple(int(family.quantile(q) * 3600) for q in (VERY_SURE, 0.5))
            for n, task in enumerate(self.tasks)
            if task.role == "review" and (family := reviews[n].family)
        }
        jobs = [self._jobs(n, task, lasts) for n, task in enumerate(self.tasks)]
        found = efforts(jobs, duty, pools)
        every = [found[n] for n in range(len(self.tasks))]
        if self.lives.has_hours:
            return every
        return [replace(one, family=None) for one in every]

    def _jobs(self, number: int, task: Task, lasts: dict[tuple[str, ...], tuple[int, ...]]) -> Jobs:
        """Return the jobs of a task.

        `lasts`: matter → seconds after which its review is certainly, and likely, over.
        """
        lives, rows = self.lives, task.rows
        officer, stamp = self._stamps(task)
        none = np.full(len(rows), NEVER)
        if task.role == "window":
            there, parts, fine = self._handed_in(rows), self.papers(task), self._in_order(rows)
            at_once = fine & self._at_once(task)
            fine = at_once if at_once.sum() >= _AT_ONCE else fine
            return Jobs(number, officer, there, none, stamp, fine, parts)
        matter = task.key[1]
        there = self._arrived(task.course, matter)
        fine = usable(rows, lives)
        if task.role == "review":
            return Jobs(number, officer, there, stamp, none, fine, self._one(rows))
        if not self.has_review(task.course, matter):
            own = np.where(lives.reviewer[rows] == officer, lives.begun[rows], NEVER)
            fine = fine & (lives.ended[rows] != NEVER)
            return Jobs(number, officer, there, own, stamp, fine, self._one(rows))
        begun = lives.begun[rows]
        known = begun != NEVER
        there, likely = none.copy(), none.copy()
        review = self.pool("review", task.key)
        if task.key in lasts and review is not None:
            duty = self.supply.duty[review.name]
            for at, last in zip((there, likely), lasts[task.key], strict=True):
                at[known] = duty.finish(begun[known], last)
        return Jobs(number, officer, there, none, stamp, fine, self._one(rows), likely)

    @staticmethod
    def _one(rows: Ints) -> Floats:
        return np.ones(len(rows))

    def _arrived(self, course: Course, matter: str) -> Ints:
        """Return when the papers of each item were certainly at the department."""
        handed = self.handed_on(course, matter)
        sure = self.transfer[self._name(course)].sure_s if course.at_window(matter) else 0
        known = handed < NEVER
        arrived = handed.copy()
        if sure and known.any():
            whole = working_day_intervals(self.lives.days)
            arrived[known] = whole.finish(handed[known], sure)
        return arrived

    def _handed_in(self, rows: Ints) -> Ints:
        """Return when the papers of each item were complete: receipt, or the last correction."""
        lives, pauses = self.lives, self.lives.pauses
        last = lives.received.copy()
        mine = (pauses.kind == BEFORE) & (pauses.end != NEVER)
        np.maximum.at(last, pauses.item[mine], pauses.end[mine])
        return last[rows]

    def _at_once(self, task: Task) -> Bools:
        """Return [n]: fewer papers were at the windows than officers when these were handed in.

        Checks that end with a notice of what is missing keep officers busy, and leave no stamp of
        theirs.
        """
        lives, pauses = self.lives, self.lives.pauses
        pool = self.pool(task.role, task.key)
        assert pool is not None
        keys = {station.key for station in pool.stations if station.role == "window"}
        rows = np.concatenate([t.rows for t in self.tasks if t.role == "window" and t.key in keys])
        mine = (pauses.kind == BEFORE) & np.isin(pauses.item, rows)
        left = np.minimum(lives.accepted[rows], lives.ended[rows])
        given_up = pauses.item[mine & (pauses.end == NEVER)]  # not at the window when they ended
        left[np.isin(rows, given_up)] = NEVER
        begins = np.sort(np.concatenate([lives.received[rows], pauses.end[mine]]))
        ends = np.sort(np.concatenate([left, pauses.start[mine]]))
        at = lives.received[task.rows]
        there = np.searchsorted(begins, at, "right") - np.searchsorted(ends, at, "right") - 1
        return np.asarray(there < max(len(pool.members), 1))

    def papers(self, task: Task) -> Floats:
        """Return for how many matters papers came together in each job."""
        if not task.course.one_window:
            return np.ones(len(task.rows))
        course, lives = task.course, self.lives
        window = [m for m in course.matters if course.at_window(m)]
        mine = course.rows[np.isin(lives.matter[course.rows], window)]
        size = np.bincount(course.groups[mine], minlength=len(lives.case))
        return np.maximum(size[course.groups[task.rows]], 1).astype(np.float64)

    def _in_order(self, rows: Ints) -> Bools:
        """Return [n]: the papers were checked once, and the times are in order."""
        lives = self.lives
        corrected = np.isin(rows, lives.pauses.item[lives.pauses.kind == BEFORE])
        fine = (lives.accepted[rows] != NEVER) & (lives.received[rows] <= lives.accepted[rows])
        return np.asarray(fine & ~corrected)
