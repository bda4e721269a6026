"""Going on with open cases: what of their course is over, and what the rest looks like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.calendars import WorkingDays
from sim.demand.carried import NOT_YET, Carried, Past
from sim.demand.sampling import LONGEST_S, Sampler
from sim.demand.streams import Streams
from sim.demand.unroll import CaseDraws
from sim.engine.contract import DAY_S, DelayRule
from sim.process import Chance, Gate, Graph, Mark, Phase, Role, Round, Rounds, Term

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

OWN_STREAMS = ":backlog"
"""Whose streams those of a backlog are. No name in a scenario has a colon."""
TRIES = 200
"""How often the duration of a delay under way is drawn until it is longer than what has passed."""


@dataclass(frozen=True, eq=False)
class OpenCases:
    """The open cases of one case type, by submission and name; B cases, M matters, N nodes."""

    name: tuple[str, ...]
    submitted_s: Ints
    """[B] before second 0."""
    decided: Bools
    """[B, M] everything is over that serves decided matters alone."""
    accepted: Bools
    """[B, M] intake and check are over."""
    finished: Bools
    """[B, N] steps named one by one as done."""
    under_way_s: Ints
    """[B, N] when a delay began that is under way, or NOT_YET."""
    handed_in: Ints
    """[B, M] the day, or NOT_YET where it is not stated."""
    since: Ints
    """[B, M] the day on which the matter's clock started, or NOT_YET where it is not stated."""
    accepted_on: Ints
    """[B] the day where `since` states none, or NOT_YET."""
    paused: Mapping[str, Ints]
    """Clock → [B] working days that did not count."""
    attributes: Mapping[str, list[str]]
    """Attribute → [B] its values; empty: not stated."""


class Layout:
    """A graph as backlogs see it; N nodes, M matters. A network is one matter without a name."""

    def __init__(self, graph: Graph, matters: tuple[str, ...]) -> None:
        self.graph = graph
        self.matters = matters or ("",)
        self.number = {node.name: number for number, node in enumerate(graph.nodes)}
        position = {name: column for column, name in enumerate(self.matters)}
        self.covers: Bools = np.zeros((len(graph.nodes), len(self.matters)), bool)
        for number, node in enumerate(graph.nodes):
            self.covers[number, [position[name] for name in node.covers or self.matters[:1]]] = True
        self.before: Bools = np.array([node.phase is Phase.BEFORE for node in graph.nodes], bool)
        self.decides: Bools = np.array([Mark.DECISION in node.marks for node in graph.nodes], bool)
        self.accepts: Bools = np.array([Mark.ACCEPTANCE in node.marks for node in graph.nodes])
        on_the_way = {Role.TRIP, Role.ASSISTANCE}
        self.handed_in: Bools = np.array([node.role not in on_the_way for node in graph.nodes])
        """[N] comes after the submission."""

    @cached_property
    def kin(self) -> Bools:
        """[N, N] node i is over where node j is: it comes before it, for the same matter."""
        n = len(self.graph.nodes)
        before = np.zeros((n, n), bool)
        for number, node in enumerate(self.graph.nodes):
            for earlier in node.after:
                before[:, number] |= before[:, earlier]
                before[earlier, number] = True
        return np.asarray(before & _any(self.covers, self.covers.T))

    def of_matters(self, nodes: Bools) -> Bools:
        """Return [M]: some of these nodes covers the matter."""
        return np.asarray(np.any(self.covers[nodes], axis=0))

    def missing(self, draws: CaseDraws) -> Bools:
        """Return [B, M]: the case does not have the matter."""
        present = np.zeros((draws.n, len(self.matters)), bool)
        for number in np.flatnonzero(self.covers.sum(axis=1) == 1):
            column = int(np.argmax(self.covers[number]))
            present[:, column] |= draws.takes_place(self.graph.nodes[number])
        return ~present

    def over(self, cases: OpenCases, missing: Bools) -> Bools:
        """Return [B, N]: the node is over for the case.

        That is what serves only decided matters; the way to acceptance of what is accepted; steps
        that are named; and what comes before any of these for the same matter.
        """
        decided, accepted = cases.decided, cases.accepted | cases.decided
        over = self._all_of(decided | missing) & _any(decided, self.covers.T)
        over |= self.before & self._all_of(accepted | missing) & _any(accepted, self.covers.T)
        over |= cases.finished
        over |= _any(over | (cases.under_way_s != NOT_YET), self.kin.T)
        return over

    def _all_of(self, true: Bools) -> Bools:
        """Return [B, N]: it is true of all matters that the node covers."""
        return ~_any(~true, self.covers.T)


def _any(left: Bools, right: Bools) -> Bools:
    """Return the matrix product of or and and."""
    return (left.astype(np.float32) @ right.astype(np.float32)) > 0


@dataclass(frozen=True, eq=False)
class _Reached:
    """What is known of a number of rounds; n cases."""

    number: Ints
    """[n] rounds that have been reached; 0: nothing is known."""
    more: NDArray[np.float64]
    """[n] a uniform number that decides how many follow."""
    over: Bools
    """[n] none follow."""


class OpenDraws(CaseDraws):
    """Draws for open cases: what is known to have happened by the start is not left to chance."""

    def __init__(
        self,
        streams: Streams,
        attributes: Mapping[str, tuple[tuple[str, ...], NDArray[np.int32]]],
        sampler_of: Callable[[Term], Sampler],
        graph: Graph,
        cases: OpenCases,
    ) -> None:
        super().__init__(streams, len(cases.name), attributes, sampler_of)
        self._known: dict[str, tuple[Bools, Bools]] = {}
        """Stream of a chance → where it is known, and what is."""
        self._rounds: dict[str, _Reached] = {}
        named = cases.finished | (cases.under_way_s != NOT_YET)
        for number in reversed(range(len(graph.nodes))):  # the last round first
            if named[:, number].any():
                self._has_happened(graph.nodes[number].gates, named[:, number])
        for number, node in enumerate(graph.nodes):
            if node.next_round is not None and cases.finished[:, number].any():
                again = graph.nodes[node.next_round].gates
                self._is_over(again, cases.finished[:, number], named, graph)

    def _has_happened(self, gates: tuple[Gate, ...], named: Bools) -> None:
        for gate in gates:
            if isinstance(gate, Chance):
                self._know(gate, named)
            elif isinstance(gate, Round):
                self._have_reached(gate, named)

    def _know(self, chance: Chance, named: Bools) -> None:
        nobody = np.zeros(self.n, bool)
        known, happens = self._known.get(chance.stream, (nobody, nobody))
        self._known[chance.stream] = (known | named, np.where(named, chance.happens, happens))
        self._gates.clear()

    def _have_reached(self, gate: Round, named: Bools) -> None:
        """Note that one of the rounds has come so far; if none is drawn so, the first."""
        left = named.copy()
        for rounds, when in gate.rounds:
            left &= ~(self._at_least(rounds, gate.number) & self.holds(when))
        for rounds, when in gate.rounds:
            chances = tuple(each for each in when if isinstance(each, Chance))
            has = left & self.holds(tuple(each for each in when if each not in chances))
            if gate.number <= rounds.cap and has.any():
                for chance in chances:
                    self._know(chance, has)
                self._reach(rounds, gate.number, has)
                left &= ~has

    def _reach(self, rounds: Rounds, number: int, cases: Bools) -> None:
        known, drawn = self._state(rounds), self.uniform(rounds.stream)
        share = self._share(rounds, number)
        # These cases drew a number that is not below their share: what is above it is left.
        above = (drawn - share) / np.maximum(1 - share, 1e-12)
        self._rounds[rounds.stream] = _Reached(
            np.where(cases, number, known.number), np.where(cases, above, known.more), known.over
        )
        self._gates.clear()

    def _is_over(self, gates: tuple[Gate, ...], done: Bools, named: Bools, graph: Graph) -> None:
        """Note that a step that is done, and not sent back as far as is known, is done for good."""
        for gate in gates:
            if isinstance(gate, Round):
                later = [repeats(node.gates, (gate,)) for node in graph.nodes]
                for_good = done & ~named[:, later].any(axis=1)
                for rounds, _ in gate.rounds:
                    known = self._state(rounds)
                    self._rounds[rounds.stream] = replace(known, over=known.over | for_good)
        self._gates.clear()

    def _state(self, rounds: Rounds) -> _Reached:
        nothing = np.zeros(self.n, np.int64), self.uniform(rounds.stream), np.zeros(self.n, bool)
        return self._rounds.get(rounds.stream, _Reached(*nothing))

    def _gate(self, gate: Gate) -> Bools:
        found = super()._gate(gate)
        if isinstance(gate, Chance) and gate.stream in self._known:
            known, happens = self._known[gate.stream]
            return np.where(known, happens == gate.happens, found)
        return found

    def _share(self, rounds: Rounds, number: int) -> NDArray[np.float64]:
        first = np.minimum(rounds.first * self._factor(rounds.factors), 1.0)
        return np.asarray(first * rounds.again ** (number - 1))

    def _at_least(self, rounds: Rounds, number: int) -> Bools:
        drawn = super()._at_least(rounds, number)
        if rounds.stream not in self._rounds:
            return drawn
        known = self._rounds[rounds.stream]
        further = known.more < rounds.again ** np.maximum(number - known.number, 0)
        reached = np.where(known.number > 0, (number <= known.number) | further, drawn)
        return reached & ~(known.over & (number > known.number))


def repeats(gates: tuple[Gate, ...], again: tuple[Gate, ...]) -> bool:
    """Whether a step with these gates belongs to the round of another, or to a later one."""
    return any(
        isinstance(gate, Round)
        and isinstance(round_, Round)
        and gate.rounds == round_.rounds
        and gate.number >= round_.number
        for gate in gates
        for round_ in again
    )


def carried(
    layout: Layout, cases: OpenCases, over: Bools, ready: Bools, missing: Bools, past: Past
) -> Carried:
    """Say what open cases bring along.

    Parameters
    ----------
    layout, cases, missing, past
        The graph; the cases; [B, M] matters that a case does not have; the days before the start.
    over
        [B, N] nodes that are over.
    ready
        [B, N] nodes that wait for nothing: what the case was at when the simulation began.
    """
    has_acceptance = layout.of_matters(layout.accepts)
    has_decision = layout.of_matters(layout.decides)
    begun = over | ready
    accepted = cases.accepted | cases.decided | _none_left(layout, layout.accepts, over)
    running = np.where(has_acceptance, accepted, _any(begun, layout.covers)) & ~missing
    decided = (cases.decided | _none_left(layout, layout.decides, over)) & has_decision
    handed_in = running | (_any(begun & layout.handed_in, layout.covers) & ~missing)
    submitted = (cases.submitted_s // DAY_S)[:, None]
    default = np.where(cases.accepted_on == NOT_YET, submitted[:, 0], cases.accepted_on)[:, None]
    since = np.where(cases.since == NOT_YET, default, cases.since)
    first_in = np.where(cases.handed_in == NOT_YET, submitted, cases.handed_in)
    return Carried(
        case=np.arange(len(cases.name)),
        name=cases.name,
        submitted_s=cases.submitted_s,
        matters=layout.matters,
        has_acceptance=has_acceptance,
        has_decision=has_decision,
        missing=missing,
        handed_in=np.where(handed_in, first_in, NOT_YET),
        running=np.where(running, since, NOT_YET),
        decided=decided & ~missing,
        paused=cases.paused,
        past=past,
    )


def _none_left(layout: Layout, nodes: Bools, over: Bools) -> Bools:
    """Return [B, M]: there are such nodes for the matter, and all are over."""
    left = _any(nodes & ~over, layout.covers)
    return layout.of_matters(nodes) & ~left


def amounts_left(
    draws_of: Callable[[str], OpenDraws],
    graph: Graph,
    rules: NDArray[np.int8],
    included: Bools,
    cases: OpenCases,
    past: Past,
    days: WorkingDays,
) -> tuple[Ints, NDArray[np.int8]]:
    """Return [B, N] amounts and delay rules; of a delay under way what is left of it.

    A random delay is drawn anew until it is longer than what has passed (`TRIES` times; then it is
    over at once): so it is drawn from those that are.

    Parameters
    ----------
    draws_of
        Makes draws from streams of their own, for each attempt.
    graph, rules
        The graph and [N] its nodes' delay rules.
    included
        [B, N] nodes that take place.
    cases, past, days
        The cases; the calendars before and from day 0.
    """
    draws = draws_of("")
    amount = np.stack([draws.amount(node) for node in graph.nodes], axis=1)
    rule = np.tile(rules, (len(amount), 1))
    under_way = included & (cases.under_way_s != NOT_YET)
    for number in np.flatnonzero(under_way.any(axis=0)):
        rows, node = np.flatnonzero(under_way[:, number]), graph.nodes[number]
        kind, begun_s = DelayRule(int(rules[number])), cases.under_way_s[rows, number]
        drawn = amount[rows, number]
        left = left_of_delay(kind, drawn, begun_s, past, days)
        for attempt in range(TRIES):
            short = left <= 0
            if not short.any() or all(_is_fixed(term) for term in node.terms):
                break
            drawn = np.where(short, draws_of(f"/again/{attempt}").amount(node)[rows], drawn)
            left = left_of_delay(kind, drawn, begun_s, past, days)
        amount[rows, number] = np.maximum(left, 0)
        if kind is not DelayRule.ON_CALENDAR:
            rule[rows, number] = DelayRule.ELAPSED
    return amount, rule


def _is_fixed(term: Term) -> bool:
    return term.distribution.kind in {"constant", "legal"}


def left_of_delay(
    rule: DelayRule, amount: Ints, begun_s: Ints, past: Past, days: WorkingDays
) -> Ints:
    """Return [n] seconds that are left at second 0 of delays that have begun before.

    Of ON_CALENDAR they are seconds of the calendar, else seconds that elapse. Not positive where
    the delay would be over.
    """
    day = begun_s // DAY_S
    if rule is DelayRule.ON_CALENDAR:
        return amount - past.working_seconds(begun_s)
    if rule is DelayRule.ELAPSED:
        return begun_s + amount
    if rule is DelayRule.CALENDAR_DAYS:
        last = day + amount
    else:
        rest = amount - past.count(day)
        beyond = np.append(days.nth, LONGEST_S // DAY_S)
        last = np.where(rest > 0, beyond[np.clip(rest, 0, len(beyond) - 1)], -1)
    return np.where(amount == 0, 0, last * DAY_S + DAY_S - 1)
