"""The reference of the scenario file, from the models that read it."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from docs.generate.kinds import SHORT, kind, models_in
from docs.generate.markdown import anchor, code, page, plain, table
from sim.scenario.schema.keys import FILE_KEYS, json_schema
from sim.scenario.schema.model import Scenario

INTRODUCTION = """
Every key that a scenario file may hold. [The scenario file](../how-to/scenario.md) explains it with
examples; `sim schema` gives the same as a JSON schema, for editors.

- *Needed* in a file that extends no other.
- Any value may be written with its origin:
  `{value: 200, source: "assumed: …", range: [100, 350], note: …}`.
- `source` and `note` may stand in every block; they are left out below.
- *Text* is one text for both languages, or `{en: …, zh: …}`.
- A *time* is a number and a unit: `30 s`, `30 min`, `4 h`, `2 wd` (working days), `7 cd` (calendar
  days).
- A *name* has at most 64 characters and no blanks, dots, slashes, brackets, braces, commas, colons,
  `#` or `=`.
"""
EVERYWHERE = {"source", "note"}
MOST_PLACES = 4
FILE_KINDS = {"extends": "file or name, or list of them", "overrides": "name → changes"}
"""What the keys of a file hold that are no fields of the model; `FILE_KEYS` says what they mean."""


@dataclass
class _Part:
    """A model, and the paths at which it stands."""

    model: type[BaseModel]
    places: list[str]


def scenario_page() -> str:
    """Return the page: one section for each model, in the order in which they are met."""
    parts = _parts()
    headings = {part.model: heading(part.model) for part in parts}
    return page("The keys of the scenario file", INTRODUCTION, _sections(parts, headings))


def heading(model: type[BaseModel]) -> str:
    """Return the name of a model as people say it: `CaseType` is "Case type"."""
    words = "".join(f" {c}" if c.isupper() else c for c in model.__name__).strip()
    return words.capitalize()


def _parts() -> list[_Part]:
    """Return the models, breadth first."""
    found: dict[type[BaseModel], _Part] = {Scenario: _Part(Scenario, [])}
    waiting: list[tuple[type[BaseModel], str]] = [(Scenario, "")]
    while waiting:
        model, place = waiting.pop(0)
        for name, hint in _hints(model):
            for child, below in models_in(hint):
                path = f"{place}.{name}{below}".lstrip(".")
                if child not in found:
                    found[child] = _Part(child, [])
                    waiting.append((child, path))
                if path not in found[child].places:
                    found[child].places.append(path)
    return list(found.values())


def _hints(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    hints = typing.get_type_hints(model, include_extras=True)
    for name, field in model.model_fields.items():
        if name not in EVERYWHERE:
            yield field.alias or name, hints[name]


def _sections(parts: list[_Part], headings: Mapping[type[BaseModel], str]) -> Iterator[str]:
    for part in parts:
        lines = [f"## {headings[part.model]}", plain(inspect.getdoc(part.model))]
        if part.places:
            shown = ", ".join(code(place) for place in part.places[:MOST_PLACES])
            more = len(part.places) - MOST_PLACES
            lines.append(f"At {shown}" + (f" and {more} more places." if more > 0 else "."))
        rows = list(_rows(part.model, headings))
        if part.model is Scenario:
            rows += [
                (code(key), FILE_KINDS[key], "none", str(told["description"]))
                for key, told in json_schema()["properties"].items()
                if key in FILE_KEYS
            ]
        lines.append(table(("key", "holds", "default", "meaning"), rows))
        yield "\n\n".join(lines)


def _rows(
    model: type[BaseModel], headings: Mapping[type[BaseModel], str]
) -> Iterator[tuple[str, str, str, str]]:
    links = {each: f"[{name.lower()}](#{anchor(name)})" for each, name in headings.items()}
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for key, hint in _hints(model):
        field = fields[key]
        default = "*needed*" if field.is_required() else _default(field.get_default())
        yield code(key), kind(hint, links), default, plain(field.description)


def _default(value: Any) -> str:
    if value is None or value in ((), {}) or type(value) in SHORT:
        return "none"
    if isinstance(value, BaseModel):
        return "its defaults"
    if isinstance(value, bool):
        return code(str(value).lower())
    if isinstance(value, float):
        return code(f"{value:g}")
    if isinstance(value, tuple):
        return code([f"{each:g}" for each in value]).replace("'", "")
    return code(value)
