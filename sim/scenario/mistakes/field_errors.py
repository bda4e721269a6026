"""Errors of single fields, each at its place in the file; nulls that remove nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.errors import Problem, close_name, nearest
from sim.scenario.mistakes.messages import distinct_mistakes
from sim.scenario.origin import KeyPath, Tree, dotted
from sim.scenario.schema.keys import valid_keys


def shape_problems(tree: Tree, error: ValidationError) -> Iterator[Problem]:
    """Yield every value of the wrong kind, unknown key and missing key."""
    refused = {problem.key for problem in tree.problems}
    lacking: dict[KeyPath, list[str]] = {}
    details = error.errors(include_url=False)
    for path, detail, rule in distinct_mistakes(
        (_place(tree, detail), detail) for detail in details
    ):
        if detail["type"] == "extra_forbidden":
            valid = valid_keys(detail["loc"][:-1]) or valid_keys(path[:-1])
            hint = nearest(str(path[-1]), valid)
            yield tree.problem(path, f"unknown key{hint}", show_value=False)
        elif detail["type"] != "missing":
            problem = tree.problem(path, rule)
            inherited = _inherited(tree, path) if detail["type"] == "shares" else ""
            yield replace(problem, rule=f"{problem.rule}{_new_here(tree, path)}{inherited}")
        elif path not in tree.places:
            lacking.setdefault(path[:-1], []).append(f"'{path[-1]}'")
        elif dotted(path) not in refused:
            yield tree.problem(path, "must not be empty", show_value=False)
    for path, keys in lacking.items():
        yield from _missing_keys(tree, path, keys)


def _place(tree: Tree, detail: ErrorDetails) -> KeyPath:
    """Return the place in the file that an error is about."""
    path = _real_path(tree, detail["loc"])
    if detail["type"] == "missing":
        return (*path, detail["loc"][-1])
    return (*path, detail["ctx"]["at"]) if "at" in detail.get("ctx", {}) else path


def _missing_keys(tree: Tree, path: KeyPath, keys: list[str]) -> Iterator[Problem]:
    """Yield a problem for each missing key; only one if the block is new by a slip."""
    hint = _new_here(tree, path)
    if hint:
        verb = "are" if len(keys) > 1 else "is"
        rule = f"{' and '.join(keys)} {verb} missing here{hint}"
        yield tree.problem(path, rule, show_value=False)
    else:
        for key in keys:
            yield tree.problem(path, f"{key} is missing here", show_value=False)


def _new_here(tree: Tree, path: KeyPath) -> str:
    """Return the hint that a name is new, if it resembles one that was there before."""
    name = path[-1] if path else None
    if path not in tree.added or valid_keys(path[:-1]):
        return ""
    around = tree.get(path[:-1])
    before = [key for key in around if (*path[:-1], key) not in tree.added]
    close = close_name(str(name), before)
    return f"; '{name}' is new here; did you mean to change '{close}'?" if close else ""


def _inherited(tree: Tree, path: KeyPath) -> str:
    """Return the hint that some shares come from a base file."""
    own = tree.place(path).file
    files = {name: tree.place((*path, name)).file for name in tree.get(path) or ()}
    others = [name for name, file in files.items() if file != own]
    if not others:
        return ""
    return (
        f"; {', '.join(others)} from {files[others[0]]} count, too: null takes one away, and "
        "shares that add up to 1 by themselves take the place of all"
    )


def _real_path(tree: Tree, location: tuple[str | int, ...]) -> KeyPath:
    """Return the part of pydantic's location that exists in the file; it adds names of variants."""
    path: KeyPath = ()
    value: Any = tree.value
    for key in location:
        if isinstance(value, list):
            value = dict(enumerate(value))
        if isinstance(value, Mapping) and key in value:
            value = value[key]
            path = (*path, key)
    return path


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
