"""Rules between the parts of a scenario: names that must exist, graphs without circles, staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.calendars import MissingYearError, UnknownCountryError
from sim.scenario.answers import (
    CHANNEL,
    attributes_of,
    calendar_of,
    joint_meeting,
    known_parts,
    last_day,
    single_window,
    united,
    values_of,
)
from sim.scenario.errors import Problem, nearest
from sim.scenario.mistakes.case_count import too_many_cases
from sim.scenario.origin.tree import KeyPath, Tree
from sim.scenario.schema.effects import KINDS_OF_WORK, Effect, MoreArrivals
from sim.scenario.schema.matters import CaseType, Condition, Matter
from sim.scenario.schema.model import Scenario
from sim.scenario.schema.staffing import Staff


@dataclass(frozen=True)
class _Parts:
    """A scenario as far as it could be read."""

    scenario: Scenario
    """With the valid entries alone; what could not be read at all has no attribute."""
    whole: frozenset[str]
    """Top-level keys without any mistake of shape."""

    def have(self, *keys: str) -> bool:
        return self.whole.issuperset(keys)


def references(tree: Tree, scenario: Scenario | None, context: dict[str, Any]) -> Iterator[Problem]:
    """Yield every broken rule.

    Where the scenario has errors of shape (None), the parts that stand by themselves are still
    looked at, so that all mistakes are reported together.
    """
    parts = (
        _readable(tree, context)
        if scenario is None
        else _Parts(scenario, frozenset(Scenario.model_fields))
    )
    known = parts.scenario
    for name, case_type in known.case_types.items():
        yield from _case_type(tree, ("case_types", name), case_type)
    yield from _scopes(tree, known)
    if parts.have("backlog"):
        yield from _backlog(tree, known)
    yield from _report(tree, known, complete=parts.have("case_types"))
    if parts.have("pools", "departments", "handling"):
        yield from _attribute_pools(tree, known)
        if parts.have("staff", "case_types"):
            yield from _rosters(tree, known)
    if parts.have("departments", "handling"):
        yield from _counters(tree, known)
    if parts.have("handling"):
        yield from _channels(tree, known)
    if parts.have("period"):
        yield from too_many_cases(tree, known)
        if parts.have("calendar"):
            yield from _calendar(tree, known)


def _channels(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    """Yield an attribute of a case type that the online channel would give to its cases."""
    for name, case_type in scenario.case_types.items():
        if scenario.handling.online_share > 0 and CHANNEL in case_type.attributes:
            rule = "is the attribute that handling.online_share gives to cases; rename this one"
            path: KeyPath = ("case_types", name, "attributes", CHANNEL)
            yield tree.problem(path, rule, show_value=False)


def _readable(tree: Tree, context: dict[str, Any]) -> _Parts:
    """Read every part by itself and keep what is valid."""
    values: dict[str, Any] = {}
    whole = set()
    for name, field in Scenario.model_fields.items():
        raw = tree.value.get(name)
        kind = get_args(field.annotation)[1] if get_origin(field.annotation) is Mapping else None
        if kind is None or not isinstance(raw, Mapping):
            if raw is None and not field.is_required():
                values[name] = field.get_default(call_default_factory=True)
                whole.add(name)
            elif kind is not None:
                values[name] = {}
            elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                with suppress(ValidationError):
                    values[name] = field.annotation.model_validate(raw, context=context)
                    whole.add(name)
            continue
        values[name] = {}
        for key, value in raw.items():
            with suppress(ValidationError):
                values[name][str(key)] = kind.model_validate(value, context=context)
        if len(values[name]) == len(raw):
            whole.add(name)
    return _Parts(Scenario.model_construct(**values), frozenset(whole))


def _case_type(tree: Tree, at: KeyPath, case_type: CaseType) -> Iterator[Problem]:
    for name, matter in case_type.matters.items():
        here = (*at, "matters", name)
        yield from _known(tree, (*here, "requires"), matter.requires, case_type.matters)
        yield from _known(tree, (*here, "stage"), (matter.stage,), case_type.stages)
        conditioned: list[tuple[KeyPath, Condition]] = [((*here, "if"), matter.when)]
        for part in ("review", "co_review", "special"):
            tasks = getattr(matter, part)
            conditioned += [((*here, part, key, "if"), task.when) for key, task in tasks.items()]
        for path, condition in conditioned:
            yield from _condition(tree, path, condition, case_type)
    for name, step in case_type.steps.items():
        here = (*at, "steps", name)
        yield from _known(tree, (*here, "after"), step.after, case_type.steps)
        yield from _condition(tree, (*here, "if"), step.when, case_type)
        if step.rework is not None:
            yield from _known(tree, (*here, "rework", "redo"), step.rework.redo, case_type.steps)
    needs = {name: matter.requires for name, matter in case_type.matters.items()}
    circles = [*_acyclic(tree, (*at, "matters"), "requires", needs)]
    yield from circles
    follows = {name: step.after for name, step in case_type.steps.items()}
    yield from _acyclic(tree, (*at, "steps"), "after", follows)
    if not circles:
        yield from _serial_order(tree, at, case_type)
    for more, arrivals in case_type.more_arrivals.items():
        yield from _fixed_attributes(tree, (*at, "more_arrivals", more), arrivals, case_type)
    for number, effect in enumerate(case_type.effects):
        yield from _effect(tree, (*at, "effects", number), effect, case_type)


def _known(
    tree: Tree, path: KeyPath, names: tuple[str, ...], valid: Mapping[str, object]
) -> Iterator[Problem]:
    for name in names:
        if name not in valid:
            yield tree.problem(path, f"no '{name}' here{nearest(name, valid)}", show_value=False)


def _condition(
    tree: Tree, path: KeyPath, condition: Condition, case_type: CaseType
) -> Iterator[Problem]:
    for attribute, stated in condition.items():
        if attribute not in case_type.attributes:
            hint = nearest(attribute, case_type.attributes)
            yield tree.problem(path, f"no attribute '{attribute}'{hint}", show_value=False)
            continue
        values = (stated,) if isinstance(stated, str) else stated
        yield from _known(tree, (*path, attribute), values, case_type.attributes[attribute].shares)


def _fixed_attributes(
    tree: Tree, at: KeyPath, arrivals: MoreArrivals, case_type: CaseType
) -> Iterator[Problem]:
    here = (*at, "attributes")
    yield from _condition(tree, here, arrivals.attributes, case_type)
    recorded = arrivals.replay.attributes if arrivals.replay is not None else {}
    for attribute in arrivals.attributes.keys() & recorded.keys():
        rule = "is read from the log already; give it there or here"
        yield tree.problem((*here, attribute), rule, show_value=False)


def _effect(tree: Tree, at: KeyPath, effect: Effect, case_type: CaseType) -> Iterator[Problem]:
    matters = case_type.matters
    yield from _condition(tree, (*at, "if"), effect.when, case_type)
    yield from _known(tree, (*at, "skip"), effect.skip, matters)
    if effect.skip and len(effect.when) > 1:
        rule = "goes with a single attribute under 'if'"
        yield tree.problem((*at, "skip"), rule, show_value=False)
    keys = dict.fromkeys((*KINDS_OF_WORK, *matters))
    for key in effect.work:
        yield from _known(tree, (*at, "work", key), (key,), keys)
        if key in KINDS_OF_WORK and key in matters:
            rule = "is a kind of step and a matter; rename the matter"
            yield tree.problem((*at, "work", key), rule, show_value=False)
    if effect.inspection is not None:
        here, name = (*at, "inspection", "matter"), effect.inspection.matter
        yield from _known(tree, here, (name,), matters)
        if name in matters and matters[name].decision is None:
            yield tree.problem(here, "has no decision that an inspection could follow")


def _acyclic(
    tree: Tree, at: KeyPath, key: str, graph: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        rule = f"a circle: {' → '.join(reversed(circle))}; nothing in it could ever begin"
        yield tree.problem((*at, circle[0], key), rule, show_value=False)


def _serial_order(tree: Tree, at: KeyPath, case_type: CaseType) -> Iterator[Problem]:
    order = case_type.serial_order or tuple(case_type.matters)
    path = (*at, "serial_order")
    if case_type.serial_order and sorted(order) != sorted(case_type.matters):
        missing = sorted(set(case_type.matters) ^ set(order))
        rule = f"must list every matter once; check {', '.join(missing) or 'the repeated ones'}"
        yield tree.problem(path, rule, show_value=False)
        return
    position = {name: index for index, name in enumerate(order)}
    for name, matter in case_type.matters.items():
        for needed in matter.requires:
            if position.get(needed, -1) > position[name]:
                rule = f"'{name}' requires '{needed}', which comes later in the serial order"
                yield tree.problem(
                    path if case_type.serial_order else (*at, "matters", name),
                    rule,
                    show_value=False,
                )


def _scopes(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    for name, limit in scenario.limits.items():
        case_type = scenario.case_types.get(limit.case_type)
        if case_type is None:
            continue  # it has mistakes of its own
        at: KeyPath = ("limits", name, "scope")
        yield from _known(tree, (*at, "stages"), limit.scope.stages, case_type.stages)
        yield from _known(tree, (*at, "matters"), limit.scope.matters, case_type.matters)


def _backlog(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    for name, groups in scenario.backlog.generate.items():
        case_type = scenario.case_types.get(name)
        if case_type is None:
            continue  # it has mistakes of its own
        for number, group in enumerate(groups):
            at: KeyPath = ("backlog", "generate", name, number)
            yield from _known(tree, (*at, "at"), (group.at,), case_type.matters or case_type.steps)
            yield from _known(tree, (*at, "done"), group.done, known_parts(case_type))
            for attribute, value in group.attributes.items():
                here = (*at, "attributes", attribute)
                yield from _known(tree, here, (attribute,), case_type.attributes)
                if attribute in case_type.attributes:
                    yield from _known(tree, here, (value,), case_type.attributes[attribute].shares)


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


def _attribute_pools(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    for name, case_type in scenario.case_types.items():
        for pool in sorted(set(pools_used(case_type, scenario))):
            per = scenario.pools[pool].per
            if per is not None and per not in case_type.attributes:
                rule = (
                    f"exists per '{per}', but cases of type '{name}' have no such attribute"
                    f"{nearest(per, case_type.attributes)}"
                )
                yield tree.problem(("pools", pool, "per"), rule)


def _rosters(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    for name, group in scenario.staff.items():
        if isinstance(group.count, Mapping):
            yield from _counts_by_value(tree, scenario, name, group)
    served = {
        pool
        for group in scenario.staff.values()
        for pool in group.serves
        if (sum(group.count.values()) if isinstance(group.count, Mapping) else group.count) > 0
    }
    for name, case_type in scenario.case_types.items():
        for pool in sorted(set(pools_used(case_type, scenario)) - served):
            rule = f"no officer serves this pool, which cases of type '{name}' need"
            yield tree.problem(("pools", pool), rule, show_value=False)
        for pool in sorted(set(pools_used(case_type, scenario)) & served):
            missing = _values_without_officers(scenario, case_type, pool)
            if missing:
                rule = f"no officer serves it for {', '.join(missing)} (cases of type '{name}')"
                yield tree.problem(("pools", pool), rule, show_value=False)


def _values_without_officers(scenario: Scenario, case_type: CaseType, pool: str) -> list[str]:
    """Return the attribute values whose cases would wait in this pool for ever."""
    per = scenario.pools[pool].per
    spec = attributes_of(scenario, case_type).get(per) if per is not None else None
    if per is None or spec is None:
        return []
    sites = united(scenario, per)
    waiting = {value for value, share in spec.shares.items() if share > 0}
    for group in scenario.staff.values():
        if pool in group.serves:
            counts = (
                dict.fromkeys(waiting, group.count) if isinstance(group.count, int) else group.count
            )
            for value, count in counts.items():
                if count > 0:
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
    yield from _known(tree, at, tuple(group.count), names)


def _report(tree: Tree, scenario: Scenario, *, complete: bool) -> Iterator[Problem]:
    """Look at what the report is asked to tell apart, and at sites told differently."""
    limited = [
        scenario.case_types[limit.case_type]
        for limit in scenario.limits.values()
        if limit.case_type in scenario.case_types
    ]
    known = dict.fromkeys(n for each in limited for n in attributes_of(scenario, each))
    report = getattr(scenario, "report", None)
    if report is not None and complete:
        for number, attribute in enumerate(report.by):
            if attribute not in known:
                rule = f"no case type with a limit has this attribute{nearest(attribute, known)}"
                yield tree.problem(("report", "by", number), rule)
    told: dict[tuple[str, str], str] = {}
    for name, case_type in scenario.case_types.items():
        for attribute, spec in case_type.attributes.items():
            sites = {value: one for one, values in spec.sites.items() for value in values}
            for value in spec.shares:
                one = sites.get(value, value)
                if told.setdefault((attribute, value), one) != one:
                    at: KeyPath = ("case_types", name, "attributes", attribute)
                    rule = f"'{value}' counts as another one's site in another case type"
                    yield tree.problem(at, rule, show_value=False)


def _counters(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    for name, case_type in scenario.case_types.items():
        if case_type.matters and not single_window(scenario, case_type):
            for matter_name, matter in case_type.matters.items():
                if matter.at_window and scenario.departments[matter.department].counter is None:
                    path: KeyPath = ("departments", matter.department)
                    rule = (
                        f"needs a counter: without one window, '{matter_name}' of '{name}' "
                        "is handed in there"
                    )
                    yield tree.problem(path, rule, show_value=False)


def _calendar(tree: Tree, scenario: Scenario) -> Iterator[Problem]:
    try:
        calendar_of(scenario)
    except MissingYearError as error:
        last, reached = scenario.period.window.last, last_day(scenario)
        remedy = ""
        if last.year < reached.year and str(reached.year) in str(error):
            remedy = (
                f"; period.run_out ({scenario.period.run_out}) goes on to {reached}: make it "
                "shorter, or set calendar.fallback=statutory"
            )
        yield tree.problem(("period",), f"{error}{remedy}", show_value=False)
    except UnknownCountryError as error:
        yield tree.problem(("calendar", "country"), str(error))
    except ValueError as error:
        yield tree.problem(("calendar",), str(error), show_value=False)
