"""The search for the cheapest plan that keeps every requirement.

1. *Grow* from the floors, one officer at a time: of the few teams whose queues are most to blame,
   the one in which an officer helps most for the cost.
2. *Shrink*: take officers away one at a time, where it costs least, until none can go.
3. *Exchange*: two leave and one comes elsewhere (or one for one, if that is cheaper). The
   effects of single officers are added up to predict which exchanges are worth a trial.
4. *Add*: where overtime has a price, one officer more who costs less than the overtime he saves.
5. *Exhaust*: if no more than `MOST_PLANS` cheaper plans keep up, all of them are tried.

Plans race: all meet the same random numbers, in few replications first, and a plan that has clearly
lost is left out of the next round. That more officers never hurt only orders the trials; it proves
nothing: every plan that the report calls tried was simulated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations_with_replacement
from typing import Final

from sim.experiments.run import looks
from sim.experiments.staffing.capacity_bounds import Floor, keeps_up, lowest
from sim.experiments.staffing.requirements import JudgedRequirement
from sim.experiments.staffing.teams import Plan, Team
from sim.experiments.staffing.trials import Trials

PRESSED: Final = 3
"""Teams tried for each officer added."""
EXCHANGES: Final = 12
"""Exchanges tried in one round."""
MOST_PLANS: Final = 500
"""Most cheaper plans that are all tried."""
FIRST_LOOK: Final = 10
"""Replications in which plans race first."""
TINY: Final = 1e-9
"""Difference between costs that is rounding error of floats."""


class Search:
    """Moves from plan to plan; the trials keep what was simulated."""

    def __init__(
        self,
        trials: Trials,
        floors: Sequence[Floor],
        most: Plan,
        replications: int,
        rejected: Iterable[Plan] = (),
    ) -> None:
        self.trials = trials
        self.teams = trials.teams
        self.floors = floors
        self.most = most
        self.looks = looks(replications, FIRST_LOOK)
        self.second_look = self.looks[min(1, len(self.looks) - 1)]
        self.rejected = frozenset(rejected)

    def cost(self, plan: Plan) -> float:
        """Return the cost of the posts of a plan."""
        return cost_of(self.teams, plan)

    def total(self, plan: Plan) -> float:
        """Return the cost of posts and overtime, in the trials up to the last look."""
        overtime = self.trials.overtime(plan, self.looks[-1])
        return self.cost(plan) + (float(overtime.mean()) if self.trials.priced else 0.0)

    def allowed(self, plan: Plan) -> bool:
        """Tell whether a plan is within its bounds and keeps up."""
        inside = all(
            team.least <= heads <= most
            for team, heads, most in zip(self.teams, plan, self.most, strict=True)
        )
        return inside and keeps_up(self.floors, plan)

    def neighbours(self, plan: Plan, by: int) -> dict[int, Plan]:
        """Return team → the plan with one officer more (by = 1) or fewer (-1), where allowed."""
        moved = {t: moved_by(plan, {t: by}) for t in range(len(plan))}
        return {t: changed for t, changed in moved.items() if self.allowed(changed)}

    def holds(self, plan: Plan) -> bool:
        """Tell whether a plan seen to the last look keeps everything, and was not rejected."""
        verdicts = {judged.verdict for judged in self.trials.size_up(plan)}
        return plan not in self.rejected and verdicts == {"holds"}

    def grow(self, plan: Plan) -> Plan | None:
        """Add officers until everything holds; None if the bounds end first."""
        for look in self.looks:
            last = look == self.looks[-1]
            self.trials.see([plan], look)
            while self._shortfall(plan, sure=last) > 0 or (last and not self.holds(plan)):
                better = self._one_more(plan, look, sure=last)
                if better is None:
                    break
                plan = better
        return plan if self.holds(plan) else None

    def _one_more(self, plan: Plan, look: int, *, sure: bool) -> Plan | None:
        more = self.neighbours(plan, +1)
        tried = self.most_pressed(plan, more)[:PRESSED]
        if not tried:
            return None
        self.trials.see([more[team] for team in tried], look)
        short = self._shortfall(plan, sure=sure)

        def gain(team: int) -> float:
            return (short - self._shortfall(more[team], sure=sure)) / self.teams[team].cost

        best = max(tried, key=gain)  # of equals, the most pressed
        return more[best if gain(best) > 0 else tried[0]]

    def most_pressed(self, plan: Plan, among: Iterable[int]) -> list[int]:
        """Return the teams, first those whose queues are most to blame for missed requirements."""
        judged = self.trials.size_up(plan)
        missed = [float(requirement.verdict != "holds") for requirement in judged]
        pressure = self.trials.pressure(plan, missed if any(missed) else [1.0] * len(judged))
        return sorted(among, key=lambda team: (-pressure[team] / self.teams[team].cost, team))

    def _shortfall(self, plan: Plan, *, sure: bool) -> float:
        return sum(
            max(0.0, -(judged.sure_margin if sure else judged.margin))
            for judged in self.trials.size_up(plan)
        )

    def race(self, candidates: Iterable[Plan], parent: Plan) -> Plan | None:
        """Return the first candidate that holds at the last look and costs less than the parent.

        The parent was simulated to the last look: differences from it are known well, and show
        early which candidates lose. The survivors of the early looks are tried to the end,
        cheapest first.
        """
        alive = [plan for plan in candidates if plan not in self.rejected]
        for look in self.looks[:-1]:
            self.trials.see(alive, look)
            alive = [plan for plan in alive if not self.lost(plan, parent)]
        for plan in sorted(alive, key=self._order):
            self.trials.see([plan], self.looks[-1])
            if self.holds(plan) and self.total(plan) < self.total(parent) - TINY:
                return plan
        return None

    def lost(self, plan: Plan, parent: Plan) -> bool:
        """Tell whether a plan clearly misses something, by itself or by distance to a parent."""
        known = self.trials.size_up(parent)
        for number, judged in enumerate(self.trials.size_up(plan)):
            if judged.verdict == "fails":
                return True
            gain = self.trials.margin_gain(plan, parent, number)
            if known[number].margin + gain.high < 0:
                return True
        return False

    def shrink(self, plan: Plan) -> Plan:
        """Take away officers one at a time, until no team can spare one."""
        kept: set[int] = set()
        """Teams that could not spare anyone under this plan or a larger one."""
        while True:
            fewer = self.neighbours(plan, -1)
            tried = {t: smaller_plan for t, smaller_plan in fewer.items() if t not in kept}
            smaller = self.race(tried.values(), plan)
            if smaller is not None:
                plan = smaller
                kept |= {
                    t
                    for t, loser in tried.items()
                    if loser != smaller and self.trials.count(loser) and self._is_out(loser)
                }
            elif kept:
                kept = set()  # they were tried under larger plans: try them under this one
            else:
                return plan

    def _is_out(self, plan: Plan) -> bool:
        judged = self.trials.size_up(plan)
        return any(
            requirement.verdict == "fails" or requirement.margin < 0 for requirement in judged
        )

    def _order(self, plan: Plan) -> tuple[float, float, Plan]:
        """Return the sort key of a plan: cheapest first; of equals, the largest worst margin."""
        return (self.total(plan), -worst_margin(self.trials.size_up(plan)), plan)

    def add(self, plan: Plan) -> Plan | None:
        """Return a plan with one officer more that saves more overtime than he costs, or None."""
        overtime = self.total(plan) - self.cost(plan)
        more = self.neighbours(plan, +1)
        return self.race([more[t] for t in more if self.teams[t].cost < overtime - TINY], plan)

    def exchange(self, plan: Plan) -> Plan | None:
        """Return a cheaper plan that holds, one exchange away, or None.

        It tries the `EXCHANGES` with the best margins predicted from single officers.
        """
        look = self.second_look
        fewer, more = self.neighbours(plan, -1), self.neighbours(plan, +1)
        self.trials.see([*fewer.values(), *more.values()], look)
        moves = self._moves(plan, sorted(fewer), sorted(more))
        ranked = sorted(
            (-value, moved_by(plan, move))
            for move in moves
            for value, at_best in [self.predicted(plan, move)]
            if at_best >= 0
        )
        return self.race([candidate for _, candidate in ranked[:EXCHANGES]], plan)

    def _moves(
        self, plan: Plan, leave: Sequence[int], come: Sequence[int]
    ) -> Iterator[dict[int, int]]:
        """Yield cheaper exchanges: one or two leave, one comes elsewhere."""
        leaving = [(t,) for t in leave] + list(combinations_with_replacement(leave, 2))
        for gone in leaving:
            for new in come:
                if new in gone:
                    continue
                move = {new: 1}
                for team in gone:
                    move[team] = move.get(team, 0) - 1
                moved = moved_by(plan, move)
                if self.cost(moved) < self.cost(plan) and self.allowed(moved):
                    yield move

    def predicted(self, plan: Plan, move: dict[int, int]) -> tuple[float, float]:
        """Return the worst margin after a move, predicted by adding up single officers.

        The first number is the estimate, the second the favourable end of the intervals.
        """
        value = at_best = math.inf
        for number, judged in enumerate(self.trials.size_up(plan)):
            margin, high = judged.margin, judged.margin
            for team, by in move.items():
                step = moved_by(plan, {team: 1 if by > 0 else -1})
                gain = self.trials.margin_gain(step, plan, number)
                margin += abs(by) * gain.value
                high += abs(by) * gain.high
            value, at_best = min(value, margin), min(at_best, high)
        return value, at_best

    def exhaust(self, plan: Plan) -> tuple[Plan, bool]:
        """Try every cheaper plan in order of cost, up to `MOST_PLANS` of them.

        Return the cheapest that holds, and whether all cheaper ones have been tried.
        """
        cheaper = self.plans_below(self.total(plan))
        if cheaper is None:
            return plan, False
        best = plan
        by_cost: dict[float, list[Plan]] = {}
        for candidate in cheaper:
            by_cost.setdefault(round(self.cost(candidate), 9), []).append(candidate)
        for cost in sorted(by_cost):
            if cost >= self.total(best) - TINY:
                break
            best = self.race(by_cost[cost], best) or best
        return best, True

    def plans_below(self, cost: float) -> list[Plan] | None:
        """Return every allowed plan whose posts cost less; None if there are too many."""
        plans: list[Plan] = []
        least = lowest(self.floors, self.teams)
        costs = [team.cost for team in self.teams]
        steps = 0  # wide bounds may hold many plans that do not keep up

        def extend(begun: Plan, spent: float) -> bool:
            """Add the plans that begin with `begun`; return False if there are too many."""
            nonlocal steps
            steps += 1
            t = len(begun)
            if t == len(costs):
                plans.extend([begun] if self.allowed(begun) else [])
                return len(plans) <= MOST_PLANS
            for heads in range(least[t], self.most[t] + 1):
                total = spent + (heads - least[t]) * costs[t]
                if total >= cost - TINY:
                    break
                if steps > 50 * MOST_PLANS or not extend((*begun, heads), total):
                    return False
            return True

        return plans if extend((), self.cost(least)) else None


def cost_of(teams: Sequence[Team], plan: Plan) -> float:
    """Return the cost of a plan."""
    return sum(team.cost * heads for team, heads in zip(teams, plan, strict=True))


def moved_by(plan: Plan, move: dict[int, int]) -> Plan:
    """Return a plan with officers added and taken away, by team."""
    return tuple(heads + move.get(team, 0) for team, heads in enumerate(plan))


def worst_margin(judged: Sequence[JudgedRequirement]) -> float:
    """Return the smallest margin of all requirements."""
    return min(requirement.margin for requirement in judged)


def best_within(search: Search, plan: Plan, heads: int) -> Plan:
    """Return the plan found with at most `heads` officers (员额总控) and the largest worst margin.

    The search begins at a plan that keeps up within `heads`. The answer is simulated to the last
    look. No exchange of one officer that was tried is better; other plans may be.
    """
    look = search.second_look
    search.trials.see([plan], look)
    while sum(plan) < heads:
        more = search.neighbours(plan, +1)
        tried = [more[team] for team in search.most_pressed(plan, more)[:PRESSED]]
        if not tried:
            break
        search.trials.see(tried, look)
        plan = max(tried, key=lambda candidate: _merit(search, candidate))
    search.trials.see([plan], search.looks[-1])
    while (better := _exchanged(search, plan, look)) is not None:
        plan = better
    return plan


def _exchanged(search: Search, plan: Plan, look: int) -> Plan | None:
    """Return a plan with one officer moved and a larger worst margin; None if none was found."""
    trials = search.trials
    fewer, more = search.neighbours(plan, -1), search.neighbours(plan, +1)
    trials.see([*fewer.values(), *more.values()], look)
    moves = [{gone: -1, new: 1} for gone in fewer for new in more if gone != new]
    moves = [move for move in moves if search.allowed(moved_by(plan, move))]
    moves.sort(key=lambda move: -search.predicted(plan, move)[0])
    alive = [moved_by(plan, move) for move in moves[:EXCHANGES]]
    for at in search.looks:
        trials.see(alive, at)
        alive = [candidate for candidate in alive if not _worse(search, candidate, plan)]
    best = max(alive, key=lambda candidate: _merit(search, candidate), default=None)
    return best if best is not None and _merit(search, best) > _merit(search, plan) else None


def _merit(search: Search, plan: Plan) -> tuple[float, float]:
    judged = search.trials.size_up(plan)
    return worst_margin(judged), sum(requirement.margin for requirement in judged)


def _worse(search: Search, plan: Plan, than: Plan) -> bool:
    """Tell whether a plan is clearly worse in the requirement that `than` keeps worst."""
    margins = [judged.margin for judged in search.trials.size_up(than)]
    worst = margins.index(min(margins))
    return search.trials.margin_gain(plan, than, worst).high < 0
