"""Blocks of a page that show what a command prints.

A page says which command a block is the output of, and may ask for a part of it:

    <!-- output of: sim run yingkou/base | from: Promise | lines: 3 -->

The next ```text block then holds what the command prints, from the first line that begins so, and
so many lines of it (`lines: -1`: the last one). A page is run from top to bottom in a folder of its
own, in which each YAML block that begins with its file's name (`# my-city.yaml`) is written when
its turn comes. A command of several blocks runs once, until a file is written anew.
"""

from __future__ import annotations

import re
import shlex
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from typer.testing import CliRunner

from sim.cli import app

MARKER: Final = "<!-- output of:"
SIMULATING: Final = {
    *("run", "compare", "reforms", "sweep", "load-curve", "staff", "promise", "sensitivity")
}

_FILE = re.compile(r"# ([\w.-]+\.yaml)\n")
_BLOCK = re.compile(
    rf"(?:^{MARKER} (?P<command>[^|\n]*?)(?: \| (?P<part>[^\n]*?))? -->\n+)?"
    r"^```(?P<language>\w+)\n(?P<text>.*?)^```",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Part:
    """Which lines of an output a block shows."""

    first: str = ""
    """What the first line begins with; empty: the first line."""
    lines: int | None = None
    """How many lines of these; None: all. Below 0: the last of them."""

    @classmethod
    def parse(cls, text: str | None) -> Part:
        """Read `from: Promise | lines: 3`."""
        asked = [each.strip() for each in (text or "").split("|") if each.strip()]
        given = dict(each.split(": ", 1) for each in asked)
        unknown = set(given) - {"from", "lines"}
        if unknown:
            raise ValueError(f"unknown in a marker: {', '.join(sorted(unknown))}")
        return cls(given.get("from", ""), int(given["lines"]) if "lines" in given else None)

    def of(self, output: str) -> str:
        """Return these lines of an output, without blanks at their ends.

        Raises
        ------
        ValueError
            If no line begins so.
        """
        lines = [line.rstrip() for line in output.strip("\n").splitlines()]
        start = next((i for i, line in enumerate(lines) if line.startswith(self.first)), None)
        if start is None:
            raise ValueError(f"no line begins with '{self.first}' in:\n{output}")
        found = lines[start:]
        if self.lines is None:
            chosen = found
        else:
            chosen = found[: self.lines] if self.lines > 0 else found[self.lines :]
        return "".join(f"{line}\n" for line in chosen)


def with_outputs(text: str, folder: Path, store: Path) -> str:
    """Return a page with the outputs of its commands as they are now.

    Parameters
    ----------
    text
        The page.
    folder
        An empty folder, in which the commands run.
    store
        Keeps replications, so that commands that share some do not make them twice.
    """
    printed: dict[str, str] = {}

    def renewed(block: re.Match[str]) -> str:
        named = _FILE.match(block["text"]) if block["language"] == "yaml" else None
        if named:
            (folder / named[1]).write_text(block["text"], encoding="utf-8")
            printed.clear()
        command = block["command"]
        if command is None:
            return block[0]
        if command not in printed:
            printed[command] = output_of(command, store)
        part = Part.parse(block["part"]).of(printed[command])
        head = block[0][: block.start("text") - block.start()]
        return f"{head}{part}```"

    with chdir(folder):
        return _BLOCK.sub(renewed, text)


def output_of(command: str, store: Path) -> str:
    """Return what a `sim` command prints, on standard output and standard error."""
    program, name, *arguments = shlex.split(command)
    if program != "sim":
        raise ValueError(f"'{command}': only sim commands are run")
    quick = ["--store", str(store)] if name in SIMULATING and "--trace" not in arguments else []
    result = CliRunner().invoke(app, [name, *arguments, *quick], catch_exceptions=False)
    return result.output


def pages_with_outputs(root: Path) -> list[Path]:
    """Return the pages that show outputs: the READMEs, and those below docs."""
    pages = [*root.glob("README*.md"), *(root / "docs").rglob("*.md")]
    return sorted(page for page in pages if MARKER in page.read_text(encoding="utf-8"))
