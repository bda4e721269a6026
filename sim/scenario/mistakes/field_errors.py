"""What pydantic finds in a scenario, at the place in the file where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from sim.scenario.errors import Problem, close_name, nearest
from sim.scenario.mistakes.messages import told_once
from sim.scenario.origin.tree import KeyPath, Tree, dotted
from sim.scenario.schema.keys import valid_keys


def shape_problems(tree: Tree, error: ValidationError) -> Iterator[Problem]:
    """Yield every value of the wrong kind, unknown key and missing key."""
    found = []
    refused = {problem.key for problem in tree.problems}
    for detail in error.errors(include_url=False):
        path = _real_path(tree, detail["loc"])
        if detail["type"] == "missing":
            path = (*path, detail["loc"][-1])
        elif "at" in detail.get("ctx", {}):
            path = (*path, detail["ctx"]["at"])
        found.append((path, detail))
    lacking: dict[KeyPath, list[str]] = {}
    for path, detail, rule in told_once(found):
        if detail["type"] == "extra_forbidden":
            valid = valid_keys(detail["loc"][:-1]) or valid_keys(path[:-1])
            hint = nearest(str(path[-1]), valid)
            yield tree.problem(path, f"unknown key{hint}", show_value=False)
        elif detail["type"] != "missing":
            problem = tree.problem(path, rule)
            hint = _new_here(tree, path)
            if detail["type"] == "shares":
                hint += _inherited(tree, path)
            yield replace(problem, rule=f"{problem.rule}{hint}")
        elif path not in tree.places:
            lacking.setdefault(path[:-1], []).append(f"'{path[-1]}'")
        elif dotted(path) not in refused:
            yield tree.problem(path, "must not be empty", show_value=False)
    for path, keys in lacking.items():
        hint = _new_here(tree, path)
        slips = [" and ".join(keys)] if hint else keys  # what is new by a slip is told once
        for slip in slips:
            verb = "are" if slip not in keys else "is"
            yield tree.problem(path, f"{slip} {verb} missing here{hint}", show_value=False)


def _new_here(tree: Tree, path: KeyPath) -> str:
    """Return the hint that a name is new, if one that was there before is much like it."""
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
    """Keep the part of pydantic's location that exists in the file (it adds names of variants)."""
    path: KeyPath = ()
    value: Any = tree.value
    for key in location:
        if isinstance(value, list):
            value = dict(enumerate(value))
        if isinstance(value, Mapping) and key in value:
            value = value[key]
            path = (*path, key)
    return path
