"""The passes over a schedule in machine code, after the engine: checks and sums.

They find the facts that `sim.measures.facts` finds with whole arrays, which is the readable form.
What compiled functions keep to: `sim.machine_code`.

1. Every item, case by case, then every part of what was handed over.
2. A sort of waits by begin and by end, and of what was in hand by begin (`_sort`).
3. A sweep over time: queues (`_sweep`), and nobody busy twice (`_follow_officers`).

As all checks, they share no arithmetic with the engines: where an engine computes when work ends,
here the officer's own clock is read at the end that was found (`_clock`).
"""

from __future__ import annotations

import numpy as np

from sim.engine.contract import (
    DAY_S,
    DELAY,
    LONGEST,
    NEVER,
    NO_OFFICER,
    NO_TACIT,
    OPEN,
    DelayRule,
)
from sim.machine_code import by_reference, entry_point, helper
from sim.measures.records import (
    ARRIVED,
    BEGAN_EARLY,
    BEGAN_LATE,
    BUSY_TWICE,
    CLOCK,
    DELAY_WITH_OFFICER,
    DELAYED_DELAY,
    DIGIT,
    ENDED_EARLY,
    IDLE_OFFICER,
    IN_HAND,
    MILLION,
    MISPLACED,
    NO_OFFICER_OF_PART,
    NO_SUCH_ITEM,
    NO_SUCH_OFFICER,
    NOT_READY,
    OFF_DUTY,
    ON_DUTY,
    QUEUED,
    RECENT,
    SEEN,
    SILENCE_IGNORED,
    SILENCE_LATE,
    SILENT_AND_BEGUN,
    UNFINISHED,
    UNMANNED,
    WAITED,
    WORKED,
    WRONG_DELAY,
    WRONG_END,
    WRONG_HAND_OVER,
    WRONG_POOL,
)

ELAPSED, ON_CALENDAR = int(DelayRule.ELAPSED), int(DelayRule.ON_CALENDAR)
WORKING_DAYS, LEGAL = int(DelayRule.WORKING_DAYS), int(DelayRule.LEGAL_CALENDAR_DAYS)


@entry_point
def pass_over(run, cases, items, times, duty, hours, days, officers, pools, pool_of, sums, events):
    """Make all passes over one schedule; the arguments are described in `sim.measures.records`."""
    items, times = by_reference(items), by_reference(times)
    duty, hours = by_reference(duty), by_reference(hours)
    days, sums, events = by_reference(days), by_reference(sums), by_reference(events)
    size = run[0]
    _note_days(duty, size.days)
    _note_days(hours, size.days)
    _note_periods(size.days, duty, officers, sums)
    waits = holds = 0
    case = part = 0
    left = 0
    n_items, n_parts = len(items.pool), len(times.parts)
    stopped = size.stopped
    for n in range(n_items + n_parts):
        if n < n_items:
            k = n
            while cases[case].last <= k:
                case += 1
            in_parts = part < n_parts and times.parts[part].item == k
            while part < n_parts and times.parts[part].item <= k:
                part += 1
            pool, ready = items.pool[k], times.ready[k]
            start, end, o = times.start[k], times.end[k], times.officer[k]
            lapse = _lapse(items, days, k, ready)
            expected = cases[case].arrival
            for link in range(items.pred_ptr[k], items.pred_ptr[k + 1]):
                before = times.end[items.pred[link]]
                expected = max(expected, NEVER if before == OPEN else before)
            if ready != (expected if expected <= stopped else OPEN):
                sums.problems[NOT_READY] += 1
            _check_marks(sums.problems, ready, start, end, o, lapse, stopped)
            if not NO_OFFICER <= o < len(officers):
                sums.problems[NO_SUCH_OFFICER] += 1
            elif pool <= DELAY:
                if o > NO_OFFICER:
                    sums.problems[DELAY_WITH_OFFICER] += 1
                if start != ready:
                    sums.problems[DELAYED_DELAY] += 1
                if start != OPEN and not _delay_ends(items, hours, days, size, k, start, end):
                    sums.problems[WRONG_DELAY] += 1
            elif start != OPEN and o == NO_OFFICER and start != lapse:
                sums.problems[UNMANNED] += 1
            elif start == OPEN and ready != OPEN and lapse <= stopped:
                sums.problems[SILENCE_IGNORED] += 1
            cases[case].last_end = max(cases[case].last_end, end)
            if ready != OPEN:
                cases[case].flags |= SEEN
                if end == OPEN:
                    cases[case].flags |= IN_HAND
            if end == OPEN:
                cases[case].flags |= UNFINISHED
            elif cases[case].measured:
                kind = items.node[k]
                if pool > DELAY:
                    kind += size.nodes
                began = _working_s(days, start)
                sums.of_node[0, kind] += began - _working_s(days, ready)
                sums.of_node[1, kind] += _working_s(days, end) - began
            if pool > DELAY and ready != OPEN:
                period = _period(sums.edges, sums.period_at, ready)
                sums.of_pool[ARRIVED, pool, period] += 1
                until = stopped if start == OPEN else start
                pools[pool].waited_s += until - ready
                sums.of_pool[WAITED, pool, period] += until - ready
                if ready < until:
                    events.wait_begin[waits] = ready << size.pool_bits | pool
                    events.wait_end[waits] = until << size.pool_bits | pool
                    waits += 1
            if start == OPEN or o <= NO_OFFICER or pool <= DELAY or in_parts:
                continue
            work = min(items.amount[k], LONGEST)
            laid_down = False
            is_first = True
        else:
            p = n - n_items
            k = times.parts[p].item
            if not 0 <= k < n_items:
                sums.problems[NO_SUCH_ITEM] += 1
                continue
            pool, lapse = items.pool[k], _lapse(items, days, k, times.ready[k])
            start, end, o = times.parts[p].start, times.parts[p].end, times.parts[p].officer
            is_first = p == 0 or times.parts[p - 1].item != k
            is_last = p == n_parts - 1 or times.parts[p + 1].item != k
            laid_down = not is_last or (end != OPEN and end != times.end[k])
            silent = lapse if lapse <= stopped else OPEN
            wrong = p > 0 and times.parts[p - 1].item > k
            wrong |= not is_first and start < times.parts[p - 1].end
            wrong |= is_first and (start != times.start[k] or not laid_down)
            wrong |= is_last and o != times.officer[k]
            wrong |= is_last and times.end[k] != (silent if laid_down else end)
            if wrong:
                sums.problems[MISPLACED] += 1
            until = _until_again(times, p, stopped)
            if end < until:
                period = _period(sums.edges, sums.period_at, times.ready[k])
                pools[pool].waited_s += until - end
                sums.of_pool[WAITED, pool, period] += until - end
                events.wait_begin[waits] = end << size.pool_bits | pool
                events.wait_end[waits] = until << size.pool_bits | pool
                waits += 1
                if cases[items.case[k]].measured and times.end[k] != OPEN:
                    low, high = times.start[k], times.end[k]
                    between = _working_s(days, min(max(until, low), high))
                    between -= _working_s(days, min(max(end, low), high))
                    sums.of_node[0, items.node[k] + size.nodes] += between
                    sums.of_node[1, items.node[k] + size.nodes] -= between
            work = min(items.amount[k], LONGEST) if is_first else left
        if not 0 <= o < len(officers):
            sums.problems[NO_SUCH_OFFICER if n < n_items else NO_OFFICER_OF_PART] += 1
            continue

        # An officer had it in hand.
        events.held[holds] = start << size.item_bits | n
        holds += 1
        officer = officers[o]
        at, stop = _first_open(duty, size.days, officer.row, start), duty.ptr[officer.row + 1]
        if not _serves(officer, pool_of, pool):
            sums.problems[WRONG_POOL] += 1
        if at == stop or duty.start[at] > start:
            sums.problems[OFF_DUTY] += 1
        if start >= lapse:
            sums.problems[SILENT_AND_BEGUN] += 1
        begun = _clock(duty, officer, at, start)
        goal = begun + work
        if officer.speed_num != officer.speed_den:
            goal = begun - (-work * officer.speed_den // officer.speed_num)
        leaves = NEVER
        reaches_over = at < stop and duty.before[at + 1] < goal  # the end of a duty
        if reaches_over and officer.hands_over and not officer.finishes_in_hand:
            leaves = _leaves(duty, days, officers, pool_of, size.days, o, pool, at, goal)
        if laid_down != (leaves < lapse and leaves <= stopped):
            sums.problems[WRONG_HAND_OVER] += 1
        limit = min(leaves, lapse)
        until = stopped if end == OPEN else end
        at_end = at
        while at_end < stop and duty.end[at_end] < until:
            at_end += 1
        ended = _clock(duty, officer, at_end, until)
        if end == OPEN or end >= limit:
            right = limit > stopped if end == OPEN else end == limit and end <= stopped
            by = stopped if end == OPEN else limit - 1
            right &= by < start if goal == begun else _clock_from(duty, officer, at, by) < goal
        elif goal == begun:
            right = end == start
        else:  # done at the first instant at which the officer's own clock shows the goal
            right = ended == goal and _clock(duty, officer, at_end, end - 1) < goal
            right &= end <= stopped
        if not right:
            sums.problems[WRONG_END] += 1
        if n >= n_items:
            done = _passed(duty, at_end, stop, until) - _passed(duty, at, stop, start)
            left = work - done * officer.speed_num // officer.speed_den
            amount = min(items.amount[k], LONGEST)
            left -= -(amount - left) * officer.rework_ppm // MILLION
        worked = ended - begun
        last = _period(sums.edges, sums.period_at, until)
        for period in range(max(_period(sums.edges, sums.period_at, start), 1), last + 1):
            if period < len(sums.edges):
                low = max(begun, sums.of_officer[CLOCK, o, period - 1])
                inside = min(ended, sums.of_officer[CLOCK, o, period]) - low
                if inside > 0:
                    sums.of_officer[WORKED, o, period - 1] += inside
                    pools[pool].worked_s += inside
        if times.end[k] != OPEN and sums.edges[0] <= times.end[k] < sums.edges[-1]:
            pools[pool].served_s += worked
            if is_first:
                pools[pool].served += 1
        if cases[items.case[k]].measured:
            cases[items.case[k]].staff_s += worked * officer.share

    digits = 1
    while stopped >> (digits * DIGIT) > 0:
        digits += 1
    for keys in (events.wait_begin, events.wait_end):
        _sort(keys, events.spare, events.counts, waits, size.pool_bits, digits)
    _sort(events.held, events.spare, events.counts, holds, size.item_bits, digits)
    _sweep(events, waits, pools, sums.edges, sums.of_pool[QUEUED], size.pool_bits)
    _follow_officers(events.held, holds, times, officers, size.item_bits, sums.problems)


@helper
def _check_marks(problems, ready, start, end, officer, lapse, stopped):
    """Check that ready, start and end happen in this order, and that silence ends what lapses."""
    if start != OPEN and (ready == OPEN or ready > start):
        problems[BEGAN_EARLY] += 1
    if end != OPEN and (start == OPEN or start > end):
        problems[ENDED_EARLY] += 1
    if start > stopped:
        problems[BEGAN_LATE] += 1
    if start == OPEN and officer > NO_OFFICER:
        problems[IDLE_OFFICER] += 1
    if start == lapse and end != (lapse if lapse <= stopped else OPEN):
        problems[SILENCE_LATE] += 1


# When things are due to happen.


@helper
def _lapse(items, days, k, ready):
    """Return when work that is ready lapses by tacit consent, or NEVER."""
    if len(items.tacit_wd) == 0 or items.pool[k] <= DELAY or ready == OPEN:
        return NEVER
    if items.tacit_wd[k] == NO_TACIT:
        return NEVER
    return _close(days, ready // DAY_S, items.tacit_wd[k])


@helper
def _close(days, day, n):
    """Return the close of the n-th working day after a day; of that day if n is 0."""
    if n > 0:
        nth = days.n_of[min(day, len(days.n_of) - 1)] + n
        day = days.nth[nth - 1] if nth <= len(days.nth) else NEVER // DAY_S - 1
    return day * DAY_S + DAY_S - 1


@helper
def _delay_ends(items, hours, days, size, k, t, end):
    """Return whether a delay that began at t ends as its rule says."""
    amount, rule = items.amount[k], items.delay_rule[k]
    expected = t
    if amount > 0:
        if rule == ON_CALENDAR:
            # It ends at the first instant by which so many open seconds have passed.
            row = items.calendar[k]
            until = size.stopped if end == OPEN else end
            at = _first_open(hours, size.days, row, t)
            passed = -_passed(hours, at, hours.ptr[row + 1], t)
            while at < hours.ptr[row + 1] and hours.end[at] < until:
                at += 1
            passed += _passed(hours, at, hours.ptr[row + 1], until)
            if end == OPEN:
                return passed < amount
            is_open = at < hours.ptr[row + 1] and hours.start[at] < until
            return passed == amount and is_open and end <= size.stopped
        if rule == ELAPSED:
            expected = t + amount
        elif rule == WORKING_DAYS:
            expected = _close(days, t // DAY_S, amount)
        else:
            day = t // DAY_S + amount
            expected = day * DAY_S + DAY_S - 1
            if rule == LEGAL:
                expected = _close(days, min(day, len(days.n_of)) - 1, 1)
    return end == (expected if expected <= size.stopped else OPEN)


@helper
def _leaves(duty, days, officers, pool_of, n_days, o, pool, at, goal):
    """Return when an officer lays down, before the clock shows `goal`, what is in hand; or NEVER.

    That is at the end of a duty which a working day away follows, if another serves the pool before
    the officer comes back. `at`: the interval of duty in which it was taken in hand.
    """
    stop = duty.ptr[officers[o].row + 1]
    while at < stop and duty.before[at + 1] < goal:
        closes = duty.end[at]
        back = duty.start[at + 1] if at + 1 < stop else NEVER
        nth = days.n_of[min((closes - 1) // DAY_S, len(days.n_of) - 1)]
        if nth < len(days.nth) and days.nth[nth] < back // DAY_S:
            for other in range(len(officers)):
                if other != o and _serves(officers[other], pool_of, pool):
                    row = officers[other].row
                    theirs = _first_open(duty, n_days, row, closes)
                    if theirs < duty.ptr[row + 1] and duty.start[theirs] < back:
                        return closes
        at += 1
    return NEVER


@helper
def _serves(officer, pool_of, pool):
    """Return whether an officer serves a pool."""
    link = officer.first_pool
    while link < officer.last_pool and pool_of[link] != pool:
        link += 1
    return link < officer.last_pool


@helper
def _until_again(times, p, stopped):
    """Return when the wait ends that follows a part, if one does; `OPEN` if it is in hand."""
    part = times.parts[p]
    if part.end == OPEN:
        return OPEN
    if p + 1 < len(times.parts) and times.parts[p + 1].item == part.item:
        return times.parts[p + 1].start
    return stopped if times.end[part.item] == OPEN else times.end[part.item]


# Intervals and clocks.


@helper
def _note_days(table, n_days):
    """Note the first interval of each row that ends on a day or later."""
    for row in range(len(table.ptr) - 1):
        at = table.ptr[row]
        for day in range(n_days):
            while at < table.ptr[row + 1] and table.end[at] <= day * DAY_S:
                at += 1
            table.on[row * n_days + day] = at


@helper
def _first_open(table, n_days, row, t):
    """Return the row's first interval that ends after t; the row's stop if there is none."""
    at = np.int64(table.on[row * n_days + min(max(t // DAY_S, 0), n_days - 1)])
    while at < table.ptr[row + 1] and table.end[at] <= t:
        at += 1
    return at


@helper
def _passed(table, at, stop, t):
    """Return the open seconds of all rows before t.

    `at`: the row's first interval that ends at t or later; `stop` if there is none.
    """
    passed = table.before[at]
    if at < stop and table.start[at] < t:
        passed += t - table.start[at]
    return passed


@helper
def _clock(duty, officer, at, t):
    """Return the officer's own clock at t, see `WorkTimes`; `at`: as for `_passed`."""
    if officer.finishes_in_hand:
        return t
    first, stop = duty.ptr[officer.row], duty.ptr[officer.row + 1]
    closed = duty.end[stop - 1] if stop > first else 0
    return _passed(duty, at, stop, t) + max(t - closed, 0)


@helper
def _clock_from(duty, officer, at, t):
    """Return the officer's own clock at t; `at`: any interval that does not begin after t's."""
    while at < duty.ptr[officer.row + 1] and duty.end[at] < t:
        at += 1
    return _clock(duty, officer, at, t)


@helper
def _working_s(days, t):
    """Return the seconds of working dates before t; see `working_seconds`."""
    day = min(t // DAY_S, len(days.n_of) - 1)
    if days.working[day]:
        return (days.n_of[day] - 1) * DAY_S + t - day * DAY_S
    return days.n_of[day] * DAY_S


@helper
def _note_periods(n_days, duty, officers, sums):
    """Note the period in which each 2^15 s begin, and the officers' clocks at the edges."""
    period = 0
    for number in range(len(sums.period_at)):
        while period < len(sums.edges) and sums.edges[period] <= number << RECENT:
            period += 1
        sums.period_at[number] = period
    for o in range(len(officers)):
        row = officers[o].row
        for period in range(len(sums.edges)):
            at = _first_open(duty, n_days, row, sums.edges[period])
            sums.of_officer[CLOCK, o, period] = _clock(duty, officers[o], at, sums.edges[period])
            on_duty = _passed(duty, at, duty.ptr[row + 1], sums.edges[period])
            sums.of_officer[ON_DUTY, o, period] = on_duty


@helper
def _period(edges, period_at, t):
    """Return the number of edges up to t: 0 before the window, n in its n-th period."""
    period = np.int64(period_at[min(max(t, 0) >> RECENT, len(period_at) - 1)])
    while period < len(edges) and edges[period] <= t:
        period += 1
    return period


# In order of time.


@helper
def _sort(keys, spare, counts, n, low, digits):
    """Sort n keys by the digits from bit `low` on; equal ones keep their order."""
    mask = (1 << DIGIT) - 1
    for digit in range(digits):
        shift = low + digit * DIGIT
        counts[:] = 0
        for i in range(n):
            counts[(keys[i] >> shift) & mask] += 1
        place = 0
        for value in range(1 << DIGIT):
            number = counts[value]
            counts[value] = place
            place += number
        for i in range(n):
            value = (keys[i] >> shift) & mask
            spare[counts[value]] = keys[i]
            counts[value] += 1
        keys, spare = spare, keys
    if digits & 1:
        for i in range(n):
            spare[i] = keys[i]


@helper
def _sweep(events, waits, pools, edges, queue_s, bits):
    """Follow the queues: their longest in the window, and their integrals over time by period.

    At one instant, items come before others go, as the engine makes items ready before it
    dispatches. The same holds for lapses, which come with items that become ready.
    """
    begun = ended = period = 0
    while ended < waits:
        event = events.wait_end[ended]
        comes = begun < waits and events.wait_begin[begun] >> bits <= event >> bits
        if comes:
            event = events.wait_begin[begun]
        t = event >> bits
        while period < len(edges) and edges[period] <= t:
            for p in range(len(pools)):
                queue_s[p, period] += pools[p].waiting * (edges[period] - pools[p].since)
                pools[p].since = edges[period]
                if period == 0:  # some may wait as the window begins
                    pools[p].longest = pools[p].waiting
            period += 1
        number = event & ((1 << bits) - 1)
        pool = pools[number]
        queue_s[number, period] += pool.waiting * (t - pool.since)
        pool.since = t
        if comes:
            begun += 1
            pool.waiting += 1
            if 0 < period < len(edges):
                pool.longest = max(pool.longest, pool.waiting)
        else:
            ended += 1
            pool.waiting -= 1


@helper
def _follow_officers(held, holds, times, officers, bits, problems):
    """Check that what each officer had in hand follows one another, touching at most.

    What takes no time goes first at its instant.
    """
    items = len(times.start)
    for i in range(holds):
        n, t = held[i] & ((1 << bits) - 1), held[i] >> bits
        if n < items:
            o, end = times.officer[n], times.end[n]
        else:
            o, end = times.parts[n - items].officer, times.parts[n - items].end
        if end == OPEN:
            end = NEVER
        if officers[o].busy > t and (end > t or officers[o].taken < t):
            problems[BUSY_TWICE] += 1
        if end > t and end > officers[o].busy:
            officers[o].busy = end
            officers[o].taken = t


@entry_point
def blame(run, items, times, days, late, limit, node_s):
    """Add up the working days on the critical branches of late cases; see `days.blame`.

    `late`: [3, K] the final item, and the begin and end of the clock, of each case; `limit`: [K] to
    which sums it belongs; `node_s`: [limits, 2, 2 N] as `Facts.node_s`, written.
    """
    items, times, days = by_reference(items), by_reference(times), by_reference(days)
    for number in range(len(limit)):
        k, begin, until = late[0, number], late[1, number], late[2, number]
        until = max(begin, until)
        sums = node_s[limit[number]]
        while k > OPEN:
            ready = _working_s(days, min(max(times.ready[k], begin), until))
            low = min(max(times.start[k], begin), until)
            high = min(max(times.end[k], begin), until)
            began, ended = _working_s(days, low), _working_s(days, high)
            between = 0
            p = _first_part(times, k)
            while p < len(times.parts) and times.parts[p].item == k:
                again = _until_again(times, p, run[0].stopped)
                if times.parts[p].end < again:
                    between += _working_s(days, min(max(again, low), high))
                    between -= _working_s(days, min(max(times.parts[p].end, low), high))
                p += 1
            kind = items.node[k]
            if items.pool[k] > DELAY:
                kind += run[0].nodes
            sums[0, kind] += began - ready + between
            sums[1, kind] += ended - began - between
            latest = last = OPEN
            for link in range(items.pred_ptr[k], items.pred_ptr[k + 1]):
                before = items.pred[link]
                if times.end[before] > latest or (times.end[before] == latest and before < last):
                    latest, last = times.end[before], before
            k = last


@helper
def _first_part(times, k):
    """Return the first part of an item, or of a later one."""
    low, high = 0, len(times.parts)
    while low < high:
        middle = (low + high) >> 1
        if times.parts[middle].item < k:
            low = middle + 1
        else:
            high = middle
    return low
