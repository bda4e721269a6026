"""The clocks in machine code, case by case: what `sim.clocks.read` does with arrays of all cases.

Each function is named after its counterpart there, which is the reference. What compiled functions
keep to: `sim.machine_code`. The few items of a case are sorted by insertion: most come in order.

What is handed on starts as `np.int64(0)`: a plain 0 has a type of its own, for which Numba compiles
the function that is called once more.
"""

from __future__ import annotations

import numpy as np

from sim.clocks.records import NO_HOURS
from sim.engine.contract import DAY_S, NEVER, NOTICE_WD, OPEN
from sim.limits import Counts
from sim.machine_code import by_reference, entry_point, helper, inlined
from sim.process.graph import Mark, Pause

ACCEPTANCE, DECISION, FAILURE = int(Mark.ACCEPTANCE), int(Mark.DECISION), int(Mark.FAILURE)
CORRECTION_BEFORE = 1 << int(Pause.CORRECTION_BEFORE_ACCEPTANCE)
CORRECTION_AFTER = 1 << int(Pause.CORRECTION_AFTER_ACCEPTANCE)
STEPS, RUNNING_STEPS = [*Counts].index(Counts.STEPS), [*Counts].index(Counts.RUNNING_STEPS)
MATTERS = [*Counts].index(Counts.MATTERS)
NONE = -1
"""In place of a matter: the pair does not count."""


@entry_point
def read_all(given, calendars, plan, scratch, out):
    """Read every clock of every scope in every case."""
    given, calendars = by_reference(given), by_reference(calendars)
    plan, scratch, out = by_reference(plan), by_reference(scratch), by_reference(out)
    cases = len(given.cases) * given.applications
    for k in range(cases):
        case = given.cases[k // given.applications]
        items = _items(
            given, plan, scratch, case, case * given.applications + k % given.applications
        )
        for s in range(len(plan.known)):
            _scope(
                given,
                calendars,
                plan,
                scratch,
                out,
                s,
                items,
                given.goes_on[k],
                s * cases + k,
                len(plan.known) * cases,
            )


# --- items -----------------------------------------------------------------------------------


@inlined
def _items(given, plan, scratch, case, number):
    """Sort the items of a case by the instant of being ready; return how many there are.

    And note which matters the case has: the items of one scope do not tell, since a window serves
    others too.
    `number`: that of the case, or of its application, in `Run.case`.
    """
    count = np.int64(0)
    for m in range(len(scratch.failed)):
        scratch.failed[m] = False
    for m in range(len(plan.matters)):
        scratch.state[m].present = False
    for i in range(given.first_item[case], given.first_item[case + 1]):
        if given.case[i] != number:
            continue
        own = plan.nodes[given.node[i]]
        if own.last - own.first == 1:
            scratch.state[plan.served[own.first]].present = True
        ready, place = given.ready[i], count
        while place > 0 and given.ready[scratch.order[place - 1]] > ready:
            scratch.order[place] = scratch.order[place - 1]
            place -= 1
        scratch.order[place] = i
        count += 1
        if given.marks[i] & FAILURE and given.end[i] != OPEN and len(scratch.failed) > 0:
            node = plan.nodes[given.node[i]]
            first = (given.application[i] - 1) * len(plan.matters) if given.handed_in_again else 0
            for m in range(node.first, node.last):
                scratch.failed[first + plan.served[m]] = True
    return count


@inlined
def _in_scope(given, plan, scratch, s, items):
    """Take the items of a scope, in order; return how many there are."""
    count = np.int64(0)
    for x in range(items):
        i = scratch.order[x]
        n = given.node[i]
        if plan.in_scope[s * len(plan.nodes) + n]:
            item, node = scratch.local[count], plan.nodes[n]
            item.number, item.ready, item.end, item.deemed = i, given.ready[i], given.end[i], OPEN
            item.node, item.application = (
                n,
                given.application[i] - 1 if given.handed_in_again else 0,
            )
            item.marks, item.pause, item.running = given.marks[i], node.pause, node.running
            count += 1
    return count


@inlined
def _with_deemed_acceptance(given, calendars, plan, scratch, count):
    """Return where in `local` the items lie with the acceptance that the law deems given."""
    shift, half = np.int64(0), len(scratch.local) // 2
    for x in range(count):
        item = scratch.local[x]
        before_0 = _was_deemed(given, item)
        if not before_0 and (item.ready == OPEN or not plan.nodes[item.node].first_check):
            continue
        received, link = item.ready, given.pred_ptr[item.number]
        if link < given.pred_ptr[item.number + 1]:
            before = given.pred[link]
            if plan.nodes[given.node[before]].intake:
                received = given.ready[before]
        told = given.stopped if item.end == OPEN else item.end
        late = (
            received != OPEN
            and calendars.days[told // DAY_S].n - calendars.days[received // DAY_S].n > NOTICE_WD
        )
        if before_0 or late:
            if shift == 0:
                shift = half
                for y in range(count):
                    scratch.local[half + y] = scratch.local[y]
            if not before_0:
                scratch.local[half + x].deemed = received
    if shift > 0:
        _accept(given, plan, scratch, shift, count)
    return shift


@inlined
def _was_deemed(given, item):
    return len(given.deemed) > 0 and given.deemed[item.number]


@helper
def _accept(given, plan, scratch, first, count):
    """Let the clock run from the receipt of each submission that was checked too late."""
    for x in range(first, first + count):
        if _was_deemed(given, scratch.local[x]):
            _take_as_accepted(plan, scratch.local[x])
        if scratch.local[x].deemed == OPEN:
            continue
        window = plan.nodes[scratch.local[x].node].window
        application = scratch.local[x].application
        for y in range(first, first + count):
            node = plan.nodes[scratch.local[y].node]
            same = scratch.local[y].application == application and node.window == window
            if node.before and same:
                _take_as_accepted(plan, scratch.local[y])


@inlined
def _take_as_accepted(plan, item):
    if plan.nodes[item.node].at_window:
        item.running = True
    if item.pause == CORRECTION_BEFORE:
        item.pause = CORRECTION_AFTER


# --- one case in one scope -------------------------------------------------------------------


@inlined
def _scope(given, calendars, plan, scratch, out, s, items, goes_on, k, total):
    """Read every clock of a scope in a case, whose place in the output is `k` of `total`."""
    count = _in_scope(given, plan, scratch, s, items)
    decided = plan.known[s] & DECISION == 0
    deemed, first = np.int64(0), np.int64(0)
    for x in range(count):
        decided = decided or scratch.local[x].marks & DECISION != 0
    out.present[k], out.decided[k] = count > 0, decided
    if plan.deems:
        deemed = _with_deemed_acceptance(given, calendars, plan, scratch, count)
    for v in range(len(scratch.spans) - 1):
        span = scratch.spans[v]
        shift = deemed if span.deemed else 0
        _span(
            scratch.local,
            scratch.member,
            first,
            count,
            shift,
            span,
            plan.known[s],
            goes_on,
            given.stopped,
        )
        if len(given.before) > 0 and count > 0:
            before = given.before[span.rule * total + k]
            _resume(span, before.started, before.stopped)
        place = v * total + k
        out.start[place], out.stop[place] = span.start, span.stop
        out.stop_item[place], out.open[place] = span.stop_item, span.is_open
    paired = -1
    for f in range(len(plan.families)):
        if not plan.asked[s * len(plan.families) + f]:
            continue
        family = plan.families[f]
        shift = deemed if scratch.spans[family.span].deemed else 0
        if not family.by_part:
            pieces = _pieces(
                given.stopped, scratch, scratch.spans[family.span], family, first, count, shift
            )
            _whole(
                given.before,
                calendars,
                plan.rules,
                scratch,
                out,
                family,
                pieces,
                first,
                count,
                shift,
                k,
                total,
            )
            continue
        if paired != int(family.without_refused):
            paired = int(family.without_refused)
            _pair(plan, scratch, s, count, family.without_refused, goes_on)
        _parts(given.stopped, calendars, plan, scratch, out, s, family, shift, goes_on, k, total)


@inlined
def _resume(span, started, stopped):
    """Let a span go on that began before second 0."""
    if started:
        span.start = 0
    if stopped:
        span.is_open, span.stop, span.stop_item = False, 0, OPEN
        span.until = 0


@inlined
def _whole(
    before_start, calendars, rules, scratch, out, family, pieces, first, count, shift, k, total
):
    """Write the readings of the clocks that count a scope as a whole."""
    span = scratch.spans[family.span]
    for r in range(family.first, family.last):
        rule = rules[r]
        days, start_day, resumed = np.int64(0), np.int64(0), family.by_part
        if span.start != OPEN and rule.counts_start:
            start_day = _day_counts(calendars.days, rule, span.start)
        if len(before_start) > 0 and count > 0:
            before = before_start[rule.number * total + k]
            days, resumed = before.days, before.started
            if resumed and rule.counts_start:
                start_day = before.start_day
        value, elapsed = _amount(
            scratch.pieces, pieces, rule, calendars, resumed, days + start_day,
            scratch.local, scratch.member, first, count, shift,
        )  # fmt: skip
        out.value[rule.number * total + k], out.elapsed[rule.number * total + k] = value, elapsed


# --- parts -----------------------------------------------------------------------------------


@inlined
def _pair(plan, scratch, s, count, without_refused, goes_on):
    """List the items of each matter, of those that the case has, behind the whole in `member`.

    `without_refused` leaves out the matters that ended without success.
    """
    matters = len(plan.matters)
    for m in range(matters):
        state = scratch.state[m]
        state.decided = state.open = state.given_up = False
        state.first = 0
    pairs = np.int64(0)
    for x in range(count):
        item = scratch.local[x]
        node = plan.nodes[item.node]
        stands_for_all = True
        for at in range(node.first, node.last):
            stands_for_all = stands_for_all and not scratch.state[plan.served[at]].present
        for at in range(node.first, node.last):
            m = plan.served[at]
            state = scratch.state[m]
            if (state.present or stands_for_all) and plan.wanted[s * matters + m]:
                scratch.pairs[pairs].item, scratch.pairs[pairs].matter = x, m
                pairs += 1
                state.decided = state.decided or item.marks & DECISION != 0
                state.open = state.open or item.end == OPEN
    if without_refused and not goes_on:
        for m in range(matters):
            state = scratch.state[m]
            has_decision = plan.wanted[s * matters + m] and plan.matters[m].known & DECISION != 0
            state.given_up = has_decision and not state.decided and not state.open
    _by_matter(plan, scratch, pairs, without_refused)


@inlined
def _by_matter(plan, scratch, pairs, without_refused):
    """List the pairs that count in `member`, matter by matter."""
    matters = len(plan.matters)
    for p in range(pairs):
        pair = scratch.pairs[p]
        failed = pair.matter + scratch.local[pair.item].application * matters
        if without_refused and (scratch.state[pair.matter].given_up or scratch.failed[failed]):
            pair.matter = NONE
        else:
            scratch.state[pair.matter].first += 1
    last = len(scratch.order)
    for m in range(matters):
        size = scratch.state[m].first
        scratch.state[m].first = scratch.state[m].last = last
        last += size
    for p in range(pairs):
        pair = scratch.pairs[p]
        if pair.matter != NONE:
            state = scratch.state[pair.matter]
            scratch.member[state.last] = pair.item
            state.last += 1


@inlined
def _parts(stopped, calendars, plan, scratch, out, s, family, shift, goes_on, k, total):
    """Write the readings of the clocks that count in the parts of a scope, each by itself."""
    level, resumed = plan.levels[family.level], not family.by_part
    any_open = False
    for r in range(family.first, family.last):
        scratch.sums[2 * r] = scratch.sums[2 * r + 1] = 0
    for at in range(len(scratch.standard)):
        scratch.standard[at] = 0
    for p in range(level.first, level.last):
        part = plan.parts[p]
        first, last = scratch.state[part.first].first, scratch.state[part.last - 1].last
        if first < last:
            pieces, start, is_open = _pieces_of_part(
                stopped, plan, scratch, s, family, p, shift, goes_on
            )
            any_open = any_open or is_open
            for r in range(family.first, family.last):
                rule = plan.rules[r]
                start_day = np.int64(0)
                if start != OPEN and rule.counts_start:
                    start_day = _day_counts(calendars.days, rule, start)
                value, elapsed = _amount(
                    scratch.pieces, pieces, rule, calendars, resumed, start_day,
                    scratch.local, scratch.member, first, last, shift,
                )  # fmt: skip
                _combine(
                    rule.summed, part.standard, plan.standards, scratch.standard, scratch.sums,
                    r, value, elapsed,
                )  # fmt: skip
    for r in range(family.first, family.last):
        place = plan.rules[r].number * total + k
        out.value[place], out.elapsed[place] = scratch.sums[2 * r], scratch.sums[2 * r + 1]
    if any_open:  # the last decision of a scope does not end a part without one
        place = family.span * total + k
        out.open[place], out.stop[place], out.stop_item[place] = True, OPEN, OPEN


@inlined
def _combine(summed, place, standards, standard, sums, r, value, elapsed):
    """Add a part to what a clock shows: the longest, or the sum of the longest of each standard."""
    if not summed:
        sums[2 * r] = max(sums[2 * r], value)
        sums[2 * r + 1] = max(sums[2 * r + 1], elapsed)
        return
    for number, amount in enumerate((value, elapsed)):
        at = (2 * r + number) * standards + place
        more = amount - standard[at]
        if more > 0:
            standard[at] = amount
            sums[2 * r + number] += more


@inlined
def _pieces_of_part(stopped, plan, scratch, s, family, p, shift, goes_on):
    """Find the intervals that count in a part; return how many, its start, and if it is open."""
    part = plan.parts[p]
    span, kind = scratch.spans[len(scratch.spans) - 1], scratch.spans[family.span]
    span.start_mark, span.stop_mark = kind.start_mark, kind.stop_mark
    first, last = scratch.state[part.first].first, scratch.state[part.last - 1].last
    known = np.int64(0)
    for m in range(part.first, part.last):
        if plan.wanted[s * len(plan.matters) + m]:
            known |= plan.matters[m].known
    _span(scratch.local, scratch.member, first, last, shift, span, known, goes_on, stopped)
    start, is_open = span.start, span.is_open
    if family.counts != MATTERS:
        return _pieces(stopped, scratch, span, family, first, last, shift), start, is_open
    counted, is_open = np.int64(0), False
    for m in range(part.first, part.last):
        state = scratch.state[m]
        if state.first == state.last:
            continue
        if part.last - part.first > 1:
            known = plan.matters[m].known  # it has items, so the scope has it
            _span(
                scratch.local, scratch.member, state.first, state.last, shift, span, known, goes_on,
                stopped,
            )  # fmt: skip
        is_open = is_open or span.is_open
        if span.start != OPEN and span.start < span.until:
            scratch.counted[counted].begin, scratch.counted[counted].end = span.start, span.until
            counted += 1
    counted = _merge(scratch.counted, counted)
    paused = _paused(
        scratch.local, scratch.member, first, last, shift, family.pauses, stopped, scratch.paused
    )
    pieces = _minus(scratch.counted, counted, scratch.paused, paused, scratch.pieces)
    return pieces, start, is_open


# --- spans and intervals ---------------------------------------------------------------------


@helper
def _span(local, member, first, last, shift, span, known, goes_on, stopped):
    """Find start and stop of the items at member[first:last] in `local`, `shift` further on."""
    start_mark, by_acceptance = span.start_mark, span.start_mark == ACCEPTANCE
    awaits = by_acceptance and known & ACCEPTANCE != 0 and not goes_on
    marked_s = ready_s = deemed_s = NEVER
    decides = False
    any_open = decision_open = False
    end, item_of_end = OPEN, OPEN
    decision, item_of_decision = OPEN, OPEN
    for x in range(first, last):
        item = local[member[x] + shift]
        if item.ready != OPEN:
            ready_s = min(ready_s, item.ready)
        if item.marks & start_mark:
            awaits = True
            t = item.end if by_acceptance else item.ready
            if t != OPEN:
                marked_s = min(marked_s, t)
        if item.deemed != OPEN:
            deemed_s = min(deemed_s, item.deemed)
        if item.end == OPEN:
            any_open = True
        elif item.end > end or (item.end == end and item.number < item_of_end):
            end, item_of_end = item.end, item.number
        if item.marks & DECISION:
            decides = True
            if item.end == OPEN:
                decision_open = True
            elif item.end > decision or (item.end == decision and item.number < item_of_decision):
                decision, item_of_decision = item.end, item.number
    start = marked_s if awaits else ready_s
    if by_acceptance:
        start = min(start, deemed_s)
    span.start = OPEN if start == NEVER else start
    if decides and span.stop_mark == DECISION:
        any_open, end, item_of_end = decision_open, decision, item_of_decision
    span.is_open = any_open
    span.stop = OPEN if any_open else end
    span.stop_item = OPEN if any_open else item_of_end
    span.until = stopped if any_open else end


@inlined
def _pieces(stopped, scratch, span, family, first, last, shift):
    """Find the intervals that count between start and stop, apart and in order; return how many."""
    if family.counts == STEPS or family.counts == RUNNING_STEPS:
        running = family.counts == RUNNING_STEPS
        return _open_steps(
            scratch.local, scratch.member, first, last, shift, span, family.pauses, running,
            stopped, scratch.pieces,
        )  # fmt: skip
    counted = np.int64(0)
    if span.start != OPEN and span.start < span.until:
        scratch.counted[0].begin, scratch.counted[0].end = span.start, span.until
        counted = 1
    paused = np.int64(0)
    if family.pauses and counted:
        paused = _paused(
            scratch.local,
            scratch.member,
            first,
            last,
            shift,
            family.pauses,
            stopped,
            scratch.paused,
        )
    return _minus(scratch.counted, counted, scratch.paused, paused, scratch.pieces)


@helper
def _open_steps(local, member, first, last, shift, span, pauses, running, stopped, pieces):
    if span.start == OPEN:
        return 0
    count = np.int64(0)
    for x in range(first, last):
        item = local[member[x] + shift]
        if item.ready == OPEN or item.pause & pauses or (running and not item.running):
            continue
        begin = max(item.ready, span.start)
        end = min(stopped if item.end == OPEN else item.end, span.until)
        if begin < end:
            pieces[count].begin, pieces[count].end = begin, end
            count += 1
    return _merge(pieces, count)


@helper
def _paused(local, member, first, last, shift, pauses, stopped, paused):
    count = np.int64(0)
    for x in range(first, last):
        item = local[member[x] + shift]
        if item.pause & pauses and item.ready != OPEN:
            paused[count].begin = item.ready
            paused[count].end = stopped if item.end == OPEN else item.end
            count += 1
    return _merge(paused, count)


@helper
def _merge(pieces, count):
    """Sort intervals, and join those that overlap or touch; return how many are left."""
    left = np.int64(0)
    for x in range(count):
        begin, end, place = pieces[x].begin, pieces[x].end, x
        while place > 0 and pieces[place - 1].begin > begin:
            pieces[place].begin = pieces[place - 1].begin
            pieces[place].end = pieces[place - 1].end
            place -= 1
        pieces[place].begin, pieces[place].end = begin, end
    for x in range(count):
        begin, end = pieces[x].begin, pieces[x].end
        if left > 0 and begin <= pieces[left - 1].end:
            pieces[left - 1].end = max(pieces[left - 1].end, end)
        else:
            pieces[left].begin, pieces[left].end = begin, end
            left += 1
    return left


@helper
def _minus(counted, count, paused, pauses, pieces):
    """Write what of the counted intervals is not paused; return how many pieces there are."""
    left = passed = np.int64(0)
    for x in range(count):
        at, end = counted[x].begin, counted[x].end
        while passed < pauses and paused[passed].end < at:
            passed += 1
        y = passed
        while y < pauses and paused[y].begin < end:
            if paused[y].begin > at:
                pieces[left].begin, pieces[left].end = at, paused[y].begin
                left += 1
            at = max(at, paused[y].end)
            y += 1
        if at < end:
            pieces[left].begin, pieces[left].end = at, end
            left += 1
    return left


# --- amounts ---------------------------------------------------------------------------------


@helper
def _amount(pieces, count, rule, calendars, resumed, used, local, member, first, last, shift):
    """Return what a clock shows for some intervals, and the seconds in them: of the longest round.

    `used`: what the first round had used up before.
    """
    value, elapsed, in_round, seconds = used, 0, used, 0
    ends = rule.round_ends
    for x in range(count):
        begin, end = pieces[x].begin, pieces[x].end
        if x > 0 and ends and _round_between(local, member, first, last, shift, ends, pieces, x):
            value, elapsed = max(value, in_round), max(elapsed, seconds)
            in_round = _day_counts(calendars.days, rule, begin) if rule.counts_start else 0
            seconds = 0
        if rule.hours != NO_HOURS:
            from_hours, to_hours = (
                calendars.hours_ptr[rule.hours],
                calendars.hours_ptr[rule.hours + 1],
            )
            length = _until(calendars.hours, from_hours, to_hours, end)
            length -= _until(calendars.hours, from_hours, to_hours, begin)
        elif rule.calendar_days:
            length = end // DAY_S - (-1 if resumed and begin == 0 else begin // DAY_S)
        else:
            length = calendars.days[end // DAY_S].n
            if not (resumed and begin == 0):
                length -= calendars.days[begin // DAY_S].n
        if rule.ends_on_working_day and (
            x == count - 1
            or (ends and _round_between(local, member, first, last, shift, ends, pieces, x + 1))
        ):
            length -= min(calendars.days[max(end // DAY_S - 1, 0)].off, length)
        in_round += length
        seconds += end - begin
    return max(value, in_round), max(elapsed, seconds)


@helper
def _round_between(local, member, first, last, shift, ends, pieces, x):
    """Tell whether papers were handed in again between an interval and the one before it."""
    for y in range(first, last):
        item = local[member[y] + shift]
        if item.pause & ends and pieces[x - 1].end < item.end <= pieces[x].begin:
            return True
    return False


@inlined
def _day_counts(days, rule, t):
    """Return 1 if the date of an instant is one that the clock counts, else 0."""
    return 1 if rule.calendar_days or days[t // DAY_S].working else 0


@helper
def _until(hours, first, last, t):
    """Return the open seconds before an instant."""
    if first == last or t < hours[first].start:
        return 0
    low, high = first, last  # the last interval that has begun lies in [low, high)
    while high - low > 1:
        middle = (low + high) // 2
        if hours[middle].start <= t:
            low = middle
        else:
            high = middle
    return hours[low].before + min(t, hours[low].end) - hours[low].start
