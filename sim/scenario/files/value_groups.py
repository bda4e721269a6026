"""Groups of an attribute's values, such as tiers of zones: in an `if`, a group stands for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.scenario.origin import Tree


def apply_groups(tree: Tree) -> None:
    """Write out each group in the conditions of its case type, and of that type's limits."""
    types, limits = (tree.value.get(key) for key in ("case_types", "limits"))
    for name, case_type in _mapping(types).items():
        attributes = _mapping(_mapping(case_type).get("attributes"))
        groups = {of: _mapping(_mapping(spec).get("groups")) for of, spec in attributes.items()}
        mine = [of for of in _mapping(limits).values() if _mapping(of).get("case_type") == name]
        for condition in _conditions([case_type, *mine]):
            for of in sorted(condition.keys() & {of for of, known in groups.items() if known}):
                condition[of] = _written_out(condition[of], groups[of])


def _written_out(stated: Any, groups: Mapping[Any, Any]) -> Any:
    """Return the values with those of each named group in its place, each once."""
    names = stated if isinstance(stated, list) else [stated]
    if not any(isinstance(name, str) and name in groups for name in names):
        return stated
    values: dict[Any, None] = {}
    for name in names:
        within = groups.get(name, [name])
        values.update(dict.fromkeys(within if isinstance(within, list) else [within]))
    return list(values)


def _conditions(value: Any) -> Iterator[dict[Any, Any]]:
    """Yield every `if` in a part of a tree."""
    children: Sequence[Any] = value if isinstance(value, list) else ()
    if isinstance(value, Mapping):
        children = list(value.values())
        if isinstance(value.get("if"), dict):
            yield value["if"]
    for child in children:
        yield from _conditions(child)


def _mapping(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}
