"""The data files that a scenario mentions, found beside the file that mentions them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from sim.scenario.errors import Problem
from sim.scenario.files.library import similar_file
from sim.scenario.origin.tree import KeyPath, Tree
from sim.scenario.schema.arrivals import Replay
from sim.scenario.schema.backlog import Backlog
from sim.scenario.schema.distributions import Empirical
from sim.scenario.schema.model import Scenario


def data_files(tree: Tree, scenario: Scenario) -> tuple[dict[str, Path], list[Problem]]:
    """Return name → file for every data file, and what is wrong with them."""
    files: dict[str, Path] = {}
    problems = []
    for path, name in _mentioned(scenario, ()):
        folder = tree.folders.get(tree.place(path).file)
        if folder is None:
            if name in tree.kept:
                files[name] = tree.kept[name]
            else:
                problems.append(tree.problem(path, "this file is not kept in the result"))
            continue
        file = folder / name
        try:
            rule = None if file.is_file() else "is a folder, not a file" if file.is_dir() else ""
        except (OSError, ValueError):
            rule = "is no file name"
        if rule is None and files.setdefault(name, file.resolve()) != file.resolve():
            rule = "two files of this name are meant; name each from the folder of the other, too"
        if rule is not None:
            rule = rule or f"no such file (looked beside the file that names it){_similar(file)}"
            problems.append(tree.problem(path, rule))
    return files, problems


def _similar(file: Path) -> str:
    name = similar_file(file, (file.suffix,))
    return f"; did you mean '{name}'?" if name else ""


def _mentioned(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, Replay | Empirical):
        yield (*path, "file"), value.file
        return
    if isinstance(value, Backlog) and value.file is not None:
        yield (*path, "file"), value.file
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _mentioned(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, Mapping):
        for key, child in value.items():
            yield from _mentioned(child, (*path, key))
    elif isinstance(value, tuple):
        for number, child in enumerate(value):
            yield from _mentioned(child, (*path, number))
