"""Where the values of a scenario come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

from sim.scenario.origin.tree import Annotation, KeyPath, Place, Tree

SourceKind: TypeAlias = Literal["assumed", "none", "law", "policy", "published", "measured"]
"""The kind of a source; `none` means that the scenario names no source."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of the scenario with its origin."""

    path: KeyPath
    value: Any
    kind: SourceKind
    source: str
    """As written in the scenario; ``set in FILE`` if there is none."""
    file: str
    """The file that sets the value; "" for an option."""
    range: tuple[Any, Any] | None
    note: str | None


@dataclass(frozen=True)
class Provenance:
    """What a `Scenario` remembers of the files it was read from."""

    origin: str = ""
    """The file or library name it was loaded by."""
    places: Mapping[KeyPath, Place] = field(default_factory=dict)
    annotations: Mapping[KeyPath, Annotation] = field(default_factory=dict)
    values: Any = None
    """The completed tree of plain values."""
    data_files: Mapping[str, Path] = field(default_factory=dict)
    """Data files by the name under which the scenario mentions them."""
    written: Tree | None = field(default=None, repr=False)
    """What was read, before it was completed, with all overrides: variants start from it."""

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
        found: list[Parameter] = []
        self._collect(self.values, (), None, found)
        return [each for each in found if not self._is_a_default(each.path)]

    def _collect(
        self, value: Any, path: KeyPath, inherited: _BlockSource | None, found: list[Parameter]
    ) -> None:
        own = self.annotations.get(path, Annotation())
        if own.source is not None:
            inherited = _BlockSource(own.source, self._file(path))
        if isinstance(value, Mapping):
            if "source" in value:
                inherited = _BlockSource(str(value["source"]), self._file((*path, "source")))
            for key, child in value.items():
                if key not in {"source", "note", "label", "labels", "name", "about"}:
                    self._collect(child, (*path, key), inherited, found)
        elif isinstance(value, list) and not _is_row(value):
            for index, child in enumerate(value):
                self._collect(child, (*path, index), inherited, found)
        else:
            file = self._file(path)
            source, kind = f"set in {file}" if file else "set", "none"
            if inherited is not None and inherited.file == file:
                source = inherited.text
                kind = next(
                    (word for word in get_args(SourceKind) if source.startswith(word)), kind
                )
            known = cast("SourceKind", kind)
            found.append(Parameter(path, value, known, source, file, own.range, own.note))

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


@dataclass(frozen=True, slots=True)
class _BlockSource:
    """A source, and the file whose values it backs."""

    text: str
    file: str


def _is_row(value: list[Any]) -> bool:
    return all(not isinstance(child, dict | list) for child in value)


def of(tree: Tree, written: Tree, origin: str, data_files: Mapping[str, Path]) -> Provenance:
    """Keep what the completed tree knows, and what was written."""
    return Provenance(origin, tree.places, tree.annotations, tree.value, data_files, written)
