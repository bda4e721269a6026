"""The layers of a scenario: the files it extends, the file itself, overrides and settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from sim.scenario.errors import Problem, ScenarioError, nearest, shorten
from sim.scenario.files.form import form_of
from sim.scenario.files.form_reading import base_named, is_workbook, laid_over, sheets_of
from sim.scenario.files.library import find, library_folder
from sim.scenario.files.merge import into, merge
from sim.scenario.files.reading import parse, read
from sim.scenario.origin import KeyPath, Place, Tree, dotted
from sim.scenario.schema.keys import valid_keys
from sim.scenario.schema.model import Scenario
from sim.translation import noted, tr

IN_A_CIRCLE: Final = noted("files extend each other in a circle")
MAX_FILES: Final = 50
"""Largest number of files of one scenario; a file counts as often as it is named."""


def shown(path: Path) -> str:
    """Return the name of a file for its user; library files are called ``yingkou/base.yaml``."""
    resolved = path.resolve()
    for folder in (library_folder().resolve(), Path.cwd()):
        if resolved.is_relative_to(folder):
            return resolved.relative_to(folder).as_posix()
    return path.as_posix()


def with_parents(path: Path) -> Tree:
    """Read a file and lay it over the files that it extends; `ScenarioError` if one fails."""
    return _with_parents(path, (), [])


def _with_parents(path: Path, children: tuple[Path, ...], seen: list[Path]) -> Tree:
    if is_workbook(path):
        return _of_workbook(path, children, seen)
    resolved = path.resolve()
    tree = read(path, shown(path))
    if resolved in children:
        raise ScenarioError([tree.problem(("extends",), tr(IN_A_CIRCLE), value=True)])
    seen.append(resolved)
    parents = _parents(tree)
    base: Tree | None = None
    for name in parents:
        if len(seen) >= MAX_FILES:
            rule = tr("at most {max_files} files can be put together", max_files=MAX_FILES)
            raise ScenarioError([tree.problem(("extends",), rule, value=True)])
        try:
            parent = _with_parents(find(name, path.parent), (*children, resolved), seen)
        except ScenarioError as error:
            raise ScenarioError([*tree.problems, *_seen_from(tree, error)]) from None
        base = parent if base is None else merge(base, parent)
    if base is None:
        return tree
    _name_after_file(tree, path, ", ".join(parents))
    return merge(base, tree)


def _of_workbook(path: Path, children: tuple[Path, ...], seen: list[Path]) -> Tree:
    """Read a workbook for a city and lay it over the base that it names."""
    tree, base, name = _changes(path, children, seen)
    _name_after_file(tree, path, name)
    return merge(base, tree)


def changes_of(path: Path) -> tuple[Tree, Path]:
    """Return what a workbook for a city changes, and its base; `ScenarioError` if it fails."""
    tree, _, name = _changes(path, (), [])
    if tree.problems:
        raise ScenarioError(tree.problems)
    return tree, find(name, path.parent)


def _changes(path: Path, children: tuple[Path, ...], seen: list[Path]) -> tuple[Tree, Tree, str]:
    """Return what a workbook changes, the tree of its base, and the name of that."""
    file = shown(path)
    sheets = sheets_of(path, file)
    name, place = base_named(sheets, file)
    try:
        if path.resolve() in children:
            raise ScenarioError([Problem(tr(IN_A_CIRCLE))])
        base = _with_parents(find(name, path.parent), (*children, path.resolve()), seen)
    except ScenarioError as error:
        told = Tree({}, {("extends",): place})
        raise ScenarioError(_seen_from(told, error)) from None
    tree = laid_over(sheets, form_of(base, name), file)
    seen.append(path.resolve())
    tree.folders[file] = path.parent
    return tree, base, name


def _name_after_file(tree: Tree, path: Path, parents: str) -> None:
    """Name what has no name of its own after its file: it would have the name of its base."""
    if "name" not in tree.value:
        stem = path.stem
        tree.value["name"] = {
            "en": f"{stem} (extends {parents})",
            "zh": f"{stem}（基于 {parents}）",
        }
        tree.places["name",] = tree.place(())


def _parents(tree: Tree) -> list[str]:
    """Remove `extends` from a tree and return the names in it."""
    named = tree.value.pop("extends", None)
    parents = [named] if isinstance(named, str) else [] if named is None else named
    if not isinstance(parents, list) or not all(isinstance(name, str) for name in parents):
        problem = tree.problem(("extends",), tr("must name a file, or a list of files"), value=True)
        raise ScenarioError([*tree.problems, problem])
    return parents


def _seen_from(tree: Tree, error: ScenarioError) -> list[Problem]:
    """Return the problems of an extended file; without a line, they point to `extends`."""
    place = tree.place(("extends",))
    return [
        problem
        if problem.line is not None
        else Problem(
            ": ".join(filter(None, (problem.file, problem.rule))), place.file, place.line, "extends"
        )
        for problem in error.problems
    ]


def override_of(whole: Tree, name: str) -> Tree:
    """Return the changes of a named override; raise `ScenarioError` if the name is unknown."""
    known = whole.value.get("overrides")
    names = known if isinstance(known, Mapping) else {}
    if name not in names:
        here = tr(" in {file}", file=whole.place(("overrides",)).file) if names else ""
        rule = tr("no override of this name{here}{hint}", here=here, hint=nearest(name, names))
        raise ScenarioError([Problem(rule, f"--with {shorten(name)[1:-1]}")])
    if not isinstance(names[name], Mapping):
        raise ScenarioError(list(wrong_overrides(whole)))
    return whole.cut_out(("overrides", name))


def wrong_overrides(whole: Tree) -> Iterator[Problem]:
    """Yield the mistakes in all named overrides, also in those that are not applied."""
    known = whole.value.get("overrides")
    if known is not None and not isinstance(known, Mapping):
        yield whole.problem(("overrides",), tr("must be a mapping of names to changes"), value=True)
        return
    for name, changes in (known or {}).items():
        at: KeyPath = ("overrides", name)
        if not isinstance(changes, Mapping):
            yield whole.problem(at, tr("must be a mapping of what it changes"), value=True)
            continue
        for key in changes:
            if key not in Scenario.model_fields:
                hint = nearest(key, Scenario.model_fields)
                yield whole.problem((*at, key), tr("unknown key{hint}", hint=hint))


def setting_of(whole: Tree, setting: str) -> Tree:
    """Return the change of ``path=value``; raise `ScenarioError` if the path does not exist."""
    key, equals, text = setting.partition("=")
    path = tuple(part.strip() for part in key.split("."))
    if not equals or not all(path):
        rule = tr("must be path=value, such as staff.reviewers.count=3")
        raise ScenarioError([Problem(rule, "--set", None, "", shorten(setting))])
    said_in = f"--set {shorten(setting)[1:-1]}"
    _check_names(whole, path, said_in)
    parsed = _parsed_setting(text.strip(), said_in)
    one = parsed.cut_out(("set",), into(whole, path, said_in))
    new = [path[:length] for length in range(1, len(path)) if whole.get(path[:length]) is None]
    one.places = dict.fromkeys([*new, *one.places], Place(said_in, None))
    one.folders = {said_in: Path()}
    one.problems = [
        Problem(p.rule, said_in, None, p.key.replace("set", ".".join(path), 1), p.value)
        for p in parsed.problems
    ]
    return one


def _check_names(whole: Tree, path: tuple[str, ...], said_in: str) -> None:
    """Refuse a path into a pool, a matter or another named part that does not exist."""
    for depth in range(1, len(path)):
        around, here = whole.get(path[: depth - 1]), whole.get(path[:depth])
        named = isinstance(around, Mapping) and not valid_keys(path[: depth - 1])
        if named and here is None:
            rule = tr(
                "no '{path}' here{hint}",
                path=path[depth - 1],
                hint=nearest(path[depth - 1], around or ()),
            )
            raise ScenarioError([Problem(rule, said_in, None, dotted(path[:depth]))])


def _parsed_setting(text: str, said_in: str) -> Tree:
    """Return the YAML value of a setting, under the key `set`."""
    try:
        parsed = parse(f"set: {text}" if text else "set: null", said_in)
    except ScenarioError as error:
        raise ScenarioError([Problem(p.rule, said_in) for p in error.problems]) from None
    if list(parsed.value) != ["set"]:
        raise ScenarioError([Problem(tr("the value must stand in one line"), said_in)])
    return parsed
