"""The summary of a replication: counts and sums, small enough to keep thousands of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.clocks import Counting, History
from sim.engine import Engine
from sim.engine.contract import DAY_S, OPEN
from sim.measures.checks import STATES, Check, run_checks, states_of
from sim.measures.days import Charge, DaysUsed
from sim.measures.facts import CaseFacts, Facts
from sim.measures.forms import blamed, facts_of
from sim.measures.limits import LimitReading, ScopeReading, Standing, Tally, read_limit
from sim.measures.own_limits import OwnStandings, OwnTallies, tally_own_limits
from sim.measures.periods import by_period
from sim.measures.pools import PoolMeasures
from sim.measures.pools_over_time import PoolsOverTime, measure_over_time
from sim.measures.resubmissions import (
    Resubmissions,
    Resubmitted,
    can_be_handed_in_again,
    other_rule,
    resubmitted,
)
from sim.measures.staff_work import StaffWork, staff_work
from sim.replications.model import Model
from sim.supply.prices import has_costs


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
    staff_work: StaffWork | None = None
    """Work of the roster groups, in the order of the scenario; None if it gives no costs."""


def summarise_replication(
    model: Model,
    number: int,
    history: History,
    limits: Sequence[LimitReading],
    others: Sequence[ScopeReading],
    own_limits: OwnStandings | None = None,
    engine: Engine | None = None,
) -> Summary:
    """Reduce one replication to what the results need; see `sim.replications.readings`.

    `own_limits`: the cases against the own limits of matters and stages; None: they do not count.
    `engine`: see `facts_of`.
    """
    demand, supply, schedule = history.demand, history.supply, history.schedule
    edges = model.period_edges_s
    facts = facts_of(history, history.horizon_s, edges, model.supply.shares, engine)
    readings = (*limits, *others)
    counting = Counting.of(model.scenario, history)
    own = OwnTallies({}, {})
    if own_limits is not None:
        own = tally_own_limits(model.own_limits, own_limits, demand.workload.measured)
    return Summary(
        number=number,
        tallies={reading.name: dict(reading.tallies) for reading in readings},
        groups={reading.name: dict(reading.groups) for reading in limits},
        periods={reading.name: by_period(reading, demand, edges) for reading in limits},
        own_limits=own.limits,
        limit_sets=own.sets,
        resubmitted=_resubmitted(model, history, limits, counting),
        case_types=_case_types(model, history, facts.cases),
        pools=facts.pools.measures(supply, edges),
        pools_over_time=measure_over_time(facts.pools, supply),
        used=_by_account(model, _days_used(model, history, facts)),
        blamed=_by_account(model, _blamed(history, limits, engine)),
        checks=run_checks(
            history, history.horizon_s, [reading.readings for reading in readings], facts
        ),
        cut_off=int(np.sum(demand.cut_off & (demand.workload.arrival_s <= schedule.stopped_s))),
        run_out=(history.horizon_s + 1 - model.window_s[1]) // DAY_S,
        staff_work=_staff_work(model, history) if has_costs(model.scenario) else None,
    )


def _staff_work(model: Model, history: History) -> StaffWork:
    place = {name: number for number, name in enumerate(model.scenario.staff)}
    group = np.array([place[officer.group] for officer in model.supply.officers], np.int64)
    shape = len(place), len(model.process.case_types)
    return staff_work(
        history.demand, history.supply, history.schedule, group, shape, *model.window_s
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


def _days_used(model: Model, history: History, facts: Facts) -> dict[str, Charge]:
    """Return what used up the days of the measured cases of each case type."""
    demand, process = history.demand, model.process
    cases = np.bincount(demand.case_type[demand.workload.measured], minlength=len(process.graphs))
    of_node = np.tile(process.case_type, 2)
    return {
        name: Charge.of(process, np.where(of_node == number, facts.node_s, 0), int(cases[number]))
        for number, name in enumerate(process.case_types)
    }


def _blamed(
    history: History, limits: Sequence[LimitReading], engine: Engine | None
) -> dict[str, Charge]:
    """Return what made the measured late cases of each limit late."""
    measured = history.demand.workload.measured
    late = [
        (
            reading.readings.case,
            reading.readings.clocks[reading.clock],
            (reading.standing[reading.clock] == Standing.LATE) & measured[reading.readings.case],
        )
        for reading in limits
    ]
    names = (reading.name for reading in limits)
    return dict(zip(names, blamed(history, late, engine), strict=True))


def _by_account(model: Model, charges: Mapping[str, Charge]) -> dict[tuple[str, str], DaysUsed]:
    return {
        (kind, name): charge.by(grouping)
        for kind, grouping in model.groupings.items()
        for name, charge in charges.items()
    }


def _case_types(model: Model, history: History, facts: CaseFacts) -> dict[str, CaseTypeSummary]:
    demand = history.demand
    state = states_of(demand, facts.unfinished, history.schedule.stopped_s)
    ended = (state < STATES.index("open")) & (facts.last_end != OPEN)
    sojourn = np.maximum(facts.last_end - demand.submitted_s, 0)
    summaries = {}
    for number, name in enumerate(model.process.case_types):
        of_case = demand.workload.measured & (demand.case_type == number)
        count = np.bincount(state[of_case], minlength=len(STATES))
        states = {state_name: int(n) for state_name, n in zip(STATES, count, strict=True) if n}
        given_s = round(float(facts.staff_s[of_case].sum()))
        summaries[name] = CaseTypeSummary(states, sojourn[of_case & ended], given_s)
    return summaries
