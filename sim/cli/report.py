"""`sim report`: existing results on one page."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim import exit_codes
from sim.cli.messages import messages, written
from sim.cli.options import LanguageOption
from sim.translation import tr

if TYPE_CHECKING:
    from sim.report.page import Named


def report(
    results: Annotated[
        list[Path],
        typer.Argument(metavar="RESULT…", help="Folders that a command wrote with --out."),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The page: one HTML file.")
    ],
    lang: LanguageOption = "en",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace FILE.")] = False,
) -> None:
    """Show results on one HTML page, for reading, sending and printing.

    `sim report results/base results/lean -o page.html`

    The page needs nothing beside it and asks for nothing from the network; it is in English and
    Chinese, and --lang says which is shown first. Runs on the same seed and replications are also
    compared.
    """
    with messages():
        from sim.report.page import page_of, page_refusal, write_page

        named, mistakes = _read(results)
        reason = page_refusal(out, overwrite=overwrite)
        if reason is not None:
            mistakes.append(f"--out: {reason}")
        for mistake in mistakes:
            print(mistake, file=sys.stderr)
        if mistakes:
            raise typer.Exit(exit_codes.BAD_INPUT)
        write_page(out, page_of(named, lang), overwrite=overwrite)
        written(out, lang)


def _read(folders: Sequence[Path]) -> tuple[list[Named], list[str]]:
    """Return the results with distinct names, and the mistakes in all folders."""
    from sim.experiments import read
    from sim.report.page import Named
    from sim.scenario import ReadError

    named, mistakes = [], []
    short = Counter(folder.name for folder in folders)
    for folder, times in Counter(folders).items():
        if times > 1:
            mistakes.append(tr("{folder}: is named twice", folder=folder))
        try:
            result = read(folder)
        except ReadError as error:
            mistakes.append(str(error))
        else:
            name = folder.name if short[folder.name] == 1 else folder.as_posix()
            named.append(Named(name, result, _command(folder)))
    return named, mistakes


def _command(folder: Path) -> str | None:
    """Return the command in the manifest of a result; None if there is none."""
    beside = folder if folder.is_dir() else folder.parent
    try:
        command = json.loads((beside / "manifest.json").read_text("utf-8"))["command"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return command if isinstance(command, str) else None
