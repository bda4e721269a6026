"""Marks on the types of fields, and what of a scenario carries them."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from sim.scenario.origin.tree import KeyPath

Marks = tuple[Any, ...]
"""Metadata of a type."""
Mark = TypeVar("Mark")


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


def marked(
    value: Any, sort: type[Mark], path: KeyPath = (), hint: Any = Any, marks: Marks = ()
) -> Iterator[tuple[KeyPath, Mark, Any]]:
    """Yield place, mark and value of everything whose type carries a mark of this sort.

    Elements of a list have the place of the list, unless they are models themselves.
    """
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            here = (*path, field.alias or name)
            child, child_marks = getattr(value, name), tuple(field.metadata)
            yield from marked(child, sort, here, field.annotation, child_marks)
    elif value is not None:
        for kind, known in variants(hint, marks):
            mark = next((mark for mark in known if isinstance(mark, sort)), None)
            if mark is not None:
                yield path, mark, value
            else:
                yield from _marked_inside(value, sort, path, kind)


def _marked_inside(
    value: Any, sort: type[Mark], path: KeyPath, kind: Any
) -> Iterator[tuple[KeyPath, Mark, Any]]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Mapping and isinstance(value, Mapping):
        for key, child in value.items():
            yield from marked(key, sort, (*path, key), arguments[0])
            yield from marked(child, sort, (*path, key), arguments[1])
    elif origin is tuple and isinstance(value, tuple):
        for number, child in enumerate(value):
            here = (*path, number) if isinstance(child, BaseModel) else path
            yield from marked(child, sort, here, arguments[0])
