"""Valid keys at each place of a scenario file, by the models, and the JSON schema."""

from __future__ import annotations

import datetime as dt
import typing
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, TypeGuard

from pydantic import BaseModel

from sim.scenario.origin import KeyPath
from sim.scenario.schema.base import SHORT_FORM
from sim.scenario.schema.distributions import Distribution
from sim.scenario.schema.marks import Marks, RefersTo, Wiring, variants
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
"""Keys of a file that are not fields of a scenario."""

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


def refers_to(path: KeyPath) -> set[str]:
    """Return what the names in the list at a path of a scenario refer to; see `RefersTo`."""
    elements = [element for variant in _variants_at(path) for element in _elements(*variant)]
    return {mark.kind for _, marks in elements for mark in marks if isinstance(mark, RefersTo)}


def is_quantity(path: KeyPath) -> bool:
    """Whether the value at a path of a scenario can have a source.

    Numbers, times, hours and ways of working do. Switches, dates, labels, names and other wiring
    do not.
    """
    if path[2:3] == ("matter_defaults",):
        path = (*path[:2], "matters", "", *path[3:])
    around = [variant for length in range(len(path)) for variant in _variants_at(path[:length])]
    here = [element for variant in _variants_at(path) for element in _elements(*variant)]
    if any(isinstance(mark, Wiring) for _, marks in (*around, *here) for mark in marks):
        return False
    kinds = {kind for kind, _ in here}.difference(_NO_QUANTITIES)
    return any(kind is Distribution or not _is_model(kind) for kind in kinds)


def _elements(kind: Any, marks: Marks) -> list[tuple[Any, Marks]]:
    """Return the element types of a list type; for any other type, the type itself."""
    return [*_below(kind, 0)] if typing.get_origin(kind) is tuple else [(kind, marks)]


@lru_cache(maxsize=4096)  # a scenario asks for each of its paths, and for all above it
def _variants_at(path: KeyPath) -> tuple[tuple[Any, Marks], ...]:
    if not path:
        return ((Scenario, ()),)
    above = _variants_at(path[:-1])
    below = [variant for kind, _ in above for variant in _below(kind, path[-1])]
    return (*below, *(variant for kind, _ in below for variant in _in_place_of(kind)))


def _below(kind: Any, key: str | int) -> Iterator[tuple[Any, Marks]]:
    """Yield the types of the value under a key."""
    if _is_model(kind):
        for name, field in kind.model_fields.items():
            if key in {name, field.alias}:
                yield from variants(field.annotation, tuple(field.metadata))
    elif typing.get_origin(kind) in {Mapping, tuple}:
        arguments = typing.get_args(kind)
        yield from variants(arguments[0 if typing.get_origin(kind) is tuple else 1])


def _in_place_of(kind: Any) -> Iterator[tuple[Any, Marks]]:
    """Yield the types of the short form of a block; see `short_form`."""
    extra = kind.model_config.get("json_schema_extra") if _is_model(kind) else None
    short: Any = extra.get(SHORT_FORM, {}) if isinstance(extra, dict) else {}
    if "like" in short:
        yield from variants(kind.model_fields[short["like"]].annotation)


def _is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of scenario files; any value may also carry its origin."""
    schema = Scenario.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["properties"] |= FILE_KEYS
    schema["$defs"]["Annotated"] = {
        "type": "object",
        "description": "A value with its origin.",
        "properties": {
            "value": {},
            "source": {"type": "string"},
            "range": {"type": "array", "minItems": 2, "maxItems": 2},
            "note": {"type": "string"},
        },
        "required": ["value"],
        "additionalProperties": False,
    }
    definitions = schema["$defs"]
    for name in sorted(definitions.keys() - {"Annotated"}):
        definitions[name] = _as_written(definitions[name])
    return _as_written(schema)


def _as_written(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a block in files: partial, with origins, or in its short form.

    A file that extends another may leave out any key, and remove a key of the other with null.
    """
    written = {
        key: value for key, value in definition.items() if key not in {"required", SHORT_FORM}
    }
    written["properties"] = {
        key: value if key in FILE_KEYS else _or_annotated(value)
        for key, value in definition.get("properties", {}).items()
    }
    short = definition.get(SHORT_FORM)
    if short is None:
        return written
    if "like" in short:
        short = definition["properties"][short["like"]]
    return {"anyOf": [short, written]}


def _or_annotated(schema: Any) -> Any:
    described = {key: schema[key] for key in ("description", "title", "default") if key in schema}
    rest = {key: value for key, value in schema.items() if key not in described}
    forms = [_loosened(rest), {"$ref": "#/$defs/Annotated"}, {"type": "null"}]
    return {**described, "anyOf": forms}


def _loosened(schema: Any) -> Any:
    """Return the schema with origins also for members of mappings and lists."""
    loose = dict(schema)
    for key, inner in schema.items():
        if key in {"additionalProperties", "items"} and isinstance(inner, dict):
            loose[key] = _or_annotated(inner)
        elif key in {"anyOf", "oneOf"}:
            loose[key] = [_loosened(form) for form in inner]
        elif key == "patternProperties":
            loose[key] = {name: _or_annotated(member) for name, member in inner.items()}
        elif key == "prefixItems":
            loose[key] = [_or_annotated(item) for item in inner]
    return loose
