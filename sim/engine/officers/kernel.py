"""What the kernel asks about one officer at an instant, in machine code."""

from __future__ import annotations

import numpy as np

from sim.engine.contract import ANY_TIME, DAY_S, NEVER
from sim.machine_code import helper, inlined


@inlined
def next_duty(run, officer, t):
    """Return the start of the duty interval that holds t, else of the next one, or NEVER."""
    if officer.off <= t:
        i = officer.duty
        while i < officer.last_duty and run.duty[i].end <= t:
            i += 1
        officer.duty = i
        officer.on = run.duty[i].start if i < officer.last_duty else NEVER
        officer.off = run.duty[i].end if i < officer.last_duty else NEVER
    return officer.on


@helper
def duty_at(run, officer, at):
    """Return the position of the duty interval that holds a later instant, else of the next one."""
    low, high = np.int64(officer.duty), np.int64(officer.last_duty)
    while low < high:
        middle = (low + high) >> 1
        if run.duty[middle].end <= at:
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def next_turn(run, officer, t):
    """Return when the officer's overtime next begins or ends after t, or NEVER."""
    while officer.next_turn < officer.last_turn and run.shifts[officer.next_turn] <= t:
        officer.next_turn += 1
    return run.shifts[officer.next_turn] if officer.next_turn < officer.last_turn else NEVER


@helper
def may_begin(run, p, o, k, waiting, t):
    """Return whether the conditions hold in which an officer on duty begins an item of a pool.

    `waiting`: how many items wait in the pool, this one included.
    """
    officer = run.officers[o]
    link = officer.first_pool
    while run.serves[link] != p:
        link += 1
    below = run.limits[link].below_wd
    next_turn(run, officer, t)
    if (officer.next_turn - officer.first_turn) & 1:
        below = min(below, officer.overtime_below_wd)
    if waiting <= run.limits[link].queue_over:
        return False
    return below == ANY_TIME or clock_of(run, k).due - run.n_of[t // DAY_S] < below


@inlined
def clock_of(run, k):
    """Return the clock of an item."""
    if len(run.given.clock) > 0:
        return run.clocks[run.given.clock[k]]
    return run.clocks[run.items[k].case]


@inlined
def take_free(run, pool, o):
    """Remove an officer from the free officers of the pool."""
    i = pool.first_free
    while run.free[i] != o:
        i += 1
    # The officer is mostly near the front: few move up.
    while i > pool.first_free:
        run.free[i] = run.free[i - 1]
        i -= 1
    pool.first_free += 1


@inlined
def expect(run, officer, end):
    """Set an officer's next end, or NEVER; each node of the tree is the lesser of the two below."""
    node = officer.leaf
    run.tree[node] = end
    while node > 1:
        end = min(end, run.tree[node ^ 1])
        node >>= 1
        run.tree[node] = end


@inlined
def seconds_for(work, num, den):
    """Return the seconds that the work takes at the speed num / den, rounded up."""
    if num == den:
        return work
    return -(-work * den // num)


@helper
def finish(hours, i, last, t, work):
    """Return when `work` seconds begun at t are done; interval i is the first that ends after t.

    The last interval is at `last` - 1; past it, work goes on without pause.
    """
    if i == last:
        return t + work
    goal = hours[i].worked - (hours[i].end - max(t, hours[i].start)) + work
    low, high = i, min(i + 1, last)
    while high < last and hours[high - 1].worked < goal:  # the interval is mostly near
        low, high = high, min(2 * high - i, last)
    while low < high:
        middle = (low + high) >> 1
        if hours[middle].worked < goal:
            low = middle + 1
        else:
            high = middle
    if low == last:
        return hours[last - 1].end + goal - hours[last - 1].worked
    return hours[low].end - (hours[low].worked - goal)
