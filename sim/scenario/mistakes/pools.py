"""Pools that cases need: they exist for every case, and officers serve them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Protocol

from sim.scenario.answers import (
    MOST_PARTS,
    attributes_of,
    joint_meeting,
    open_hours,
    single_window,
    speed_of,
    united,
    values_of,
)
from sim.scenario.errors import Problem, nearest
from sim.scenario.mistakes.case_types import undefined
from sim.scenario.origin import KeyPath, Tree
from sim.scenario.schema.matters import CaseType, Matter, Together
from sim.scenario.schema.model import Scenario, Staff
from sim.translation import tr


class _Work(Protocol):
    """Work in a case type, with the pool that does it."""

    @property
    def pool(self) -> str | None: ...


@dataclass(frozen=True)
class _One:
    """Work of one pool."""

    pool: str


def _pools_of(part: _Work | None) -> tuple[str, ...]:
    """Return all pools that work needs."""
    if isinstance(part, Together):
        return tuple(dict.fromkeys(part.seats))
    return () if part is None or part.pool is None else (part.pool,)


def pools_without_attribute(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield pools per attribute value that are needed by cases without the attribute."""
    for name, case_type in scenario.case_types.items():
        for pool in sorted(set(pools_used(case_type, scenario))):
            per = scenario.pools[pool].per
            if per is not None and per not in case_type.attributes:
                rule = tr(
                    "exists per '{per}', but cases of type '{name}' have no such attribute{hint}",
                    per=per,
                    name=name,
                    hint=nearest(per, case_type.attributes),
                )
                yield tree.problem(("pools", pool, "per"), rule, value=True)


def pools_without_officers(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield pools that cases need and no officer serves, for all or some attribute values."""
    for name, group in scenario.staff.items():
        if isinstance(group.count, Mapping):
            yield from _counts_by_value(tree, scenario, name, group)
    served = {pool for group in scenario.staff.values() if _heads(group) for pool in group.serves}
    for name, case_type in scenario.case_types.items():
        for pool in sorted(set(pools_used(case_type, scenario))):
            rule = None
            if pool not in served:
                rule = tr(
                    "no officer serves this pool, which cases of type '{name}' need", name=name
                )
            elif missing := _values_without_officers(scenario, case_type, pool):
                rule = tr(
                    "no officer serves it for {missing} (cases of type '{name}')",
                    missing=", ".join(missing),
                    name=name,
                )
            if rule is not None:
                yield tree.problem(("pools", pool), rule)


def unfit_for_take_over(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield what keeps the officers of a pool with take-over from it: see `Pool.take_over`."""
    for name, pool in scenario.pools.items():
        if not pool.take_over:
            continue
        for key, group in scenario.staff.items():
            if name in group.helps:
                rule = tr(
                    "pool '{name}' has 'take_over', so nobody can help in it on a condition",
                    name=name,
                )
                yield tree.problem(("staff", key, "helps", name), rule)
            if name in group.serves and (group.helps or group.overtime):
                at = "helps" if group.helps else "overtime"
                rule = tr(
                    "pool '{name}' has 'take_over'; its officers serve it alone, in duty alone",
                    name=name,
                )
                yield tree.problem(("staff", key, at), rule)
        for key, group in _groups(scenario, name).items():
            if _serves_several(scenario, group):
                rule = tr(
                    "pool '{name}' has 'take_over', but these officers serve several "
                    "pools; who takes over serves one: make a group for each pool, "
                    "or leave out 'take_over'",
                    name=name,
                )
                yield tree.problem(("staff", key, "serves"), rule, value=True)
        speeds = [speed_of(group) for group in _groups(scenario, name).values()]
        if math.lcm(*(speed.denominator for speed in speeds)) > MOST_PARTS:
            rule = tr(
                "the speeds (speed × share) of its officers are no multiples of one "
                "millionth, or a larger unit, so a rest of work is not exact: write "
                "them with fewer decimals"
            )
            yield tree.problem(("pools", name, "take_over"), rule, value=True)


def unlike_without_take_over(scenario: Scenario) -> Iterator[tuple[str, list[Fraction]]]:
    """Yield pools with officers of several speeds that could have take-over, and these speeds."""
    for name, pool in scenario.pools.items():
        groups = [group for group in _groups(scenario, name).values() if _heads(group)]
        speeds = sorted({speed_of(group) for group in groups})
        fits = pool.rule == "fifo" and not any(_serves_several(scenario, one) for one in groups)
        if fits and len(speeds) > 1 and not pool.take_over:
            yield name, speeds


def never_near_a_limit(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield overtime and help for cases near their limit in pools whose cases have no limit."""
    limited = {limit.case_type for limit in scenario.limits.values()}
    used = {
        pool
        for name, case_type in scenario.case_types.items()
        if name in limited
        for pool in pools_used(case_type, scenario)
    }
    rule = tr("no case with a limit needs {}, so none is ever near its limit there; ")
    for name, group in scenario.staff.items():
        if group.overtime is not None and used.isdisjoint((*group.serves, *group.helps)):
            served = tr(" or ").join(f"'{pool}'" for pool in group.serves)
            text = rule.format(served) + tr("give a limit under 'limits', or leave 'overtime' out")
            yield tree.problem(("staff", name, "overtime"), text)
        for pool, help_ in group.helps.items():
            if help_.below_wd is not None and pool not in used:
                text = rule.format(f"'{pool}'") + tr(
                    "give a limit under 'limits', or only queue_over"
                )
                yield tree.problem(("staff", name, "helps", pool, "below_wd"), text)


def overtime_within_duty(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield overtime whose hours add nothing to those of duty."""
    for name, group in scenario.staff.items():
        if group.overtime is None:
            continue
        try:
            duty, hours = (open_hours(scenario, n) for n in (group.hours, group.overtime.hours))
        except ValueError:  # told with the calendar
            return
        if len(hours) == 0 or len(hours.minus(duty)) == 0:
            rule = tr(
                "'{hours}' adds nothing to '{own}' on the simulated dates; name "
                "hours outside of duty, such as evenings or Saturdays",
                hours=group.overtime.hours,
                own=group.hours,
            )
            yield tree.problem(("staff", name, "overtime", "hours"), rule)


def _groups(scenario: Scenario, pool: str) -> dict[str, Staff]:
    return {name: group for name, group in scenario.staff.items() if pool in group.serves}


def _serves_several(scenario: Scenario, group: Staff) -> bool:
    """Return whether an officer of the group serves several pools, each attribute value's too."""
    per = scenario.pools[group.serves[0]].per
    if len(group.serves) > 1 or per is None:
        return len(group.serves) > 1
    sites = united(scenario, per)
    if isinstance(group.count, int):
        return True  # a roving group serves all values
    return any(len(sites.get(value, (value,))) > 1 for value in group.count)


def _heads(group: Staff) -> int:
    return sum(group.count.values()) if isinstance(group.count, Mapping) else group.count


def missing_counters(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield departments without a counter that need one, without one-window intake."""
    for name, case_type in scenario.case_types.items():
        if single_window(scenario, case_type):
            continue
        for matter_name, matter in case_type.matters.items():
            if matter.at_window and scenario.departments[matter.department].counter is None:
                rule = tr(
                    "needs a counter: without one window, '{matter_name}' of "
                    "'{name}' is handed in there",
                    matter_name=matter_name,
                    name=name,
                )
                yield tree.problem(("departments", matter.department), rule)


def _values_without_officers(scenario: Scenario, case_type: CaseType, pool: str) -> list[str]:
    """Return the attribute values without officers: their cases would wait in the pool forever."""
    per = scenario.pools[pool].per
    spec = attributes_of(scenario, case_type).get(per) if per is not None else None
    if per is None or spec is None:
        return []
    groups = [group for group in scenario.staff.values() if pool in group.serves and _heads(group)]
    if any(isinstance(group.count, int) for group in groups):
        return []  # a roving group serves every value
    sites = united(scenario, per)
    counts = [group.count for group in groups if isinstance(group.count, Mapping)]
    named = {value for count in counts for value, officers in count.items() if officers}
    served = named.union(*(sites.get(value, ()) for value in named))
    sent = _values_with_power(scenario, case_type, pool, per)
    return sorted(
        value
        for value, share in spec.shares.items()
        if share and value not in served and (sent is None or value in sent)
    )


def _values_with_power(
    scenario: Scenario, case_type: CaseType, pool: str, per: str
) -> set[str] | None:
    """Return the values of the attribute `per` for which matters are delegated to the pool.

    None: it has other work, too, or the matters are delegated for all values.
    """
    form = scenario.handling.delegation
    ways = [
        how
        for matter in case_type.matters.values()
        for of, how in matter.delegation.items()
        if of == form and how.pool == pool
    ]
    works = sum(used == pool for used in pools_used(case_type, scenario))
    if works > len(ways) or any(per not in how.when for how in ways):
        return None
    stated = (how.when[per] for how in ways)
    return {value for of in stated for value in ((of,) if isinstance(of, str) else of)}


def _counts_by_value(tree: Tree, scenario: Scenario, name: str, group: Staff) -> Iterator[Problem]:
    at: KeyPath = ("staff", name, "count")
    attributes = {scenario.pools[pool].per for pool in (*group.serves, *group.helps)}
    if len(attributes) != 1 or None in attributes:
        yield tree.problem(
            at, tr("counts by value need pools that all exist per the same attribute")
        )
        return
    attribute = str(attributes.pop())
    names = dict.fromkeys([*values_of(scenario, attribute), *united(scenario, attribute)])
    assert isinstance(group.count, Mapping)
    for value in group.count:
        yield from undefined(tree, at, value, names)


def pools_used(case_type: CaseType, scenario: Scenario) -> Iterator[str]:
    """Yield the pools that cases of this type may need under the scenario's handling."""
    steps = list(case_type.steps.values())
    loops = [step.rework.via.values() for step in steps if step.rework is not None]
    work: list[_Work | None] = [*steps, *chain.from_iterable(loops)]
    work += [effect.inspection for effect in case_type.effects]
    work += [case_type.assistance] if scenario.handling.assisted_service else []
    for matter in case_type.matters.values():
        work += _work_on(matter, case_type, scenario)
        if matter.at_window and not single_window(scenario, case_type):
            counter = scenario.departments[matter.department].counter
            yield from () if counter is None else (counter,)
    for part in work:
        yield from _pools_of(part)


def _work_on(matter: Matter, case_type: CaseType, scenario: Scenario) -> list[_Work | None]:
    """Return all work that a matter may need, with None for work that it lacks."""
    handling = scenario.handling
    delegated = [how for form, how in matter.delegation.items() if form == handling.delegation]
    work: list[_Work | None] = [*matter.co_review.values(), *matter.special.values()]
    own = [*matter.review.values(), matter.decision]
    if not delegated or delegated[0].when:
        work += own
    work += [*delegated, *(_One(pool) for task in own if task for pool in task.joining)]
    work.append(matter.verification)
    if matter.at_window and single_window(scenario, case_type):
        work.append(case_type.window)
    if joint_meeting(scenario, case_type):
        work.append(matter.meeting)
    if handling.commitment and matter.commitment is not None:
        work.append(matter.commitment.verification)
    return work
