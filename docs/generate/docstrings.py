"""Docstrings in numpydoc's layout, as Markdown."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
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


def attributes(cls: type) -> Iterator[tuple[str, str, str]]:
    """Yield name, type and docstring (below it) of the annotated attributes of a class."""
    body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    statements = body.body if isinstance(body, ast.ClassDef) else []
    for statement, after in zip(statements, [*statements[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign):
            told = after.value if isinstance(after, ast.Expr) else None
            meaning = told.value if isinstance(told, ast.Constant) else ""
            yield ast.unparse(statement.target), ast.unparse(statement.annotation), str(meaning)
