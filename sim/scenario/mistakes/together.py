"""Work that several officers do together: they are enough, and on duty at the same time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import reduce

import numpy as np

from sim.calendars import Intervals
from sim.scenario.answers import open_hours, united, values_of
from sim.scenario.errors import Problem
from sim.scenario.origin import KeyPath, Tree
from sim.scenario.schema.matters import CaseType, Together
from sim.scenario.schema.model import Scenario, Staff
from sim.translation import tr

_DAY_S = 86_400


def unfit_together(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield work for several officers at once that could never begin, or has no rule."""
    for name, case_type in scenario.case_types.items():
        for path, needs in _teams(scenario, ("case_types", name), case_type):
            if needs.keys() <= scenario.pools.keys():  # else told as a name that is not defined
                problems = [*_no_rule(scenario, needs)] or [*_never(scenario, needs)]
                own = next(iter(needs))
                for about, rule in problems:
                    key = "officers" if about == own and needs[own] > 1 else "with"
                    yield tree.problem((*path, key), rule, value=True)


def _teams(
    scenario: Scenario, path: KeyPath, case_type: CaseType
) -> Iterator[tuple[KeyPath, dict[str, int]]]:
    """Yield where work needs several officers at once: pool → how many."""
    for at, part in _work(scenario, path, case_type):
        ways = [part.seats]
        matter = case_type.matters.get(str(at[3])) if at[2] == "matters" else None
        for form, how in () if matter is None else matter.delegation.items():
            if form == scenario.handling.delegation and at[4] in {"review", "decision"}:
                zones = tuple(how.pool if pool == part.pool else pool for pool in part.seats)
                ways = [zones, part.seats] if how.when else [zones]
        yield from ((at, dict(Counter(pools))) for pools in ways if len(pools) > 1)


def _work(
    scenario: Scenario, path: KeyPath, case_type: CaseType
) -> Iterator[tuple[KeyPath, Together]]:
    """Yield all work that may need several officers, and where it is written."""
    for name, step in case_type.steps.items():
        yield (*path, "steps", name), step
        for via, loop in () if step.rework is None else step.rework.via.items():
            yield (*path, "steps", name, "rework", "via", via), loop
    for name, matter in case_type.matters.items():
        here: KeyPath = (*path, "matters", name)
        for key in ("review", "co_review", "special"):
            for task, part in getattr(matter, key).items():
                yield (*here, key, task), part
        if matter.decision is not None:
            yield (*here, "decision"), matter.decision
        if matter.verification is not None:
            yield (*here, "verification"), matter.verification
        if matter.commitment is not None and scenario.handling.commitment:
            yield (*here, "commitment", "verification"), matter.commitment.verification
    for number, effect in enumerate(case_type.effects):
        if effect.inspection is not None:
            yield (*path, "effects", number, "inspection"), effect.inspection


def _no_rule(scenario: Scenario, needs: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield pools, and what keeps their officers from work with others."""
    for pool in needs:
        if scenario.pools[pool].take_over:
            rule = tr(
                "pool '{pool}' has 'take_over', which moves officers from item to item; leave out "
                "'take_over', or let one officer do this work",
                pool=pool,
            )
            yield pool, rule
    for name, group in scenario.staff.items():
        both = sorted(needs.keys() & {*group.serves, *group.helps})
        if len(both) > 1:
            rule = tr(
                "staff '{name}' serves '{one}' and '{other}', but nobody can take two places at "
                "once; make a group for each of the two pools",
                name=name,
                one=both[0],
                other=both[1],
            )
            yield "", rule


def _never(scenario: Scenario, needs: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield pools whose officers are too few, or never on duty at the same time."""
    attributes = {per for pool in needs if (per := scenario.pools[pool].per) is not None}
    values = values_of(scenario, min(attributes)) if attributes else [None]
    try:
        for value in values:
            problem = _never_for(scenario, needs, value)
            if problem is not None:
                yield problem
                return
    except ValueError:  # told with the calendar
        return


def _never_for(
    scenario: Scenario, needs: Mapping[str, int], value: str | None
) -> tuple[str, str] | None:
    together: list[Intervals] = []
    for pool, need in needs.items():
        groups = [
            (group, heads)
            for group in scenario.staff.values()
            if pool in group.serves and (heads := _heads(scenario, pool, group, value))
        ]
        where = pool if scenario.pools[pool].per is None else f"{pool}[{value}]"
        there = sum(heads for _, heads in groups)
        if there == 0:
            return None  # told as a pool without officers
        if there < need:
            return pool, tr(
                "needs {need} officers of '{pool}' at the same time, but the pool has {there}, so "
                "it could never begin; write a smaller number, or give the pool more officers",
                need=need,
                pool=where,
                there=there,
            )
        together.append(_with_so_many(scenario, groups, need))
        if len(together[-1]) == 0:
            return pool, tr(
                "pool '{pool}' never has enough officers on duty at the same time (here {need}); "
                "check their 'hours', 'from' and 'until'",
                pool=where,
                need=need,
            )
    if len(reduce(Intervals.intersect, together)) == 0:
        return "", tr(
            "the officers of these pools are never on duty at the same time: {pools}; "
            "check 'hours'",
            pools=", ".join(needs),
        )
    return None


def _heads(scenario: Scenario, pool: str, group: Staff, value: str | None) -> int:
    """Return how many officers of the group serve the pool of an attribute value."""
    per = scenario.pools[pool].per
    if isinstance(group.count, int):
        return group.count
    if per is None or value is None:
        return sum(group.count.values())
    sites = united(scenario, per)
    return sum(n for key, n in group.count.items() if value in sites.get(key, (key,)))


def _with_so_many(scenario: Scenario, groups: list[tuple[Staff, int]], need: int) -> Intervals:
    """Return when so many officers are on duty, by their hours and first and last days."""
    duties = []
    for group, heads in groups:
        duty = open_hours(scenario, group.hours)
        begin, end = (
            None if day is None else _seconds(scenario, day)
            for day in (group.first_day, group.last_day)
        )
        last = int(duty.end.max(initial=0))
        duties.append((duty.clip(begin or 0, last if end is None else end + _DAY_S), heads))
    at = np.concatenate([np.concatenate([duty.start, duty.end]) for duty, _ in duties])
    change = np.concatenate([np.repeat([n, -n], len(duty)) for duty, n in duties])
    edges, place = np.unique(at, return_inverse=True)
    on_duty = np.cumsum(np.bincount(place, change, len(edges)))[:-1]
    enough = on_duty >= need
    return Intervals.of(np.stack([edges[:-1][enough], edges[1:][enough]], axis=1))


def _seconds(scenario: Scenario, day: dt.date) -> int:
    return (day - scenario.period.start).days * _DAY_S
