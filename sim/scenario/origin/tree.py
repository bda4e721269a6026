"""Scenario files as plain trees that remember where each value stands and where it comes from.

A value may be written with its origin, ``{value: 200, source: assumed, range: [100, 350]}``; the
tree then holds the bare value, and the origin beside it as an `Annotation`.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.scenario.errors import Problem, shorten

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands."""

    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Annotation:
    """Where a value comes from, and between which bounds it may lie."""

    source: str | None = None
    range: tuple[Any, Any] | None = None
    note: str | None = None


@dataclass
class Tree:
    """A tree of mappings, lists and scalars, with places and annotations by path."""

    value: Any
    places: dict[KeyPath, Place] = field(default_factory=dict)
    annotations: dict[KeyPath, Annotation] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    """Mistakes found while reading; reported together with all others."""
    folders: dict[str, Path] = field(default_factory=dict)
    """Folder of each file that the places name: data files are looked up beside it."""
    kept: dict[str, Path] = field(default_factory=dict)
    """Data files by name, where the folders are not known: of a scenario from a result."""
    defaulted: dict[KeyPath, KeyPath] = field(default_factory=dict)
    """Value that a matter took over from `matter_defaults` → where it is written."""
    removed: set[KeyPath] = field(default_factory=set)
    """Paths of keys that a null removed."""
    added: set[KeyPath] = field(default_factory=set)
    """Paths of keys that only a later tree has, and none below it."""

    def place(self, path: KeyPath) -> Place:
        """Return the place of the value, or of the nearest value around it that has one."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return Place("", None)

    def get(self, path: KeyPath) -> Any:
        """Return the value at the path; None where there is none."""
        value = self.value
        for key in path:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def copy(self) -> Tree:
        """Return a tree that may be changed without changing this one."""
        return Tree(
            deepcopy(self.value),
            dict(self.places),
            dict(self.annotations),
            list(self.problems),
            self.folders,
            self.kept,
            dict(self.defaulted),
            set(self.removed),
            set(self.added),
        )

    def cut_out(self, path: KeyPath, at: KeyPath = ()) -> Tree:
        """Return what lies under `path`, placed under `at`."""
        length = len(path)
        value = self.get(path)
        for key in reversed(at):
            value = {key: value}
        return Tree(
            value,
            {(*at, *p[length:]): place for p, place in self.places.items() if p[:length] == path},
            {(*at, *p[length:]): a for p, a in self.annotations.items() if p[:length] == path},
            folders=self.folders,
            kept=self.kept,
        )

    def problem(self, path: KeyPath, rule: str, *, show_value: bool = True) -> Problem:
        """Describe a mistake at the path."""
        place = self.place(path)
        value = self.get(path)
        bare = value is None or isinstance(value, dict | list)
        shown = shorten(value) if show_value and path and not bare else ""
        return Problem(rule, place.file, place.line, dotted(self._as_written(path)), shown)

    def _as_written(self, path: KeyPath) -> KeyPath:
        for length in range(len(path), 0, -1):
            if path[:length] in self.defaulted:
                return (*self.defaulted[path[:length]], *path[length:])
        return path


def dotted(path: KeyPath) -> str:
    """Return a path as it is written in settings: keys joined by dots."""
    return ".".join(str(key) for key in path)
