"""The JSON schema of scenario files, for editors."""

from __future__ import annotations

from typing import Any

from sim.scenario.schema.base import SHORT_FORM
from sim.scenario.schema.keys import FILE_KEYS
from sim.scenario.schema.model import Scenario


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
    for name in definitions.keys() - {"Annotated"}:
        definitions[name] = _as_written(definitions[name])
    return _as_written(schema)


def _as_written(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a block as files have it: in parts, with origins, or in its short form.

    A file that extends another may leave anything out, and take away with null what that has.
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
    """Let the members of mappings and lists carry their origin, too."""
    loose = dict(schema)
    for key in loose.keys() & {"additionalProperties", "items"}:
        if isinstance(loose[key], dict):
            loose[key] = _or_annotated(loose[key])
    for key in loose.keys() & {"anyOf", "oneOf"}:
        loose[key] = [_loosened(form) for form in loose[key]]
    if "patternProperties" in loose:
        members = loose["patternProperties"].items()
        loose["patternProperties"] = {name: _or_annotated(member) for name, member in members}
    if "prefixItems" in loose:
        loose["prefixItems"] = [_or_annotated(item) for item in loose["prefixItems"]]
    return loose
