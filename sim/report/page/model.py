"""What a page is made of: named results, and its content in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sim.measures.shares import Verdict
from sim.report.blocks import Line, Table
from sim.report.language import Language
from sim.report.words import Vocabulary
from sim.results.finding import Finding


@dataclass(frozen=True, eq=False)
class Named:
    """A result of a page."""

    name: str
    """Unique among the results of the page."""
    finding: Finding
    command: str | None = None
    """The command that makes the result again; None if unknown."""
    derived: bool = False
    """Whether the result was made from the other results of the page."""


@dataclass(frozen=True)
class Ruler:
    """An interval beside its target, in per cent of the ruler's length."""

    low: float
    high: float
    share: float
    target: float
    begins: str
    """Label of the left end; the right end is 100 %."""


@dataclass(frozen=True)
class Card:
    """A verdict as a word, as a sentence, and with its numbers."""

    verdict: Verdict
    heading: str
    word: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    ruler: Ruler | None


@dataclass(frozen=True)
class Answer:
    """What a result says to whoever decides."""

    sentence: str
    verdict: Verdict
    """The worst of all limits."""
    rows: tuple[tuple[str, str], ...]
    """What to do, what it costs, when it is at risk."""


@dataclass(frozen=True)
class Figure:
    """A drawing; screen readers read its caption."""

    name: str
    """Its kind, a dash and a number."""
    title: str
    caption: str
    svg: str
    """One `<svg>` element that `sim.report.page.chapter` has checked."""


@dataclass(frozen=True)
class Facts:
    """Names and their values."""

    rows: tuple[tuple[str, str], ...]
    literal: bool = False
    """Whether the values are for copying, and are set verbatim in a monospaced font."""


@dataclass(frozen=True)
class Command:
    """A command to copy."""

    text: str


@dataclass(frozen=True)
class Long:
    """A long table with a filter, which quotes texts from a file."""

    table: Table
    unsourced: frozenset[int]
    """Indices of the rows that remain if only numbers without a source are shown."""


@dataclass(frozen=True)
class Moving:
    """A replay; the script draws it."""

    name: str
    """Unique on the page, apart from the other language."""
    data: str
    """What is drawn, as JSON, the same in every language."""
    labels: str
    """Its labels and words, as JSON."""
    lines: tuple[str, ...]
    """What is shown."""
    types: tuple[str, ...]
    """Labels of the case types; one at a time is shown."""
    say: Vocabulary
    """The words of its controls."""


@dataclass(frozen=True)
class Under:
    """A heading inside a section."""

    text: str


Content: TypeAlias = Line | Table | Answer | Card | Figure | Facts | Command | Long | Moving | Under


@dataclass(frozen=True)
class Section:
    """A part of a chapter, under a heading."""

    name: str
    """Usable in an id, and unique within the chapter."""
    heading: str
    content: tuple[Content, ...]
    open: bool = False
    """Whether it is unfolded when the page is opened."""


@dataclass(frozen=True)
class Chapter:
    """The content of a page about one result."""

    name: str
    """Usable in an id, and unique within the page."""
    kind: str
    """The question that the result answers."""
    title: str
    under: tuple[Line, ...]
    """Which cases are measured, and how the result differs from the first one of the page."""
    lead: tuple[Content, ...]
    """The answer, sentences and cards before the sections."""
    rests_on: str
    """How many of the numbers behind the result are assumed; "" where nothing is."""
    sections: tuple[Section, ...]
    differs: str = ""
    """How its scenario differs from that of the first chapter."""


@dataclass(frozen=True)
class Edition:
    """The page in one language."""

    language: Language
    title: str
    chapters: tuple[Chapter, ...]
    reading: Section
    """The explanation of the page's words."""
