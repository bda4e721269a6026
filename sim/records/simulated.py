"""The register that offices would have kept of a simulation: its cases as recorded events.

The events are those that the national approval system records of an item (办理状态 BLZT), at the
instants at which the simulation has them. They do not tell all that clocks count: who had the papers
in between, waiting, delivery, and what is still to come. So the register also has the steps of the
simulation (`steps`, `courses`), from which every clock reads the same numbers again; who has no use
for them leaves these tables out. Officers are the names of the roster, which are nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.clocks import History
from sim.engine.contract import DELAY, NO_OFFICER, OPEN
from sim.process.graph import Mark, Outcome, Owner, Phase, Role
from sim.records.register import INSTANT, Register, State, table
from sim.records.timeline import PUBLICITY, TOGETHER
from sim.scenario import CHANNEL, Scenario

if TYPE_CHECKING:
    import pandas as pd

_FAILED_AT: Final = {
    Role.CHECK: State.NOT_ACCEPTED,
    Role.DECISION: State.REFUSED,
    Role.VERIFICATION: State.REVOKED,
}
"""Role of the step at which a matter fails → state; at a correction it is withdrawn, or lapses."""
_LAST: Final = np.iinfo(np.int64).max


def register_of(
    scenario: Scenario,
    history: History,
    *,
    officers: Sequence[str] = (),
    pools: Sequence[str] = (),
    prefix: str = "",
) -> Register:
    """Return the register of one replication, up to the stop of the run.

    Cases that were open at the start are left out: what happened to them before is not simulated.

    Parameters
    ----------
    officers, pools
        Names of the officers and pools, by number.
    prefix
        Begins the number of each case, to tell replications apart.
    """
    return _Recorder(scenario, history, tuple(officers), tuple(pools), prefix).register()


@dataclass(frozen=True, eq=False)
class _Served:
    """The pairs of a step and an item of the register that it serves, by step; P pairs."""

    step: Ints
    """[P] number of the step, an item of the schedule."""
    matter: Ints
    """[P] number of the matter."""
    instance: Ints
    """[P] row of the register's items."""


class _Recorder:
    def __init__(
        self,
        scenario: Scenario,
        history: History,
        officers: tuple[str, ...],
        pools: tuple[str, ...],
        prefix: str,
    ) -> None:
        self.scenario, self.history, self.prefix = scenario, history, prefix
        self.officers, self.pools = officers, pools
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

    def register(self) -> Register:
        items, events = self._items(), self._events()
        begun = np.unique(events["item"].to_numpy())  # the others are still to come
        events["item"] = np.searchsorted(begun, events["item"].to_numpy()).astype(np.int32)
        return Register(
            cases=self._cases(),
            items=items.iloc[begun].reset_index(drop=True),
            events=events,
            specials=self._specials(begun),
            matters=self._matters(),
            stages=self._stages(),
            steps=self._steps(),
            courses=self._courses(),
            as_of=self._instants(np.array([self.schedule.stopped_s]))[0],
        )

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
                [case_type == types[of] and name in node.covers for case_type, name in self.names]
                for node, of in zip(nodes, self.process.case_type, strict=True)
            ],
            np.bool_,
        ).reshape(len(nodes), len(self.names))

    @cached_property
    def served(self) -> _Served:
        """The steps of each item: those of its matter, in its application.

        A case has the matters with a step of their own, and all that a window served if it never
        came further. What follows the decision belongs to the last application of a matter.
        """
        step = np.flatnonzero(
            (self.row_of_case[self.demand.case] >= 0)
            & (self.process.role[self.node] != Role.RESUBMISSION)
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
        return _Served(step, matter, self._instances(case, matter, step))

    def _instances(self, case: Ints, matter: Ints, step: Ints) -> Ints:
        """Return [P] the row of each pair's item; set `instances`."""
        matters, application = len(self.names), self.application[step]
        node = self.node[step]
        goes_on = (self.process.phase[node] != Phase.AFTER) & (
            self.process.owner[node] != Owner.SUPERVISION
        )
        of = case * matters + matter
        last = np.ones(len(self.cases) * max(matters, 1), np.int64)
        np.maximum.at(last, of[goes_on], application[goes_on])
        key = of * 256 + np.where(goes_on, application, last[of])
        known, instance = np.unique(key, return_inverse=True)
        self.instances = known
        return instance.astype(np.int64)

    @cached_property
    def _parts(self) -> tuple[Ints, Ints, Ints]:
        """[n] row of the case, matter and application of each item."""
        assert self.served is not None  # it numbers the items
        of, application = np.divmod(self.instances, 256)
        return of // max(len(self.names), 1), of % max(len(self.names), 1), application

    # --- tables ------------------------------------------------------------------------------

    def _instants(self, t: Ints) -> NDArray[np.datetime64]:
        """Return instants for seconds; NaT for `OPEN`."""
        origin = np.datetime64(self.scenario.period.start, "s")
        at = (origin + t.astype("timedelta64[s]")).astype(INSTANT)
        return np.where(t == OPEN, np.datetime64("NaT", "ms"), at)

    @cached_property
    def numbers(self) -> NDArray[np.object_]:
        """[C'] the numbers of the cases, as an office would file them."""
        return np.array([f"{self.prefix}{case + 1:06d}" for case in self.cases], object)

    def _cases(self) -> pd.DataFrame:
        demand, cases = self.demand, self.cases
        attributes = {
            name: _named(codes[cases], demand.attribute_values[name])
            for name, codes in demand.attributes.items()
        }
        columns: dict[str, Any] = {
            "case": self.numbers,
            "flow": _named(demand.case_type[cases], self.process.case_types),
            "received": self._instants(demand.workload.arrival_s[cases]),
            "ended": self._instants(self._completed()),
        }
        return table("cases", {**columns, **attributes}, len(cases))

    def _completed(self) -> Ints:
        """Return [C'] when the last matter was decided (完全办结), or `OPEN`."""
        decides = (self.marks & np.uint8(Mark.DECISION)) != 0
        has = np.zeros(len(self.demand.case_type), np.bool_)
        has[self.demand.case[decides]] = True
        awaited = decides | ~has[self.demand.case]
        case, end = self.demand.case[awaited], self.schedule.end[awaited]
        last = np.full(len(has), OPEN, np.int64)
        np.maximum.at(last, case, end)
        last[case[end == OPEN]] = OPEN
        return last[self.cases]

    def _items(self) -> pd.DataFrame:
        case, matter, application = self._parts
        again = np.zeros(len(case), np.int64)  # applications of this matter before this one
        same = (case[1:] == case[:-1]) & (matter[1:] == matter[:-1])
        for position in np.flatnonzero(same) + 1:
            again[position] = again[position - 1] + 1
        codes = np.array([name for _, name in self.names], object)
        number = self.numbers[case] + "-" + codes[matter]
        specs = [self.scenario.case_types[kind].matters[name] for kind, name in self.names]
        promised, statutory = (
            np.array([_working_days(spec, key) for spec in specs])[matter]
            if len(specs)
            else np.empty(0)
            for key in ("promised", "statutory")
        )
        channel = self.demand.attributes.get(CHANNEL)
        columns: dict[str, Any] = {
            "item": np.where(again > 0, number + "-" + (again + 1).astype(str).astype(object), number),
            "case": case,
            "matter": _named(matter, [_label(spec, name) for spec, (_, name) in zip(specs, self.names, strict=True)]),
            "matter_code": _named(matter, codes),
            "department": _named(matter, [spec.department for spec in specs]),
            "stage": _named(matter, [spec.stage for spec in specs]),
            "promised_wd": promised,
            "statutory_wd": statutory,
            "state": self._last_states(len(case)),
        }
        if channel is not None:
            values = self.demand.attribute_values[CHANNEL]
            columns["channel"] = _named(channel[self.cases][case], values)
        return table("items", columns, len(case))

    def _last_states(self, items: int) -> NDArray[np.int8]:
        item, state, _, _ = self._changes
        last = np.zeros(items, np.int8)
        last[item] = state  # in order of time: the last one stays
        return last

    def _events(self) -> pd.DataFrame:
        item, state, at, step = self._changes
        officer = self.schedule.officer[step]
        pool = self.demand.workload.pool[step]
        return table(
            "events",
            {
                "item": item,
                "state": state,
                "at": self._instants(at),
                "officer": _named(officer, self.officers or _numbered(officer)),
                "office": _named(pool, self.pools or _numbered(pool)),
            },
            len(item),
        )

    @cached_property
    def _changes(self) -> tuple[Ints, NDArray[np.int8], Ints, Ints]:
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
        items = len(self.instances)

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
        self, at_work: Bools, has: Mapping[Mark, Bools], decides: Bools, any_of: Any
    ) -> list[tuple[Ints, ...]]:
        """Return the events that end an item; each of [P] arrays is of a pair of step and item.

        A matter without a decision, such as a period of publicity, is decided when its last step
        ends. An item that is never decided, since its case ended for another, is withdrawn.
        """
        step, item = self.served.step, self.served.instance
        end, node = self.schedule.end[step], self.node[step]
        role, owner = self.process.role[node], self.process.owner[node]
        failed = np.flatnonzero(has[Mark.FAILURE] & (end != OPEN))
        states = np.array([_FAILED_AT.get(kind, State.WITHDRAWN) for kind in Role])[role[failed]]
        states[owner[failed] == Owner.DEFERRED] = State.LAPSED
        ends = [(item[failed], states, end[failed], step[failed])]
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
            state = np.where(
                deferred[item[rows]], State.PASSED_CONDITIONALLY, State.PASSED
            ) if of is not never else np.full(len(rows), State.WITHDRAWN)
            ends.append((item[rows], state, end[rows], step[rows]))
        return ends

    def _specials(self, begun: Ints) -> pd.DataFrame:
        """Return the special procedures that began; publicity is told by its name."""
        item, state, at, step = self._changes
        here = np.flatnonzero(state == State.SPECIAL)
        nodes, public = self.process.nodes, Owner.PUBLICITY
        names = [
            PUBLICITY if node.owner is public else node.name.rpartition("/")[2] for node in nodes
        ]
        return table(
            "specials",
            {
                "item": np.searchsorted(begun, item[here]),
                "name": _named(self.node[step[here]], names),
                "start": self._instants(at[here]),
            },
            len(here),
        )

    def _matters(self) -> pd.DataFrame:
        rows = [
            {
                "flow": case_type,
                "stage": spec.stage,
                "matter_code": name,
                "matter": _label(spec, name),
                "department": spec.department,
                "promised_wd": _working_days(spec, "promised"),
                "after": " ".join(spec.requires),
                "commitment": spec.commitment is not None and self.scenario.handling.commitment,
            }
            for case_type, name in self.names
            for spec in [self.scenario.case_types[case_type].matters[name]]
        ]
        return table("matters", _columns(rows))

    def _stages(self) -> pd.DataFrame:
        rows = [
            {
                "flow": case_type,
                "stage": name,
                "name": _label(spec, name),
                "limit_wd": _working_days(spec, "budget"),
            }
            for case_type in self.process.case_types
            for name, spec in self.scenario.case_types[case_type].stages.items()
        ]
        return table("stages", _columns(rows))

    # --- what events do not tell -------------------------------------------------------------

    def _steps(self) -> pd.DataFrame:
        """Return a row for each time that somebody had a step in hand, in most cases one a step."""
        demand, schedule, nodes = self.demand, self.schedule, self.process.nodes
        step = np.flatnonzero(self.row_of_case[demand.case] >= 0)
        parts = schedule.parts
        handed_over = np.zeros(len(demand.node), np.bool_)
        handed_over[parts.item] = True
        whole = step[~handed_over[step]]
        again = np.flatnonzero(self.row_of_case[demand.case[parts.item]] >= 0)
        every = np.concatenate([whole, parts.item[again]])
        order = np.argsort(every, kind="stable")
        every = every[order]
        officer = np.concatenate([schedule.officer[whole], parts.officer[again]])[order]
        start = np.concatenate([schedule.start[whole], parts.start[again]])[order]
        until = np.concatenate([schedule.end[whole], parts.end[again]])[order]
        node = demand.node[every]
        first = demand.workload.first_item[demand.case]
        pool = demand.workload.pool[every]
        return table(
            "steps",
            {
                "case": self.row_of_case[demand.case[every]],
                "step": every - first[every],
                "name": _named(node, [one.name for one in nodes]),
                "matters": _named(node, [TOGETHER.join(one.covers) for one in nodes]),
                "application": self.application[every],
                "role": _named(node, [one.role.name.lower() for one in nodes]),
                "owner": _named(node, [one.owner.name.lower() for one in nodes]),
                "phase": _named(node, [one.phase.name.lower() for one in nodes]),
                "department": _named(node, [one.department for one in nodes]),
                "marks": _named(demand.marks[every], marks_texts()),
                "pool": _named(pool, self.pools or _numbered(pool)),
                "officer": _named(officer, self.officers or _numbered(officer)),
                "ready": self._instants(schedule.ready[every]),
                "start": self._instants(start),
                "until": self._instants(until),
                "end": self._instants(schedule.end[every]),
                "after": self._predecessors(first)[every],
            },
            len(every),
        )

    def _predecessors(self, first: Ints) -> NDArray[np.object_]:
        """Return [I] the numbers of the steps that a step followed, in its case."""
        workload = self.demand.workload
        count = np.diff(workload.pred_ptr)
        local = (workload.pred - np.repeat(first, count)).astype(str).tolist()
        bounds = workload.pred_ptr.tolist()
        texts = [" ".join(local[a:b]) for a, b in zip(bounds, bounds[1:], strict=False)]
        return np.array(texts, object)

    def _courses(self) -> pd.DataFrame:
        demand = self.demand
        extended = np.full(len(self.cases), "", object)
        for name, granted in demand.extended.items():
            extended[granted[self.cases]] += f"{name} "
        return table(
            "courses",
            {
                "case": np.arange(len(self.cases)),
                "outcome": _named(demand.outcome[self.cases], [o.name.lower() for o in Outcome]),
                "extended": np.array([text.strip() for text in extended], object),
            },
            len(self.cases),
        )


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


def marks_texts() -> list[str]:
    """Return the words for each combination of marks, by number."""
    return [
        TOGETHER.join(mark.name.lower() for mark in Mark if mark.value & bits and mark.name)
        for bits in range(2 ** len([mark for mark in Mark if mark.value]))
    ]


def _named(codes: Any, names: Sequence[str]) -> Any:
    """Return a column of names; "" for -1. Several numbers may have one name."""
    import pandas as pd

    known = {name: number for number, name in enumerate(dict.fromkeys(["", *names]))}
    of = np.array([*(known[name] for name in names), 0], np.int64)  # -1 is the last: ""
    return pd.Series(pd.Categorical.from_codes(of[np.asarray(codes)], list(known)))


def _numbered(codes: Any) -> list[str]:
    return [str(number) for number in range(int(np.max(codes, initial=-1)) + 1)]


def _label(spec: Any, name: str) -> str:
    """Return the Chinese label, as a register has it; else the name."""
    return str(spec.label.zh or spec.label.en or name)


def _working_days(spec: Any, key: str) -> float:
    """Return a limit in working days; NaN without one, or in another unit."""
    days = getattr(spec, key)
    days = getattr(days, "limit", days)
    return float(days.value) if days is not None and days.unit == "wd" else float("nan")


def _columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return rows as columns."""
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else {})}
