"""Reading scenario files: YAML 1.2 text into a `Tree`, with every mistake at its line.

The reader builds no objects: it refuses tags such as ``!!python/object``, so that no file can
execute anything.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLWarning
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sim.encodings import decoded
from sim.scenario.errors import Problem, ScenarioError, shorten
from sim.scenario.files.range_rules import range_rule
from sim.scenario.origin import SOURCE_KINDS, Annotation, KeyPath, Place, Tree, dotted, is_source
from sim.translation import noted, tr

MAX_BYTES: Final = 500_000
"""A file of this size takes two seconds to parse; data belong in a data file."""
MAX_SIGNS: Final = 25_000
"""Signs and line ends that make the structure: five times those of `yingkou/base`. It
takes a second and a half to parse so many."""
MAX_KEYS: Final = 1000
"""Keys of one mapping: nobody has so many matters, pools or officers of a kind."""
MAX_VALUES: Final = 100_000
"""Expanded aliases count; a larger file is a mistake or an attack."""
MAX_DEPTH: Final = 40
MAX_DIGITS: Final = 400
"""No number needs more, and Python reads longer ones in quadratic time."""
ANNOTATED: Final = frozenset({"value", "source", "range", "note"})

_SIGNS: Final = re.compile(r"[:,{}\[\]&*\n]")
_TAG: Final = "tag:yaml.org,2002:"
_KNOWN_TAGS: Final = frozenset(
    _TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)
_MERGE: Final = _TAG + "merge"
_NODES: Final = {_TAG + "map": MappingNode, _TAG + "seq": SequenceNode}
_TIMESTAMP: Final = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.\d*)?"
    r"[ \t]*(Z|[-+]\d\d?(?::?\d\d)?)?)?"
)
_HARMFUL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""Invisible characters that control a terminal or an editor."""
_QUOTED: Final = re.compile(r"""\"[^"]*\"|'[^']*'| #.*""")
_FULL_WIDTH: Final = re.compile(
    "^[\u3000 ]*(?:(\u3000)|(\uff03)|[\\w.-]+(\uff1a))"
    "|([\uff5b\uff5d\uff3b\uff3d])|{[^}]*([\uff0c\uff1a])"
)
"""Full-width forms of signs with a meaning in YAML: blank, #, colon, brackets, comma."""
_WIDE_IN_KEY: Final = re.compile("[\u3000\uff03\uff0c\uff1a\uff5b\uff5d\uff3b\uff3d]")
_PLAIN_WORDS: Final = (
    (r"character '\\t'", noted("a tab; indent with blanks")),
    (r"found unexpected end of stream", noted("a quote is opened here and never closed")),
    (
        r"mapping values are not allowed",
        noted(
            "a colon where none can stand; indent alike what belongs together, and put a text that "
            "holds ': ' in quotes"
        ),
    ),
    (
        r"expected ',' or '[\]}]'",
        noted("a bracket is opened and not closed, or a comma is missing"),
    ),
    (
        r"found another document",
        noted("a second document begins here ('---'); a file is one scenario"),
    ),
    (r"undefined alias '?([^']*)'?", noted(r"no anchor '&\1' stands before this alias")),
    (
        r"expected <block end>|could not find expected ':'|while scanning a simple key",
        noted("neither 'key: value' nor '- item'; check indentation and colons"),
    ),
    (r"found character '(.)'", noted(r"no text can begin with \1; put it in quotes")),
    (
        r"special characters are not allowed",
        noted("holds a control character; this is no text file"),
    ),
)


def read(path: Path, shown_as: str) -> Tree:
    """Read one YAML 1.2 file; raise `ScenarioError` with file and line if that fails."""
    tree = parse(_text(path, shown_as), shown_as)
    tree.folders[shown_as] = path.parent
    return tree


def _text(path: Path, shown_as: str) -> str:
    def fail(rule: str) -> ScenarioError:
        return ScenarioError([Problem(rule, shown_as)])

    try:
        if path.is_dir():
            raise fail(tr("is a folder, not a scenario file"))
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise fail(
            tr(
                "cannot be read: {reason}",
                reason=tr(str(getattr(error, "strerror", None) or error)),
            )
        ) from None
    if len(content) > MAX_BYTES:
        raise fail(
            tr(
                "is larger than {max_bytes} kB; this is no scenario file",
                max_bytes=MAX_BYTES // 1000,
            )
        )
    try:
        return decoded(content)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        rule = tr(
            "is neither UTF-8 nor GBK text (byte {start}); save it as UTF-8", start=error.start
        )
        raise ScenarioError([Problem(rule, shown_as, line)]) from None


def parse(text: str, shown_as: str) -> Tree:
    """Parse YAML text, with a mapping at the top level, into a tree.

    A mistake that stops the reading raises `ScenarioError`; `Tree.problems` keeps every other
    mistake, so that all are reported together.
    """
    signs = sum(1 for _ in _SIGNS.finditer(text))
    if signs > MAX_SIGNS:
        rule = tr(
            "holds {signs:,} line ends and signs such as : , {{ [; at most {max_signs:,} are read. "
            "Data belong in a data file",
            signs=signs,
            max_signs=MAX_SIGNS,
        )
        raise ScenarioError([Problem(rule, shown_as)])
    root = _composed(text, shown_as)
    if root is None or (isinstance(root, ScalarNode) and root.tag == _TAG + "null"):
        rule = tr("is empty; a scenario needs at least name and period")
        raise ScenarioError([Problem(rule, shown_as)])
    if not isinstance(root, MappingNode) or root.tag != _TAG + "map":
        rule = tr("must be a mapping (lines of 'key: value')")
        raise ScenarioError([Problem(rule, shown_as, _line(root))])
    converter = _Converter(shown_as)
    tree = converter.convert(root)
    if converter.full_width:  # other mistakes would only follow from it
        raise ScenarioError(converter.full_width)
    return tree


@lru_cache(maxsize=8)
def _composed(text: str, shown_as: str) -> Node | None:
    """Return the nodes of a YAML text, only to be read; None if it holds comments only.

    Most of the time to load a scenario passes here, and many load the same file again: variants,
    files that are extended, notebooks.
    """
    try:
        with warnings.catch_warnings():  # an anchor may be set again; the last one counts
            warnings.simplefilter("ignore", YAMLWarning)
            root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        problem = _not_yaml(error, shown_as)
        raise ScenarioError([_full_width(problem, text) or problem]) from None
    except RecursionError:
        raise ScenarioError(
            [Problem(tr("is nested too deeply; write it flatter"), shown_as)]
        ) from None
    except (YAMLError, ValueError, AttributeError, IndexError, KeyError, TypeError) as error:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else None
        reason = _in_plain_words(str(error).split("\n", 1)[0] or type(error).__name__)
        raise ScenarioError(
            [Problem(tr("is not valid YAML: {reason}", reason=reason), shown_as, line)]
        ) from None
    return root


def _not_yaml(error: MarkedYAMLError, file: str) -> Problem:
    text = str(error.problem or error.context or "")
    opened = "unexpected end of stream" in text or "<stream end>" in text
    marks = [error.problem_mark, error.context_mark]
    mark = next(filter(None, reversed(marks) if opened else marks), None)
    line = mark.line + 1 if mark else None
    return Problem(tr("is not valid YAML: {reason}", reason=_in_plain_words(text)), file, line)


def _full_width(error: Problem, text: str) -> Problem | None:
    """Return the mistake behind an error: a full-width sign, as a Chinese keyboard writes it.

    YAML reads the sign as a letter, and reports an error there or in the next line.
    """
    lines = text.splitlines()
    here = len(lines) if error.line is None else error.line
    for number in (here, here - 1):
        line = _QUOTED.sub("", lines[number - 1]) if 0 < number <= len(lines) else ""
        if match := _FULL_WIDTH.search(line):
            sign = next(filter(None, match.groups()))
            return Problem(_as_meant(sign), error.file, number)
    return None


def _as_meant(sign: str) -> str:
    """Return the rule that a full-width sign breaks, with the sign to write instead."""
    if sign == "\u3000":
        shown, meant = tr("a blank of full width"), tr("an ordinary blank")
    else:
        shown, meant = tr("'{sign}' of full width", sign=sign), f"'{chr(ord(sign) - 0xFEE0)}'"
    return tr(
        "holds {shown}, as a Chinese keyboard writes it; write {meant}", shown=shown, meant=meant
    )


def _in_plain_words(text: str) -> str:
    for pattern, words in _PLAIN_WORDS:
        match = re.search(pattern, text)
        if match:
            return match.expand(tr(words))
    return text


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


class _Converter:
    """Turns ruamel's nodes into a `Tree`: plain types, values unwrapped from annotations."""

    def __init__(self, file: str) -> None:
        self.tree = Tree({})
        self.file = file
        self.visited = 0
        self.full_width: list[Problem] = []

    def convert(self, root: MappingNode) -> Tree:
        self.tree.places[()] = Place(self.file, 1)
        self.tree.value = self._plain(root, (), 0)
        return self.tree

    def _report(self, node: Node, path: KeyPath, rule: str, value: str = "") -> None:
        self.tree.problems.append(Problem(rule, self.file, _line(node), dotted(path), value))

    def _plain(self, node: Node, path: KeyPath, depth: int) -> Any:
        self.visited += 1
        if self.visited > MAX_VALUES or depth > MAX_DEPTH:
            key = ".".join(dotted(path).split(".")[:6])
            rule = tr("aliases expand to too much, or the nesting is too deep; write it out")
            raise ScenarioError([Problem(rule, self.file, _line(node), key)])
        if node.tag not in _KNOWN_TAGS and node.tag != _MERGE:
            tag = str(node.tag).replace(_TAG, "!!")
            self._report(
                node, path, tr("tags are not used in scenarios; leave it out"), shorten(tag)
            )
            return None
        if not isinstance(node, _NODES.get(node.tag, ScalarNode)):
            self._report(node, path, tr("tags are not used in scenarios; leave it out"))
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, SequenceNode):
            return [self._child(item, (*path, i), depth) for i, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _child(self, node: Node, path: KeyPath, depth: int, key: Node | None = None) -> Any:
        self.tree.places[path] = Place(self.file, _line(key or node))
        return self._plain(node, path, depth + 1)

    def _mapping(self, node: MappingNode, path: KeyPath, depth: int) -> Any:
        pairs = self._pairs(node, path, depth)
        if len(pairs) > MAX_KEYS:
            rule = tr(
                "has {keys:,} keys; at most {max_keys:,} are read. Data belong in a data file",
                keys=len(pairs),
                max_keys=MAX_KEYS,
            )
            raise ScenarioError([Problem(rule, self.file, _line(node), dotted(path))])
        if "value" in pairs and self._is_annotated(pairs, path):
            return self._unwrap(pairs, path, depth)
        return {
            name: self._child(value, (*path, name), depth, key)
            for name, (key, value) in pairs.items()
        }

    def _pairs(self, node: MappingNode, path: KeyPath, depth: int) -> dict[str, tuple[Node, Node]]:
        """Return key → nodes; the keys of the mapping itself override those that `<<` merges."""
        own: dict[str, tuple[Node, Node]] = {}
        merged: dict[str, tuple[Node, Node]] = {}
        before: Node | None = None
        for key, value in node.value:
            before, preceding = value, before
            if key.tag == _MERGE:
                for source in self._merge_sources(value, path, depth):
                    merged = self._pairs(source, path, depth + 1) | merged
                continue
            name = key.value
            if not isinstance(key, ScalarNode) or not _is_text(key):
                self._report(key, path, *_no_key(key, value, preceding))
            elif found := _WIDE_IN_KEY.search(name):
                self.full_width.append(Problem(_as_meant(found[0]), self.file, _line(key)))
            elif _HARMFUL.search(name):
                self._report(key, (*path, name), tr("a key must not hold control characters"))
            elif name in own:
                first = _line(own[name][0])
                self._report(
                    key, (*path, name), tr("is given twice; first in line {first}", first=first)
                )
            else:
                own[name] = (key, value)
        return merged | own

    def _merge_sources(self, node: Node, path: KeyPath, depth: int) -> Iterator[MappingNode]:
        self.visited += 1
        if self.visited > MAX_VALUES or depth > MAX_DEPTH:
            rule = tr("'<<' merges too much; write it out")
            raise ScenarioError([Problem(rule, self.file, _line(node), dotted(path[:6]))])
        for merged in node.value if isinstance(node, SequenceNode) else [node]:
            if isinstance(merged, MappingNode):
                yield merged
            else:
                self._report(node, (*path, "<<"), tr("'<<' merges mappings, written as an alias"))

    def _is_annotated(self, pairs: dict[str, tuple[Node, Node]], path: KeyPath) -> bool:
        """Whether a mapping is a value with its origin; report mistakes in `source` or `range`."""
        others = [name for name in pairs if name not in ANNOTATED]
        near = {name: difflib.get_close_matches(name, ANNOTATED, 1, 0.75) for name in others}
        if not all(near.values()):
            return False
        for name in others:
            rule = tr("unknown key; did you mean '{near}'?", near=near[name][0])
            self._report(pairs[name][0], (*path, name), rule)
        return True

    def _unwrap(self, pairs: dict[str, tuple[Node, Node]], path: KeyPath, depth: int) -> Any:
        value = self._plain(pairs["value"][1], path, depth + 1)
        before = len(self.tree.problems)
        facts: dict[str, Any] = {
            name: self._plain(pairs[name][1], (*path, name), depth + 1)
            for name in ("source", "range", "note")
            if name in pairs
        }
        if len(self.tree.problems) > before:
            return value
        source, bounds, note = facts.get("source"), facts.get("range"), facts.get("note")
        no_source = tr(
            "must be a text that begins with one of {source_kinds}",
            source_kinds=", ".join(SOURCE_KINDS),
        )
        rules = {
            "source": None if source is None or is_source(source) else no_source,
            "note": None if note is None or isinstance(note, str) else tr("must be text"),
            "range": None if bounds is None else range_rule(bounds, value),
        }
        for name, rule in rules.items():
            if rule is not None:
                self._report(pairs[name][0], (*path, name), rule, shorten(facts[name]))
                facts.pop(name)
        bounds = facts.get("range")
        pair = None if bounds is None else (bounds[0], bounds[1])
        self.tree.annotations[path] = Annotation(facts.get("source"), pair, facts.get("note"))
        return value

    def _scalar(self, node: Node, path: KeyPath) -> Any:
        text, kind = str(node.value), str(node.tag).removeprefix(_TAG)
        if kind in {"int", "float"} and len(text) > MAX_DIGITS:
            self._report(node, path, tr("is a number of too many digits"), shorten(text, 20))
            return None
        if kind == "str" and _HARMFUL.search(text):
            self._report(node, path, tr("must not hold control characters"), shorten(text))
            return None
        if kind == "timestamp":
            return self._timestamp(node, text, path)
        plain = {"bool": _switch, "int": _whole, "float": _decimal}
        return None if kind == "null" else plain.get(kind, str)(text)

    def _timestamp(self, node: Node, text: str, path: KeyPath) -> Any:
        match = _TIMESTAMP.fullmatch(text)
        try:
            if match is None:
                raise ValueError(tr("cannot be read"))
            date = dt.date(int(match[1]), int(match[2]), int(match[3]))
            if match[4] is None:
                return date
            time = dt.time(int(match[4]), int(match[5]), int(match[6]))
            return dt.datetime.combine(date, time, _offset(match[7]))
        except ValueError as error:
            self._report(
                node,
                path,
                tr("there is no such date: {error}", error=tr(str(error))),
                shorten(text),
            )
            return None


def _offset(text: str | None) -> dt.timezone | None:
    """Return the offset from UTC of a timestamp: Z, +8, +08, +0800 or +08:00; None without one."""
    if text is None:
        return None
    if text == "Z":
        return dt.UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    since = dt.timedelta(hours=int(hours), minutes=int(minutes))
    return dt.timezone(-since if text[0] == "-" else since)


def _is_text(key: ScalarNode) -> bool:
    """Whether a key is text, or has one reading as text only: a date, or a year."""
    if key.tag == _TAG + "int":
        return bool(re.fullmatch(r"[12]\d{3}", str(key.value)))
    return bool(key.tag in {_TAG + "str", _TAG + "timestamp"})


def _no_key(key: Node, value: Node, before: Node | None) -> tuple[str, str]:
    """Return the rule that a key which is no text breaks, and the key as shown.

    In braces, ``volume: 1,000`` is a volume of 1 and a key 000 without a value.
    """
    shown = f"'{key.value}'" if isinstance(key.value, str) and key.value else ""
    number = before is not None and before.tag == _TAG + "int" and value.tag == _TAG + "null"
    if before is not None and number and re.fullmatch(r"\d{3}", str(key.value)):
        whole = f"{before.value},{key.value}"
        return tr(
            "write {value}{value2} without the comma", value=before.value, value2=key.value
        ), f"'{whole}'"
    return tr("a key must be text") + (
        tr("; write {shown} in quotes", shown=shown) if shown else ""
    ), shown


def _switch(text: str) -> bool:
    return text.lower() in {"true", "yes", "on", "y"}  # yes and on: in YAML 1.1 only


def _whole(text: str) -> int | str:
    for base in (10, 0):  # 0: with a prefix 0x, 0o or 0b
        with suppress(ValueError):
            return int(text.replace("_", ""), base)
    return text  # 8:30 is a number in YAML 1.1 only


def _decimal(text: str) -> float | str:
    plain = text.replace("_", "").lower()
    try:
        return float(plain.replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        return text
