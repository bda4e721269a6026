"""The life of one case: its steps in time, and when the clocks that decide ran."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, TypeAlias

import numpy as np

from sim.clocks import Counting, History, running_intervals
from sim.engine.contract import DAY_S, DELAY, NO_OFFICER, OPEN
from sim.engine.delays import Tacit
from sim.engine.observer import EventKind
from sim.engine.parts import waits_again
from sim.experiments.run import planned_runs
from sim.limits import ResolvedLimit
from sim.measures.limits import LimitReading, Standing
from sim.process.graph import Mark, Owner
from sim.replications.model import Model
from sim.replications.readings import read_limits
from sim.results.finding import Displayed
from sim.results.run import Result
from sim.scenario import ClockUnit, Problem, Scenario, ScenarioError, nearest, shorten
from sim.scenario.calls import checked_call
from sim.translation import tr

Choice: TypeAlias = Literal["named", "late", "on_time", "first"]
"""Why the case was chosen: `named` by the caller; nearest to the median of the `late` cases; no
case was late, and it is nearest to the median of the cases `on_time`; or no case was judged, and it
is the `first` measured one."""


@dataclass(frozen=True)
class StepLife:
    """One step of a case; instants in seconds from the first simulated midnight."""

    name: str
    """Name in the course of the case: ``matter/role``."""
    matters: tuple[str, ...]
    """Matters that the step serves; () if none."""
    owner: Owner
    marks: Mark
    pool: str | None
    """Pool that does the step; None for a delay."""
    officer: str | None
    """Officer who had it in hand, the last one if it was handed over; None for a delay, or if work
    has not begun."""
    ready_s: int
    start_s: int
    """`OPEN` if work has not begun."""
    end_s: int
    """`OPEN` if it has not ended."""
    waits_again: tuple[tuple[int, int], ...] = ()
    """Begin and end of each wait between officers, after a hand-over."""


@dataclass(frozen=True)
class ClockLife:
    """The clock of one limit that decides, for one case."""

    limit: ResolvedLimit
    standing: Standing
    value: float
    """Days (or hours) on the clock; for an open case, those so far."""
    days: Mapping[str, float]
    """Clock → days (or hours) on it; for an open case, those so far."""
    units: Mapping[str, ClockUnit]
    """Clock → the unit of these days."""
    start_s: int
    """`OPEN` if the clock never started; 0 if it started before the first simulated day."""
    stop_s: int
    """`OPEN` if the clock has not stopped."""
    running: tuple[tuple[int, int], ...]
    """Begin and end of the intervals on which the clock ran; between them it was suspended."""

    @property
    def unit(self) -> ClockUnit:
        """Working days, calendar days, or hours."""
        return self.limit.unit


@dataclass(frozen=True, eq=False, repr=False)
class CaseLife(Displayed):
    """One case of one replication."""

    model: Model
    seed: int
    replication: int
    case: int
    """Number of the case in the replication."""
    name: str | None
    """Name of the case in the backlog, if it was open at the start."""
    case_type: str
    attributes: Mapping[str, str]
    choice: Choice
    steps: tuple[StepLife, ...]
    """The steps that became ready, by that instant."""
    clocks: tuple[ClockLife, ...]
    """The deciding clock of every limit with a step of this case in scope."""
    stopped_s: int
    """The instant at which the simulation stopped."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.model.scenario

    @property
    def first_s(self) -> int:
        """The instant at which the case arrived, or the run began."""
        return min((step.ready_s for step in self.steps), default=0)

    @property
    def last_s(self) -> int:
        """The instant at which the last step ended, or the run stopped."""
        ends = [self.stopped_s if step.end_s == OPEN else step.end_s for step in self.steps]
        return max(ends, default=self.first_s)

    @cached_property
    def events(self) -> tuple[CaseEvent, ...]:
        """Every event of the case, from a second simulation of the replication."""
        return case_events(self.model, self.seed, self.replication, self.case)

    def instant(self, t: int) -> dt.datetime:
        """Return the local date and time of an instant."""
        midnight = dt.datetime.combine(self.scenario.period.start, dt.time())
        return midnight + dt.timedelta(seconds=t)


@checked_call
def case_life(
    of: Scenario | Result,
    case: str | int | None = None,
    *,
    limit: str | None = None,
    seed: int | None = None,
) -> CaseLife:
    """Simulate the first replication again, and return the life of one of its cases.

    Parameters
    ----------
    of
        A scenario, or the result of a run: its first replication is simulated.
    case
        Name of the case in the backlog, or its number. Default: a usual late case, the first whose
        clock is nearest to the median of the late cases; if none is late, to that of the cases that
        ended.
    limit
        The limit whose late cases count; default: the first that has any.
    seed
        Seed of the replication; default: that of the scenario or run.

    Raises
    ------
    ScenarioError
        If there is no such case.
    ValueError
        If there is no such limit.
    """
    if isinstance(of, Result):
        model, own, number = of.model, of.seed, of.summaries[0].number
    else:
        model, own, number = Model(of), of.run.seed, 0
    if limit is not None and limit not in model.scenario.limits:
        known = ", ".join(model.scenario.limits) or "none"
        raise ValueError(tr("no limit '{limit}'; there are: {known}", limit=limit, known=known))
    used = own if seed is None else seed
    history = model.replicate(used, number)
    readings = read_limits(model.scenario, history)
    if case is None:
        wanted = [reading for reading in readings if limit in (None, reading.name)]
        chosen, choice = typical_case(history, wanted)
    else:
        chosen, choice = chosen_case(history, str(case)), "named"
    return _life(model, used, number, history, readings, chosen, choice)


def traced_case(scenario: Scenario, case: str | None = None, seed: int | None = None) -> CaseLife:
    """Simulate the first replication, and return the life of one of its cases.

    `case` is its name in the backlog, or its number; default: the first measured case. Raises
    `ScenarioError` if there is no such case.
    """
    model, (_, seed) = Model(scenario), planned_runs(scenario, None, seed)
    history = model.replicate(seed, 0)
    choice: Choice = "first" if case is None else "named"
    readings = read_limits(model.scenario, history)
    return _life(model, seed, 0, history, readings, chosen_case(history, case), choice)


def typical_case(history: History, readings: Sequence[LimitReading]) -> tuple[int, Choice]:
    """Return the case nearest to the median of the late ones, else of all that ended."""
    wanted: dict[Choice, Standing] = {"late": Standing.LATE, "on_time": Standing.ON_TIME}
    for choice, standing in wanted.items():
        for limit_reading in readings:
            clock_readings = limit_reading.readings
            chosen = limit_reading.standing[limit_reading.clock] == standing
            chosen &= history.demand.workload.measured[clock_readings.case]
            if chosen.any():
                days = clock_readings.clocks[limit_reading.clock].value[chosen]
                middle = np.argmin(abs(days - np.median(days)))
                return int(clock_readings.case[chosen][middle]), choice
    return chosen_case(history, None), "first"


def chosen_case(history: History, case: str | None) -> int:
    """Return the number of a case.

    `case` is its name in the backlog, or its number; None: the first measured case. Raises
    `ScenarioError` if it does not exist.
    """
    arrived = history.demand.workload.arrival_s <= history.schedule.stopped_s
    measured = np.flatnonzero(history.demand.workload.measured & arrived)
    if case is None:
        if not len(measured):
            raise ScenarioError([Problem(tr("no case arrives in the window"), "--trace")])
        return int(measured[0])
    known = {name: number for number, name in backlog_names(history).items()}
    if case in known:
        return known[case]
    if not (case.isdecimal() and int(case) < int(arrived.sum())):
        rule = tr(
            "no such case; the cases of this run are 0 to {arrived}", arrived=int(arrived.sum()) - 1
        )
        rule += nearest(case, known) if known else ""
        raise ScenarioError([Problem(rule, "--case", None, "", shorten(case))])
    return int(case)


def backlog_names(history: History) -> dict[int, str]:
    """Return case number → name of the cases that were open at the start."""
    return {
        int(number): name
        for carried in history.demand.backlog.values()
        for number, name in zip(carried.case, carried.name, strict=True)
    }


def attributes_of(history: History, case: int) -> dict[str, str]:
    """Return the values of a case's attributes, by name."""
    demand = history.demand
    return {
        name: demand.attribute_values[name][int(codes[case])]
        for name, codes in demand.attributes.items()
        if codes[case] >= 0
    }


def _life(
    model: Model,
    seed: int,
    replication: int,
    history: History,
    readings: Sequence[LimitReading],
    case: int,
    choice: Choice,
) -> CaseLife:
    clocks = (_clock(model, history, reading, case) for reading in readings)
    return CaseLife(
        model=model,
        seed=seed,
        replication=replication,
        case=case,
        name=backlog_names(history).get(case),
        case_type=model.process.case_types[int(history.demand.case_type[case])],
        attributes=attributes_of(history, case),
        choice=choice,
        steps=_steps(model, history, case),
        clocks=tuple(clock for clock in clocks if clock is not None),
        stopped_s=history.schedule.stopped_s,
    )


def _steps(model: Model, history: History, case: int) -> tuple[StepLife, ...]:
    demand, schedule = history.demand, history.schedule
    first, last = demand.workload.first_item[[case, case + 1]].tolist()
    again = waits_again(schedule)
    steps = []
    for item in range(first, last):
        if schedule.ready[item] == OPEN:
            continue
        node = model.process.nodes[int(demand.node[item])]
        pool, officer = int(demand.workload.pool[item]), int(schedule.officer[item])
        steps.append(
            StepLife(
                name=node.name,
                matters=node.covers,
                owner=node.owner,
                marks=Mark(int(demand.marks[item])),
                pool=model.pools.names[pool] if pool >= 0 else None,
                officer=model.supply.officers[officer].name if officer >= 0 else None,
                ready_s=int(schedule.ready[item]),
                start_s=int(schedule.start[item]),
                end_s=int(schedule.end[item]),
                waits_again=tuple(
                    zip(
                        again.begin[again.item == item].tolist(),
                        again.end[again.item == item].tolist(),
                        strict=True,
                    )
                ),
            )
        )
    return tuple(sorted(steps, key=lambda step: step.ready_s))


def _clock(model: Model, history: History, reading: LimitReading, case: int) -> ClockLife | None:
    at = np.flatnonzero((reading.readings.case == case) & reading.readings.in_scope)
    if not len(at):
        return None
    limit, place = reading.limit, int(at[0])
    clock = reading.readings.clocks[limit.clock]
    cases, begin, end = running_intervals(
        history, limit.scope, limit.rule, Counting.of(model.scenario, history)
    )
    mine = cases == case
    return ClockLife(
        limit=limit,
        standing=Standing(int(reading.standing[limit.clock][place])),
        value=clock.shown[place].item(),
        days={name: read.shown[place].item() for name, read in reading.readings.clocks.items()},
        units={name: read.rule.unit for name, read in reading.readings.clocks.items()},
        start_s=int(clock.start_s[place]),
        stop_s=int(clock.stop_s[place]),
        running=tuple(zip(begin[mine].tolist(), end[mine].tolist(), strict=True)),
    )


EventName: TypeAlias = Literal[
    "arrival",
    "ready",
    "start",
    "hand_over",
    "end",
    "acceptance",
    "decision",
    "delivery",
    "silence",
]
"""Kind of an event. The last four are ends of steps: the case was accepted, decided or delivered,
or the silence of an authority counted as its consent. After a hand-over, a step starts again."""

_KINDS: Final[dict[EventKind, EventName]] = {
    EventKind.ARRIVAL: "arrival",
    EventKind.READY: "ready",
    EventKind.START: "start",
    EventKind.HAND_OVER: "hand_over",
    EventKind.END: "end",
}
_ENDS: Final[dict[Mark, EventName]] = {
    Mark.ACCEPTANCE: "acceptance",
    Mark.DECISION: "decision",
    Mark.DELIVERY: "delivery",
}


@dataclass(frozen=True)
class CaseEvent:
    """One event of a case."""

    t: int
    """Seconds from the first simulated midnight."""
    name: EventName
    working_day: int
    """Working days since the day of arrival."""
    step: str | None
    """Name of the step; None: the event is of the whole case."""
    pool: str | None
    """Pool that does the step; None for a delay."""
    officer: str | None
    """Officer who has the step in hand."""


@dataclass
class _EventLog:
    """An observer that remembers the events of one case."""

    of: int
    events: list[tuple[int, EventKind, int, int]] = field(default_factory=list)

    def event(self, t: int, kind: EventKind, case: int, item: int, officer: int) -> None:
        if case == self.of:
            self.events.append((t, kind, item, officer))


def case_events(model: Model, seed: int, replication: int, case: int) -> tuple[CaseEvent, ...]:
    """Simulate a replication again and return the events of one case.

    A wait of no time is left out, and so is the start of a step that nobody works on because
    silence ends it.
    """
    log = _EventLog(case)
    run = model.replicate(seed, replication, log)
    arrival_day = int(run.demand.workload.arrival_s[case]) // DAY_S
    return tuple(
        CaseEvent(
            t=t,
            name=_name(run, kind, item, t),
            working_day=run.demand.workload.working_days.count(arrival_day, t // DAY_S),
            step=model.process.nodes[int(run.demand.node[item])].name if item >= 0 else None,
            pool=_pool(model, run, item),
            officer=model.supply.officers[officer].name if officer >= 0 else None,
        )
        for t, kind, item, officer in log.events
        if not _is_empty(run, kind, item, officer, t)
    )


def _is_empty(run: History, kind: EventKind, item: int, officer: int, t: int) -> bool:
    if kind is EventKind.READY:
        return int(run.schedule.start[item]) == t
    is_work = item >= 0 and int(run.demand.workload.pool[item]) != DELAY
    return kind is EventKind.START and is_work and officer == NO_OFFICER


def _name(run: History, kind: EventKind, item: int, t: int) -> EventName:
    if kind is not EventKind.END:
        return _KINDS[kind]
    if t == _silence_s(run, item):
        return "silence"
    marks = Mark(int(run.demand.marks[item]))
    return next((name for mark, name in _ENDS.items() if mark in marks), "end")


def _silence_s(run: History, item: int) -> int | None:
    """Return the instant at which silence about an item counts as consent, if it can.

    Work that ends in the same second counts as silence: the consequences are the same.
    """
    workload = run.demand.workload
    if workload.tacit_wd is None or int(workload.pool[item]) == DELAY:
        return None
    return Tacit(workload).lapse(item, int(run.schedule.ready[item]))


def _pool(model: Model, run: History, item: int) -> str | None:
    pool = int(run.demand.workload.pool[item]) if item >= 0 else DELAY
    return model.pools.names[pool] if pool >= 0 else None
