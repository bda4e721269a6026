"""Teams: officers whose number is searched; and plans: the number of officers of each team."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from sim.limits import Scope
from sim.process import PoolTable, Process
from sim.process.graph import Node, Owner
from sim.scenario import Problem, Scenario, ScenarioError, nearest
from sim.supply import SupplySource
from sim.supply.prices import post_cost
from sim.translation import tr

Bound = TypeVar("Bound")
Plan: TypeAlias = tuple[int, ...]
"""Heads of each team, in the order of the teams."""


@dataclass(frozen=True)
class Team:
    """Officers who are counted together: a roster group, or its part for one value."""

    name: str
    """`planners`; or `planners[gaizhou]`, where the group counts by value."""
    group: str
    value: str | None
    pools: tuple[int, ...]
    """Numbers of the pools that they serve."""
    today: int
    """Heads in the scenario as it is."""
    least: int = 0
    most: int | None = None
    cost: float = 1.0
    """Cost of one officer: yuan a year if the scenario gives costs. Else only the ratios matter."""
    priced: bool = True
    """Whether the scenario gives a cost above 0, if it gives any."""
    third_party: bool = False
    """All its steps are those of third parties: its posts are not the authorities' own."""

    def allows(self, heads: int) -> bool:
        """Tell whether the bounds allow this number of officers."""
        return self.least <= heads and (self.most is None or heads <= self.most)


def all_teams(
    scenario: Scenario, process: Process, pools: PoolTable, source: SupplySource
) -> tuple[Team, ...]:
    """Return every team of a scenario, groups and values in alphabetical order.

    The pools that they serve are taken from the roster of `manned`, in which no team is empty. If
    the scenario gives costs, a post without one counts as 1 yuan a year, so that none is taken for
    nothing.
    """
    costs = {name: post_cost(group) for name, group in scenario.staff.items()}
    given = not all(map(math.isnan, costs.values()))
    served = {officer.team: officer.pools for officer in source.officers}
    theirs = _pools_of(process, pools, lambda node: node.owner == Owner.THIRD_PARTY)
    ours = _pools_of(process, pools, lambda node: node.owner != Owner.THIRD_PARTY)

    def team(name: str, group: str, value: str | None, today: int) -> Team:
        mine = set(served[name])
        outside = bool(mine & theirs) and not mine & ours
        priced = not given or costs[group] > 0
        cost = costs[group] if given and priced else 1.0
        known = (name, group, value, served[name], today)
        return Team(*known, cost=cost, priced=priced, third_party=outside)

    teams = []
    for group, staff in sorted(scenario.staff.items()):
        if isinstance(staff.count, Mapping):
            for value, count in sorted(staff.count.items()):
                name = f"{group}[{value}]"
                teams.append(team(name, group, value, count))
        else:
            teams.append(team(group, group, None, staff.count))
    return tuple(teams)


def _pools_of(process: Process, pools: PoolTable, chosen: Callable[[Node], bool]) -> set[int]:
    """Return the pools, by number, in which some step of this choice is done."""
    return {
        number
        for node in process.nodes
        if node.pool is not None and chosen(node)
        for number in pools.numbers(node.pool)
    }


def manned(scenario: Scenario) -> Scenario:
    """Return the scenario with at least one officer in every team."""
    return _with_counts(
        scenario,
        {
            name: {value: max(count, 1) for value, count in group.count.items()}
            if isinstance(group.count, Mapping)
            else max(group.count, 1)
            for name, group in scenario.staff.items()
        },
    )


def staffed(scenario: Scenario, teams: Sequence[Team], plan: Plan) -> Scenario:
    """Return the scenario with the plan's staff; groups without a team stay as they are.

    The scenario is not checked again as by `sim.vary`: only numbers change, and a search tries
    hundreds of plans.
    """
    return _with_counts(scenario, _counts(scenario, teams, plan))


def settings(scenario: Scenario, teams: Sequence[Team], plan: Plan) -> tuple[str, ...]:
    """Return the plan as ``path=value`` texts for `sim.vary` or ``--set``; changes only."""
    counts = _counts(scenario, teams, plan)
    return tuple(
        f"staff.{name}.count={json.dumps(count, ensure_ascii=False)}"
        for name, count in counts.items()
        if count != scenario.staff[name].count
    )


def _counts(
    scenario: Scenario, teams: Sequence[Team], plan: Plan
) -> dict[str, int | dict[str, int]]:
    counts: dict[str, int | dict[str, int]] = {}
    for team, heads in zip(teams, plan, strict=True):
        now = scenario.staff[team.group].count
        if team.value is None or not isinstance(now, Mapping):
            counts[team.group] = heads
        else:
            of_group = counts.setdefault(team.group, dict(now))
            assert isinstance(of_group, dict)
            of_group[team.value] = heads
    return counts


def _with_counts(scenario: Scenario, counts: Mapping[str, int | Mapping[str, int]]) -> Scenario:
    groups = {
        name: group.model_copy(update={"count": counts[name]}) if name in counts else group
        for name, group in scenario.staff.items()
    }
    return scenario.model_copy(update={"staff": groups})


def chosen(
    teams: Sequence[Team],
    groups: Collection[str] | None,
    least: Mapping[str, int],
    most: Mapping[str, int],
    cost: Mapping[str, float],
    awaited: Collection[int],
) -> tuple[Team, ...]:
    """Return the teams to search, with their bounds and costs.

    Those are the groups or teams in `groups`; by default, all that serve an awaited pool (see
    `awaited_pools`). Bounds and costs are given by name of a team or, for all its teams, of a
    group. Raises `ScenarioError` if a name is unknown, or the bounds contradict each other.
    """
    if problems := list(_problems(teams, groups, least, most, cost)):
        raise ScenarioError(problems)
    return tuple(
        replace(
            team,
            least=_own(least, team, 0),
            most=_own(most, team, None),
            cost=_own(cost, team, team.cost),
            priced=team.priced or _own(cost, team, 0.0) > 0,
        )
        for team in teams
        if (
            not {team.name, team.group}.isdisjoint(groups)
            if groups is not None
            else not set(team.pools).isdisjoint(awaited)
        )
    )


def _own(values: Mapping[str, Bound], team: Team, otherwise: Bound) -> Bound:
    """Return the value of a team, else of its group, else `otherwise`."""
    return values.get(team.name, values.get(team.group, otherwise))


def _problems(
    teams: Sequence[Team],
    groups: Collection[str] | None,
    least: Mapping[str, int],
    most: Mapping[str, int],
    cost: Mapping[str, float],
) -> Iterator[Problem]:
    known = {team.name for team in teams} | {team.group for team in teams}
    named = {"--group": groups or (), "--min": least, "--max": most, "--cost": cost}
    for option, names in named.items():
        for name in (name for name in names if name not in known):
            rule = tr("no roster group of this name{hint}", hint=nearest(name, known))
            yield Problem(rule, option, None, "staff", f"'{name}'")
    for option, bounds in (("--min", least), ("--max", most)):
        for name, heads in bounds.items():
            if not 0 <= heads <= 10_000:
                yield Problem(tr("must lie between 0 and 10000"), option, None, name, str(heads))
    for name, price in cost.items():
        if not (price > 0 and math.isfinite(price)):
            yield Problem(tr("must be above 0"), "--cost", None, name, str(price))
    for team in teams:
        if _own(least, team, 0) > _own(most, team, math.inf):
            yield Problem(tr("--min lies above --max"), "--min", None, team.name)


def awaited_pools(process: Process, pools: PoolTable, scopes: Sequence[Scope]) -> set[int]:
    """Return the numbers of the pools on the way to the end of some scopes.

    They belong to all steps in scope and to all steps before them. Other steps of the cases (a bank
    account that is not in scope) do not make them late.
    """
    names: set[str] = set()
    for scope in scopes:
        inside = process.in_scope(scope.case_type, scope.matters)
        number = process.case_types.index(scope.case_type)
        first, nodes = int(process.first_node[number]), process.graphs[number].nodes
        on_the_way = set()
        for at in range(len(nodes) - 1, -1, -1):  # predecessors have smaller numbers
            if inside[first + at] or at in on_the_way:
                on_the_way |= {at, *nodes[at].after}
        names |= {name for at in on_the_way if (name := nodes[at].pool) is not None}
    return {number for name in names for number in pools.numbers(name)}
