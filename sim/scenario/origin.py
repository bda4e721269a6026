"""The origin of values: files as trees, the place of each value, and its source.

A value may be written with its origin, ``{value: 200, source: assumed, range: [100, 350]}``; the
tree then holds the bare value, and the origin beside it as an `Annotation`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from sim.scenario.errors import Problem, shorten
from sim.scenario.frozen import frozen, thawed
from sim.translation import tr

KeyPath = tuple[str | int, ...]
SOURCE_KINDS: Final = ("law", "policy", "published", "measured", "inferred", "assumed")
"""The first word of a source."""
SOURCE_PATTERN: Final = rf"({'|'.join(SOURCE_KINDS)})\b"


def is_source(source: object) -> bool:
    """Whether a text is a source."""
    return isinstance(source, str) and bool(re.match(SOURCE_PATTERN, source))


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a value: its file and line."""

    file: str
    line: int | None
    heading: str = ""
    """Heading of its column, in a workbook; messages name it in place of the path."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """The source of a value, and the range in which it may lie."""

    source: str | None = None
    range: tuple[Any, Any] | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        """Let nobody change the lists and tables between which a shape lies."""
        if self.range is not None:
            object.__setattr__(self, "range", tuple(frozen(end) for end in self.range))


@dataclass
class Tree:
    """A tree of mappings, lists and scalars, with places and annotations by path."""

    value: Any
    places: dict[KeyPath, Place] = field(default_factory=dict)
    annotations: dict[KeyPath, Annotation] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    """Mistakes met in reading; they are reported with all others."""
    folders: dict[str, Path] = field(default_factory=dict)
    """File in `places` → its folder, in which its data files are looked up."""
    kept: dict[str, Path] = field(default_factory=dict)
    """Data files by name, for a scenario from a result, which has no folders."""
    defaulted: dict[KeyPath, KeyPath] = field(default_factory=dict)
    """Path of a value that a matter takes from `matter_defaults` → path of the default."""
    removed: set[KeyPath] = field(default_factory=set)
    """Paths of keys that a null removed."""
    added: set[KeyPath] = field(default_factory=set)
    """Paths of keys that an upper layer adds, without the paths below them."""
    remarks: list[str] = field(default_factory=list)
    """What of a workbook is not read, in the language of the workbook."""

    def place(self, path: KeyPath) -> Place:
        """Return the place of the value, or of the nearest value around it that has one."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return Place("", None)

    def get(self, path: KeyPath) -> Any:
        """Return the value at the path; None if the path does not exist."""
        value = self.value
        for key in path:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def annotated(self, path: KeyPath = ()) -> Any:
        """Return the value at the path as a file writes it, with the sources of values."""
        value = self.get(path)
        if isinstance(value, Mapping):
            value = {key: self.annotated((*path, key)) for key in value}
        said = self.annotations.get(path)
        return value if said is None else {"value": value, "source": said.source}

    def copy(self) -> Tree:
        """Return an independent copy, which may be changed."""
        return Tree(**{part.name: thawed(getattr(self, part.name)) for part in fields(self)})

    def sealed(self) -> Tree:
        """Return this tree in a form in which nothing can be changed."""
        sealed = object.__new__(SealedTree)
        vars(sealed).update({part.name: frozen(getattr(self, part.name)) for part in fields(self)})
        return sealed

    def cut_out(self, path: KeyPath, at: KeyPath = ()) -> Tree:
        """Return the part of the tree under `path`, moved to `at`."""
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

    def parts(self, path: KeyPath) -> dict[Any, Tree]:
        """Return key → what `cut_out` returns of it, for all keys of the mapping at a path."""
        depth = len(path)
        made = {
            key: Tree(child, folders=self.folders, kept=self.kept)
            for key, child in self.get(path).items()
        }
        for at, place in self.places.items():
            if len(at) > depth and at[:depth] == path and at[depth] in made:
                made[at[depth]].places[at[depth + 1 :]] = place
        for at, said in self.annotations.items():
            if len(at) > depth and at[:depth] == path and at[depth] in made:
                made[at[depth]].annotations[at[depth + 1 :]] = said
        return made

    def problem(self, path: KeyPath, rule: str, *, value: bool = False) -> Problem:
        """Return a problem at the path; with `value`, it shows the value if that is a scalar."""
        place, known = self.place(path), self.get(path)
        bare = known is None or isinstance(known, dict | list)
        shown = shorten(known) if value and path and not bare else ""
        lengths = range(len(path), 0, -1)
        taken = next((k for k in lengths if path[:k] in self.defaulted), 0)
        written = (*self.defaulted[path[:taken]], *path[taken:]) if taken else path
        return Problem(rule, place.file, place.line, place.heading or dotted(written), shown)


class SealedTree(Tree):
    """A tree in which nothing can be changed; see `Tree.sealed` and `Tree.copy`."""

    def __setattr__(self, name: str, value: object) -> None:
        raise TypeError(tr("a scenario is never changed: make a variant with sim.vary"))


def dotted(path: KeyPath) -> str:
    """Return a path as settings have it: keys joined by dots."""
    return ".".join(str(key) for key in path)


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a value."""

    kind: str
    """One of `SOURCE_KINDS`; `none` for a value without a source."""
    text: str
    """The source as written; `set in FILE` for a value without a source."""
    file: str
    """The file, or setting, that gives the value; empty if none does."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of the scenario with its origin."""

    path: KeyPath
    value: Any
    source: Source
    """Its source."""
    range: tuple[Any, Any] | None
    note: str | None


@dataclass(frozen=True)
class Provenance:
    """The files that a `Scenario` was read from, with the places and sources of its values."""

    origin: str = ""
    """The file or library name of the scenario."""
    completed: Tree = field(default_factory=lambda: Tree(None), repr=False)
    """The values of all fields that are written somewhere, in plain types."""
    data_files: Mapping[str, Path] = field(default_factory=dict)
    """Data files by the name under which the scenario mentions them."""
    written: Tree | None = field(default=None, repr=False)
    """The tree as read, with all overrides and without defaults; variants start from it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "completed", self.completed.sealed())
        object.__setattr__(self, "data_files", frozen(self.data_files))
        if self.written is not None:
            object.__setattr__(self, "written", self.written.sealed())

    @property
    def overrides(self) -> tuple[str, ...]:
        """Names of the overrides that the files offer, in file order."""
        return () if self.written is None else tuple(self.written.value.get("overrides") or ())

    def parameters(self) -> list[Parameter]:
        """Return every number, duration and switch with its source, in file order.

        The source of a block holds for values from the same file only: a value from another file
        (or ``--set``) needs a source of its own. Values that matters take from
        ``matter_defaults`` are listed once, under ``matter_defaults``.
        """
        parameters = self._below((), self.completed.value, None)
        return [known for known in parameters if known.path not in self.completed.defaulted]

    def _below(self, path: KeyPath, value: Any, inherited: Source | None) -> Iterator[Parameter]:
        own = self.completed.annotations.get(path, Annotation())
        file = self.completed.place(path).file
        if own.source is not None:
            inherited = _stated(own.source, file)
        if isinstance(value, Mapping):
            if "source" in value:
                at = self.completed.place((*path, "source"))
                inherited = _stated(str(value["source"]), at.file)
            for key, child in value.items():
                if key not in _NO_PARAMETERS:
                    yield from self._below((*path, key), child, inherited)
        elif isinstance(value, list) and any(isinstance(child, dict | list) for child in value):
            for index, child in enumerate(value):
                yield from self._below((*path, index), child, inherited)
        else:
            source = inherited
            if source is None or source.file != file:
                source = Source("none", f"set in {file}" if file else "set", file)
            yield Parameter(path, value, source, own.range, own.note)


_NO_PARAMETERS: Final = frozenset({"source", "note", "label", "labels", "name", "about"})


def _stated(text: str, file: str) -> Source:
    return Source(next(filter(text.startswith, SOURCE_KINDS), "other"), text, file)
