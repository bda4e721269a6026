"""Columns of `Workload` that follow from the node, and the choice of an item's pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.contract import DELAY, NO_TACIT, DelayRule
from sim.limits import DueClock
from sim.process import PoolTable, Process
from sim.process.graph import Node
from sim.scenario import Scenario


@dataclass(frozen=True, eq=False)
class NodeFacts:
    """Columns of `Workload` that follow from the node; N nodes, numbered as in `Process`."""

    delay_rule: NDArray[np.int8]
    """[N] rule of the node's delays; a delay under way at the start may have another."""
    priority: NDArray[np.int32]
    """[N] priority in queues, as in `Workload`."""
    tacit_wd: NDArray[np.int64]
    """[N] period of tacit consent in working days, or NO_TACIT."""
    counted: NDArray[np.bool_]
    """[N] the clock counts while its items are open, as in `Workload`."""
    starts_clock: NDArray[np.uint8]
    """[N] the `Mark` with which items of the node start the clock; 0: they never do."""

    @classmethod
    def of(cls, process: Process, due: Sequence[DueClock]) -> NodeFacts:
        """Collect the columns; `due` is in the order of the process's graphs."""
        nodes = process.nodes
        silence = [NO_TACIT if node.tacit_wd is None else node.tacit_wd for node in nodes]
        return cls(
            delay_rule=np.array([_delay_rule(node) for node in nodes], np.int8),
            priority=np.array([node.priority for node in nodes], np.int32),
            tacit_wd=np.array(silence, np.int64),
            counted=np.concatenate([clock.counted for clock in due]),
            starts_clock=np.concatenate([clock.starts for clock in due]),
        )


def _delay_rule(node: Node) -> DelayRule:
    if node.pool is not None:
        return DelayRule.ELAPSED
    distribution = node.terms[0].distribution
    if distribution.kind == "legal":
        return DelayRule.WORKING_DAYS if distribution.unit == "wd" else DelayRule.CALENDAR_DAYS
    return DelayRule.ON_CALENDAR if distribution.unit == "wd" else DelayRule.ELAPSED


class PoolChoice:
    """The pool of a node: one for all cases, or one by an attribute."""

    def __init__(
        self, scenario: Scenario, pools: PoolTable, values: Mapping[str, Sequence[str]], node: Node
    ) -> None:
        """`values`: attribute → its values, in the order of their codes."""
        self.attribute: str | None = None
        self.fixed = np.int32(DELAY)
        if node.pool is None:
            return
        self.fixed = np.int32(pools.numbers(node.pool)[0])
        self.attribute = scenario.pools[node.pool].per
        if self.attribute is not None:
            numbers = [pools.of_value(node.pool, value) for value in values[self.attribute]]
            self.by_value = np.array(numbers, np.int32)

    def of_cases(
        self, attributes: Mapping[str, NDArray[np.int32]], cases: NDArray[np.int64]
    ) -> NDArray[np.int32] | np.int32:
        """Return [cases] the pool of each case's item, or one number if it is the same for all."""
        if self.attribute is None:
            return self.fixed
        return self.by_value[attributes[self.attribute][cases]]
