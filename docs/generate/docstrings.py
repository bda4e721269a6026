"""Docstrings in numpydoc's layout, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docs.generate.markdown import plain

_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)


def docstring(text: str | None) -> str:
    """Return a docstring: paragraphs as they are, its sections as lists, examples as code."""
    first, *rest = _SECTION.split(plain(text))
    parts = [_examples(first.strip())]
    for title, content in zip(rest[::2], rest[1::2], strict=True):
        parts += [f"**{title}**", "\n".join(_entries(content.strip()))]
    return "\n\n".join(part for part in parts if part)


def _entries(content: str) -> Iterator[str]:
    """Yield a list item for each entry: a line that is not indented, and those below it."""
    for entry in re.split(r"\n(?=\S)", content):
        name, _, meaning = entry.partition("\n")
        names = ", ".join(f"`{each.strip()}`" for each in name.split(","))
        paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", meaning.strip())]
        yield f"- {names}: " + "\n\n  ".join(paragraphs) if meaning.strip() else f"- {names}"


def _examples(text: str) -> str:
    """Return the text with doctests fenced."""
    lines, fenced = [], False
    for line in text.splitlines():
        example = line.startswith(">>>") or (fenced and line.startswith("..."))
        if example != fenced:
            lines.append("```text")
            if not example:
                lines[-1] = "```"
        lines.append(line)
        fenced = example
    return "\n".join([*lines, "```"] if fenced else lines)
