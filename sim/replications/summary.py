"""The summary of a replication: counts and sums, small enough to keep thousands of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, over_items
from sim.clocks import Counting, History
from sim.engine.contract import DAY_S, OPEN
from sim.measures.checks import STATES, Check, case_states, run_checks
from sim.measures.days import Charge, DaysUsed, blame, by_department, by_matter, days_used
from sim.measures.duty import WorkTimes
from sim.measures.limits import LimitReading, ScopeReading, Standing, Tally, read_limit
from sim.measures.own_limits import OwnStandings, OwnTallies, tally_own_limits
from sim.measures.periods import by_period
from sim.measures.pools import PoolActivity, PoolMeasures
from sim.measures.pools_over_time import PoolsOverTime, measure_over_time
from sim.measures.resubmissions import (
    Resubmissions,
    Resubmitted,
    can_be_handed_in_again,
    other_rule,
    resubmitted,
)
from sim.replications.model import Model


@dataclass(frozen=True, eq=False)
class CaseTypeSummary:
    """The measured cases of one case type in one replication."""

    states: Mapping[str, int]
    """State, such as `refused` → number of cases."""
    sojourn_s: NDArray[np.int64]
    """[cases that ended] seconds from submission to the last end."""
    staff_s: int
    """Seconds that officers gave to these cases, up to the end of the run. The work of an officer
    with only a part of the time for it counts in that part."""


@dataclass(frozen=True, eq=False)
class Summary:
    """One replication, reduced to counts and sums."""

    number: int
    tallies: Mapping[str, Mapping[str, Tally]]
    """Limit (or case type without one) → clock → counts."""
    groups: Mapping[str, Mapping[str, tuple[Tally, ...]]]
    """Limit → attribute → counts on the clock that decides, one for each value."""
    periods: Mapping[str, tuple[Tally, ...]]
    """Limit → counts on the clock that decides, one for the cases submitted in each of
    `Model.periods`; see `by_period`."""
    own_limits: Mapping[str, Tally]
    """Own limit → counts; see `Model.own_limits`. Empty if they were not counted."""
    limit_sets: Mapping[str, Tally]
    """Key of a set of own limits → counts of cases that keep all of them."""
    resubmitted: Resubmissions
    case_types: Mapping[str, CaseTypeSummary]
    pools: PoolMeasures
    pools_over_time: PoolsOverTime
    used: Mapping[tuple[str, str], DaysUsed]
    """(kind of account, case type) → what used up the days of all measured cases."""
    blamed: Mapping[tuple[str, str], DaysUsed]
    """(kind of account, limit) → what used up the days of late cases, on the critical branch."""
    checks: tuple[Check, ...]
    cut_off: int
    """Cases that arrived, and in which a number of correction rounds, or of applications, was cut
    off at its cap."""
    run_out: int
    """Calendar days after the window that the run may reach."""


def summarise_replication(
    model: Model,
    number: int,
    history: History,
    limits: Sequence[LimitReading],
    others: Sequence[ScopeReading],
    own_limits: OwnStandings | None = None,
) -> Summary:
    """Reduce one replication to what the results need; see `sim.replications.readings`.

    `own_limits`: the cases against the own limits of matters and stages; None: they do not count.
    """
    demand, schedule = history.demand, history.schedule
    measured = {
        name: demand.workload.measured & (demand.case_type == position)
        for position, name in enumerate(model.process.case_types)
    }
    pools = PoolActivity.of(demand.workload, history.supply, schedule, *model.window_s)
    readings = (*limits, *others)
    counting = Counting.of(model.scenario, history)
    own = OwnTallies({}, {})
    if own_limits is not None:
        own = tally_own_limits(model.own_limits, own_limits, demand.workload.measured)
    return Summary(
        number=number,
        tallies={reading.name: dict(reading.tallies) for reading in readings},
        groups={reading.name: dict(reading.groups) for reading in limits},
        periods={
            reading.name: by_period(reading, demand, model.period_edges_s) for reading in limits
        },
        own_limits=own.limits,
        limit_sets=own.sets,
        resubmitted=_resubmitted(model, history, limits, counting),
        case_types=_case_types(model, history, measured),
        pools=pools.measures(),
        pools_over_time=measure_over_time(pools, model.period_edges_s),
        used=_by_account(
            model, {name: days_used(history, of_case) for name, of_case in measured.items()}
        ),
        blamed=_by_account(model, {reading.name: _blame(history, reading) for reading in limits}),
        checks=run_checks(history, history.horizon_s, [reading.readings for reading in readings]),
        cut_off=int(np.sum(demand.cut_off & (demand.workload.arrival_s <= schedule.stopped_s))),
        run_out=(history.horizon_s + 1 - model.window_s[1]) // DAY_S,
    )


def _resubmitted(
    model: Model, history: History, limits: Sequence[LimitReading], counting: Counting
) -> dict[str, Resubmitted]:
    """Read the limits whose cases can be handed in again by the other rule, too."""
    return {
        own.name: resubmitted(own, read_limit(other_rule(own.limit), history, counting), history)
        for own in limits
        if can_be_handed_in_again(model.process, own.limit)
    }


def _blame(history: History, reading: LimitReading) -> Charge:
    """Return what made the measured late cases of a limit late."""
    case = reading.readings.case
    late: Bools = reading.standing[reading.clock] == Standing.LATE
    late &= history.demand.workload.measured[case]
    return blame(history, case, reading.readings.clocks[reading.clock], late)


def _by_account(model: Model, charges: Mapping[str, Charge]) -> dict[tuple[str, str], DaysUsed]:
    groupings = {"matter": by_matter(model.process), "department": by_department(model.process)}
    return {
        (kind, name): charge.by(grouping)
        for kind, grouping in groupings.items()
        for name, charge in charges.items()
    }


def _case_types(
    model: Model, history: History, measured: Mapping[str, Bools]
) -> dict[str, CaseTypeSummary]:
    demand, schedule = history.demand, history.schedule
    state = case_states(demand, schedule)
    last_end = over_items(np.maximum, schedule.end, demand.workload.first_item, 0)
    ended = (state < STATES.index("open")) & (last_end != OPEN)
    sojourn = np.maximum(last_end - demand.submitted_s, 0)
    staff_s = _staff_s(model, history)
    summaries = {}
    for name, of_case in measured.items():
        count = np.bincount(state[of_case], minlength=len(STATES))
        states = {state_name: int(n) for state_name, n in zip(STATES, count, strict=True) if n}
        given_s = round(float(staff_s[of_case].sum()))
        summaries[name] = CaseTypeSummary(states, sojourn[of_case & ended], given_s)
    return summaries


def _staff_s(model: Model, history: History) -> NDArray[np.float64]:
    """Return [C] the seconds of staff time of each measured case, 0 for the others."""
    demand, schedule = history.demand, history.schedule
    times = WorkTimes.of(history.supply, schedule)
    given_s = times.seconds * model.supply.shares[times.officer]
    case = demand.case[times.item]
    given_s *= demand.workload.measured[case]
    return np.bincount(case, given_s, len(demand.case_type)).astype(np.float64)
