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
from sim.process.graph import Chance, Choice, Gate, Graph, Round, Term
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
    draws_of: Callable[[str], OpenDraws],
    graph: Graph,
    rules: NDArray[np.int8],
    included: Bools,
    cases: OpenCases,
    past: Past,
    days: WorkingDays,
) -> tuple[Ints, NDArray[np.int8]]:
    """Return [B, N] amounts and delay rules; for a delay under way, what is left of it.

    A random delay is drawn again until it is longer than the time passed, which conditions its
    distribution on that time; after `TRIES` attempts it is over at once.

    `draws_of` makes draws from streams of their own, for each attempt; `rules`: [N] the delay rules
    of the nodes; `included`: [B, N] nodes that take place; `past`, `days`: before and from day 0.
    """
    draws = draws_of("")
    amount = np.empty(included.shape, np.int64, "F")
    for number, node in enumerate(graph.nodes):
        amount[:, number] = draws.amount(node)
    rule = np.tile(rules, (len(amount), 1))
    under_way = included & cases.under_way
    for number in np.flatnonzero(under_way.any(axis=0)).tolist():
        rows, node = np.flatnonzero(under_way[:, number]), graph.nodes[number]
        kind, begun_s = DelayRule(int(rules[number])), cases.begun_s(number)[rows]
        drawn = amount[rows, number]
        left = left_of_delay(kind, drawn, begun_s, past, days)
        fixed = all(term.distribution.kind in {"constant", "legal"} for term in node.terms)
        for attempt in range(0 if fixed else TRIES):
            short = left <= 0
            if not short.any():
                break
            drawn = np.where(short, draws_of(f"/again/{attempt}").amount(node)[rows], drawn)
            left = left_of_delay(kind, drawn, begun_s, past, days)
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
