"""What may stand at a place of a scenario, as the models say: keys, quantities, names."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeGuard

from pydantic import BaseModel

from sim.scenario.origin.tree import KeyPath
from sim.scenario.schema.base import SHORT_FORM, Wiring
from sim.scenario.schema.distributions import Distribution
from sim.scenario.schema.model import Scenario

FILE_KEYS: Final = {
    "extends": {
        "description": "File or library scenario that this one changes; or a list of them.",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    },
    "overrides": {
        "description": "Named changes, applied with --with NAME.",
        "type": "object",
        "additionalProperties": {"type": "object"},
    },
}
"""Keys of a file that are no fields of a scenario."""


Marks = tuple[Any, ...]
"""Metadata of a type."""

_NO_QUANTITIES: Final = (bool, dt.date, dt.datetime, type(None))


def valid_keys(path: KeyPath) -> list[str]:
    """Return the keys allowed at a path of a scenario file."""
    keys = {
        field.alias or name
        for kind, _ in _variants_at(path)
        if _is_model(kind)
        for name, field in kind.model_fields.items()
    }
    return sorted(keys | (set(FILE_KEYS) if not path else set()))


def is_quantity(path: KeyPath) -> bool:
    """Whether the value at a path of a scenario states something that a source can back.

    Numbers, times, hours and ways of working do. Switches, dates, labels, names and other wiring
    do not.
    """
    if path[2:3] == ("matter_defaults",):
        path = (*path[:2], "matters", "", *path[3:])
    around = [_variants_at(path[:length]) for length in range(len(path) + 1)]
    lists = [kind for kind, _ in around[-1] if typing.get_origin(kind) is tuple]
    here = around[-1] + [each for kind in lists for each in _below(kind, 0)]
    marks = [mark for found in (*around, here) for _, marks in found for mark in marks]
    kinds = {kind for kind, _ in here}.difference(_NO_QUANTITIES, lists)
    backed = any(kind is Distribution or not _is_model(kind) for kind in kinds)
    return backed and not any(isinstance(mark, Wiring) for mark in marks)


def variants(hint: Any, marks: Marks = ()) -> Iterator[tuple[Any, Marks]]:
    """Yield the types that a field may have, each with the metadata around it."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        yield from variants(arguments[0], (*marks, *hint.__metadata__))
    elif origin in {typing.Union, types.UnionType}:
        for argument in arguments:
            yield from variants(argument, marks)
    else:
        yield hint, marks
        if _is_model(hint) and (alone := _short_form(hint).get("like")):
            yield from variants(hint.model_fields[alone].annotation)


def _variants_at(path: KeyPath) -> list[tuple[Any, Marks]]:
    found: list[tuple[Any, Marks]] = [(Scenario, ())]
    for key in path:
        found = [below for kind, _ in found for below in _below(kind, key)]
    return found


def _below(kind: Any, key: str | int) -> Iterator[tuple[Any, Marks]]:
    """Yield the types that a key leads to."""
    if _is_model(kind):
        for name, field in kind.model_fields.items():
            if key in {name, field.alias}:
                yield from variants(field.annotation, tuple(field.metadata))
    elif typing.get_origin(kind) in {Mapping, tuple}:
        arguments = typing.get_args(kind)
        yield from variants(arguments[0 if typing.get_origin(kind) is tuple else 1])


def _short_form(model: type[BaseModel]) -> Mapping[str, Any]:
    extra = model.model_config.get("json_schema_extra")
    short: Any = extra.get(SHORT_FORM) if isinstance(extra, dict) else None
    return short or {}


def _is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
