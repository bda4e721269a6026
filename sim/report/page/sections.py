"""The sections of a chapter, with their headings."""

from __future__ import annotations

from sim.report.language import Language
from sim.report.page.model import Content, Section
from sim.report.page.words import say


def section(name: str, language: Language, *content: Content) -> Section:
    """Return a section under the heading that belongs to its name."""
    return Section(name, say(f"section_{name}", language), content)
