"""Steps that are allowed as written, but probably not meant so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.scenario.schema.arrivals import SHARES_TOLERANCE
from sim.scenario.schema.matters import CaseType
from sim.scenario.schema.model import Scenario


@dataclass(frozen=True, slots=True)
class SeeminglyOneOf:
    """Events drawn one by one, although their probabilities add up to 1 as those of a choice do."""

    case_type: str
    names: tuple[str, ...]
    all_share: float
    """Share of the cases that take all of them."""
    none_share: float
    """Share of the cases that take none of them."""
    matter: str = ""
    """The matter, if they are its special procedures; "" for steps of an open network."""


def seemingly_one_of(scenario: Scenario) -> Iterator[SeeminglyOneOf]:
    """Yield steps after the same ones, and special procedures of a matter, that look exclusive."""
    for name, case_type in scenario.case_types.items():
        for chances in _side_by_side(case_type):
            if _add_up(chances):
                yield _independent(name, chances)
        for matter, spec in case_type.matters.items():
            held = {one: special.probability for one, special in spec.special.items()}
            chances = {one: share for one, share in held.items() if 0 < share < 1}
            if _add_up(chances):
                yield _independent(name, chances, matter)


def _side_by_side(case_type: CaseType) -> list[dict[str, float]]:
    """Return step → probability, for the uncertain steps that follow the same steps."""
    groups: dict[object, dict[str, float]] = {}
    for name, step in case_type.steps.items():
        if 0 < step.probability < 1:
            alike = (frozenset(step.after), repr(sorted(step.when.items())))
            groups.setdefault(alike, {})[name] = step.probability
    return list(groups.values())


def _add_up(chances: Mapping[str, float]) -> bool:
    return len(chances) > 1 and abs(sum(chances.values()) - 1) <= SHARES_TOLERANCE


def _independent(case_type: str, chances: Mapping[str, float], matter: str = "") -> SeeminglyOneOf:
    everything, nothing = 1.0, 1.0
    for share in chances.values():
        everything, nothing = everything * share, nothing * (1 - share)
    return SeeminglyOneOf(case_type, tuple(chances), everything, nothing, matter)


def unnamed_delays(scenario: Scenario) -> Iterator[tuple[str, list[str]]]:
    """Yield a case type and its delays that are the authority's, but name no department.

    A scenario without departments names none anywhere; delays that take no time matter to nobody.
    """
    for name, case_type in scenario.case_types.items() if scenario.departments else ():
        loops = {
            f"{step}/{via}": loop
            for step, spec in case_type.steps.items()
            if spec.rework is not None
            for via, loop in spec.rework.via.items()
        }
        unnamed = [
            step
            for step, spec in {**case_type.steps, **loops}.items()
            if spec.owner == "authority" and spec.department is None
            if spec.delay is not None and spec.delay.mean_s > 0
        ]
        if unnamed:
            yield name, unnamed
