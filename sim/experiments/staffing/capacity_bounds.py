"""Bounds of the search: officers who keep up with the work, and a staff with which nobody waits.

**Keeping up** is required of every plan, beside its limits: for any set of pools, the work that
arrives for them is at most what the officers who serve any of them are rostered for. The set need
not be all pools, since a shared officer works for one pool at a time (Hall 1935, for divisible
work; for one pool it is the offered load of Erlang, A < c).

What is proven: let λ be the work (officer hours at speed 1) that arrives per day for a set S of
pools, and C the work per day that the officers who serve any pool of S can do while on duty. By
day t they have done at most C t of what is in S, whatever the rule of the queue; so at least
(λ - C) t is left undone, which grows without bound if λ > C. That holds for officers who pause
at closing time. Officers who finish the item in hand may do more, by overtime of less than an item
at each closing; a plan that needs it is excluded by the requirement, not by the theorem.

What is not proven: that a limit breaks within the simulated dates. A peak may be too
short for that. So λ and C are means from the first simulated day to the end of the window, and the
floor is a separate requirement, reported as such.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from sim.arrays import Floats
from sim.clocks import History
from sim.engine.contract import DELAY, NO_TACIT, OPEN
from sim.experiments.staffing.teams import Plan, Team, staffed
from sim.measures.duty import duty_until
from sim.replications.model import Model

DRAWS: Final = 20
"""Replications of the demand from which the offered load is estimated."""
MOST_POOLS: Final = 10
"""Most pools that share officers for which all their sets are checked; of more pools, single ones
and all together, which is necessary, but perhaps not sufficient."""
LOOKED_AT: Final = 2
"""Replications in which the peaks of items in progress are counted."""
SLACK: Final = 1.5
"""Officers of the roomy plan ÷ peak, since other replications may have higher peaks."""
ROUNDS: Final = 4


@dataclass(frozen=True)
class Floor:
    """The hours that a set of pools needs to keep up with its work, and those that officers add."""

    pools: tuple[str, ...]
    work_h: float
    """Hours of work at speed 1 that arrive until the end of the window, ÷ the share of their time
    that officers may be busy."""
    others_h: float
    """Hours at speed 1 of officers outside the teams."""
    hours: Mapping[int, float]
    """Team → hours at speed 1 that one officer adds."""

    def missing_h(self, plan: Plan) -> float:
        """Return the hours that a plan lacks; 0 or less if it keeps up.

        A set of pools with any work needs at least one officer.
        """
        heads = sum(plan[team] for team in self.hours)
        there = self.others_h + sum(plan[team] * hours for team, hours in self.hours.items())
        return self.work_h - there if heads or self.others_h else max(self.work_h, 1e-9)


def keeps_up(floors: Sequence[Floor], plan: Plan) -> bool:
    """Tell whether every set of pools keeps up."""
    return all(floor.missing_h(plan) <= 0 for floor in floors)


def lowest(floors: Sequence[Floor], teams: Sequence[Team]) -> Plan:
    """Return the fewest officers of each team by its bound and by the floors of this team alone."""
    heads = [team.least for team in teams]
    for floor in floors:
        if len(floor.hours) == 1:
            (team,) = floor.hours
            while floor.missing_h(tuple(heads)) > 0 and teams[team].allows(heads[team] + 1):
                heads[team] += 1
    return tuple(heads)


def completed(floors: Sequence[Floor], teams: Sequence[Team], plan: Plan) -> Plan | None:
    """Return the plan with officers added until it keeps up, those with most hours per cost first.

    Returns None if the bounds do not allow it.
    """
    heads = list(plan)
    for floor in sorted(floors, key=lambda floor: len(floor.hours)):
        while floor.missing_h(tuple(heads)) > 0:
            able = [t for t, h in floor.hours.items() if h > 0 and teams[t].allows(heads[t] + 1)]
            if not able:
                return None
            heads[max(able, key=lambda t: floor.hours[t] / teams[t].cost)] += 1
    return tuple(heads)


def floors_of(model: Model, teams: Sequence[Team], seed: int, busy: float) -> tuple[Floor, ...]:
    """Return the floors of a scenario, single pools first.

    The model has at least one officer in each team. `busy` is the share of its rostered time that a
    team may be busy, above 0; `seed` is that of the draws.
    """
    work = _work_h(model, seed) / busy
    hours, others = _hours(model, teams, seed)
    serving = {
        pool: {t for t, team in enumerate(teams) if pool in team.pools}
        for pool in np.flatnonzero(work > 0).tolist()
    }
    return tuple(
        Floor(
            pools=tuple(model.pools.names[pool] for pool in pools),
            work_h=float(sum(work[pool] for pool in pools)),
            others_h=sum(h for served, h in others if not served.isdisjoint(pools)),
            hours={t: hours[t] for t in sorted(set().union(*(serving[p] for p in pools)))},
        )
        for pools in _sets({pool: able for pool, able in serving.items() if able})
    )


def _sets(serving: Mapping[int, set[int]]) -> Iterator[tuple[int, ...]]:
    """Yield the sets of pools to check, each within pools that are linked by shared officers."""
    for together in _components(serving):
        most = len(together)
        for size in range(1, most + 1) if most <= MOST_POOLS else (1, most):
            yield from combinations(together, size)


def _components(serving: Mapping[int, set[int]]) -> list[list[int]]:
    """Return the pools in parts that share no team; each part is sorted."""
    parts: list[tuple[list[int], set[int]]] = []
    for pool, teams in serving.items():
        touching = [part for part in parts if part[1] & teams]
        parts = [part for part in parts if not part[1] & teams]
        joined = sorted([pool, *(number for part in touching for number in part[0])])
        parts.append((joined, teams.union(*(part[1] for part in touching))))
    return [part[0] for part in parts]


def _work_h(model: Model, seed: int) -> Floats:
    """Return [P] the mean hours of work, at speed 1, that arrive until the window's end.

    Work that may lapse by tacit consent need not be done, and is left out.
    """
    _, until = model.window_s
    total = np.zeros(len(model.pools.names))
    for number in range(DRAWS):
        demand = model.demand.draw(seed, number)
        load = demand.workload
        must = (load.pool != DELAY) & (load.arrival_s[demand.case] < until)
        if load.tacit_wd is not None:
            must &= load.tacit_wd == NO_TACIT
        np.add.at(total, load.pool[must], load.amount[must] / 3600)
    return total / DRAWS


def _hours(
    model: Model, teams: Sequence[Team], seed: int
) -> tuple[dict[int, float], list[tuple[frozenset[int], float]]]:
    """Return hours on duty, at speed 1, until the window's end.

    The first part is team → hours of one officer; the second holds, for each officer outside the
    teams, the pools served and the hours. The officer of a team with the fewest days of leave
    counts: leave falls on the last of the roster.
    """
    _, until = model.window_s
    officers = model.supply.officers
    row_hours = np.zeros(len(officers))
    for number in range(DRAWS):
        supply = model.supply.draw(seed, number)
        at = np.full(len(officers), until, np.int64)
        seconds = duty_until(supply.duty, supply.calendar.astype(np.int64), at)
        row_hours += seconds * supply.speed_num / supply.speed_den / 3600 / DRAWS
    mine: dict[str, list[float]] = defaultdict(list)
    for officer, hours in zip(officers, row_hours.tolist(), strict=True):
        mine[officer.team].append(hours)
    names = {team.name for team in teams}
    return (
        {t: max(mine[team.name]) for t, team in enumerate(teams)},
        [
            (frozenset(officer.pools), hours)
            for officer, hours in zip(officers, row_hours.tolist(), strict=True)
            if officer.team not in names
        ],
    )


def roomy(model: Model, teams: Sequence[Team], seed: int) -> Plan:
    """Return a plan with which nobody waits: per team, the peak of items in progress × `SLACK`.

    If a pool has no more items in progress (from ready to end) than officers, an item waits for
    office hours only. So the peaks are counted, first with today's staff, then with a plan of these
    peaks, until they fit. The bounds of the teams still apply.
    """
    plan = tuple(max(team.today, 1) for team in teams)
    for _ in range(ROUNDS):
        peaks = _peaks(model.restaffed(staffed(model.scenario, teams, plan)), teams, seed)
        if all(peak <= heads for peak, heads in zip(peaks, plan, strict=True)):
            break
        plan = tuple(max(math.ceil(SLACK * peak), 1) for peak in peaks)
    return tuple(
        max(heads if team.most is None else min(heads, team.most), team.least)
        for team, heads in zip(teams, plan, strict=True)
    )


def _peaks(model: Model, teams: Sequence[Team], seed: int) -> list[int]:
    made = [model.replicate(seed, number) for number in range(LOOKED_AT)]
    return [max(_peak(history, team) for history in made) for team in teams]


def _peak(history: History, team: Team) -> int:
    """Return the peak of items in progress (ready, not ended) in the team's pools."""
    schedule = history.schedule
    mine = np.isin(history.demand.workload.pool, team.pools) & (schedule.ready != OPEN)
    end = np.where(schedule.end == OPEN, schedule.stopped_s + 1, schedule.end)[mine]
    t = np.concatenate([schedule.ready[mine], end])
    change = np.repeat([1, -1], len(end))
    order = np.lexsort((change, t))  # at one instant, ends come first
    return int(np.cumsum(change[order]).max(initial=0))
