"""Where the values of a scenario come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.scenario.tree import Annotation, KeyPath, Place, Tree


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of the scenario with its origin."""

    path: KeyPath
    value: Any
    source: str
    """Begins with law, policy, published, measured or assumed; or says which file sets it."""
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

    def parameters(self) -> list[Parameter]:
        """Return every number, duration and switch with its source, in file order."""
        found: list[Parameter] = []
        self._collect(self.values, (), None, found)
        return found

    def _collect(
        self, value: Any, path: KeyPath, inherited: str | None, found: list[Parameter]
    ) -> None:
        own = self.annotations.get(path, Annotation())
        if isinstance(value, Mapping):
            source = value.get("source") or own.source or inherited
            for key, child in value.items():
                if key not in {"source", "note", "label", "name", "about"}:
                    self._collect(child, (*path, key), source, found)
        elif isinstance(value, list) and not _is_row(value):
            for index, child in enumerate(value):
                self._collect(child, (*path, index), own.source or inherited, found)
        else:
            place = self.places.get(path)
            source = own.source or inherited or (f"set in {place.file}" if place else "set")
            found.append(Parameter(path, value, str(source), own.range, own.note))


def _is_row(value: list[Any]) -> bool:
    return all(not isinstance(child, dict | list) for child in value)


def of(tree: Tree, origin: str, data_files: Mapping[str, Path]) -> Provenance:
    """Keep what the tree knows."""
    return Provenance(origin, tree.places, tree.annotations, tree.value, data_files)
