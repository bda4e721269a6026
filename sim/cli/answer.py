"""The common course of commands that simulate: run the experiment, show and keep its result."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import typer

from sim import exit_codes
from sim.cli.command_line import reproducing_command
from sim.cli.messages import (
    announce_compilation,
    fail,
    messages,
    tell_how_to_go_on,
    written,
)
from sim.translation import tr

if TYPE_CHECKING:
    from sim.cli.options import Common, Keywords
    from sim.results.finding import Finding


FILES_OF_COMMANDS: Final = ("events", "list_file")
"""Options of single commands that name what they write."""
Answer = TypeVar("Answer", bound="Finding")


def answer(
    experiment: Callable[[Keywords], Answer],
    common: Common,
    *,
    note: Callable[[Answer], str | None] = lambda _: None,
    passes: Callable[[Answer], bool] = lambda _: True,
) -> None:
    """Run an experiment, show and keep its result, and exit with the code of its outcome.

    `experiment` loads its scenarios and runs with the keywords that it gets. `note` returns a line
    about the result for standard error; `passes` tells whether the result passes --check.

    Raises
    ------
    typer.Exit
        With 1 if a self-check failed, or --check; 2 after bad input; 130 after an interruption.
    """
    with messages(common.store):
        refuse_early(common)
        announce_compilation()
        with common.keywords() as keywords:
            result = experiment(keywords)
        _show(result, common)
        if (line := note(result)) is not None:
            print(line, file=sys.stderr)
        _keep(result, common)
        if result.interrupted:
            tell_how_to_go_on(common.store)
            raise typer.Exit(exit_codes.INTERRUPTED)
        if result.failed_checks or not passes(result):
            raise typer.Exit(exit_codes.LIMIT_BROKEN)


def refuse_early(common: Common) -> None:
    """Fail before the work if its result could not be written."""
    _refuse_folder("--store", common.store)
    if common.out is None and common.table_format is not None:
        fail(tr("--format needs --out DIR"))
    given = common.context.params
    writes = any(given.get(name) for name in ("out", "report", *FILES_OF_COMMANDS))
    if not writes and common.overwrite:
        fail(tr("--overwrite needs --out DIR or --report FILE"))
    if common.out is not None:
        _refuse_out(common.out, common)
    if common.report is not None:
        from sim.report.page.render import page_refusal

        if common.out is not None and common.report.resolve().is_relative_to(common.out.resolve()):
            fail(
                tr(
                    "--report: {report} lies in the folder of --out; give a file elsewhere",
                    report=common.report,
                )
            )
        _refuse("--report", page_refusal(common.report, overwrite=common.overwrite))
        _refuse_folder("--report", common.report.parent)


def _refuse_out(out: Path, common: Common) -> None:
    from sim.report.workbook import is_workbook, workbook_refusal
    from sim.storage.folders import refusal

    if is_workbook(out):
        if common.table_format is not None:
            fail(tr("--format is for a folder; {out} is a workbook", out=out))
        _refuse("--out", workbook_refusal(out, overwrite=common.overwrite))
        _refuse_folder("--out", out.parent)
        return
    _refuse_folder("--out", out)
    _refuse("--out", refusal(out, overwrite=common.overwrite))


def _refuse(option: str, reason: str | None) -> None:
    if reason is not None:
        fail(f"{option}: {reason}")


def _refuse_folder(option: str, folder: Path | None) -> None:
    """Fail unless a folder can be written to; try it with a temporary folder."""
    if folder is None:
        return
    try:
        there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        if not there.is_dir():
            fail(tr("{option}: {there} is a file, not a folder", option=option, there=there))
        with tempfile.TemporaryDirectory(dir=there):
            pass
    except OSError as error:
        fail(
            tr(
                "{option}: {folder} cannot be written to: {strerror}",
                option=option,
                folder=folder,
                strerror=tr(error.strerror or ""),
            )
        )


def _show(finding: Finding, common: Common) -> None:
    from sim.report.kinds import kind_of

    kind = kind_of(finding)
    if common.as_json:
        from sim.report.plain_data import to_json

        sys.stdout.write(to_json(kind.data(finding)))
    else:
        from sim.report.terminal import show

        show(kind.report(finding, common.lang))


def _keep(finding: Finding, common: Common) -> None:
    """Write the folder of --out and the page of --report, if they are given."""
    from sim.results.run import Result

    # Only a run that looks several times has a confidence for each look.
    goes_on = isinstance(finding, Result) and bool(finding.confidence_of)
    command = reproducing_command(
        common.context, finding.seed, finding.replications, goes_on=goes_on
    )
    if common.out is not None:
        form = common.table_format or "parquet"
        finding.save(
            common.out,
            tables=form,
            language=common.lang,
            overwrite=common.overwrite,
            command=command,
        )
        written(common.out, common.lang)
    if common.report is not None:
        finding.report(
            common.report, language=common.lang, overwrite=common.overwrite, command=command
        )
        written(common.report, common.lang)
