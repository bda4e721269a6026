"""What a page is made of: named results, and in one language what it says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sim.measures.shares import Verdict
from sim.report.blocks import Line, Table
from sim.report.language import Language
from sim.results.finding import Finding


@dataclass(frozen=True, eq=False)
class Named:
    """A result of a page."""

    name: str
    """A name of its own among the results of the page."""
    finding: Finding
    command: str | None = None
    """The command that makes the result again; None: it is not known."""
    derived: bool = False
    """The result was made of the other results of the page."""


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
    """A verdict: in a word, in a sentence, and with its numbers."""

    verdict: Verdict
    heading: str
    word: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    ruler: Ruler | None


@dataclass(frozen=True)
class Figure:
    """A drawing; screen readers read its caption."""

    title: str
    caption: str
    svg: str
    """One `<svg>` element that `sim.report.page.chapter` has passed."""


@dataclass(frozen=True)
class Facts:
    """Names and their values."""

    rows: tuple[tuple[str, str], ...]
    literal: bool = False
    """The values are for copying: in letters of one width, as they are."""


@dataclass(frozen=True)
class Command:
    """A command to copy."""

    text: str


@dataclass(frozen=True)
class Long:
    """A long table with a filter; its texts are quoted from a file."""

    table: Table
    unsourced: frozenset[int]
    """Rows that remain if only numbers without a source are shown."""


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
    """Everything a page says of one result."""

    name: str
    """Usable in an id, and unique within the page."""
    kind: str
    """The question that it answers."""
    title: str
    under: tuple[Line, ...]
    """How the result was made."""
    lead: tuple[Content, ...]
    """Cards and sentences before the sections."""
    sections: tuple[Section, ...]
    label: str = ""
    """Shown where a page has several chapters."""


@dataclass(frozen=True)
class Edition:
    """The page in one language."""

    language: Language
    title: str
    chapters: tuple[Chapter, ...]
    reading: Section
    """The explanation of the page's words."""
