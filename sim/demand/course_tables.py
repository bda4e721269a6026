"""The graphs of all case types as tables of numbers, from which machine code draws cases.

A table is an array of records. Its rows are numbered over all case types; the rows of one case
type are neighbours. `refs` holds all lists of row numbers: a pair of fields (`gates`, `gates_end`)
bounds one of them. Streams are numbered within their case type.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.demand.course import CaseDraws
from sim.demand.node_columns import PoolChoice
from sim.process.graph import (
    Attribute,
    Chance,
    Choice,
    Combine,
    Factor,
    Gate,
    Graph,
    Longer,
    Node,
    Role,
    Round,
    Rounds,
    Term,
)
from sim.variates import Sampler

NONE: Final = -1
"""No row, no attribute, no bound."""

Records: TypeAlias = NDArray[np.void]
Row: TypeAlias = tuple[Any, ...]


class GateKind(IntEnum):
    """How a gate is judged."""

    ATTRIBUTE = 0
    """The code of `attribute` is one of the list `codes`."""
    BETWEEN = 1
    """low ≤ u < high for the uniform number u of `stream`, or u is the `sign` by which an open case
    is known to have gone there; or not so, unless `holds`."""
    LONGER = 2
    """The duration of the row `term` exceeds `than`."""
    ROUND = 3
    """One of the rows `parts` holds."""


def _record(integers: str, floats: str = "", flags: str = "") -> np.dtype[np.void]:
    """Return the type of a record; a name with a star stands for itself and its end."""
    names = [part for name in integers.split() for part in _bounds(name)]
    fields = [(name, np.int64) for name in names]
    fields += [(name, np.float64) for name in floats.split()]  # type: ignore[misc]
    return np.dtype([*fields, *((name, np.bool_) for name in flags.split())])


def _bounds(name: str) -> list[str]:
    return [name[:-1], f"{name[:-1]}_end"] if name.endswith("*") else [name]


TYPE: Final = _record(
    "nodes* gates* round_gates rounds* stops* usual_nodes most_links", "", "again"
)
"""A case type: the rows of its parts; gates of rounds are the last ones. `usual_nodes`: those
of the first application; `most_links`: no case has more; `again`: cases may be handed in again."""
NODE: Final = _record(
    "gates* terms* after* handed_in* stops* ended_by* opens* seen* next_round lacks_end marks"
    " pool pool_attribute pools",
    "",
    "certain longest resubmission",
)
"""A node. `lacks_end`: who lacks the node lacks all those before this one, a chain of repetitions,
of which others look at those that are `seen` alone;
`certain`: a term has no gates; `longest`: of its terms the longest counts, else their sum; of a
resubmission: the stops that it is `ended_by`, and the nodes that it `opens`."""
GATE: Final = _record("kind stream attribute codes* term than parts*", "low high sign", "holds")
"""A gate; see `GateKind`."""
ROUNDS: Final = _record("stream factors*", "first least")
"""A number of rounds of corrections; the probability of the first is not below `least`."""
PART: Final = _record("rounds gates*", "share share_beyond", "within last")
"""A part of a gate of rounds: `rounds` reach its number and all gates hold. The probability is
`first` times the share; `within`: the number is not beyond the cap; `last`: it is the cap."""
FACTOR: Final = _record("gates*", "factor")
"""A factor, if all gates hold."""
TERM: Final = _record("stream family values* gates* factors* at_most", "p0 p1 p2 p3 scale")
"""A duration, with the numbers of its `Sampler`."""
STOP: Final = _record("node stream outcome gates* again", "probability")
"""An end of the case; `again`: the gate whether the applicant hands in again."""


class Tables(NamedTuple):
    """The tables of a process."""

    types: Records
    nodes: Records
    gates: Records
    rounds: Records
    parts: Records
    factors: Records
    terms: Records
    stops: Records
    refs: Ints
    values: Floats
    """Recorded values."""


class TableBuilder:
    """Writes the graphs of a process into tables, one by one in their order."""

    def __init__(
        self,
        attributes: Sequence[str],
        values: Mapping[str, Sequence[str]],
        least_share: float = CaseDraws.least_share,
    ) -> None:
        """`attributes`: in the order of their numbers; `values`: in the order of their codes.

        `least_share`: as in `CaseDraws`.
        """
        self._least_share = least_share
        self._attributes = list(attributes)
        self._values = values
        self._rows: dict[str, list[Row]] = {name: [] for name in Tables._fields[:-2]}
        self._refs: list[int] = []
        self._recorded: list[Floats] = []
        self.streams: list[tuple[str, ...]] = []
        """[types] the names of the streams of each case type, in the order of their numbers."""

    def add(
        self, graph: Graph, pools: Sequence[PoolChoice], sampler_of: Callable[[Term], Sampler]
    ) -> None:
        """Write a graph; `pools`: of its nodes."""
        self._stream: dict[str, int] = {}
        self._sampler_of = sampler_of
        self._first_node = len(self._rows["nodes"])
        self._gate: dict[Gate, int] = {}
        self._last_use = {
            before: number
            for number, node in enumerate(graph.nodes)
            for before in (*node.after, *node.handed_in)
        }
        """Node → the last node that waits for it, or is handed in by it."""
        self._of_rounds: dict[Rounds, int] = {}
        begin = {name: len(rows) for name, rows in self._rows.items()}
        gates = _gates_inside(graph)
        plain = [gate for gate in gates if not isinstance(gate, Round)]
        for number, gate in enumerate((*plain, *(g for g in gates if isinstance(g, Round)))):
            self._gate[gate] = begin["gates"] + number
        for gate in self._gate:
            self._rows["gates"].append(self._gate_row(gate))
        stops = self._write_stops(graph)
        for number, pool in enumerate(pools):
            self._rows["nodes"].append(self._node_row(graph, number, pool, stops))
        end = {name: len(rows) for name, rows in self._rows.items()}
        self._rows["types"].append(
            (
                *(begin["nodes"], end["nodes"], begin["gates"], end["gates"]),
                begin["gates"] + len(plain),
                *(begin["rounds"], end["rounds"], begin["stops"], end["stops"]),
                sum(_is_usual(node) for node in graph.nodes),
                _most_links(graph),
                any(node.role is Role.RESUBMISSION for node in graph.nodes),
            )
        )
        self.streams.append(tuple(self._stream))

    def tables(self) -> Tables:
        """Return the tables of all graphs written."""
        rows = self._rows
        return Tables(
            types=np.array(rows["types"], TYPE),
            nodes=np.array(rows["nodes"], NODE),
            gates=np.array(rows["gates"], GATE),
            rounds=np.array(rows["rounds"], ROUNDS),
            parts=np.array(rows["parts"], PART),
            factors=np.array(rows["factors"], FACTOR),
            terms=np.array(rows["terms"], TERM),
            stops=np.array(rows["stops"], STOP),
            refs=np.array(self._refs, np.int64),
            values=np.concatenate([np.empty(0), *self._recorded]),
        )

    # --- rows ------------------------------------------------------------------------------------

    def _node_row(
        self, graph: Graph, number: int, pool: PoolChoice, stops: Sequence[Sequence[int]]
    ) -> Row:
        node, first = graph.nodes[number], self._first_node
        resubmission = node.role is Role.RESUBMISSION
        lacks_end = _lacks_end(graph.nodes, number)
        fixed, attribute, by_value = NONE, NONE, 0
        if pool.attribute is None:
            fixed = int(pool.fixed)
        else:
            attribute = self._attributes.index(pool.attribute)
            by_value, _ = self._list(pool.by_value.tolist())
        return (
            *self._gates_list(node.gates),
            *self._write("terms", [self._term_row(term) for term in node.terms]),
            *self._list(first + before for before in node.after),
            *self._list(first + before for before in node.handed_in),
            *(stops[number][0], stops[number][-1]),
            *self._list(self._ended_by(graph, node, stops) if resubmission else ()),
            *self._list(first + n for n in _opened(graph, number) if resubmission),
            *self._list(
                first + n
                for n in range(number + 1, lacks_end)
                if self._last_use.get(n, 0) >= lacks_end
            ),
            NONE if node.next_round is None else first + node.next_round,
            first + lacks_end,
            int(node.marks),
            *(fixed, attribute, by_value),
            *(not all(term.gates for term in node.terms), node.combine is Combine.MAX),
            resubmission,
        )

    def _gate_row(self, gate: Gate) -> Row:
        kind = GateKind.BETWEEN
        stream, attribute, codes, term, than, parts = NONE, NONE, (0, 0), NONE, 0, (0, 0)
        low, high, sign, holds = 0.0, 0.0, math.nan, True
        if isinstance(gate, Attribute):
            kind, attribute = GateKind.ATTRIBUTE, self._attributes.index(gate.name)
            values = self._values[gate.name]
            codes = self._list(values.index(value) for value in gate.values)
        elif isinstance(gate, Chance):
            stream, high, holds = self._number(gate.stream), gate.probability, gate.happens
            low = -math.inf  # a number below 0 stands for an event that is known
        elif isinstance(gate, Choice):
            stream, low, high = self._number(gate.stream), gate.low, gate.high
            sign = gate.sign
        elif isinstance(gate, Longer):
            kind, than = GateKind.LONGER, gate.than_s
            term, _ = self._write("terms", [self._term_row(Term(gate.stream, gate.distribution))])
        else:
            kind = GateKind.ROUND
            parts = self._write("parts", [self._part_row(gate.number, *p) for p in gate.rounds])
        return (int(kind), stream, attribute, *codes, term, than, *parts, low, high, sign, holds)

    def _part_row(self, number: int, rounds: Rounds, gates: Iterable[Gate]) -> Row:
        if rounds not in self._of_rounds:
            factors = self._factors_list(rounds.factors)
            row = (self._number(rounds.stream), *factors, rounds.first, self._least_share)
            self._of_rounds[rounds] = self._write("rounds", [row])[0]
        again = max(rounds.again, self._least_share)
        return (
            self._of_rounds[rounds],
            *self._gates_list(gates),
            *(again ** (number - 1), again**rounds.cap),
            *(number <= rounds.cap, number == rounds.cap),
        )

    def _term_row(self, term: Term) -> Row:
        sampler = self._sampler_of(term)
        values = sum(map(len, self._recorded))
        self._recorded.append(sampler.values)
        return (
            *(self._number(term.stream), int(sampler.family), values, values + len(sampler.values)),
            *self._gates_list(term.gates),
            *self._factors_list(term.factors),
            NONE if term.at_most_s is None else term.at_most_s,
            *(*sampler.parameters, sampler.scale),
        )

    def _write_stops(self, graph: Graph) -> list[Sequence[int]]:
        """Write all stops; return the range of rows of each node."""
        ranges: list[Sequence[int]] = []
        for number, node in enumerate(graph.nodes):
            rows = [
                (
                    *(self._first_node + number, self._number(stop.stream), int(stop.outcome)),
                    *self._gates_list(stop.gates),
                    NONE if stop.again is None else self._gate[stop.again.chance],
                    stop.probability,
                )
                for stop in node.stops
            ]
            ranges.append(self._write("stops", rows))
        return ranges

    def _ended_by(self, graph: Graph, node: Node, stops: Sequence[Sequence[int]]) -> Iterable[int]:
        """Yield the rows of the stops that lead to a resubmission."""
        for before in node.after:
            for row, stop in enumerate(graph.nodes[before].stops, stops[before][0]):
                if stop.again is not None and stop.again.matter == node.terms[0].matter:
                    yield row

    # --- lists -----------------------------------------------------------------------------------

    def _number(self, stream: str) -> int:
        return self._stream.setdefault(stream, len(self._stream))

    def _list(self, numbers: Iterable[int]) -> tuple[int, int]:
        begin = len(self._refs)
        self._refs += numbers
        return begin, len(self._refs)

    def _gates_list(self, gates: Iterable[Gate]) -> tuple[int, int]:
        return self._list(self._gate[gate] for gate in gates)

    def _factors_list(self, factors: Iterable[Factor]) -> tuple[int, int]:
        return self._write("factors", [(*self._gates_list(g), factor) for g, factor in factors])

    def _write(self, table: str, rows: Sequence[Row]) -> tuple[int, int]:
        begin = len(self._rows[table])
        self._rows[table] += rows
        return begin, begin + len(rows)


def _gates_inside(graph: Graph) -> list[Gate]:
    """Return all gates of a graph, once each; those within others stand before them."""
    found: dict[Gate, None] = {}

    def take(gates: Iterable[Gate]) -> None:
        for gate in gates:
            if gate not in found:
                if isinstance(gate, Round):
                    for rounds, when in gate.rounds:
                        take(when)
                        take_factors(rounds.factors)
                found[gate] = None

    def take_factors(factors: Iterable[Factor]) -> None:
        for gates, _ in factors:
            take(gates)

    for node in graph.nodes:
        take(node.gates)
        for term in node.terms:
            take(term.gates)
            take_factors(term.factors)
        for stop in node.stops:
            take(stop.gates)
            take(() if stop.again is None else (stop.again.chance,))
    return list(found)


def _opened(graph: Graph, resubmission: int) -> Iterable[int]:
    """Return the nodes up to a resubmission that serve only matters that are handed in again."""
    covers = set(graph.nodes[resubmission].covers)
    return (n for n in range(resubmission + 1) if covers.issuperset(graph.nodes[n].covers))


def _lacks_end(nodes: Sequence[Node], number: int) -> int:
    """Return the end of the nodes after a node that a case without the node lacks, too."""
    node, end = nodes[number], number + 1
    if all(term.gates for term in node.terms):
        return end
    while end < len(nodes) and nodes[end].after == (end - 1,) and _implies(nodes[end], node):
        end += 1
    return end


def _implies(later: Node, node: Node) -> bool:
    """Return whether each case that has `later`, which follows `node`, has `node`."""
    if later.handed_in != node.handed_in or Role.RESUBMISSION in (later.role, node.role):
        return False
    rounds = [gate for gate in later.gates if isinstance(gate, Round)]
    return all(
        gate in later.gates
        or (isinstance(gate, Round) and any(_is_beyond(other, gate) for other in rounds))
        for gate in node.gates
    )


def _is_beyond(later: Round, gate: Round) -> bool:
    """Return whether `later` is of the same rounds and holds only where `gate` does."""
    return (
        later.rounds == gate.rounds
        and later.number >= gate.number
        and all(
            rounds.again ** (later.number - 1) <= rounds.again ** (gate.number - 1)
            for rounds, _ in gate.rounds
        )
    )


def _is_usual(node: Node) -> bool:
    return not node.handed_in


def _most_links(graph: Graph) -> int:
    """Return a bound of the links of a case: each node waits for all that come before it."""
    before: list[set[int]] = []
    for node in graph.nodes:
        before.append(set(node.after).union(*(before[n] for n in node.after)))
    return sum(map(len, before))
