"""Names that a part of a scenario uses, and that its case type must define."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from sim.scenario.answers import known_parts
from sim.scenario.errors import Problem, nearest
from sim.scenario.origin import KeyPath, Tree
from sim.scenario.schema.base import Condition
from sim.scenario.schema.marks import RefersTo, marked
from sim.scenario.schema.matters import KINDS_OF_WORK, CaseType


def wrong_names(
    tree: Tree, path: KeyPath, part: BaseModel, case_type: CaseType
) -> Iterator[Problem]:
    """Yield every name that is not defined, wherever a field's type `RefersTo` something."""
    defined: Mapping[str, Mapping[str, object]] = {
        "matters": case_type.matters,
        "stages": case_type.stages,
        "steps": case_type.steps,
        "parts": known_parts(case_type),
        "stations": case_type.matters or case_type.steps,
        "work": dict.fromkeys((*KINDS_OF_WORK, *case_type.matters)),
    }
    for place, reference, named in marked(part, RefersTo, path):
        if reference.kind == "attributes":
            yield from _wrong_attributes(tree, place, named, case_type)
        elif reference.kind in defined:
            yield from undefined(tree, place, named, defined[reference.kind])


def undefined(
    tree: Tree, path: KeyPath, name: str, valid: Mapping[str, object]
) -> Iterator[Problem]:
    """Yield a problem if a name is not among the valid ones."""
    if name not in valid:
        yield tree.problem(path, f"no '{name}' here{nearest(name, valid)}", show_value=False)


def _wrong_attributes(
    tree: Tree, path: KeyPath, condition: Condition, case_type: CaseType
) -> Iterator[Problem]:
    for attribute, stated in condition.items():
        if attribute not in case_type.attributes:
            hint = nearest(attribute, case_type.attributes)
            yield tree.problem(path, f"no attribute '{attribute}'{hint}", show_value=False)
            continue
        shares = case_type.attributes[attribute].shares
        for value in (stated,) if isinstance(stated, str) else stated:
            yield from undefined(tree, (*path, attribute), value, shares)
