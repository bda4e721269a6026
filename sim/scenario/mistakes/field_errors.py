"""Errors of single fields: their places, and the rules in words for people who do not program."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.errors import MOST_FOUND, MOST_TOLD, Problem, close_name, nearest
from sim.scenario.mistakes.slips_in_hours import empty_hours, out_of_place, part_of_a_day
from sim.scenario.origin import KeyPath, Tree, dotted
from sim.scenario.schema.keys import valid_keys
from sim.scenario.schema.quantities import as_meant
from sim.translation import noted, tr

NAME_RULE: Final = noted(
    "is no name: at most 64 characters, without blanks, dots, slashes, brackets, braces, commas, "
    "colons, # and ="
)
DATE_RULE: Final = noted("must be a date such as 2021-03-01")
TIME_RULE: Final = noted("must be a date and time such as 2021-03-01 09:30:00")

_SEVERAL_OFFICERS: Final = frozenset(
    ("officer", "count", "staff", "people", "persons", "servers", "units", "number")
)
"""Keys of a step with which other programs take several officers at once."""
_ONE_OFFICER: Final = noted(
    "one officer does an item. For two at once, write officers: 2; for one of each of other pools "
    "as well, with: [POOL]"
)

Context = Mapping[str, Any]

_KINDS: Final[Mapping[str, str]] = {
    noted("must be a whole number"): "int_type int_from_float int_parsing",
    noted("is too large a number"): "int_parsing_size",
    noted("must be a number"): "float_type float_parsing",
    noted("must be a finite number"): "finite_number",
    noted("must be true or false"): "bool_type bool_parsing",
    noted("must be text (a number, date or true/false must be put in quotes)"): "string_type",
    noted("must be text"): "string_unicode",
    noted("must be a mapping (lines of 'key: value')"): (
        "dict_type mapping_type model_type model_attributes_type"
    ),
    noted("must be a list ([…, …])"): "tuple_type list_type",
    DATE_RULE: "date_type date_parsing date_from_datetime_parsing date",
    noted("must be a date such as 2021-03-01, without a time"): "date_from_datetime_inexact",
    TIME_RULE: (
        "datetime_type datetime_parsing datetime_from_date_parsing datetime_object_invalid datetime"
    ),
    NAME_RULE: "string_pattern_mismatch",
    noted("a key must be text; put it in quotes"): "invalid_key",
}
"""Rule for a value of the wrong kind → types of the pydantic errors that it describes."""
_TYPES: Final = {error: rule for rule, errors in _KINDS.items() for error in errors.split()}

_BOUNDS: Final[Mapping[str, Callable[[Context], str]]] = {
    "greater_than": lambda ctx: tr("must be above {number}", number=_number(ctx["gt"])),
    "greater_than_equal": lambda ctx: tr("must be at least {number}", number=_number(ctx["ge"])),
    "less_than": lambda ctx: tr("must be below {number}", number=_number(ctx["lt"])),
    "less_than_equal": lambda ctx: tr("must be at most {number}", number=_number(ctx["le"])),
    "too_short": lambda ctx: tr(
        "must have at least {entries}", entries=_entries(ctx["min_length"])
    ),
    "too_long": lambda ctx: tr("must have at most {entries}", entries=_entries(ctx["max_length"])),
    "literal_error": lambda ctx: tr("must be {ctx}", ctx=ctx["expected"]),
}

_KIND_ERRORS: Final = {*_TYPES, "duration"} - {"string_pattern_mismatch", "finite_number"}
"""Errors that refuse the kind of a value. Where several kinds are allowed, one such error states
only part of the rule."""
_ERRORS_EACH: Final = 3
"""Errors of pydantic for one mistake, about: one for each kind that a value may be of."""
TOLD: Final = "told"
"""Type of an error whose rule says all, the value included."""
_NUMBERS: Final = frozenset(("int_type", "int_parsing", "float_type", "float_parsing"))
_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d+)?) ?[%\uff05]")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def shape_problems(tree: Tree, error: ValidationError) -> Iterator[Problem]:
    """Yield every value of the wrong kind, unknown key and missing key."""
    refused = {problem.key for problem in tree.problems}
    lacking: dict[KeyPath, list[str]] = {}
    looked_at = islice(_one_by_one(error), _ERRORS_EACH * MOST_FOUND)
    errors = [(_place(tree, detail), detail) for detail in looked_at]
    hints = _Hints(tree)
    for path, detail, rule in _distinct(errors):
        if detail["type"] == "extra_forbidden":
            valid = valid_keys(detail["loc"][:-1]) or valid_keys(path[:-1])
            yield tree.problem(path, hints.unknown_key(path, valid))
        elif by_the_hour := part_of_a_day(tree, path):
            yield tree.problem(*by_the_hour)
        elif detail["type"] != "missing":
            problem = tree.problem(path, rule, value=detail["type"] != TOLD)
            inherited = _inherited(tree, path) if detail["type"] == "shares" else ""
            yield replace(problem, rule=f"{problem.rule}{hints.new_here(path)}{inherited}")
        elif path not in tree.places:
            lacking.setdefault(path[:-1], []).append(f"'{path[-1]}'")
        elif dotted(path) not in refused:
            yield tree.problem(path, tr("must not be empty"))
    for path, keys in lacking.items():
        yield from _missing_keys(tree, hints, path, keys)


def _one_by_one(error: ValidationError) -> Iterator[ErrorDetails]:
    """Yield every error alone, also the broken rules that `refusals` tells together."""
    for detail in error.errors(include_url=False):
        if detail["type"] != "rules":
            yield detail
            continue
        for path, rule in detail["ctx"]["slips"]:
            yield {**detail, "type": TOLD, "loc": (*detail["loc"], *path), "msg": rule}


def _place(tree: Tree, detail: ErrorDetails) -> KeyPath:
    """Return the place of an error in the file."""
    path = _real_path(tree, detail["loc"])
    if detail["type"] == "missing":
        return (*path, detail["loc"][-1])
    return (*path, detail["ctx"]["at"]) if "at" in detail.get("ctx", {}) else path


def _missing_keys(tree: Tree, hints: _Hints, path: KeyPath, keys: list[str]) -> Iterator[Problem]:
    """Yield a problem for each missing key; only one if the name of the block is mistyped."""
    hint = hints.new_here(path)
    if hint:
        rule = noted(("{keys} is missing here{hint}", "{keys} are missing here{hint}"))
        together = tr(" and ").join(keys)
        yield tree.problem(path, tr(rule[len(keys) > 1], keys=together, hint=hint))
    else:
        for key in keys:
            yield tree.problem(path, tr("{key} is missing here", key=key))


class _Hints:
    """Names that may have been meant, for the mistakes of each block that are written out.

    To compare names takes long; so a block with very many mistakes has hints for its first ones.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._given: Counter[KeyPath] = Counter()
        """Block → the hints that were looked for."""
        self._before: dict[KeyPath, list[str]] = {}
        """Block → its names in the base file."""

    def unknown_key(self, path: KeyPath, valid: Sequence[str]) -> str:
        """Return the rule that an unknown key breaks, with the nearest one or what to write."""
        key = str(path[-1])
        if "work" in valid and key in _SEVERAL_OFFICERS:
            return tr("unknown key; {one_officer}", one_officer=_ONE_OFFICER)
        hint = out_of_place(path)
        if not hint and self._is_written_out(path):
            hint = nearest(key, valid)
        return tr("unknown key{out_of_place}", out_of_place=hint)

    def new_here(self, path: KeyPath) -> str:
        """Return the hint that a name is new, if it resembles a name of the base file."""
        name, block = path[-1] if path else None, path[:-1]
        if path not in self._tree.added or valid_keys(block) or not self._is_written_out(path):
            return ""
        if block not in self._before:
            around = self._tree.get(block)
            self._before[block] = [k for k in around if (*block, k) not in self._tree.added]
        close = close_name(str(name), self._before[block])
        return (
            tr("; '{name}' is new here; did you mean to change '{close}'?", name=name, close=close)
            if close
            else ""
        )

    def _is_written_out(self, path: KeyPath) -> bool:
        self._given[path[:-1]] += 1
        return self._given[path[:-1]] <= MOST_TOLD


def _inherited(tree: Tree, path: KeyPath) -> str:
    """Return the hint that some shares come from a base file."""
    own = tree.place(path).file
    files = {name: tree.place((*path, name)).file for name in tree.get(path) or ()}
    others = [name for name, file in files.items() if file != own]
    if not others:
        return ""
    return tr(
        "; {others} from {files} count, too: null takes one away, and shares that "
        "add up to 1 by themselves take the place of all",
        others=", ".join(others),
        files=files[others[0]],
    )


def _real_path(tree: Tree, location: tuple[str | int, ...]) -> KeyPath:
    """Return the location as it is in the file, without the names of variants from pydantic."""
    path: KeyPath = ()
    value: Any = tree.value
    for key in location:
        in_list = isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value)
        if in_list or (isinstance(value, Mapping) and key in value):
            value = value[key]
            path = (*path, key)
    return path


def nothing_to_remove(tree: Tree, value: Any, path: KeyPath) -> Iterator[Problem]:
    """Yield nulls that remove nothing, such as a mistyped colon without a blank after it."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, Mapping):
        return
    empty = []
    for key, child in value.items():
        here = (*path, key)
        if child is not None or not isinstance(key, str):
            yield from nothing_to_remove(tree, child, here)
        elif here not in tree.removed:
            empty.append(key)
    others = [name for name, child in value.items() if child is not None] if empty else []
    for number, key in enumerate(empty):
        yield from _slip(tree, key, path, others if number < MOST_TOLD else [])


def _slip(tree: Tree, key: str, path: KeyPath, others: Sequence[str]) -> Iterator[Problem]:
    name, colon, rest = key.partition(":")
    valid = valid_keys(path)
    if hours_rule := empty_hours(path, key):
        close = close_name(key, others)
        rule = (
            tr("{hours_rule}; did you mean '{close}'?", hours_rule=hours_rule, close=close)
            if close
            else hours_rule
        )
    elif colon:
        rule = tr(
            "a blank is missing after the colon: write '{name}: {rest}'",
            name=name,
            rest=rest.strip(),
        )
    elif valid and key not in valid:
        rule = tr("unknown key{hint}", hint=nearest(key, valid))
    elif valid:
        return  # an empty value; the rule of the key reports it
    else:
        rule = tr(
            "is empty, and there is nothing of this name to remove{hint}", hint=nearest(key, others)
        )
    yield tree.problem((*path, key), rule)


def _number(bound: object) -> str:
    return f"{bound:g}" if isinstance(bound, float) else str(bound)


def _entries(count: int) -> str:
    return tr("one entry") if count == 1 else tr("{count} entries", count=count)


def _plain_rule(detail: ErrorDetails) -> str:
    """Return the broken rule in plain words."""
    kind, context, given = detail["type"], detail.get("ctx", {}), detail["input"]
    meant = as_meant(given) if kind in _NUMBERS and isinstance(given, str) else ""
    if meant != given and _NUMBER.fullmatch(meant):
        comma = tr(" without the comma") if "," in given and "." not in meant else ""
        return tr("must be a number: write {meant}{comma}", meant=meant, comma=comma)
    if kind in _NUMBERS and isinstance(given, str) and (share := _PERCENT.fullmatch(given)):
        return tr(
            "must be a number: write {share:g} for {given}",
            share=float(share[1]) / 100,
            given=given,
        )
    if kind == "float_type" and isinstance(given, int):
        return tr("must be a number") if isinstance(given, bool) else tr("is too large a number")
    if kind in _BOUNDS:
        return _BOUNDS[kind](context)
    return tr(_TYPES[kind]) if kind in _TYPES else str(detail["msg"]).removeprefix("Value error, ")


def _distinct(
    everything: Sequence[tuple[KeyPath, ErrorDetails]],
) -> list[tuple[KeyPath, ErrorDetails, str]]:
    """Return path, detail and rule of every mistake, without repetition.

    If a value may be of several kinds (a number, or a mapping), pydantic reports an error for each
    kind. If the value is of one of these kinds, only the error of that kind remains; otherwise the
    rules are joined: "must be a whole number, or a mapping". The error of a list that is too short
    is left out if an element was refused.
    """
    around = {path[:length] for path, _ in everything for length in range(len(path))}
    plain = {path for path, detail in everything if detail["type"] not in _KIND_ERRORS}
    by_kind: dict[KeyPath, tuple[ErrorDetails, list[str]]] = {}
    result = []
    for path, detail in everything:
        if detail["type"] not in _KIND_ERRORS:
            if detail["type"] != "too_short" or path not in around:
                result.append((path, detail, _plain_rule(detail)))
        elif path not in plain and path not in around:
            by_kind.setdefault(path, (detail, []))[1].append(_plain_rule(detail))
    for path, (detail, rules) in by_kind.items():
        first, *rest = dict.fromkeys(rules)
        others = [rule.removeprefix(tr("must be ")) for rule in rest]
        result.append((path, detail, tr(", or ").join([first, *others])))
    return result
