"""What happened in a simulation, as the register of an office has it: items and their events.

An item is a matter of a case, in one application. The events are those that the national approval
system records of it (办理状态 BLZT), at the instants at which the simulation has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.clocks import History
from sim.engine.contract import DELAY, OPEN
from sim.process.graph import Mark, Owner, Phase, Role
from sim.records.register import State
from sim.scenario import Scenario

MOST: Final = 256
"""More than the applications of a case."""
_NEVER: Final = np.iinfo(np.int64).max
_FAILED_AT: Final = {
    Role.CHECK: State.NOT_ACCEPTED,
    Role.DECISION: State.REFUSED,
    Role.VERIFICATION: State.REVOKED,
}
"""Role of the step at which a matter fails → state; at a correction it is withdrawn, or lapses."""
_TURN: Final = {
    State.RECEIVED: 0,
    State.CORRECTED: 1,
    State.ACCEPTED: 2,
    State.IN_REVIEW: 3,
    State.SPECIAL_DONE: 4,
    State.CORRECTION: 5,
    State.SPECIAL: 6,
}
"""The turn of states at one instant; those that end an item come last."""


@dataclass(frozen=True, eq=False)
class Served:
    """The pairs of a step and an item of the register that it serves, by step; P pairs."""

    step: Ints
    """[P] number of the step, an item of the schedule."""
    matter: Ints
    """[P] number of the matter."""
    instance: Ints
    """[P] number of the item."""
    key: Ints
    """[n] case, matter and application of each item, in one number; ascending."""


class Happenings:
    """The items of one replication and their events; M matters, I steps, C' cases recorded."""

    def __init__(
        self,
        scenario: Scenario,
        history: History,
    ) -> None:
        self.scenario, self.history = scenario, history
        self.process, self.demand = history.process, history.demand
        self.schedule = history.schedule
        self.node = self.demand.node
        self.marks = self.demand.marks
        self.names = [
            (case_type, name)
            for case_type in self.process.case_types
            for name in scenario.case_types[case_type].matters
        ]
        """The matters: case type and name."""

    # --- which cases, and which items --------------------------------------------------------

    @cached_property
    def cases(self) -> Ints:
        """[C'] the numbers of the cases that are recorded."""
        recorded = self.demand.workload.arrival_s <= self.schedule.stopped_s
        for carried in self.demand.backlog.values():
            recorded[carried.case] = False
        return np.flatnonzero(recorded)

    @cached_property
    def row_of_case(self) -> Ints:
        """[C] the row of each case in the register, or -1."""
        row = np.full(len(self.demand.case_type), -1, np.int64)
        row[self.cases] = np.arange(len(self.cases))
        return row

    @cached_property
    def application(self) -> Ints:
        """[I] the application of each step, from 1."""
        number = self.demand.application
        if number is None:
            return np.ones(len(self.node), np.int64)
        return number.astype(np.int64)

    @cached_property
    def _serves(self) -> Bools:
        """[N, M] the node is a step of the matter."""
        nodes, types = self.process.nodes, self.process.case_types
        return np.array(
            [
                [case_type == types[of] and name in node.serves for case_type, name in self.names]
                for node, of in zip(nodes, self.process.case_type, strict=True)
            ],
            np.bool_,
        ).reshape(len(nodes), len(self.names))

    @cached_property
    def served(self) -> Served:
        """The steps of each item: those of its matter, in its application.

        A case has the matters with a step of their own, and all that a window served if it never
        came further. What follows the decision belongs to the last application of a matter.
        """
        step = np.flatnonzero(
            (self.row_of_case[self.demand.case] >= 0)
            & (self.process.role[self.node] != Role.RESUBMISSION)
            & ~self.process.is_further_seat[self.node]
        )
        pair, matter = np.nonzero(self._serves[self.node[step]])
        step = step[pair]
        case = self.row_of_case[self.demand.case[step]]
        alone = self._serves.sum(axis=1)[self.node[step]] == 1
        present = np.zeros((len(self.cases), len(self.names)), np.bool_)
        present[case[alone], matter[alone]] = True
        has = present[case, matter]
        any_has = np.zeros(len(self.node), np.bool_)
        any_has[step[has]] = True
        kept = has | ~any_has[step]
        step, matter, case = step[kept], matter[kept], case[kept]
        key, instance = np.unique(self._keys(case, matter, step), return_inverse=True)
        return Served(step, matter, instance.astype(np.int64), key)

    def _keys(self, case: Ints, matter: Ints, step: Ints) -> Ints:
        """Return [P] the key of each pair's item, see `Served`."""
        matters, application = len(self.names), self.application[step]
        node = self.node[step]
        goes_on = (self.process.phase[node] != Phase.AFTER) & (
            self.process.owner[node] != Owner.SUPERVISION
        )
        of = case * matters + matter
        last = np.ones(len(self.cases) * max(matters, 1), np.int64)
        np.maximum.at(last, of[goes_on], application[goes_on])
        return of * MOST + np.where(goes_on, application, last[of])

    @cached_property
    def parts(self) -> tuple[Ints, Ints, Ints]:
        """[n] row of the case, matter and application of each item."""
        of, application = np.divmod(self.served.key, MOST)
        return of // max(len(self.names), 1), of % max(len(self.names), 1), application

    @cached_property
    def changes(self) -> tuple[Ints, NDArray[np.int8], Ints, Ints]:
        """[E] item, state, second and step of each event, by item and time."""
        parts = list(self._found())
        item, state, at, step = (np.concatenate(column) for column in zip(*parts, strict=True))
        turn = np.array([_TURN.get(State(code), len(_TURN)) for code in range(len(State))])
        order = np.lexsort((step, turn[state], at, item))
        return item[order], state[order].astype(np.int8), at[order], step[order]

    def _found(self) -> list[tuple[Ints, ...]]:
        """Return item, state, second and step of the events, kind by kind."""
        served, schedule, process = self.served, self.schedule, self.process
        step, item, matter = served.step, served.instance, served.matter
        node, marks, end = self.node[step], self.marks[step], schedule.end[step]
        ready, owner, role = schedule.ready[step], process.owner[node], process.role[node]
        at_work = owner != Owner.SUPERVISION
        accepts, decides = (
            (self._serves & ((process.marks & np.uint8(mark)) != 0)[:, None]).any(axis=0)
            for mark in (Mark.ACCEPTANCE, Mark.DECISION)
        )
        has = {mark: (marks & np.uint8(mark)) != 0 for mark in Mark}
        items = len(self.served.key)

        def any_of(true: Bools) -> Bools:
            found = np.zeros(items, np.bool_)
            found[item[true]] = True
            return found

        def first(true: Bools, t: Ints, state: int) -> tuple[Ints, ...]:
            """Return the earliest of an item's steps."""
            rows = np.flatnonzero(true & (t != OPEN))
            rows = rows[np.lexsort((step[rows], t[rows], item[rows]))]
            rows = rows[np.append(True, item[rows][1:] != item[rows][:-1])[: len(rows)]]
            return item[rows], np.full(len(rows), state), t[rows], step[rows]

        def every(true: Bools, t: Ints, state: int) -> tuple[Ints, ...]:
            rows = np.flatnonzero(true & (t != OPEN))
            return item[rows], np.full(len(rows), state), t[rows], step[rows]

        handed_in = any_of(has[Mark.SUBMISSION] & at_work)[item]
        receives = at_work & (has[Mark.SUBMISSION] | ~handed_in)
        correction = (role == Role.CORRECTION) & (owner == Owner.APPLICANT)
        special = np.isin(owner, (Owner.SPECIAL, Owner.PUBLICITY))
        works = self.demand.workload.pool[step] != DELAY
        reviews = works & (process.phase[node] == Phase.RUNNING) & (role != Role.CHECK)
        return [
            first(receives, ready, State.RECEIVED),
            first(at_work & has[Mark.ACCEPTANCE], end, State.ACCEPTED),
            first(receives & ~accepts[matter], ready, State.ACCEPTED),
            every(correction, ready, State.CORRECTION),
            every(correction, end, State.CORRECTED),
            first(reviews & at_work & ~special, schedule.start[step], State.IN_REVIEW),
            every(special, ready, State.SPECIAL),
            every(special, end, State.SPECIAL_DONE),
            *self._ends(at_work, has, decides[matter], any_of),
        ]

    def _ends(
        self,
        at_work: Bools,
        has: Mapping[Mark, Bools],
        decides: Bools,
        any_of: Callable[[Bools], Bools],
    ) -> list[tuple[Ints, ...]]:
        """Return the events that end an item; each of [P] arrays is of a pair of step and item.

        A matter without a decision, such as a period of publicity, is decided when its last step
        ends. An item that is never decided, since its case ends for another, is withdrawn then.
        """
        step, item = self.served.step, self.served.instance
        end, node = self.schedule.end[step], self.node[step]
        role, owner = self.process.role[node], self.process.owner[node]
        failed = np.flatnonzero(has[Mark.FAILURE] & (end != OPEN))
        states = np.array([_FAILED_AT.get(kind, State.WITHDRAWN) for kind in Role])[role[failed]]
        states[owner[failed] == Owner.DEFERRED] = State.LAPSED
        ends: list[tuple[Ints, ...]] = [(item[failed], states, end[failed], step[failed])]
        last = at_work & (has[Mark.DECISION] | ~decides)
        still_open = end == OPEN
        has_failed, has_last = any_of(has[Mark.FAILURE] & ~still_open), any_of(last)
        open_last = any_of(last & still_open) | any_of(last & has[Mark.FAILURE])
        never = ~has_last & ~has_failed & ~any_of(at_work & still_open)
        deferred = any_of(owner == Owner.DEFERRED)
        for true, of in ((last, has_last & ~open_last), (at_work & decides, never)):
            rows = np.flatnonzero(true & of[item])
            rows = rows[np.lexsort((-step[rows], end[rows], item[rows]))]
            rows = rows[np.append(item[rows][1:] != item[rows][:-1], True)[: len(rows)]]
            at = end[rows]
            if of is never:
                at = np.maximum(at, self._failed_s[item[rows]])
                rows, at = rows[at != _NEVER], at[at != _NEVER]
                state = np.full(len(rows), State.WITHDRAWN)
            else:
                state = np.where(deferred[item[rows]], State.PASSED_CONDITIONALLY, State.PASSED)
            ends.append((item[rows], state, at, step[rows]))
        return ends

    @cached_property
    def fails(self) -> Bools:
        """[I] the application of the case ends for good at the step: an approval is not given.

        A revocation (撤销) comes after the end, and undoes it.
        """
        supervised = self.process.owner[self.node] == Owner.SUPERVISION
        fails: Bools = ((self.marks & np.uint8(Mark.FAILURE)) != 0) & ~supervised
        return fails

    @cached_property
    def _failed_s(self) -> Ints:
        """[n] when the application of each item failed; 0: it does not, `_NEVER`: not yet."""
        case, _, application = self.parts
        step = np.flatnonzero(self.fails & (self.row_of_case[self.demand.case] >= 0))
        key = self.row_of_case[self.demand.case[step]] * MOST + self.application[step]
        end = np.where(self.schedule.end[step] == OPEN, _NEVER, self.schedule.end[step])
        order = np.lexsort((end, key))
        keys, first = np.unique(key[order], return_index=True)
        wanted = case * MOST + application
        place = np.searchsorted(keys, wanted)
        found = np.append(keys, -1)[place] == wanted
        return np.where(found, np.append(end[order][first], 0)[place], 0)
