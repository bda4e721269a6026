"""What every command that simulates does with its experiment: run it, show it, keep it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import typer

from sim.cli.command_line import reproducing_command
from sim.cli.messages import (
    EXIT_INTERRUPTED,
    EXIT_LIMIT_BROKEN,
    announce_compilation,
    fail,
    messages,
    progress,
    tell_how_to_go_on,
)

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from sim.cli.options import Common, Keywords
    from sim.experiments import Found
    from sim.report.words import Language

Kind = TypeVar("Kind", bound="Found")


@dataclass(frozen=True)
class Answer(Generic[Kind]):
    """The result of an experiment, and how the command line shows and keeps it."""

    result: Kind
    text: Callable[[Kind, Language], RenderableType]
    """Makes the text for the terminal in a language."""
    data: Callable[[Kind], Mapping[str, object]]
    """Makes the JSON object."""
    tables: Callable[[], Mapping[str, pd.DataFrame]] = dict
    """Makes the tables of --out; those of a run are made by `write_result`."""
    note: str | None = None
    """A line for standard error."""
    fails_check: bool = False
    """The command was given --check, and the result does not pass it."""


def answer(experiment: Callable[[Keywords], Answer[Kind]], common: Common) -> None:
    """Run an experiment, show and keep its result, and exit with the code of its outcome.

    Parameters
    ----------
    experiment
        Loads its scenarios, and runs with these keywords.
    common
        The options of the command.

    Raises
    ------
    typer.Exit
        With 1 if a self-check failed, or --check; 2 after bad input; 130 after an interruption.
    """
    with messages(common.store):
        refuse_early(common)
        announce_compilation()
        with progress() as tell:
            found = experiment(common.keywords(tell))
        data = found.data(found.result)
        _show(found, data, common)
        _keep(found, data, common)
        if getattr(found.result, "interrupted", False):
            tell_how_to_go_on(common.store)
            raise typer.Exit(EXIT_INTERRUPTED)
        from sim.report.page.found import checks_of

        if found.fails_check or not all(check.ok for check in checks_of(found.result) or ()):
            raise typer.Exit(EXIT_LIMIT_BROKEN)


def refuse_early(common: Common) -> None:
    """Fail before the work, not after it, if the result could not be written or kept."""
    _refuse_folder("--store", common.store)
    if common.out is None and common.table_format is not None:
        fail("--format needs --out DIR")
    if common.out is None and common.report is None and common.overwrite:
        fail("--overwrite needs --out DIR or --report FILE")
    if common.out is not None:
        from sim.report.files import refusal

        _refuse_folder("--out", common.out)
        _refuse("--out", refusal(common.out, overwrite=common.overwrite))
    if common.report is not None:
        from sim.report.page.writing import page_refusal

        if common.out is not None and common.report.resolve().is_relative_to(common.out.resolve()):
            fail(f"--report: {common.report} lies in the folder of --out; give a file elsewhere")
        _refuse("--report", page_refusal(common.report, overwrite=common.overwrite))
        _refuse_folder("--report", common.report.parent)


def _refuse(option: str, reason: str | None) -> None:
    if reason is not None:
        fail(f"{option}: {reason}")


def _refuse_folder(option: str, folder: Path | None) -> None:
    """Try whether a folder can be written to, by making one there."""
    if folder is None:
        return
    try:
        there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        if not there.is_dir():
            fail(f"{option}: {there} is a file, not a folder")
        with tempfile.TemporaryDirectory(dir=there):
            pass
    except OSError as error:
        fail(f"{option}: {folder} cannot be written to: {error.strerror}")


def _show(found: Answer[Kind], data: Mapping[str, object], common: Common) -> None:
    """Print a result, and the note beside it."""
    if common.as_json:
        from sim.report.run.data import to_json

        sys.stdout.write(to_json(data))
    else:
        from sim.report.run.report import show

        show(found.text(found.result, common.lang))
    if found.note is not None:
        print(found.note, file=sys.stderr)


def _keep(found: Answer[Kind], data: Mapping[str, object], common: Common) -> None:
    """Write the folder of --out and the page of --report, as far as they are asked for."""
    if common.out is None and common.report is None:
        return
    from sim.report.page import Named, page_of, write_page
    from sim.report.page.found import replications_of, seed_of

    result = found.result
    command = reproducing_command(common.context, seed_of(result), replications_of(result))
    if common.out is not None:
        _write_folder(common.out, found, data, command, common)
        print(f"Written to {common.out}", file=sys.stderr)
    if common.report is not None:
        name = common.report.stem if common.out is None else common.out.name
        page = page_of([Named(name, result, command)], common.lang)
        write_page(common.report, page, overwrite=common.overwrite)
        print(f"Written to {common.report}", file=sys.stderr)


def _write_folder(
    folder: Path, found: Answer[Kind], data: Mapping[str, object], command: str, common: Common
) -> None:
    """Write the tables, ``summary.json``, ``manifest.json`` and the result itself."""
    from sim.experiments import Result
    from sim.report.files import (
        scenario_manifest,
        scenarios_manifest,
        write_folder,
        write_result,
    )
    from sim.report.page.found import scenarios_of

    result = found.result
    form = common.table_format or "parquet"
    if isinstance(result, Result):
        write_result(result, folder, form, command=command, overwrite=common.overwrite)
        return
    scenarios = scenarios_of(result)
    alone = scenarios.get("")
    manifest = scenarios_manifest(scenarios) if alone is None else scenario_manifest(alone)
    documents = {"summary": data, "manifest": {**manifest, "command": command}}
    write_folder(folder, found.tables(), documents, form, found=result, overwrite=common.overwrite)
