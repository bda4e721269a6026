"""Nulls that remove nothing: a slip, such as a colon without a blank behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.errors import Problem, nearest
from sim.scenario.origin import KeyPath, Tree
from sim.scenario.schema.keys import valid_keys


def nothing_to_remove(tree: Tree, value: Any, path: KeyPath) -> Iterator[Problem]:
    """Find nulls that remove nothing: a slip, such as a colon without a blank behind it."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, Mapping):
        return
    for key, child in value.items():
        here = (*path, key)
        if child is not None or not isinstance(key, str):
            yield from nothing_to_remove(tree, child, here)
        elif here not in tree.removed:
            yield from _slip(tree, key, path)


def _slip(tree: Tree, key: str, path: KeyPath) -> Iterator[Problem]:
    name, colon, rest = key.partition(":")
    valid = valid_keys(path)
    if colon:
        rule = f"a blank is missing after the colon: write '{name}: {rest.strip()}'"
    elif valid and key not in valid:
        rule = f"unknown key{nearest(key, valid)}"
    elif valid:
        return  # an empty value, which the key's own rule judges
    else:
        around = tree.get(path)
        others = [name for name, each in (around or {}).items() if each is not None]
        rule = f"is empty, and there is nothing of this name to remove{nearest(key, others)}"
    yield tree.problem((*path, key), rule, show_value=False)
