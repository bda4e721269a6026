"""Together at once, in machine code: when the officers of a team can come, and who comes.

The rule stands at the head of `sim.engine`; `sim.engine.together.appointments` is to be read.
"""

from __future__ import annotations

import numpy as np

from sim.engine.contract import ANY_TIME, LONGEST, NEVER, NO_OFFICER
from sim.engine.officers.kernel import duty_at, finish, may_begin, seconds_for
from sim.machine_code import helper


@helper
def seats_after(run, first):
    """Return the number behind the last seat of a team."""
    last = first
    while last < len(run.seats) and run.seats[last].team == first:
        last += 1
    return last


@helper
def call(run, k, t):
    """Let a seat have its turn. Return when its team begins, or NEVER if that is not known yet.

    If its team begins later than t, it has an appointment from now on.
    """
    first = np.int64(run.seats[k].team)
    last = seats_after(run, first)
    run.seats[first].called += 1
    if run.seats[first].called < last - first:
        return np.int64(NEVER)
    at = t
    while at <= run.horizon and not _can_meet(run, first, last, t, at):
        at = _next_chance(run, first, last, t, at)
    if at > run.horizon:
        return np.int64(NEVER)
    if at > t:
        for seat in range(first, last):
            run.seats[run.state[0].agreed].agreed = seat
            run.state[0].agreed += 1
            officer = run.officers[run.seats[seat].officer]
            officer.meets = min(officer.meets, at)
        run.state[0].meet = min(run.state[0].meet, at)
        run.state[0].wake = min(run.state[0].wake, at)
    return at


@helper
def next_to_meet(run, t):
    """Forget the appointment of a team that begins at t, and return its first seat."""
    n = np.int64(0)
    while run.seats[run.seats[n].agreed].begin != t:
        n += 1
    first = np.int64(run.seats[run.seats[n].agreed].team)
    kept = np.int64(0)
    run.state[0].meet = NEVER
    for n in range(run.state[0].agreed):
        seat = run.seats[n].agreed
        run.officers[run.seats[seat].officer].meets = NEVER
        if run.seats[seat].team != first:
            run.seats[kept].agreed = seat
            kept += 1
    run.state[0].agreed = kept
    for n in range(kept):
        seat = run.seats[run.seats[n].agreed]
        officer = run.officers[seat.officer]
        officer.meets = min(officer.meets, seat.begin)
        run.state[0].meet = min(run.state[0].meet, seat.begin)
    return first


@helper
def _can_meet(run, first, last, t, at):
    """Return whether the team can begin at the instant `at`; if so, note who comes, and the end."""
    seconds = np.int64(0)
    for seat in range(first, last):
        o = _who_comes(run, first, np.uint32(seat), t, at)
        if o <= NO_OFFICER:
            return False
        run.seats[seat].officer = o
        officer, work = run.officers[o], min(run.given.amount[seat], LONGEST)
        seconds = max(seconds, seconds_for(work, officer.speed_num, officer.speed_den))
    end = _end_together(run, first, last, at, seconds)
    for seat in range(first, last):
        if max(end, at + 1) > _before_next(run, np.uint32(run.seats[seat].officer), at):
            return False
    for seat in range(first, last):
        run.seats[seat].begin = at
        run.seats[seat].end = end
    return True


@helper
def _who_comes(run, first, k, t, at):
    """Return who of the pool would be done first with a seat at the instant `at`, or NO_OFFICER."""
    pool = run.pools[run.given.pool[k]]
    best = np.int64(NO_OFFICER)
    ends, pools, since = np.int64(NEVER), np.int64(0), np.int64(0)
    for i in range(pool.first_officer, pool.last_officer):
        o = run.officers_of[i]
        officer = run.officers[o]
        free = _free_from(run, pool, o, t)
        if free > at or not _can_come(run, first, k, o, t, at):
            continue
        end = _planned_end(run, officer, min(run.given.amount[k], LONGEST), at)
        if max(end, at + 1) > _before_next(run, o, at):
            continue
        served = np.int64(officer.last_pool - officer.first_pool)
        if free <= t:
            free = officer.since
        better = end < ends or (end == ends and served < pools)
        if best <= NO_OFFICER or better or (end == ends and served == pools and free < since):
            best, ends, pools, since = np.int64(o), end, served, free
    return best


@helper
def _can_come(run, first, k, o, t, at):
    """Return whether an officer with nothing in hand can take a seat at the instant `at`."""
    for seat in range(first, k):
        if run.seats[seat].officer == o:
            return False
    officer = run.officers[o]
    i = duty_at(run, officer, at)
    if i == officer.last_duty or run.duty[i].start > at:
        return False
    for n in range(run.state[0].agreed):
        seat = run.seats[run.seats[n].agreed]
        if seat.officer == o and seat.begin <= at and at < max(seat.end, seat.begin + 1):
            return False
    p = np.uint32(run.given.pool[k])
    if at == t:
        waiting = np.int64(run.pools[p].tail - run.pools[p].head)
        return may_begin(run, p, o, k, waiting + 1, t)
    link = officer.first_pool
    while run.serves[link] != p:
        link += 1
    below = run.limits[link].below_wd
    turn = officer.first_turn
    while turn < officer.last_turn and run.shifts[turn] <= at:
        turn += 1
    if (turn - officer.first_turn) & 1:
        below = min(below, officer.overtime_below_wd)
    return below == ANY_TIME and run.limits[link].queue_over == 0


@helper
def _free_from(run, pool, o, t):
    """Return when the officer has done what is in hand, or NEVER if after the horizon.

    Who is free, is so from t on; who has something in hand at t, is not free at t itself.
    """
    end = run.tree[run.officers[o].leaf]
    if end != NEVER:
        return max(end >> run.shift, t + 1)
    for i in range(pool.first_free, pool.last_free):
        if run.free[i] == o:
            return t
    return np.int64(NEVER)


@helper
def _planned_end(run, officer, work, at):
    """Return when an officer would be done with `work` by planned duty, begun at the instant."""
    kind = run.kinds[officer.kind]
    seconds = seconds_for(work, kind.speed_num, kind.speed_den)
    if kind.finishes_in_hand:
        return at + seconds
    i = np.int64(kind.now)
    while i < kind.last and run.planned[i].end <= at:
        i += 1
    return finish(run.planned, i, np.int64(kind.last), at, seconds)


@helper
def _before_next(run, o, at):
    """Return when the officer's next appointment after the instant begins, or NEVER."""
    begin = np.int64(NEVER)
    for n in range(run.state[0].agreed):
        seat = run.seats[run.seats[n].agreed]
        if seat.officer == o and seat.begin > at:
            begin = min(begin, seat.begin)
    return begin


@helper
def _end_together(run, first, last, t, left):
    """Return when the officers of a team are done: when all were on duty for `left` seconds."""
    while True:
        begin, until = t, np.int64(NEVER)
        for seat in range(first, last):
            officer = run.officers[run.seats[seat].officer]
            if officer.finishes_in_hand:
                continue
            i = duty_at(run, officer, t)
            if i < officer.last_duty:
                begin = max(begin, run.duty[i].start)
            if i + 1 < officer.last_duty:  # past the last one, work goes on without pause
                until = min(until, run.duty[i].end)
        if begin > t:
            t = begin
            continue
        if t + left <= until:
            return t + left
        left -= until - t
        t = until


@helper
def _next_chance(run, first, last, t, at):
    """Return the next instant after `at` at which more officers may be able to come."""
    chance = np.int64(NEVER)
    for seat in range(first, last):
        pool = run.pools[run.given.pool[seat]]
        for i in range(pool.first_officer, pool.last_officer):
            o = run.officers_of[i]
            officer = run.officers[o]
            free = _free_from(run, pool, o, t)
            if at < free:
                chance = min(chance, free)
            duty = duty_at(run, officer, at)
            if duty < officer.last_duty and run.duty[duty].start <= at:
                duty += 1
            if duty < officer.last_duty:
                chance = min(chance, run.duty[duty].start)
            for turn in range(officer.first_turn, officer.last_turn):
                if run.shifts[turn] > at:
                    chance = min(chance, run.shifts[turn])
                    break
            for n in range(run.state[0].agreed):
                other = run.seats[run.seats[n].agreed]
                over = max(other.end, other.begin + 1)
                if other.officer == o and over > at:
                    chance = min(chance, over)
    return chance
