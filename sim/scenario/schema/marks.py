"""Marks on the types of fields, and the search for marked values in a scenario."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from sim.scenario.errors import nearest
from sim.scenario.origin import KeyPath
from sim.translation import tr


class Wiring:
    """Metadata of a field that arranges parts of the model and states nothing about the world."""


class DataFile(Wiring):
    """Metadata of a field with the path of a data file, relative to the scenario file."""


class DataFolder(DataFile):
    """Metadata of a field with the path of a data file, or of a folder of such files."""


@dataclass(frozen=True)
class RefersTo(Wiring):
    """Metadata of a field with names that the scenario defines elsewhere."""

    kind: str
    """The key that defines the name: at the top of the scenario (`pools`), or of the case type
    around the field (`matters`). In a mapping that refers to `attributes`, keys are
    attributes, and values are attribute values or lists of them."""

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Refuse names that no top-level key defines.

        The validation context holds the defined names (`names`), so that a wrong name is reported
        at its place, together with all other mistakes, and an iterator with a value for each hint
        that may be given (`hints`). `sim.scenario.mistakes.case_types` checks the names within a
        case type.
        """
        return core_schema.with_info_after_validator_function(self._known, handler(source))

    def _known(self, name: Any, info: core_schema.ValidationInfo) -> Any:
        context = info.context or {"names": {}}
        known = context["names"].get(self.kind)
        if known is not None and name not in known:
            # A hint is a search: only as many are made as somebody may read.
            hint = "" if next(context["hints"], None) is None else nearest(name, known)
            rule = tr("no such name under '{kind}'{hint}", kind=self.kind, hint=hint)
            raise PydanticCustomError("unknown_name", "{text}", {"text": rule})
        return name


Marks = tuple[Any, ...]
"""Metadata of a type."""
Mark = TypeVar("Mark")


def variants(hint: Any, marks: Marks = ()) -> tuple[tuple[Any, Marks], ...]:
    """Return the alternative types of a field, each with its metadata."""
    try:
        return _known_variants(hint, marks)
    except TypeError:  # metadata without a hash
        return tuple(_variants(hint, marks))


def _variants(hint: Any, marks: Marks) -> Iterator[tuple[Any, Marks]]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        yield from _variants(arguments[0], (*marks, *hint.__metadata__))
    elif origin in {typing.Union, types.UnionType}:
        for argument in arguments:
            yield from _variants(argument, marks)
    else:
        yield hint, marks


@cache
def _known_variants(hint: Any, marks: Marks) -> tuple[tuple[Any, Marks], ...]:
    return tuple(_variants(hint, marks))


def marked(
    value: Any, sort: type[Mark], path: KeyPath = (), hint: Any = Any, marks: Marks = ()
) -> Iterator[tuple[KeyPath, Mark, Any]]:
    """Yield place, mark and value of everything with a mark of this kind on its type.

    An element of a list has the place of the list, unless it is a model.
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
