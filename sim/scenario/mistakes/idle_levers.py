"""Idle levers: switched on without the data on which they act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sim.scenario.answers import in_parallel
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
