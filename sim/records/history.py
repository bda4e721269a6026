"""What clocks read, made from a register: its cases as if they were one replication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.calendars import IntervalTable, WorkingDays, working_days
from sim.clocks import History
from sim.demand.demand import Demand
from sim.engine.contract import DAY_S, DELAY, NO_LIMIT, OPEN, Parts, Schedule, Supply, Workload
from sim.process.graph import Graph, Mark, Node, Outcome, Owner, Phase, Role
from sim.process.table import Process
from sim.records.definition import Definition, definition_of
from sim.records.from_events import timeline_of_events
from sim.records.from_steps import timeline_of_steps
from sim.records.register import COLUMNS, INSTANT, Register
from sim.records.timeline import Kind, Timeline, seconds
from sim.scenario import ReadError, Scenario, calendar_of, values_of
from sim.translation import noted, tr

COUNTRY: Final = "CN"
"""The calendar of a register without a scenario."""


NO_STATE: Final = noted(
    "no event of the register has a time and a state (接件, 受理, 办结 …): "
    "there is nothing to judge"
)


@dataclass(frozen=True, eq=False)
class Recorded:
    """A register as a history, and how both hang together."""

    history: History
    definition: Definition
    row: Ints
    """[C] the row of the register's cases for each case of the history."""
    origin: dt.date
    """The date of day 0."""
    by_steps: bool
    """It was made from recorded steps; else from events alone."""


def recorded(
    register: Register,
    scenario: Scenario | None = None,
    *,
    window: tuple[dt.date, dt.date] | None = None,
    until: np.datetime64 | None = None,
    steps: bool = True,
) -> Recorded:
    """Return the cases of a register in the form in which clocks, limits and measures read them.

    Parameters
    ----------
    scenario
        Its calendar, case types and matters; default: those of the register, and China's calendar.
    window
        The first and last date of receipt of the cases that are measured; default: all.
    until
        The time to which open cases count, and after which nothing is known; default: the
        register's own.
    steps
        Read the steps of the register, if it has any; else its events alone.

    Raises
    ------
    ReadError
        If the register holds no case with an event, or the scenario none of its matters.
    """
    definition = definition_of(register, scenario)
    until = register.now if until is None else until.astype(INSTANT)
    first = register.first
    if np.isnat(first) or np.isnat(until):
        raise ReadError(tr("the register has no event with a time: there is nothing to judge"))
    origin = first.astype("datetime64[D]")
    stopped_s = int(seconds(np.array([until]), origin.astype(INSTANT))[0])
    if stopped_s < 0:
        raise ReadError(
            tr(
                "nothing was recorded by {until}: the first event is of {origin}",
                until=until.astype("datetime64[D]"),
                origin=origin,
            )
        )
    days = _calendar(
        scenario, origin.astype(dt.date), until.astype("datetime64[D]").astype(dt.date)
    )
    by_steps = steps and len(register.steps) > 0
    second_0 = origin.astype(INSTANT)
    timeline = (
        timeline_of_steps(register, definition, second_0)
        if by_steps
        else timeline_of_events(register, definition, second_0, until)
    )
    if not (timeline.ready != OPEN).any():
        raise ReadError(tr(NO_STATE))
    maker = _Maker(register, scenario, definition, _known_by(timeline, stopped_s), days, stopped_s)
    return Recorded(maker.history(window), definition, maker.order, days.origin, by_steps)


def _calendar(scenario: Scenario | None, first: dt.date, last: dt.date) -> WorkingDays:
    if scenario is not None:
        return calendar_of(scenario, first, last)
    return working_days(COUNTRY, first, last)


def _known_by(timeline: Timeline, stopped_s: int) -> Timeline:
    """Return the timeline as it was known at an instant: what happened later is still to come."""
    from dataclasses import replace

    def known(t: Ints) -> Ints:
        return np.where(t > stopped_s, np.int64(OPEN), t)

    parts = timeline.parts
    taken = np.flatnonzero(parts.start <= stopped_s)
    return replace(
        timeline,
        ready=known(timeline.ready),
        start=known(timeline.start),
        end=known(timeline.end),
        parts=Parts(
            parts.item[taken], parts.officer[taken], parts.start[taken], known(parts.end[taken])
        ),
    )


class _Maker:
    """Numbers cases by receipt, and their steps and kinds of steps as a history has them."""

    def __init__(
        self,
        register: Register,
        scenario: Scenario | None,
        definition: Definition,
        timeline: Timeline,
        days: WorkingDays,
        stopped_s: int,
    ) -> None:
        self.register, self.scenario, self.definition = register, scenario, definition
        self.timeline, self.days, self.stopped_s = timeline, days, stopped_s
        arrival = self._arrivals()
        known = np.flatnonzero(arrival <= stopped_s)
        self.order = known[np.argsort(arrival[known], kind="stable")]
        """[C] rows of the register's cases, by receipt; those without a step are left out."""
        self.arrival = arrival[self.order]
        self.number = np.full(len(arrival), -1, np.int64)
        self.number[self.order] = np.arange(len(self.order))
        case = self.number[timeline.case]
        kept = np.flatnonzero(case >= 0)
        self.steps = kept[np.argsort(case[kept], kind="stable")]
        """[I] the steps of the timeline, by case."""
        self.step_of = np.full(len(timeline), -1, np.int64)
        self.step_of[self.steps] = np.arange(len(self.steps))
        self.case = case[self.steps].astype(np.int32)

    def _arrivals(self) -> Ints:
        """Return [cases] when each case was received; far ahead for one without a step."""
        ready = self.timeline.ready
        begun = np.flatnonzero(ready != OPEN)
        first = np.full(len(self.register.cases), np.iinfo(np.int64).max)
        np.minimum.at(first, self.timeline.case[begun], ready[begun])
        return first

    def history(self, window: tuple[dt.date, dt.date] | None) -> History:
        """Return the history; `window`: dates of receipt of the cases that are measured."""
        process, node = self._process()
        timeline, steps = self.timeline, self.steps
        demand = self._demand(node, window)
        part = self.step_of[timeline.parts.item]
        mine = part >= 0
        schedule = Schedule(
            ready=timeline.ready[steps],
            start=timeline.start[steps],
            end=timeline.end[steps],
            officer=timeline.officer[steps],
            stopped_s=self.stopped_s,
            parts=Parts(
                part[mine],
                timeline.parts.officer[mine],
                timeline.parts.start[mine],
                timeline.parts.end[mine],
            ),
        )
        return History(process, demand, _no_supply(), schedule)

    def _process(self) -> tuple[Process, NDArray[np.int32]]:
        """Return the process with a node for each kind of step, and [I] the node of each step."""
        timeline, definition = self.timeline, self.definition
        kinds = timeline.kinds
        marks = np.zeros(len(kinds), np.uint8)
        np.bitwise_or.at(marks, timeline.kind, timeline.marks)
        place = np.zeros(len(kinds), np.int32)
        graphs: list[Graph] = []
        for number, case_type in enumerate(definition.case_types):
            mine = [kind for kind in range(len(kinds)) if kinds[kind].case_type == number]
            first = sum(len(graph.nodes) for graph in graphs)
            place[mine] = first + np.arange(len(mine))
            nodes = []
            for kind in mine:
                repeat = timeline.repeats.get(kind)
                nodes.append(
                    kinds[kind].node(
                        Mark(int(marks[kind])) | kinds[kind].always_marks,
                        None if repeat is None else int(place[repeat]) - first,
                    )
                )
            covered = {name for kind in mine for name in kinds[kind].matters}
            nodes += [_absent(name) for name in definition.stages[number] if name not in covered]
            graphs.append(
                Graph(
                    case_type, tuple(nodes), definition.stages[number], definition.standards[number]
                )
            )
        return Process(tuple(graphs)), place[timeline.kind[self.steps]]

    def _demand(self, node: NDArray[np.int32], window: tuple[dt.date, dt.date] | None) -> Demand:
        timeline, steps = self.timeline, self.steps
        cases = len(self.order)
        application = timeline.application[steps]
        codes, values = self._attributes()
        first_item = np.searchsorted(self.case, np.arange(cases + 1)).astype(np.int64)
        return Demand(
            workload=self._workload(first_item, self._measured(window)),
            case_type=self.definition.of_case[self.order].astype(np.int32),
            attributes=codes,
            attribute_values=values,
            outcome=self._outcomes(first_item),
            case=self.case,
            node=node,
            marks=timeline.marks[steps],
            cut_off=np.zeros(cases, np.bool_),
            application=np.minimum(application, 255).astype(np.uint8)
            if (application > 1).any()
            else None,
            extended=self._extended(),
        )

    def _measured(self, window: tuple[dt.date, dt.date] | None) -> Bools:
        if window is None:
            return np.ones(len(self.arrival), np.bool_)
        day = self.arrival // DAY_S
        first, last = ((date - self.days.origin).days for date in window)
        return (day >= first) & (day <= last)

    def _workload(self, first_item: Ints, measured: Bools) -> Workload:
        timeline, items = self.timeline, len(self.steps)
        later, earlier = (self.step_of[links] for links in timeline.before)
        mine = (later >= 0) & (earlier >= 0)
        later, earlier = later[mine], earlier[mine]
        order = np.lexsort((earlier, later))
        count = np.bincount(later, minlength=items)
        none = np.zeros(items, np.int64)
        return Workload(
            arrival_s=self.arrival,
            first_item=first_item,
            measured=measured,
            limit_wd=np.full(len(self.arrival), NO_LIMIT, np.int64),
            pool=np.where(timeline.is_work[self.steps], 0, DELAY).astype(np.int32),
            amount=none,
            delay_rule=none.astype(np.int8),
            calendar=none.astype(np.int32),
            priority=none.astype(np.int32),
            counted=none.astype(np.bool_),
            starts_clock=none.astype(np.bool_),
            pred_ptr=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
            pred=earlier[order],
            calendars=IntervalTable.of([]),
            working_days=self.days,
        )

    def _outcomes(self, first_item: Ints) -> NDArray[np.int8]:
        """Return [C] how each case ends: as a simulation knows, else as its items ended."""
        register = self.register
        if len(register.courses):
            column = register.courses["outcome"].cat
            names = [str(text).upper() for text in column.categories]
            of = np.array([*(Outcome.__members__.get(n, Outcome.DONE) for n in names), 0], np.int8)
            outcome = np.zeros(len(register.cases), np.int8)
            outcome[register.courses["case"].to_numpy()] = of[column.codes.to_numpy()]
            return outcome[self.order]
        return _ended_as(self.timeline, self.steps, self.case.astype(np.int64), len(self.order))

    def _extended(self) -> dict[str, Bools]:
        courses = self.register.courses
        texts = courses["extended"]
        granted: dict[str, Bools] = {}
        for name in sorted({name for text in texts.unique() for name in str(text).split()}):
            has = np.zeros(len(self.register.cases), np.bool_)
            has[courses["case"].to_numpy()] = [name in str(text).split() for text in texts]
            granted[name] = has[self.order]
        return granted

    def _attributes(self) -> tuple[Mapping[str, NDArray[np.int32]], Mapping[str, tuple[str, ...]]]:
        """Return attribute → [C] codes, and attribute → values: of the register and scenario."""
        cases = self.register.cases
        codes: dict[str, NDArray[np.int32]] = {}
        values: dict[str, tuple[str, ...]] = {}
        names = [str(name) for name in cases.columns if name not in COLUMNS["cases"]]
        stated = _stated(self.scenario)
        for name in dict.fromkeys([*names, *stated]):
            known = stated.get(name, set())
            if name not in names:
                codes[name] = np.full(len(self.order), -1, np.int32)
                values[name] = tuple(sorted(known))
                continue
            column = cases[name].astype("category").cat
            texts = [str(text) for text in column.categories]
            values[name] = tuple(sorted({*known, *texts} - {""}))
            number = {text: code for code, text in enumerate(values[name])}
            of = np.array([*(number.get(text, -1) for text in texts), -1], np.int32)
            codes[name] = of[column.codes.to_numpy()][self.order]
        return codes, values


def _absent(matter: str) -> Node:
    """Return the node of a matter that no recorded case came to."""
    kind = Kind(0, f"{matter}/decision", (matter,), Role.DECISION, Owner.AUTHORITY, Phase.RUNNING)
    return kind.node(Mark.NONE)


def _ended_as(timeline: Timeline, steps: Ints, case: Ints, cases: int) -> NDArray[np.int8]:
    """Return [C] the outcome of each case: of its items that ended without success for good.

    Of several, the first counts. An item that was handed in again did not end for good.
    """
    numbers = {
        matters: n for n, matters in enumerate(dict.fromkeys(k.matters for k in timeline.kinds))
    }
    matters = np.array([numbers[kind.matters] for kind in timeline.kinds], np.int64)
    of = case * np.int64(max(len(numbers), 1)) + matters[timeline.kind[steps]]
    last = np.zeros(cases * max(len(numbers), 1), np.int64)
    application = timeline.application[steps]
    np.maximum.at(last, of, application)
    failed = (timeline.marks[steps] & np.uint8(Mark.FAILURE)) != 0
    final = np.flatnonzero(failed & (timeline.end[steps] != OPEN) & (application == last[of]))
    final = final[np.argsort(-timeline.end[steps[final]], kind="stable")]
    outcome = np.full(cases, Outcome.DONE, np.int8)
    names = np.array([kind.failed_as for kind in timeline.kinds], np.int8)
    outcome[case[final]] = names[timeline.kind[steps[final]]]  # the first to end is written last
    return outcome


def _stated(scenario: Scenario | None) -> dict[str, set[str]]:
    """Return attribute → values that a scenario knows."""
    if scenario is None:
        return {}
    names = {name for spec in scenario.case_types.values() for name in spec.attributes}
    return {name: set(values_of(scenario, name)) for name in sorted(names)}


def _no_supply() -> Supply:
    """Return a supply without officers: a register does not say who was on duty."""
    none, empty = np.zeros(0, np.int64), IntervalTable.of([])
    return Supply(
        rule=none.astype(np.int8),
        escalate_wd=none,
        pool_ptr=np.zeros(1, np.int64),
        pool_of=none.astype(np.int32),
        calendar=none.astype(np.int32),
        planned_calendar=none.astype(np.int32),
        speed_num=none,
        speed_den=none,
        finishes_in_hand=none.astype(np.bool_),
        hands_over=none.astype(np.bool_),
        rework_ppm=none,
        duty=empty,
        planned=empty,
    )
