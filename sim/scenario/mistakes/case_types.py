"""Rules within a case type: its names, the order of its matters and steps, its variants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType

from pydantic import BaseModel

from sim.scenario.answers import known_parts
from sim.scenario.errors import Problem, nearest
from sim.scenario.origin import KeyPath, Tree, dotted
from sim.scenario.schema.arrivals import SHARES_TOLERANCE, MoreArrivals
from sim.scenario.schema.base import Condition
from sim.scenario.schema.marks import RefersTo, marked
from sim.scenario.schema.matters import KINDS_OF_WORK, NO_STEP, CaseType, Effect, Matter
from sim.translation import tr


def case_type_problems(tree: Tree, path: KeyPath, case_type: CaseType) -> Iterator[Problem]:
    """Yield every rule that a case type breaks."""
    yield from wrong_names(tree, path, case_type, case_type)
    needs = {name: matter.requires for name, matter in case_type.matters.items()}
    circles = [*_circles(tree, (*path, "matters"), "requires", needs)]
    yield from circles
    follows = {name: step.after for name, step in case_type.steps.items()}
    yield from _circles(tree, (*path, "steps"), "after", follows)
    if not circles:
        yield from _serial_order(tree, path, case_type)
    yield from _choices(tree, path, case_type)
    for name, arrivals in case_type.more_arrivals.items():
        yield from _given_twice(tree, (*path, "more_arrivals", name), arrivals)
    yield from _ways(tree, path, case_type)
    for number, effect in enumerate(case_type.effects):
        yield from _effect(tree, (*path, "effects", number), effect, case_type.matters)


def _circles(
    tree: Tree, path: KeyPath, key: str, graph: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        rule = tr(
            "a circle: {reversed}; nothing in it could ever begin",
            reversed=" → ".join(reversed(circle)),
        )
        yield tree.problem((*path, circle[0], key), rule)


def _serial_order(tree: Tree, path: KeyPath, case_type: CaseType) -> Iterator[Problem]:
    order = case_type.serial_order or tuple(case_type.matters)
    stated = (*path, "serial_order")
    if not set(order) <= set(case_type.matters):
        return  # told as a name that is not defined
    if sorted(order) != sorted(case_type.matters):
        missing = sorted(set(case_type.matters) - set(order))
        rule = tr(
            "must list every matter once; check {missing}",
            missing=", ".join(missing) or tr("the repeated ones"),
        )
        yield tree.problem(stated, rule)
        return
    position = {name: index for index, name in enumerate(order)}
    for name, matter in case_type.matters.items():
        place = stated if case_type.serial_order else (*path, "matters", name)
        for needed in matter.requires:
            if position.get(needed, -1) > position[name]:
                rule = tr(
                    "'{name}' requires '{needed}', which comes later in the serial order",
                    name=name,
                    needed=needed,
                )
                yield tree.problem(place, rule)


def _choices(tree: Tree, path: KeyPath, case_type: CaseType) -> Iterator[Problem]:
    """Yield choices whose steps do not exclude each other as the choice says."""
    taken: dict[str, str] = {}
    for name, shares in case_type.one_of.items():
        here = (*path, "one_of", name)
        total = sum(shares.values())
        if abs(total - 1) > SHARES_TOLERANCE:
            rule = tr(
                "the shares must add up to 1, not {total:g}; for cases with none of the steps, ",
                total=total,
            )
            yield tree.problem(here, rule + tr("give '{no_step}' a share", no_step=NO_STEP))
        steps = {step: case_type.steps[step] for step in shares if step in case_type.steps}
        if len(steps) + (NO_STEP in shares) < 2:
            yield tree.problem(
                here,
                tr("a choice is between two steps, or a step and '{no_step}'", no_step=NO_STEP),
            )
        for step, spec in steps.items():
            if step in taken:
                rule = tr(
                    "'{step}' is in the choice '{taken}' already", step=step, taken=taken[step]
                )
                yield tree.problem((*here, step), rule)
            taken[step] = name
            if spec.probability != 1:
                rule = tr("leave it out: one_of.{name} gives the share of the step", name=name)
                yield tree.problem((*path, "steps", step, "probability"), rule)
        if len({_condition(spec.when) for spec in steps.values()}) > 1:
            rule = tr("the steps {steps} must have the same 'if', or none", steps=", ".join(steps))
            yield tree.problem(here, rule)


def _condition(condition: Condition) -> frozenset[tuple[str, frozenset[str]]]:
    return frozenset(
        (attribute, frozenset((values,) if isinstance(values, str) else values))
        for attribute, values in condition.items()
    )


def _given_twice(tree: Tree, path: KeyPath, arrivals: MoreArrivals) -> Iterator[Problem]:
    recorded = arrivals.replay.attributes if arrivals.replay is not None else {}
    for attribute in sorted(arrivals.attributes.keys() & recorded.keys()):
        rule = tr("is read from the log already; give it there or here")
        yield tree.problem((*path, "attributes", attribute), rule)


def _ways(tree: Tree, path: KeyPath, case_type: CaseType) -> Iterator[Problem]:
    """Yield conditions of ways to a decision that name several attributes.

    The cases that go the other way are those with the other values of that one attribute.
    """
    for name, matter in case_type.matters.items():
        at = (*path, "matters", name)
        ways: dict[KeyPath, Condition] = {
            ("delegation", form): how.when for form, how in matter.delegation.items()
        }
        if matter.commitment is not None:
            ways["commitment",] = matter.commitment.when
        for way, when in ways.items():
            if len(when) > 1:
                yield tree.problem((*at, *way, "if"), tr("names a single attribute"))


def _effect(
    tree: Tree, path: KeyPath, effect: Effect, matters: Mapping[str, Matter]
) -> Iterator[Problem]:
    if effect.skip and len(effect.when) > 1:
        yield tree.problem((*path, "skip"), tr("goes with a single attribute under 'if'"))
    for name in sorted(matters.keys() & effect.work.keys() & set(KINDS_OF_WORK)):
        rule = tr("is a kind of step and a matter; rename the matter")
        yield tree.problem((*path, "work", name), rule)
    if effect.inspection is not None:
        matter = matters.get(effect.inspection.matter)
        if matter is not None and matter.decision is None:
            rule = tr("has no decision that an inspection could follow")
            yield tree.problem((*path, "inspection", "matter"), rule, value=True)


def wrong_names(
    tree: Tree, path: KeyPath, part: BaseModel, case_type: CaseType
) -> Iterator[Problem]:
    """Yield every undefined name in fields with the mark `RefersTo`."""
    defined: Mapping[str, Mapping[str, object]] = {
        "matters": case_type.matters,
        "stages": case_type.stages,
        "steps": case_type.steps,
        "alternatives": {**case_type.steps, NO_STEP: None},
        "parts": known_parts(case_type),
        "stations": case_type.matters or case_type.steps,
        "work": dict.fromkeys((*KINDS_OF_WORK, *case_type.matters)),
    }
    removed = {at[-1]: at for at in tree.removed if at[2:-1] == ("matters",)}
    for place, reference, named in marked(part, RefersTo, path):
        if reference.kind == "attributes":
            yield from _wrong_attributes(tree, place, named, case_type)
        elif reference.kind in defined:
            yield from undefined(tree, place, named, defined[reference.kind], removed)


def undefined(
    tree: Tree,
    path: KeyPath,
    name: str,
    valid: Mapping[str, object],
    removed: Mapping[str | int, KeyPath] = MappingProxyType({}),
) -> Iterator[Problem]:
    """Yield a problem if a name is not valid; `removed`: name → path that a null took away."""
    if name in valid:
        return
    if name not in removed:
        yield tree.problem(path, tr("no '{name}' here{hint}", name=name, hint=nearest(name, valid)))
        return
    taken, listed = tree.place(removed[name]), tree.place(path)
    if taken.file == listed.file:
        line = "" if taken.line is None else tr(" in line {line}", line=taken.line)
        yield tree.problem(
            path, tr("'{name}' is taken away{line}; leave it out", name=name, line=line)
        )
    else:
        around = tree.place(removed[name][:-1])  # one problem for all that are taken away there
        what = (
            tr("no matter is left in it")
            if isinstance(tree.get(path), list)
            else tr("names '{name}'", name=name)
        )
        rule = tr(
            "{what} ({file}:{line}); say here what it should be",
            what=what,
            file=listed.file,
            line=listed.line,
        )
        yield Problem(rule, around.file, around.line, dotted(path))


def _wrong_attributes(
    tree: Tree, path: KeyPath, condition: Condition, case_type: CaseType
) -> Iterator[Problem]:
    for attribute, stated in condition.items():
        if attribute not in case_type.attributes:
            hint = nearest(attribute, case_type.attributes)
            yield tree.problem(
                path, tr("no attribute '{attribute}'{hint}", attribute=attribute, hint=hint)
            )
            continue
        shares = case_type.attributes[attribute].shares
        for value in (stated,) if isinstance(stated, str) else stated:
            yield from undefined(tree, (*path, attribute), value, shares)
