"""Pools that cases need: they exist for every case, and somebody serves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.scenario.answers import attributes_of, joint_meeting, single_window, united, values_of
from sim.scenario.errors import Problem, nearest
from sim.scenario.mistakes.names import undefined
from sim.scenario.origin.tree import KeyPath, Tree
from sim.scenario.schema.matters import CaseType, Matter
from sim.scenario.schema.model import Scenario
from sim.scenario.schema.staffing import Staff


def pools_without_attribute(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield pools per value of an attribute that cases which need them do not have."""
    for name, case_type in scenario.case_types.items():
        for pool in sorted(set(pools_used(case_type, scenario))):
            per = scenario.pools[pool].per
            if per is not None and per not in case_type.attributes:
                rule = (
                    f"exists per '{per}', but cases of type '{name}' have no such attribute"
                    f"{nearest(per, case_type.attributes)}"
                )
                yield tree.problem(("pools", pool, "per"), rule)


def pools_without_officers(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield pools that cases need and nobody serves, or nobody for some value of an attribute."""
    for name, group in scenario.staff.items():
        if isinstance(group.count, Mapping):
            yield from _counts_by_value(tree, scenario, name, group)
    served = {pool for group in scenario.staff.values() if _heads(group) for pool in group.serves}
    for name, case_type in scenario.case_types.items():
        for pool in sorted(set(pools_used(case_type, scenario))):
            rule = None
            if pool not in served:
                rule = f"no officer serves this pool, which cases of type '{name}' need"
            elif missing := _values_without_officers(scenario, case_type, pool):
                rule = f"no officer serves it for {', '.join(missing)} (cases of type '{name}')"
            if rule is not None:
                yield tree.problem(("pools", pool), rule, show_value=False)


def _heads(group: Staff) -> int:
    return sum(group.count.values()) if isinstance(group.count, Mapping) else group.count


def missing_counters(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield departments without a counter, where no general window takes their cases in."""
    for name, case_type in scenario.case_types.items():
        if single_window(scenario, case_type):
            continue
        for matter_name, matter in case_type.matters.items():
            if matter.at_window and scenario.departments[matter.department].counter is None:
                rule = (
                    f"needs a counter: without one window, '{matter_name}' of '{name}' is handed "
                    "in there"
                )
                yield tree.problem(("departments", matter.department), rule, show_value=False)


def _values_without_officers(scenario: Scenario, case_type: CaseType, pool: str) -> list[str]:
    """Return the attribute values whose cases would wait in this pool for ever."""
    per = scenario.pools[pool].per
    spec = attributes_of(scenario, case_type).get(per) if per is not None else None
    if per is None or spec is None:
        return []
    sites = united(scenario, per)
    waiting = {value for value, share in spec.shares.items() if share > 0}
    for group in scenario.staff.values():
        if pool not in group.serves:
            continue
        if isinstance(group.count, int):  # a roving group serves every value
            waiting = waiting if group.count == 0 else set()
            continue
        for value in (value for value, count in group.count.items() if count > 0):
            waiting -= {value, *sites.get(value, ())}
    return sorted(waiting)


def _counts_by_value(tree: Tree, scenario: Scenario, name: str, group: Staff) -> Iterator[Problem]:
    at: KeyPath = ("staff", name, "count")
    attributes = {scenario.pools[pool].per for pool in group.serves}
    if len(attributes) != 1 or None in attributes:
        rule = "counts by value need pools that all exist per the same attribute"
        yield tree.problem(at, rule, show_value=False)
        return
    attribute = str(attributes.pop())
    names = dict.fromkeys([*values_of(scenario, attribute), *united(scenario, attribute)])
    assert isinstance(group.count, Mapping)
    for value in group.count:
        yield from undefined(tree, at, value, names)


def pools_used(case_type: CaseType, scenario: Scenario) -> Iterator[str]:
    """Yield the pools that cases of this type may need under the scenario's handling."""
    for step in case_type.steps.values():
        via = step.rework.via.values() if step.rework else ()
        yield from (task.pool for task in (step, *via) if task.pool is not None)
    for matter in case_type.matters.values():
        yield from _pools_of_matter(matter, case_type, scenario)
    for effect in case_type.effects:
        if effect.inspection is not None:
            yield effect.inspection.pool
    if scenario.handling.assisted_service and case_type.assistance is not None:
        yield case_type.assistance.pool


def _pools_of_matter(matter: Matter, case_type: CaseType, scenario: Scenario) -> Iterator[str]:
    handling = scenario.handling
    if matter.at_window and case_type.window is not None:
        counter = scenario.departments[matter.department].counter
        pool = case_type.window.pool if single_window(scenario, case_type) else counter
        if pool is not None:
            yield pool
    delegated = next(
        (d for form, d in matter.delegation.items() if form == handling.delegation), None
    )
    if delegated is not None:
        yield delegated.pool
    else:
        yield from (task.pool for task in matter.review.values())
        if matter.decision is not None:
            yield matter.decision.pool
    yield from (task.pool for task in matter.co_review.values())
    yield from (task.pool for task in matter.special.values() if task.pool is not None)
    if matter.meeting is not None and joint_meeting(scenario, case_type):
        yield matter.meeting.pool
    if matter.verification is not None:
        yield matter.verification.pool
    if matter.commitment is not None and handling.commitment:
        yield matter.commitment.verification.pool
