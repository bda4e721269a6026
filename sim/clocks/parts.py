"""The parts of a scope: the items of each case, matter by matter and stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.clocks.items import ScopeItems
from sim.clocks.readings import History
from sim.engine.contract import OPEN
from sim.limits import Level, Scope
from sim.process.graph import Mark


@dataclass(frozen=True, eq=False)
class Parts:
    """M matters and S stages of a scope; an item serves one matter or, at a window, several."""

    matters: tuple[str, ...]
    stage: Ints
    """[M] the stage of each matter, a number from 0."""
    standard: Ints
    """[S] the standard stage of each stage, a number from 0."""
    known: NDArray[np.uint8]
    """[M] all marks that any node of the matter carries."""
    served: Bools
    """[N, M] the node serves the matter; N nodes of the process, none outside the scope."""
    node: NDArray[np.int32]
    """[J] node of each item of the scope."""
    failed: Bools
    """[K, M] the case ended without success in a step that serves the matter."""

    @classmethod
    def of(cls, history: History, scope: Scope, items: ScopeItems, cases: Ints) -> Parts:
        """`items`: those of the scope, grouped by case; `cases`: [K] their numbers."""
        process, demand = history.process, history.demand
        graph = process.graphs[process.case_types.index(scope.case_type)]
        wanted = None if scope.matters is None else set(scope.matters)
        in_scope = process.in_scope(scope.case_type, scope.matters)
        covered = [node.covers if inside else () for node, inside in zip(
            process.nodes, in_scope, strict=True
        )]  # fmt: skip
        matters = tuple(
            name
            for name in dict.fromkeys(name for covers in covered for name in covers)
            if wanted is None or name in wanted
        )
        served = np.array([[name in covers for name in matters] for covers in covered], np.bool_)
        stages = [graph.stages.get(name, name) for name in matters]
        number = {name: k for k, name in enumerate(dict.fromkeys(stages))}
        standards = [graph.standards.get(name, name) for name in number]
        rank = {name: k for k, name in enumerate(dict.fromkeys(standards))}
        marks = np.where(served, process.marks[:, None], np.uint8(0))
        ends = np.flatnonzero((demand.marks & np.uint8(Mark.FAILURE)) != 0)
        ends = ends[in_scope[demand.node[ends]] & (history.schedule.end[ends] != OPEN)]
        failed = np.zeros((len(cases), len(matters)), np.bool_)
        np.logical_or.at(
            failed, np.searchsorted(cases, demand.case[ends]), served[demand.node[ends]]
        )
        return cls(
            matters=matters,
            stage=np.array([number[name] for name in stages], np.int64),
            standard=np.array([rank[name] for name in standards], np.int64),
            known=np.bitwise_or.reduce(marks, axis=0),
            served=served.reshape(-1, len(matters)),
            node=demand.node[items.number],
            failed=failed,
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
        """Return the items (grouped by case) in groups of a level.

        A matter that a case lacks, although its window serves it, has no items. `without_failed`
        leaves out the matters that ended without success.
        """
        item, matter = self._pairs
        case = items.group[item]
        present = self._present(items)
        # Who never came past the window has no steps of single matters: the window stands for all.
        several = present[case, matter]
        any_present = np.zeros(len(items.group), np.bool_)
        any_present[item[several]] = True
        kept = several | ~any_present[item]
        if without_failed:
            kept &= ~self.failed[case, matter]
        part, parts, known = self._level(level)
        group = case[kept] * parts + part[matter[kept]]
        return items.regrouped(item[kept], group, np.repeat(items.goes_on, parts), known)

    def _present(self, items: ScopeItems) -> Bools:
        """Return [K, M]: the case has a step that serves this matter alone."""
        present = np.zeros(self.failed.shape, np.bool_)
        alone = np.flatnonzero((self.served.sum(axis=1) == 1)[self.node])
        present[items.group[alone], self.served.argmax(axis=1)[self.node[alone]]] = True
        return present

    def _level(self, level: Level) -> tuple[Ints, int, NDArray[np.uint8]]:
        """Return [M] the part of each matter, the number of parts, and their known marks."""
        if level is Level.MATTER:
            return np.arange(len(self.matters)), len(self.matters), self.known
        if level is Level.STAGE:
            part, parts = self.stage, len(self.standard)
        else:
            part, parts = np.zeros_like(self.stage), 1
        known = np.zeros(parts, np.uint8)
        np.bitwise_or.at(known, part, self.known)
        return part, parts, known

    def outer(self, group: Ints, level: Level) -> Ints:
        """Return the group of a level in which a matter's group lies."""
        part, parts, _ = self._level(level)
        case, matter = np.divmod(group, len(self.matters))
        return case * parts + part[matter]

    def combined(self, value: Ints, level: Level, *, summed: bool) -> Ints:
        """Return [K] the values of a case's groups together: the longest, or the sum of stages."""
        by_part = value.reshape(len(self.failed), self._level(level)[1])
        if not summed:
            return np.asarray(by_part.max(axis=1, initial=0))
        standards = np.zeros((len(by_part), int(self.standard.max(initial=-1)) + 1), np.int64)
        for stage, standard in enumerate(self.standard):
            np.maximum(standards[:, standard], by_part[:, stage], out=standards[:, standard])
        return np.asarray(standards.sum(axis=1))
