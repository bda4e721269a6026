"""Scenario files as plain trees that remember where each value stands and where it comes from.

A value may be written with its origin, ``{value: 200, source: assumed, range: [100, 350]}``; the
tree then holds the bare value, and the origin beside it as an `Annotation`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sim.scenario.base import SOURCE_KINDS
from sim.scenario.errors import Problem, ScenarioError, shorten
from sim.scenario.quantities import Duration

KeyPath = tuple[str | int, ...]

MAX_BYTES: Final = 5_000_000
MAX_VALUES: Final = 100_000
"""Aliases are expanded; a file that grows beyond this is a mistake or an attack."""
MAX_DEPTH: Final = 40
ANNOTATED: Final = frozenset({"value", "source", "range", "note"})


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
    """Mistakes in annotations; reported together with all others."""

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

    def problem(self, path: KeyPath, rule: str, *, show_value: bool = True) -> Problem:
        """Describe a mistake at the path."""
        place = self.place(path)
        value = self.get(path)
        shown = shorten(value) if show_value and not isinstance(value, dict | list) else ""
        return Problem(rule, place.file, place.line, dotted(path), shown if path else "")


def dotted(path: KeyPath) -> str:
    """Write a path as people write it: keys joined by dots."""
    return ".".join(str(key) for key in path)


def read(path: Path, shown_as: str) -> Tree:
    """Read one YAML 1.2 file; raise `ScenarioError` with file and line if that cannot be done."""
    return parse(_text(path, shown_as), shown_as)


def _text(path: Path, shown_as: str) -> str:
    def fail(rule: str) -> ScenarioError:
        return ScenarioError([Problem(rule, shown_as)])

    if path.is_dir():
        raise fail("is a folder, not a scenario file")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise fail(f"is larger than {MAX_BYTES // 1_000_000} MB; this is no scenario file")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fail(f"is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise fail(f"cannot be read: {error.strerror or error}") from None


def parse(text: str, shown_as: str) -> Tree:
    """Parse YAML text into a tree whose top level is a mapping."""
    yaml = YAML(typ="rt", pure=True)
    try:
        document = yaml.load(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        rule = f"is not valid YAML: {error.problem or error.context}"
        raise ScenarioError([Problem(rule, shown_as, line)]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ScenarioError([Problem(f"is not valid YAML: {reason}", shown_as)]) from None
    if document is None:
        raise ScenarioError(
            [Problem("is empty; a scenario needs at least name and period", shown_as)]
        )
    if not isinstance(document, CommentedMap):
        raise ScenarioError([Problem("must be a mapping of keys to values", shown_as, 1)])
    return _Converter(shown_as).convert(document)


class _Converter:
    """Turns ruamel's document into a `Tree`: plain types, values unwrapped from annotations."""

    def __init__(self, file: str) -> None:
        self.tree = Tree({})
        self.file = file
        self.visited = 0

    def convert(self, document: CommentedMap) -> Tree:
        self.tree.places[()] = Place(self.file, 1)
        self.tree.value = self._plain(document, (), 0)
        return self.tree

    def _plain(self, value: Any, path: KeyPath, depth: int) -> Any:
        self.visited += 1
        if self.visited > MAX_VALUES or depth > MAX_DEPTH:
            rule = "aliases expand to too much, or the nesting is too deep; write it out"
            raise ScenarioError([self.tree.problem(path, rule, show_value=False)])
        if isinstance(value, CommentedMap):
            if "value" in value and ANNOTATED.issuperset(value):
                return self._unwrap(value, path, depth)
            return {key: self._child(value, key, path, depth) for key in self._keys(value, path)}
        if isinstance(value, CommentedSeq):
            return [self._child(value, index, path, depth) for index in range(len(value))]
        return _scalar(value)

    def _keys(self, mapping: CommentedMap, path: KeyPath) -> Iterator[Any]:
        for key in mapping:
            if isinstance(key, str | int | float | bool | dt.date) or key is None:
                yield key
            else:
                rule = "a key must be a plain word"
                raise ScenarioError([self.tree.problem(path, rule, show_value=False)])

    def _child(self, parent: Any, key: Any, path: KeyPath, depth: int) -> Any:
        child = (*path, key)
        self.tree.places[child] = Place(self.file, _line(parent, key))
        return self._plain(parent[key], child, depth + 1)

    def _unwrap(self, mapping: CommentedMap, path: KeyPath, depth: int) -> Any:
        value = self._plain(mapping["value"], path, depth + 1)
        source, bounds, note = (mapping.get(key) for key in ("source", "range", "note"))
        if source is not None and not str(source).startswith(SOURCE_KINDS):
            rule = f"source must begin with one of {', '.join(SOURCE_KINDS)}"
            self.tree.problems.append(self.tree.problem(path, f"{shorten(str(source))}: {rule}"))
        pair: tuple[Any, Any] | None = None
        if bounds is not None:
            plain = self._plain(bounds, path, depth + 1)
            if _is_range(plain):
                pair = (plain[0], plain[1])
            else:
                rule = "range must be two numbers or durations, the smaller first"
                self.tree.problems.append(self.tree.problem(path, f"{shorten(plain)}: {rule}"))
        self.tree.annotations[path] = Annotation(
            None if source is None else str(source), pair, None if note is None else str(note)
        )
        return value


def _line(parent: Any, key: Any) -> int | None:
    try:
        if isinstance(parent, CommentedMap):
            return int(parent.lc.key(key)[0]) + 1
        return int(parent.lc.item(key)[0]) + 1
    except (KeyError, AttributeError, TypeError):
        return None


def _scalar(value: Any) -> Any:
    """Strip ruamel's own number and string types, which remember how they were written."""
    if isinstance(value, dt.datetime):
        return dt.datetime(*value.timetuple()[:6], tzinfo=value.tzinfo)
    if isinstance(value, bool) or value is None or isinstance(value, dt.date):
        return value
    for plain in (int, float, str):
        if isinstance(value, plain):
            return plain(value)
    return str(value)


def _is_range(bounds: Any) -> bool:
    if not isinstance(bounds, list) or len(bounds) != 2:
        return False
    try:
        low, high = (
            float(end) if isinstance(end, int | float) else Duration.parse(end).seconds
            for end in bounds
        )
    except ValueError:
        return False
    return low <= high


def merge(base: Tree, over: Tree) -> Tree:
    """Lay one tree over another: mappings merge key by key, everything else is replaced.

    A null laid over a key stays a null and removes the key when the scenario is completed.
    """
    merged = Tree(
        base.value, dict(base.places), dict(base.annotations), [*base.problems, *over.problems]
    )
    merged.value = _merged(merged, base.value, over, over.value, ())
    return merged


def _merged(target: Tree, base: Any, over: Tree, value: Any, path: KeyPath) -> Any:
    if isinstance(base, Mapping) and isinstance(value, Mapping):
        result = dict(base)
        for key, child in value.items():
            here = (*path, key)
            if key in base:
                result[key] = _merged(target, base[key], over, child, here)
            else:
                result[key] = child
                _move_facts(target, over, here)
        return result
    for facts in (target.places, target.annotations):
        for old in [known for known in facts if known[: len(path)] == path]:
            del facts[old]
    _move_facts(target, over, path)
    return value


def _move_facts(target: Tree, over: Tree, path: KeyPath) -> None:
    length = len(path)
    target.places.update({p: at for p, at in over.places.items() if p[:length] == path})
    target.annotations.update({p: a for p, a in over.annotations.items() if p[:length] == path})


def subtree(tree: Tree, path: KeyPath, at: KeyPath = ()) -> Tree:
    """Cut out what lies under `path`, and place it under `at`."""
    length = len(path)
    value = tree.get(path)
    for key in reversed(at):
        value = {key: value}
    return Tree(
        value,
        {(*at, *p[length:]): place for p, place in tree.places.items() if p[:length] == path},
        {(*at, *p[length:]): a for p, a in tree.annotations.items() if p[:length] == path},
    )


def without_nulls(value: Any) -> Any:
    """Remove keys whose value is null."""
    if isinstance(value, Mapping):
        return {key: without_nulls(child) for key, child in value.items() if child is not None}
    if isinstance(value, list):
        return [without_nulls(child) for child in value]
    return value
