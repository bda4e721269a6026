"""What a page says, in one language, before it is HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sim.measures.shares import Verdict
from sim.report.blocks import Line, Table
from sim.report.words import Language
from sim.results.finding import Finding


@dataclass(frozen=True, eq=False)
class Named:
    """A result, and what is known of how it was made."""

    name: str
    """By which it is told from the other results of a page."""
    found: Finding
    command: str | None = None
    """The command that makes it again; None if that is not known."""
    derived: bool = False
    """It was made of the other results of the page."""


@dataclass(frozen=True)
class Ruler:
    """An interval beside its target, in per cent of the ruler's length."""

    low: float
    high: float
    share: float
    target: float
    begins: str
    """What is written at its left end; the right end is 100 %."""


@dataclass(frozen=True)
class Card:
    """A verdict: in a word, in a sentence, and in the numbers that it rests on."""

    verdict: Verdict
    heading: str
    word: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    ruler: Ruler | None


@dataclass(frozen=True)
class Figure:
    """A drawing; whoever does not see it is told its caption."""

    title: str
    caption: str
    svg: str
    """One `<svg>` element, looked through by `sim.report.page.svg_check`."""


@dataclass(frozen=True)
class Facts:
    """Names with what they stand for."""

    rows: tuple[tuple[str, str], ...]
    literal: bool = False
    """They are for copying, not for reading: written as they are, in letters of one width."""


@dataclass(frozen=True)
class Command:
    """What can be typed."""

    text: str


@dataclass(frozen=True)
class Long:
    """A long table that is looked through with a filter; its texts are those of a file."""

    table: Table
    unsourced: frozenset[int]
    """Rows that remain where only numbers without a source are wanted."""


@dataclass(frozen=True)
class Under:
    """A heading inside a section."""

    text: str


Content: TypeAlias = Line | Table | Card | Figure | Facts | Command | Long | Under


@dataclass(frozen=True)
class Section:
    """A part of a chapter, under a heading."""

    name: str
    """Usable in an id, and unique within the chapter."""
    heading: str
    content: tuple[Content, ...]


@dataclass(frozen=True)
class Chapter:
    """All about one result."""

    name: str
    """Usable in an id, and unique within the page."""
    kind: str
    """The question that it answers."""
    title: str
    under: tuple[Line, ...]
    """How the result was made."""
    lead: tuple[Content, ...]
    """What comes first: cards and sentences."""
    sections: tuple[Section, ...]
    label: str = ""
    """By which it is told from the other chapters."""


@dataclass(frozen=True)
class Edition:
    """The page in one language."""

    language: Language
    title: str
    chapters: tuple[Chapter, ...]
    reading: Section
    """What its words mean."""
