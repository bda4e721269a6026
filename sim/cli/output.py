"""Where a result goes: to the screen as text or JSON, into a folder, and onto a page."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.again import command_again
from sim.cli.messages import fail

if TYPE_CHECKING:
    import typer

    from sim.cli.options import Format, Language
    from sim.results.finding import Finding, TableFormat


@dataclass(frozen=True)
class Output:
    """The options that say where a result goes."""

    context: typer.Context
    """Of the command."""
    lang: Language
    as_json: bool
    out: Path | None
    form: Format | None
    overwrite: bool
    report: Path | None
    store: Path | None

    def refuse_early(self) -> None:
        """Say before the work, not after it, that the result could not be written or kept."""
        _refuse_folder("--store", self.store)
        if self.out is None and self.form is not None:
            fail("--format needs --out DIR")
        if self.out is None and self.report is None and self.overwrite:
            fail("--overwrite needs --out DIR or --report FILE")
        if self.out is not None:
            from sim.report.files import refusal

            _refuse_folder("--out", self.out)
            _refuse("--out", refusal(self.out, overwrite=self.overwrite))
        if self.report is not None:
            self._refuse_report(self.report)

    def _refuse_report(self, file: Path) -> None:
        from sim.report.page.writing import page_refusal

        if self.out is not None and file.resolve().is_relative_to(self.out.resolve()):
            fail(f"--report: {file} lies in the folder of --out; give a file elsewhere")
        _refuse("--report", page_refusal(file, overwrite=self.overwrite))
        _refuse_folder("--report", file.parent)

    def show(self, finding: Finding) -> None:
        """Print a result."""
        from sim.report.kinds import kind_of

        kind = kind_of(finding)
        if self.as_json:
            from sim.report.run.data import to_json

            sys.stdout.write(to_json(kind.data(finding)))
            return
        from sim.report.terminal import show

        show(kind.report(finding, self.lang.value))

    def keep(self, finding: Finding) -> None:
        """Write a result and its page, as far as they are asked for."""
        command = command_again(self.context, finding.seed, finding.replications)
        if self.out is not None:
            finding.save(self.out, tables=self.tables, overwrite=self.overwrite, command=command)
            print(f"Written to {self.out}", file=sys.stderr)
        if self.report is not None:
            finding.report(
                self.report, language=self.lang.value, overwrite=self.overwrite, command=command
            )
            print(f"Written to {self.report}", file=sys.stderr)

    @property
    def tables(self) -> TableFormat:
        """The format of tables; Parquet unless another is asked for."""
        return "csv" if self.form == "csv" else "parquet"


def _refuse(option: str, reason: str | None) -> None:
    if reason is not None:
        fail(f"{option}: {reason}")


def _refuse_folder(option: str, folder: Path | None) -> None:
    """Try whether a folder can be written to, by making one there."""
    if folder is None:
        return
    try:
        there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
        if not there.is_dir():
            fail(f"{option}: {there} is a file, not a folder")
        with tempfile.TemporaryDirectory(dir=there):
            pass
    except OSError as error:
        fail(f"{option}: {folder} cannot be written to: {error.strerror}")
