"""Trials: plans simulated on common random numbers, each as far as the search has asked for."""

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
from sim.experiments.staffing.requirements import Judged, Requirement, difference
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

FRESH: Final = 1_000_000
"""Attempt k is confirmed on the replications from k times this on."""
DOUBLINGS: Final = 2
"""An undecided confirmation is doubled so often."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What is kept of one replication of a plan; J requirements, P pools."""

    over: Floats
    """[J]"""
    under: Floats
    """[J] `Requirement.counts`."""
    pressure: Floats
    """[J, P] how much the pool's queue is to blame, see `Trials.pressure`."""
    busy: Floats
    """[P] worked ÷ rostered time of the pool's officers."""


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
        """Made so far, of all plans."""
        self.failed_checks: list[Check] = []
        self._how = how
        self._began = time.perf_counter()
        self._seen: dict[Plan, list[Seen]] = defaultdict(list)
        self._clock = {limit.name: limit.clock for limit in resolved_limits(model.scenario)}
        self._pool = {name: number for number, name in enumerate(model.pools.names)}
        self._departments = _departments(model)

    @property
    def plans(self) -> list[Plan]:
        """Every plan seen, in the order of its first trial."""
        return list(self._seen)

    def how(self) -> Execution:
        """Return how to compute the next trials.

        A search is one piece of work: its processes are started once it has gone on for as long as
        would have made them worth it.
        """
        how = copy.copy(counted_on(self._how, self.replications))
        if how.get("jobs") is None and time.perf_counter() - self._began > WORTH_STARTING_S:
            how["jobs"] = cores()
        return how

    def see(self, plans: Iterable[Plan], replications: int) -> None:
        """Simulate each plan up to so many replications."""
        wanted: list[tuple[Task, int]] = []
        mine: list[list[Seen]] = []
        for plan in dict.fromkeys(plans):
            seen = self._seen[plan]
            numbers = range(len(seen), replications)
            if numbers:
                model = self.model.restaffed(staffed(self.model.scenario, self.teams, plan))
                task = Task(model, self.seed, "summary", self._how.get("engine"))
                wanted += [(task, number) for number in numbers]
                mine += [seen] * len(numbers)
        for seen, finished in zip(mine, make_replications(wanted, self.how()), strict=True):
            seen.append(self._reduced(finished.summary))
            self.failed_checks += (check for check in finished.summary.checks if not check.ok)
        self.replications += len(wanted)

    def apart(self, plan: Plan, replications: int, first: int = 0) -> Result:
        """Simulate a plan apart from the search, from another first replication if need be."""
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

    def judge(self, plan: Plan, *, heavy_tails: bool = True) -> tuple[Judged, ...]:
        """Judge all requirements under a plan from all its replications, for people to read."""
        return tuple(
            requirement.judge(*self._counts(plan, number, None), heavy_tails=heavy_tails)
            for number, requirement in enumerate(self.requirements)
        )

    def size_up(self, plan: Plan) -> tuple[Judged, ...]:
        """Do the same for the search.

        The intervals do not widen for heavy tails: it would take the search several times as long
        to tell plans apart, and the one that it chooses is confirmed with intervals that do.
        """
        return self.judge(plan, heavy_tails=False)

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

    def pressure(self, plan: Plan, weights: Sequence[float]) -> Floats:
        """Return [teams] how much their queues are to blame, requirements weighted.

        A pool's part is what its queue takes of the late cases' days: the waiting on their
        critical branch is known by department (`Summary.blamed`), and split among its pools by the
        hours waited in them. For a mean wait it is the pool itself. A team is given the sum over
        its pools. It says where to look first; what an officer there brings is simulated.
        """
        of_pools = np.sum([seen.pressure for seen in self._seen[plan]], axis=0)
        weighted = np.asarray(weights) @ of_pools
        return np.array([weighted[list(team.pools)].sum() for team in self.teams])

    def counts(self, requirement: Requirement, summary: Summary) -> tuple[float, float]:
        """Return a requirement's counts in one replication."""
        clock = self._clock.get(requirement.name, "")
        return requirement.counts(summary, clock, self._pool.get(requirement.name, 0))

    def _counts(self, plan: Plan, number: int, replications: int | None) -> tuple[Floats, Floats]:
        seen = self._seen[plan][:replications]
        return (
            np.array([replication.over[number] for replication in seen]),
            np.array([replication.under[number] for replication in seen]),
        )

    def _reduced(self, summary: Summary) -> Seen:
        over, under = np.array(
            [self.counts(requirement, summary) for requirement in self.requirements], float
        ).T
        return Seen(over, under, self._pressure(summary), summary.pools.utilisation)

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
    """What became of a plan on fresh random numbers."""

    plan: Plan
    result: Result
    judged: tuple[Judged, ...]
    """Each requirement at its confidence over all looks of all attempts."""
    look: int
    """Of all looks at fresh random numbers so far, counted from 1."""

    @property
    def holds(self) -> bool:
        """Whether everything holds."""
        return all(each.verdict == "holds" for each in self.judged)

    @property
    def is_decided(self) -> bool:
        """Whether more replications cannot be expected to turn it."""
        return self.holds or any(each.verdict == "fails" for each in self.judged)


def confirm(trials: Trials, plan: Plan, replications: int, attempt: int, look: int) -> Confirmation:
    """Simulate a plan on fresh random numbers, and more of them while it is undecided.

    A plan is chosen because it did well, so its own trials flatter it. Each attempt, counted from
    1, has random numbers of its own; and since looking repeatedly, at one plan or the next, would
    inflate the error, each look spends a part of it (`confidence_at_look`). `look` says how many
    there were.
    """
    first, done = attempt * FRESH, 0
    summaries: tuple[Summary, ...] = ()
    for doubling in range(DOUBLINGS + 1):
        planned = replications * 2**doubling
        made = trials.apart(plan, planned - done, first + done)
        summaries, done, look = (*summaries, *made.summaries), planned, look + 1
        confidence = {
            each.name: confidence_at_look(each.confidence, look) for each in trials.requirements
        }
        result = replace(made, summaries=summaries, confidence_of=confidence)
        judged = []
        for requirement in trials.requirements:
            over, under = np.array([trials.counts(requirement, s) for s in summaries], float).T
            judged.append(requirement.judge(over, under, confidence[requirement.name]))
        confirmation = Confirmation(plan, result, tuple(judged), look)
        if confirmation.is_decided:
            break
    return confirmation
