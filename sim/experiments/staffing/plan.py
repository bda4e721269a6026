"""The fewest officers, and where, that keep every limit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Unpack

import numpy as np

from sim.experiments.run import looks, planned_runs
from sim.experiments.staffing.capacity_bounds import Floor, completed, floors_of, lowest, roomy
from sim.experiments.staffing.requirements import JudgedRequirement, requirements_of
from sim.experiments.staffing.result import OneMore, Outcome, Point, Staffing
from sim.experiments.staffing.search import (
    FIRST_LOOK,
    TINY,
    Search,
    best_within,
    cost_of,
    moved_by,
    worst_margin,
)
from sim.experiments.staffing.teams import (
    Plan,
    Team,
    all_teams,
    awaited_pools,
    chosen,
    manned,
    staffed,
)
from sim.experiments.staffing.trials import Confirmation, Trials, confirm, proofs
from sim.limits import resolved_limits
from sim.measures.contrasts import mean_contrast
from sim.measures.shares import Verdict
from sim.replications.execution import Execution
from sim.replications.model import Model
from sim.replications.notebook_progress import with_bar
from sim.results.costs import CONFIDENCE, ONE
from sim.scenario import Problem, Scenario, ScenarioError
from sim.translation import tr

REPLICATIONS: Final = 40
"""Default replications of a plan at the last look of the search."""
ATTEMPTS: Final = 4
"""Most plans that are tried on fresh random numbers."""


@with_bar
def staff(
    scenario: Scenario,
    *,
    groups: Collection[str] | None = None,
    least: Mapping[str, int] | None = None,
    most: Mapping[str, int] | None = None,
    cost: Mapping[str, float] | None = None,
    cap: int | None = None,
    waits: Mapping[str, float] | None = None,
    busy: float = 1.0,
    replications: int | None = None,
    seed: int | None = None,
    **how: Unpack[Execution],
) -> Staffing:
    """Find the cheapest staff that keeps every limit at its target share and confidence.

    Every plan must also keep up with its work (see `sim.experiments.staffing.capacity_bounds`).
    Where the scenario gives a cost of overtime, that of a plan counts with its posts.

    Parameters
    ----------
    scenario
        From `sim.load`, with today's staff.
    groups
        Roster groups whose number of officers is searched; the others stay as they are. Default:
        all that serve a pool on which a limit's cases, or a wait, depend.
    least, most, cost
        Bounds and cost of one officer, by group; default: 0, none, the scenario's in yuan, else 1.
    cap
        Most officers of all groups together. If they are too few, the best plan within it.
    waits
        Pool → longest mean wait in hours, round the clock: required in addition to the limits.
    busy
        The share of its rostered time that a group may be busy, above 0 and at most 1.
    replications, seed
        Replications of a plan at the last look, default: 40; and the seed, default: the scenario's.
    **how
        See `Execution`. An interruption is passed on; what is finished is in the store.

    Returns
    -------
    Staffing
        The plan; the same scenario and seed give the same plan.

    Raises
    ------
    ScenarioError
        If a name is unknown, bounds contradict each other, or there is nothing to search.
    """
    planned = REPLICATIONS if replications is None else replications
    planned, seed = planned_runs(scenario, planned, seed)
    model = Model(manned(scenario))
    requirements = requirements_of(resolved_limits(scenario), waits or {}, model.pools)
    everyone = all_teams(scenario, model.process, model.pools, model.supply)
    awaited = _awaited(model, scenario, waits or ())
    teams = chosen(everyone, groups, least or {}, most or {}, cost or {}, awaited)
    _refuse(busy, teams)
    trials = Trials(model.restaffed(scenario), teams, requirements, seed, how)
    floors, today = _floors(model, scenario, teams, seed, busy), tuple(t.today for t in teams)
    return _Staff(trials, floors, today, planned, cap, busy).answer()


def _awaited(model: Model, scenario: Scenario, waits: Iterable[str]) -> set[int]:
    """Return the pools, by number, on which a limit's cases or a wait depend."""
    scopes = [limit.scope for limit in resolved_limits(scenario)]
    awaited = awaited_pools(model.process, model.pools, scopes)
    return awaited | {model.pools.names.index(pool) for pool in waits}


def _refuse(busy: float, teams: Sequence[Team]) -> None:
    if not 0 < busy <= 1:
        raise ValueError(tr("busy: must lie above 0 and be at most 1"))
    if not teams:
        raise ScenarioError([Problem(tr("no roster group to look for"), "", None, "staff")])


def _floors(
    model: Model, scenario: Scenario, teams: tuple[Team, ...], seed: int, busy: float
) -> tuple[Floor, ...]:
    """Return the floors of the teams, measured with at least one officer in each team."""
    nobody_missing = tuple(max(team.today, 1) for team in teams)
    return floors_of(model.restaffed(staffed(scenario, teams, nobody_missing)), teams, seed, busy)


@dataclass
class _Staff:
    """One search for staff, and its answer so far."""

    trials: Trials
    floors: tuple[Floor, ...]
    today: Plan
    replications: int
    cap: int | None
    busy: float
    outcome: Outcome = "no_room"
    plan: Plan | None = None
    confirmation: Confirmation | None = None
    rejected: list[Plan] = field(default_factory=list)
    exhausted: bool = False
    fresh: dict[Plan, tuple[JudgedRequirement, ...]] = field(default_factory=dict)
    """Rejected plans that did not hold on fresh random numbers, judged on them."""
    attempts: int = 0
    looks: int = 0
    """Looks at fresh random numbers so far."""

    @property
    def teams(self) -> tuple[Team, ...]:
        return tuple(self.trials.teams)

    def answer(self) -> Staffing:
        trials, teams, seed = self.trials, self.teams, self.trials.seed
        least = lowest(self.floors, teams)
        room = roomy(trials.model, teams, seed)
        room = tuple(max(pair) for pair in zip(room, least, strict=True))
        begin = completed(self.floors, teams, least)
        if begin is not None and (self.cap is None or sum(begin) <= self.cap):
            self._search(begin, room)
        missed = self.outcome in {"out_of_reach", "undecided"}
        reach = trials.apart(room, self.replications) if missed else None
        ones, points = self._around(room)
        while (cheaper := self._cheaper(points)) is not None:
            self._confirm(cheaper)
            ones, points = self._around(room)
        trials.see([self.today], looks(self.replications, FIRST_LOOK)[0])
        return Staffing(
            scenario=trials.model.scenario,
            seed=seed,
            replications=self.replications,
            cap=self.cap,
            busy=self.busy,
            teams=teams,
            requirements=tuple(trials.requirements),
            floors=self.floors,
            lowest=least,
            outcome=self.outcome,
            today=self.today,
            plan=self.plan,
            plan_replications=0 if self.plan is None else trials.count(self.plan),
            confirmation=self.confirmation,
            rejected=tuple(self.rejected),
            exhausted=self.exhausted,
            roomy=room,
            reach=reach,
            reached=trials.judge(room) if trials.count(room) else (),
            one_more=ones,
            points=points,
            overtime=tuple(
                mean_contrast(ONE, trials.overtime(plan)[None], CONFIDENCE)
                for plan in (self.today, self.plan)
                if trials.priced and plan is not None
            ),
            busy_of=(self._busiest(self.today), self._busiest(self.plan)),
            plans_tried=len(trials.plans),
            replications_made=trials.replications,
            failed_checks=tuple(trials.failed_checks),
        )

    def _search(self, begin: Plan, room: Plan) -> None:
        """Search a plan and confirm it; if it does not hold, go on from it."""
        with_room = self._with_room(room)
        if with_room != "holds":
            self.outcome = "out_of_reach" if with_room == "fails" else "undecided"
            return
        plan = begin
        for attempt in range(ATTEMPTS):
            last = self.replications * 2**attempt
            search = Search(self.trials, self.floors, room, last, self.rejected)
            cheapest = self._plan(search, plan)
            if cheapest is None:
                self.outcome = "unconfirmed" if self.plan is not None else "undecided"
                return
            plan = cheapest
            self._confirm(plan)
            if self.outcome in {"capped", "found"}:
                return

    def _confirm(self, plan: Plan) -> None:
        """Take a plan as the answer if it is proven, or if none is yet.

        It must hold on fresh random numbers, which proves it; and on those of the search, judged
        as `sim run` judges them, so that the plan has one verdict wherever it is shown.
        """
        self.attempts += 1
        confirmation = confirm(self.trials, plan, self.replications, self.attempts, self.looks)
        self.looks = confirmation.look
        holds = confirmation.holds and self._holds_in_search(plan)
        if holds or self.outcome != "found":
            self.plan, self.confirmation = plan, confirmation
        if self.outcome == "capped":
            return
        if holds:
            self.outcome = "found"
            return
        self.outcome = "found" if self.outcome == "found" else "unconfirmed"
        self.rejected.append(plan)
        if not confirmation.holds:
            self.fresh[plan] = confirmation.judged

    def _holds_in_search(self, plan: Plan) -> bool:
        """Tell whether the search's replications prove a plan; more follow while undecided.

        The search itself uses shorter intervals, see `Trials.size_up`.
        """
        for planned in proofs(self.replications):
            self.trials.see([plan], planned)
            verdicts = {judged.verdict for judged in self.trials.judge(plan)}
            if verdicts == {"holds"} or "fails" in verdicts:
                break
        return verdicts == {"holds"}

    def _cheaper(self, points: Sequence[Point]) -> Plan | None:
        """Return a plan that holds by the replications of the search and costs less than found."""
        if self.outcome != "found" or self.plan is None:
            return None
        cost = self._overtime(self.plan) + cost_of(self.teams, self.plan)
        return next(
            (
                point.plan
                for point in points
                if point.total < cost - TINY
                and point.plan not in self.rejected
                and all(judged.verdict == "holds" for judged in point.judged)
            ),
            None,
        )

    def _plan(self, search: Search, begin: Plan) -> Plan | None:
        """Return the cheapest plan found that holds; or the best within the cap."""
        if self.cap is not None:
            plan: Plan | None = best_within(search, begin, self.cap)
            if plan is None or not search.holds(plan):
                self.outcome = "capped"
                return plan
        else:
            plan = search.grow(begin)
        if plan is None:
            return None
        plan = search.shrink(plan)
        while (better := search.exchange(plan) or search.add(plan)) is not None:
            plan = search.shrink(better)
        plan, self.exhausted = search.exhaust(plan)
        return plan

    def _with_room(self, room: Plan) -> Verdict:
        """Return the worst verdict under the roomy plan, with which nobody waits.

        That it fails ends the search, and must be proven; that it holds need not be.
        """
        for look in looks(self.replications, FIRST_LOOK):
            self.trials.see([room], look)
            if any(judged.verdict == "fails" for judged in self.trials.judge(room)):
                return "fails"
            if all(judged.verdict == "holds" for judged in self.trials.size_up(room)):
                return "holds"
        return "undecided"

    def _around(self, room: Plan) -> tuple[tuple[OneMore, ...], tuple[Point, ...]]:
        trials = self.trials
        search = Search(trials, self.floors, room, self.replications)
        second = search.second_look

        def one_more_each(plan: Plan) -> dict[int, Plan]:
            return {team: moved_by(plan, {team: 1}) for team in range(len(plan))}

        ones = one_more(trials, self.today, one_more_each(self.today), "today", 1, second)
        if self.plan is not None:
            ones += one_more(trials, self.plan, one_more_each(self.plan), "plan", 1, second)
            fewer = search.neighbours(self.plan, -1)
            ones += one_more(trials, self.plan, fewer, "plan", -1, second)
        plans = [plan for plan in trials.plans if plan != room and search.allowed(plan)]
        early, last = search.looks[0], search.looks[-1]
        return tuple(ones), frontier(trials, plans, early, last, self.plan, self.fresh)

    def _overtime(self, plan: Plan) -> float:
        """Return the mean cost of overtime under a plan in all its trials."""
        return float(self.trials.overtime(plan).mean()) if self.trials.priced else 0.0

    def _busiest(self, plan: Plan | None) -> tuple[float, ...]:
        """Return the utilisation of each team's busiest pool; () without a plan."""
        if plan is None:
            return ()
        of_pools = self.trials.busy(plan)
        return tuple(float(np.max(of_pools[list(team.pools)])) for team in self.teams)


def one_more(
    trials: Trials,
    plan: Plan,
    changed: Mapping[int, Plan],
    at: Literal["today", "plan"],
    by: Literal[1, -1],
    replications: int,
) -> list[OneMore]:
    """Return the effects of one officer more or fewer; `changed` is team → changed plan."""
    trials.see([plan, *changed.values()], replications)
    return [
        OneMore(
            at,
            trials.teams[team],
            by,
            requirement,
            trials.difference(candidate, plan, number, of=len(changed)),
            trials.judge(candidate)[number].verdict,
            trials.count(candidate),
        )
        for team, candidate in changed.items()
        for number, requirement in enumerate(trials.requirements)
    ]


def frontier(
    trials: Trials,
    plans: Sequence[Plan],
    early: int,
    last: int,
    answer: Plan | None,
    fresh: Mapping[Plan, tuple[JudgedRequirement, ...]],
) -> tuple[Point, ...]:
    """Return the plans that no cheaper one beats, among those with at least `early` replications.

    The best plans are simulated to the `last`. Since the same random numbers chose them, their
    margins are slightly biased upwards. The `answer` stands for its cost; plans that did not hold
    on fresh random numbers are judged by these.
    """

    def margin(plan: Plan) -> float:
        return worst_margin(trials.size_up(plan))

    best: dict[float, Plan] = {}
    for plan in plans:
        cost = round(cost_of(trials.teams, plan), 9)
        if trials.count(plan) >= early:
            best[cost] = max(best.get(cost, plan), plan, key=margin)
    if answer is not None and answer in plans:
        best[round(cost_of(trials.teams, answer), 9)] = answer
    trials.see(best.values(), last)
    points: list[Point] = []
    for cost in sorted(best):
        judged = fresh.get(best[cost], trials.judge(best[cost]))
        beats = not points or worst_margin(judged) > worst_margin(points[-1].judged)
        if beats or best[cost] == answer:
            count = trials.count(best[cost])
            overtime = float(trials.overtime(best[cost]).mean()) if trials.priced else 0.0
            points.append(Point(best[cost], sum(best[cost]), cost, judged, count, overtime))
    return tuple(points)
