"""Columns of `Workload` that follow from the node, and the choice of an item's pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.contract import DELAY, NO_TACIT, NO_TEAM, DelayRule
from sim.process import PoolTable, Process
from sim.process.graph import Node, Owner, Role
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
    seat: NDArray[np.int64]
    """[N] how many nodes before it the first seat of its team stands, or NO_TEAM."""

    @classmethod
    def of(cls, process: Process) -> NodeFacts:
        """Collect the columns."""
        nodes = process.nodes
        silence = [NO_TACIT if node.tacit_wd is None else node.tacit_wd for node in nodes]
        return cls(
            delay_rule=np.array([_delay_rule(node) for node in nodes], np.int8),
            priority=np.array([node.priority for node in nodes], np.int32),
            tacit_wd=np.array(silence, np.int64),
            seat=np.array(
                [
                    NO_TEAM if node.seats == 1 and node.seat_of is None else number - first
                    for number, (node, first) in enumerate(
                        zip(nodes, process.first_seat.tolist(), strict=True)
                    )
                ],
                np.int64,
            ),
        )


_SET_BY_LAW: Final = frozenset({Role.CORRECTION, Role.SPECIAL, Role.PUBLICITY, Role.VERIFICATION})
"""Steps whose whole days are a period of the law or of a notice. If its last day is a day off, it
ends on the next working day (Civil Code art. 203). Days on the way are no such period."""
_SET_BY_LAW_IN_NETWORKS: Final = frozenset({Owner.SPECIAL, Owner.PUBLICITY})
"""The same by owner, since the steps of an open network have no role."""


def _delay_rule(node: Node) -> DelayRule:
    if node.pool is not None:
        return DelayRule.ELAPSED
    distribution = node.terms[0].distribution
    if distribution.kind == "legal":
        if distribution.unit == "wd":
            return DelayRule.WORKING_DAYS
        by_law = node.role in _SET_BY_LAW or node.owner in _SET_BY_LAW_IN_NETWORKS
        return DelayRule.LEGAL_CALENDAR_DAYS if by_law else DelayRule.CALENDAR_DAYS
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
