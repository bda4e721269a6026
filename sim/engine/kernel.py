"""The contract in machine code: a run goes on until it stops.

Each helper is named after the part of the contract that it carries out; the reference engine
implements the same rules readably. What compiled functions keep to: `sim.machine_code`.

Stored positions are unsigned (`sim.engine.records`), since Numba tests a signed index for wrapping
around (-1 is the last). "None" is a negative number, tested by its sign (``> NO_OFFICER``).
"""

from __future__ import annotations

import numpy as np

from sim.engine.contract import (
    DAY_S,
    DELAY,
    LONGEST,
    NEVER,
    NO_LIMIT,
    NO_NOTICE,
    NO_OFFICER,
    NO_TACIT,
    NO_TEAM,
    NOTICE_WD,
    OPEN,
    DelayRule,
    Rule,
)
from sim.engine.officers.kernel import (
    clock_of,
    duty_at,
    expect,
    finish,
    may_begin,
    next_duty,
    next_turn,
    seconds_for,
    take_free,
)
from sim.engine.records import DONE, LATE, NO_LINK, NO_PAPERS, NOWHERE, RECEIVED
from sim.engine.together.kernel import call, next_to_meet, seats_after
from sim.machine_code import by_reference, entry_point, helper, inlined

FIFO, EARLIEST_DUE, ESCALATE = int(Rule.FIFO), int(Rule.EARLIEST_DUE), int(Rule.ESCALATE)
ELAPSED, ON_CALENDAR = int(DelayRule.ELAPSED), int(DelayRule.ON_CALENDAR)
CALENDAR_DAYS = int(DelayRule.CALENDAR_DAYS)
LEGAL_CALENDAR_DAYS = int(DelayRule.LEGAL_CALENDAR_DAYS)


@entry_point
def run_on(run):
    """Process all events, instant by instant; return the instant at which the run stops.

    `OPEN`: there is no more room in `Run.parts`; with more, it goes on when called again.
    """
    run = by_reference(run)
    state = run.state[0]
    if not state.begun:
        _prepare(run)
        if state.awaited == 0:
            return 0
    mask = (1 << run.shift) - 1
    next_case = state.next_case
    next_arrival = run.cases[next_case].arrival if next_case < len(run.cases) else NEVER
    while True:
        t = state.now
        if state.touched == 0:
            t = min(_next_end(run) >> run.shift, next_arrival, run.state[0].wake)
            if t > run.horizon:
                return run.horizon
            if run.state[0].judged < run.state[0].received:
                _deem(run, t)
            if t == run.state[0].wake:
                _wake(run, t)
        while True:
            end = _next_end(run)
            if end >> run.shift == t:
                _end(run, end, np.uint32(end & mask), t)
            elif next_arrival == t:
                _arrive(run, next_case, t)
                next_case += 1
                next_arrival = run.cases[next_case].arrival if next_case < len(run.cases) else NEVER
            elif run.state[0].meet == t:
                _begin_together(run, next_to_meet(run, t), t)
            elif run.state[0].touched > 0:
                # Until the next dispatch, each officer ends a part at most, lays down one, and
                # ends one that it takes in hand now.
                if run.hands_over and len(run.parts) < run.state[0].parts + 3 * len(run.officers):
                    state.now = t
                    state.next_case = next_case
                    return OPEN
                _dispatch(run, t)
            else:
                break
        if run.state[0].awaited == 0:
            return t


@helper
def _prepare(run):
    """Count what the run waits for, and divide the slots."""
    for case in run.cases:
        if case.awaited:
            run.state[0].awaited += max(case.last - case.first, 1)
    _divide_slots(run)
    run.state[0].begun = True


@inlined
def _end(run, end, k, t):
    """End an item, by itself or because it lapses; or lay it down."""
    if end == run.ends[0]:
        _pop(run)
        if run.end[k] != OPEN:
            return  # it ended before its lapse
    elif run.hands_over and run.officers[run.officer[k]].left > DONE:
        _hand_over(run, k, run.officer[k], t)
        return
    item = run.items[k]
    if run.start[k] == OPEN or item.laid_down:  # it lapses while it waits
        if run.start[k] == OPEN:
            run.start[k] = t
        pool = run.pools[run.given.pool[k]]
        if pool.heaped:
            _take_out(run, pool, k)
    run.end[k] = t
    if run.takes_over and run.given.pool[k] > DELAY:
        _strike(run, run.pools[run.given.pool[k]], k)
    if run.follows_due_days:
        _follow_end(run, k, t)
    if run.officer[k] > NO_OFFICER and not item.laid_down:
        if item.parted:
            _note_part(run, k, run.officer[k], t)
        _release(run, run.officer[k], t)
    link = item.successors
    while link > NO_LINK:
        successor = run.links[link].item
        link = run.links[link].other
        run.items[successor].missing -= 1
        if run.items[successor].missing == 0:
            _make_ready(run, successor, t)
    if item.awaited:
        run.state[0].awaited -= 1


@helper
def _hand_over(run, k, o, t):
    """Put an item that its officer has in hand back into its queue, with its old key."""
    _lay_down(run, k, o, run.officers[o].left, t)
    pool = run.pools[run.given.pool[k]]
    if pool.heaped:
        _put_in(run, pool, k, t)
    elif not pool.takes_over:
        _put_back(run, pool, k)
    _release(run, o, t)


@inlined
def _lay_down(run, k, o, left, t):
    """Note that an officer lays down an item, and what is left of it."""
    _note_part(run, k, o, t)
    run.left[k] = left
    run.items[k].laid_down = True
    run.items[k].parted = True


@inlined
def _note_part(run, k, o, t):
    """Note the part of an item that the officer ends or lays down at t."""
    part = run.parts[run.state[0].parts]
    run.state[0].parts += 1
    part.item = k
    part.officer = o
    part.start = run.officers[o].taken
    part.end = t


@inlined
def _arrive(run, c, t):
    """Process the arrival of a case."""
    case = run.cases[c]
    _enter(run, case, c)
    for k in range(case.first, case.last):
        if run.items[k].missing == 0:
            _make_ready(run, np.uint32(k), t)
    if case.first == case.last and case.awaited:
        run.state[0].awaited -= 1


@inlined
def _release(run, o, t):
    """Make an officer free from t on."""
    officer = run.officers[o]
    expect(run, officer, np.int64(NEVER))
    officer.since = t
    if run.takes_over:
        run.turns[o].held = NOWHERE
    for link in range(officer.first_pool, officer.last_pool):
        pool = run.pools[run.serves[link]]
        _add_free(run, pool, o)
        pool.wake = NEVER
        if _something_waits(run, pool):
            _touch(run, pool, run.serves[link])


@inlined
def _make_ready(run, k, t):
    """Begin a delay, or put a work item in its queue."""
    run.ready[k] = t
    if run.follows_due_days:
        _follow_ready(run, k, t)
    p = run.given.pool[k]
    if p <= DELAY:
        run.start[k] = t
        _push(run, _end_of_delay(run, k, t), k)
        return
    if run.has_tacit and run.given.tacit_wd[k] != NO_TACIT:
        _push(run, _close_of_working_day(run, t, min(run.given.tacit_wd[k], LONGEST)), k)
    pool = run.pools[p]
    if pool.heaped:
        _put_in(run, pool, k, t)
    else:
        _append(run, pool, k, t)
    # While a pool without conditions waits for a duty, none of its free officers can begin any.
    waits = pool.wake != NEVER and not pool.conditional
    if pool.takes_over or (pool.first_free < pool.last_free and not waits):
        _touch(run, pool, np.uint32(p))


@inlined
def _touch(run, pool, p):
    """Mark the pool for the next dispatch."""
    if not pool.touched:
        pool.touched = True
        run.touched[run.state[0].touched] = p
        run.state[0].touched += 1


@helper
def _wake(run, t):
    """Mark the pools whose next officer comes on duty at t for the next dispatch."""
    earliest = run.state[0].meet
    for p in range(len(run.pools)):
        pool = run.pools[p]
        if pool.wake == t:
            pool.wake = NEVER
            _touch(run, pool, np.uint32(p))
        earliest = min(earliest, pool.wake)
    run.state[0].wake = earliest


# Dispatch.


@inlined
def _dispatch(run, t):
    """Begin all items that can begin in the touched pools."""
    shared = np.int64(0)
    for i in range(run.state[0].touched):
        p = run.touched[i]
        pool = run.pools[p]
        pool.touched = False
        if not pool.alone:
            run.touched[shared] = p
            shared += 1
            continue
        if pool.takes_over:
            _give_anew(run, pool, t)
            continue
        _refresh(run, pool, t)
        while pool.first_free < pool.last_free and _something_waits(run, pool):
            k = run.slots[pool.head]
            o = _choose(run, p, k, t)
            if o <= NO_OFFICER:
                _await_duty(run, pool, t)
                break
            _take(run, pool, k)
            _begin(run, pool, run.officers[o], k, o, t)
    run.state[0].touched = 0
    if shared > 0:
        _dispatch_shared(run, t, shared)


@helper
def _dispatch_shared(run, t, shared):
    """Begin all items that can begin in the first `shared` touched pools, smallest key first."""
    for i in range(shared):
        _refresh(run, run.pools[run.touched[i]], t)
    while True:
        best, first = run.touched[0], np.int64(NOWHERE)
        for i in range(shared):
            p = run.touched[i]
            k = _front(run, p, t)
            if k > NOWHERE and (
                first <= NOWHERE or _goes_before(run, p, np.uint32(k), best, np.uint32(first))
            ):
                best, first = p, k
        if first <= NOWHERE:
            break
        pool = run.pools[best]
        k = np.uint32(first)
        if pool.conditional and _is_seat(run, k):
            _take(run, pool, k)
            if call(run, k, t) == t:
                _begin_together(run, np.int64(run.seats[k].team), t)
            continue
        o = _choose(run, best, k, t)
        _take(run, pool, k)
        _begin(run, pool, run.officers[o], k, o, t)
    for i in range(shared):
        pool = run.pools[run.touched[i]]
        if pool.conditional:
            _await_chance(run, pool, t)
        elif _something_waits(run, pool):
            _await_duty(run, pool, t)


@helper
def _front(run, p, t):
    """Return the first item of a pool that a free officer may begin at t, or NOWHERE."""
    pool = run.pools[p]
    if not _something_waits(run, pool) or _first_available(run, pool, t) <= NO_OFFICER:
        return np.int64(NOWHERE)
    if not pool.conditional:
        return np.int64(run.slots[pool.head])
    first = np.int64(NOWHERE)
    for slot in range(pool.head, pool.tail):
        k = run.slots[slot]
        if first <= NOWHERE or _goes_before(run, p, k, p, np.uint32(first)):
            for i in range(pool.first_free, pool.last_free):
                o = run.free[i]
                if next_duty(run, run.officers[o], t) <= t and _is_able(run, p, o, k, t):
                    first = np.int64(k)
                    break
    return first


@helper
def _is_able(run, p, o, k, t):
    """Return whether a free officer on duty may begin an item, and has time for it.

    The turn of a seat needs an officer without an appointment.
    """
    officer, pool = run.officers[o], run.pools[p]
    if officer.meets != NEVER and (
        _is_seat(run, k) or _until(run, pool, officer, k, o, t) > officer.meets
    ):
        return False
    return may_begin(run, p, o, k, np.int64(pool.tail - pool.head), t)


@inlined
def _is_seat(run, k):
    return len(run.seats) > 0 and run.seats[k].team != NO_TEAM


@helper
def _begin_together(run, first, t):
    """Let the officers of a team take their seats in hand; each is free and on duty."""
    for number in range(first, seats_after(run, first)):
        k = np.uint32(number)
        o = run.seats[k].officer
        officer = run.officers[o]
        if run.hands_over:
            officer.taken = t
            officer.left = DONE
        run.start[k] = t
        run.officer[k] = o
        for link in range(officer.first_pool, officer.last_pool):
            take_free(run, run.pools[run.serves[link]], o)
        end = run.seats[k].end
        expect(run, officer, end << run.shift | k if end <= run.horizon else np.int64(NEVER))


@helper
def _await_chance(run, pool, t):
    """Wake a pool when its conditions may next hold: as a duty begins or ends, or a day begins."""
    if pool.head == pool.tail or pool.first_free == pool.last_free:
        return
    wake = (t // DAY_S + 1) * DAY_S
    for i in range(pool.first_free, pool.last_free):
        officer = run.officers[run.free[i]]
        on = next_duty(run, officer, t)
        wake = min(wake, on if on > t else officer.off, next_turn(run, officer, t))
    pool.wake = wake
    run.state[0].wake = min(run.state[0].wake, wake)


@helper
def _goes_before(run, p, a, other, b):
    """Return whether item a of pool p goes before item b of another pool, or the same."""
    pool, its = run.pools[p], run.pools[other]
    class_a = run.given.priority[a] if pool.rule != FIFO else 0
    class_b = run.given.priority[b] if its.rule != FIFO else 0
    if class_a != class_b:
        return class_a < class_b
    key_a = run.place[a].key if pool.rule != FIFO else 0
    key_b = run.place[b].key if its.rule != FIFO else 0
    if key_a != key_b:
        return key_a < key_b
    if run.ready[a] != run.ready[b]:
        return run.ready[a] < run.ready[b]
    return a < b


# Take-over: the first items are with the fastest officers on duty.


@helper
def _give_anew(run, pool, t):
    """Give the open items of a pool with take-over to its officers, the first to the fastest."""
    pool.touched = True  # what is laid down here needs no further dispatch
    _share_out(run, pool, t)
    for i in range(pool.first_officer, pool.last_officer):
        o = run.officers_of[i]
        turn = run.turns[o]
        stays = turn.held == turn.given or turn.held <= NOWHERE
        if not stays and (turn.given > NOWHERE or _is_given(run, pool, turn.held)):
            k = np.uint32(turn.held)
            _lay_down(run, k, o, _left_at(run, pool, run.officers[o], k, o, t), t)
            _release(run, o, t)
    wake = np.int64(NEVER)
    for i in range(pool.first_officer, pool.last_officer):
        o = run.officers_of[i]
        officer = run.officers[o]
        turn = run.turns[o]
        if turn.given > NOWHERE and turn.given != turn.held:
            _begin(run, pool, officer, np.uint32(turn.given), o, t)
        wake = min(wake, officer.off if officer.on <= t else officer.on)
    pool.wake = wake if pool.head < pool.tail else NEVER
    run.state[0].wake = min(run.state[0].wake, pool.wake)
    pool.touched = False


@helper
def _share_out(run, pool, t):
    """Note which item each officer of the pool has from t on, in order of the items."""
    free = np.int64(0)
    held = np.int64(0)
    for i in range(pool.first_officer, pool.last_officer):
        o = run.officers_of[i]
        run.turns[o].given = NOWHERE
        held += run.turns[o].held > NOWHERE
        free += next_duty(run, run.officers[o], t) <= t
    slot = np.int64(pool.head)
    while slot < pool.tail and (free > 0 or held > 0):
        k = run.slots[slot]
        slot += 1
        own = run.officer[k] if not run.items[k].laid_down else NO_OFFICER
        held -= own > NO_OFFICER
        best = NO_OFFICER
        for i in range(pool.first_officer, pool.last_officer):
            o = np.int32(run.officers_of[i])
            officer = run.officers[o]
            # Off duty, an officer can only go on with the own item.
            goes_on = o == own and (officer.finishes_in_hand or officer.on == NEVER)
            if run.turns[o].given > NOWHERE or (officer.on > t and not goes_on):
                continue
            if best <= NO_OFFICER or _is_preferred(run, o, best, own):
                best = o
        if best > NO_OFFICER:
            run.turns[best].given = k
            free -= run.officers[best].on <= t


@helper
def _is_preferred(run, o, other, own):
    """Return whether an item goes to an officer rather than to another; `own`: who has it."""
    a, b = run.turns[o], run.turns[other]
    if a.pace != b.pace:
        return a.pace > b.pace
    if o == own or other == own:
        return o == own
    if a.held <= NOWHERE and b.held <= NOWHERE:
        since, other_since = run.officers[o].since, run.officers[other].since
        return since < other_since or (since == other_since and o < other)
    if a.held <= NOWHERE or b.held <= NOWHERE:
        return a.held <= NOWHERE
    ready, other_ready = run.ready[a.held], run.ready[b.held]
    return ready > other_ready or (ready == other_ready and a.held > b.held)


@helper
def _is_given(run, pool, k):
    """Return whether this dispatch gives the item to an officer of the pool."""
    for i in range(pool.first_officer, pool.last_officer):
        if run.turns[run.officers_of[i]].given == k:
            return True
    return False


@inlined
def _parts_left(run, k, o):
    """Return the work that is left of an item, in the parts in which its pool counts."""
    if run.items[k].parted:
        return run.left[k]
    return min(run.given.amount[k], LONGEST) * run.turns[o].unit


@inlined
def _note_turn(run, officer, k, o, work, t):
    """Note what an officer on duty takes in hand."""
    turn = run.turns[o]
    turn.held = k
    turn.work = work
    turn.before = run.duty[officer.duty].worked - (run.duty[officer.duty].end - t)


@helper
def _left_at(run, pool, officer, k, o, t):
    """Return what is left of an item in hand that is taken over at t."""
    next_duty(run, officer, t)
    i = np.int64(officer.duty)
    if officer.finishes_in_hand:
        seconds = t - officer.taken
    elif i < officer.last_duty:
        open_s = run.duty[i].end - max(t, run.duty[i].start)
        seconds = run.duty[i].worked - open_s - run.turns[o].before
    else:
        seconds = run.duty[i - 1].worked + t - run.duty[i - 1].end - run.turns[o].before
    return _rest(run, pool, officer, k, o, run.turns[o].work, seconds)


@helper
def _strike(run, pool, k):
    """Remove an item that has ended from the slots of a pool with take-over."""
    if not pool.takes_over:
        return
    slot = np.int64(pool.head)
    while run.slots[slot] != k:
        slot += 1
    while slot > pool.head:  # it is mostly near the front: few move up
        run.slots[slot] = run.slots[slot - 1]
        slot -= 1
    pool.head += 1


# The free officers of a pool, in the order in which they take items.


@inlined
def _first_available(run, pool, t):
    """Return the first free officer of the pool who is on duty at t, or NO_OFFICER."""
    for i in range(pool.first_free, pool.last_free):
        if next_duty(run, run.officers[run.free[i]], t) <= t:
            return run.free[i]
    return NO_OFFICER


@inlined
def _choose(run, p, k, t):
    """Return the officer who begins an item of pool p at t, or NO_OFFICER."""
    if run.pools[p].alike:
        return _first_available(run, run.pools[p], t)
    return _first_done(run, p, k, t)


@helper
def _first_done(run, p, k, t):
    """Return who would be done with item k first by planned duty, or NO_OFFICER.

    Of those of a kind who may begin it only the first can be, so the others are passed over.
    """
    pool = run.pools[p]
    run.state[0].choices += 1
    work = _work_left(run, k)
    best, first = NO_OFFICER, NEVER
    for i in range(pool.first_free, pool.last_free):
        officer = run.officers[run.free[i]]
        kind = run.kinds[officer.kind]
        if kind.choice == run.state[0].choices or next_duty(run, officer, t) > t:
            continue
        if pool.conditional and not _is_able(run, p, run.free[i], k, t):
            continue
        kind.choice = run.state[0].choices
        end = _planned_end(run, kind, work, t)
        if best <= NO_OFFICER or end < first:
            best, first = run.free[i], end
    return best


@inlined
def _planned_end(run, kind, work, t):
    """Return when an officer of this kind would be done with `work` by planned duty."""
    seconds = seconds_for(work, kind.speed_num, kind.speed_den)
    if kind.finishes_in_hand:
        return t + seconds
    while kind.now < kind.last and run.planned[kind.now].end <= t:
        kind.now += 1
    return finish(run.planned, kind.now, kind.last, t, seconds)


@inlined
def _work_left(run, k):
    """Return the work, at speed 1, that an item of a queue takes."""
    if run.hands_over and run.items[k].parted:
        return run.left[k]
    return min(run.given.amount[k], LONGEST)


@inlined
def _add_free(run, pool, o):
    """Insert an officer, in order, into the free officers of the pool."""
    if pool.last_free == pool.last_place:
        _move_to_front(run, pool)
    i = pool.last_free
    pool.last_free += 1
    while i > pool.first_free and _goes_ahead(run.officers, o, run.free[i - 1]):
        run.free[i] = run.free[i - 1]
        i -= 1
    run.free[i] = o


@helper
def _move_to_front(run, pool):
    """Move the free officers to the first of the pool's places; half of the places are empty."""
    free = pool.last_free - pool.first_free
    for i in range(free):
        run.free[pool.first_place + i] = run.free[pool.first_free + i]
    pool.first_free = pool.first_place
    pool.last_free = pool.first_place + free


@inlined
def _goes_ahead(officers, o, other):
    """Return whether an officer goes ahead of another.

    The order is: fewest pools served, then free the longest, then roster order.
    """
    a, b = officers[o], officers[other]
    pools_a, pools_b = a.last_pool - a.first_pool, b.last_pool - b.first_pool
    if pools_a != pools_b:
        return pools_a < pools_b
    if a.since != b.since:
        return a.since < b.since
    return o < other


@inlined
def _await_duty(run, pool, t):
    """Wake the pool when its next free officer comes on duty; none may be on duty at t."""
    wake = NEVER
    for i in range(pool.first_free, pool.last_free):
        wake = min(wake, next_duty(run, run.officers[run.free[i]], t))
    pool.wake = wake
    run.state[0].wake = min(run.state[0].wake, wake)


@inlined
def _begin(run, pool, officer, k, o, t):
    """Let an officer who is on duty take an item of the pool in hand."""
    end = _until(run, pool, officer, k, o, t)
    if run.hands_over:
        officer.taken = t
        run.items[k].laid_down = False
    if run.start[k] == OPEN:
        run.start[k] = t
    run.officer[k] = o
    for link in range(officer.first_pool, officer.last_pool):
        take_free(run, run.pools[run.serves[link]], o)
    expect(run, officer, end << run.shift | k if end <= run.horizon else NEVER)


@inlined
def _until(run, pool, officer, k, o, t):
    """Return how long an officer on duty would have an item in hand, and note what is then left."""
    if run.takes_over and pool.takes_over:
        work = _parts_left(run, k, o)
        seconds = -(-work // run.turns[o].pace)
        _note_turn(run, officer, k, o, work, t)
    else:
        work = _work_left(run, k)
        seconds = seconds_for(work, officer.speed_num, officer.speed_den)
    end = t + seconds
    if not officer.finishes_in_hand and end > officer.off:
        end = finish(run.duty, officer.duty, officer.last_duty, t, seconds)
    if run.hands_over:
        officer.left = DONE
        turn = next_turn(run, officer, t) if run.has_overtime else NEVER
        if officer.hands_over and end > min(officer.off, turn):
            end = _until_hand_over(run, pool, officer, k, o, work, t, end, turn)
    return end


@helper
def _until_hand_over(run, pool, officer, k, o, work, t, end, turn):
    """Return when an officer lays down the item that would end at `end`, and note what is left.

    Where there is no hand-over, return `end`. `turn`: when overtime next begins or ends.
    """
    begun = run.duty[officer.duty].worked - (run.duty[officer.duty].end - t)
    i = np.int64(officer.duty)
    while i < officer.last_duty:
        leaves = run.duty[i].end
        if turn < end and turn <= leaves:
            seconds = run.duty[i].worked - (leaves - max(turn, run.duty[i].start)) - begun
            officer.left = _rest(run, pool, officer, k, o, work, seconds)
            return turn
        if leaves >= end:
            return end
        comes_back = run.duty[i + 1].start if i + 1 < officer.last_duty else NEVER
        if _is_long(run, leaves, comes_back) and _somebody_else(run, pool, o, leaves, comes_back):
            seconds = run.duty[i].worked - begun
            officer.left = _rest(run, pool, officer, k, o, work, seconds)
            return leaves
        i += 1
    return end


@helper
def _rest(run, pool, officer, k, o, work, seconds):
    """Return what is left of `work` for whoever goes on, after these seconds of duty."""
    if run.takes_over and pool.takes_over:
        whole = min(run.given.amount[k], LONGEST) * run.turns[o].unit
        left = work - seconds * run.turns[o].pace
    else:
        whole = min(run.given.amount[k], LONGEST)
        left = work - seconds * officer.speed_num // officer.speed_den
    # ceil((whole - left) * ppm / 10^6), without a product that is too large
    millions, done = (whole - left) // 1_000_000, (whole - left) % 1_000_000
    return left + millions * officer.rework_ppm - (-done * officer.rework_ppm // 1_000_000)


@inlined
def _is_long(run, leaves, comes_back):
    """Return whether a working date lies between the end of a duty and the next begin."""
    days = len(run.n_of)
    last_date = min((leaves - 1) // DAY_S, days - 1)
    day_before = min(comes_back // DAY_S, days) - 1
    return day_before > last_date and run.n_of[day_before] > run.n_of[last_date]


@helper
def _somebody_else(run, pool, o, t, until):
    """Return whether another officer of the pool is on duty at any time in [t, until)."""
    for i in range(pool.first_officer, pool.last_officer):
        if run.officers_of[i] == o:
            continue
        officer = run.officers[run.officers_of[i]]
        at = duty_at(run, officer, t)
        if at < officer.last_duty and run.duty[at].start < until:
            return True
    return False


# Time.


@helper
def _end_of_delay(run, k, t):
    """Return the end of a delay that begins at t; NEVER if its calendar is too short."""
    amount, rule = min(run.given.amount[k], LONGEST), run.given.delay_rule[k]
    if amount == 0:
        return t
    if rule == ELAPSED:
        return t + amount
    if rule == CALENDAR_DAYS:
        return (t // DAY_S + amount) * DAY_S + DAY_S - 1
    if rule == LEGAL_CALENDAR_DAYS:
        day_before = t // DAY_S + amount - 1
        if day_before >= len(run.n_of):
            return NEVER
        return _close_of_working_day(run, day_before * DAY_S, np.int64(1))
    if rule == ON_CALENDAR:
        row = run.rows[run.given.calendar[k]]
        while row.now < row.last and run.hours[row.now].end <= t:
            row.now += 1
        if row.now == row.last:
            return NEVER
        end = finish(run.hours, row.now, row.last, t, amount)
        return end if end <= run.hours[row.last - 1].end else NEVER
    return _close_of_working_day(run, t, amount)


@helper
def _close_of_working_day(run, t, n):
    """Return the close of the n-th working day after the date of t; with n = 0, of that date."""
    day = t // DAY_S
    if n > 0:
        number = run.n_of[day] + n
        if number > len(run.nth):
            return NEVER
        day = run.nth[number - 1]
    return day * DAY_S + DAY_S - 1


# Due days: the rules are those of `sim.engine.deadlines`.


@helper
def _follow_ready(run, k, t):
    """Note that an item is ready: its clock may begin, or a suspension of it may finish."""
    clock, n = clock_of(run, k), run.n_of[t // DAY_S]
    if clock.limit_wd == NO_LIMIT:
        return
    if not clock.begun:
        clock.begun = True
        clock.due = n + clock.limit_wd
        clock.started_n = n
        clock.paused_n = n
    if len(run.given.notice) > 0:
        _receive(run, k, n)
    if not _counts(run, k):
        return
    if clock.running and clock.open == 0:
        paused = n - clock.paused_n
        if paused != 0:
            clock.due += paused
            _judge_again(run, k, t)
    clock.open += 1


@helper
def _follow_end(run, k, t):
    """Note an item's end: the clock may start, also anew, and a suspension may begin."""
    clock, n = clock_of(run, k), run.n_of[t // DAY_S]
    if clock.limit_wd == NO_LIMIT:
        return
    counted = _counts(run, k)
    starts = run.given.starts_clock[k] and not clock.running
    if counted:
        clock.open -= 1
    anew = _begins_round(run, k) and clock.running and clock.open == 0
    if starts:
        _start(clock, n)
    elif anew:
        clock.due = n + clock.limit_wd
    if starts or anew:
        _judge_again(run, k, t)
    if counted or starts or anew:
        clock.paused_n = n


@inlined
def _start(clock, n):
    clock.running = True
    clock.started_n = n
    clock.due = n + clock.limit_wd


@inlined
def _receive(run, k, n):
    """Note the receipt of papers, if the item is the first of those up to their check."""
    check = run.given.notice[k]
    if check >= k and run.items[check].notice == NO_PAPERS:
        run.items[check].notice = RECEIVED
        receipt = run.receipts[run.state[0].received]
        receipt.check = check
        receipt.n = n
        run.state[0].received += 1


@helper
def _deem(run, t):
    """Let clocks start with the receipt of papers whose check is late by t."""
    while run.state[0].judged < run.state[0].received:
        receipt = run.receipts[run.state[0].judged]
        if run.n_of[t // DAY_S] - receipt.n <= NOTICE_WD:
            return
        run.state[0].judged += 1
        if run.end[receipt.check] == OPEN:
            check = np.uint32(receipt.check)
            run.items[check].notice = LATE
            clock = clock_of(run, check)
            if not clock.running or clock.started_n > receipt.n:
                _start(clock, receipt.n)
                _judge_again(run, check, t)


@inlined
def _after_late_check(run, k):
    if len(run.given.notice) == 0:
        return False
    check = run.given.notice[k]
    return NO_NOTICE < check < k and run.items[check].notice == LATE


@inlined
def _counts(run, k):
    return run.given.counted_late[k] if _after_late_check(run, k) else run.given.counted[k]


@inlined
def _begins_round(run, k):
    if _after_late_check(run, k):
        return run.given.begins_round_late[k]
    return len(run.given.begins_round) > 0 and run.given.begins_round[k]


@helper
def _judge_again(run, k, t):
    """Reorder the waiting items of the case of an item, whose due day has moved."""
    case = run.cases[run.items[k].case]
    for item in range(case.first, case.last):
        member = np.uint32(item)
        if run.place[member].slot != NOWHERE:
            pool = run.pools[run.given.pool[member]]
            run.place[member].key = _key(run, pool, member, t)
            _move(run, pool, member)
            if pool.conditional:
                _touch(run, pool, np.uint32(run.given.pool[member]))


@inlined
def _key(run, pool, k, t):
    """Return the second part of the dispatch key at t."""
    if pool.rule != EARLIEST_DUE and pool.rule != ESCALATE:
        return 0
    due = clock_of(run, k).due
    if pool.rule == EARLIEST_DUE:
        return due
    return int(due - run.n_of[t // DAY_S] >= pool.escalate_wd)


# The waiting items of a pool: a queue under FIFO, else a heap.


@inlined
def _something_waits(run, pool):
    """Return whether an item waits; drop lapsed items at the head of a queue."""
    if run.has_tacit and not pool.heaped:
        while pool.head < pool.tail and run.end[run.slots[pool.head]] != OPEN:
            pool.head += 1
    return pool.head < pool.tail


@inlined
def _take(run, pool, k):
    """Remove a waiting item: of a queue, the first."""
    if pool.heaped:
        _take_out(run, pool, k)
    else:
        pool.head += 1


@inlined
def _append(run, pool, k, t):
    """Append an item to a queue; items ready at the same instant are kept by number."""
    slot = pool.tail
    pool.tail += 1
    while slot > pool.head:
        before = run.slots[slot - 1]
        if before < k or run.ready[before] < t:
            break
        run.slots[slot] = before
        slot -= 1
    run.slots[slot] = k


@inlined
def _put_back(run, pool, k):
    """Insert an item into a queue, in order, from the front: it left a slot free there."""
    pool.head -= 1
    slot = pool.head
    while slot + 1 < pool.tail:
        behind = run.slots[slot + 1]
        if run.ready[k] < run.ready[behind] or (run.ready[k] == run.ready[behind] and k < behind):
            break
        run.slots[slot] = behind
        slot += 1
    run.slots[slot] = k


@helper
def _divide_slots(run):
    """Give each pool as many slots as it has items."""
    for k in range(len(run.given.pool)):
        p = run.given.pool[k]
        if p > DELAY:
            run.pools[p].tail += 1
    slot = 0
    for p in range(len(run.pools)):
        pool = run.pools[p]
        items = pool.tail
        pool.head = slot
        pool.tail = slot
        slot += items


@helper
def _put_in(run, pool, k, t):
    """Add an item to a heap."""
    run.slots[pool.tail] = k
    run.place[k].slot = pool.tail
    run.place[k].key = _key(run, pool, k, t)
    pool.tail += 1
    _move(run, pool, k)


@helper
def _take_out(run, pool, k):
    """Remove an item from anywhere in a heap; the last one takes its slot."""
    slot = run.place[k].slot
    run.place[k].slot = NOWHERE
    pool.tail -= 1
    if slot != pool.tail:
        last = run.slots[pool.tail]
        run.slots[slot] = last
        run.place[last].slot = slot
        _move(run, pool, last)


@helper
def _refresh(run, pool, t):
    """Renew the keys of an escalating pool's waiting items, once a working day."""
    if pool.rule != ESCALATE or pool.judged == run.n_of[t // DAY_S]:
        return
    pool.judged = run.n_of[t // DAY_S]
    for slot in range(pool.head, pool.tail):
        k = run.slots[slot]
        run.place[k].key = _key(run, pool, k, t)
    for slot in range(pool.head + (pool.tail - pool.head) // 2 - 1, pool.head - 1, -1):
        _sink(run, pool, run.slots[slot])


@helper
def _goes_first(run, a, b):
    """Return whether item a goes before item b of the same heap."""
    if run.given.priority[a] != run.given.priority[b]:
        return run.given.priority[a] < run.given.priority[b]
    if run.place[a].key != run.place[b].key:
        return run.place[a].key < run.place[b].key
    if run.ready[a] != run.ready[b]:
        return run.ready[a] < run.ready[b]
    return a < b


@helper
def _move(run, pool, k):
    """Move an item of a heap up or down to its place."""
    slot = run.place[k].slot
    while slot > pool.head:
        above = pool.head + (slot - pool.head - 1) // 2
        other = run.slots[above]
        if not _goes_first(run, k, other):
            break
        run.slots[slot] = other
        run.place[other].slot = slot
        slot = above
    run.slots[slot] = k
    run.place[k].slot = slot
    _sink(run, pool, k)


@helper
def _sink(run, pool, k):
    """Move an item of a heap down to its place."""
    slot = run.place[k].slot
    while True:
        below = pool.head + 2 * (slot - pool.head) + 1
        if below >= pool.tail:
            break
        if below + 1 < pool.tail and _goes_first(run, run.slots[below + 1], run.slots[below]):
            below += 1
        other = run.slots[below]
        if not _goes_first(run, other, k):
            break
        run.slots[slot] = other
        run.place[other].slot = slot
        slot = below
    run.slots[slot] = k
    run.place[k].slot = slot


# Future ends: those of work in a tree; those of delays, and lapses, in a heap.


@inlined
def _next_end(run):
    """Return the next end, ``t << shift | item``, or NEVER."""
    return min(run.tree[1], run.ends[0])


@inlined
def _push(run, t, k):
    """Schedule the end, or lapse, of an item at t, unless that is past the horizon."""
    if t > run.horizon:
        return
    value = t << run.shift | k
    i = run.state[0].ends
    run.state[0].ends = i + 1
    while i > 0 and run.ends[(i - 1) >> 1] > value:
        run.ends[i] = run.ends[(i - 1) >> 1]
        i = (i - 1) >> 1
    run.ends[i] = value


@inlined
def _pop(run):
    """Remove the smallest value of the heap; there must be one."""
    last = run.state[0].ends - 1
    run.state[0].ends = last
    # The gap sinks to the bottom, and the last value rises from there: that takes fewer comparisons
    # that the processor cannot predict.
    gap = 0
    while 2 * gap + 2 <= last:
        below = 2 * gap + 1
        below += run.ends[below + 1] < run.ends[below]
        run.ends[gap] = run.ends[below]
        gap = below
    value = run.ends[last] if last > 0 else NEVER
    while gap > 0 and run.ends[(gap - 1) >> 1] > value:
        run.ends[gap] = run.ends[(gap - 1) >> 1]
        gap = (gap - 1) >> 1
    run.ends[gap] = value


# Cases enter.


@inlined
def _enter(run, case, c):
    """Write the records, schedule and links of a case's items, just before they are used."""
    ptr, pred = run.given.pred_ptr, run.given.pred
    for number in range(case.first, case.last):
        k = np.uint32(number)
        run.ready[k] = OPEN
        run.start[k] = OPEN
        run.end[k] = OPEN
        run.officer[k] = NO_OFFICER
        item = run.items[k]
        item.case = c
        item.awaited = case.awaited
        item.laid_down = False
        item.parted = False
        item.notice = NO_PAPERS
        item.missing = ptr[k + 1] - ptr[k]
        item.successors = NO_LINK
        for link in range(ptr[k], ptr[k + 1]):
            before = run.items[pred[link]]
            run.links[link].item = k
            run.links[link].other = before.successors
            before.successors = link
    run.state[0].came = case.last
