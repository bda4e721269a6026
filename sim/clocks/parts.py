"""The parts of scopes: the items of each case, matter by matter and stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.clocks.items import ScopeItems
from sim.clocks.readings import History
from sim.engine.contract import OPEN
from sim.limits import Level
from sim.process.graph import Graph, Mark
from sim.process.table import Process


@dataclass(frozen=True, eq=False)
class Parts:
    """The M matters and S stages of scopes; a step serves one matter or, at a window, several.

    K pairs of a scope and a case, as in `ScopeItems`.
    """

    stage: Ints
    """[M] the stage of each matter, a number from 0."""
    standard: Ints
    """[S] the standard stage of each stage, a number from 0."""
    known: NDArray[np.uint8]
    """[K, M] all marks that any node of the matter carries; 0 if the scope lacks the matter."""
    served: Bools
    """[N, M] the node serves the matter; N nodes of the process."""
    in_scope: Bools
    """[K, M] the scope has the matter."""
    present: Bools
    """[K, M] the case has a step that serves this matter alone, in the scope or not."""
    node: NDArray[np.int32]
    """[J] node of each item of the scopes."""
    application: Ints
    """[J] the number of each item's application, from 0."""
    failed: Bools
    """[K, M, A] an application of the case ended without success in a step that serves the matter;
    A: the most applications of a case."""

    @classmethod
    def of(cls, history: History, items: ScopeItems) -> Parts:
        """`items`: those of the scopes, grouped by scope and case."""
        process, demand = history.process, history.demand
        case_type = items.scopes[0].case_type
        graph = process.graphs[process.case_types.index(case_type)]
        matters, served = served_matters(process, case_type)
        cases = len(items.cases) // len(items.scopes)
        wanted = np.array(
            [[s.matters is None or name in s.matters for name in matters] for s in items.scopes],
            np.bool_,
        ).reshape(len(items.scopes), len(matters))
        known = np.bitwise_or.reduce(np.where(served, process.marks[:, None], np.uint8(0)), axis=0)
        failed = _failed(history, items.cases[:cases], served)
        stage, standard = stages_of(graph, matters)
        return cls(
            stage=stage,
            standard=standard,
            known=np.repeat(np.where(wanted, known, np.uint8(0)), cases, axis=0),
            served=served,
            in_scope=np.repeat(wanted, cases, axis=0),
            present=np.tile(_present(history, items.cases[:cases], served), (len(items.scopes), 1)),
            node=demand.node[items.number],
            application=_application(history)[items.number],
            failed=np.tile(failed, (len(items.scopes), 1, 1)),
        )

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints]:
        """Positions of items, and a matter that each serves, for every such pair."""
        per_node = self.served.sum(axis=1)
        matter_of = np.nonzero(self.served)[1]
        first = np.cumsum(per_node) - per_node
        times = per_node[self.node]
        item = np.repeat(np.arange(len(self.node)), times)
        within = np.arange(len(item)) - np.repeat(np.cumsum(times) - times, times)
        return item, matter_of[first[self.node[item]] + within]

    def items(self, items: ScopeItems, level: Level, *, without_failed: bool) -> ScopeItems:
        """Return the items (grouped by scope and case) in groups of a level.

        A matter that a case lacks, although its window serves it, has no items. `without_failed`
        leaves out the matters that ended without success; of matters that were handed in again, the
        applications that did.
        """
        item, matter = self._pairs
        pair = items.group[item]
        # Who never came past the window has no step of a single matter: it stands for them all.
        has = self.present[pair, matter]
        any_has = np.zeros(len(items.group), np.bool_)
        any_has[item[has]] = True
        kept = (has | ~any_has[item]) & self.in_scope[pair, matter]
        if without_failed:
            given_up = self._given_up(items, pair[kept], matter[kept], item[kept])
            kept &= ~self.failed[pair, matter, self.application[item]] & ~given_up[pair, matter]
        part, parts = self._level(level)
        known = np.zeros((items.groups, parts), np.uint8)
        np.bitwise_or.at(known.T, part, self.known.T)
        return items.regrouped(item[kept], pair[kept] * parts + part[matter[kept]], known.ravel())

    def _given_up(self, items: ScopeItems, pair: Ints, matter: Ints, item: Ints) -> Bools:
        """Return [K, M]: the matter is never decided, since its case ended for another matter."""
        decided, is_open = np.zeros((2, *self.in_scope.shape), np.bool_)
        marked, still_open = items.has(Mark.DECISION)[item], items.end[item] == OPEN
        decided[pair[marked], matter[marked]] = True
        is_open[pair[still_open], matter[still_open]] = True
        has_decision = (self.known & np.uint8(Mark.DECISION)) != 0
        return np.asarray(has_decision & ~decided & ~is_open & ~items.goes_on[:, None])

    def _level(self, level: Level) -> tuple[Ints, int]:
        """Return [M] the part of each matter, and the number of parts."""
        if level is Level.MATTER:
            return np.arange(len(self.stage)), len(self.stage)
        if level is Level.STAGE:
            return self.stage, len(self.standard)
        return np.zeros_like(self.stage), 1

    def number(self, level: Level) -> int:
        """Return the number of parts of a level."""
        return self._level(level)[1]

    def outer(self, group: Ints, level: Level) -> Ints:
        """Return the group of a level in which a matter's group lies."""
        part, parts = self._level(level)
        pair, matter = np.divmod(group, len(self.stage))
        return pair * parts + part[matter]

    def combined(self, value: Ints, level: Level, *, summed: bool) -> Ints:
        """Return [K] the values of a case's groups together: the longest, or the sum of stages."""
        by_part = value.reshape(len(self.failed), self._level(level)[1])
        if not summed:
            return np.asarray(by_part.max(axis=1, initial=0))
        standards = np.zeros((len(by_part), int(self.standard.max(initial=-1)) + 1), np.int64)
        for stage, standard in enumerate(self.standard):
            np.maximum(standards[:, standard], by_part[:, stage], out=standards[:, standard])
        return np.asarray(standards.sum(axis=1))


def served_matters(process: Process, case_type: str) -> tuple[tuple[str, ...], Bools]:
    """Return the M matters of a case type, and [N, M] whether a node serves each."""
    graph = process.graphs[process.case_types.index(case_type)]
    matters = tuple(dict.fromkeys(name for node in graph.nodes for name in node.covers))
    served = np.array([[name in n.serves for name in matters] for n in process.nodes], np.bool_)
    served = served.reshape(len(process.nodes), len(matters))
    return matters, served & process.in_scope(case_type, None)[:, None]


def _present(history: History, cases: Ints, served: Bools) -> Bools:
    """Return [C, M]: the case has a step that serves this matter alone."""
    node = history.demand.node
    alone = np.flatnonzero((served.sum(axis=1) == 1)[node])
    present = np.zeros((len(cases), served.shape[1]), np.bool_)
    place = np.searchsorted(cases, history.demand.case[alone])
    present[place, served.argmax(axis=1)[node[alone]]] = True
    return present


def _failed(history: History, cases: Ints, served: Bools) -> Bools:
    """Return [C, M, A]: an application ended without success in a step of the matter."""
    demand, schedule = history.demand, history.schedule
    ends = np.flatnonzero((demand.marks & np.uint8(Mark.FAILURE)) != 0)
    ends = ends[served[demand.node[ends]].any(axis=1) & (schedule.end[ends] != OPEN)]
    failed = np.zeros((len(cases), history.applications, served.shape[1]), np.bool_)
    at = np.searchsorted(cases, demand.case[ends]), _application(history)[ends]
    np.logical_or.at(failed, at, served[demand.node[ends]])
    return failed.swapaxes(1, 2)


def _application(history: History) -> Ints:
    """Return [I] the number of each item's application, from 0."""
    number = history.demand.application
    return np.zeros(len(history.demand.node), np.int64) if number is None else number - np.int64(1)


def stages_of(graph: Graph, matters: tuple[str, ...]) -> tuple[Ints, Ints]:
    """Return [M] the stage of each matter, and [S] the standard stage of each stage."""
    stages = [graph.stages.get(name, name) for name in matters]
    number = {name: k for k, name in enumerate(dict.fromkeys(stages))}
    standards = [graph.standards.get(name, name) for name in number]
    rank = {name: k for k, name in enumerate(dict.fromkeys(standards))}
    return (
        np.array([number[name] for name in stages], np.int64),
        np.array([rank[name] for name in standards], np.int64),
    )
