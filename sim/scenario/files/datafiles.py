"""The data files that a scenario mentions, found beside the file that mentions them."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.errors import Problem
from sim.scenario.files.library import similar_file
from sim.scenario.origin import Tree
from sim.scenario.schema.marks import DataFile, marked
from sim.scenario.schema.model import Scenario


def data_files(tree: Tree, scenario: Scenario) -> tuple[dict[str, Path], list[Problem]]:
    """Return name → file for every data file, and what is wrong with them."""
    files: dict[str, Path] = {}
    problems = []
    for path, _, name in marked(scenario, DataFile):
        folder = tree.folders.get(tree.place(path).file)
        if folder is not None:
            rule = _rule_broken(folder / name, files.get(name))
            if rule is None:
                files[name] = (folder / name).resolve()
            else:
                problems.append(tree.problem(path, rule))
        elif name in tree.kept:
            files[name] = tree.kept[name]
        else:
            problems.append(tree.problem(path, "this file is not kept in the result"))
    return files, problems


def _rule_broken(file: Path, other: Path | None) -> str | None:
    """Return what is wrong with a file; `other` is meant by the same name elsewhere."""
    try:
        if file.is_dir():
            return "is a folder, not a file"
        if not file.is_file():
            return f"no such file (looked beside the file that names it){_similar(file)}"
    except (OSError, ValueError):
        return "is no file name"
    if other not in {None, file.resolve()}:
        return "two files of this name are meant; name each from the folder of the other, too"
    return None


def _similar(file: Path) -> str:
    name = similar_file(file, (file.suffix,))
    return f"; did you mean '{name}'?" if name else ""
