"""Idle levers: switched on without the data on which they act; and settings without effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel

from sim.scenario.answers import in_parallel
from sim.scenario.origin import KeyPath
from sim.scenario.schema.marks import RefersTo, marked
from sim.scenario.schema.matters import CaseType, Matter
from sim.scenario.schema.model import Scenario

Owner = Literal["matter", "co_review", "case_type"]


@dataclass(frozen=True, slots=True)
class IdleLever:
    """A lever that is on without an effect."""

    lever: str
    """Its key under `handling`."""
    owner: Owner
    """The part of a scenario that lacks the data."""
    key: str
    """The key of the missing data in this part."""


Has = Callable[[Scenario, CaseType], object]
"""Whether a case type has the data on which a lever acts."""


def _some(has: Callable[[Matter], object]) -> Has:
    return lambda _, case_type: any(map(has, case_type.matters.values()))


def _in_parallel(has: Callable[[Matter], object]) -> Has:
    some = _some(has)
    return lambda scenario, known: in_parallel(scenario, known) and some(scenario, known)


_NEEDS: Final[Mapping[str, tuple[Owner, str, Has]]] = {
    "pre_review": (
        "matter",
        "pre_review, requires (and parallel approval)",
        _in_parallel(lambda matter: matter.pre_review and matter.requires),
    ),
    "joint_meeting": (
        "matter",
        "meeting (and parallel approval)",
        _in_parallel(lambda m: m.meeting),
    ),
    "online_share": ("case_type", "matters", lambda _, case_type: case_type.matters),
    "conditional_acceptance": ("matter", "deficiency", _some(lambda m: m.deficiency)),
    "commitment": ("matter", "commitment", _some(lambda m: m.commitment)),
    "build_first": ("matter", "verification", _some(lambda m: m.verification)),
    "area_assessment": (
        "matter",
        "area_assessment",
        _some(lambda m: m.area_assessment is not None),
    ),
    "assisted_service": ("case_type", "assistance", lambda _, case_type: case_type.assistance),
    "tacit_consent": (
        "co_review",
        "tacit_after",
        _some(lambda matter: any(task.tacit_after for task in matter.co_review.values())),
    ),
    "ignore_deemed_acceptance": ("case_type", "matters", lambda _, case_type: case_type.matters),
}
"""Lever → test for the data on which it acts. Other levers need no data: every matter has a window
and an order."""


def idle_levers(scenario: Scenario) -> Iterator[IdleLever]:
    """Yield the levers that are on, although no case type has the data on which they act."""
    form, types = scenario.handling.delegation, scenario.case_types.values()
    for lever, (owner, key, has) in _NEEDS.items():
        if getattr(scenario.handling, lever) and not any(has(scenario, t) for t in types):
            yield IdleLever(lever, owner, key)
    delegated = _some(lambda matter: form in matter.delegation)
    if form != "none" and not any(delegated(scenario, t) for t in types):
        yield IdleLever("delegation", "matter", f"delegation.{form}")


@dataclass(frozen=True, slots=True)
class IdleSetting:
    """A setting of queues that changes nothing where it stands."""

    kind: Literal["priority", "rule", "due", "escalate"]
    """`priority`: a class that no pool on the way looks at; `rule`: a pool that looks at classes,
    and gets none; `due`: one that looks at due dates, and gets none; `escalate`: days left of a
    pool with another rule."""
    path: KeyPath
    """Where it stands."""


def idle_settings(scenario: Scenario) -> Iterator[IdleSetting]:
    """Yield settings of queues that change nothing, each once."""
    limited = {limit.case_type for limit in scenario.limits.values()}
    looked_at: set[str] = set()
    due: set[str] = set()
    for name, case_type in scenario.case_types.items():
        pools = _pools(scenario, case_type)
        due |= pools if name in limited else set()
        classes = [*_classes(case_type, ("case_types", name))]
        looked_at |= pools if classes else set()
        if classes and not any(scenario.pools[pool].rule != "fifo" for pool in pools):
            yield IdleSetting("priority", classes[0])
    for name, pool in scenario.pools.items():
        if pool.rule == "priority" and name not in looked_at:
            yield IdleSetting("rule", ("pools", name, "rule"))
        if pool.rule in {"earliest_due", "escalate"} and name not in due | looked_at:
            yield IdleSetting("due", ("pools", name, "rule"))
        default = type(pool).model_fields["escalate_below_wd"].default
        if pool.rule != "escalate" and pool.escalate_below_wd != default:
            yield IdleSetting("escalate", ("pools", name, "escalate_below_wd"))


def _pools(scenario: Scenario, case_type: CaseType) -> set[str]:
    """Return the pools that a case type names, and the counters of departments."""
    named = {value for _, mark, value in marked(case_type, RefersTo) if mark.kind == "pools"}
    counters = {department.counter for department in scenario.departments.values()}
    return {pool for pool in named | counters if pool is not None}


def _classes(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    """Yield where a case type, an effect or a step states a priority class other than 0."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name == "priority" and getattr(value, name):
                yield (*path, name)
            yield from _classes(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for key, child in value.items():
            yield from _classes(child, (*path, key))
    elif isinstance(value, tuple):
        for number, child in enumerate(value):
            yield from _classes(child, (*path, number))
