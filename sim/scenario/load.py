"""From a scenario file to a frozen `Scenario`.

One order of priority, weakest first:

1. the defaults of the models,
2. files named by ``extends``, in their order,
3. the file itself,
4. its named ``overrides`` that are asked for, in the order asked,
5. ``--set path=value``, in the order given;

and, within a case type, ``matter_defaults`` below each matter.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario import provenance
from sim.scenario import tree as trees
from sim.scenario.check import references
from sim.scenario.errors import Problem, ScenarioError, nearest, shorten
from sim.scenario.library import find, library_folder
from sim.scenario.model import Scenario
from sim.scenario.schema import valid_keys
from sim.scenario.tree import KeyPath, Place, Tree

_NAMESPACES = ("pools", "hours", "departments", "case_types", "staff")


def load(
    reference: str | os.PathLike[str],
    *,
    overrides: Sequence[str] = (),
    settings: Sequence[str] = (),
) -> Scenario:
    """Read, complete and validate a scenario.

    Parameters
    ----------
    reference
        Path of a file, or the name of a library scenario such as ``yingkou/base``.
    overrides
        Names from the file's ``overrides``, applied in this order.
    settings
        ``path=value`` texts, the value in YAML, applied last.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    path = find(os.fspath(reference))
    whole = _with_parents(path, ())
    for name in overrides:
        whole = trees.merge(whole, _override(whole, name))
    for setting in settings:
        whole = trees.merge(whole, _setting(setting))
    whole.value.pop("overrides", None)
    return _validated(whole, shown(path))


def shown(path: Path) -> str:
    """Name a file the way its user would: library files by ``yingkou/base.yaml``."""
    resolved = path.resolve()
    for folder in (library_folder().resolve(), Path.cwd()):
        if resolved.is_relative_to(folder):
            return resolved.relative_to(folder).as_posix()
    return path.as_posix()


def _with_parents(path: Path, children: tuple[Path, ...]) -> Tree:
    resolved = path.resolve()
    tree = trees.read(path, shown(path))
    if resolved in children:
        raise ScenarioError([tree.problem(("extends",), "files extend each other in a circle")])
    named = tree.value.pop("extends", [])
    parents = [named] if isinstance(named, str) else named
    if not isinstance(parents, list) or not all(isinstance(name, str) for name in parents):
        raise ScenarioError([tree.problem(("extends",), "must name a file, or a list of files")])
    base: Tree | None = None
    for name in parents:
        try:
            parent = _with_parents(find(name, path.parent), (*children, resolved))
        except ScenarioError as error:
            raise _seen_from(tree, error) from None
        base = parent if base is None else trees.merge(base, parent)
    return tree if base is None else trees.merge(base, tree)


def _seen_from(tree: Tree, error: ScenarioError) -> ScenarioError:
    """Say where the file that cannot be used is named, unless its own place is known."""
    place = tree.place(("extends",))
    return ScenarioError(
        [
            problem
            if problem.line is not None
            else Problem(f"{problem.file}: {problem.rule}", place.file, place.line, "extends")
            for problem in error.problems
        ]
    )


def _override(whole: Tree, name: str) -> Tree:
    known = whole.value.get("overrides") or {}
    if not isinstance(known, Mapping) or name not in known:
        names = known if isinstance(known, Mapping) else ()
        rule = f"no override of this name{nearest(name, names)}"
        raise ScenarioError([Problem(rule, whole.place(()).file, None, "overrides", shorten(name))])
    if not isinstance(known[name], Mapping):
        raise ScenarioError([whole.problem(("overrides", name), "must be a mapping")])
    return trees.subtree(whole, ("overrides", name))


def _setting(setting: str) -> Tree:
    key, equals, text = setting.partition("=")
    if not equals or not key.strip():
        rule = "must be path=value, such as staff.reviewers.count=3"
        raise ScenarioError([Problem(rule, "--set", None, "", shorten(setting))])
    parsed = trees.parse(f"set: {text}" if text.strip() else "set: null", f"--set {key}")
    path: KeyPath = tuple(key.strip().split("."))
    one = trees.subtree(parsed, ("set",), path)
    one.places = {p: Place(f"--set {setting}", None) for p in one.places}
    return one


def _validated(tree: Tree, origin: str) -> Scenario:
    _apply_matter_defaults(tree)
    tree.value = trees.without_nulls(tree.value)
    problems = list(tree.problems)
    context = {"names": {kind: _keys(tree.value.get(kind)) for kind in _NAMESPACES}}
    try:
        scenario = Scenario.model_validate(tree.value, context=context)
    except ValidationError as error:
        problems += _shape_problems(tree, error)
        problems += references(tree, None, context)
    else:
        problems += references(tree, scenario, context)
    if problems:
        raise ScenarioError(_in_file_order(problems))
    data_files = dict(_data_files(tree, problems))
    if problems:
        raise ScenarioError(_in_file_order(problems))
    return scenario.with_provenance(provenance.of(tree, origin, data_files))


def _keys(value: Any) -> list[str]:
    return [str(key) for key in value] if isinstance(value, Mapping) else []


def _in_file_order(problems: list[Problem]) -> list[Problem]:
    unique = list(dict.fromkeys(problems))
    return sorted(unique, key=lambda problem: (problem.file, problem.line or 0))


def _apply_matter_defaults(tree: Tree) -> None:
    types = tree.value.get("case_types")
    if not isinstance(types, Mapping):
        return
    for name, case_type in types.items():
        if not isinstance(case_type, dict):
            continue
        defaults, matters = case_type.get("matter_defaults"), case_type.get("matters")
        if not isinstance(defaults, Mapping) or not isinstance(matters, dict):
            continue
        for matter, stated in matters.items():
            if isinstance(stated, Mapping):
                at: KeyPath = ("case_types", name, "matters", matter)
                below = trees.subtree(tree, ("case_types", name, "matter_defaults"))
                both = trees.merge(below, trees.subtree(tree, at))
                matters[matter] = both.value
                tree.places.update({(*at, *p): place for p, place in both.places.items()})
                tree.annotations.update({(*at, *p): a for p, a in both.annotations.items()})


def _shape_problems(tree: Tree, error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        path = _real_path(tree, detail["loc"])
        rule = str(detail["msg"])
        if detail["type"] == "extra_forbidden":
            rule = f"unknown key{nearest(str(path[-1]), valid_keys(Scenario, path[:-1]))}"
        elif detail["type"] == "missing":
            rule = f"'{detail['loc'][-1]}' is missing here"
        yield tree.problem(
            path,
            rule.removeprefix("Value error, "),
            show_value=detail["type"] not in {"extra_forbidden", "missing"},
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


def _data_files(tree: Tree, problems: list[Problem]) -> Iterator[tuple[str, Path]]:
    """Find every data file that the scenario mentions, relative to the file that mentions it."""
    for path in [p for p in tree.places if p and p[-1] == "file"]:
        name = tree.get(path)
        if not isinstance(name, str) or "matter_defaults" in path:
            continue
        stated_in = tree.place(path).file
        folders = [Path(), library_folder()]
        beside = [(folder / stated_in).parent / name for folder in folders if stated_in]
        for candidate in [*beside, Path(name)]:
            if candidate.is_file():
                yield name, candidate.resolve()
                break
        else:
            problems.append(tree.problem(path, "no such file (looked beside the scenario file)"))
