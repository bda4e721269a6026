"""The demand of one replication: the engine's input, and the meaning of its items and cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools
from sim.demand.backlog import Carried
from sim.engine.contract import Workload
from sim.process.graph import Attribute


@dataclass(frozen=True, eq=False)
class Demand:
    """One replication's cases and items; C cases, I items, numbered as in the workload."""

    workload: Workload
    case_type: NDArray[np.int32]
    """[C] position in `Process.case_types`."""
    attributes: Mapping[str, NDArray[np.int32]]
    """Attribute → [C] position in its values (`attribute_values`), -1 where it has none."""
    attribute_values: Mapping[str, tuple[str, ...]]
    """Attribute → its values, sorted."""
    outcome: NDArray[np.int8]
    """[C] how the case ends if it is worked on to its end: an `Outcome`."""
    case: NDArray[np.int32]
    """[I] the case of each item."""
    node: NDArray[np.int32]
    """[I] the node of each item, a number in `Process.nodes`."""
    marks: NDArray[np.uint8]
    """[I] the `Mark`s of each item; acceptance only where no further round follows."""
    cut_off: Bools
    """[C] a number of rounds or of applications of the case was cut off at its cap."""
    application: NDArray[np.uint8] | None = None
    """[I] the application that each item belongs to: 1, and one more after each resubmission on
    the way to it. None: no case can be handed in again."""
    left_out: int = 0
    """Recorded or listed arrivals outside the simulated dates; they are not cases."""
    extended: Mapping[str, Bools] = field(default_factory=dict)
    """Limit that can be extended → [C] the case is granted the extension."""
    deemed: Bools | None = None
    """[I] the item comes before acceptance, of papers that had counted as accepted before second 0.
    None: there are none."""
    backlog: Mapping[str, Carried] = field(default_factory=dict)
    """Case type → what its cases that were open at the start bring along."""

    def matches(self, condition: Iterable[Attribute]) -> Bools:
        """Return [C]: the case has one of the stated values of every attribute."""
        holds = np.ones(len(self.case_type), np.bool_)
        for attribute in condition:
            values = self.attribute_values[attribute.name]
            stated = [values.index(value) for value in attribute.values]
            holds &= np.isin(self.attributes[attribute.name], stated)
        return holds

    @property
    def submitted_s(self) -> NDArray[np.int64]:
        """[C] instant of submission: the arrival, or before second 0 for cases of the backlog."""
        submitted = self.workload.arrival_s.copy()
        for carried in self.backlog.values():
            submitted[carried.case] = carried.submitted_s
        return submitted
