"""The order of dispatch, checked the slow way: live through the schedule and ask at each step.

Given when items end or are laid down (which `verify` checks by itself), everything else follows
from the contract, step by step. Nothing is shared with an engine: no heap, no wake-ups, due days
from the definition. Only for small inputs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.engine.contract import (
    ANY_TIME,
    DAY_S,
    DELAY,
    NEVER,
    NO_LIMIT,
    NO_OFFICER,
    NO_TACIT,
    NOTICE_WD,
    OPEN,
    Rule,
    Schedule,
    Supply,
    Workload,
)
from sim.engine.parts import all_parts

Moment = tuple[int, int]
"""An instant, and the turn of an end or of becoming ready; there may be several in an instant."""


def check_dispatch(workload: Workload, supply: Supply, schedule: Schedule) -> list[str]:
    """Return what is wrong with who began what, when; empty if nothing is."""
    return _Replay(workload, supply, schedule).problems()


@dataclass
class _Replay:
    w: Workload
    s: Supply
    got: Schedule
    ready: dict[int, int] = field(default_factory=dict)
    begun: dict[int, int] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)
    turn: dict[tuple[str, int], int] = field(default_factory=dict)
    arrived: int = 0  # cases
    unasked: set[int] = field(default_factory=set)  # lapsed before they began
    in_hand: dict[int, int] = field(default_factory=dict)  # item → officer
    taken: dict[int, int] = field(default_factory=dict)  # item → how often it was taken in hand
    left: dict[int, Fraction] = field(default_factory=dict)  # item → work left, if it was laid down
    free_since: dict[int, int] = field(default_factory=dict)  # officer → end of the last part

    def __post_init__(self) -> None:
        self.items = range(len(self.w.pool))
        self.case = [
            c
            for c in range(len(self.w.arrival_s))
            for _ in range(self.w.first_item[c], self.w.first_item[c + 1])
        ]
        parts = all_parts(self.got)
        self.holds: dict[int, list[tuple[int, int, int]]] = {}  # item → (start, end, officer)
        for item, *hold in zip(
            *(x.tolist() for x in (parts.item, parts.start, parts.end, parts.officer)), strict=True
        ):
            self.holds.setdefault(item, []).append((hold[0], hold[1], hold[2]))

    def problems(self) -> list[str]:
        for t in self.instants():
            self.settle(t)
            while problem_or_begun := self.dispatch_one(t):
                if isinstance(problem_or_begun, str):
                    return [problem_or_begun]
                # Others may begin before something that takes no time ends: ask again first.
            if problem := self.missed(t):
                return [problem]
        return []

    def instants(self) -> list[int]:
        """Return whenever anything can happen."""
        times = {int(x) for a in (self.got.ready, self.got.start, self.got.end) for x in a}
        times |= {int(x) for a in (self.w.arrival_s, self.s.duty.start) for x in a}
        if self.s.conditions is not None:
            overtime = self.s.conditions.overtime
            times |= {int(x) for a in (overtime.start, overtime.end) for x in a}
            times |= {day * DAY_S for day in range(len(self.w.working_days))}
        times |= {t for holds in self.holds.values() for hold in holds for t in hold[:2]}
        times |= {self.lapse(i, int(r)) for i, r in enumerate(self.got.ready) if r != OPEN}
        return sorted(t for t in times if 0 <= t <= self.got.stopped_s)

    def settle(self, t: int) -> None:
        """Let end and become ready what does at t, in the order of the contract."""
        while True:
            ending = next((i for i in self.items if self.ends_now(i, t)), None)
            if ending is not None:
                self.end(ending, t)
                self.make_ready(t)
            elif self.arrived < len(self.w.arrival_s) and self.w.arrival_s[self.arrived] <= t:
                self.arrived += 1
                self.make_ready(t)
            else:
                return

    def ends_now(self, i: int, t: int) -> bool:
        """Return whether an item ends, lapses or is laid down at t."""
        if i in self.ended or i not in self.ready:
            return False
        lapses = i in self.waiting() and self.lapse(i, self.ready[i]) == t
        ends = i in self.begun and self.got.end[i] == t
        laid_down = i in self.in_hand and self.hold(i)[1] == t and self.may_lay_down(i, t)
        return lapses or ends or laid_down

    def end(self, i: int, t: int) -> None:
        if i in self.waiting() and self.lapse(i, self.ready[i]) == t:
            if i not in self.begun:
                self.begun[i] = t
                self.unasked.add(i)
        elif self.got.end[i] != t:
            self.left[i] = self.rest(i, t)
            self.put_down(i, t)
            return
        else:
            self.put_down(i, t)
        self.ended[i] = t
        self.turn["end", i] = len(self.turn)

    def make_ready(self, t: int) -> None:
        for i in self.items:
            preds = self.w.pred[self.w.pred_ptr[i] : self.w.pred_ptr[i + 1]]
            arrived = self.case[i] < self.arrived
            if i not in self.ready and arrived and all(int(p) in self.ended for p in preds):
                self.ready[i] = t
                self.turn["ready", i] = len(self.turn)
                if self.w.pool[i] == DELAY:
                    self.begun[i] = t

    def dispatch_one(self, t: int) -> str | bool:
        """Let the next item begin that has to. False if there is none at t."""
        for pool in self.pools_with_take_over():
            problem_or_given = self.give_anew(pool, t)
            if problem_or_given:
                return problem_or_given
        free = self.free_officers(t)
        options = [i for i in self.waiting() if any(self.may_begin(o, i, t) for o in free)]
        if not options:
            # Only now may end what was begun in this dispatch and takes no time.
            before = len(self.ended)
            self.settle(t)
            return len(self.ended) > before
        item = min(options, key=lambda i: self.key(i, t))
        able = (o for o in free if self.may_begin(o, item, t))
        officer = min(able, key=lambda o: (self.planned_end(o, item, t), *self.rank(o)))
        return self.take_up(item, officer, t)

    def take_up(self, item: int, officer: int, t: int) -> str | bool:
        number, holds = self.taken.get(item, 0), self.holds.get(item, [])
        start, _, who = holds[number] if number < len(holds) else (OPEN, OPEN, NO_OFFICER)
        if (start, who) != (t, officer):
            return (
                f"at {t} item {item} had to begin with officer {officer}, but it began at {start} "
                f"with officer {who}"
            )
        self.begun.setdefault(item, t)
        self.in_hand[item] = officer
        self.taken[item] = number + 1
        return True

    # Take-over: the i-th item with the i-th fastest officer on duty.

    def pools_with_take_over(self) -> list[int]:
        over = self.s.take_over
        return [] if over is None else [p for p in range(len(over)) if over[p]]

    def may_lay_down(self, i: int, t: int) -> bool:
        """Return whether the officer may lay down the item at t of his own accord."""
        o = self.in_hand[i]
        if int(self.w.pool[i]) not in self.pools_with_take_over():
            return True
        return bool(self.s.hands_over[o]) and not self.on_duty(o, t)

    def give_anew(self, pool: int, t: int) -> str | bool:
        """Let officers take over what they have to. False if nothing changes hands at t."""
        here = [i for i in self.ready if self.w.pool[i] == pool and i not in self.ended]
        here.sort(key=lambda i: (self.ready[i], i))
        place = {self.in_hand[i]: n for n, i in enumerate(here) if i in self.in_hand}
        crew = [o for o in range(len(self.s.calendar)) if pool in self.pools(o)]
        free = [o for o in crew if self.on_duty(o, t)]
        given: dict[int, int] = {}
        for i in here:
            own = self.in_hand.get(i)
            able = [o for o in free if o not in given.values()]
            if own is not None and own not in free and self.works_on(own, t):
                able.append(own)
            if able:
                order = {
                    o: (-self.speed(o), o != own, o in place, -place.get(o, 0), *self.rank(o))
                    for o in able
                }
                given[i] = min(able, key=order.__getitem__)
        changed = False
        for i, o in list(self.in_hand.items()):
            loses = i in given or o in given.values()
            if i in here and loses and given.get(i) != o:
                if self.hold(i)[1] != t:
                    return f"at {t} officer {o} had to leave item {i} to others"
                self.left[i] = self.rest(i, t)
                self.put_down(i, t)
        for i, o in given.items():
            if i not in self.in_hand:
                problem = self.take_up(i, o, t)
                if isinstance(problem, str):
                    return problem
                changed = True
        return changed

    def works_on(self, o: int, t: int) -> bool:
        """Return whether the officer, off duty at t, still works on what he has in hand."""
        row = self.s.calendar[o]
        comes_back = bool(np.any(self.s.duty.row(int(row)).start > t))
        return bool(self.s.finishes_in_hand[o]) or not comes_back

    def hold(self, i: int) -> tuple[int, int, int]:
        """Return start, end and officer of the part that is in hand."""
        return self.holds[i][self.taken[i] - 1]

    def put_down(self, i: int, t: int) -> None:
        if i in self.in_hand:
            self.free_since[self.in_hand.pop(i)] = t

    def rest(self, i: int, t: int) -> Fraction:
        """Return the work left of an item in hand that is laid down at t."""
        start, _, o = self.hold(i)
        row = self.s.duty.row(int(self.s.calendar[o]))
        duty = row.clip(start, t)
        seconds = int(sum(duty.end - duty.start)) + max(t - int(row.end[-1]), 0)
        if self.s.finishes_in_hand[o]:
            seconds = t - start
        unit = self.unit(int(self.w.pool[i]))
        left = self.rounded_up(self.work(i) - seconds * self.speed(o), unit)
        rework = Fraction(int(self.s.rework_ppm[o]), 10**6)
        return left + self.rounded_up((int(self.w.amount[i]) - left) * rework, unit)

    def unit(self, pool: int) -> int:
        """Return the parts of a second in which work of the pool is counted."""
        if pool not in self.pools_with_take_over():
            return 1
        crew = (o for o in range(len(self.s.calendar)) if pool in self.pools(o))
        return math.lcm(*(int(self.s.speed_den[o]) for o in crew))

    def rounded_up(self, work: Fraction, unit: int) -> Fraction:
        return Fraction(math.ceil(work * unit), unit)

    def work(self, i: int) -> Fraction:
        return self.left.get(i, Fraction(int(self.w.amount[i])))

    def speed(self, o: int) -> Fraction:
        return Fraction(int(self.s.speed_num[o]), int(self.s.speed_den[o]))

    def planned_end(self, o: int, i: int, t: int) -> int:
        """Return when officer o would be done with item i, begun at t, by planned duty."""
        seconds = math.ceil(self.work(i) / self.speed(o))
        if self.s.finishes_in_hand[o]:
            return t + seconds
        plan = self.s.planned.row(int(self.s.planned_calendar[o]))
        for start, end in zip(plan.start.tolist(), plan.end.tolist(), strict=True):
            open_s = max(end - max(start, t), 0)
            if end > t and seconds <= open_s:
                return max(start, t) + seconds
            seconds -= open_s
        return max(int(plan.end[-1]), t) + seconds

    def missed(self, t: int) -> str | None:
        for name, done in (("ready", self.ready), ("start", self.begun), ("end", self.ended)):
            for i in self.items:
                if (getattr(self.got, name)[i] == t) != (done.get(i) == t):
                    return f"{name} of item {i} is {getattr(self.got, name)[i]}; replayed at {t}"
        for i in self.unasked:
            if self.got.officer[i] != NO_OFFICER:
                return f"item {i} lapsed while it waited, but has officer {self.got.officer[i]}"
        return None

    def waiting(self) -> list[int]:
        work = (i for i in self.ready if self.w.pool[i] != DELAY)
        return [i for i in work if i not in self.in_hand and i not in self.ended]

    def lapse(self, i: int, ready: int) -> int:
        """Return when silence about item i, if work, counts as consent, day by day; or OPEN."""
        if self.w.tacit_wd is None or self.w.tacit_wd[i] == NO_TACIT:
            return OPEN
        day, still = ready // DAY_S, int(self.w.tacit_wd[i])
        while still > 0:
            day += 1
            if day == len(self.w.working_days):
                return OPEN
            still -= bool(self.w.working_days.working[day])
        return (day + 1) * DAY_S - 1

    def free_officers(self, t: int) -> list[int]:
        busy = set(self.in_hand.values())
        return [o for o in range(len(self.s.calendar)) if o not in busy and self.on_duty(o, t)]

    def on_duty(self, o: int, t: int) -> bool:
        row = self.s.calendar[o]
        these = range(self.s.duty.ptr[row], self.s.duty.ptr[row + 1])
        return any(self.s.duty.start[k] <= t < self.s.duty.end[k] for k in these)

    def pools(self, o: int) -> list[int]:
        return self.s.pool_of[self.s.pool_ptr[o] : self.s.pool_ptr[o + 1]].tolist()

    def serves(self, o: int, item: int) -> bool:
        return int(self.w.pool[item]) in self.pools(o)

    def may_begin(self, o: int, item: int, t: int) -> bool:
        """Return whether the officer serves the pool of the item, and all conditions hold."""
        limits = self.s.conditions
        if limits is None or not self.serves(o, item):
            return self.serves(o, item)
        pool = int(self.w.pool[item])
        link = int(self.s.pool_ptr[o]) + self.pools(o).index(pool)
        wait = sum(self.w.pool[i] == pool for i in self.waiting())
        days = [int(limits.below_wd[link])]
        overtime = limits.overtime.row(int(self.s.calendar[o]))
        if overtime.contains(t):
            days.append(int(limits.overtime_below_wd[o]))
        left = self.due(self.clock(item), t) - self.n(t)
        return wait > limits.queue_over[link] and all(d == ANY_TIME or left < d for d in days)

    def rank(self, o: int) -> tuple[int, int, int]:
        return len(self.pools(o)), self.free_since.get(o, OPEN), o

    def key(self, i: int, t: int) -> tuple[int, float, int, int]:
        pool = int(self.w.pool[i])
        rule, priority = self.s.rule[pool], int(self.w.priority[i])
        if rule == Rule.FIFO:
            return 0, 0, self.ready[i], i
        if rule == Rule.PRIORITY:
            return priority, 0, self.ready[i], i
        due = self.due(self.clock(i), t)
        if rule == Rule.EARLIEST_DUE:
            return priority, due, self.ready[i], i
        relaxed = due - self.n(t) >= self.s.escalate_wd[pool]
        return priority, int(relaxed), self.ready[i], i

    def n(self, t: int) -> int:
        return int(sum(self.w.working_days.working[: t // DAY_S + 1]))

    def clock(self, i: int) -> int:
        return self.case[i] if self.w.clock is None else int(self.w.clock[i])

    def due(self, clock: int, t: int) -> float:
        """Return the due day at t from its definition, given what has happened so far."""
        limit = int(self.w.limit_wd[clock])
        if limit == NO_LIMIT:
            return math.inf
        items = [i for i in self.items if self.clock(i) == clock]
        runs = self.w.clock_runs is not None and self.w.clock_runs[clock]
        if clock < len(self.w.arrival_s):
            begins = (int(self.w.arrival_s[clock]), -1)
            given = self.w.due_wd
            due = self.n(begins[0]) + limit if given is None else int(given[clock])
        else:
            begins = min(self.at("ready", i) for i in items if i in self.ready)
            due = self.n(begins[0]) + limit
        starts = [self.at("end", i) for i in items if self.w.starts_clock[i] and i in self.ended]
        start = begins if runs else min(starts, default=None)
        received = min((self.received(i) for i in items if self.late(i, t)), default=None)
        # A receipt on the day of the start changes nothing: due days know dates only.
        if received and not (start and self.n(start[0]) <= self.n(received[0])):
            start, runs = received, False
        if start is None:
            return due
        return self.moved(due if runs else self.n(start[0]) + limit, start, items, t)

    def at(self, what: str, i: int) -> Moment:
        return (self.ready if what == "ready" else self.ended)[i], self.turn[what, i]

    def moved(self, due: int, start: Moment, items: list[int], t: int) -> int:
        """Return the due day of a clock that has started, moved by suspensions and rounds.

        Walk along the open times; what they leave uncovered is a finished suspension, or one that
        a round begins in.
        """
        limit = int(self.w.limit_wd[self.clock(items[0])])
        never = (NEVER, 0)
        counted = sorted(
            (self.at("ready", i), self.at("end", i) if i in self.ended else never)
            for i in items
            if i in self.ready and self.of_late(i, t, self.w.counted, self.w.counted_late)
        )
        rounds = [
            self.at("end", i)
            for i in items
            if i in self.ended and self.of_late(i, t, self.w.begins_round, self.w.begins_round_late)
        ]
        covered = start
        for opens, closes in [*counted, (never, never)]:
            anew = max((r for r in rounds if covered <= r < opens), default=None)
            if anew:
                covered, due = anew, self.n(anew[0]) + limit
            if covered < opens < never:
                due += self.n(opens[0]) - self.n(covered[0])
            covered = max(covered, closes)
        return due

    def of_late(
        self, i: int, t: int, usual: NDArray[np.bool_] | None, late: NDArray[np.bool_] | None
    ) -> bool:
        """Return what a column says of the item, or that for items after a late check."""
        if self.w.notice is not None and OPEN < self.w.notice[i] < i:
            check = int(self.w.notice[i])
            if self.late(check, t):
                usual = late
        return usual is not None and bool(usual[i])

    def late(self, check: int, t: int) -> bool:
        """Return whether an item is a first check that had not ended in time, as known at t."""
        if self.w.notice is None or self.w.notice[check] != check:
            return False
        received = self.received(check)
        told = self.ended.get(check, t)
        return received is not None and self.n(told) - self.n(received[0]) > NOTICE_WD

    def received(self, check: int) -> Moment | None:
        """Return when the papers of a check were received; None if they were not."""
        assert self.w.notice is not None
        these = (i for i in range(check + 1) if self.w.notice[i] == check and i in self.ready)
        return min((self.at("ready", i) for i in these), default=None)
