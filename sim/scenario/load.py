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
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario.files import provenance, reading
from sim.scenario.files import tree as trees
from sim.scenario.files.datafiles import data_files
from sim.scenario.files.library import find, library_folder
from sim.scenario.files.tree import KeyPath, Place, Tree
from sim.scenario.mistakes.cross_checks import references
from sim.scenario.mistakes.errors import Mistakes, Problem, ScenarioError, nearest, shorten
from sim.scenario.mistakes.field_errors import shape_problems
from sim.scenario.mistakes.json_schema import valid_keys
from sim.scenario.schema.base import Text
from sim.scenario.schema.model import Scenario

MAX_FILES = 50
"""A scenario is put together from no more files than this, each counted as often as named."""

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
    TypeError
        If `overrides` or `settings` is one text instead of a list.
    """
    _check_texts(overrides=overrides, settings=settings)
    path = find(os.fspath(reference))
    return _changed(_with_parents(path, (), []), overrides, settings, shown(path))


def vary(
    scenario: Scenario, *, overrides: Sequence[str] = (), settings: Sequence[str] = ()
) -> Scenario:
    """Return a variant of a scenario that was loaded, as if it had been loaded so.

    Parameters
    ----------
    scenario
        From `load` or `vary`; what was changed then stays changed.
    overrides, settings
        As in `load`.

    Raises
    ------
    ScenarioError
        With every problem found.
    TypeError
        If `overrides` or `settings` is one text instead of a list.
    """
    _check_texts(overrides=overrides, settings=settings)
    known = scenario.provenance
    if known.written is None:
        raise ValueError("only a scenario that was loaded from a file can be varied")
    return _changed(known.written, overrides, settings, known.origin)


def as_written(written: Tree, origin: str) -> Scenario:
    """Return the scenario of what was read before; see `Provenance.written`.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    return _changed(written, (), (), origin)


def _check_texts(**lists: object) -> None:
    """Refuse one text where a list of texts is meant: its letters would be taken one by one."""
    for name, texts in lists.items():
        if isinstance(texts, str):
            raise TypeError(f"{name} must be a list of texts: {name}=[{texts!r}]")


def override_problems(scenario: Scenario) -> list[Problem]:
    """Return what is wrong with the overrides of a loaded scenario, each tried alone."""
    written = scenario.provenance.written
    names = list((written.value.get("overrides") or {}) if written is not None else ())
    problems = []
    for name in names:
        try:
            vary(scenario, overrides=[name])
        except ScenarioError as error:
            problems += [
                replace(problem, rule=f"{problem.rule} (override '{name}')")
                for problem in error.problems
            ]
    return problems


def summary_of(reference: str) -> tuple[Text, list[str]]:
    """Return the name of a scenario and the names of its overrides, without validating the rest.

    Raises
    ------
    ScenarioError
        If the file, or one that it extends, cannot be read.
    """
    written = _with_parents(find(reference), (), []).value
    return Text.model_validate(written.get("name", "")), list(written.get("overrides") or ())


def _changed(
    whole: Tree, overrides: Sequence[str], settings: Sequence[str], origin: str
) -> Scenario:
    mistakes = Mistakes()
    for name in overrides:
        with mistakes.noted():
            whole = trees.merge(whole, _override(whole, name))
    for setting in settings:
        with mistakes.noted():
            whole = trees.merge(whole, _setting(whole, setting))
    completed = trees.copy(whole)
    completed.problems += _override_problems(whole)
    completed.value.pop("overrides", None)
    with mistakes.noted():
        scenario = _validated(completed, whole, origin)
    mistakes.tell()
    return scenario


def shown(path: Path) -> str:
    """Name a file the way its user would: library files by ``yingkou/base.yaml``."""
    resolved = path.resolve()
    for folder in (library_folder().resolve(), Path.cwd()):
        if resolved.is_relative_to(folder):
            return resolved.relative_to(folder).as_posix()
    return path.as_posix()


def _with_parents(path: Path, children: tuple[Path, ...], seen: list[Path]) -> Tree:
    resolved = path.resolve()
    tree = reading.read(path, shown(path))
    if resolved in children:
        raise ScenarioError([tree.problem(("extends",), "files extend each other in a circle")])
    seen.append(resolved)
    named = tree.value.pop("extends", None)
    parents = [named] if isinstance(named, str) else [] if named is None else named
    if not isinstance(parents, list) or not all(isinstance(name, str) for name in parents):
        problem = tree.problem(("extends",), "must name a file, or a list of files")
        raise ScenarioError([*tree.problems, problem])
    base: Tree | None = None
    for name in parents:
        if len(seen) >= MAX_FILES:
            rule = f"at most {MAX_FILES} files can be put together"
            raise ScenarioError([tree.problem(("extends",), rule)])
        try:
            parent = _with_parents(find(name, path.parent), (*children, resolved), seen)
        except ScenarioError as error:
            raise ScenarioError([*tree.problems, *_seen_from(tree, error).problems]) from None
        base = parent if base is None else trees.merge(base, parent)
    if base is None:
        return tree
    if "name" not in tree.value:
        _name_after_file(tree, path.stem, ", ".join(parents))
    return trees.merge(base, tree)


def _name_after_file(tree: Tree, stem: str, parents: str) -> None:
    """Name what has no name of its own, lest its results pass for those of its base."""
    tree.value["name"] = {"en": f"{stem} (extends {parents})", "zh": f"{stem}(基于 {parents})"}
    tree.places[("name",)] = tree.place(())


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
    known = whole.value.get("overrides")
    names = known if isinstance(known, Mapping) else {}
    if name not in names:
        here = f" in {whole.place(('overrides',)).file}" if names else ""
        rule = f"no override of this name{here}{nearest(name, names)}"
        raise ScenarioError([Problem(rule, f"--with {shorten(name)[1:-1]}")])
    if not isinstance(names[name], Mapping):
        raise ScenarioError(list(_override_problems(whole)))
    return trees.subtree(whole, ("overrides", name))


def _override_problems(whole: Tree) -> Iterator[Problem]:
    """Look at all named overrides, also those that are not asked for."""
    known = whole.value.get("overrides")
    if known is not None and not isinstance(known, Mapping):
        yield whole.problem(("overrides",), "must be a mapping of names to changes")
        return
    for name, changes in (known or {}).items():
        at: KeyPath = ("overrides", name)
        if not isinstance(changes, Mapping):
            yield whole.problem(at, "must be a mapping of what it changes")
            continue
        for key in changes:
            if key not in Scenario.model_fields:
                hint = nearest(key, Scenario.model_fields)
                yield whole.problem((*at, key), f"unknown key{hint}", show_value=False)


def _setting(whole: Tree, setting: str) -> Tree:
    key, equals, text = setting.partition("=")
    path = tuple(part.strip() for part in key.split("."))
    if not equals or not all(path):
        rule = "must be path=value, such as staff.reviewers.count=3"
        raise ScenarioError([Problem(rule, "--set", None, "", shorten(setting))])
    said_in = f"--set {shorten(setting)[1:-1]}"
    _check_names(whole, path, said_in)
    parsed = _parsed_setting(text.strip(), said_in)
    one = trees.subtree(parsed, ("set",), trees.into(whole, path, said_in))
    new = [path[:length] for length in range(1, len(path)) if whole.get(path[:length]) is None]
    one.places = dict.fromkeys([*new, *one.places], Place(said_in, None))
    one.folders = {said_in: Path()}
    one.problems = [
        Problem(p.rule, said_in, None, p.key.replace("set", ".".join(path), 1), p.value)
        for p in parsed.problems
    ]
    return one


def _check_names(whole: Tree, path: tuple[str, ...], said_in: str) -> None:
    """Refuse to change something inside a pool, a matter … that there is not."""
    for depth in range(1, len(path)):
        around, here = whole.get(path[: depth - 1]), whole.get(path[:depth])
        named = isinstance(around, Mapping) and not valid_keys(Scenario, path[: depth - 1])
        if named and here is None:
            rule = f"no '{path[depth - 1]}' here{nearest(path[depth - 1], around or ())}"
            raise ScenarioError([Problem(rule, said_in, None, trees.dotted(path[:depth]))])


def _parsed_setting(text: str, said_in: str) -> Tree:
    """Read the value as YAML."""
    try:
        parsed = reading.parse(f"set: {text}" if text else "set: null", said_in)
    except ScenarioError as error:
        raise ScenarioError([Problem(p.rule, said_in) for p in error.problems]) from None
    if list(parsed.value) != ["set"]:
        raise ScenarioError([Problem("the value must stand in one line", said_in)])
    return parsed


def _validated(tree: Tree, written: Tree, origin: str) -> Scenario:
    problems = [*tree.problems, *_nothing_to_remove(tree, tree.value, ())]
    _apply_matter_defaults(tree)
    tree.value = trees.without_nulls(tree.value)
    context = {"names": {kind: _names(tree.value.get(kind), kind) for kind in _NAMESPACES}}
    files: dict[str, Path] = {}
    try:
        scenario = Scenario.model_validate(tree.value, context=context)
    except ValidationError as error:
        problems += shape_problems(tree, error)
        problems += references(tree, None, context)
    else:
        problems += references(tree, scenario, context)
        files, missing = data_files(tree, scenario)
        problems += missing
    if problems:
        raise ScenarioError(_in_file_order(problems))
    return scenario.with_provenance(provenance.of(tree, written, origin, files))


def _nothing_to_remove(tree: Tree, value: Any, path: KeyPath) -> Iterator[Problem]:
    """Find nulls that remove nothing: a slip, such as a colon without a blank behind it."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, Mapping):
        return
    for key, child in value.items():
        here = (*path, key)
        if child is not None or not isinstance(key, str):
            yield from _nothing_to_remove(tree, child, here)
        elif here not in tree.removed:
            yield from _slip(tree, key, path)


def _slip(tree: Tree, key: str, path: KeyPath) -> Iterator[Problem]:
    name, colon, rest = key.partition(":")
    valid = valid_keys(Scenario, path)
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


def _names(value: Any, kind: str) -> list[str] | None:
    """Return the names defined; None where they cannot be known, so that none is complained of."""
    if isinstance(value, Mapping):
        return [str(key) for key in value]
    return [] if value is None and not Scenario.model_fields[kind].is_required() else None


def _in_file_order(problems: list[Problem]) -> list[Problem]:
    """Sort, leave out what is said twice, and what is missing only because it was refused."""
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
                tree.places.update({(*at, *p): place for p, place in both.places.items() if p})
                tree.annotations.update({(*at, *p): a for p, a in both.annotations.items()})
                tree.defaulted.update(
                    {
                        (*at, *p): ("case_types", name, "matter_defaults", *p)
                        for p, place in both.places.items()
                        if p and below.places.get(p) == place
                    }
                )
