"""Measures that might save a case: an officer more, two hours of overtime, priority for it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sim.calendars import parse_week
from sim.experiments.forecast.outlook import Measure
from sim.replications.model import Model
from sim.scenario import Scenario
from sim.scenario.schema.timing import Hours

OVERTIME_S: Final = 2 * 3600
"""How much longer every day of a team is with overtime; not beyond midnight."""
MOST_POOLS: Final = 6
"""Pools for which an officer and overtime are tried: those that hold most of the cases at risk."""
MOST_CASES: Final = 12
"""Cases for which priority is tried: the first of the ranked list."""
AT_RISK: Final = 0.05
"""Least probability to be late of a case that is looked at."""
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def measures_for(
    model: Model, at_risk: Sequence[int], pools: Iterable[int]
) -> Iterator[tuple[Measure, Model]]:
    """Yield what is tried, each with the model of its staff.

    `at_risk`: cases, the most urgent first; `pools`: of each case at risk, those that hold it.
    """
    team_of: dict[int, str] = {}
    for pool, _ in Counter(pools).most_common(MOST_POOLS):
        team = team_for(model, pool)
        if team is not None and team not in team_of.values():
            team_of[pool] = team
    for pool, team in team_of.items():
        yield Measure("officer", team, pool), model.restaffed(with_officer(model.scenario, team))
        longer = with_overtime(model.scenario, team)
        if longer is not None:
            yield Measure("overtime", team, pool), model.restaffed(longer)
    for case in at_risk[:MOST_CASES]:
        yield Measure("priority", case=case), model


def team_for(model: Model, pool: int) -> str | None:
    """Return the team that serves a pool and the fewest others; the larger one of two."""
    officers = [officer for officer in model.supply.officers if pool in officer.pools]
    size = Counter(officer.team for officer in officers)
    width = {officer.team: len(officer.pools) for officer in officers}
    return min(size, key=lambda team: (width[team], -size[team], team), default=None)


def _split(team: str) -> tuple[str, str | None]:
    """Return the group and the value of a team's name, `group[value]`."""
    group, bracket, rest = team.partition("[")
    return group, rest[:-1] if bracket else None


def with_officer(scenario: Scenario, team: str) -> Scenario:
    """Return the scenario with one officer more in a team."""
    name, value = _split(team)
    group = scenario.staff[name]
    count: int | dict[str, int]
    if isinstance(group.count, Mapping):
        assert value is not None
        count = {**group.count, value: group.count[value] + 1}
    else:
        count = group.count + 1
    staff = {**scenario.staff, name: group.model_copy(update={"count": count})}
    return scenario.model_copy(update={"staff": staff})


def with_overtime(scenario: Scenario, team: str) -> Scenario | None:
    """Return the scenario in which a team's group works longer each day; None if it cannot.

    Dated exceptions stay as they are written.
    """
    name, _ = _split(team)
    group = scenario.staff[name]
    longer = _longer(scenario.hours[group.hours])
    if longer is None:
        return None
    hours = f"{group.hours} and overtime"
    staff = {**scenario.staff, name: group.model_copy(update={"hours": hours})}
    update = {"staff": staff, "hours": {**scenario.hours, hours: longer}}
    return scenario.model_copy(update=update)


def _longer(hours: Hours) -> Hours | None:
    """Return a weekly pattern whose days end later; None for other hours."""
    if hours.week is None:
        return None
    week = {}
    for day, stretches in parse_week(hours.week).items():
        *others, (begin, end) = sorted(stretches)
        later = [*others, (begin, min(end + OVERTIME_S, 24 * 3600))]
        week[_DAYS[day]] = " ".join(f"{_clock(a)}-{_clock(b)}" for a, b in later)
    return hours.model_copy(update={"week": week})


def _clock(second: int) -> str:
    return f"{second // 3600}:{second % 3600 // 60:02d}"


def setting(scenario: Scenario, measure: Measure) -> str:
    """Return an officer more as a ``path=value`` text for `--set`; "" for other measures."""
    if measure.kind != "officer":
        return ""
    name, _ = _split(measure.team)
    count = with_officer(scenario, measure.team).staff[name].count
    return f"staff.{name}.count={json.dumps(count, ensure_ascii=False)}"
