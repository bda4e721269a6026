"""The command line: each command calls one function of the package and shows its result."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.compare import compare
from sim.cli.fit import fit
from sim.cli.forecast import forecast
from sim.cli.library import check, list_, new, schema, show
from sim.cli.load_curve import load, load_curve
from sim.cli.options import LanguageOption
from sim.cli.promise import promise
from sim.cli.records import records
from sim.cli.reforms import reforms
from sim.cli.report import report
from sim.cli.run import run
from sim.cli.sensitivity import sensitivity
from sim.cli.spoken import Command, Group
from sim.cli.staff import staff
from sim.cli.sweep import sweep
from sim.cli.validate import validate

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Does a city keep its promised approval times? Simulate it. 审批时限守得住吗?模拟一下。",
)
for command in (
    *(run, compare, reforms, sweep, load_curve, staff, promise, sensitivity, forecast, validate),
    *(report, fit, new, check, show, schema),
):
    app.command(cls=Command)(command)
app.command("list", cls=Command)(list_)
app.add_typer(records, name="records")
app.command("load", cls=Command, hidden=True)(load)


def _print_version(wanted: bool) -> None:
    if wanted:
        from sim.storage.versions import version

        print(f"approval-sim {version()}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
    lang: LanguageOption = "en",
) -> None:
    """Options of the program itself."""
