"""A scenario as far as it can be read, so that the rest of its mistakes are found as well."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from sim.scenario.origin import Tree
from sim.scenario.schema.model import Scenario


@dataclass(frozen=True)
class PartialScenario:
    """The valid parts of a scenario."""

    scenario: Scenario
    """With the valid entries alone. A part that could not be read has its default, if any."""
    whole: frozenset[str]
    """Top-level keys without any mistake of shape."""

    def has(self, *keys: str) -> bool:
        """Whether these top-level keys are without any mistake of shape."""
        return self.whole.issuperset(keys)


def readable(tree: Tree, context: Mapping[str, Any]) -> PartialScenario:
    """Read every part by itself and keep what is valid."""
    parts = {
        name: _part(tree.value.get(name), field, context)
        for name, field in Scenario.model_fields.items()
    }
    valid = {name: value for name, (value, _) in parts.items() if value is not None}
    scenario = Scenario.model_construct(**valid)
    return PartialScenario(scenario, frozenset(name for name, (_, whole) in parts.items() if whole))


def _part(raw: Any, field: FieldInfo, context: Mapping[str, Any]) -> tuple[Any, bool]:
    """Return what is valid of a top-level key, and whether all of it is."""
    if raw is None and not field.is_required():
        return field.get_default(call_default_factory=True), True
    if get_origin(field.annotation) is not Mapping:
        with suppress(ValidationError):
            return _validated(field.annotation, raw, context), True
        return None, False
    entries = dict(raw) if isinstance(raw, Mapping) else {}
    valid = {}
    for key, value in entries.items():
        with suppress(ValidationError):
            valid[str(key)] = _validated(get_args(field.annotation)[1], value, context)
    return valid, isinstance(raw, Mapping) and len(valid) == len(entries)


def _validated(kind: Any, value: Any, context: Mapping[str, Any]) -> Any:
    return TypeAdapter(kind).validate_python(value, context=dict(context))
