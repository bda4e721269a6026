"""Draws for open cases: chance decides only what had not been decided by the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Floats, Ints
from sim.calendars import WorkingDays
from sim.demand.backlog.cases import OpenCases
from sim.demand.backlog.past import Past
from sim.demand.course import CaseDraws
from sim.demand.sampling import LONGEST_S, whole_seconds
from sim.engine.contract import DAY_S, DelayRule
from sim.process.graph import Chance, Choice, Gate, Graph, Node, Round, Term
from sim.streams import ManyStreams, Streams
from sim.variates import Sampler
from sim.variates.conditional import above, share_above

OWN_STREAMS = ":backlog"
"""Name of the set of random streams of a backlog. No name in a scenario has a colon."""
SINCE = "/since"
"""Ends the name of the streams of delays under way, which are known to exceed some time."""


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
        graph: Graph,
        cases: OpenCases,
    ) -> None:
        super().__init__(streams, len(cases.name), attributes, sampler_of)
        named = cases.finished | cases.under_way
        for number in reversed(range(len(graph.nodes))):  # the last round first
            for gate in graph.nodes[number].gates if named[:, number].any() else ():
                self._holds_for(gate, named[:, number])
        for number, node in enumerate(graph.nodes):
            done = cases.finished[:, number]
            if node.next_round is not None and done.any():
                for gate in graph.nodes[node.next_round].gates:
                    if isinstance(gate, Round):
                        later = [repeats(other.gates, (gate,)) for other in graph.nodes]
                        self._holds_not_for(gate, done & ~named[:, later].any(axis=1))

    def amount_above(self, node: Node, passed: Ints) -> Ints:
        """Return [n] the node's duration given that it exceeds `passed`; 0 where it cannot.

        The longest of several terms exceeds it if the first, or else the second … does: it is drawn
        which term is the first to do so, with its probability given that one does.
        """
        shares = [self._share_above(term, passed) for term in node.terms]
        none_left = np.ones((len(shares) + 1, self.n))
        for number in reversed(range(len(shares))):
            none_left[number] = none_left[number + 1] * (1.0 - shares[number])
        exceeds = np.zeros(self.n, bool)
        total = np.zeros(self.n, np.int64)
        for number, term in enumerate(node.terms):
            some = 1.0 - none_left[number]
            chance = np.divide(shares[number], some, out=np.zeros(self.n), where=some > 0)
            last = number == len(node.terms) - 1
            first = ~exceeds & (shares[number] > 0)
            if not last:
                first &= self.uniform(f"{term.stream}:first") < chance
            usual = self._duration(term) * self.holds(term.gates) * exceeds
            total = np.maximum(total, np.where(first, self._above(term, passed), usual))
            exceeds |= first
        return total

    def _share_above(self, term: Term, passed: Ints) -> Floats:
        """Return [n] the probability that the term counts, and exceeds `passed` when rounded."""
        share = share_above(self.sampler_of(term), self._unrounded(term, passed))
        if term.at_most_s is not None:
            share = np.where(term.at_most_s > passed, share, 0.0)
        return share * self.holds(term.gates)

    def _above(self, term: Term, passed: Ints) -> Ints:
        """Return [n] durations of a term above `passed`, where there are any."""
        than, u = self._unrounded(term, passed), self.uniform(f"{term.stream}:above")
        value = above(self.sampler_of(term), than, u) * self._factor(term.factors)
        whole = np.maximum(whole_seconds(np.nan_to_num(value)), passed + 1)
        return whole if term.at_most_s is None else np.minimum(whole, term.at_most_s)

    def _unrounded(self, term: Term, passed: Ints) -> Floats:
        """Return [n] what a drawn value exceeds if the duration, rounded, exceeds `passed`."""
        factor = self._factor(term.factors)
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


def repeats(gates: tuple[Gate, ...], again: tuple[Gate, ...]) -> bool:
    """Return whether `gates` belong to the round of `again`, or to a later one."""
    return any(
        isinstance(gate, Round)
        and isinstance(round_, Round)
        and gate.rounds == round_.rounds
        and gate.number >= round_.number
        for gate in gates
        for round_ in again
    )


def amounts_left(
    draws: OpenDraws,
    since: OpenDraws,
    graph: Graph,
    rules: NDArray[np.int8],
    included: Bools,
    cases: OpenCases,
    past: Past,
    days: WorkingDays,
) -> tuple[Ints, NDArray[np.int8]]:
    """Return [B, N] amounts and delay rules; for a delay under way, what is left of it.

    A random delay is drawn from its distribution given that it is longer than the time passed. One
    that cannot be so long is over at once.

    `draws`: of amounts; `since`: of delays under way, from streams of their own; `rules`: [N] the
    delay rules of the nodes; `included`: [B, N] nodes that take place; `past`, `days`: before and
    from day 0.
    """
    amount = np.empty(included.shape, np.int64, "F")
    for number, node in enumerate(graph.nodes):
        amount[:, number] = draws.amount(node)
    rule = np.tile(rules, (len(amount), 1))
    under_way = included & cases.under_way
    for number in np.flatnonzero(under_way.any(axis=0)).tolist():
        rows, node = np.flatnonzero(under_way[:, number]), graph.nodes[number]
        kind, begun_s = DelayRule(int(rules[number])), cases.begun_s(number)[rows]
        if all(term.distribution.kind in {"constant", "legal"} for term in node.terms):
            left = left_of_delay(kind, amount[rows, number], begun_s, past, days)
        else:
            passed = np.zeros(len(amount), np.int64)
            on_calendar = kind is DelayRule.ON_CALENDAR
            passed[rows] = past.working_seconds(begun_s) if on_calendar else -begun_s
            left = since.amount_above(node, passed)[rows] - passed[rows]
        amount[rows, number] = np.maximum(left, 0)
        if kind is not DelayRule.ON_CALENDAR:
            rule[rows, number] = DelayRule.ELAPSED
    return amount, rule


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
