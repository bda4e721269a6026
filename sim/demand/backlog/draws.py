"""Draws for open cases: chance decides only what had not been decided by the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Floats, Ints
from sim.calendars import WorkingDays
from sim.demand.backlog.cases import Layout, OpenCases
from sim.demand.backlog.past import Past
from sim.demand.course import CaseDraws
from sim.demand.items import Items
from sim.demand.sampling import LONGEST_S, whole_seconds
from sim.engine.contract import DAY_S, DelayRule
from sim.process.graph import Chance, Choice, Gate, Node, Round, Term
from sim.streams import ManyStreams, Streams
from sim.variates import Sampler
from sim.variates.conditional import above, share_above

OWN_STREAMS = ":backlog"
"""Name of the set of random streams of a backlog. No name in a scenario has a colon."""
KNOWN = ("known", "first", "above")
"""What streams are called that stand beside one, where something of its draw is known."""


class OpenDraws(CaseDraws):
    """Draws for open cases: the number behind a known event is drawn from values that produce it.

    Chance thus agrees with what has happened, and keeps its probabilities for later events.
    """

    least_share = 1e-12  # a known event is possible, even where its stated probability is 0

    def __init__(
        self,
        streams: Streams | ManyStreams,
        attributes: Mapping[str, tuple[tuple[str, ...], NDArray[np.int32]]],
        sampler_of: Callable[[Term], Sampler],
        layout: Layout,
        cases: OpenCases,
    ) -> None:
        super().__init__(streams, len(cases.name), attributes, sampler_of)
        self.graph = graph = layout.graph
        self.cases = cases
        self.known: dict[str, Floats] = {}
        """Streams whose numbers agree with what is known → [B] these numbers."""
        named = cases.finished | cases.under_way
        for number in reversed(range(len(graph.nodes))):  # the last round first
            for gate in graph.nodes[number].gates if named[:, number].any() else ():
                self._holds_for(gate, named[:, number])
        for number, node in enumerate(graph.nodes):
            done = cases.finished[:, number]
            if node.next_round is not None and done.any():
                for gate in graph.nodes[node.next_round].gates:
                    if isinstance(gate, Round):
                        repeated = named[:, layout.repeats(gate)].any(axis=1)
                        self._holds_not_for(gate, done & ~repeated)

    def amount_above(self, node: Node, passed: Ints, cases: Ints) -> Ints:
        """Return [cases] the node's duration given that it exceeds `passed`; 0 where it cannot.

        `passed`: [cases] for some cases, given by number, ascending.
        The longest of several terms exceeds it if the first, or else the second … does: it is drawn
        which term is the first to do so, with its probability given that one does.
        """
        n = len(cases)
        shares = [self._share_above(term, passed, cases) for term in node.terms]
        none_left = np.ones((len(shares) + 1, n))
        for number in reversed(range(len(shares))):
            none_left[number] = none_left[number + 1] * (1.0 - shares[number])
        exceeds = np.zeros(n, bool)
        total = np.zeros(n, np.int64)
        for number, term in enumerate(node.terms):
            some = 1.0 - none_left[number]
            chance = np.divide(shares[number], some, out=np.zeros(n), where=some > 0)
            last = number == len(node.terms) - 1
            first = ~exceeds & (shares[number] > 0)
            if not last:
                first &= self.uniform(f"{term.stream}:first")[cases] < chance
            usual = self._duration(term, cases) * self.holds(term.gates)[cases] * exceeds
            total = np.maximum(total, np.where(first, self._above(term, passed, cases), usual))
            exceeds |= first
        return total

    def _share_above(self, term: Term, passed: Ints, cases: Ints) -> Floats:
        """Return [cases] the probability that the term counts, and exceeds `passed` if rounded."""
        share = share_above(self.sampler_of(term), self._unrounded(term, passed, cases))
        if term.at_most_s is not None:
            share = np.where(term.at_most_s > passed, share, 0.0)
        return share * self.holds(term.gates)[cases]

    def _above(self, term: Term, passed: Ints, cases: Ints) -> Ints:
        """Return [cases] durations of a term above `passed`, where there are any."""
        than = self._unrounded(term, passed, cases)
        u = self.uniform(f"{term.stream}:above")[cases]
        value = above(self.sampler_of(term), than, u) * self._factor(term.factors, cases)
        whole = np.maximum(whole_seconds(np.nan_to_num(value)), passed + 1)
        return whole if term.at_most_s is None else np.minimum(whole, term.at_most_s)

    def _unrounded(self, term: Term, passed: Ints, cases: Ints) -> Floats:
        """Return [cases] what a drawn value exceeds if the duration, rounded, exceeds `passed`."""
        factor = self._factor(term.factors, cases)
        return np.asarray((passed + 0.5) / np.where(factor > 0, factor, np.inf))

    def _holds_for(self, gate: Gate, cases: Bools) -> None:
        """Draw again so that the gate holds; of alternative rounds, the first possible one."""
        left = cases & ~self._gate(gate)
        if isinstance(gate, Chance):
            low, high = (0.0, gate.probability) if gate.happens else (gate.probability, 1.0)
            self._draw_again(gate.stream, left, -1.0 if high == 0 else low, high)
        elif isinstance(gate, Choice):
            sign = gate.low == gate.high  # a known step is possible, even where its share is 0
            low, high = (gate.sign, gate.sign) if sign else (gate.low, gate.high)
            self._draw_again(gate.stream, left, low, high)
        elif isinstance(gate, Round):
            for rounds, when in gate.rounds:
                chances = tuple(inner for inner in when if isinstance(inner, Chance | Choice))
                has = left & self.holds(tuple(inner for inner in when if inner not in chances))
                if gate.number <= rounds.cap and has.any():
                    for chance in chances:
                        self._holds_for(chance, has)
                    self._draw_again(rounds.stream, has, 0.0, self._share(rounds, gate.number))
                    left &= ~has

    def _holds_not_for(self, gate: Round, cases: Bools) -> None:
        """Draw again so that no alternative of the gate reaches its round."""
        for rounds, _ in gate.rounds:
            too_many = cases & self._at_least(rounds, gate.number)
            most = self._share(rounds, gate.number - 1) if gate.number > 1 else 1.0
            self._draw_again(rounds.stream, too_many, self._share(rounds, gate.number), most)

    def _draw_again(
        self, stream: str, cases: Bools, low: float | Floats, high: float | Floats
    ) -> None:
        """Draw the uniform numbers of a stream again for these cases, between low and high."""
        fresh = self.streams(f"{stream}:known").uniform(self.n)
        bounded = low + fresh * (high - low)
        self._uniform[stream] = np.where(cases, bounded, self.uniform(stream))
        self._gates.clear()
        self.known[stream] = self._uniform[stream]


class AmountsLeft:
    """The amounts of open cases; of a delay under way, what is left of it.

    A random delay is drawn from its distribution given that it is longer than the time passed. One
    that cannot be so long is over at once.
    """

    def __init__(
        self,
        draws: OpenDraws,
        rules: NDArray[np.int8],
        under_way: Bools,
        past: Past,
        days: WorkingDays,
    ) -> None:
        """`rules`: [N] of the nodes; `under_way`: [B, N]; `past`, `days`: before and from day 0."""
        self._draws = draws
        self._rules = rules
        self._under_way = under_way
        self._past = past
        self._days = days

    def amount(self, node: int, cases: Ints) -> Ints:
        """Return [cases] the amounts of a node."""
        amount = self._draws.amount(self._draws.graph.nodes[node], cases)
        at = np.flatnonzero(self._under_way[cases, node])
        if len(at):
            amount[at] = self._left(node, cases[at], amount[at])
        return amount

    def rule(self, node: int, cases: Ints) -> NDArray[np.int8] | np.int8:
        """Return the rule of a node's delays: for [cases] of them, or for all."""
        own, under_way = np.int8(self._rules[node]), self._under_way[:, node]
        if own == DelayRule.ON_CALENDAR or not under_way.any():
            return own
        return np.where(under_way[cases], np.int8(DelayRule.ELAPSED), own)

    def put(self, items: Items, node: Ints, case: Ints, item: Ints) -> None:
        """Put what is left into the items of delays under way, by node, then by case."""
        for number in np.unique(node).tolist():
            mine = node == number
            at = item[mine]
            items.amount[at] = self._left(number, case[mine], items.amount[at])
            items.delay_rule[at] = self.rule(number, case[mine])

    def _left(self, number: int, rows: Ints, amount: Ints) -> Ints:
        """Return [rows] what is left of a delay that is under way in these cases."""
        node, kind = self._draws.graph.nodes[number], DelayRule(int(self._rules[number]))
        begun_s = self._draws.cases.begun_s(number)[rows]
        if all(term.distribution.kind in {"constant", "legal"} for term in node.terms):
            left = left_of_delay(kind, amount, begun_s, self._past, self._days)
        else:
            on_calendar = kind is DelayRule.ON_CALENDAR
            passed = self._past.working_seconds(begun_s) if on_calendar else -begun_s
            left = self._draws.amount_above(node, passed, rows) - passed
        return np.maximum(left, 0)


def left_of_delay(
    rule: DelayRule, amount: Ints, begun_s: Ints, past: Past, days: WorkingDays
) -> Ints:
    """Return [n] seconds left at second 0 of delays that began at `begun_s`, before it.

    They are seconds of the calendar for ON_CALENDAR, else elapsed seconds. A delay that would be
    over has a number that is not positive.
    """
    day = begun_s // DAY_S
    if rule is DelayRule.ON_CALENDAR:
        return amount - past.working_seconds(begun_s)
    if rule is DelayRule.ELAPSED:
        return begun_s + amount
    if rule is DelayRule.CALENDAR_DAYS:
        last = day + amount
    elif rule is DelayRule.LEGAL_CALENDAR_DAYS:
        last = _working_day_from(day + amount, past, days)
    else:
        rest = amount - past.count(day)
        beyond = np.append(days.nth, LONGEST_S // DAY_S)
        last = np.where(rest > 0, beyond[np.clip(rest, 0, len(beyond) - 1)], -1)
    return np.where(amount == 0, 0, last * DAY_S + DAY_S - 1)


def _working_day_from(day: Ints, past: Past, days: WorkingDays) -> Ints:
    """Return [n] the days, each a day off replaced by the next working day."""
    before = np.where(day > 0, days.cumulative[np.clip(day - 1, 0, len(days) - 1)], 0)
    beyond = np.append(days.nth, LONGEST_S // DAY_S)
    over = (day < 0) & (past.count(np.minimum(day, 0) - 1) > 0)
    return np.where(over, day, beyond[before + 1])
