"""The recorded stretches simulated: the engine does the work at times that are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.calendars import Intervals, IntervalTable, working_day_intervals
from sim.engine import simulate
from sim.engine.contract import DAY_S, DELAY, NO_LIMIT, OPEN, DelayRule, Supply, Workload
from sim.fitting.hidden.recorded import Stretches
from sim.fitting.officers import Group
from sim.fitting.work import Work
from sim.records.from_events import NEVER
from sim.supply.roster import DutyByDay

_DELAYS: Final = 2
"""Delays before the work of each stretch: what it waits for, and the way from the window."""
_LEAST_S: Final = 1.0
WAY_CV: Final = 0.7
"""Coefficient of variation of a transfer that no stamp shows."""


@dataclass(frozen=True)
class Times:
    """How long each task takes, in hours of effective time, and how many officers there are."""

    mean: Mapping[int, float]
    """Task → mean."""
    cv: Mapping[int, float]
    family: Mapping[int, str]
    """Task → `lognormal` or `gamma`."""
    officers: Mapping[str, int]
    """Roster group of which no officer is recorded → how many there are."""
    way: Mapping[int, float]
    """Number of a course whose transfer no stamp shows → its mean, in working days."""


@dataclass(frozen=True, eq=False)
class Stamps:
    """What S stretches leave: seconds, or `NEVER`; officers, or -1."""

    begin: Ints
    end: Ints
    began_by: Ints
    ended_by: Ints


class Workshop:
    """The stretches and officers of some pools that share no work with others."""

    def __init__(self, work: Work, stretches: Stretches, pools: Sequence[str]) -> None:
        self.work, self.lives, self.stretches = work, work.lives, stretches
        self.pools = tuple(pools)
        by_key = {(*t.key, t.role): n for n, t in enumerate(work.tasks)}
        self.pool_of = {
            by_key[(*station.key, station.role)]: pool.name
            for pool in work.supply.pools
            for station in pool.stations
        }
        """Task → pool."""
        self.groups = tuple(g for g in work.supply.groups if set(g.serves) & set(pools))
        self.ways = [work.transfer[name].family for name in work.courses]

    @cached_property
    def calendar(self) -> Intervals:
        """The working days, each of 24 hours."""
        return working_day_intervals(self.lives.days)

    # --- work ---------------------------------------------------------------------------------

    @cached_property
    def _of_item(self) -> tuple[Ints, Ints, Floats]:
        """Stretch, task (delays: -1) and part of each item."""
        s = self.stretches
        rows: list[tuple[int, int, float]] = []
        for at, chain in enumerate(s.chain.tolist()):
            rows += [(at, -1, 0.0)] * _DELAYS
            rows += [(at, task, part) for task, part in s.chains[chain]]
        stretch, task, part = (np.array(column) for column in zip(*rows, strict=True))
        return stretch.astype(np.int64), task.astype(np.int64), part.astype(np.float64)

    @cached_property
    def _template(self) -> Workload:
        """The workload without its amounts."""
        s, (stretch, task, _) = self.stretches, self._of_item
        first = np.searchsorted(stretch, np.arange(len(s) + 1))
        items = np.arange(len(stretch))
        place = items - first[stretch]
        number = {name: at for at, name in enumerate(self.pools)}
        pool = np.array([DELAY if t < 0 else number[self.pool_of[t]] for t in task.tolist()])
        preds = np.where(place < _DELAYS, 0, np.where(place == _DELAYS, _DELAYS, 1))
        before = [np.arange(i - n, i) for i, n in zip(items.tolist(), preds.tolist(), strict=True)]
        none = np.zeros(len(items), np.bool_)
        rule = np.where(place == 1, DelayRule.ON_CALENDAR, DelayRule.ELAPSED)
        return Workload(
            arrival_s=s.ready, first_item=first, measured=np.zeros(len(s), np.bool_),
            limit_wd=np.full(len(s), NO_LIMIT), pool=pool.astype(np.int32),
            amount=np.zeros(len(items), np.int64),
            delay_rule=rule.astype(np.int8),
            calendar=np.zeros(len(items), np.int32), priority=np.zeros(len(items), np.int32),
            counted=none, starts_clock=none, pred_ptr=np.append(0, np.cumsum(preds)),
            pred=np.concatenate(before).astype(np.int64),
            calendars=IntervalTable.of([self.calendar]),
            working_days=self.lives.days,
        )  # fmt: skip

    def _amounts(self, times: Times, rng: np.random.Generator) -> Ints:
        s, (stretch, task, part) = self.stretches, self._of_item
        amount = np.zeros(len(task), np.float64)
        first = self._template.first_item[:-1]
        amount[first] = s.held + (0 if self.lives.has_hours else self._within_day(rng))
        for number, family in enumerate(self.ways):
            rows = np.flatnonzero(s.way == number)
            if family is not None:
                name, mean, cv = family.name, family.mean, family.cv
            else:
                name, mean, cv = "lognormal", times.way.get(number, 0.0), WAY_CV
            if len(rows) and mean > 0:
                days = drawn(name, mean, np.full(len(rows), cv), rng)
                amount[first[rows] + 1] = DAY_S * days
        for number in np.unique(task[task >= 0]).tolist():
            rows = np.flatnonzero(task == number)
            parts = s.parts[stretch[rows]]
            each = times.cv[number] / np.sqrt(parts)
            hours = drawn(times.family[number], times.mean[number], each, rng) * parts * part[rows]
            amount[rows] = np.maximum(hours * 3600, _LEAST_S)
        return np.ceil(amount).astype(np.int64)

    def _within_day(self, rng: np.random.Generator) -> Floats:
        """Return [S] seconds from midnight to a hand-over of which the date is known."""
        duty = self.work.supply.duty[self.pools[0]]
        day = self.stretches.ready // DAY_S * DAY_S
        open_s = np.asarray(duty.elapsed(day, day + DAY_S))
        at = np.asarray(duty.finish(day, np.floor(rng.random(len(day)) * open_s).astype(np.int64)))
        return np.where(open_s > 0, at - day, DAY_S // 2).astype(np.float64)

    # --- officers -----------------------------------------------------------------------------

    @cached_property
    def _duty(self) -> dict[str, Intervals]:
        """Roster group → its duty, which goes on after the records end."""
        found, beyond = {}, self.lives.now_s + DAY_S
        date = self.lives.days.origin
        for group in self.groups:
            duty = self.work.supply.duty[group.serves[0]]
            first = 0 if group.first is None else (group.first - date).days * DAY_S
            last = beyond if group.last is None else (group.last - date).days * DAY_S + DAY_S
            duty = duty.clip(first, min(last, beyond))
            after = [(beyond, beyond + 1)] if group.last is None else []
            pairs = list(zip(duty.start.tolist(), duty.end.tolist(), strict=True))
            found[group.name] = Intervals.of(pairs + after)
        return found

    def _supply(self, officers: Mapping[str, int], rng: np.random.Generator) -> Supply:
        number = {name: at for at, name in enumerate(self.pools)}
        roster: list[Group] = []
        for group in sorted(self.groups, key=lambda one: one.name):
            roster += [group] * (group.count if group.known else officers[group.name])
        served = [[number[pool] for pool in group.serves if pool in number] for group in roster]
        duties = [self._duty[group.name] for group in roster]
        planned = IntervalTable.of(duties)
        n, pools = len(roster), len(self.pools)
        return Supply(
            rule=np.zeros(pools, np.int8), escalate_wd=np.zeros(pools, np.int64),
            pool_ptr=np.cumsum([0, *map(len, served)]).astype(np.int64),
            pool_of=np.array([pool for one in served for pool in one], np.int32),
            calendar=np.arange(n, dtype=np.int32), planned_calendar=np.arange(n, dtype=np.int32),
            speed_num=np.ones(n, np.int64), speed_den=np.ones(n, np.int64),
            finishes_in_hand=np.zeros(n, np.bool_), hands_over=np.ones(n, np.bool_),
            rework_ppm=np.zeros(n, np.int64), duty=self._present(roster, duties, rng),
            planned=planned,
        )  # fmt: skip

    def _present(
        self, roster: list[Group], duties: list[Intervals], rng: np.random.Generator
    ) -> IntervalTable:
        """Return the duty of officers, less the days on which they are absent."""
        away = np.array([group.absence[0] for group in roster])
        if not away.any():
            return IntervalTable.of(duties)
        days = self.lives.days
        absent: Bools = (rng.random((len(roster), len(days))) < away[:, None]) & days.working
        return DutyByDay.of(duties).without(absent)

    # --- one simulation -----------------------------------------------------------------------

    def stamps(self, times: Times, rng: np.random.Generator) -> Stamps:
        """Simulate once, and return what had been stamped when the records end."""
        workload = replace(self._template, amount=self._amounts(times, rng))
        schedule = simulate(workload, self._supply(times.officers, rng), self.lives.now_s)
        first, last = workload.first_item[:-1] + _DELAYS, workload.first_item[1:] - 1
        return self.seen(
            np.where(schedule.start[first] == OPEN, NEVER, schedule.start[first]),
            np.where(schedule.end[last] == OPEN, NEVER, schedule.end[last]),
            schedule.officer[first].astype(np.int64), schedule.officer[last].astype(np.int64),
        )  # fmt: skip

    def seen(self, begin: Ints, end: Ints, began_by: Ints, ended_by: Ints) -> Stamps:
        """Return stamps as the register keeps them: less lost ones, dates if it has no times."""
        begin, end = (
            np.where(lost, NEVER, t) for lost, t in zip(self._lost, (begin, end), strict=True)
        )
        if not self.lives.has_hours:
            begin, end = (np.where(t < NEVER, t // DAY_S * DAY_S, NEVER) for t in (begin, end))
        return Stamps(begin, end, began_by, ended_by)

    @cached_property
    def _lost(self) -> tuple[Bools, Bools]:
        return self.stretches.lost(self.lives.now_s)

    @property
    def recorded(self) -> Stamps:
        """What was recorded."""
        s = self.stretches
        return self.seen(s.begin, s.end, s.began_by, s.ended_by)


def drawn(family: str, mean: float, cv: Floats, rng: np.random.Generator) -> Floats:
    """Return [n] draws of a mean and cv; an exponential one is a gamma with the cv 1."""
    if family == "lognormal":
        variance = np.log1p(cv * cv)
        return np.asarray(np.exp(np.log(mean) - variance / 2
                                 + np.sqrt(variance) * rng.standard_normal(len(cv))))  # fmt: skip
    shape = cv**-2.0
    return np.asarray(rng.standard_gamma(shape) * mean / shape)
