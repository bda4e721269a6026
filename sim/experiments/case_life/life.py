"""The life of one case: its steps in time, and when the clocks that decide ran."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from sim.clocks import CLOCKS, running_intervals
from sim.engine.contract import OPEN
from sim.experiments.case_life.events import CaseEvent, case_events
from sim.measures.limits import LimitReading, Promise, Standing
from sim.process import Mark, Owner
from sim.replications.model import Model, Replication
from sim.replications.summary import DAYS_WITHOUT_LIMIT, read_limits
from sim.results.finding import Displayed
from sim.results.run import Result
from sim.scenario import Problem, Scenario, ScenarioError, nearest, shorten

Choice: TypeAlias = Literal["named", "late", "on_time", "first"]
"""Why this case: it was asked for; its clock is nearest to the median of the late cases; no case
was late, and its clock is nearest to the median of all that ended; or none was judged, and it is
the first that was measured."""


@dataclass(frozen=True)
class StepLife:
    """One step of a case; instants in seconds from the first simulated midnight."""

    name: str
    """As in the course of the case: ``matter/role``."""
    matters: tuple[str, ...]
    """Whom it serves; () = none."""
    owner: Owner
    marks: Mark
    pool: str | None
    """None is a delay."""
    officer: str | None
    """Who had it in hand."""
    ready_s: int
    start_s: int
    """`OPEN` before work began."""
    end_s: int
    """`OPEN` while it lasts."""


@dataclass(frozen=True)
class ClockLife:
    """The clock of one limit that decides, for one case."""

    promise: Promise
    standing: Standing
    value: int
    """Days on the clock; of an open case so far."""
    days: Mapping[str, int]
    """The same on each clock, by its name."""
    start_s: int
    """`OPEN` if it never started; 0 if that was before the first simulated day."""
    stop_s: int
    """`OPEN` if it has not stopped."""
    running: tuple[tuple[int, int], ...]
    """Begin and end of the intervals on which it ran; between them it was suspended."""

    @property
    def unit(self) -> Literal["wd", "cd"]:
        """Working days, or calendar days."""
        return CLOCKS[self.promise.clock].unit


@dataclass(frozen=True, eq=False, repr=False)
class CaseLife(Displayed):
    """One case of one replication."""

    model: Model
    seed: int
    replication: int
    case: int
    """Its number in the replication."""
    name: str | None
    """Its name in the backlog, if it was open at the start."""
    case_type: str
    attributes: Mapping[str, str]
    choice: Choice
    steps: tuple[StepLife, ...]
    """Those that became ready, by that instant."""
    clocks: tuple[ClockLife, ...]
    """Of every limit with a step of this case in scope."""
    stopped_s: int
    """The instant after which nothing was simulated."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.model.scenario

    @property
    def first_s(self) -> int:
        """When the case came in, or the run began."""
        return min((step.ready_s for step in self.steps), default=0)

    @property
    def last_s(self) -> int:
        """When the last step ended, or the run stopped."""
        ends = [self.stopped_s if step.end_s == OPEN else step.end_s for step in self.steps]
        return max(ends, default=self.first_s)

    @cached_property
    def events(self) -> tuple[CaseEvent, ...]:
        """Every event of the case; the replication is simulated again."""
        return case_events(self.model, self.seed, self.replication, self.case)

    def instant(self, t: int) -> dt.datetime:
        """Return the local date and time of an instant."""
        midnight = dt.datetime.combine(self.scenario.period.start, dt.time())
        return midnight + dt.timedelta(seconds=t)


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
        A scenario; or the result of a run, whose first replication it is.
    case
        Its name in the backlog, or its number. Default: of the late cases that one whose clock is
        nearest to their median, of equal ones the first: what is usual of a late case, not the
        worst. Where none is late, the same of all cases that ended.
    limit
        Whose late cases to look at; default: the first limit that has any.
    seed
        Default: the scenario's own, or that of the run.

    Raises
    ------
    ScenarioError
        If there is no such case.
    ValueError
        If there is no such limit.
    """
    if isinstance(of, Result):
        model, used, number = of.model, of.seed, of.summaries[0].number
    else:
        model, used, number = Model(of), of.run.seed, 0
    if limit is not None and limit not in model.scenario.limits:
        known = ", ".join(model.scenario.limits) or "none"
        raise ValueError(f"no limit '{limit}'; there are: {known}")
    replication = model.replicate(used if seed is None else seed, number)
    readings = _limit_readings(model, replication)
    if case is None:
        wanted = [each for each in readings if limit in (None, each.promise.name)]
        chosen, choice = typical_case(replication, wanted)
    else:
        chosen, choice = chosen_case(replication, str(case)), "named"
    return _life(model, replication, readings, chosen, choice)


def traced_case(scenario: Scenario, case: str | None = None, seed: int | None = None) -> CaseLife:
    """Simulate the first replication, and return the life of one of its cases.

    Parameters
    ----------
    case
        Its name in the backlog, or its number; default: the first measured case.
    seed
        Default: the scenario's own.

    Raises
    ------
    ScenarioError
        If there is no such case.
    """
    model = Model(scenario)
    replication = model.replicate(scenario.run.seed if seed is None else seed, 0)
    choice: Choice = "first" if case is None else "named"
    readings = _limit_readings(model, replication)
    return _life(model, replication, readings, chosen_case(replication, case), choice)


def _limit_readings(model: Model, replication: Replication) -> tuple[LimitReading, ...]:
    """Return the readings of every limit."""
    return tuple(
        reading
        for reading in read_limits(model, replication)
        if reading.promise.days != DAYS_WITHOUT_LIMIT
    )


def typical_case(replication: Replication, readings: list[LimitReading]) -> tuple[int, Choice]:
    """Return the case nearest to the median of the late ones, else of all that ended."""
    wanted: tuple[tuple[Choice, tuple[Standing, ...]], ...] = (
        ("late", (Standing.LATE,)),
        ("on_time", (Standing.ON_TIME,)),
    )
    for choice, standings in wanted:
        for each in readings:
            at = each.readings
            found = np.isin(each.standing[each.promise.clock], standings)
            found &= replication.demand.workload.measured[at.case]
            if found.any():
                days = at.clocks[each.promise.clock].value[found]
                return int(at.case[found][np.argmin(abs(days - np.median(days)))]), choice
    return chosen_case(replication, None), "first"


def chosen_case(replication: Replication, case: str | None) -> int:
    """Return the number of a case: by its name in the backlog, or number; or the first measured.

    Raises
    ------
    ScenarioError
        If there is no such case.
    """
    arrived = replication.demand.workload.arrival_s <= replication.schedule.stopped_s
    measured = np.flatnonzero(replication.demand.workload.measured & arrived)
    if case is None:
        if not len(measured):
            raise ScenarioError([Problem("no case arrives in the window", "--trace")])
        return int(measured[0])
    known = {name: number for number, name in backlog_names(replication).items()}
    if case in known:
        return known[case]
    if not (case.isdecimal() and int(case) < int(arrived.sum())):
        rule = f"no such case; the cases of this run are 0 to {int(arrived.sum()) - 1}"
        rule += nearest(case, known) if known else ""
        raise ScenarioError([Problem(rule, "--case", None, "", shorten(case))])
    return int(case)


def backlog_names(replication: Replication) -> dict[int, str]:
    """Return case number → name of the cases that were open at the start."""
    return {
        int(number): name
        for carried in replication.demand.backlog.values()
        for number, name in zip(carried.case, carried.name, strict=True)
    }


def attributes_of(replication: Replication, case: int) -> dict[str, str]:
    """Return the values of a case's attributes, by name."""
    demand = replication.demand
    return {
        name: demand.attribute_values[name][int(codes[case])]
        for name, codes in demand.attributes.items()
        if codes[case] >= 0
    }


def _life(
    model: Model,
    replication: Replication,
    readings: tuple[LimitReading, ...],
    case: int,
    choice: Choice,
) -> CaseLife:
    return CaseLife(
        model=model,
        seed=replication.seed,
        replication=replication.number,
        case=case,
        name=backlog_names(replication).get(case),
        case_type=model.process.case_types[int(replication.demand.case_type[case])],
        attributes=attributes_of(replication, case),
        choice=choice,
        steps=_steps(model, replication, case),
        clocks=tuple(
            clock
            for each in readings
            if (clock := _clock(model, replication, each, case)) is not None
        ),
        stopped_s=replication.schedule.stopped_s,
    )


def _steps(model: Model, replication: Replication, case: int) -> tuple[StepLife, ...]:
    demand, schedule = replication.demand, replication.schedule
    first, last = demand.workload.first_item[[case, case + 1]].tolist()
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
            )
        )
    return tuple(sorted(steps, key=lambda step: step.ready_s))


def _clock(
    model: Model, replication: Replication, limit: LimitReading, case: int
) -> ClockLife | None:
    at = np.flatnonzero((limit.readings.case == case) & limit.readings.in_scope)
    if not len(at):
        return None
    promise, place = limit.promise, int(at[0])
    reading = limit.readings.clocks[promise.clock]
    cases, begin, end = running_intervals(
        model.process,
        replication.demand,
        replication.schedule,
        promise.case_type,
        promise.matters,
        promise.clock,
        deemed_acceptance=model.scenario.handling.deemed_acceptance,
    )
    mine = cases == case
    return ClockLife(
        promise=promise,
        standing=Standing(int(limit.standing[promise.clock][place])),
        value=int(reading.value[place]),
        days={name: int(limit.readings.clocks[name].value[place]) for name in CLOCKS},
        start_s=int(reading.start_s[place]),
        stop_s=int(reading.stop_s[place]),
        running=tuple(zip(begin[mine].tolist(), end[mine].tolist(), strict=True)),
    )
