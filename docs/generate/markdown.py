"""Small pieces of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

GENERATED = "<!-- Made by: python -m docs.build. Do not edit. -->"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; line breaks and bars in cells are made harmless."""
    lines = [list(header), ["---"] * len(header), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def code(text: object) -> str:
    """Return a text in code font."""
    return f"`{text}`"


def plain(docstring: str | None) -> str:
    """Return a docstring with the double backquotes of reStructuredText made single."""
    return re.sub(r"``([^`]+)``", r"`\1`", docstring or "").strip()


def anchor(heading: str) -> str:
    """Return the anchor that readers of Markdown give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def page(title: str, introduction: str, sections: Iterable[str]) -> str:
    """Return a whole page."""
    parts = [f"# {title}", GENERATED, introduction.strip(), *sections]
    return "\n\n".join(part.strip() for part in parts) + "\n"
