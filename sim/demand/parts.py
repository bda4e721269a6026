"""The cases of one stream of arrivals, before they are merged with others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.demand.arrived import Arrived
from sim.demand.backlog import Carried
from sim.demand.course import Course
from sim.demand.due import DueClocks

Column = Callable[[int, Ints], "NDArray[np.integer] | np.integer"]
"""(node of the graph, cases) → a column of `Workload`: [cases], or one value for all."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """The courses of n cases, drawn with arrays; amounts are drawn when items are written."""

    way: Course
    amount: Column
    pool: Column
    delay_rule: Column


@dataclass(frozen=True, eq=False)
class OpenPart:
    """Clocks and due days of the n cases of a part that were open at the start."""

    carried: Carried
    due_wd: Ints
    """[n] due working day, as in `Workload`."""
    clock_runs: Bools
    """[n] the clock has started, as in `Workload`."""
    deemed: Bools | None
    """[n, N] the node comes before acceptance, of papers that had counted as accepted before
    second 0, since they were not checked in time. None: there are none."""


@dataclass(frozen=True, eq=False)
class Part:
    """The cases of one stream of arrivals; n cases, N nodes of their graph."""

    kind: int
    """Position of the case type."""
    arrived: Arrived
    attributes: Mapping[str, NDArray[np.int32]]
    due: DueClocks
    number: Ints
    """[n] the number of each case in its random streams."""
    backlog: OpenPart | None = None
    """What these cases bring along, if they were open at the start."""

    def __len__(self) -> int:
        """Return n."""
        return len(self.arrived.at_s)

    def some_open(self, cases: slice) -> Part:
        """Return some of the cases, which were open at the start."""
        assert self.backlog is not None
        opened = self.backlog
        return Part(
            kind=self.kind,
            arrived=Arrived(self.arrived.at_s[cases]),
            attributes={name: codes[cases] for name, codes in self.attributes.items()},
            due=self.due.at(cases),
            number=self.number[cases],
            backlog=OpenPart(
                carried=opened.carried.of(cases),
                due_wd=opened.due_wd[cases],
                clock_runs=opened.clock_runs[cases],
                deemed=None if opened.deemed is None else opened.deemed[cases],
            ),
        )


def per_part(parts: Sequence[Part], column: Ints) -> list[Ints]:
    """Return the [n] slice of each part, as views of the column."""
    return np.split(column, np.cumsum([len(part) for part in parts])[:-1])


def of_parts(parts: Sequence[Part], values: Sequence[int]) -> Ints:
    """Return [C] the value of each case's part."""
    return np.repeat(np.array(values, np.int64), [len(part) for part in parts])


def attribute_of(name: str, parts: Sequence[Part]) -> NDArray[np.int32]:
    """Return [C] the codes of an attribute, -1 where a case type lacks it."""
    return np.concatenate(
        [part.attributes.get(name, np.full(len(part), -1, np.int32)) for part in parts]
    )
