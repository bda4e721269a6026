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
from sim.demand.sampling import LONGEST_S
from sim.engine.contract import DAY_S, DelayRule
from sim.process.graph import Chance, Choice, Gate, Graph, Node, Round, Term
from sim.streams import Streams
from sim.variates import Sampler

OWN_STREAMS = ":backlog"
"""Name of the set of random streams of a backlog. No name in a scenario has a colon."""
TRIES = 200
"""Most attempts to draw a delay under way that is longer than the time passed."""


class OpenDraws(CaseDraws):
    """Draws for open cases: the number behind a known event is drawn from values that produce it.

    Chance thus agrees with what has happened, and keeps its probabilities for later events.
    """

    least_share = 1e-12  # a known event is possible, even where its stated probability is 0

    def __init__(
        self,
        streams: Streams,
        attributes: Mapping[str, tuple[tuple[str, ...], NDArray[np.int32]]],
        sampler_of: Callable[[Term], Sampler],
        graph: Graph,
        cases: OpenCases,
    ) -> None:
        super().__init__(streams, len(cases.name), attributes, sampler_of)
        self.graph = graph
        self.cases = cases
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

    def again(self, attempt: int, cases: Ints, node: Node) -> Ints:
        """Return [cases] further amounts of a node, from streams of their own for each attempt."""
        streams = self.streams.of_more(f"{OWN_STREAMS}/again/{attempt}").of_cases(cases)
        if not any(term.gates or term.factors for term in node.terms):
            return CaseDraws(streams, len(cases), {}, self.sampler_of).amount(node)
        attributes = {name: (v, codes[cases]) for name, (v, codes) in self.attributes.items()}
        some = self.cases.some(cases)
        return OpenDraws(streams, attributes, self.sampler_of, self.graph, some).amount(node)

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


class AmountsLeft:
    """The amounts of open cases; of a delay under way, what is left of it.

    A random delay is drawn again until it is longer than the time passed, which conditions its
    distribution on that time; after `TRIES` attempts it is over at once.
    """

    def __init__(
        self,
        draws: OpenDraws,
        rules: NDArray[np.int8],
        included: Bools,
        past: Past,
        days: WorkingDays,
    ) -> None:
        """`rules`: [N] of the nodes; `included`: [B, N]; `past`, `days`: before and from day 0."""
        self._draws = draws
        self._rules = rules
        self._under_way: Bools = included & draws.cases.under_way
        self._past = past
        self._days = days

    def amount(self, node: int, cases: Ints) -> Ints:
        """Return [cases] the amounts of a node."""
        amount = self._draws.amount(self._draws.graph.nodes[node])
        rows = np.flatnonzero(self._under_way[:, node])
        if len(rows):
            amount[rows] = self._left(node, rows, amount[rows])
        return amount[cases]

    def rule(self, node: int, cases: Ints) -> NDArray[np.int8] | np.int8:
        """Return the rule of a node's delays: for [cases] of them, or for all."""
        own, under_way = np.int8(self._rules[node]), self._under_way[:, node]
        if own == DelayRule.ON_CALENDAR or not under_way.any():
            return own
        return np.where(under_way[cases], np.int8(DelayRule.ELAPSED), own)

    def _left(self, number: int, rows: Ints, amount: Ints) -> Ints:
        """Return [rows] what is left of a delay that is under way in these cases."""
        node, kind = self._draws.graph.nodes[number], DelayRule(int(self._rules[number]))
        begun_s = self._draws.cases.begun_s(number)[rows]
        left = left_of_delay(kind, amount, begun_s, self._past, self._days)
        fixed = all(term.distribution.kind in {"constant", "legal"} for term in node.terms)
        for attempt in range(0 if fixed else TRIES):
            short = np.flatnonzero(left <= 0)
            if len(short) == 0:
                break
            drawn = self._draws.again(attempt, rows[short], node)
            left[short] = left_of_delay(kind, drawn, begun_s[short], self._past, self._days)
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
