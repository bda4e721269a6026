"""Errors that tell the author of an input how to correct it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sim.translation import noted, tr

MAX_COMPARED = 200
"""Largest number of names to search for the nearest."""
MOST_TOLD = 50
"""Most mistakes that are written out."""
MOST_FOUND = 2000
"""From so many mistakes on, their number is told as a lower bound: not all are looked for."""
MOST_HINTED = 200
"""Mistakes of a kind that get a hint at the nearest name; searching takes long."""
MAX_LISTED = 40
"""Largest number of names to list if none is near."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: its place, the value there, and the rule that the value breaks."""

    rule: str
    file: str = ""
    line: int | None = None
    """Line number, from 1; None if unknown."""
    key: str = ""
    """Path of keys, joined by dots."""
    value: str = ""
    """The value, shortened; empty if not shown."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line is not None else self.file
        parts = [part for part in (place, self.key, self.value, self.rule) if part]
        return printable(": ".join(parts))


CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that command a terminal, or turn the direction of text; but tab and line feed."""


def printable(text: str) -> str:
    """Return the text in one line, with control characters written out."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


class ScenarioError(ValueError):
    """A scenario cannot be used; `problems` lists every mistake, in file order.

    Its text holds the first `MOST_TOLD`, one a line, and the number of the others.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:MOST_TOLD]]
        rest = len(self.problems) - len(lines)
        if rest:
            more = noted(
                (
                    "… and {rest:,} more mistake",
                    "… and {rest:,} more mistakes",
                    "… and at least {rest:,} more mistakes",
                )
            )[(rest > 1) + (len(self.problems) >= MOST_FOUND)]
            lines.append(tr(more, rest=rest))
        super().__init__("\n".join(lines))


class ReadError(ValueError):
    """A file with a result cannot be read; the message says why, and how to go on."""


class Mistakes:
    """Problems of several attempts, without repetition, for one error."""

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Collect the problems that the `with` block raises, and continue after the block."""
        try:
            yield
        except ScenarioError as error:
            self.add(error.problems)

    def add(self, problems: Iterable[Problem]) -> None:
        """Add problems to the collection."""
        self._problems.update(dict.fromkeys(problems))

    def tell(self) -> None:
        """Raise a `ScenarioError` with all problems collected, if there are any."""
        if self._problems:
            raise ScenarioError(tuple(self._problems))


def close_name(name: str, valid: Iterable[str]) -> str | None:
    """Return the valid name most similar to `name`, ignoring case; None if none is similar."""
    names = {other.casefold(): other for other in _comparable(name, valid)}
    close = difflib.get_close_matches(name[:80].casefold(), names, n=1, cutoff=0.6)
    return names[close[0]] if close else None


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return the hint ``; did you mean 'x'?`` or ``; valid: a, b, c`` for an unknown name."""
    candidates = _comparable(name, valid)
    close = close_name(name, candidates)
    if close is not None:
        return tr("; did you mean '{close}'?", close=close)
    if not candidates:
        return tr("; none is defined")
    more = ", …" if len(candidates) > MAX_LISTED else ""
    return tr(
        "; valid: {candidates}{more}", candidates=", ".join(candidates[:MAX_LISTED]), more=more
    )


def _comparable(name: str, valid: Iterable[str]) -> list[str]:
    """Return the names, sorted; of many, those with the same beginning: comparing is slow."""
    candidates = sorted(valid)
    if len(candidates) <= MAX_COMPARED:
        return candidates
    alike = [other for other in candidates if other[:2] == name[:2]]
    return alike[:MAX_COMPARED] or candidates[:MAX_COMPARED]


def shorten(value: object, width: int = 60) -> str:
    """Return a value as a file writes it, in one line of at most `width` characters."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, int) and abs(value) >= 10**width:
        text = tr("a number of more than {width} digits", width=width)
    elif isinstance(value, list | tuple):
        text = f"[{', '.join(shorten(element, width) for element in value[:width])}]"
    elif isinstance(value, str):
        text = f"'{value[: 10 * width]}'"
    else:
        text = "null" if value is None else str(value)
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"
