"""A fitted scenario as YAML text that a person can read and edit.

Each measured value stands with its source, its range and what is to be known of it:
``{value: 0.21, source: "measured: events.csv, n = 412", range: [0.18, 0.24]}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sim.fitting.measured import Measured

WIDTH: Final = 110
_PLAIN: Final = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff ./+-]*")
_WORDS: Final = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})


def source_of(value: Measured, file: str) -> str:
    """Return the source of a value as a scenario states it."""
    if value.how == "assumed":
        return "assumed: the records do not tell"
    if value.how == "simulated":
        return f"inferred: {file}, n = {value.n:,}"
    inferred = ", inferred" if value.how == "inferred" else ""
    return f"measured: {file}{inferred}, n = {value.n:,}"


def yaml_text(tree: Mapping[str, Any], file: str, head: tuple[str, ...] = ()) -> str:
    """Return a tree of mappings, lists and `Measured` values as YAML; `head`: comments."""
    lines = [f"# {line}".rstrip() for line in head]
    lines += [""] if head else []
    return "\n".join([*lines, *_block(tree, file, 0)]) + "\n"


def _block(tree: Mapping[str, Any], file: str, depth: int) -> Iterator[str]:
    pad = "  " * depth
    for key, value in tree.items():
        flat = f"{pad}{_key(key)}: {_flow(value, file)}"
        if not isinstance(value, Mapping) or not value or len(flat) <= WIDTH:
            yield flat
        else:
            yield f"{pad}{_key(key)}:"
            yield from _block(value, file, depth + 1)


def _flow(value: Any, file: str) -> str:
    if isinstance(value, Measured):
        facts: dict[str, Any] = {"value": value.value, "source": source_of(value, file)}
        if value.low is not None and value.high is not None:
            facts["range"] = [value.low, value.high]
        if value.note:
            facts["note"] = value.note
        return _flow(facts, file)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)}: {_flow(v, file)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(v, file) for v in value) + "]"
    return _scalar(value)


def _key(text: object) -> str:
    plain = str(text)
    return (
        plain
        if re.fullmatch(r"[\w\u4e00-\u9fff-]+", plain) and not _special(plain)
        else _quoted(plain)
    )


def _special(text: str) -> bool:
    return text.lower() in _WORDS or text[:1] in "-0123456789"


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        fine = _PLAIN.fullmatch(value) and not _special(value) and value == value.strip()
        time = re.fullmatch(r"[0-9.]+ (s|min|h|wd|cd)", value)
        return value if fine or time else _quoted(value)
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
