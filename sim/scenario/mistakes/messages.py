"""The rules of the schema in plain words: errors of pydantic for people who do not program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

NAME_RULE: Final = (
    "is no name: at most 64 characters, without blanks, dots, slashes, brackets, braces, commas, "
    "colons and #"
)
DATE_RULE: Final = "must be a date such as 2021-03-01"
TIME_RULE: Final = "must be a date and time such as 2021-03-01 09:30:00"

Context = Mapping[str, Any]

_KINDS: Final[Mapping[str, str]] = {
    "must be a whole number": "int_type int_from_float int_parsing",
    "is too large a number": "int_parsing_size",
    "must be a number": "float_type float_parsing",
    "must be a finite number": "finite_number",
    "must be true or false": "bool_type bool_parsing",
    "must be text (a number, date or true/false must be put in quotes)": "string_type",
    "must be text": "string_unicode",
    "must be a mapping (lines of 'key: value')": (
        "dict_type mapping_type model_type model_attributes_type"
    ),
    "must be a list ([…, …])": "tuple_type list_type",
    DATE_RULE: "date_type date_parsing date_from_datetime_parsing date",
    DATE_RULE + ", without a time": "date_from_datetime_inexact",
    TIME_RULE: (
        "datetime_type datetime_parsing datetime_from_date_parsing datetime_object_invalid datetime"
    ),
    NAME_RULE: "string_pattern_mismatch",
    "a key must be text; put it in quotes": "invalid_key",
}
"""The rule for a value of the wrong kind → types of the errors that it tells."""
_TYPES: Final = {error: rule for rule, errors in _KINDS.items() for error in errors.split()}

_BOUNDS: Final[Mapping[str, Callable[[Context], str]]] = {
    "greater_than": lambda ctx: f"must be above {_number(ctx['gt'])}",
    "greater_than_equal": lambda ctx: f"must be at least {_number(ctx['ge'])}",
    "less_than": lambda ctx: f"must be below {_number(ctx['lt'])}",
    "less_than_equal": lambda ctx: f"must be at most {_number(ctx['le'])}",
    "too_short": lambda ctx: f"must have at least {_entries(ctx['min_length'])}",
    "too_long": lambda ctx: f"must have at most {_entries(ctx['max_length'])}",
    "literal_error": lambda ctx: f"must be {ctx['expected']}",
}

KIND_ERRORS: Final = frozenset(_TYPES) - {"string_pattern_mismatch", "finite_number"} | {"duration"}
"""Errors that refuse a value as of another kind. Where several kinds are allowed, each such error
is only a part of the rule."""


_NUMBERS: Final = frozenset(("int_type", "int_parsing", "float_type", "float_parsing"))
_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d+)?) ?[%\uff05]")
_THOUSANDS: Final = re.compile(r"\d{1,3}(,\d{3})+")


def _number(bound: object) -> str:
    return f"{bound:g}" if isinstance(bound, float) else str(bound)


def _entries(count: int) -> str:
    return "one entry" if count == 1 else f"{count} entries"


def plain_rule(detail: ErrorDetails) -> str:
    """Return the rule that was broken."""
    kind, context, given = detail["type"], detail.get("ctx", {}), detail["input"]
    if kind in _NUMBERS and isinstance(given, str) and _THOUSANDS.fullmatch(given):
        return f"must be a number: write {given.replace(',', '')} without the comma"
    if kind in _NUMBERS and isinstance(given, str) and (share := _PERCENT.fullmatch(given)):
        return f"must be a number: write {float(share[1]) / 100:g} for {given}"
    if kind == "float_type" and isinstance(given, int):
        return "must be a number" if isinstance(given, bool) else "is too large a number"
    if kind in _BOUNDS:
        return _BOUNDS[kind](context)
    return _TYPES.get(kind, str(detail["msg"]).removeprefix("Value error, "))


Path = tuple[str | int, ...]
PlacedError = tuple[Path, ErrorDetails]
"""The path of a value in the file, and an error there."""


def distinct_mistakes(errors: Iterable[PlacedError]) -> list[tuple[Path, ErrorDetails, str]]:
    """Return path, detail and rule of every mistake, without repetition.

    Where a value may be of several kinds (a number, or a mapping), pydantic reports an error for
    each kind. If the value is of one of these kinds, only the error of that kind is kept;
    otherwise the rules are joined: "must be a whole number, or a mapping". The error of a list
    that is too short is left out where an element was refused.
    """
    everything = list(errors)
    around = {path[:length] for path, _ in everything for length in range(len(path))}
    plain = {path for path, detail in everything if detail["type"] not in KIND_ERRORS}
    by_kind: dict[Path, tuple[ErrorDetails, list[str]]] = {}
    result = []
    for path, detail in everything:
        if detail["type"] not in KIND_ERRORS:
            if detail["type"] != "too_short" or path not in around:
                result.append((path, detail, plain_rule(detail)))
        elif path not in plain and path not in around:
            by_kind.setdefault(path, (detail, []))[1].append(plain_rule(detail))
    joined = [(path, detail, _joined(rules)) for path, (detail, rules) in by_kind.items()]
    return result + joined


def _joined(rules: Iterable[str]) -> str:
    first, *rest = dict.fromkeys(rules)
    return ", or ".join([first, *(rule.removeprefix("must be ") for rule in rest)])
