"""Names that a part of a scenario uses, and that its case type must define."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from sim.scenario.answers import known_parts
from sim.scenario.errors import Problem, nearest
from sim.scenario.origin.tree import KeyPath, Tree
from sim.scenario.schema.base import Condition, RefersTo
from sim.scenario.schema.effects import KINDS_OF_WORK
from sim.scenario.schema.keys import Marks, variants
from sim.scenario.schema.matters import CaseType


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
    for place, kind, named in _names(part, type(part), path):
        if kind == "attributes":
            yield from _wrong_attributes(tree, place, named, case_type)
        elif kind in defined:
            yield from undefined(tree, place, named, defined[kind])


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


def _names(
    value: Any, hint: Any, path: KeyPath, marks: Marks = ()
) -> Iterator[tuple[KeyPath, str, Any]]:
    """Yield place, kind and name, or condition, of everything whose type refers to something."""
    if value is None:
        return
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            here = (*path, field.alias or name)
            yield from _names(getattr(value, name), field.annotation, here, tuple(field.metadata))
        return
    for kind, known in variants(hint, marks):
        reference = next((mark for mark in known if isinstance(mark, RefersTo)), None)
        arguments = typing.get_args(kind)
        if reference is not None:
            yield path, reference.kind, value
        elif isinstance(value, Mapping) and typing.get_origin(kind) is Mapping:
            for key, child in value.items():
                yield from _names(key, arguments[0], (*path, key))
                yield from _names(child, arguments[1], (*path, key))
        elif isinstance(value, tuple) and typing.get_origin(kind) is tuple:
            for number, child in enumerate(value):
                here = (*path, number) if isinstance(child, BaseModel) else path
                yield from _names(child, arguments[0], here)
