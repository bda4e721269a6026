"""The result of a search for staff, as objects and as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

from sim.experiments.staffing.capacity_bounds import Floor
from sim.experiments.staffing.requirements import JudgedRequirement, Requirement
from sim.experiments.staffing.search import cost_of
from sim.experiments.staffing.teams import Plan, Team, settings
from sim.experiments.staffing.trials import Confirmation
from sim.measures.checks import Check
from sim.measures.contrasts import Estimate
from sim.measures.shares import Verdict
from sim.results.finding import Finding, table_of
from sim.results.rows import CI, COLUMNS
from sim.results.run import Result
from sim.scenario import Scenario
from sim.supply.prices import has_costs

Outcome: TypeAlias = Literal[
    "found", "unconfirmed", "capped", "undecided", "out_of_reach", "no_room"
]
"""
- ``found``: the plan is proven to hold, on fresh random numbers and on those of the search.
- ``unconfirmed``: the search took it to hold, and it is not proven.
- ``capped``: the best within the cap, which does not hold.
- ``undecided``: even under the roomy plan, not everything is proven to hold.
- ``out_of_reach``: even under the roomy plan, something fails.
- ``no_room``: bounds or cap leave too few officers to keep up with the work.
"""


@dataclass(frozen=True)
class StaffRow:
    """One roster group, or one value of a group that counts by value."""

    team: str
    """The group; `group[value]` where it counts by value."""
    third_party: bool
    """Whether its posts belong to a third party, such as a bank, and not to the authorities."""
    today: int
    """Officers today."""
    floor: int
    """Fewest officers with which it keeps up with its work."""
    plan: int | None
    """Officers in the plan; empty without a plan."""
    change: int | None
    """`plan` − `today`; empty without a plan."""
    cost: float
    """Cost of one officer: yuan a year, if the scenario gives costs."""
    busy_today: float
    """Worked ÷ rostered time of its busiest pool, today."""
    busy_plan: float | None
    """Worked ÷ rostered time of its busiest pool, under the plan; empty without a plan."""


@dataclass(frozen=True)
class VerdictRow:
    """One requirement, under the plan on fresh random numbers."""

    requirement: str
    """The limit, or the pool of a wait."""
    kind: str
    """`limit` or `wait`."""
    target: float
    """Required on-time share, or longest mean wait in hours."""
    value: Estimate = field(metadata=CI)
    """On-time share, or mean wait in hours."""
    margin: float
    """Distance to the target, positive if it is met: in shares, or in parts of the allowed wait."""
    verdict: Verdict
    """`holds`, `fails`, `undecided`."""

    @classmethod
    def of(cls, requirement: Requirement, judged: JudgedRequirement) -> VerdictRow:
        """Return the row of a judged requirement."""
        return cls(
            requirement=requirement.name,
            kind=requirement.kind,
            target=requirement.target,
            value=Estimate(judged.value, judged.low, judged.high),
            margin=judged.margin,
            verdict=judged.verdict,
        )


@dataclass(frozen=True)
class FrontierRow:
    """A best plan for its cost, cheapest first, with the requirement that it keeps worst."""

    heads: int
    """Officers."""
    cost: float
    """Cost of these officers."""
    overtime: float
    """Cost of the overtime of all groups; 0 if none is given."""
    worst: VerdictRow
    """The requirement that is least surely kept."""
    replications: int
    """Replications behind the row."""
    staff: Mapping[str, int] = field(metadata={COLUMNS: ("staff.GROUP",)})
    """Officers of the group; a column for each."""


@dataclass(frozen=True)
class MarginalRow:
    """One staffing, group and requirement: what one officer more or fewer changes."""

    at: str
    """The staffing that is changed: `today` or `plan`."""
    team: str
    """The group."""
    by: int
    """One officer more (1) or fewer (-1)."""
    requirement: str
    """The limit, or the pool of a wait."""
    kind: str
    """`limit` or `wait`."""
    change: Estimate = field(metadata=CI)
    """Change of the on-time share, or of the mean wait in hours."""
    verdict: Verdict
    """Verdict on the requirement after the change."""
    replications: int
    """Replications behind the row."""


@dataclass(frozen=True)
class OneMore:
    """The effect of one officer more or fewer on one requirement."""

    at: Literal["today", "plan"]
    team: Team
    by: Literal[1, -1]
    requirement: Requirement
    change: Estimate
    """Change of the on-time share, or of the mean wait in hours, on common random numbers; the
    intervals of all teams for one requirement, `at` and `by` hold together."""
    verdict: Verdict
    """Verdict on the requirement under the changed plan, from these replications alone."""
    replications: int


@dataclass(frozen=True)
class Point:
    """The best simulated plan for its cost; no cheaper one is better."""

    plan: Plan
    heads: int
    cost: float
    judged: tuple[JudgedRequirement, ...]
    replications: int
    overtime: float = 0.0
    """Cost of the overtime, mean over its replications; 0 if none is given."""

    @property
    def total(self) -> float:
        """Cost of posts and overtime."""
        return self.cost + self.overtime

    @property
    def worst(self) -> int:
        """Return the number of the requirement that is least surely kept."""
        return min(range(len(self.judged)), key=lambda number: self.judged[number].sure_margin)


@dataclass(frozen=True, eq=False, repr=False)
class Staffing(Finding):
    """The answer of `sim.staff`; `table`, `verdicts`, `frontier` and `marginal` are tables."""

    made_of: ClassVar = (
        Team,
        Requirement,
        Floor,
        JudgedRequirement,
        OneMore,
        Point,
        Confirmation,
        Estimate,
    )

    scenario: Scenario
    """The scenario with today's staff."""
    seed: int
    replications: int
    """Replications at the search's last look."""
    cap: int | None
    busy: float
    teams: tuple[Team, ...]
    requirements: tuple[Requirement, ...]
    floors: tuple[Floor, ...]
    lowest: Plan
    """Fewest officers of each team by its bound, and for its own pools to keep up."""
    outcome: Outcome
    today: Plan
    plan: Plan | None
    plan_replications: int
    """Replications of the plan in the search. If it was found, they prove it, too: `sim run` with
    as many and the same seed gives it the same verdicts. 0 without a plan."""
    confirmation: Confirmation | None
    """Confirmation of the plan on fresh random numbers."""
    rejected: tuple[Plan, ...]
    """Plans that the search took to hold, and that are not proven."""
    exhausted: bool
    """Whether every cheaper plan that keeps up was tried."""
    roomy: Plan
    """The roomy plan: within the bounds, officers enough that nobody waits."""
    reach: Result | None
    """Result under the roomy plan, if even that does not hold; it tells what used the days."""
    reached: tuple[JudgedRequirement, ...]
    """The requirements under the roomy plan."""
    one_more: tuple[OneMore, ...]
    points: tuple[Point, ...]
    """The best plans by cost, cheapest first."""
    busy_of: tuple[tuple[float, ...], tuple[float, ...]]
    """Worked ÷ rostered time of each team's busiest pool, today and under the plan."""
    overtime: tuple[Estimate, ...]
    """Cost of the overtime of all groups, in yuan a year: today and, if there is one, under the
    plan. Empty unless the scenario gives a cost of overtime."""
    plans_tried: int
    replications_made: int
    failed_checks: tuple[Check, ...] = ()
    """Self-checks that failed in any replication; should be empty."""

    @property
    def settings(self) -> tuple[str, ...]:
        """The plan as ``path=value`` texts for `sim.vary` and ``--set``."""
        return () if self.plan is None else settings(self.scenario, self.teams, self.plan)

    def cost(self, plan: Plan) -> float:
        """Return the cost of the posts of a plan."""
        return cost_of(self.teams, plan)

    @property
    def in_yuan(self) -> bool:
        """Whether costs are in yuan a year, as the scenario gives them."""
        return has_costs(self.scenario)

    @property
    def perhaps(self) -> Point | None:
        """The cheapest simulated plan below the plan's cost that is not proven to fail."""
        if self.plan is None:
            return None
        overtime = self.overtime[1].value if self.overtime else 0.0
        for point in self.points:
            fails = any(judged.verdict == "fails" for judged in point.judged)
            if point.total < self.cost(self.plan) + overtime and not fails:
                return point
        return None

    @table_of(StaffRow, "staff")
    def table(self) -> Iterator[StaffRow]:
        """One row per team: today, floor, plan."""
        plan = self.plan
        for number, team in enumerate(self.teams):
            yield StaffRow(
                team=team.name,
                third_party=team.third_party,
                today=team.today,
                floor=self.lowest[number],
                plan=None if plan is None else plan[number],
                change=None if plan is None else plan[number] - team.today,
                cost=team.cost,
                busy_today=self.busy_of[0][number],
                busy_plan=None if plan is None else self.busy_of[1][number],
            )

    @table_of(VerdictRow)
    def verdicts(self) -> Iterable[VerdictRow]:
        """One row per requirement: the plan on fresh random numbers."""
        judged = () if self.confirmation is None else self.confirmation.judged
        return map(VerdictRow.of, self.requirements, judged)

    @property
    def reach_rows(self) -> tuple[VerdictRow, ...]:
        """One row per requirement under the roomy plan, if that was tried."""
        return tuple(map(VerdictRow.of, self.requirements, self.reached))

    @table_of(FrontierRow)
    def frontier(self) -> Iterator[FrontierRow]:
        """One row per point, cheapest first, with its worst requirement."""
        for point in self.points:
            staff = zip(self.teams, point.plan, strict=True)
            yield FrontierRow(
                heads=point.heads,
                cost=point.cost,
                overtime=point.overtime,
                worst=VerdictRow.of(self.requirements[point.worst], point.judged[point.worst]),
                replications=point.replications,
                staff={f"staff.{team.name}": heads for team, heads in staff},
            )

    @table_of(MarginalRow)
    def marginal(self) -> Iterator[MarginalRow]:
        """One row per team, requirement and change: +1 officer today, ±1 in the plan."""
        for step in self.one_more:
            yield MarginalRow(
                at=step.at,
                team=step.team.name,
                by=step.by,
                requirement=step.requirement.name,
                kind=step.requirement.kind,
                change=step.change,
                verdict=step.verdict,
                replications=step.replications,
            )
