"""A scenario file together with the files that it extends."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.files.library import find, library_folder
from sim.scenario.files.merge import merge
from sim.scenario.files.reading import read
from sim.scenario.origin import Tree

MAX_FILES: Final = 50
"""A scenario is put together from no more files than this, each counted as often as named."""


def shown(path: Path) -> str:
    """Name a file the way its user would: library files by ``yingkou/base.yaml``."""
    resolved = path.resolve()
    for folder in (library_folder().resolve(), Path.cwd()):
        if resolved.is_relative_to(folder):
            return resolved.relative_to(folder).as_posix()
    return path.as_posix()


def with_parents(path: Path) -> Tree:
    """Read a file and lay it over those that it extends.

    Raises
    ------
    ScenarioError
        If a file cannot be read, or the files extend each other in a circle.
    """
    return _with_parents(path, (), [])


def _with_parents(path: Path, children: tuple[Path, ...], seen: list[Path]) -> Tree:
    resolved = path.resolve()
    tree = read(path, shown(path))
    if resolved in children:
        raise ScenarioError([tree.problem(("extends",), "files extend each other in a circle")])
    seen.append(resolved)
    parents = _parents(tree)
    base: Tree | None = None
    for name in parents:
        if len(seen) >= MAX_FILES:
            rule = f"at most {MAX_FILES} files can be put together"
            raise ScenarioError([tree.problem(("extends",), rule)])
        try:
            parent = _with_parents(find(name, path.parent), (*children, resolved), seen)
        except ScenarioError as error:
            raise ScenarioError([*tree.problems, *_seen_from(tree, error).problems]) from None
        base = parent if base is None else merge(base, parent)
    if base is None:
        return tree
    if "name" not in tree.value:
        _name_after_file(tree, path.stem, ", ".join(parents))
    return merge(base, tree)


def _parents(tree: Tree) -> list[str]:
    """Take the names of the extended files out of a tree."""
    named = tree.value.pop("extends", None)
    parents = [named] if isinstance(named, str) else [] if named is None else named
    if not isinstance(parents, list) or not all(isinstance(name, str) for name in parents):
        problem = tree.problem(("extends",), "must name a file, or a list of files")
        raise ScenarioError([*tree.problems, problem])
    return parents


def _name_after_file(tree: Tree, stem: str, parents: str) -> None:
    """Give a scenario without a name one of its own, so that it is not mistaken for its base."""
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
