"""The courses of cases in machine code, one case after the other: the items of `array_items`.

Read `course`, `ends` and `array_items` first: here is the same for a single case, on the tables of
`course_tables`. Gates are judged once for a case, those within others first; what a node needs of
them is then a look at `gate`. A node that a case lacks keeps a list of the items that stand in for
it; with one predecessor, which the case lacks too, it names the list of that one.
"""

from __future__ import annotations

import numpy as np

from sim.demand.course_tables import NONE, GateKind
from sim.demand.sampling import LONGEST_S
from sim.machine_code import by_reference, entry_point, inlined
from sim.process.graph import Mark
from sim.variates.kernel import uniform, value

_ATTRIBUTE = int(GateKind.ATTRIBUTE)
_BETWEEN = int(GateKind.BETWEEN)
_LONGER = int(GateKind.LONGER)
_ROUND = int(GateKind.ROUND)
_ACCEPTANCE = int(Mark.ACCEPTANCE)
_FAILURE = int(Mark.FAILURE)
_LONGEST = float(LONGEST_S)
_WORD = np.uint64(0xFFFFFFFF)
_BITS = np.uint64(32)


@inlined
def _all_hold(begin, end, refs, gate):
    for at in range(begin, end):
        if not gate[refs[at]]:
            return False
    return True


@inlined
def _product(begin, end, factors, refs, gate):
    product = 1.0
    for row in range(begin, end):
        factor = factors[row]
        if _all_hold(factor.gates, factor.gates_end, refs, gate):
            product = product * factor.factor
    return product


@inlined
def _uniform(stream, column, fixed, keys, case, replication, seed):
    """Return the uniform number of a case; of an open case, the one that agrees with its past."""
    if column[stream] != NONE:
        return fixed[column[stream]]
    key = keys[stream]
    return uniform(case, key & _WORD, key >> _BITS, replication, seed)


@inlined
def _duration(term, tables, gate, keys, case, replication, seed):
    recorded = tables.values[term.values : term.values_end]
    key = keys[term.stream]
    low, high = key & _WORD, key >> _BITS
    p0, p1, p2, p3 = term.p0, term.p1, term.p2, term.p3
    drawn = term.scale * value(
        term.family, p0, p1, p2, p3, recorded, case, low, high, replication, seed
    )
    if term.factors < term.factors_end:
        drawn = drawn * _product(term.factors, term.factors_end, tables.factors, tables.refs, gate)
    whole = np.int64(np.floor(min(drawn, _LONGEST) + 0.5))
    return whole if term.at_most == NONE else min(whole, term.at_most)


@inlined
def _amount(node, tables, gate, keys, case, replication, seed):
    total = 0
    for row in range(node.terms, node.terms_end):
        term = tables.terms[row]
        if _all_hold(term.gates, term.gates_end, tables.refs, gate):
            drawn = _duration(term, tables, gate, keys, case, replication, seed)
            total = max(total, drawn) if node.longest else total + drawn
    return total


@inlined
def _judge_plain(g, tables, codes, gate, column, fixed, keys, case, replication, seed):
    row = tables.gates[g]
    if row.kind == _ATTRIBUTE:
        code = codes[row.attribute]
        for at in range(row.codes, row.codes_end):
            if tables.refs[at] == code:
                return True
        return False
    if row.kind == _BETWEEN:
        u = _uniform(row.stream, column, fixed, keys, case, replication, seed)
        return ((row.low <= u and u < row.high) or u == row.sign) == row.holds
    term = tables.terms[row.term]
    return _duration(term, tables, gate, keys, case, replication, seed) > row.than


@inlined
def _judge_round(g, tables, gate, u, first):
    row = tables.gates[g]
    for at in range(row.parts, row.parts_end):
        part = tables.parts[at]
        reached = part.within and u[part.rounds] < first[part.rounds] * part.share
        if reached and _all_hold(part.gates, part.gates_end, tables.refs, gate):
            return True
    return False


@inlined
def _cut_off(node, tables, gate, u, first):
    """Return whether the last round allowed is reached, and another would have followed."""
    for at in range(node.gates, node.gates_end):
        row = tables.gates[tables.refs[at]]
        if row.kind == _ROUND:
            for number in range(row.parts, row.parts_end):
                part = tables.parts[number]
                beyond = part.last and u[part.rounds] < first[part.rounds] * part.share_beyond
                if beyond and _all_hold(part.gates, part.gates_end, tables.refs, gate):
                    return True
    return False


@inlined
def _takes_place(node, tables, gate):
    if not _all_hold(node.gates, node.gates_end, tables.refs, gate):
        return False
    if node.certain:
        return True
    for row in range(node.terms, node.terms_end):
        term = tables.terms[row]
        if _all_hold(term.gates, term.gates_end, tables.refs, gate):
            return True
    return False


@inlined
def _any(begin, end, refs, flags):
    for at in range(begin, end):
        if flags[refs[at]]:
            return True
    return False


@inlined
def _insert(items, begin, end, item):
    """Put an item into its place of the ascending list begin … end; return the new end."""
    at = end
    while at > begin and items[at - 1] > item:
        at -= 1
    if at > begin and items[at - 1] == item:
        return end
    for moved in range(end, at, -1):
        items[moved] = items[moved - 1]
    items[at] = item
    return end + 1


@inlined
def _judge_all(kind, tables, codes, gate, u, first, column, fixed, keys, case, replication, seed):
    for g in range(kind.gates, kind.round_gates):
        gate[g] = _judge_plain(g, tables, codes, gate, column, fixed, keys, case, replication, seed)
    for row in range(kind.rounds, kind.rounds_end):
        rounds = tables.rounds[row]
        u[row] = _uniform(rounds.stream, column, fixed, keys, case, replication, seed)
        product = _product(rounds.factors, rounds.factors_end, tables.factors, tables.refs, gate)
        first[row] = min(max(rounds.first * product, rounds.least), 1.0)
    for g in range(kind.round_gates, kind.gates_end):
        gate[g] = _judge_round(g, tables, gate, u, first)


@inlined
def _sources(n, node, tables, scratch, into, begin):
    """Write the items for which a node waits, or would wait, to `into`; return their end."""
    end = begin
    for at in range(node.after, node.after_end):
        before = tables.refs[at]
        if node.resubmission and scratch.included[n]:
            for link in range(node.ended_by, node.ended_by_end):
                stop = tables.refs[link]
                if scratch.ended[stop] and tables.stops[stop].node == before:
                    end = _insert(into, begin, end, scratch.item[before])
        elif scratch.included[before]:
            end = _insert(into, begin, end, scratch.item[before])
        else:
            for place in range(scratch.source[before], scratch.source_end[before]):
                end = _insert(into, begin, end, scratch.sources[place])
    return end


@inlined
def _come_to(node, n, tables, scratch, ended_before, gone):
    """Decide whether the case has the node, and whether it ends there; return both.

    `gone`: the node was over before the case arrived.
    """
    refs = tables.refs
    if node.resubmission:
        again = _any(node.ended_by, node.ended_by_end, refs, scratch.again)
        scratch.over[n] = ended_before
        if again:
            for at in range(node.ended_by, node.ended_by_end):
                scratch.final[refs[at]] = False
            for at in range(node.opens, node.opens_end):
                scratch.over[refs[at]] = False
        return again, False
    included = (
        not gone
        and not ended_before
        and _takes_place(node, tables, scratch.gate)
        and (
            node.handed_in == node.handed_in_end
            or _any(node.handed_in, node.handed_in_end, refs, scratch.included)
        )
    )
    stopped = False
    if included:
        for s in range(node.stops, node.stops_end):
            stop = tables.stops[s]
            happens = scratch.happens[s]
            if (
                not stopped
                and happens
                and _all_hold(stop.gates, stop.gates_end, refs, scratch.gate)
            ):
                stopped = True
                scratch.ended[s] = True
                scratch.final[s] = True
                scratch.again[s] = stop.again != NONE and scratch.gate[stop.again]
    scratch.over[n] = ended_before or stopped
    return included, stopped


@inlined
def _marks(node, tables, gate, stopped):
    marks = node.marks
    if marks & _ACCEPTANCE:
        not_yet = stopped
        if node.next_round != NONE:
            not_yet = not_yet or _takes_place(tables.nodes[node.next_round], tables, gate)
        if not_yet:
            marks &= ~_ACCEPTANCE
    return marks | _FAILURE if stopped else marks


@entry_point
def sweep(tables, cases, scratch, out, at, seed):
    """Draw cases and write their items, until all are written or there is no room for another.

    `at`: the next case, item and link; moved on.
    """
    tables, cases = by_reference(tables), by_reference(cases)
    scratch, out = by_reference(scratch), by_reference(out)
    s = np.uint64(seed)
    opened = len(cases.over) > 0
    c, i, e = at
    while c < len(cases.number):
        kind = tables.types[cases.kind[c]]
        room = len(out.node) - i >= kind.nodes_end - kind.nodes
        if not (room and len(out.pred) - e >= kind.most_links):
            break
        case = np.uint64(cases.number[c])
        part = cases.part[c]
        keys, r, column = cases.keys[part], cases.replication[part], cases.column[part]
        codes, fixed = cases.codes[c], cases.fixed[c]
        gate, u, first = scratch.gate, scratch.u, scratch.first
        _judge_all(kind, tables, codes, gate, u, first, column, fixed, keys, case, r, s)
        for row in range(kind.stops, kind.stops_end):
            stop = tables.stops[row]
            u_stop = _uniform(stop.stream, column, fixed, keys, case, r, s)
            scratch.happens[row] = u_stop < stop.probability
            scratch.ended[row] = scratch.again[row] = scratch.final[row] = False
        cut_off = False
        used = 0
        n = kind.nodes
        while n < kind.nodes_end:
            node = tables.nodes[n]
            ended_before = _any(node.after, node.after_end, tables.refs, scratch.over)
            gone = opened and cases.over[c, n - kind.nodes]
            included, stopped = _come_to(node, n, tables, scratch, ended_before, gone)
            scratch.included[n] = included
            application = 1
            if kind.again:
                for link in range(node.after, node.after_end):
                    application = max(application, scratch.application[tables.refs[link]])
                if node.resubmission and included:
                    application += 1
                scratch.application[n] = application
            if not included:
                one = node.after + 1 == node.after_end
                before = tables.refs[node.after] if one else 0
                if one and not scratch.included[before]:
                    scratch.source[n] = scratch.source[before]
                    scratch.source_end[n] = scratch.source_end[before]
                else:
                    scratch.source[n] = used
                    used = _sources(n, node, tables, scratch, scratch.sources, used)
                    scratch.source_end[n] = used
                if gone:  # later repetitions need not be
                    n += 1
                    continue
                for place in range(node.seen, node.seen_end):
                    later = tables.refs[place]
                    scratch.included[later] = False
                    scratch.over[later] = scratch.over[n]
                    scratch.source[later] = scratch.source[n]
                    scratch.source_end[later] = scratch.source_end[n]
                    scratch.application[later] = scratch.application[n]
                n = node.lacks_end
                continue
            if not stopped and not cut_off:
                cut_off = _cut_off(node, tables, scratch.gate, scratch.u, scratch.first)
            scratch.item[n] = i
            e = _sources(n, node, tables, scratch, out.pred, e)
            out.pred_ptr[i + 1] = e
            out.node[i] = n
            out.case[i] = c
            out.application[i] = application
            out.marks[i] = _marks(node, tables, scratch.gate, stopped)
            out.amount[i] = _amount(node, tables, scratch.gate, keys, case, r, s)
            out.pool[i] = (
                node.pool
                if node.pool_attribute == NONE
                else tables.refs[node.pools + codes[node.pool_attribute]]
            )
            i += 1
            n += 1
        outcome = 0
        for row in range(kind.stops_end - 1, kind.stops - 1, -1):
            if scratch.final[row]:
                outcome = tables.stops[row].outcome
                cut_off = cut_off or scratch.again[row]
        out.outcome[c] = outcome
        out.cut_off[c] = cut_off
        c += 1
        out.first_item[c] = i
    return c, i, e
