"""Which keys may stand at a place of a scenario, as the models say."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from sim.scenario.origin.tree import KeyPath

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


def valid_keys(model: type[BaseModel], path: KeyPath) -> list[str]:
    """Return the keys allowed at a path below a model."""
    types: list[Any] = [model]
    for key in path:
        types = [child for kind in types for child in _below(kind, key)]
    keys = [name for kind in types for name in _keys(kind)]
    return sorted(set(keys) | (set(FILE_KEYS) if not path else set()))


def _keys(kind: Any) -> Iterator[str]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            yield field.alias or name


def _below(kind: Any, key: str | int) -> Iterator[Any]:
    """Yield the types that a key leads to; variants and annotations are looked through."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if key in {name, field.alias}:
                yield from _variants(field.annotation)
    elif typing.get_origin(kind) in {Mapping, dict, tuple}:
        arguments = typing.get_args(kind)
        mapped = typing.get_origin(kind) is not tuple
        yield from _variants(arguments[1] if mapped else arguments[0])


def _variants(annotation: Any) -> Iterator[Any]:
    arguments = typing.get_args(annotation)
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        yield from _variants(arguments[0])
    elif origin is not None and origin not in {Mapping, dict, tuple}:
        for argument in arguments:
            yield from _variants(argument)
    else:
        yield annotation
