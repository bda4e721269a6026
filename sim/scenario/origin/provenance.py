"""Where the values of a scenario come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sim.scenario.origin.tree import Annotation, KeyPath, Place, Tree

SOURCE_KINDS: Final = ("law", "policy", "published", "measured", "assumed")
"""The word with which a source begins."""


@dataclass(frozen=True, slots=True)
class Source:
    """What backs a value."""

    kind: str
    """One of `SOURCE_KINDS`; `none` where nothing backs the value."""
    text: str
    """As it is written; `set in FILE` where nothing backs the value."""
    file: str
    """The file, or setting, that gives the value; empty if none does."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of the scenario with its origin."""

    path: KeyPath
    value: Any
    source: Source
    """What backs it."""
    range: tuple[Any, Any] | None
    note: str | None


@dataclass(frozen=True)
class Provenance:
    """The files that a `Scenario` was read from, with the places and sources of its values."""

    origin: str = ""
    """The file or library name it was loaded by."""
    places: Mapping[KeyPath, Place] = field(default_factory=dict)
    annotations: Mapping[KeyPath, Annotation] = field(default_factory=dict)
    values: Any = None
    """The completed tree of plain values."""
    data_files: Mapping[str, Path] = field(default_factory=dict)
    """Data files by the name under which the scenario mentions them."""
    written: Tree | None = field(default=None, repr=False)
    """The tree as read, before it was completed, with all overrides; variants start from it."""

    @property
    def overrides(self) -> tuple[str, ...]:
        """Names of the overrides that the files offer, in file order."""
        return () if self.written is None else tuple(self.written.value.get("overrides") or ())

    def parameters(self) -> list[Parameter]:
        """Return every number, duration and switch with its source, in file order.

        The source of a block holds for what stands in the same file: a value that another file (or
        ``--set``) puts in its place has no source unless it brings its own. Values that a matter
        takes from ``matter_defaults`` are listed there, once.
        """
        parameters: list[Parameter] = []
        self._collect(self.values, (), None, parameters)
        return [parameter for parameter in parameters if not self._is_a_default(parameter.path)]

    def _collect(
        self, value: Any, path: KeyPath, inherited: Source | None, parameters: list[Parameter]
    ) -> None:
        own = self.annotations.get(path, Annotation())
        if own.source is not None:
            inherited = _stated(own.source, self._file(path))
        if isinstance(value, Mapping):
            if "source" in value:
                inherited = _stated(str(value["source"]), self._file((*path, "source")))
            for key, child in value.items():
                if key not in {"source", "note", "label", "labels", "name", "about"}:
                    self._collect(child, (*path, key), inherited, parameters)
        elif isinstance(value, list) and not _is_row(value):
            for index, child in enumerate(value):
                self._collect(child, (*path, index), inherited, parameters)
        else:
            file = self._file(path)
            source = inherited
            if source is None or source.file != file:
                source = Source("none", f"set in {file}" if file else "set", file)
            parameters.append(Parameter(path, value, source, own.range, own.note))

    def _file(self, path: KeyPath) -> str:
        """Return the file in which a value stands; of a value inside it, that of its mapping."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]].file
        return ""

    def _is_a_default(self, path: KeyPath) -> bool:
        """Whether a matter has this value from the defaults of its case type."""
        if len(path) < 5 or path[2] != "matters":
            return False
        default = (*path[:2], "matter_defaults", *path[4:])
        return default in self.places and self.places[default] == self.places.get(path)


def _stated(text: str, file: str) -> Source:
    """Return a source that a file states for the values that stand there."""
    return Source(next(filter(text.startswith, SOURCE_KINDS), "other"), text, file)


def _is_row(value: list[Any]) -> bool:
    return all(not isinstance(child, dict | list) for child in value)


def of(tree: Tree, written: Tree, origin: str, data_files: Mapping[str, Path]) -> Provenance:
    """Return the provenance of a completed tree, which was made of what was written."""
    return Provenance(origin, tree.places, tree.annotations, tree.value, data_files, written)
