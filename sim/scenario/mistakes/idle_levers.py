"""Levers that are on and change nothing, since the data on which they act are missing."""

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
    """A lever that is switched on and changes nothing."""

    lever: str
    """Its key under `handling`."""
    owner: Owner
    """The part of a scenario where the data would stand."""
    key: str
    """The key of the data there."""


@dataclass(frozen=True, slots=True)
class _Need:
    owner: Owner
    key: str
    met: Callable[[Scenario, CaseType], bool]
    """Whether a case type has the data on which the lever acts."""


def _a_matter(has: Callable[[Matter], object]) -> Callable[[Scenario, CaseType], bool]:
    return lambda _, case_type: any(has(matter) for matter in case_type.matters.values())


def _in_parallel(has: Callable[[Matter], object]) -> Callable[[Scenario, CaseType], bool]:
    some = _a_matter(has)
    return lambda scenario, case_type: (
        in_parallel(scenario, case_type) and some(scenario, case_type)
    )


_NEEDS: Final[Mapping[str, _Need]] = {
    "pre_review": _Need(
        "matter",
        "pre_review, requires (and parallel approval)",
        _in_parallel(lambda matter: matter.pre_review and matter.requires),
    ),
    "joint_meeting": _Need(
        "matter", "meeting (and parallel approval)", _in_parallel(lambda matter: matter.meeting)
    ),
    "online_share": _Need("case_type", "matters", lambda _, case_type: bool(case_type.matters)),
    "conditional_acceptance": _Need(
        "matter", "deficiency", _a_matter(lambda matter: matter.deficiency)
    ),
    "commitment": _Need("matter", "commitment", _a_matter(lambda matter: matter.commitment)),
    "build_first": _Need("matter", "verification", _a_matter(lambda matter: matter.verification)),
    "area_assessment": _Need(
        "matter", "area_assessment", _a_matter(lambda matter: matter.area_assessment is not None)
    ),
    "assisted_service": _Need(
        "case_type", "assistance", lambda _, case_type: case_type.assistance is not None
    ),
    "tacit_consent": _Need(
        "co_review",
        "tacit_after",
        _a_matter(lambda matter: any(task.tacit_after for task in matter.co_review.values())),
    ),
    "deemed_acceptance": _Need(
        "case_type", "matters", lambda _, case_type: bool(case_type.matters)
    ),
}
"""Lever → the data on which it acts. Other levers need none: every matter has a window and an
order."""


def idle_levers(scenario: Scenario) -> Iterator[IdleLever]:
    """Yield the levers that are on, although no case type has the data on which they act."""
    for lever, need in _needs(scenario).items():
        types = scenario.case_types.values()
        if getattr(scenario.handling, lever) and not any(need.met(scenario, t) for t in types):
            yield IdleLever(lever, need.owner, need.key)


def _needs(scenario: Scenario) -> Mapping[str, _Need]:
    form = scenario.handling.delegation
    if form == "none":
        return _NEEDS
    delegated = _Need("matter", f"delegation.{form}", _a_matter(lambda m: form in m.delegation))
    return {**_NEEDS, "delegation": delegated}
