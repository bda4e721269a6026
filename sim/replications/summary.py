"""What is kept of a replication: counts and sums, small enough for thousands of replications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand import Streams
from sim.engine import OPEN
from sim.engine.contract import NO_OFFICER
from sim.engine.grouped import over_items
from sim.measures.checks import STATES, Check, case_states, run_checks
from sim.measures.days import Charge, DaysUsed, blame, by_department, by_matter, days_used
from sim.measures.duty import WorkTimes
from sim.measures.limits import LimitReading, Promise, Standing, Tally, promises, read_limit
from sim.measures.periods import by_period
from sim.measures.pools import PoolActivity, PoolMeasures
from sim.measures.pools_over_time import PoolsOverTime, measure_over_time
from sim.replications.model import Model, Replication

DAYS_WITHOUT_LIMIT = 10**9
"""A case type without a limit is read against one that no case can miss."""


@dataclass(frozen=True, eq=False)
class CaseTypeSummary:
    """The measured cases of one case type in one replication."""

    states: Mapping[str, int]
    """What became of them → number of cases."""
    sojourn_s: NDArray[np.int64]
    """[cases that ended] seconds from submission to the last end."""
    staff_s: int
    """Seconds that officers gave to these cases, up to the end of the run. Of an officer with only
    a part of the time for this work, that part of what an item took."""


@dataclass(frozen=True, eq=False)
class Summary:
    """One replication, reduced."""

    number: int
    tallies: Mapping[str, Mapping[str, Tally]]
    """Limit (or case type without one) → clock → counts."""
    groups: Mapping[str, Mapping[str, tuple[Tally, ...]]]
    """Limit → attribute → counts on the clock that decides, one for each value."""
    periods: Mapping[str, tuple[Tally, ...]]
    """Limit → counts on the clock that decides, one for each of `Model.periods`: of the cases
    submitted in it. See `by_period`."""
    case_types: Mapping[str, CaseTypeSummary]
    pools: PoolMeasures
    pools_over_time: PoolsOverTime
    used: Mapping[tuple[str, str], DaysUsed]
    """(kind of account, case type) → what used up the days of all measured cases."""
    blamed: Mapping[tuple[str, str], DaysUsed]
    """(kind of account, limit) → what used up the days of late cases, on the critical branch."""
    checks: tuple[Check, ...]
    cut_off: int
    """Cases with a number of correction rounds cut off at its cap."""
    left_out: int
    """Recorded or listed arrivals outside the simulated dates; the same in every replication."""


def readings(model: Model) -> tuple[Promise, ...]:
    """Return every limit, and a reading without a limit for case types that have none."""
    limits = promises(model.scenario)
    limited = {promise.case_type for promise in limits}
    return limits + tuple(
        Promise(name, name, None, "gross_span", DAYS_WITHOUT_LIMIT, 0.95, 0.95)
        for name in model.process.case_types
        if name not in limited
    )


def read_limits(model: Model, replication: Replication) -> tuple[LimitReading, ...]:
    """Read every limit in one replication."""
    handling = model.scenario.handling
    return tuple(
        read_limit(
            promise,
            model.process,
            replication.demand,
            replication.schedule,
            count_start_day=model.scenario.calendar.count_start_day,
            deemed_acceptance=handling.deemed_acceptance,
            extension_draw=_extension_draw(promise, replication),
        )
        for promise in readings(model)
    )


def _extension_draw(promise: Promise, replication: Replication) -> NDArray[np.float64] | None:
    """Draw which cases are granted an extension, from a stream named after the limit."""
    if promise.extension_share == 0:
        return None
    streams = Streams(replication.seed, replication.number)
    return streams(f"limit/{promise.name}/extension").random(len(replication.demand.case_type))


def summarise_replication(
    model: Model, replication: Replication, limits: tuple[LimitReading, ...]
) -> Summary:
    """Reduce one replication to what the results need."""
    demand, schedule = replication.demand, replication.schedule
    measured = {
        name: demand.workload.measured & (demand.case_type == number)
        for number, name in enumerate(model.process.case_types)
    }
    used = {
        name: days_used(model.process, demand, schedule, of_case)
        for name, of_case in measured.items()
    }
    blamed = {
        limit.promise.name: blame(
            model.process,
            demand,
            schedule,
            limit.readings.case,
            limit.readings.clocks[limit.promise.clock],
            _late(replication, limit),
        )
        for limit in limits
    }
    pools = PoolActivity.of(demand.workload, replication.supply, schedule, *model.window_s)
    return Summary(
        number=replication.number,
        tallies={limit.promise.name: dict(limit.tallies) for limit in limits},
        groups={limit.promise.name: dict(limit.groups) for limit in limits},
        periods={
            limit.promise.name: by_period(limit, demand, model.period_edges_s)
            for limit in limits
            if limit.promise.days != DAYS_WITHOUT_LIMIT
        },
        case_types=_case_types(model, replication, measured),
        pools=pools.measures(),
        pools_over_time=measure_over_time(pools, model.period_edges_s),
        used=_by_account(model, used),
        blamed=_by_account(model, blamed),
        checks=run_checks(
            demand,
            replication.supply,
            schedule,
            model.horizon_s,
            [limit.readings for limit in limits],
        ),
        cut_off=demand.cut_off,
        left_out=demand.left_out,
    )


def _late(replication: Replication, limit: LimitReading) -> NDArray[np.bool_]:
    measured = replication.demand.workload.measured[limit.readings.case]
    late: NDArray[np.bool_] = measured & (limit.standing[limit.promise.clock] == Standing.LATE)
    return late


def _by_account(model: Model, charges: Mapping[str, Charge]) -> dict[tuple[str, str], DaysUsed]:
    groupings = {"matter": by_matter(model.process), "department": by_department(model.process)}
    return {
        (kind, name): charge.by(grouping)
        for kind, grouping in groupings.items()
        for name, charge in charges.items()
    }


def _case_types(
    model: Model, replication: Replication, measured: Mapping[str, NDArray[np.bool_]]
) -> dict[str, CaseTypeSummary]:
    demand, schedule = replication.demand, replication.schedule
    state = case_states(demand, schedule)
    last_end = over_items(np.maximum, schedule.end, demand.workload.first_item, 0)
    ended = (state < STATES.index("open")) & (last_end != OPEN)
    sojourn = np.maximum(last_end - demand.submitted_s, 0)
    staff_s = _staff_s(model, replication)
    found = {}
    for name, of_case in measured.items():
        count = np.bincount(state[of_case], minlength=len(STATES))
        states = {each: int(n) for each, n in zip(STATES, count, strict=True) if n}
        given_s = round(float(staff_s[of_case].sum()))
        found[name] = CaseTypeSummary(states, sojourn[of_case & ended], given_s)
    return found


def _staff_s(model: Model, replication: Replication) -> NDArray[np.float64]:
    """Return [C] the seconds of staff time of each measured case, 0 for the others."""
    demand, schedule = replication.demand, replication.schedule
    in_hand = schedule.officer != NO_OFFICER
    items = np.flatnonzero(in_hand & demand.workload.measured[demand.case])
    worked_s = WorkTimes.of(replication.supply, schedule, items).seconds
    given_s = worked_s * model.supply.shares[schedule.officer[items]]
    per_case = np.bincount(demand.case[items], given_s, len(demand.case_type))
    return per_case.astype(np.float64)
