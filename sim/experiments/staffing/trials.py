"""Trials: plans simulated on common random numbers, as far as the search asks."""

from __future__ import annotations

import copy
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.arrays import Floats
from sim.experiments.run import run_all
from sim.experiments.staffing.requirements import Counts, JudgedRequirement, Requirement, difference
from sim.experiments.staffing.teams import Plan, Team, staffed
from sim.limits import resolved_limits
from sim.measures.checks import Check
from sim.measures.contrasts import Estimate
from sim.measures.days import Category
from sim.measures.shares import confidence_at_look
from sim.replications.execution import Execution, counted_on, make_replications
from sim.replications.model import Model
from sim.replications.summary import Summary
from sim.replications.workers import WORTH_STARTING_S, Task, cores
from sim.results.run import Result
from sim.supply.prices import prices_of

FRESH: Final = 1_000_000
"""Attempt k is confirmed on the replications from k × this number on."""
PROOFS: Final = (4, 8, 16)
"""Replications of a plan that is to be proven, in those of the last look of the search: more follow
while it is undecided."""


@dataclass(frozen=True, eq=False)
class Seen:
    """One replication of a plan, reduced; J requirements, P pools."""

    counts: Floats
    """[J, 3] the `Counts` of each requirement."""
    pressure: Floats
    """[J, P] blame on the pool's queue, see `Trials.pressure`."""
    busy: Floats
    """[P] worked ÷ rostered time of the pool's officers."""
    overtime: float
    """Cost of the overtime, in yuan a year; 0 if none is given."""


class Trials:
    """All plans simulated so far, on the replications 0, 1, 2 … of one seed."""

    def __init__(
        self,
        model: Model,
        teams: Sequence[Team],
        requirements: Sequence[Requirement],
        seed: int,
        how: Execution,
    ) -> None:
        self.model = model
        self.teams = teams
        self.requirements = requirements
        self.seed = seed
        self.replications = 0
        """Replications made so far, of all plans."""
        self.failed_checks: list[Check] = []
        self._how = how
        self._began = time.perf_counter()
        self._seen: dict[Plan, list[Seen]] = defaultdict(list)
        self._clock = {limit.name: limit.clock for limit in resolved_limits(model.scenario)}
        self._pool = {name: number for number, name in enumerate(model.pools.names)}
        self._departments = _departments(model)
        prices = prices_of(model.scenario)
        self._overtime_s = np.nan_to_num(prices.overtime_h) / 3600 / prices.years
        """[G] yuan a year for a second of overtime in the window."""

    @property
    def plans(self) -> list[Plan]:
        """Every simulated plan, in the order of the first trials."""
        return list(self._seen)

    def how(self) -> Execution:
        """Return the keywords of the next trials.

        A search is one piece of work: it starts processes once it has taken as long as the work for
        which they are worth starting.
        """
        how = copy.copy(counted_on(self._how, self.replications))
        if how.get("jobs") is None and time.perf_counter() - self._began > WORTH_STARTING_S:
            how["jobs"] = cores()
        return how

    def see(self, plans: Iterable[Plan], replications: int) -> None:
        """Simulate each plan up to this number of replications."""
        wanted: list[tuple[Task, int]] = []
        mine: list[list[Seen]] = []
        for plan in dict.fromkeys(plans):
            seen = self._seen[plan]
            numbers = range(len(seen), replications)
            if numbers:
                model = self.model.restaffed(staffed(self.model.scenario, self.teams, plan))
                task = Task(model, self.seed, "limits", self._how.get("engine"))
                wanted += [(task, number) for number in numbers]
                mine += [seen] * len(numbers)
        for seen, finished in zip(mine, make_replications(wanted, self.how()), strict=True):
            seen.append(self._reduced(finished.summary))
            self.failed_checks += (check for check in finished.summary.checks if not check.ok)
        self.replications += len(wanted)

    def apart(self, plan: Plan, replications: int, first: int = 0) -> Result:
        """Simulate a plan apart from the search, from the replication `first` on."""
        scenario = staffed(self.model.scenario, self.teams, plan)
        (made,) = run_all(
            [scenario], replications=replications, seed=self.seed, first=first, **self.how()
        )
        self.replications += replications
        self.failed_checks += made.failed_checks
        return made

    def count(self, plan: Plan) -> int:
        """Return the number of replications of a plan."""
        return len(self._seen[plan]) if plan in self._seen else 0

    def judge(self, plan: Plan, *, for_search: bool = False) -> tuple[JudgedRequirement, ...]:
        """Judge all requirements under a plan from all its replications, for the report."""
        return tuple(
            requirement.judge(self._counts(plan, number, None), for_search=for_search)
            for number, requirement in enumerate(self.requirements)
        )

    def size_up(self, plan: Plan) -> tuple[JudgedRequirement, ...]:
        """Judge all requirements under a plan, for the search.

        The intervals do not widen for heavy tails: with wider ones the search would take several
        times as long, and the plan that it chooses is confirmed with them.
        """
        return self.judge(plan, for_search=True)

    def difference(self, a: Plan, b: Plan, number: int, *, of: int = 1) -> Estimate:
        """Estimate by how much a requirement's value is larger under a than under b."""
        common = min(self.count(a), self.count(b))
        return difference(
            self._counts(a, number, common),
            self._counts(b, number, common),
            self.requirements[number].confidence,
            of=of,
        )

    def margin_gain(self, a: Plan, b: Plan, number: int) -> Estimate:
        """Estimate by how much a requirement's margin is larger under a than under b."""
        return self.requirements[number].margin_difference(self.difference(a, b, number))

    def busy(self, plan: Plan) -> Floats:
        """Return [P] the mean of worked ÷ rostered time."""
        return np.asarray(np.mean([np.nan_to_num(seen.busy) for seen in self._seen[plan]], axis=0))

    @property
    def priced(self) -> bool:
        """Whether overtime costs anything."""
        return bool(self._overtime_s.any())

    def overtime(self, plan: Plan, replications: int | None = None) -> Floats:
        """Return [R] the cost of overtime under a plan, in yuan a year."""
        return np.array([seen.overtime for seen in self._seen[plan][:replications]])

    def pressure(self, plan: Plan, weights: Sequence[float]) -> Floats:
        """Return [teams] the blame on their queues, with weighted requirements.

        The blame on a pool is its part of the late cases' days: the waiting on their critical
        branch is known by department (`Summary.blamed`), and split among its pools by the hours
        waited in them. For a mean wait it is the hours waited in the pool. A team gets the sum
        over its pools. It only orders the trials; the effect of an officer is simulated.
        """
        of_pools = np.sum([seen.pressure for seen in self._seen[plan]], axis=0)
        weighted = np.asarray(weights) @ of_pools
        return np.array([weighted[list(team.pools)].sum() for team in self.teams])

    def counts(self, requirement: Requirement, summaries: Sequence[Summary]) -> Counts:
        """Return a requirement's counts in some replications."""
        of_each = [self._count(requirement, summary) for summary in summaries]
        return Counts(*np.array(of_each, float).reshape(-1, 3).T)

    def _count(self, requirement: Requirement, summary: Summary) -> tuple[float, float, float]:
        clock = self._clock.get(requirement.name, "")
        return requirement.counts(summary, clock, self._pool.get(requirement.name, 0))

    def _counts(self, plan: Plan, number: int, replications: int | None) -> Counts:
        of_each = [seen.counts[number] for seen in self._seen[plan][:replications]]
        return Counts(*np.array(of_each, float).reshape(-1, 3).T)

    def _reduced(self, summary: Summary) -> Seen:
        counts = [self._count(requirement, summary) for requirement in self.requirements]
        work = summary.staff_work
        overtime = 0.0 if work is None else float(self._overtime_s @ work.overtime_s)
        busy = summary.pools.utilisation
        return Seen(np.array(counts, float), self._pressure(summary), busy, overtime)

    def _pressure(self, summary: Summary) -> Floats:
        waited = np.nan_to_num(summary.pools.mean_wait_h) * summary.pools.arrived
        pressure = np.zeros((len(self.requirements), len(waited)))
        for number, requirement in enumerate(self.requirements):
            if requirement.kind == "wait":
                pool = self._pool[requirement.name]
                pressure[number, pool] = waited[pool]
                continue
            used = summary.blamed["department", requirement.name]
            for (name,), days in zip(used.grouping.names, used.total_wd, strict=True):
                mine = self._departments.get(name, [])
                hours = waited[mine]
                if hours.sum() > 0:
                    pressure[number, mine] += days[Category.WAITING] * hours / hours.sum()
        return pressure


def _departments(model: Model) -> dict[str, list[int]]:
    """Return department → numbers of the pools in which its steps are done."""
    pools: dict[str, set[int]] = defaultdict(set)
    for node in model.process.nodes:
        if node.pool is not None:
            pools[node.department].update(model.pools.numbers(node.pool))
    return {name: sorted(numbers) for name, numbers in pools.items()}


@dataclass(frozen=True, eq=False)
class Confirmation:
    """A plan judged on fresh random numbers."""

    plan: Plan
    result: Result
    judged: tuple[JudgedRequirement, ...]
    """Each requirement at its confidence over all looks of all attempts."""
    look: int
    """Number of looks at fresh random numbers so far, over all attempts."""

    @property
    def holds(self) -> bool:
        """Whether every requirement holds."""
        return all(each.verdict == "holds" for each in self.judged)

    @property
    def is_decided(self) -> bool:
        """Whether every requirement holds, or some requirement fails."""
        return self.holds or any(each.verdict == "fails" for each in self.judged)


def proofs(replications: int) -> tuple[int, ...]:
    """Return the numbers of replications that are to prove a plan; see `PROOFS`."""
    return tuple(times * replications for times in PROOFS)


def confirm(trials: Trials, plan: Plan, replications: int, attempt: int, look: int) -> Confirmation:
    """Judge a plan on fresh random numbers, with more replications while it is undecided.

    A plan is chosen because it did well, so its own trials are biased in its favour. Each attempt,
    counted from 1, has its own random numbers. Repeated looks would inflate the error, so each
    look spends a part of it (`confidence_at_look`); `look` is the number of earlier ones.
    """
    first, done = attempt * FRESH, 0
    summaries: tuple[Summary, ...] = ()
    for planned in proofs(replications):
        made = trials.apart(plan, planned - done, first + done)
        summaries, done, look = (*summaries, *made.summaries), planned, look + 1
        confidence = {
            each.name: confidence_at_look(each.confidence, look) for each in trials.requirements
        }
        result = replace(made, summaries=summaries, confidence_of=confidence)
        judged = tuple(
            requirement.judge(trials.counts(requirement, summaries), confidence[requirement.name])
            for requirement in trials.requirements
        )
        confirmation = Confirmation(plan, result, judged, look)
        if confirmation.is_decided:
            break
    return confirmation
